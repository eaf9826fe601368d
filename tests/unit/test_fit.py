"""The arithmetic of fitting, where the answer is known: straight lines and normal errors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from demandsim.fit.chains import Straight, Unbent, drawn, scattered
from demandsim.fit.identified import Known, combinations, known
from demandsim.fit.likely import Members, birge, carrying, misfit, together
from demandsim.fit.sparse import sparse_lines

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


def _moved(beginnings: np.ndarray, errors: np.ndarray, slopes: np.ndarray, rounds: int) -> Members:
    moving = Members(beginnings, errors, slopes, _gaps(np.zeros(4)))
    for _ in range(rounds):
        units = moving.proposed()
        moving.seen(units, _gaps(units))
    return moving


def test_one_member_finds_the_most_likely_point_of_straight_lines() -> None:
    found = _moved(np.zeros((1, 4)), np.zeros((1, 6)), SLOPES, 5).units[0]
    assert found == pytest.approx(_posterior()[0])
    nearby = found + 0.01 * GENERATOR.normal(size=(50, 4))
    assert (misfit(_gaps(nearby), nearby) > misfit(_gaps(found), found)).all()


def test_wrong_slopes_are_corrected_by_what_is_seen() -> None:
    wrong = SLOPES * np.array([1.5, 0.5, 1.0, 0.8]) + 0.1
    start, best = (float(misfit(_gaps(units), units)) for units in (np.zeros(4), _posterior()[0]))
    uncorrected = _moved(np.zeros((1, 4)), np.zeros((1, 6)), wrong, 1).misfits[0]
    found = _moved(np.zeros((1, 4)), np.zeros((1, 6)), wrong, 30)
    assert best < found.misfits[0] < uncorrected < start
    assert found.misfits[0] - best < 0.1 * (start - best)


def test_a_step_is_no_longer_than_it_may_and_one_that_gains_nothing_is_taken_back() -> None:
    moving = Members(np.array([[9.0, 0.0, 0.0, 0.0]]), np.zeros((1, 6)), np.zeros((6, 4)), np.zeros(6))
    units = moving.proposed()
    assert np.abs(units).max() == pytest.approx(1.0)
    moving.seen(units, np.full((1, 6), 100.0))
    assert moving.units == pytest.approx(np.zeros((1, 4)))
    assert np.abs(moving.proposed()).max() < 1.0


def test_figures_without_a_value_count_for_nothing() -> None:
    gaps = _gaps(np.zeros(4))
    gaps[2] = np.nan
    kept = [0, 1, 3, 4, 5]
    moving = Members(np.zeros((1, 4)), np.zeros((1, 6)), SLOPES, gaps)
    for _ in range(5):
        units = moving.proposed()
        moving.seen(units, np.where(np.isnan(gaps), np.nan, _gaps(units)))
    expected = -np.linalg.inv(SLOPES[kept].T @ SLOPES[kept] + np.eye(4)) @ SLOPES[kept].T @ OFFSET[kept]
    assert moving.units[0] == pytest.approx(expected)
    assert np.isnan(moving.gaps[0, 2])
    assert misfit(gaps, np.zeros(4)) == pytest.approx(float(np.sum(gaps[kept] ** 2)))


def test_members_come_to_what_is_known_of_straight_lines() -> None:
    """Mean and spread are those of Bayes' rule, within four standard errors of so many members."""
    members, generator = 4_000, np.random.default_rng(6)
    beginnings, errors = generator.standard_normal((members, 4)), generator.standard_normal((members, 6))
    units = _moved(beginnings, errors, SLOPES, 12).units
    mean, covariance = _posterior()
    spread = np.sqrt(np.diag(covariance))
    assert np.all(np.abs(units.mean(axis=0) - mean) < 4 * spread / np.sqrt(members))
    assert units.std(axis=0) == pytest.approx(spread, rel=4 / np.sqrt(2 * members))


def test_members_end_in_the_same_place_wherever_they_begin_and_however_they_go() -> None:
    beginnings, errors = GENERATOR.standard_normal((9, 4)), GENERATOR.standard_normal((9, 6))
    start = np.array([1.0, -0.5, 0.2, 2.0])
    covariance = np.linalg.inv(SLOPES.T @ SLOPES + np.eye(4))
    expected = (beginnings - (OFFSET + errors) @ SLOPES) @ covariance
    for steps, leap in ((1, True), (12, False)):
        moving = Members(beginnings, errors, SLOPES, _gaps(start), start=start, leap=leap)
        for _ in range(steps):
            units = moving.proposed()
            moving.seen(units, _gaps(units))
        assert moving.units == pytest.approx(expected, abs=1e-6)


