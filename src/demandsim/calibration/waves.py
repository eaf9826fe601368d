"""The fit: waves of simulations, each where the one before says that the parameters may lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats.qmc import LatinHypercube

from demandsim.calibration.posterior import (
    Lines,
    Posterior,
    beyond_chance,
    birge,
    learned,
    posterior,
)
from demandsim.calibration.scales import Scales, scales_of
from demandsim.calibration.simulator import Simulator
from demandsim.problems import Problem, UserError
from demandsim.results.fit_rows import Row

Array = NDArray[np.float64]

#: Waves; and batches of replications at one point: as declared, at each correction of the point estimate, and once more
#: to check it.
WAVES, CORRECTIONS = 4, 4
POINTS = CORRECTIONS + 2
#: Share of the budget that each of these batches takes, and the fewest replications in one.
_AT_A_POINT, _FEWEST = 0.035, 16
#: A wave has so many draws more than there are parameters, or more.
_MORE_THAN_PARAMETERS = 30
#: Draws from which the spread of the posterior is told.
_FOR_SPREAD = 1000
#: Share of a wave that must have been simulated.
_ENOUGH = 0.95
#: Where the replications begin that nothing was fitted with: those of the point estimate, and of the posterior draws.
_UNSEEN, _UNSEEN_OF_DRAWS = 100_000, 200_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What the budget is spent on.

    Attributes:
        wave: draws in each wave.
        point: replications of each batch at one point.
        draws: posterior draws, each simulated once.
    """

    wave: int
    point: int
    draws: int

    @property
    def total(self) -> int:
        return WAVES * self.wave + POINTS * self.point + self.draws


def plan_of(budget: int, draws: int, parameters: int) -> Plan:
    """Return how a number of simulations is best spent.

    Raises:
        UserError: they are too few.
    """
    point = max(_FEWEST, int(_AT_A_POINT * budget))
    wave = (budget - draws - POINTS * point) // WAVES
    fewest = parameters + _MORE_THAN_PARAMETERS
    if wave < fewest:
        least = _least(draws, fewest)
        expected = f"{least:,} or more: {WAVES} waves of {fewest} for {parameters} parameters, "
        expected += f"{POINTS} batches at one point, {draws} posterior draws"
        raise UserError(Problem("--budget", "", f"{budget:,} simulations", expected, "demandsim calibrate --help"))
    return Plan(wave, point, draws)


