"""Times drawn by inverse transform: one draw in, one time out, rising with it.

Rising means that common random numbers stay common: a longer mean makes every child's time longer, never shorter. The
classes expose the mean and variance that the compiled functions promise, and a test holds samples to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, gamma, log, sqrt

from demandsim.draws import NORMALS, SLICES
from demandsim.engine.compiling import compiled

_LOG_2 = log(2)


@compiled
def exponential(mean: float, draw: float) -> float:
    return -mean * log(1.0 - draw)


@compiled
def weibull(scale: float, power: float, draw: float) -> float:
    """Return the time by which this part (below 1) of all have passed; `power` is one over the shape."""
    return scale * (-log(1.0 - draw)) ** power


@compiled
def weibull_scale(median: float, shape: float) -> float:
    return median / _LOG_2 ** (1.0 / shape)


@compiled
def normal(draw: float) -> float:
    """Return the standard normal quantile of a draw, the mean of its slice."""
    return NORMALS[int(draw * SLICES)]


@compiled
def spare(draw: float) -> float:
    """Return what `normal` leaves of a draw: where it lies in its slice, between 0 and 1, whatever the slice."""
    place = draw * SLICES
    return place - int(place)


@compiled
def lognormal(median: float, sigma: float, draw: float) -> float:
    return median * exp(sigma * normal(draw))


@compiled
def lognormal_median(mean: float, variation: float) -> float:
    """Return the median of a lognormal with this mean and coefficient of variation."""
    return mean / sqrt(1.0 + variation**2)


@compiled
def lognormal_sigma(variation: float) -> float:
    """Return the spread, on the log scale, of a lognormal with this coefficient of variation."""
    return sqrt(log(1.0 + variation**2))


@dataclass(frozen=True, slots=True)
class Exponential:
    mean: float

    def of(self, draw: float) -> float:
        return exponential(self.mean, draw)

    @property
    def variance(self) -> float:
        return self.mean**2


class Weibull:
    """Times whose hazard falls (shape below 1) or rises (above 1) with time."""

    __slots__ = ("power", "scale", "shape")

    def __init__(self, scale: float, shape: float) -> None:
        self.scale = scale
        self.shape = shape
        self.power = 1.0 / shape

    @classmethod
    def with_median(cls, median: float, shape: float) -> Weibull:
        return cls(weibull_scale(median, shape), shape)

    def of(self, draw: float) -> float:
        return weibull(self.scale, self.power, draw)

    @property
    def mean(self) -> float:
        return self.scale * gamma(1.0 + self.power)

    @property
    def variance(self) -> float:
        return self.scale**2 * (gamma(1.0 + 2.0 * self.power) - gamma(1.0 + self.power) ** 2)


class Lognormal:
    __slots__ = ("median", "sigma")

    def __init__(self, median: float, sigma: float) -> None:
        self.median = median
        self.sigma = sigma

    @classmethod
    def with_mean(cls, mean: float, variation: float) -> Lognormal:
        """Make one from its mean and coefficient of variation."""
        return cls(lognormal_median(mean, variation), lognormal_sigma(variation))

    def of(self, draw: float) -> float:
        return lognormal(self.median, self.sigma, draw)

    @property
    def mean(self) -> float:
        return self.median * exp(self.sigma**2 / 2)

    @property
    def variance(self) -> float:
        return self.mean**2 * (exp(self.sigma**2) - 1.0)
