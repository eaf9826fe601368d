"""The values nearest to the figures: where the mean field says to go, the simulator says what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.experiment.observed import Observed
from demandsim.fit.likely import Members
from demandsim.scenario.unknowns import Unknown

Array = NDArray[np.float64]

#: A round that gains less than this share has converged; so many in a row without more end the search.
_ENOUGH, _IDLE = 0.01, 3


@dataclass(frozen=True, slots=True)
class Nearest:
    """The point found.

    Attributes:
        units: of the unknowns, in standard units.
        found: (replication, row): gaps simulated there.
        start: the same at the values as declared.
        approximated: (row,): gaps there by the mean field.
        misfits: of the best point after each round.
    """

    units: Array
    found: Array
    start: Array
    approximated: Array
    misfits: tuple[float, ...]


def nearest(observed: Observed, unknowns: Sequence[Unknown], slopes: Array, rounds: int, replications: int) -> Nearest:
    """Find the values of the unknowns with which the simulator comes nearest to the figures.

    Each round simulates one point with the same luck as all others. The first is the scenario as it is.

    Args:
        observed: what simulates.
        unknowns: what may move.
        slopes: (row, unknown) at the declared values.
        rounds: at most so many.
        replications: of each round.
    """

    def simulated(number: int, units: Array) -> Array:
        what = f"Fitting, round {number} of at most {rounds}"
        return observed.simulated(what, [observed.at(unknowns, units)], [range(replications)])[0]

    nothing = np.zeros(len(unknowns))
    start = best = simulated(1, nothing)
    approximated = observed.approximated("Mean field", [observed.at(unknowns, nothing)])[0]
    gaps, exact = np.nanmean(start, axis=0), np.zeros((1, len(observed.rows)))
    point = Members(nothing[None], exact, slopes, gaps, observed.steepness(unknowns))
    misfits, idle = [float(point.misfits[0])], 0
    for number in range(2, rounds + 1):
        units = point.proposed()
        found = simulated(number, units[0])
        point.seen(units, np.nanmean(found, axis=0)[None])
        best = found if point.gained[0] else best
        idle = 0 if point.misfits[0] < misfits[-1] * (1 - _ENOUGH) else idle + 1
        misfits.append(float(point.misfits[0]))
        if idle == _IDLE:
            break
    return Nearest(point.units[0], best, start, approximated, tuple(misfits))
