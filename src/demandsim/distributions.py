"""Times drawn by inverse transform: one draw in, one time out, rising with it.

Each exposes the mean and variance it promises, and a test holds the samples to them. Rising means that common random
numbers stay common: a longer mean makes every child's time longer, never shorter.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, gamma, log, sqrt

from demandsim.draws import NORMAL_QUANTILES, SLICES

_LOG_2 = log(2)


@dataclass(frozen=True, slots=True)
class Exponential:
    mean: float

    def of(self, draw: float) -> float:
        return -self.mean * log(1.0 - draw)

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
        return cls(median / _LOG_2 ** (1.0 / shape), shape)

    def of(self, draw: float) -> float:
        time: float = self.scale * (-log(1.0 - draw)) ** self.power
        return time

    def at(self, fraction: float) -> float:
        """Return the time by which this fraction (below 1) of all have passed."""
        time: float = self.scale * (-log(1.0 - fraction)) ** self.power
        return time

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
        return cls(mean / sqrt(1.0 + variation**2), sqrt(log(1.0 + variation**2)))

    def of(self, draw: float) -> float:
        return self.median * exp(self.sigma * NORMAL_QUANTILES[int(draw * SLICES)])

    @property
    def mean(self) -> float:
        return self.median * exp(self.sigma**2 / 2)

    @property
    def variance(self) -> float:
        return self.mean**2 * (exp(self.sigma**2) - 1.0)
