"""What is foretold of gaps, and what goes by it, the search and the ensemble, where the simulator is a formula."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest
from scipy.stats import chi2

from demandsim.experiment.assimilate import Assimilated, assimilate, spent
from demandsim.experiment.foretold import Foretold
from demandsim.experiment.nearest import nearest
from demandsim.experiment.observed import Observed
from demandsim.fit.chains import Unbent
from demandsim.fit.likely import misfit
from demandsim.scenario.unknowns import Unknown

Array = np.ndarray[Any, np.dtype[np.float64]]
GENERATOR = np.random.default_rng(3)
SLOPES = 3.0 * GENERATOR.normal(size=(5, 4))
WRONG = 0.3 * GENERATOR.normal(size=(5, 4))
LUCK = GENERATOR.normal(size=(16, 5))
UNKNOWNS = tuple(Unknown(f"number {place}") for place in range(4))
#: Of this row the mean field says nothing.
SILENT = 2


class Formula:
    """Stands for what simulates: a scenario is where its unknowns are.

    Args:
        bend: of the first unknown, which the mean field knows.
        odd: what the first figure is off by at most, one way or the other, which no line explains.
        often: how often it changes its way as the second unknown moves.
        own: luck of each simulation, beside that which all with the same number share; `seed` is that of it.
    """

    rows = tuple(range(5))

    def __init__(
        self, bend: float = 0.2, odd: float = 0.0, often: float = 6.0, own: float = 0.0, seed: int = 4
    ) -> None:
        self.seen: list[Array] = []
        self._bend, self.odd, self.often, self.own = bend, odd, often, own
        self._generator = np.random.default_rng(seed)

    def at(self, unknowns: Sequence[Unknown], units: Array) -> Array:
        assert len(unknowns) == len(units)
        return units

    def tell(self, what: str, finished: int, wanted: int) -> None:
        assert what
        assert finished <= wanted

    def bend(self, unknowns: Sequence[Unknown]) -> Unbent:
        return Unbent()

    def approximated(self, what: str, scenarios: Sequence[Array]) -> Array:
        found = np.array([SLOPES @ one + self._bend * np.sin(3 * one[0]) + 4.0 for one in scenarios])
        found[:, SILENT] = np.nan
        return found

    def true(self, units: Array) -> Array:
        odd = self.odd * np.cos(self.often * units[1]) * (np.arange(5) == 0)
        return np.asarray(SLOPES @ units + self._bend * np.sin(3 * units[0]) + 3.0 + WRONG @ units + odd)

    def simulated(self, what: str, scenarios: Sequence[Array], replications: Sequence[range]) -> list[Array]:
        self.seen += scenarios
        lucks = [LUCK[[luck % len(LUCK) for luck in which]] for which in replications]
        own = [self.own * self._generator.standard_normal(luck.shape) for luck in lucks]
        return [self.true(one) + luck + more for one, luck, more in zip(scenarios, lucks, own, strict=True)]


def _foretold(formula: Formula, slopes: Array = SLOPES) -> Foretold:
    return Foretold(cast("Observed", formula), UNKNOWNS, slopes)


def test_the_mean_field_foretells_and_a_line_where_it_is_silent() -> None:
    formula, units = Formula(), GENERATOR.normal(size=(3, 4))
    found, lines = _foretold(formula)("", units), units @ SLOPES.T
    expected = formula.approximated("", units)
    assert found[:, SILENT] == pytest.approx(lines[:, SILENT])
    kept = [0, 1, 3, 4]
    assert found[:, kept] == pytest.approx(expected[:, kept])


@pytest.mark.parametrize(("away", "learned"), [(0.5, 0.01), (5.0, 0.5), (15.0, 0.9)])
def test_of_what_was_wrong_at_one_point_more_is_learned_the_further_it_is_from_the_best(
    away: float, learned: float
) -> None:
    formula, best = Formula(), GENERATOR.normal(size=4)
    way = GENERATOR.normal(size=4)
    other = best + away * way / np.linalg.norm(way)
    foretold = _foretold(formula)
    foretold.learn(formula.true(best) - foretold("", best[None])[0], np.zeros((5, 4)))
    surprise = formula.true(other) - foretold("", other[None])[0]
    foretold.seen(other, surprise, best)
    assert foretold("", best[None])[0] == pytest.approx(formula.true(best))
    left = formula.true(other) - foretold("", other[None])[0]
    assert left == pytest.approx((1 - learned) * surprise, rel=0.001)


def test_slopes_are_those_of_what_is_foretold_where_it_is_asked() -> None:
    foretold, there = _foretold(Formula()), np.array([0.4, -1.0, 0.3, 2.0])
    foretold.learn(np.ones(5), WRONG)
    bend = np.zeros((5, 4))
    bend[:, 0] = 0.6 * np.cos(3 * there[0])
    bend[SILENT] = 0.0
    # Forward differences over a step of 0.1 err by half of it times the second derivative, 1.8 at most.
    assert foretold.slopes("", there) == pytest.approx(SLOPES + WRONG + bend, abs=0.09)


@pytest.mark.parametrize("start", [None, np.array([0.5, 0.5, -0.5, 0.0])])
def test_the_search_finds_the_nearest_point_of_what_is_simulated(start: Array | None) -> None:
    """From slopes that are 30% off, and wherever it begins, to within a twentieth of the misfit at the best point."""
    formula = Formula()
    found = nearest(cast("Observed", formula), UNKNOWNS, 1.3 * SLOPES, 8, len(LUCK), start)
    assert formula.seen[0] == pytest.approx(np.zeros(4) if start is None else start)

    def at(units: Array) -> float:
        return float(misfit(formula.true(units) + LUCK.mean(axis=0), units))

    around = [found.units + size * GENERATOR.normal(size=4) for size in (0.01, 0.05, 0.2, 1.0) for _ in range(200)]
    assert found.misfits[-1] == pytest.approx(at(found.units))
    assert found.misfits[-1] < 1.05 * min(at(units) for units in around)
    assert found.misfits[0] > 2 * found.misfits[-1]
    wider = np.sqrt(1 + found.found.var(axis=0, ddof=1) / len(LUCK))
    assert found.misfit == pytest.approx(float(misfit(found.found.mean(axis=0) / wider, found.units)))
    assert list(found.misfits) == sorted(found.misfits, reverse=True)
    assert found.foretold("", found.units[None])[0] == pytest.approx(found.found.mean(axis=0), abs=0.3)


def _ensemble(formula: Formula, members: int, check: bool = False) -> Assimilated:
    observed = cast("Observed", formula)
    return assimilate(observed, UNKNOWNS, nearest(observed, UNKNOWNS, SLOPES, 2, len(LUCK)), members, 5, check=check)


@pytest.mark.parametrize("own", [0.0, 0.5])
def test_members_come_to_what_is_known_when_the_mean_field_is_wrong_by_a_line(own: float) -> None:
    """Mean and spread are those of Bayes' rule, to which luck in the middle's simulations belongs, within four errors.

    Luck of the members' own simulations does not: it is told from what is foretold wrongly, and what it leaves of
    doubt about the lines is small beside that.
    """
    members = 400
    found = _ensemble(Formula(bend=0.0, own=own), members).units
    spread = np.sqrt(1 + (LUCK.var(axis=0, ddof=1) + own**2) / len(LUCK))
    scaled = (SLOPES + WRONG) / spread[:, None]
    covariance = np.linalg.inv(scaled.T @ scaled + np.eye(4))
    mean = -covariance @ scaled.T @ ((3.0 + LUCK.mean(axis=0)) / spread)
    error = np.sqrt(np.diag(covariance))
    off = 4 * error * np.sqrt(1 / members + own**2 / len(LUCK))
    assert np.all(np.abs(found.mean(axis=0) - mean) < off)
    assert found.std(axis=0) == pytest.approx(error, rel=4 / np.sqrt(2 * members))


def test_luck_in_what_teaches_widens_little() -> None:
    """Luck of eight errors of a figure in each simulation that teaches, where nothing is foretold wrongly; ten lucks.

    Were what is measured beside it taken as it is, figures would vary 1.08 to 1.26 times as widely as by Bayes' rule.
    """
    own = 8.0
    spread = np.sqrt(1 + (LUCK.var(axis=0, ddof=1) + own**2) / len(LUCK))
    slopes = SLOPES + WRONG
    scaled = slopes / spread[:, None]
    expected = np.diag(slopes @ np.linalg.inv(scaled.T @ scaled + np.eye(4)) @ slopes.T)
    formulas = [Formula(bend=0.0, own=own, seed=seed) for seed in range(10)]
    found = [np.var([formula.true(one) for one in _ensemble(formula, 100).units], axis=0) for formula in formulas]
    assert np.sqrt(np.mean(found, axis=0) / expected).max() < 1.1


def test_what_can_not_be_told_from_luck_counts_as_not_known() -> None:
    formulas = [Formula(bend=0.0, odd=odd, often=20.0, own=1.0) for odd in (0.0, 3.0)]
    usual, wider = (_ensemble(formula, 400).foretold.std(axis=0) for formula in formulas)
    assert wider[0] > 1.25 * usual[0]
    assert wider[1:] == pytest.approx(usual[1:], rel=0.15)


class Contradictory(Formula):
    """A formula whose figures can't be met together: they are off by a way in which no unknown moves them."""

    def true(self, units: Array) -> Array:
        nowhere = np.linalg.svd(SLOPES + WRONG)[0][:, -1]
        return super().true(units) + 20.0 * nowhere


