"""Solving a response whose answer is known: the value, its interval, and what is not reached."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from conftest import small
from scipy.special import stdtrit

from demandsim.cli.solve import nowhere, sentence, sentences
from demandsim.experiment import solve as module
from demandsim.experiment.run import manifest_of
from demandsim.experiment.solve import FEW, _close_in, solve, target_of
from demandsim.plots.solve import response
from demandsim.problems import UserError
from demandsim.results.meeting import Answer, Response, meetings
from demandsim.results.points import EXTRA_SPEND, asked
from demandsim.results.solve import Solved
from demandsim.results.sweep import Axis


def _noisy(function: Any, replications: int, seed: int, target: float = 0.0) -> Any:
    """Return a stand-in for the simulator: each replication is the function moved up or down by its own chance."""
    chance = np.random.default_rng(seed).normal(0, 1, replications)
    return SimpleNamespace(
        target=target,
        replications=replications,
        at=lambda values, count: [function(value) + chance[:count] for value in values],
    )


def test_straight_lines_meet_a_target_where_they_should() -> None:
    values = np.array([0.0, 1.0, 2.0, 3.0])
    assert meetings(values, np.array([-1.0, 1.0, 0.0, -2.0]), 0.0) == [0.5, 2.0]
    assert meetings(values, np.array([1.0, 2.0, 3.0, 4.0]), 5.0) == []


def test_a_known_curve_is_solved_to_its_root_and_its_interval() -> None:
    chance = np.random.default_rng(3).normal(0, 1, 20)
    response = _noisy(lambda value: value**3, 20, seed=3, target=8.0)
    values, found = _close_in(response, 0.0, 4.0)
    (one,) = Response(values, found, 8.0).answers()
    error = stdtrit(19, 0.95) * chance.std(ddof=1) / np.sqrt(20)
    assert one.value == pytest.approx((8 - chance.mean()) ** (1 / 3), abs=0.005)
    assert one.low == pytest.approx((8 - chance.mean() - error) ** (1 / 3), abs=0.02)
    assert one.high == pytest.approx((8 - chance.mean() + error) ** (1 / 3), abs=0.02)
    low, high = np.quantile(chance, [0.05, 0.95])
    assert one.first == pytest.approx((8 - high) ** (1 / 3), abs=0.08)
    assert one.last == pytest.approx((8 - low) ** (1 / 3), abs=0.08)
    assert one.rising
    assert len(values) < 20


def test_the_interval_holds_the_true_root_nine_times_in_ten() -> None:
    inside = 0
    for seed in range(150):
        values, found = _close_in(_noisy(lambda value: np.exp(value), 10, seed, 3.0), 0.0, 4.0)
        (one,) = Response(values, found, 3.0).answers()
        inside += (one.low or 0) <= np.log(3) <= (one.high or 4)
    assert 0.83 <= inside / 150 <= 0.96


def test_an_interval_that_leaves_the_range_has_no_end() -> None:
    chance = np.array([-1.0, -0.5, 0.5, 1.0])
    (one,) = Response(np.array([0.0, 1.0]), np.array([chance - 0.1, chance + 5]), 0.0).answers()
    assert one.low is None
    assert one.high == pytest.approx(0.2, abs=0.1)
    assert one.first is None


def test_a_response_that_turns_has_two_answers() -> None:
    response = _noisy(lambda value: 40 * (value - 1) * (value - 3), 10, 1)
    values, found = _close_in(response, 0.0, 4.0)
    first, second = Response(values, found, 0.0).answers()
    assert (first.value, second.value) == (pytest.approx(1, abs=0.05), pytest.approx(3, abs=0.05))
    assert (first.rising, second.rising) == (False, True)
    solved = _solved(values, found, 0.0)
    assert solved.turns
    assert not _solved(values, values[:, np.newaxis] + np.zeros(10), 0.0).turns


def test_a_response_that_wavers_about_the_target_is_one_answer() -> None:
    chance = np.random.default_rng(0).normal(0, 1, 10)
    mean = np.array([-9.0, -0.1, 0.1, -0.1, 9.0]) - chance.mean()
    (one,) = Response(np.arange(5.0), mean[:, np.newaxis] + chance, 0.0).answers()
    assert one.low is not None
    assert one.high is not None
    assert one.low < 1 < 3 < one.high


@pytest.mark.parametrize(
    ("text", "value", "relative"), [("450", 450, False), ("-10%", -0.1, True), ("+5%", 0.05, True)]
)
def test_targets_are_levels_or_changes(text: str, value: float, relative: bool) -> None:
    target = target_of(text)
    assert (target.value, target.relative) == (pytest.approx(value), relative)


@pytest.mark.parametrize("text", ["90%", "x", "nan", "inf%", ""])
def test_targets_that_are_neither_are_refused(text: str) -> None:
    with pytest.raises(UserError, match="--target"):
        target_of(text)


def _solved(values: Any, found: Any, target: float, **changes: Any) -> Solved:
    made = Solved(
        manifest_of(small(4_000), 10, 1, False),
        Axis("early_help.relative_risk", "Hazard of coming back", "ratio", 0.7, "judgement"),
        EXTRA_SPEND,
        "2022-23",
        "Baseline",
        False,
        True,
        target,
        np.asarray(values, dtype=float),
        np.asarray(found, dtype=float),
    )
    return replace(made, **changes)


def test_the_break_even_point_is_said_in_a_sentence() -> None:
    solved = _solved([0.5, 1.0], np.zeros((2, 3)), 0.0)
    text = sentence(solved, Answer(0.86, 0.82, 0.91, None, 0.95, True))
    assert "pays back by the end of 2022-23 where early_help.relative_risk is below 0.86" in text
    assert "stops paying back if effective early help lowers the hazard of coming back by less than 14%" in text
    assert "90% interval 9% to 18%" in text
    assert "from below 0.5 to 0.95" in text


RISK = "early_help.relative_risk"


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float]]:
    """Replace the simulator by demand x (risk - 0.7) and chance; return (demand, risk) of every scenario asked for."""
    every: list[tuple[float, float]] = []

    def settings(scenario: Any) -> tuple[float, float]:
        return scenario.settings["demand.level"].value, scenario.settings[RISK].value

    class Stand:
        def __init__(self, *arguments: Any) -> None: ...

        def bring(self, wanted: Any) -> None:
            every.extend(settings(scenario) for scenario, _ in wanted)

        def values(self, scenario: Any, replications: int) -> Any:
            demand, risk = settings(scenario)
            return np.arange(replications)[:, None, None] / 10 + np.full((replications, 1, 1), demand * (risk - 0.7))

    monkeypatch.setattr(module, "Points", Stand)
    return every


def test_a_fact_of_the_world_is_changed_in_both(brought: list[tuple[float, float]]) -> None:
    solved = solve(small(4_000, demand__level=2), RISK, target=0.1, against=small(4_000), replications=3)
    assert solved.both
    assert solved.answers[0].value == pytest.approx(0.8)
    assert {risk for demand, risk in brought if demand == 1} == set(solved.values)


def test_a_lever_is_changed_in_the_what_if_alone(brought: list[tuple[float, float]]) -> None:
    whatif, usual = small(4_000, early_help__relative_risk=0.8), small(4_000, early_help__relative_risk=0.7)
    solved = solve(whatif, "demand.level", target=0.14, against=usual, replications=3)
    assert not solved.both
    assert solved.answers[0].value == pytest.approx(1.4)
    assert {demand for demand, risk in brought if risk == 0.7} == {1}


def test_a_percentage_is_of_each_futures_own_level(brought: list[tuple[float, float]]) -> None:
    whatif = small(4_000, early_help__relative_risk=1.7)
    solved = solve(whatif, "demand.level", target="+20%", replications=3)
    # The levels are 1, 1.1 and 1.2, and demand adds to each: 1.1 on average is to become 1.32.
    assert solved.change
    assert solved.base == pytest.approx(1.1)
    assert solved.target == pytest.approx(0.22)
    (one,) = solved.answers
    assert one.value == pytest.approx(1.22)
    # A future that begins with 1 needs 0.2 more, one with 1.2 needs 0.24; nine in ten of three lie a tenth inside.
    assert (one.first, one.last) == (pytest.approx(1.202), pytest.approx(1.238))


def test_what_is_met_nowhere_is_a_finding_and_says_what_is(brought: list[tuple[float, float]]) -> None:
    solved = solve(small(4_000), RISK, target=9, replications=3)
    assert (solved.answers, solved.stretches) == ([], [])
    (text,) = sentences(solved)
    assert f"With {RISK} from 0.6 to 1 the target of 9 children is met nowhere" in text
    assert "lies between -0.000" not in text
    assert "(±0.17) at 0.6 and 0.4 children (±0.17) at 1" in text
    (text,) = sentences(solve(small(4_000), "early_help.unit_cost", target=20, replications=3))
    assert "throughout. early_help.unit_cost does next to nothing to it." in text
    back = _solved([0.5, 1.0], [np.full(3, 2.0), np.full(3, 3.0)], 0.0)
    assert "pays back nowhere by the end of 2022-23: its extra spend" in nowhere(back)


def _unallocated(posts: float) -> float:
    """Cases without a worker: none from 19.3 posts up."""
    return max(0.0, 50 * (19.3 - posts))


def _flat_response(function: Any, replications: int = 10) -> Any:
    chance = np.random.default_rng(2).uniform(0.8, 1.2, replications)
    return SimpleNamespace(
        target=0.0,
        replications=replications,
        at=lambda values, count: [function(value) * chance[:count] for value in values],
    )


def test_a_response_that_is_flat_at_the_target_is_met_over_a_stretch_whose_edge_is_looked_for() -> None:
    values, found = _close_in(_flat_response(_unallocated), 12.0, 24.0)
    solved = _solved(values, found, 0.0, against="", question=asked(["unallocated"])[0])
    assert solved.answers == []
    (one,) = solved.stretches
    assert one.after is None
    assert one.before is not None
    assert one.before < 19.3 <= one.low
    assert one.low - one.before < 0.03 * 12  # it looked there
    (text,) = sentences(solved)
    assert text.startswith(
        "Unallocated cases in 2022-23: the target of 0 children is met where early_help.relative_risk is"
    )
    assert f"from about {one.low:.3g} to 24, the end of the range; at {one.before:.3g} it is higher. It is" in text


def test_a_response_that_leaves_the_target_upwards_is_not_said_to_be_reversed() -> None:
    values, found = _close_in(_flat_response(lambda level: max(0.0, 40 * (level - 1.1))), 0.8, 1.4)
    solved = _solved(values, found, 0.0, against="", question=asked(["unallocated"])[0])
    (one,) = solved.stretches
    assert (one.before, one.higher_after) == (None, True)
    assert one.high <= 1.1 < (one.after or 0)
    (text,) = sentences(solved)
    assert "from 0.8, the start of the range, to about" in text
    assert f"; at {one.after:.3g} it is higher. It is" in text


def _unsure(means: list[float], errors: list[float], target: float, **changes: Any) -> Solved:
    """Return a solve with a mean and noise of its own at each value from 0, in steps of 40."""
    shape = np.array([-1.0, -0.5, 0.5, 1.0])
    noise = [error * np.roll(shape, place) for place, error in enumerate(errors)]
    found = [mean + one for mean, one in zip(means, noise, strict=True)]
    axis = Axis("prevention.targeted", "Targeted support", "£ a child a year", 59.2, "derived")
    how = {"against": "", "change": True, "question": asked(["looked_after"])[0], "axis": axis, "base": 514.0}
    return _solved([40.0 * place for place in range(len(means))], found, target, **{**how, **changes})


def test_an_open_end_is_told_by_its_best_estimate_first_and_then_by_what_is_not_ruled_out() -> None:
    solved = _unsure([25.0, -6.5, -17.0, -22.6, -25.9], [5, 2, 12, 16, 20], -25.7)
    assert solved.answers == []
    (text,) = sentences(solved)
    assert text.startswith(
        "Change in children looked after in 2022-23: on average the target of -25.7 children (-5% of 514) is met where "
        "prevention.targeted (£ a child a year, every child of the area) is about 158: it is -22.6 children at 120 and "
        "-25.9 children at 160, the highest tried. With the error of 4 replications anything from about 80 to 160, the "
        "end of the range, "
        "can't be ruled out; at 40 it is higher. It is 59.2 in the scenario (derived)."
    )
    drawn = response(solved)
    assert "Diamond" not in drawn.note
    assert "values that the error of the mean can't rule out" in drawn.note


def test_a_target_that_the_mean_only_comes_near_is_said_to_be_so() -> None:
    solved = _unsure([25.0, -6.5, -17.0, -22.6, -24.1], [5, 2, 12, 16, 20], -25.7, base=None)
    (text,) = sentences(solved)
    assert text.startswith(
        "Change in children looked after in 2022-23: on average it comes nearest to the target of -25.7 children with "
        "-24.1 children where prevention.targeted (£ a child a year, every child of the area) is 160. With the "
    )


def test_a_flat_step_between_two_levels_is_met_with_two_edges_and_a_step_through_it_is_crossed() -> None:
    def step(value: float) -> float:
        return -5.0 if value < 1 else 0.0 if value < 3 else 5.0

    values, found = _close_in(_flat_response(step), 0.0, 4.0)
    (one,) = Response(values, found, 0.0).stretches()
    assert (one.higher_before, one.higher_after) == (False, True)
    assert one.low == pytest.approx(1, abs=0.07)
    assert one.high == pytest.approx(3, abs=0.07)
    assert Response(values, found, 0.0).answers() == []
    values, found = _close_in(_flat_response(lambda value: value - 1.7), 0.0, 4.0)
    (crossing,) = Response(values, found, 0.0).answers()
    assert crossing.value == pytest.approx(1.7, abs=0.01)
    assert crossing.rising
    assert Response(values, found, 0.0).stretches() == []


def test_few_replications_far_from_the_answer_and_all_of_them_near_it() -> None:
    values, found = _close_in(_noisy(lambda value: 10 * value, 100, seed=5, target=20.0), 0.0, 4.0)
    many = [value for value, row in zip(values, found, strict=True) if len(row) == 100]
    assert len(found[0]) == FEW < 100
    (one,) = Response(values, found, 20.0).answers()
    assert min(many) <= (one.low or 0) < (one.high or 4) <= max(many)


def test_an_index_is_no_target() -> None:
    with pytest.raises(UserError, match="an index, which tells higher from lower"):
        solve(small(4_000), RISK, target=9, measure="exposure", replications=3)


def test_everything_wrong_with_a_question_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        solve(small(4_000), "demand.levl", target="x", against=small(5_000), out=tmp_path)
    assert len(caught.value.problems) == 3
    with pytest.raises(UserError, match="low end first"):
        solve(small(4_000), "demand.level", target=1, between=(2, 1), out=tmp_path)
    assert asked(["extra_spend"])[0] is EXTRA_SPEND