def test_a_leap_is_taken_whatever_it_brings_and_the_next_step_is_not() -> None:
    moving = Members(np.array([[9.0, 0.0, 0.0, 0.0]]), np.zeros((1, 6)), np.zeros((6, 4)), np.zeros(6), leap=True)
    for _ in range(2):
        moving.seen(moving.proposed(), np.full((1, 6), 100.0))
        assert moving.units == pytest.approx(np.array([[9.0, 0.0, 0.0, 0.0]]))
    assert moving.misfits == pytest.approx([6 * 100.0**2])


def test_slopes_at_the_start_are_those_given_as_steep_as_unknowns_are_there() -> None:
    start = np.array([1.0, -0.5, 0.2, 2.0])
    beginnings, errors = start + 1e-3 * GENERATOR.standard_normal((5, 4)), np.zeros((5, 6))

    def steepness(units: np.ndarray) -> np.ndarray:
        return np.asarray(1 / (1 + units**2))

    straight = Members(beginnings, errors, SLOPES * steepness(start), np.zeros(6), start=start)
    bent = Members(beginnings, errors, SLOPES, np.zeros(6), steepness, start)
    assert bent.proposed() == pytest.approx(straight.proposed())


SPREAD = np.array([1.0, 2.0, 0.5, 3.0, 1.0, 1.5])


def _best_by_lines(beginnings: np.ndarray, errors: np.ndarray) -> np.ndarray:
    slopes = SLOPES / SPREAD[:, None]
    wanted = beginnings - (OFFSET / SPREAD + errors) @ slopes
    found: np.ndarray = wanted @ np.linalg.inv(slopes.T @ slopes + np.eye(4))
    return found


def test_wider_errors_leave_more_unknown() -> None:
    """As many times the spread is as so many times smaller slopes and gaps."""
    beginnings, errors = GENERATOR.standard_normal((9, 4)), GENERATOR.standard_normal((9, 6))
    moving = Members(beginnings, errors, SLOPES, OFFSET, spread=SPREAD)
    for _ in range(12):
        units = moving.proposed()
        moving.seen(units, _gaps(units))
    assert moving.units == pytest.approx(_best_by_lines(beginnings, errors), abs=1e-6)


def test_errors_are_as_large_as_figures_that_can_not_be_met_together_show() -> None:
    """No larger where they can, which is so in 99 of 100 cases; else by Birge's ratio."""
    squares = GENERATOR.chisquare(12, size=4000)
    assert np.mean(squares > together(12)) == pytest.approx(0.01, abs=4 * np.sqrt(0.0099 / 4000))
    assert (birge(together(12), 12), birge(0.0, 12)) == (1.0, 1.0)
    assert birge(48.0, 12) == pytest.approx(2.0)


def test_members_that_are_where_they_are_drawn_to_stay() -> None:
    units = GENERATOR.standard_normal((9, 4))
    moving = carrying(units, _gaps(units), _gaps(units), SLOPES, SPREAD)
    for _ in range(3):
        moving.seen(moving.proposed(), _gaps(moving.proposed()))
        assert moving.units == pytest.approx(units, abs=1e-9)
    assert moving.misfits == pytest.approx(np.zeros(9), abs=1e-12)


def test_members_are_carried_to_what_they_are_drawn_to_and_no_further_than_that_takes() -> None:
    """Outputs that bend, more of them than unknowns, are met to a quarter of what they were off by, in squares."""
    units = np.random.default_rng(12).standard_normal((60, 4))

    def bent(units: np.ndarray) -> np.ndarray:
        gaps: np.ndarray = _gaps(units + 0.15 * units**2 - 0.05 * units[:, [1, 2, 3, 0]] * units)
        return gaps

    said = _gaps(units)
    moving = carrying(units, said, said, SLOPES, SPREAD)
    off = np.sum((bent(units) - said) ** 2)
    for _ in range(8):
        there = moving.proposed()
        moving.seen(there, bent(there))
    assert moving.gaps == pytest.approx(bent(moving.units))
    assert np.sum((moving.gaps - said) ** 2) < off / 4
    assert np.sum((moving.units - units) ** 2) < 0.3 * np.sum(units**2)


def test_members_that_know_how_unknowns_bend_come_nearer() -> None:
    """Outputs are straight in numbers that bend with their units; told how they bend, members need fewer steps."""
    generator = np.random.default_rng(11)
    beginnings, errors = 3.0 * generator.standard_normal((40, 4)), generator.standard_normal((40, 6))

    def misfits(**told: Callable[[np.ndarray], np.ndarray]) -> float:
        moving = Members(beginnings, errors, SLOPES, _gaps(np.zeros((1, 4)))[0], **told)
        for _ in range(6):
            units = moving.proposed()
            moving.seen(units, _gaps(np.arctan(units)))
        return float(moving.misfits.mean())

    assert misfits(steepness=lambda units: 1 / (1 + units**2)) < 0.9 * misfits()