def test_where_figures_can_not_be_met_together_members_lie_so_much_further_apart() -> None:
    found = _ensemble(Contradictory(bend=0.0), 400)
    spread = np.sqrt(found.wider**2 + LUCK.var(axis=0, ddof=1) / len(LUCK))
    scaled = (SLOPES + WRONG) / spread[:, None]
    expected = np.sqrt(np.diag(np.linalg.inv(scaled.T @ scaled + np.eye(4))))
    assert found.wider > 5
    assert found.units.std(axis=0) == pytest.approx(expected, rel=4 / np.sqrt(2 * 400))
    assert _ensemble(Formula(bend=0.0), 20).wider == 1


class Silent(Formula):
    """A formula of which one figure has no value in every fourth simulation."""

    def simulated(self, what: str, scenarios: Sequence[Array], replications: Sequence[range]) -> list[Array]:
        found = super().simulated(what, scenarios, replications)
        for each, which in zip(found, replications, strict=True):
            each[[luck % 4 == 0 for luck in which], 1] = np.nan
        return found


def test_a_figure_without_a_value_in_some_simulations_is_met_by_the_others() -> None:
    """What is foretold of it is what is there, with the luck of the simulations in which it has a value.

    Three of four of the two hundred simulations of the middle say so, each with luck of its own.
    """
    own = 0.2
    formula = Silent(bend=0.0, own=own)
    found = _ensemble(formula, 400)
    luck = np.array([LUCK[number % len(LUCK)] for number in range(200) if number % 4])[:, 1]
    gaps = np.array([formula.true(one) for one in found.units])[:, 1]
    assert np.isfinite(found.units).all()
    off = found.foretold[:, 1] - gaps - luck.mean()
    assert abs(off.mean()) < 4 * own / np.sqrt(150)
    assert off.std() < 0.25 * gaps.std()


