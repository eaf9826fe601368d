"""The fit on a stand-in for the simulation whose true parameters are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from demandsim.calibration.scales import scales_of
from demandsim.calibration.waves import Fitted, fit, plan_of
from demandsim.evidence import targets
from demandsim.problems import UserError
from demandsim.results.fit_rows import Row, rows_of
from demandsim.scenario.read import read_scenario
from demandsim.threads import on_one_thread

BASELINE = read_scenario("baseline")
ROWS = rows_of(targets(), BASELINE.circular_targets(), BASELINE.scale_to_england)
PARAMETERS = 30
PLAN = plan_of(1200, 60, PARAMETERS)


class Stand:
    """Targets that are products of rates, bent at one end, with random draws about as large as one authority's."""

    def __init__(self, seed: int, chance: float = 0.03) -> None:
        generator = np.random.default_rng(seed)
        loose = generator.standard_normal((len(ROWS), PARAMETERS))
        self.slopes = 0.12 * loose * (generator.random(loose.shape) < 0.15)
        self.published = np.array([row.target.value for row in ROWS])
        self.share = np.array([row.measure.unit.startswith("%") for row in ROWS])
        self.chance, self.seed = chance, seed

    def mean(self, units: np.ndarray) -> np.ndarray:
        moved = units @ self.slopes.T
        moved = np.exp(moved + 0.1 * moved**2)
        odds = self.published / np.maximum(100.0 - self.published, 1.0) * moved
        return np.where(self.share, 100.0 * odds / (1.0 + odds), self.published * moved)

    def __call__(self, name: str, units: np.ndarray, replications: range) -> np.ndarray:
        noise = [np.random.default_rng([self.seed, number]).standard_normal(len(ROWS)) for number in replications]
        # The mean of what chance makes of it is 1.
        found = self.mean(units) * np.exp(self.chance * np.array(noise) - self.chance**2 / 2)
        return np.where(self.share, np.minimum(found, 99.9), found)

    def rows(self, truth: np.ndarray, generator: np.random.Generator) -> list[Row]:
        values = self.mean(truth[None])[0]
        shown = values + generator.standard_normal(len(ROWS)) * [row.deviation for row in ROWS]
        return [
            replace(row, target=replace(row.target, value=float(value))) for row, value in zip(ROWS, shown, strict=True)
        ]


@on_one_thread
def _fit(stand: Stand, rows: list[Row], seed: int = 1) -> Fitted:
    return fit(stand, rows, 152.0, np.ones(PARAMETERS, dtype=bool), PLAN, seed)


def _truth(seed: int) -> tuple[Stand, np.ndarray, list[Row]]:
    generator = np.random.default_rng([seed, 9])
    stand, truth = Stand(seed), 0.8 * generator.standard_normal(PARAMETERS)
    return stand, truth, stand.rows(truth, generator)


@pytest.fixture(scope="module")
def fits() -> list[tuple[Stand, np.ndarray, list[Row], Fitted]]:
    return [(*one, _fit(one[0], one[2])) for one in (_truth(seed) for seed in range(6))]


def test_nine_in_ten_intervals_of_what_is_identified_hold_the_truth(fits: list) -> None:
    held = []
    for _, truth, _, found in fits:
        deviation = np.sqrt(np.diag(found.posterior.covariance))
        inside = np.abs(truth - found.posterior.mean) < 1.645 * deviation
        held += inside[deviation < 0.8].tolist()
    assert len(held) > 60
    assert 0.8 <= np.mean(held) <= 0.97


def test_targets_come_within_tolerance(fits: list) -> None:
    inside = []
    for stand, _, rows, found in fits:
        gaps = stand.mean(found.point[None])[0] - [row.target.value for row in rows]
        inside += (np.abs(gaps) <= [row.target.tolerance for row in rows]).tolist()
    # The targets have errors of half a tolerance themselves, so one in twenty can't.
    assert np.mean(inside) > 0.93


def test_the_point_simulated_is_the_point_told(fits: list) -> None:
    stand, _, _, found = fits[0]
    exact = stand.mean(found.point[None])[0]
    assert found.after.mean(axis=0) == pytest.approx(exact, rel=0.02)
    assert len(found.after) == PLAN.point


def test_the_point_follows_the_mean_of_its_corrections_not_the_last_one() -> None:
    class Swaying(Stand):
        """A stand in which chance moves whole batches at a point, one up and the next down."""

        def __call__(self, name: str, units: np.ndarray, replications: range) -> np.ndarray:
            sway = {"point-1": 1.02, "point-2": 0.98, "point-3": 1.02, "point-4": 0.98}.get(name, 1.0)
            return super().__call__(name, units, replications) * sway

    stand, _, rows = _truth(0)
    still, swaying = _fit(stand, rows).point, _fit(Swaying(0), rows).point
    moved = np.abs(stand.mean(swaying[None]) / stand.mean(still[None]) - 1)
    assert np.quantile(moved, 0.9) < 0.005


