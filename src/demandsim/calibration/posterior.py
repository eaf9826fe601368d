"""A quadratic from parameters to targets, and what the targets then say of the parameters.

Iterated posterior linearisation (García-Fernández, Svensson, Morelande and Särkkä, 2015), with a square of each
parameter beside the line: both are fitted by regression to simulations of draws from what is known so far, what they
leave counts as error, and the posterior follows from the prior. Each wave draws from the posterior of the one before.
The regression is a ridge, whose penalty leave-one-out cross-validation chooses for each target.

Parameters are in standard units: beforehand each is normal with mean 0 and standard deviation 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2
from sklearn.linear_model import RidgeCV

Array = NDArray[np.float64]

METHOD = "iterated posterior linearisation with squares, by ridge regression on simulations"
#: Penalties that the cross-validation chooses from.
_PENALTIES = np.logspace(-1, 5, 19)
#: What lines leave beside Monte Carlo error, in variances of the target, before that is measured; and how sure that is,
#: as a standard deviation. Where Monte Carlo error is large a measurement alone says nothing.
_USUALLY, _SURE = 0.5, 1.0
#: Moves of each chain, leaps in a move, and the length of a leap to begin with. Chains begin near the most likely
#: point, at this part of the Gaussian's width: further out, where targets bend, they would be stuck.
_MOVES, _LEAPS, _STEP, _BEGIN = 60, 8, 0.15, 0.3
#: Shares of moves that are taken between which the length of a leap is right.
_LEAST_TAKEN, _MOST_TAKEN = 0.6, 0.8
#: Steps to the most likely point, and a gain that ends them.
_STEPS, _ENOUGH = 60, 1e-9
#: Standard errors by which a measurement stands beyond doubt.
_BEYOND_DOUBT = 2.0


@dataclass(frozen=True, slots=True)
class Lines:
    """Targets as sums of a quadratic of each parameter, on the targets' scales.

    Attributes:
        level: (targets,) at parameters of 0.
        slopes, squares: (targets, parameters): of the parameters, and of their squares.
        left: (targets,): mean square by which a draw that was left out of the fit differs, its chance included.
        unsure: (targets,): variance of what the lines say, as they were learned from few draws.
    """

    level: Array
    slopes: Array
    squares: Array
    left: Array
    unsure: Array

    def __call__(self, units: Array) -> Array:
        """Return (..., targets) at parameters (..., parameters)."""
        return np.asarray(self.level + units @ self.slopes.T + units**2 @ self.squares.T)

    def tangent(self, units: Array) -> Array:
        """Return (targets, parameters): how steep targets are at a point (parameters,)."""
        return self.slopes + 2.0 * self.squares * units

    def moved(self, off: Array) -> Lines:
        """Return the same lines, moved up by (targets,)."""
        return replace(self, level=self.level + off)


def learned(units: Array, simulated: Array, before: Lines | None) -> Lines:
    """Return lines from draws; the ridge draws them towards what was believed before.

    Args:
        units: (draws, parameters).
        simulated: (draws, targets), on the targets' scales.
        before: lines of the wave before, if there was one.
    """
    middle, spread = units.mean(axis=0), np.maximum(units.std(axis=0), 1e-9)
    standard = (units - middle) / spread
    features = np.hstack([standard, (standard**2 - 1.0) / np.sqrt(2.0)])
    surprise = simulated - before(units) if before else simulated
    ridge = RidgeCV(_PENALTIES, alpha_per_target=True).fit(features, surprise)
    # Of a single target they are numbers, not lists.
    penalties, score, intercept = np.atleast_1d(ridge.alpha_, ridge.best_score_, ridge.intercept_)
    strengths = np.linalg.svd(features - features.mean(axis=0), compute_uv=False)[:, None] ** 2
    freedom = 1.0 + (strengths / (strengths + penalties)).sum(axis=0)
    # From coefficients of standardised draws to those of parameters.
    straight, bent = np.split(np.atleast_2d(ridge.coef_), 2, axis=1)
    squares = bent / np.sqrt(2.0) / spread**2
    level = intercept - straight @ (middle / spread) + squares @ (middle**2 - spread**2)
    slopes = straight / spread - 2.0 * squares * middle
    if before:
        level, slopes, squares = level + before.level, slopes + before.slopes, squares + before.squares
    return Lines(level, slopes, squares, -score, -score * freedom / len(units))


def beyond_chance(lines: Lines, draws: int, chance: Array, replications: int, variance: Array) -> Array:
    """Return (targets,): variance by which the model differs from straight lines, beside Monte Carlo error.

    Args:
        lines: of the last wave.
        draws: from which they were learned.
        chance: (targets,): variance between replications at one point.
        replications: from which that is known.
        variance: (targets,): of the published values.
    """
    measured = (lines.left - lines.unsure - chance) / variance
    error = 2 * ((lines.left / variance) ** 2 / draws + (chance / variance) ** 2 / replications)
    weight = _SURE**2 / (_SURE**2 + error)
    likely = np.maximum(weight * measured + (1 - weight) * _USUALLY, 0.0)
    # What is far beyond doubt counts, however unlikely it was thought.
    return np.asarray(np.maximum(likely, measured - _BEYOND_DOUBT * np.sqrt(error)) * variance)


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is known of the parameters.

    Attributes:
        mean: (parameters,): the most likely point, which is the mean where targets are straight lines.
        covariance: (parameters, parameters): there, by lines that touch the targets.
        slopes: (targets, parameters): there, standard deviations of a target for one unit of a parameter.
        misfit: squared distance from the targets and from the prior mean, in standard deviations, there.
        lines, target, variance: as given to `posterior`.
    """

    mean: Array
    covariance: Array
    slopes: Array
    misfit: float
    lines: Lines
    target: Array
    variance: Array

    def draws(self, number: int, generator: np.random.Generator) -> Array:
        """Return (number, parameters).

        By Hamiltonian Monte Carlo (Neal, 2011): a chain for each draw, in units of the Gaussian of `mean` and
        `covariance`.
        """
        root: Array = np.asarray(np.linalg.cholesky(self.covariance), dtype=np.float64)
        begin = _BEGIN * generator.standard_normal((number, len(self.mean)))
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray(self.mean + self._moved(begin, root, generator) @ root.T)

    def _moved(self, places: Array, root: Array, generator: np.random.Generator) -> Array:
        """Return (chains, parameters), in units of the Gaussian, after moves enough to forget the start."""
        step = _STEP
        energy, slope = self._energy(places, root)
        for _ in range(_MOVES):
            speed = generator.standard_normal(places.shape)
            whole = energy + np.sum(speed**2, axis=1) / 2
            time = step * generator.uniform(0.7, 1.3)
            there, slope_there = places, slope
            for _ in range(_LEAPS):
                speed = speed - time / 2 * slope_there
                there = there + time * speed
                energy_there, slope_there = self._energy(there, root)
                speed = speed - time / 2 * slope_there
            gained = whole - energy_there - np.sum(speed**2, axis=1) / 2
            # What has run off to infinity is not a number, and is not taken.
            taken = np.log(generator.uniform(size=len(places))) < gained
            energy = np.where(taken, energy_there, energy)
            places, slope = (np.where(taken[:, None], new, old) for new, old in ((there, places), (slope_there, slope)))
            share = np.mean(taken)
            step *= 1.1 if share > _MOST_TAKEN else 0.85 if share < _LEAST_TAKEN else 1.0
        return places

    def _energy(self, places: Array, root: Array) -> tuple[Array, Array]:
        """Return (chains,) minus the logarithm of the posterior's density, and its slope (chains, parameters)."""
        units = self.mean + places @ root.T
        off = self.target - self.lines(units)
        weighed = off / self.variance
        slope = units - weighed @ self.lines.slopes - 2.0 * units * (weighed @ self.lines.squares)
        energy = (np.sum(off * weighed, axis=1) + np.sum(units**2, axis=1)) / 2
        return np.asarray(energy), np.asarray(slope @ root)


