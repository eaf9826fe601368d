"""The scale on which a target is compared: a share by its logit, a count by its logarithm.

On these scales a chain of rates is close to a sum, so that straight lines hold far from where they were learned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.results.fit_rows import Row
from demandsim.results.measure import Quantity

Array = NDArray[np.float64]

#: No value counts as nearer to the end of its scale than this part of the target's standard deviation.
_NEAREST = 0.25


@dataclass(frozen=True, slots=True)
class Scales:
    """The scale of each target.

    Attributes:
        share: (targets,): whether it is a share in per cent, compared by its logit.
        logarithm: (targets,): whether it is compared by its logarithm; what is neither is compared as it is.
        edge: (targets,): values nearer than this to the end of the scale count as lying there.
        published: (targets,): in the measure's unit.
        deviation: (targets,): standard deviation of the published value, in the measure's unit.
        england: (targets,): whether it is of England, else of one authority.
    """

    share: NDArray[np.bool_]
    logarithm: NDArray[np.bool_]
    edge: Array
    published: Array
    deviation: Array
    england: NDArray[np.bool_]

    def __call__(self, values: Array) -> Array:
        """Return (..., targets) on the scale."""
        inside = self._inside(values)
        with np.errstate(divide="ignore", invalid="ignore"):
            logit, logarithm = np.log(inside / (100.0 - inside)), np.log(inside)
        return np.where(self.share, logit, np.where(self.logarithm, logarithm, values))

    def _inside(self, values: Array) -> Array:
        return np.clip(values, self.edge, np.where(self.share, 100.0 - self.edge, np.inf))

    def each(self, seen: Array) -> Array:
        """Return (draws, targets) on the scale; a draw without a value has the mean of the others."""
        values = self(seen)
        return np.where(np.isnan(values), np.nanmean(values, axis=0), values)

    def level(self, seen: Array) -> Array:
        """Return (targets,) on the scale, of (replications, targets) at one point.

        England is the sum of its authorities, so its logarithm is that of the mean, not the mean of logarithms.
        """
        return np.where(self.england, self(np.nanmean(seen, axis=0)), self.each(seen).mean(axis=0))

    def chance(self, seen: Array) -> Array:
        """Return (targets,): variance between replications (replications, targets) at one point, on the scale."""
        return np.asarray(self.each(seen).var(axis=0, ddof=1))

    @property
    def target(self) -> Array:
        """Return (targets,): the published values on the scale."""
        return self(self.published)

    @property
    def variance(self) -> Array:
        """Return (targets,): variance of the published values on the scale."""
        inside = self._inside(self.published)
        with np.errstate(divide="ignore"):
            logit, logarithm = 100.0 / (inside * (100.0 - inside)), 1.0 / inside
        steepness = np.where(self.share, logit, np.where(self.logarithm, logarithm, 1.0))
        return np.asarray((self.deviation * steepness) ** 2)


def scales_of(rows: Sequence[Row], simulated: Array) -> Scales:
    """Return the scale of each target.

    Args:
        rows: the targets.
        simulated: (draws, targets): a measure that goes below nothing, or is such a share, is compared as it is.
    """
    published, deviation = np.array([(row.target.value, row.deviation) for row in rows]).T
    positive = (np.nanmin(simulated, axis=0) >= 0.0) & (published >= 0.0)
    percent = np.array([row.measure.quantity is Quantity.SHARE for row in rows])
    share = positive & percent & (np.nanmax(simulated, axis=0) <= 100.0)
    edge = np.where(share, np.minimum(_NEAREST * deviation, 5.0), _NEAREST * deviation)
    england = np.array([row.target.of_england for row in rows])
    return Scales(share, positive & ~share, edge, published, deviation, england)
