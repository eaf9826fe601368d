"""The arithmetic of fitting, where the answer is known: straight lines and normal errors."""

from __future__ import annotations

import numpy as np
import pytest

from demandsim.fit.ensemble import assimilated
from demandsim.fit.identified import Known, combinations, known
from demandsim.fit.nearest import corrected, misfit, step

GENERATOR = np.random.default_rng(7)
SLOPES = GENERATOR.normal(size=(6, 4))
OFFSET = GENERATOR.normal(size=6)


def _gaps(units: np.ndarray) -> np.ndarray:
    gaps: np.ndarray = units @ SLOPES.T + OFFSET
    return gaps


def _posterior() -> tuple[np.ndarray, np.ndarray]:
    """Return mean and covariance of the unknowns, given that the gaps are nothing but normal errors."""
    covariance = np.linalg.inv(SLOPES.T @ SLOPES + np.eye(4))
    return -covariance @ SLOPES.T @ OFFSET, covariance


def test_one_step_finds_the_most_likely_point_of_straight_lines_from_anywhere() -> None:
    for start in (np.zeros(4), np.array([1.0, -2.0, 0.5, 3.0])):
        found = step(SLOPES, _gaps(start), start, longest=100.0)
        assert found == pytest.approx(_posterior()[0])
    nearby = found + 0.01 * GENERATOR.normal(size=(50, 4))
    assert all(misfit(_gaps(one), one) > misfit(_gaps(found), found) for one in nearby)


def test_a_step_goes_no_further_than_it_may_and_figures_without_a_value_count_for_nothing() -> None:
    start = np.array([5.0, 5.0, 5.0, 5.0])
    assert np.abs(step(SLOPES, _gaps(start), start, longest=0.5) - start).max() == pytest.approx(0.5)
    gaps = _gaps(np.zeros(4))
    gaps[2] = np.nan
    kept = [0, 1, 3, 4, 5]
    expected = step(SLOPES[kept], gaps[kept], np.zeros(4), longest=100.0)
    assert step(SLOPES, gaps, np.zeros(4), longest=100.0) == pytest.approx(expected)
    assert misfit(gaps, np.zeros(4)) == pytest.approx(float(np.sum(gaps[kept] ** 2)))


def test_corrected_slopes_give_the_change_that_was_seen_and_leave_other_directions_alone() -> None:
    moved, changed = np.array([1.0, 0.0, -1.0, 0.0]), GENERATOR.normal(size=6)
    better = corrected(SLOPES, moved, changed)
    assert better @ moved == pytest.approx(changed)
    for across in np.eye(4)[[1, 3]]:
        assert better @ across == pytest.approx(SLOPES @ across)


def test_the_ensemble_comes_to_what_is_known_of_straight_lines() -> None:
    """Mean and spread are those of Bayes' rule, within four standard errors of so many members."""
    members, times = 4_000, 4
    generator = np.random.default_rng(3)
    units = generator.standard_normal((members, 4))
    for _ in range(times):
        units = assimilated(units, _gaps(units), float(times), np.zeros(6), generator)
    mean, covariance = _posterior()
    spread = np.sqrt(np.diag(covariance))
    assert np.all(np.abs(units.mean(axis=0) - mean) < 4 * 2 * spread / np.sqrt(members))
    assert units.std(axis=0) == pytest.approx(spread, rel=4 * 2 / np.sqrt(2 * members))


def test_luck_in_the_gaps_is_not_counted_twice() -> None:
    """With luck in every gap, told as noise, the ensemble comes to the same as without."""
    members, times, luck = 4_000, 4, 1.5
    generator = np.random.default_rng(4)
    units = generator.standard_normal((members, 4))
    for _ in range(times):
        gaps = _gaps(units) + luck * generator.standard_normal((members, 6))
        units = assimilated(units, gaps, float(times), np.full(6, luck**2), generator)
    spread = np.sqrt(np.diag(_posterior()[1]))
    assert units.std(axis=0) == pytest.approx(spread, rel=0.1)


def test_an_unknown_that_no_figure_moves_with_keeps_its_spread() -> None:
    members, generator = 200, np.random.default_rng(5)
    units = generator.standard_normal((members, 30))
    before = units.std(axis=0)
    for _ in range(4):
        gaps = 5 * units[:, :2] + generator.standard_normal((members, 2)) * 0.1
        units = assimilated(units, gaps, 4.0, np.zeros(2), generator)
    left = units.std(axis=0) / before
    assert (left[:2] < 0.4).all()
    assert left[2:].mean() > 0.93


def test_combinations_are_the_directions_the_figures_hold() -> None:
    slopes = np.array([[3.0, 3.0, 0.0], [0.0, 0.0, 0.5], [np.nan, 9.0, 9.0]])
    first, second = combinations(slopes)
    assert first.value == pytest.approx(3 * np.sqrt(2))
    assert first.left == pytest.approx(1 / np.sqrt(1 + 18))
    assert {place for place, _ in first.parts} == {0, 1}
    assert all(weight == pytest.approx(1 / np.sqrt(2)) for _, weight in first.parts)
    assert [place for place, _ in second.parts] == [2]
    words = (Known.PINNED, Known.PARTLY, Known.NOT)
    assert [known(one) for one in (first.left, 0.7, second.left)] == list(words)