def posterior(lines: Lines, target: Array, variance: Array, free: NDArray[np.bool_] | bool = True) -> Posterior:
    """Return what the targets say of the parameters.

    Args:
        lines: from parameters to targets.
        target: (targets,), on their scales.
        variance: (targets,): of the targets, and of what the lines leave.
        free: (parameters,): those that may move; the others stay at 0.
    """

    def misfit(units: Array) -> float:
        return float(np.sum((target - lines(units)) ** 2 / variance) + units @ units)

    one = np.eye(lines.slopes.shape[1])
    mean, damping = np.zeros(len(one)), 0.0
    least = misfit(mean)
    # Gauss-Newton steps, damped where they would overshoot; exact at once where targets are straight lines.
    for _ in range(_STEPS):
        slopes = np.where(free, lines.tangent(mean), 0.0)
        weighed = slopes.T / variance
        downhill = weighed @ (target - lines(mean)) - mean
        step = np.linalg.solve(weighed @ slopes + (1.0 + damping) * one, downhill)
        there = misfit(mean + step)
        if there > least:
            damping = max(4.0 * damping, 1.0)
            continue
        gained, mean, least, damping = least - there, mean + step, there, damping / 4.0
        if gained < _ENOUGH * (1.0 + least):
            break
    slopes = np.where(free, lines.tangent(mean), 0.0)
    covariance = np.linalg.inv((slopes.T / variance) @ slopes + one)
    slopes = slopes / np.sqrt(variance)[:, None]
    return Posterior(mean, (covariance + covariance.T) / 2, slopes, least, lines, target, variance)


def most_together(targets: int) -> float:
    """Return the misfit that so many targets exceed in one case of a hundred, if they can be met together."""
    return float(chi2.ppf(0.99, targets))


def birge(misfit: float, targets: int) -> float:
    """Return how many times as large errors are as was thought, if so many targets can't be met together; else 1.

    Birge's ratio (Physical Review 40, 1932): either targets or the model are wrong by more than was thought.
    """
    return float((misfit / targets) ** 0.5) if misfit > most_together(targets) else 1.0