class Bent:
    """Two numbers, of which the first moves ever less the lower it is."""

    def moved(self, units: np.ndarray) -> np.ndarray:
        return np.stack([np.exp(units[..., 0]) - 1.0, units[..., 1]], axis=-1)

    def steepness(self, units: np.ndarray) -> np.ndarray:
        return np.stack([np.exp(units[..., 0]), np.ones(units.shape[:-1])], axis=-1)


def test_members_are_drawn_by_bayes_rule_however_numbers_bend() -> None:
    """One figure known, and one not, against Bayes' rule on a fine grid: quantiles within four standard errors.

    By lines of the units where they are most likely, members lie too close together, and not as low as they might.
    """
    members, nowhere = 2000, np.nan
    straight = Straight(np.array([0.4, nowhere]), np.array([[3.0, 1.5], [1.0, 1.0]]), np.array([1.0, 2.0]), Bent())
    axis = np.linspace(-6.0, 6.0, 801)
    grid = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    height = straight(grid)[:, 0] ** 2 + np.sum(grid**2, axis=1)
    weight = np.exp(-height / 2).reshape(801, 801)
    middle, generator = grid[np.argmin(height)], np.random.default_rng(6)
    lines = scattered(straight, middle, members, generator)
    units = drawn(straight, middle, lines, generator, 500)
    quantiles = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    error = 4 * np.sqrt(quantiles * (1 - quantiles) / members)
    for column, across in enumerate((1, 0)):
        share = np.cumsum(weight.sum(axis=across)) / weight.sum()
        places = np.interp(quantiles, share, axis)
        below = (units[:, column, None] < places).mean(axis=0)
        assert np.all(np.abs(below - quantiles) < error)
    assert np.quantile(lines[:, 0], 0.05) > np.quantile(units[:, 0], 0.05) + 0.3


def test_where_numbers_do_not_bend_lines_already_draw_members_as_they_are() -> None:
    members, generator = 4000, np.random.default_rng(14)
    straight = Straight(OFFSET, SLOPES, np.ones(6), Unbent())
    mean, covariance = _posterior()
    found = scattered(straight, mean, members, generator)
    error = 4 / np.sqrt(members)
    assert found.mean(axis=0) == pytest.approx(mean, abs=error * np.sqrt(np.diag(covariance)).max())
    correlated = np.linalg.solve(np.linalg.cholesky(covariance), (found - mean).T)
    assert np.cov(correlated) == pytest.approx(np.eye(4), abs=error * np.sqrt(2))


def test_sparse_lines_find_the_few_unknowns_that_matter() -> None:
    """Of 60 unknowns four matter; 80 samples with luck in them say which, and how much within four standard errors."""
    samples, luck, generator = 80, 0.5, np.random.default_rng(8)
    units = generator.standard_normal((samples, 60))
    true = np.zeros((2, 60))
    true[0, [3, 17, 40]], true[1, 5] = (2.0, -1.0, 0.6), 1.5
    outputs = units @ true.T + np.array([4.0, -2.0]) + luck * generator.standard_normal((samples, 2))
    found = sparse_lines(units, outputs)
    level, slopes = found.level, found.slopes
    error = 4 * luck / np.sqrt(samples)
    assert level == pytest.approx([4.0, -2.0], abs=error)
    assert slopes[true != 0] == pytest.approx(true[true != 0], abs=error)
    # What is found besides is a few slopes no larger than luck makes them.
    assert np.abs(slopes[true == 0]).max() < error
    assert np.count_nonzero(slopes[true == 0]) < 10
    # Samples that were left out differ by luck, and by what the lines of the others miss of it.
    assert np.all(luck**2 * (1 - 4 * np.sqrt(2 / samples)) < found.errors)
    assert np.all(found.errors < luck**2 * (1 + 4 * np.sqrt(2 / samples)) * (1 + 2 * 14 / samples))
    others = generator.standard_normal((9, 60))
    assert found(others) == pytest.approx(level + others @ slopes.T)


def test_outputs_that_hang_on_nothing_have_no_slopes() -> None:
    generator = np.random.default_rng(9)
    units = generator.standard_normal((100, 30))
    found = sparse_lines(units, 1.0 + 0.1 * generator.standard_normal((100, 1)))
    assert found.level == pytest.approx([1.0], abs=0.05)
    assert np.abs(found.slopes).sum() < 0.05


def test_luck_chooses_hardly_any_unknown() -> None:
    """The best line by its own measure has slopes for one in six outputs that are nothing but luck."""
    generator = np.random.default_rng(10)
    found = sparse_lines(generator.standard_normal((100, 60)), generator.standard_normal((100, 60)))
    assert np.mean(found.slopes.any(axis=1)) < 0.1


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
