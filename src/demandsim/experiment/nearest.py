"""The values nearest to the figures: where the mean field says to go, the simulator says what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.experiment.foretold import Foretold
from demandsim.experiment.observed import Observed
from demandsim.fit.likely import Members, misfit
from demandsim.scenario.unknowns import Unknown

Array = NDArray[np.float64]

#: A round, or a step, that gains less than this share has converged; so many in a row without more end the search.
_ENOUGH, _IDLE = 0.01, 3
#: Steps between two simulations, and how many in a row may gain next to nothing.
_STEPS, _IDLE_STEPS = 30, 3
#: After a round that gained nothing the next goes this part of the way.
_SHORTER = 0.5
#: Slopes taken so far away, in standard units, are taken anew, once between two simulations.
_FAR = 2.5


@dataclass(frozen=True, slots=True)
class Nearest:
    """The point found.

    Attributes:
        units: of the unknowns, in standard units.
        found: (replication, row): gaps simulated there.
        start: the same where the search began.
        approximated: (row,): gaps there by the mean field.
        misfits: of the best point after each round.
        foretold: what foretells gaps around it.
    """

    units: Array
    found: Array
    start: Array
    approximated: Array
    misfits: tuple[float, ...]
    foretold: Foretold

    @property
    def misfit(self) -> float:
        """Misfit there, if luck in what was simulated makes the figures' errors as much wider as it is."""
        wider = np.sqrt(1.0 + luck_of_mean(self.found))
        return float(misfit(np.nanmean(self.found, axis=0) / wider, self.units))


def luck_of_mean(found: Array) -> Array:
    """Return (row,) of the variance that luck makes of the mean of (replication, row)."""
    # A figure that only one simulation has a value of shows nothing of luck.
    return np.asarray(np.nan_to_num(np.nanvar(found, axis=0, ddof=1)) / len(found))


def nearest(
    observed: Observed,
    unknowns: Sequence[Unknown],
    slopes: Array,
    rounds: int,
    replications: int,
    start: Array | None = None,
    what: str = "Fitting",
) -> Nearest:
    """Find the values of the unknowns with which the simulator comes nearest to the figures.

    Each round simulates one point with the same luck as all others. The first is where the search begins. The next is
    the best by what is foretold, which every round corrects.

    Args:
        observed: what simulates.
        unknowns: what may move.
        slopes: (row, unknown) at the declared values.
        rounds: at most so many.
        replications: of each round.
        start: (unknown,): where to begin; the declared values unless given.
        what: to say while it goes on.
    """
    begin = np.zeros(len(unknowns)) if start is None else start
    search = _Search(observed, unknowns, slopes)

    def simulated(number: int, units: Array) -> Array:
        said = f"{what}, round {number} of at most {rounds}"
        return observed.simulated(said, [observed.at(unknowns, units)], [range(replications)])[0]

    found = first = simulated(1, begin)
    approximated = observed.approximated("Mean field", [observed.at(unknowns, begin)])[0]
    units, best = begin, first
    misfits, idle, way = [search.best(units, np.nanmean(found, axis=0))], 0, 1.0
    for number in range(2, rounds + 1):
        proposed = units + way * (search.proposed(units) - units)
        found = simulated(number, proposed)
        there = search.seen(proposed, np.nanmean(found, axis=0), units)
        idle = 0 if there < misfits[-1] * (1 - _ENOUGH) else idle + 1
        if there < misfits[-1]:
            units, best, way = proposed, found, 1.0
            search.best(units, np.nanmean(found, axis=0))
        else:
            way *= _SHORTER
        misfits.append(min(there, misfits[-1]))
        if idle == _IDLE:
            break
    return Nearest(units, best, first, approximated, tuple(misfits), search.foretold)


class _Search:
    """Where the nearest point is, by what is foretold.

    Attributes:
        foretold: what foretells gaps.
    """

    def __init__(self, observed: Observed, unknowns: Sequence[Unknown], slopes: Array) -> None:
        self.foretold, self._slopes = Foretold(observed, unknowns, slopes), slopes
        self._steepness = observed.bend(unknowns).steepness
        self._taken = np.zeros(len(unknowns))

    def best(self, units: Array, gaps: Array) -> float:
        """Take in gaps simulated at the best point so far, where they are foretold rightly now; return the misfit."""
        self.foretold.learn(gaps - self._one(units), np.zeros_like(self._slopes))
        return float(misfit(gaps, units))

    def seen(self, units: Array, gaps: Array, best: Array) -> float:
        """Take in gaps simulated where it led, and where the best were; return the misfit."""
        self.foretold.seen(units, gaps - self._one(units), best)
        return float(misfit(gaps, units))

    def proposed(self, units: Array) -> Array:
        """Return the nearest point."""
        units = self._settled(units)
        if np.linalg.norm(units - self._taken) < _FAR:
            return units
        self._slopes, self._taken = self.foretold.slopes("Slopes by the mean field", units), units
        return self._settled(units)

    def _settled(self, units: Array) -> Array:
        """Return where steps by the slopes there are end."""
        nothing, none = np.zeros((1, len(units))), np.zeros((1, len(self._slopes)))
        point = Members(
            nothing, none, self._slopes / self._steepness(self._taken), self._one(units), self._steepness, units
        )
        idle = 0
        for _ in range(_STEPS):
            before = float(point.misfits[0])
            proposed = point.proposed()
            point.seen(proposed, self.foretold("Nearest by the mean field", proposed))
            idle = 0 if point.misfits[0] < before * (1 - _ENOUGH) else idle + 1
            if idle == _IDLE_STEPS:
                break
        return np.asarray(point.units[0])

    def _one(self, units: Array) -> Array:
        return np.asarray(self.foretold("Mean field", units[None])[0])