def _least(draws: int, fewest: int) -> int:
    least = WAVES * fewest + draws + POINTS * _FEWEST
    while (least - draws - POINTS * max(_FEWEST, int(_AT_A_POINT * least))) // WAVES < fewest:
        least += 1
    return least


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a fit found; parameters in standard units, targets in their measures' units unless it says otherwise.

    Attributes:
        posterior: of all that was drawn.
        draws: (draws, parameters) of it.
        point: (parameters,): the most likely values of those fitted, the others as declared.
        slopes: (targets, parameters): standard deviations of a target for one unit of a parameter.
        start, after: (replications, targets) simulated as declared, and at the point with unseen random draws.
        check: (draws, targets) simulated at the posterior draws, one unseen replication each.
        spread: (targets,): standard deviation of the targets over the posterior draws, chance left out.
        chance: (targets,): standard deviation of one simulated authority by chance.
        wider: how many times as large the targets' errors counted as their tolerances say.
    """

    posterior: Posterior
    draws: Array
    point: Array
    slopes: Array
    start: Array
    after: Array
    check: Array
    spread: Array
    chance: Array
    wider: float


def fit(
    simulate: Simulator, rows: Sequence[Row], scale: float, fitted: NDArray[np.bool_], plan: Plan, seed: int
) -> Fitted:
    """Fit parameters to targets.

    Args:
        simulate: what simulates; two calls with the same arguments return the same.
        rows: the targets.
        scale: how many of the simulated authority make England, over which chance evens out.
        fitted: (parameters,): which of those drawn the point estimate moves.
        plan: what the budget is spent on.
        seed: of the draws.

    Raises:
        UserError: the simulation has no value of a target, or can't be carried out at too many draws.
    """
    generator = np.random.default_rng(seed)
    start = simulate("declared", np.zeros((plan.point, len(fitted))), range(plan.point))
    _check_produced(rows, start)
    scales, lines = _waves(simulate, rows, start, plan, len(fitted), generator)
    known = _Known(rows, scale, scales, plan)
    point = posterior(lines, scales.target, scales.variance + lines.unsure, fitted).mean
    seen = _at(simulate, 1, point, plan)
    lines, variance, at_point, wider = known.errors(lines, seen)
    found = posterior(lines, scales.target, variance)
    point, before, seen = known.corrected(simulate, lines, at_point, fitted, point, seen)
    # Lines may promise what the model never gives: what was simulated at the point has the last word.
    simulated = float(np.sum((scales.target - known.level(seen)) ** 2 / at_point) + point @ point)
    if (more := birge(simulated, len(rows))) > wider:
        variance, wider = variance + scales.variance * (more**2 - wider**2), more
        found = posterior(lines, scales.target, variance)
    every = found.draws(max(_FOR_SPREAD, plan.draws), generator)
    draws = every[: plan.draws]
    return Fitted(
        replace(found, mean=every.mean(axis=0), covariance=np.cov(every.T).reshape(len(point), -1)),
        draws,
        point,
        lines.tangent(found.mean) / np.sqrt(variance)[:, None],
        start,
        seen,
        simulate("posterior", draws, range(_UNSEEN_OF_DRAWS, _UNSEEN_OF_DRAWS + plan.draws)),
        lines(every).std(axis=0, ddof=1) * scales.deviation / np.sqrt(scales.variance),
        np.nanstd(before, axis=0, ddof=1),
        wider,
    )


def _at(simulate: Simulator, number: int, point: Array, plan: Plan) -> Array:
    """Return (replications, targets) simulated at one point (parameters,), in a batch of some number.

    The last shows, with random draws not used before, where the corrections came to.
    """
    name, first = (f"point-{number}", number * plan.point) if number <= CORRECTIONS else ("point-check", _UNSEEN)
    return simulate(name, np.tile(point, (plan.point, 1)), range(first, first + plan.point))


class _Known:
    """How well targets are known, and what the simulation gives of them at a point.

    Args:
        rows: the targets.
        scale: how many of the simulated authority make England.
        scales: of the targets.
        plan: of the simulations.
    """

    def __init__(self, rows: Sequence[Row], scale: float, scales: Scales, plan: Plan) -> None:
        self._england = np.array([row.target.of_england for row in rows])
        # An authority's own figure is one realisation of chance; over England's authorities it evens out.
        self._single = np.where(self._england, 1.0 / scale, 1.0)
        self._scales, self._plan = scales, plan

    def level(self, seen: Array) -> Array:
        """Return (targets,) on their scales, of (replications, targets).

        England is the sum of its authorities, so its logarithm is that of the mean, not the mean of logarithms.
        """
        mean = _filled(self._scales(seen)).mean(axis=0)
        return np.where(self._england, self._scales(np.nanmean(seen, axis=0)), mean)

    def corrected(
        self, simulate: Simulator, lines: Lines, variance: Array, fitted: NDArray[np.bool_], point: Array, seen: Array
    ) -> tuple[Array, Array, Array]:
        """Return a point after its corrections, and (replications, targets) at the last point but one and the last.

        Args:
            simulate: what simulates.
            lines: of the targets.
            variance: (targets,) of what is known of them at a point.
            fitted: (parameters,): which of them move.
            point: (parameters,) to begin with.
            seen: (replications, targets) simulated there.
        """
        off: list[Array] = []
        for number in range(2, CORRECTIONS + 2):
            # Points lie near one another, and have random draws of their own: the mean of how far lines are off there
            # has less Monte Carlo error than the last.
            off.append(self.level(seen) - lines(point))
            point = posterior(lines.moved(np.mean(off, axis=0)), self._scales.target, variance, fitted).mean
            before, seen = seen, _at(simulate, number, point, self._plan)
        return point, before, seen

    def errors(self, lines: Lines, seen: Array) -> tuple[Lines, Array, Array, float]:
        """Return lines of what was published, its variance, the same at a point, and by how much errors are wider.

        At a point that is simulated, what the lines get wrong elsewhere does not count: (targets,) both.

        Args:
            lines: learned from single simulations.
            seen: (replications, targets) at one point.
        """
        there = _filled(self._scales(seen))
        chance, published = there.var(axis=0, ddof=1), self._scales.variance
        lines = lines.moved(self.level(seen) - there.mean(axis=0))
        world = self._single * chance
        left = world + lines.unsure
        left = left + beyond_chance(lines, self._plan.wave, chance, self._plan.point, published)
        wider = birge(posterior(lines, self._scales.target, published + left).misfit, len(published))
        at_point = published * wider**2 + world + chance / self._plan.point
        return lines, published * wider**2 + left, at_point, wider


def _waves(
    simulate: Simulator, rows: Sequence[Row], start: Array, plan: Plan, size: int, generator: np.random.Generator
) -> tuple[Scales, Lines]:
    """Return the scales of the targets, and the lines of the last wave."""
    units = np.asarray(norm.ppf(LatinHypercube(size, rng=generator).random(plan.wave)))
    lines: Lines | None = None
    chance = np.zeros(len(rows))
    for number in range(WAVES):
        seen = simulate(f"wave-{number + 1}", units, range(plan.wave))
        if lines is None:
            scales = scales_of(rows, np.concatenate([start, seen]))
            chance = _filled(scales(start)).var(axis=0, ddof=1)
        whole = _simulated(seen, number + 1)
        lines = learned(units[whole], _filled(scales(seen[whole])), lines)
        # The second wave lies as wide as what lines leave of single simulations: lines may be wrong where they lead.
        # Later ones lie where the targets put them, so that what bends further out is left behind.
        left = lines.left
        if number > 0:
            left = lines.unsure + beyond_chance(lines, plan.wave, chance, plan.point, scales.variance)
        known = posterior(lines, scales.target, scales.variance + left)
        units = known.draws(plan.wave, generator)
    assert lines is not None
    return scales, lines


def _simulated(found: Array, wave: int) -> NDArray[np.bool_]:
    """Return (draws,): which were simulated; with the values of a few the model may not go on.

    Raises:
        UserError: they are many.
    """
    whole = np.array([not np.isnan(draw).all() for draw in found])
    if np.mean(whole) < _ENOUGH:
        failed = int(np.sum(~whole))
        wrong = f"{failed:,} of {len(whole):,} draws of wave {wave} that the model can't simulate"
        raise UserError(
            Problem("calibrate", "", wrong, "ranges within which it can", "demandsim explain, and narrower ranges")
        )
    return whole


def _filled(values: Array) -> Array:
    """Return (draws, targets) in which a draw without a value has the mean of the others."""
    return np.where(np.isnan(values), np.nanmean(values, axis=0), values)


def _check_produced(rows: Sequence[Row], found: Array) -> None:
    silent = [bool(np.isnan(column).all()) for column in found.T]
    problems = [
        Problem(
            "--targets", row.target.id, f"{row.target.measure}, which this scenario has no value of", "a measure it has"
        )
        for row, nothing in zip(rows, silent, strict=True)
        if nothing
    ]
    if problems:
        raise UserError(problems)
