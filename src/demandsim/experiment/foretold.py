"""Gaps of points that are not simulated: the mean field's, with what simulations show it to get wrong.

What it gets wrong is a straight line through the nearest point. From one simulation to the next luck and kinks change
as much as the mean field does what it gets wrong over several standard units, so of what is seen nearby the line takes
next to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from demandsim.experiment.observed import STEP, Observed
from demandsim.scenario.unknowns import Unknown

Array = NDArray[np.float64]

#: Over so many standard units half of a surprise is taken for a slope; over less, more of it is luck or a kink.
_HALF = 5.0


class Foretold:
    """Foretells gaps.

    Args:
        observed: what approximates.
        unknowns: that move.
        slopes: (row, unknown) at the declared values, for rows that the mean field knows nothing of.
    """

    def __init__(self, observed: Observed, unknowns: Sequence[Unknown], slopes: Array) -> None:
        self._observed, self._unknowns, self._slopes = observed, unknowns, slopes
        self._level, self._wrong = np.zeros(len(slopes)), np.zeros_like(slopes)

    def __call__(self, what: str, units: Array) -> Array:
        """Return (point, row) of gaps at (point, unknown); `what` is said while it goes on."""
        found = self._observed.approximated(what, [self._observed.at(self._unknowns, one) for one in units])
        foretold: Array = np.where(np.isnan(found), units @ self._slopes.T, found)
        return foretold + self._level + units @ self._wrong.T

    def learn(self, level: Array, wrong: Array) -> None:
        """Take in that gaps were foretold wrongly by a straight line: (row,) at units of nothing, (row, unknown)."""
        self._level, self._wrong = self._level + level, self._wrong + wrong

    def seen(self, units: Array, surprise: Array, best: Array) -> None:
        """Take in by how much (row,) gaps at a point were foretold wrongly; at the best one nothing changes."""
        moved = units - best
        wrong = np.nan_to_num(surprise)[:, None] * moved / (float(moved @ moved) + _HALF**2)
        self.learn(-wrong @ best, wrong)

    def slopes(self, what: str, units: Array) -> Array:
        """Return (row, unknown) at a point (unknown,); nothing for what moved nothing at the declared values."""
        moves = self._slopes.any(axis=0)
        steps = np.concatenate([np.zeros((1, len(units))), STEP * np.eye(len(units))[moves]])
        found = self(what, units + steps)
        slopes = np.zeros_like(self._slopes)
        slopes[:, moves] = (found[1:] - found[0]).T / STEP
        return slopes