class Noted(Formula):
    """A formula that remembers the lucks it was asked for, and what the mean field was asked of."""

    lucks: tuple[Sequence[range], ...] = ()
    proposed: tuple[Sequence[Array], ...] = ()

    def approximated(self, what: str, scenarios: Sequence[Array]) -> Array:
        self.proposed = (*self.proposed, scenarios)
        return super().approximated(what, scenarios)

    def simulated(self, what: str, scenarios: Sequence[Array], replications: Sequence[range]) -> list[Array]:
        self.lucks = (*self.lucks, replications)
        return super().simulated(what, scenarios, replications)


def test_some_members_go_ahead_and_teach_all() -> None:
    formula = Noted(bend=4.0)
    _ensemble(formula, 130)
    assert [sum(map(len, which)) for which in formula.lucks[-2:]] == [200, 800]
    assert spent(130) == 200 + 800 + 50  # and fifty to check
    asked = [len(one) for one in formula.proposed if len(one) > 5]
    assert asked[0] == 100
    assert max(asked) == 130


def test_members_that_have_arrived_stay() -> None:
    """Where figures are straight lines, that is all of them, after a first step from where lines drew them."""
    formula = Noted(bend=0.0)
    ensemble = _ensemble(formula, 40)
    asked = [len(one) for one in formula.proposed if len(one) > 5]
    # Twice to correct the lines, and one step: before what they teach is known, and after.
    assert asked == 2 * [40, 40, 40]
    assert np.isfinite(ensemble.foretold).all()


def test_members_far_away_go_on_until_they_arrive() -> None:
    """None is left as far off as one of a thousand would be by chance; after five rounds some are."""
    gaps = np.nan_to_num(_ensemble(Formula(bend=4.0), 130).foretold)
    assert np.sum(gaps**2, axis=1).max() < chi2.ppf(0.999, 5)


def test_the_check_has_luck_that_nothing_was_fitted_to() -> None:
    formula = Noted()
    found = _ensemble(formula, 12, check=True)
    *before, last = [{luck for which in lucks for luck in which} for lucks in formula.lucks]
    assert len(last) == 12
    assert not last & set.union(*before)
    assert found.check.shape == (12, 5)
    assert [one.tolist() for one in formula.seen[-12:]] == found.units.tolist()
