"""Members drawn from what is known when outputs are straight lines of numbers that bend with their units.

By Hamiltonian Monte Carlo: Duane and others, Physics Letters B 195 (1987); Neal, Handbook of Markov Chain Monte Carlo
(2011). Each member is the end of a chain of its own. Drawn by lines of the units at the nearest point they lie as far
apart, but outputs there are far from what those lines said (`benchmarks/draws.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Steps between two throws of a chain, and how long a step is, in standard deviations of what is not known by lines at
#: the most likely point.
_STEPS, _STEP = 40, 0.07
#: A step is by chance so much shorter or longer, so that no chain comes back to where it was.
_UNEVEN = (0.5, 1.2)


class Bending(Protocol):
    """How numbers bend with their units; of (..., unknowns) either returns the same shape."""

    def moved(self, units: Array) -> Array:
        """Return how far each number is from where it is declared, in what it moves there for a unit."""

    def steepness(self, units: Array) -> Array:
        """Return how many times as fast each number moves as it does where it is declared."""


class Unbent:
    """Numbers that don't bend."""

    def moved(self, units: Array) -> Array:
        return units

    def steepness(self, units: Array) -> Array:
        return np.ones_like(units)


@dataclass(frozen=True, slots=True)
class Straight:
    """Outputs as straight lines of numbers.

    Attributes:
        level: (outputs,) of gaps where numbers are as declared. Of those that are not a number nothing is known.
        slopes: (outputs, unknowns): change of a gap as a number moves as far as it does there for a unit.
        spread: (outputs,): standard deviations of the gaps' errors.
        bend: how numbers bend with their units.
    """

    level: Array
    slopes: Array
    spread: Array
    bend: Bending

    def __call__(self, units: Array) -> Array:
        """Return (points, outputs) of gaps at (points, unknowns)."""
        found: Array = self.level + self.bend.moved(units) @ self.slopes.T
        return found

    def tilted(self, units: Array) -> Array:
        """Return (outputs, unknowns) at a point (unknowns,): change of a gap for a unit, in its standard deviations."""
        tilted: Array = self.slopes * self.bend.steepness(units) / self.spread[:, None]
        return tilted


def drawn(
    straight: Straight,
    middle: Array,
    units: Array,
    generator: np.random.Generator,
    thrown: int,
    tell: Callable[[int, int], None] = lambda finished, wanted: None,
) -> Array:
    """Return (members, unknowns) drawn from what is known, if a standard normal is thought of all unknowns beforehand.

    Args:
        straight: what outputs are.
        middle: (unknowns,): the most likely point, whose lines say how far a chain goes in which direction.
        units: (members, unknowns): where the chains begin, as `scattered` would have it.
        generator: of the chains.
        thrown: how often each chain is thrown anew. Where numbers are near an end of their range figures say little of
            them, and chains take long to get there and back.
        tell: told how many times chains were thrown anew, and will be.
    """
    known = ~np.isnan(straight.level)
    level, slopes = (one[known] / straight.spread[known, None] for one in (straight.level[:, None], straight.slopes))
    level, bend, shape = level[:, 0], straight.bend, _shape(straight, middle)

    def height(units: Array) -> tuple[Array, Array]:
        """Return (members,) of what is to be low, and (members, unknowns) of its slope."""
        gaps = level + bend.moved(units) @ slopes.T
        slope = gaps @ slopes * bend.steepness(units) + units
        return (np.sum(gaps**2, axis=1) + np.sum(units**2, axis=1)) / 2, slope

    low, slope = height(units)
    for number in range(thrown):
        pushed = generator.standard_normal(units.shape)
        step = _STEP * generator.uniform(*_UNEVEN)
        moved, pace = units, pushed - step / 2 * slope @ shape
        for left in reversed(range(_STEPS)):
            moved = moved + step * pace @ shape.T
            now, steep = height(moved)
            pace = pace - (step if left else step / 2) * steep @ shape
        lost = low + np.sum(pushed**2, axis=1) / 2 - now - np.sum(pace**2, axis=1) / 2
        taken = np.log(generator.uniform(size=len(units))) < lost
        units = np.where(taken[:, None], moved, units)
        slope = np.where(taken[:, None], steep, slope)
        low = np.where(taken, now, low)
        tell(number + 1, thrown)
    return units


def scattered(straight: Straight, middle: Array, members: int, generator: np.random.Generator) -> Array:
    """Return (members, unknowns) drawn by lines of the units at the most likely point (unknowns,)."""
    found: Array = middle + generator.standard_normal((members, len(middle))) @ _shape(straight, middle).T
    return found


def _shape(straight: Straight, middle: Array) -> Array:
    """Return (unknowns, unknowns): the root of how what is not known hangs together, by lines at the middle."""
    tilted = straight.tilted(middle)[~np.isnan(straight.level)]
    return np.linalg.cholesky(np.linalg.inv(tilted.T @ tilted + np.eye(len(middle))))