def test_no_two_batches_at_a_point_share_random_draws() -> None:
    taken: list[int] = []

    class Noted(Stand):
        def __call__(self, name: str, units: np.ndarray, replications: range) -> np.ndarray:
            taken.extend(replications if name.startswith(("declared", "point")) else ())
            return super().__call__(name, units, replications)

    _fit(Noted(0), _truth(0)[2])
    assert len(taken) == len(set(taken))


def test_the_same_seed_gives_the_same_fit_and_another_seed_another(fits: list) -> None:
    stand, _, rows, found = fits[0]
    assert np.array_equal(_fit(stand, rows).draws, found.draws)
    assert not np.array_equal(_fit(stand, rows, 2).draws, found.draws)


def test_targets_that_the_model_can_not_give_together_make_the_posterior_wider(fits: list) -> None:
    stand, _, rows, found = fits[0]
    far = [
        replace(row, target=replace(row.target, value=row.target.value * (1.5 if place % 2 else 0.7)))
        for place, row in enumerate(rows)
    ]
    assert found.wider == 1.0
    assert _fit(stand, far).wider > 1.5


def test_england_is_the_mean_of_its_authorities_not_of_their_logarithms() -> None:
    stand = Stand(1, chance=0.4)
    found = _fit(stand, list(ROWS))
    # By logarithms the mean would lie 8% higher, so parameters would be moved to make up for it.
    counts = ~stand.share
    gaps = stand.mean(found.point[None])[0] / stand.published - 1.0
    assert abs(float(np.mean(gaps[counts]))) < 0.02


def test_an_authoritys_own_figure_is_one_throw_of_chance_and_tells_less() -> None:
    stand, rows = Stand(2, chance=0.1), list(ROWS)
    own = [replace(row, target=replace(row.target, of_england=False)) for row in rows]
    of_england, of_one = (_fit(stand, given).posterior.covariance for given in (rows, own))
    assert np.trace(of_one) > 1.3 * np.trace(of_england)


def test_a_target_that_the_simulation_never_has_is_refused_before_the_waves() -> None:
    stand, asked = Stand(1), []

    def silent(name: str, units: np.ndarray, replications: range) -> np.ndarray:
        asked.append(name)
        found = stand(name, units, replications)
        found[:, 3] = np.nan
        return found

    with pytest.raises(UserError) as caught:
        _fit(silent, list(ROWS))  # type: ignore[arg-type]
    assert ROWS[3].target.measure in str(caught.value.problems[0])
    assert asked == ["declared"]


@pytest.mark.parametrize(("of_a_hundred", "refused"), [(3, False), (10, True)])
def test_draws_that_the_model_can_not_simulate_are_left_out_unless_they_are_many(
    of_a_hundred: int, refused: bool
) -> None:
    stand = Stand(4)

    def failing(name: str, units: np.ndarray, replications: range) -> np.ndarray:
        found = stand(name, units, replications)
        if name.startswith("wave"):
            found[np.arange(len(found)) % 100 < of_a_hundred] = np.nan
        return found

    if refused:
        with pytest.raises(UserError, match="draws of wave 1 that the model can't simulate"):
            _fit(failing, list(ROWS))  # type: ignore[arg-type]
    else:
        found = _fit(failing, list(ROWS))  # type: ignore[arg-type]
        assert np.isfinite(found.draws).all()
        assert np.isfinite(found.point).all()


@pytest.mark.parametrize(("parameters", "draws"), [(2, 20), (95, 200), (170, 200), (170, 5000)])
def test_a_budget_too_small_says_the_least_that_is_enough(parameters: int, draws: int) -> None:
    with pytest.raises(UserError) as caught:
        plan_of(draws + 70, draws, parameters)
    least = int(caught.value.problems[0].expected.split(" ")[0].replace(",", ""))
    assert plan_of(least, draws, parameters).total <= least
    with pytest.raises(UserError):
        plan_of(least - 1, draws, parameters)


def test_whoever_is_refused_a_budget_is_told_a_larger_one() -> None:
    # A few simulations more can make each batch at a point larger and the waves smaller.
    assert plan_of(1770, 40, 311)
    with pytest.raises(UserError, match="1,776 or more"):
        plan_of(1775, 40, 311)


def test_shares_are_compared_by_logits_counts_by_logarithms_and_what_may_be_negative_as_it_is() -> None:
    share, count = (next(row for row in ROWS if row.measure.unit.startswith("%") == one) for one in (True, False))
    seen = np.array([[20.0, 10.0, -1.0], [30.0, 500.0, 5.0]])
    scales = scales_of([share, count, count], seen)
    assert scales.share.tolist() == [True, False, False]
    assert scales.logarithm.tolist() == [False, True, False]
    value = share.target.value
    assert scales.target[:2] == pytest.approx([np.log(value / (100 - value)), np.log(count.target.value)])
    assert scales.variance[1] == pytest.approx((count.deviation / count.target.value) ** 2)
    assert scales.variance[2] == pytest.approx(count.deviation**2)
    assert np.isfinite(scales(np.array([[0.0, 0.0, 0.0], [100.0, 1e9, -3.0]]))).all()
