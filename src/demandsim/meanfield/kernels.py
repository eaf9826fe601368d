"""Times as months see them: of those who start during a month, how many are still there at the end of each later one.

A law is given by its survival function. Whoever starts does so evenly over the month, so what is left at the end of the
month is the mean of the survival over it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from demandsim.distributions import Lognormal, Weibull
from demandsim.meanfield.grid import MONTHS_A_YEAR
from demandsim.vocabulary import DAYS_A_YEAR

Array = NDArray[np.float64]
Survival = Callable[[Array], Array]

MONTH = DAYS_A_YEAR / MONTHS_A_YEAR
#: Cells of the fine grid in a month.
CELLS = 4
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(16)
#: Time constants, in months, of the exponentials that a long law is made of.
_CONSTANTS = np.array([2.0, 6.0, 15.0, 40.0, 110.0])
_FITTED_LAGS = 240


def left_after(survival: Survival, lags: int) -> Array:
    """Return the part still there at the end of each month, from the one of the start; `survival` takes days."""
    inside = (np.arange(lags)[:, None] + (_POINTS + 1) / 2) * MONTH
    return np.asarray(survival(inside) @ (_WEIGHTS / 2), dtype=np.float64)


def leaving(left: Array) -> Array:
    """Return the part that leaves in each month, from what is left at its end."""
    return -np.diff(left, prepend=1.0)


def weibull(law: Weibull) -> Survival:
    return lambda days: np.exp(-((days / law.scale) ** law.shape))


def exponential(mean: float) -> Survival:
    return lambda days: np.exp(-days / mean)


def passed(law: Lognormal, days: Array) -> Array:
    """Return the part of lognormal times that have passed."""
    with np.errstate(divide="ignore"):
        return np.asarray(ndtr(np.log(np.maximum(days, 1e-9) / law.median) / max(law.sigma, 1e-6)), dtype=np.float64)


def masses(gone: Array) -> Array:
    """Return the part of times nearest to each point of the fine grid, from what has passed half-way between points.

    As masses on points, times that are added up keep their means.
    """
    return np.diff(gone, prepend=0.0)


def halfway(points: int, cells: int = CELLS) -> Array:
    """Return the days half-way from each point of the fine grid to the next."""
    return np.asarray((np.arange(points) + 0.5) * (MONTH / cells), dtype=np.float64)


def left_of(parts: Array, lags: int, cells: int = CELLS) -> Array:
    """Return what is left at the end of each month of times on the fine grid."""
    gone = np.concatenate([[0.0], np.cumsum(parts)])[: lags * cells + 2]
    # Passed at each point: all that lies before it, and half of what lies on it.
    at = (gone[1:] + gone[:-1]) / 2
    means = 1.0 - (at[1:] + at[:-1]) / 2
    return np.asarray(means.reshape(lags, cells).mean(axis=1), dtype=np.float64)


def convolve(first: Array, second: Array) -> Array:
    """Return the masses of the sum of two independent times, cut where the first is."""
    size = 1 << (2 * len(first) - 1).bit_length()
    product = np.fft.rfft(first, size) * np.fft.rfft(second, size)
    return np.asarray(np.fft.irfft(product, size)[: len(first)], dtype=np.float64)


class Returns:
    """A long time as months one after the other can keep it: by the month at first, then as exponentials.

    Weights of exponentials may be negative; what leaves in any month is a part all the same.

    Attributes:
        first: parts that leave one and two months later.
        stays: what stays of each exponential in a month.
        weights: of the exponentials, from the end of the second month on.
    """

    def __init__(self, survival: Survival) -> None:
        left = left_after(survival, _FITTED_LAGS + 2)
        # Who would leave in the very month leaves in the next: months are handled one after the other.
        self.first = (float(1.0 - left[1]), float(left[1] - left[2]))
        self.stays, fit = _basis()
        self.weights: Array = fit @ left[2:]


@lru_cache(maxsize=64)
def returns(scale: float, shape: float) -> Returns:
    """Return the times to coming back, which seldom change from month to month."""
    return Returns(weibull(Weibull(scale, shape)))


@cache
def _basis() -> tuple[Array, Array]:
    """Return what stays of each exponential in a month, and the matrix that fits what is left of a law by them."""
    stays = np.exp(-1.0 / _CONSTANTS)
    # All who are there at first must be: that row weighs most.
    weight = np.ones(_FITTED_LAGS)
    weight[0] = 300.0
    left = stays ** np.arange(_FITTED_LAGS)[:, None]
    return stays, np.linalg.pinv(left * weight[:, None]) * weight
