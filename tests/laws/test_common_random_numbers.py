"""A child's chance is its own: what changes elsewhere changes nothing for it."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import UNBOUND, small, tables_of

from demandsim.model.simulate import simulate
from demandsim.records import Count
from demandsim.scenario.scenario import Scenario


def _spells(scenario: Scenario, seed: int = 1) -> set[tuple[object, ...]]:
    found = simulate(scenario, seed, 0, spells=True)[1]
    assert found is not None
    return {tuple(spell) for spell in found}


def _without_panels(spells: set[tuple[object, ...]]) -> set[tuple[object, ...]]:
    """Return spells without what few places in early help decide: who has one, and whether a contact asks for it."""
    asked = ("early help", "no further action")
    kept = (spell for spell in spells if spell[2] != "early help")
    return {(*spell[:6], "") if spell[2] == "contact" and spell[6] in asked else spell for spell in kept}


def test_a_scenario_compared_with_itself_differs_by_nothing() -> None:
    first, second = (tables_of(small(years=2), 2) for _ in range(2))
    for name in first:
        assert np.array_equal(first[name], second[name]), name


ROOMY = {**UNBOUND, "care__siblings_join": 0.5}


def test_more_demand_adds_children_and_changes_none() -> None:
    # Starts of care are not made up from outside, which would depend on how many there are; and places in early help,
    # which there are few of in the years before the start, do nothing for whoever has one.
    helpless = {"early_help__relative_risk": 1, "early_help__care_relative_risk": 1}
    roomy = {**ROOMY, **helpless, "harm__shield": [1, 0.75, 0.55, 0.25], "start__care_starts": 0}
    before = _without_panels(_spells(small(children=15_000, years=2, **roomy)))
    after = _without_panels(_spells(small(children=15_000, years=2, demand__new_families=185, **roomy)))
    families = {family for _, family, *_ in before}
    assert before <= after
    assert len(after) > len(before) + 30
    # What is new belongs to new families, or to families that were known and had no open spell.
    new = {spell for spell in after - before if spell[1] in families}
    assert not new


def test_a_change_late_in_the_journey_leaves_what_comes_before_it_alone() -> None:
    # Where a child lives has consequences of its own: here it has none.
    same = {f"distance__{name}": 1 for name in ("help", "missing", "moves", "stay")} | {"missing__exploited": 0}
    plain, changed = small(years=2, **ROOMY, **same), small(years=2, placement__scale_days=200, **ROOMY, **same)
    one, other = tables_of(plain)["count"], tables_of(changed)["count"]
    for column in (Count.CONTACT, Count.REFERRAL, Count.ENQUIRY, Count.PLAN_STARTED, Count.CARE_STARTED):
        assert np.array_equal(one[:, :, column], other[:, :, column])
    assert other[:, :, Count.MOVE].sum() > 1.5 * one[:, :, Count.MOVE].sum()


@pytest.mark.parametrize("column", [Count.PLAN_STARTED])
def test_paired_differences_vary_five_times_less_than_independent_ones(column: int) -> None:
    replications = 30
    plain, more = small(years=2), small(years=2, demand__level=1.1)
    base = tables_of(plain, replications)["count"][:, 12:, column].sum(axis=1)
    paired = tables_of(more, replications)["count"][:, 12:, column].sum(axis=1) - base
    apart = tables_of(more, replications, seed=2)["count"][:, 12:, column].sum(axis=1) - base
    assert paired.mean() > 0
    assert apart.var(ddof=1) > 5 * paired.var(ddof=1)


def test_the_limit_of_the_guarantee_queues_couple_children() -> None:
    """With few early help places, one family more can make another wait: then times move, though chance does not."""
    scarce = {"prevention__targeted": 20, "start__care_starts": 0}
    before = _spells(small(children=15_000, years=2, **scarce))
    after = _spells(small(children=15_000, years=2, demand__new_families=185, **scarce))
    assert not before <= after
