"""The values nearest to the figures: where the mean field says to go, the simulator says what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.experiment.observed import Observed
from demandsim.fit.nearest import corrected, misfit, step
from demandsim.scenario.unknowns import Unknown

Array = NDArray[np.float64]

#: Rounds after which slopes are taken from the mean field anew, and the longest step of one, in standard units.
_FRESH, _LONGEST = 3, 1.0
#: A round that gains less than this share has converged; two in a row end the search.
_ENOUGH = 0.01


@dataclass(frozen=True, slots=True)
class Nearest:
    """The point found.

    Attributes:
        units: of the unknowns, in standard units.
        found: (replication, row): gaps simulated there.
        start: the same at the values as declared.
        approximated: (row,): gaps there by the mean field.
        slopes: (row, unknown), as simulations have corrected them.
        rounds: (misfit, of it the figures', how many rows are within tolerance) of each round.
    """

    units: Array
    found: Array
    start: Array
    approximated: Array
    slopes: Array
    rounds: tuple[tuple[float, float, int], ...]


def nearest(observed: Observed, unknowns: Sequence[Unknown], rounds: int, replications: int) -> Nearest:
    """Find the values of the unknowns with which the simulator comes nearest to the figures.

    Each round simulates one point with the same luck as all others. The first is the scenario as it is.

    Args:
        observed: what simulates.
        unknowns: what may move.
        rounds: at most so many.
        replications: of each round.
    """
    units = np.zeros(len(unknowns))
    best, best_gaps, best_found = units, np.full(len(observed.rows), np.nan), np.empty(0)
    start, slopes, longest = np.empty(0), np.empty((0, 0)), _LONGEST
    least, idle = np.inf, 0
    history: list[tuple[float, float, int]] = []
    for number in range(rounds):
        what = f"Fitting, round {number + 1} of at most {rounds}"
        (found,) = observed.simulated(what, [observed.at(unknowns, units)], [range(replications)])
        gaps = np.nanmean(found, axis=0)
        total = misfit(gaps, units)
        history.append((total, misfit(gaps, np.zeros(1)), int(np.sum(np.abs(gaps) <= 2))))
        if number == 0:
            start = found
        else:
            slopes = corrected(slopes, units - best, gaps - best_gaps)
        idle = 0 if total < least * (1 - _ENOUGH) else idle + 1
        if total < least:
            least, best, best_gaps, best_found = total, units, gaps, found
        else:
            longest /= 2
        if idle == 2:
            break
        if number % _FRESH == 0 and number + 1 < rounds:
            slopes = observed.slopes(unknowns, best) if number == 0 else _refreshed(observed, unknowns, best, slopes)
        units = step(slopes, best_gaps, best, longest)
    by_mean_field = observed.approximated("Mean field", [observed.at(unknowns, np.zeros(len(unknowns)))])[0]
    return Nearest(best, best_found, start, by_mean_field, slopes, tuple(history))


def _refreshed(observed: Observed, unknowns: Sequence[Unknown], units: Array, slopes: Array) -> Array:
    """Return slopes of the mean field here; of rows of which it knows nothing, those learned so far."""
    fresh = observed.slopes(unknowns, units)
    silent = ~fresh.any(axis=1)
    fresh[silent] = slopes[silent]
    return fresh
