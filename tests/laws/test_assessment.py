"""What a worker sees: noise, and neglect that is long, seldom a crisis, and seen as less than it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from conftest import authority_of, small, tables_of

from demandsim.engine.event_calendar import NOBODY
from demandsim.model.assessment import neglected, settle_assessment
from demandsim.records import Count
from demandsim.scenario.read import read_scenario
from demandsim.state.compiled_parameters import compile_rules
from demandsim.vocabulary import Need

VALUES = read_scenario("baseline").at_start()
SHARE = VALUES["demand.need"][Need.ABUSE_OR_NEGLECT] * VALUES["neglect.share"]


def _world(history: float | None = None, **changes: Any) -> Any:
    """Return a world whose assessments analyse history so often from now on."""
    world = authority_of(small(), **changes).memory.world[0]
    if history is not None:
        world["values"]["assessment_history"] = history
    settle_assessment(world)
    compile_rules(world)
    return world


def test_neglect_is_slow_where_others_are_in_crisis_and_the_parts_of_all_children_stay() -> None:
    rules = _world()["rules"]
    slow, fast = VALUES["severity.slow"], 1 - VALUES["severity.slow"]
    slow_times, fast_times = rules["slow_times"] ** 2, rules["fast_times"] ** 2
    assert slow_times[1] > 1.3 > 1 > slow_times[0]
    assert fast_times[0] > 1 > fast_times[1]
    # Each child's variance is what it was, and so are both parts over all of them.
    assert slow * slow_times + fast * fast_times == pytest.approx(1.0)
    weights = np.array([1 - SHARE, SHARE])
    assert weights @ slow_times == pytest.approx(1.0)
    assert weights @ fast_times == pytest.approx(1.0)


@pytest.mark.parametrize("values", [{"neglect__share": 0.0}, {"severity__slow": 0.0}, {"severity__slow": 1.0}])
def test_where_there_is_nothing_to_move_nothing_breaks(values: dict[str, float]) -> None:
    rules = _world(**values)["rules"]
    assert np.isfinite(rules["slow_times"]).all()
    assert np.isfinite(rules["fast_times"]).all()


def test_neglect_is_seen_as_less_than_it_is_and_as_it_is_where_history_is_analysed() -> None:
    usual, always = _world()["assessment"]["shift"], _world(1.0)["assessment"]["shift"]
    missed = VALUES["neglect.unseen"] * (1 - VALUES["assessment.history"])
    assert usual[0] - usual[1] == pytest.approx(missed)
    assert (1 - SHARE) * usual[0] + SHARE * usual[1] == pytest.approx(0.0)
    assert always[1] == pytest.approx(always[0]) == pytest.approx(usual[0])


def test_less_noise_is_as_spread_out_and_lets_about_as_many_through() -> None:
    rng = np.random.default_rng(1)
    severity, chance = VALUES["contact.slope"] + rng.standard_normal(200_000), rng.standard_normal(200_000)
    above = []
    for times in (1.0, 0.3):
        how = _world(assessment__noise=times)["assessment"]
        centre = how["centre"][0]
        seen = centre + how["scale"] * (severity + how["noise"] * chance - centre)
        assert seen.var() == pytest.approx(1 + VALUES["severity.observation_noise"] ** 2, rel=0.02)
        above.append(seen > VALUES["contact.referral_threshold"])
    assert above[1].mean() == pytest.approx(above[0].mean(), abs=0.01)
    # They are others: those who are let through are worse off.
    assert severity[above[1]].mean() > severity[above[0]].mean() + 0.1


def test_neglect_is_a_familys_and_of_the_published_share() -> None:
    world = _world()
    kinds = [neglected(world, 4 * family, Need.ABUSE_OR_NEGLECT) for family in range(4000)]
    assert np.mean(kinds) == pytest.approx(VALUES["neglect.share"], abs=4 * (0.25 / 4000) ** 0.5)
    assert kinds[:50] == [neglected(world, 4 * family + 3, Need.ABUSE_OR_NEGLECT) for family in range(50)]
    assert not any(neglected(world, 4 * family, Need.FAMILY) for family in range(50))


def test_neglected_children_are_left_longer_without_protection() -> None:
    count = tables_of(small(60_000, 4), 3)["count"][:, 12:].sum(axis=(0, 1))
    other, neglect = (count[Count.PROTECTED_MONTHS + kind] / count[Count.PROTECTED + kind] for kind in range(2))
    assert neglect > 1.1 * other
    late = [count[Count.PROTECTED_LATE + kind] / count[Count.PROTECTED + kind] for kind in range(2)]
    assert late[1] > 1.1 * late[0]


def test_who_is_protected_is_not_counted_as_left_without() -> None:
    authority = authority_of(small(8_000, 2))
    authority.run()
    count = authority.memory.months["count"].sum(axis=0)
    children = authority.memory.children
    known = children[children["id"] != NOBODY]
    waiting = known["unprotected"].sum()
    for kind in range(2):
        assert count[Count.PROTECTED_LATE + kind] <= count[Count.PROTECTED + kind]
    counted = sum(count[Count.UNPROTECTED + kind] for kind in range(2))
    ended = sum(count[Count.PROTECTED_MONTHS + kind] for kind in range(2))
    # The rest grew up first.
    assert ended + waiting <= counted
