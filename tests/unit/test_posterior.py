"""Lines and squares learned from draws, and what targets say of the parameters by them."""

from __future__ import annotations

import numpy as np
import pytest

from demandsim.calibration.posterior import Lines, beyond_chance, birge, learned, most_together, posterior

CHANCE = np.random.default_rng(1)
SLOPES = np.array([[2.0, 0.0, 0.0, -1.0], [0.0, 1.0, 1.0, 0.0]])
LEVEL = np.array([5.0, -1.0])


def _straight(level: np.ndarray, slopes: np.ndarray, left: np.ndarray | None = None) -> Lines:
    nothing = np.zeros(len(slopes))
    return Lines(level, slopes, np.zeros(slopes.shape), nothing if left is None else left, nothing)


def _lines(slopes: np.ndarray = SLOPES) -> Lines:
    return _straight(LEVEL, slopes)


def test_one_target_of_one_parameter_gives_the_textbook_posterior() -> None:
    lines = _straight(np.array([0.0]), np.array([[2.0]]))
    found = posterior(lines, np.array([3.0]), np.array([0.5]))
    # Precision 1 + 2 * 2 / 0.5 = 9; mean 2 * 3 / 0.5 / 9.
    assert found.covariance[0, 0] == pytest.approx(1 / 9)
    assert found.mean[0] == pytest.approx(12 / 9)
    assert found.misfit == pytest.approx((3 - 2 * 12 / 9) ** 2 / 0.5 + (12 / 9) ** 2)


def test_what_no_target_moves_with_keeps_its_prior() -> None:
    slopes = np.array([[2.0, 0.0]])
    found = posterior(_straight(np.zeros(1), slopes), np.array([1.0]), np.array([0.1]))
    assert found.covariance[1, 1] == pytest.approx(1.0)
    assert found.mean[1] == 0.0


def test_a_parameter_that_is_not_free_stays_as_declared() -> None:
    free = np.array([True, False, True, True])
    found = posterior(_lines(), LEVEL + 1.0, np.full(2, 0.1), free)
    assert found.mean[1] == 0.0
    assert found.mean[2] > 0.5


def test_posterior_draws_have_the_posteriors_mean_and_covariance() -> None:
    found = posterior(_lines(), LEVEL + 1.0, np.full(2, 0.1))
    draws = found.draws(20_000, np.random.default_rng(2))
    assert draws.mean(axis=0) == pytest.approx(found.mean, abs=0.03)
    assert np.cov(draws.T) == pytest.approx(found.covariance, abs=0.04)


def test_lines_are_learned_from_noisy_draws_and_say_how_sure_they_are() -> None:
    units = CHANCE.standard_normal((400, 4))
    noise = np.array([3.0, 0.5])
    lines = learned(units, LEVEL + units @ SLOPES.T + noise * CHANCE.standard_normal((400, 2)), None)
    off = (lines(units) - LEVEL - units @ SLOPES.T).var(axis=0)
    assert lines.slopes == pytest.approx(SLOPES, abs=0.5)
    assert lines.left == pytest.approx(noise**2, rel=0.2)
    assert np.all(off < 3 * lines.unsure)
    assert np.all(off > lines.unsure / 10)


def test_a_later_wave_that_chance_drowns_leaves_the_lines_as_they_were() -> None:
    units = 0.1 * CHANCE.standard_normal((300, 4))
    seen = LEVEL + units @ SLOPES.T + 5.0 * CHANCE.standard_normal((300, 2))
    again, after = learned(units, seen, None), learned(units, seen, _lines())
    wide = CHANCE.standard_normal((300, 4))
    off, lost = (np.abs((lines(wide) - _lines()(wide))[:, 0]).mean() for lines in (after, again))
    # Without what was believed before, the ridge says that nothing moves.
    assert off < 0.5
    assert lost > 1.0


def test_moved_lines_are_off_by_as_much_everywhere() -> None:
    point = np.array([1.0, -1.0, 0.5, 0.0])
    assert _lines().moved(np.array([7.0, -1.0]))(point) - _lines()(point) == pytest.approx([7.0, -1.0])


def test_what_bends_counts_beside_chance_and_hardly_is_measured_where_chance_is_large() -> None:
    bent = _straight(LEVEL, SLOPES, np.array([4.0, 100.0]))
    found = beyond_chance(bent, 1000, np.array([1.0, 90.0]), 1000, np.ones(2))
    assert found[0] == pytest.approx(3.0, abs=0.3)
    # By 10 it differs, but that is less than twice its error.
    assert found[1] < 8.0


def test_targets_that_disagree_widen_errors_and_others_do_not() -> None:
    assert birge(most_together(10) - 0.1, 10) == 1.0
    assert birge(90.0, 10) == pytest.approx(3.0)


def test_draws_of_a_target_that_bends_are_as_quadrature_has_them() -> None:
    bent = Lines(np.zeros(1), np.array([[1.0]]), np.array([[0.6]]), np.zeros(1), np.zeros(1))
    found = posterior(bent, np.array([1.5]), np.array([0.2]))
    grid = np.linspace(-6, 6, 4001)[:, None]
    density = np.exp(-((1.5 - bent(grid)[:, 0]) ** 2 / 0.2 + grid[:, 0] ** 2) / 2)
    # The draws come from the higher of the two peaks, where nearly all of the posterior is.
    density = np.where(grid[:, 0] > -0.8, density, 0.0) / np.sum(density[grid[:, 0] > -0.8])
    mean = np.sum(density * grid[:, 0])
    deviation = np.sqrt(np.sum(density * (grid[:, 0] - mean) ** 2))
    draws = found.draws(8_000, np.random.default_rng(2))
    draws = draws[draws > -0.8]
    assert len(draws) > 7_600
    assert draws.mean() == pytest.approx(mean, abs=0.03)
    assert draws.std() == pytest.approx(deviation, abs=0.03)


def test_chains_have_forgotten_their_start_where_many_parameters_bend_a_little() -> None:
    generator = np.random.default_rng(4)
    slopes, squares = generator.standard_normal((40, 150)), 0.1 * generator.standard_normal((40, 150)) + 0.1
    lines = Lines(np.zeros(40), slopes, squares, np.zeros(40), np.zeros(40))
    found = posterior(lines, 3.0 * generator.standard_normal(40), np.ones(40))
    off = np.sum((found.target - lines(found.draws(200, np.random.default_rng(1)))) ** 2, axis=1).mean()
    # One standard deviation of each of 40 targets; draws of the Gaussian around the most likely point are far off.
    assert 34 < off < 46
