"""The fit: waves of simulations, each where the one before says that the parameters may lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats.qmc import LatinHypercube

from demandsim.calibration.posterior import Lines, Posterior, beyond_chance, birge, learned, posterior
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
    plan, fewest = _spent(budget, draws), parameters + _MORE_THAN_PARAMETERS
    if plan.wave >= fewest:
        return plan
    least = next(more for more in count(budget + 1) if _spent(more, draws).wave >= fewest)
    expected = f"{least:,} or more: {WAVES} waves of {fewest} for {parameters} parameters, "
    expected += f"{POINTS} batches at one point, {draws} posterior draws"
    raise UserError(Problem("--budget", "", f"{budget:,} simulations", expected, "demandsim calibrate --help"))


def _spent(budget: int, draws: int) -> Plan:
    point = max(_FEWEST, int(_AT_A_POINT * budget))
    return Plan((budget - draws - POINTS * point) // WAVES, point, draws)


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a fit found; parameters in standard units, targets in their measures' units unless it says otherwise.

    Attributes:
        posterior: of all that was drawn.
        draws: (draws, parameters) of it.
        point: (parameters,): the most likely values of those fitted, the others as declared.
        start, after: (replications, targets) simulated as declared, and at the point with unseen random draws.
        check: (draws, targets) simulated at the posterior draws, one unseen replication each.
        spread: (targets,): standard deviation of the targets over the posterior draws, chance left out.
        wider: how many times as large the targets' errors counted as their tolerances say.
    """

    posterior: Posterior
    draws: Array
    point: Array
    start: Array
    after: Array
    check: Array
    spread: Array
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
    start = _declared(simulate, rows, plan, len(fitted))
    scales, lines = _waves(simulate, rows, start, plan, len(fitted), generator)
    point = posterior(lines, scales.target, scales.variance + lines.unsure, fitted).mean
    seen = _at(simulate, plan, 1, point)
    lines, chance = lines.moved(scales.level(seen) - scales.each(seen).mean(axis=0)), scales.chance(seen)
    world = np.where(scales.england, 1.0 / scale, 1.0) * chance
    left = world + lines.unsure + beyond_chance(lines, plan.wave, chance, plan.point, scales.variance)
    wider = birge(posterior(lines, scales.target, scales.variance + left).misfit, len(rows))
    # At a point that is simulated, what the lines get wrong elsewhere does not count.
    at_point = scales.variance * wider**2 + world + chance / plan.point
    off: list[Array] = []
    for number in range(2, CORRECTIONS + 2):
        # Points lie near one another, and have random draws of their own: the mean of how far lines are off there has
        # less Monte Carlo error than the last.
        off.append(scales.level(seen) - lines(point))
        point = posterior(lines.moved(np.mean(off, axis=0)), scales.target, at_point, fitted).mean
        seen = _at(simulate, plan, number, point)
    # Lines may promise what the model never gives: what was simulated at the point has the last word.
    misfit = float(np.sum((scales.target - scales.level(seen)) ** 2 / at_point) + point @ point)
    variance = scales.variance * wider**2 + left
    if (more := birge(misfit, len(rows))) > wider:
        variance, wider = variance + scales.variance * (more**2 - wider**2), more
    found = posterior(lines, scales.target, variance)
    every = found.draws(max(_FOR_SPREAD, plan.draws), generator)
    return Fitted(
        replace(found, mean=every.mean(axis=0), covariance=np.cov(every.T).reshape(len(point), -1)),
        every[: plan.draws],
        point,
        start,
        seen,
        simulate("posterior", every[: plan.draws], range(_UNSEEN_OF_DRAWS, _UNSEEN_OF_DRAWS + plan.draws)),
        lines(every).std(axis=0, ddof=1) * scales.deviation / np.sqrt(scales.variance),
        wider,
    )


def _declared(simulate: Simulator, rows: Sequence[Row], plan: Plan, size: int) -> Array:
    """Return (replications, targets) simulated with the values as declared.

    Raises:
        UserError: the scenario has no value of some targets.
    """
    seen = simulate("declared", np.zeros((plan.point, size)), range(plan.point))
    silent = [row.target for row, column in zip(rows, seen.T, strict=True) if np.isnan(column).all()]
    if silent:
        told = "{}, which this scenario has no value of"
        raise UserError(Problem("--targets", one.id, told.format(one.measure), "a measure it has") for one in silent)
    return seen


def _at(simulate: Simulator, plan: Plan, number: int, point: Array) -> Array:
    """Return (replications, targets) simulated at one point (parameters,), in a batch of some number.

    The last shows, with random draws not used before, where the corrections came to.
    """
    name, first = (f"point-{number}", number * plan.point) if number <= CORRECTIONS else ("point-check", _UNSEEN)
    return simulate(name, np.tile(point, (plan.point, 1)), range(first, first + plan.point))


def _waves(
    simulate: Simulator, rows: Sequence[Row], start: Array, plan: Plan, size: int, generator: np.random.Generator
) -> tuple[Scales, Lines]:
    """Return the scales of the targets, and the lines of the last wave."""
    units = np.asarray(norm.ppf(LatinHypercube(size, rng=generator).random(plan.wave)))
    lines: Lines | None = None
    for number in range(1, WAVES + 1):
        seen = simulate(f"wave-{number}", units, range(plan.wave))
        if number == 1:
            scales = scales_of(rows, np.concatenate([start, seen]))
        whole = _simulated(seen, number)
        lines = learned(units[whole], scales.each(seen[whole]), lines)
        # The second wave lies as wide as what lines leave of single simulations: lines may be wrong where they lead.
        # Later ones lie where the targets put them, so that what bends further out is left behind.
        left = lines.left
        if number > 1:
            left = lines.unsure + beyond_chance(lines, plan.wave, scales.chance(start), plan.point, scales.variance)
        units = posterior(lines, scales.target, scales.variance + left).draws(plan.wave, generator)
    assert lines is not None
    return scales, lines


def _simulated(found: Array, wave: int) -> NDArray[np.bool_]:
    """Return (draws,): which were simulated; with the values of a few the model may not go on.

    Raises:
        UserError: they are many.
    """
    whole = np.asarray(~np.isnan(found).all(axis=1))
    if np.mean(whole) < _ENOUGH:
        wrong = f"{np.sum(~whole):,} of {len(whole):,} draws of wave {wave} that the model can't simulate"
        hint = "demandsim explain, and narrower ranges"
        raise UserError(Problem("calibrate", "", wrong, "ranges within which it can", hint))
    return whole
