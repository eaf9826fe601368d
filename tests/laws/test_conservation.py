"""Nothing is lost: every child is in one place, every spell begins before it ends, nobody stays past 18."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pytest
from conftest import authority_of, small, tables_of

from demandsim.engine.event_calendar import NOBODY
from demandsim.engine.record import by_name
from demandsim.model.simulate import simulate
from demandsim.model.spells import Spells
from demandsim.pathway import BOXES, FLOWS
from demandsim.records import Count, Stock
from demandsim.results.year import Year
from demandsim.state.children import NEVER
from demandsim.vocabulary import DAYS_A_YEAR, Placement, State


@pytest.fixture(scope="module")
def spells() -> Spells:
    found = simulate(small(children=20_000, years=3), 1, 0, spells=True)[1]
    assert found
    return found


def _by_child(spells: Spells, kind: str) -> dict[int, list[tuple[float, float]]]:
    found = defaultdict(list)
    for child, _, what, _, start, end, *_ in spells:
        if what == kind:
            found[child].append((start, float("inf") if end is None else end))
    return {child: sorted(times) for child, times in found.items()}


@pytest.mark.parametrize("kind", ["episode of need", "child protection plan", "looked after", "placement"])
def test_spells_of_a_kind_never_overlap(spells: Spells, kind: str) -> None:
    children = _by_child(spells, kind)
    assert len(children) > 20
    for times in children.values():
        for (start, end), (following, _) in itertools.pairwise(times):
            assert start <= end <= following


def test_plans_and_care_lie_inside_an_episode_of_need(spells: Spells) -> None:
    episodes = _by_child(spells, "episode of need")
    for kind in ("child protection plan", "looked after"):
        for child, times in _by_child(spells, kind).items():
            for start, end in times:
                assert any(opened <= start and end <= closed for opened, closed in episodes[child]), (kind, child)


def test_placements_fill_a_period_of_care_without_gaps(spells: Spells) -> None:
    placements = _by_child(spells, "placement")
    for child, periods in _by_child(spells, "looked after").items():
        for start, end in periods:
            inside = [times for times in placements[child] if start <= times[0] < end or times[0] == start]
            assert inside[0][0] == start
            assert inside[-1][1] == end
            assert all(one[1] == other[0] for one, other in itertools.pairwise(inside))


def test_nobody_is_looked_after_or_on_a_plan_for_more_than_a_childhood(spells: Spells) -> None:
    for _, _, kind, _, start, end, *_ in spells:
        if kind in ("looked after", "child protection plan") and end is not None:
            assert end - start <= 18 * DAYS_A_YEAR + 1e-6


def test_nobody_starts_a_plan_or_care_after_18_and_leavers_are_gone_by_25() -> None:
    authority = authority_of(small(children=20_000, years=2))
    authority.run()
    children, here = by_name(authority.memory.children), authority.memory.here
    cases = children[(children.id != NOBODY) & (children.opened != NEVER)]
    assert len(cases) > 300
    support = np.where(cases.state == State.CARE_LEAVER, 7 * DAYS_A_YEAR, 0.0)
    assert (here.clock.horizon <= cases.adult_at + support).all()
    assert here.tally.stock[1:].sum() == len(cases) == here.team.open_cases


def test_every_referral_is_closed_assessed_or_enquired_into() -> None:
    count = tables_of(small(years=2), 4)["count"][:, 12:].sum(axis=(0, 1)).astype(int)
    ends = (Count.REFERRAL_NO_ACTION, Count.REFERRAL_ASSESSED, Count.REFERRAL_ENQUIRY, Count.REFERRAL_CARE)
    assert count[Count.REFERRAL] == sum(count[end] for end in ends)
    assert all(count[end] > 0 for end in ends)


def test_every_contact_is_closed_helped_or_referred() -> None:
    count = tables_of(small(children=30_000, years=3), 2)["count"][:, 12:].sum(axis=(0, 1)).astype(int)
    asked = count[Count.EARLY_HELP_ASKED] - count[Count.STEPPED_DOWN]
    rest = count[Count.CONTACT] - count[Count.CONTACT_NO_ACTION] - asked - count[Count.REFERRAL]
    # Contacts near the end of a month are decided in it or the next.
    assert abs(rest) < 0.003 * count[Count.CONTACT]


def test_what_starts_care_and_what_ends_it_add_up() -> None:
    count = tables_of(small(children=20_000, years=2), 2)["count"].sum(axis=(0, 1)).astype(int)
    ways_in = (
        Count.CARE_FROM_ASSESSMENT,
        Count.CARE_FROM_NEED,
        Count.CARE_FROM_HOME,
        Count.CARE_FROM_GUARDIANS,
        Count.PLAN_TO_CARE,
    )
    assert count[Count.CARE_STARTED] == sum(count[way] for way in ways_in)
    ways_out = (Count.LEFT_HOME, Count.LEFT_ADOPTION, Count.LEFT_GUARDIANSHIP, Count.LEFT_OTHER, Count.LEFT_EIGHTEEN)
    assert count[Count.CARE_ENDED] == sum(count[way] for way in ways_out)
    assert count[Count.CARE_ENDED] == count[Count.CARE_ENDED_BAND : Count.CARE_ENDED_BAND + 6].sum()
    assert count[Count.LEFT_ADOPTION] == count[Count.ADOPTED_AGE : Count.ADOPTED_AGE + 4].sum()
    assert count[Count.NEED_ENDED] == count[Count.NEED_ENDED_BAND : Count.NEED_ENDED_BAND + 5].sum()


def test_the_declared_transitions_account_for_every_step() -> None:
    """Into a step less out of it is the change of those who stand there, for the steps whose stock is counted."""
    tables = tables_of(small(children=40_000, years=3), 3)
    year = Year(tables, 2)
    flow = {(way.source, way.target): (year.count(*way.counts) - sum(map(year.count, way.minus))) for way in FLOWS}
    assert {step for way in FLOWS for step in (way.source, way.target)} <= set(BOXES)

    def net(step: str) -> np.ndarray:
        into = sum(amount for (_, target), amount in flow.items() if target == step)
        return into - sum(amount for (source, _), amount in flow.items() if source == step)

    plans = year.stock(Stock.PLAN) - year.before.stock(Stock.PLAN)
    assert np.array_equal(net("plan"), plans)
    care = year.stock(Stock.CARE) - year.before.stock(Stock.CARE)
    assert np.array_equal(net("care"), care)


def test_placements_add_up_to_children_looked_after() -> None:
    stock = tables_of(small(), 2)["stock"]
    placed = stock[:, :, Stock.PLACED : Stock.PLACED + Placement.words.size].sum(axis=2)
    assert np.array_equal(placed, stock[:, :, Stock.CARE])


def test_nobody_is_known_for_less_than_no_time() -> None:
    tables = tables_of(small(years=2), 2)
    assert (tables["state_days"] >= 0).all()
    assert (tables["state_days"][:, :, State.CLOSED] > 0).all()
