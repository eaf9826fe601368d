"""Straight lines from parameters to targets, and what the targets then say of the parameters.

Iterated posterior linearisation (García-Fernández, Svensson, Morelande and Särkkä, 2015): lines are fitted by
regression to simulations of draws from what is known so far, what the lines leave counts as error, and the Gaussian
posterior from the prior follows exactly. Each wave draws from the posterior of the one before. The regression is a
ridge, whose penalty leave-one-out cross-validation chooses for each target.

Parameters are in standard units: beforehand each is normal with mean 0 and standard deviation 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2
from sklearn.linear_model import RidgeCV

Array = NDArray[np.float64]

METHOD = "iterated posterior linearisation by ridge regression on simulations"
#: Penalties that the cross-validation chooses from.
_PENALTIES = np.logspace(-1, 5, 19)
#: What lines leave beside Monte Carlo error, in variances of the target, before that is measured; and how sure that is,
#: as a standard deviation. Where Monte Carlo error is large a measurement alone says nothing.
_USUALLY, _SURE = 0.5, 1.0
#: Standard errors by which a measurement stands beyond doubt.
_BEYOND_DOUBT = 2.0


@dataclass(frozen=True, slots=True)
class Lines:
    """Targets as straight lines of the parameters, on the targets' scales.

    Attributes:
        level: (targets,) at parameters of 0.
        slopes: (targets, parameters).
        left: (targets,): mean square by which a draw that was left out of the fit differs, its chance included.
        unsure: (targets,): variance of what the lines say, as they were learned from few draws.
    """

    level: Array
    slopes: Array
    left: Array
    unsure: Array

    def __call__(self, units: Array) -> Array:
        """Return (..., targets) at parameters (..., parameters)."""
        return np.asarray(self.level + units @ self.slopes.T)

    def through(self, units: Array, simulated: Array) -> Lines:
        """Return the same lines, moved so that at a point (parameters,) they give (targets,)."""
        return replace(self, level=simulated - self.slopes @ units)


def learned(units: Array, simulated: Array, before: Lines | None) -> Lines:
    """Return lines from draws; the ridge draws them towards what was believed before.

    Args:
        units: (draws, parameters).
        simulated: (draws, targets), on the targets' scales.
        before: lines of the wave before, if there was one.
    """
    middle, spread = units.mean(axis=0), np.maximum(units.std(axis=0), 1e-9)
    standard = (units - middle) / spread
    surprise = simulated - before(units) if before else simulated
    ridge = RidgeCV(_PENALTIES, alpha_per_target=True, store_cv_results=True).fit(standard, surprise)
    penalties = np.broadcast_to(ridge.alpha_, surprise.shape[1])
    chosen = np.searchsorted(_PENALTIES, penalties * (1 - 1e-9))
    errors = ridge.cv_results_.reshape(*surprise.shape, len(_PENALTIES)).mean(axis=0)
    left = errors[np.arange(len(chosen)), chosen]
    squares = np.linalg.svd(standard, compute_uv=False)[:, None] ** 2
    freedom = 1.0 + (squares / (squares + penalties)).sum(axis=0)
    slopes = np.atleast_2d(ridge.coef_) / spread
    level = np.broadcast_to(ridge.intercept_, len(chosen)) - slopes @ middle
    if before:
        level, slopes = level + before.level, slopes + before.slopes
    return Lines(level, slopes, left, left * freedom / len(units))


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
        mean: (parameters,).
        covariance: (parameters, parameters).
        misfit: squared distance from the targets and from the prior mean, in standard deviations, at the mean.
    """

    mean: Array
    covariance: Array
    misfit: float

    def draws(self, number: int, generator: np.random.Generator) -> Array:
        """Return (number, parameters)."""
        root = np.linalg.cholesky(self.covariance)
        return np.asarray(self.mean + generator.standard_normal((number, len(self.mean))) @ root.T)


def posterior(lines: Lines, target: Array, variance: Array, free: NDArray[np.bool_] | None = None) -> Posterior:
    """Return what the targets say of the parameters; exact, as all is linear and Gaussian.

    Args:
        lines: from parameters to targets.
        target: (targets,), on their scales.
        variance: (targets,): of the targets, and of what the lines leave.
        free: (parameters,): those that may move; the others stay at 0. All unless given.
    """
    moving = np.ones(lines.slopes.shape[1], dtype=bool) if free is None else free
    slopes = np.where(moving, lines.slopes, 0.0)
    weighed = slopes.T / variance
    covariance = np.linalg.inv(weighed @ slopes + np.eye(len(moving)))
    covariance = (covariance + covariance.T) / 2
    mean = covariance @ (weighed @ (target - lines.level))
    misfit = float(np.sum((target - lines(mean)) ** 2 / variance) + mean @ mean)
    return Posterior(mean, covariance, misfit)


def most_together(targets: int) -> float:
    """Return the misfit that so many targets exceed in one case of a hundred, if they can be met together."""
    return float(chi2.ppf(0.99, targets))


def birge(misfit: float, targets: int) -> float:
    """Return how many times as large errors are as was thought, if so many targets can't be met together; else 1.

    Birge's ratio (Physical Review 40, 1932): either targets or the model are wrong by more than was thought.
    """
    return float((misfit / targets) ** 0.5) if misfit > most_together(targets) else 1.0
