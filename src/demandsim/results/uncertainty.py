"""Two kinds of not knowing, never mixed: what may happen, and how well the mean is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

#: Share of simulated futures between the ends of a band.
BAND = 0.90


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure over replications.

    Attributes:
        mean: over replications.
        low, high: nine in ten simulated futures of one authority lie between them.
        error: half the 90% confidence interval of the mean; shrinks as replications are added.
    """

    mean: float
    low: float
    high: float
    error: float

    def times(self, scale: float) -> Estimate:
        return Estimate(self.mean * scale, self.low * scale, self.high * scale, self.error * scale)


def estimate(values: NDArray[np.float64]) -> Estimate:
    """Return the mean of a sample, its 90% band and the simulation error. Replications without a value are left out."""
    known = values[~np.isnan(values)]
    if not len(known):
        return Estimate(np.nan, np.nan, np.nan, np.nan)
    low, high = np.quantile(known, [(1 - BAND) / 2, (1 + BAND) / 2])
    if len(known) < 2:
        return Estimate(float(known[0]), float(low), float(high), np.nan)
    spread = known.std(ddof=1) / np.sqrt(len(known))
    error = stdtrit(len(known) - 1, (1 + BAND) / 2) * spread
    return Estimate(float(known.mean()), float(low), float(high), float(error))
