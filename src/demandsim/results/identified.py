"""How far the targets identify the parameters: the standard deviation afterwards over the one beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Posterior over prior standard deviation below which a parameter is well, or partly, identified.
WELL, PARTLY = 0.5, 0.8
#: Weights smaller than this share of a combination's largest are left out when it is named.
_MINOR = 0.35
_NAMED = 4


class Identified(StrEnum):
    """How far the targets settle something."""

    WELL = "well"
    PARTLY = "partly"
    NOT = "not identified"


def identified(share: float) -> Identified:
    """Return what a posterior over a prior standard deviation means."""
    return Identified.WELL if share < WELL else Identified.PARTLY if share < PARTLY else Identified.NOT


@dataclass(frozen=True, slots=True)
class Direction:
    """A combination of parameters that the targets tell something of.

    Attributes:
        value: singular value: standard deviations by which the targets move for one prior standard deviation of it.
        left: posterior over prior standard deviation of it.
        parts: (place of the parameter, weight), the largest first.
    """

    value: float
    left: float
    parts: tuple[tuple[int, float], ...]


def directions(slopes: Array) -> list[Direction]:
    """Return combinations of the parameters, those identified best first.

    Args:
        slopes: (targets, parameters): standard deviations of the target for one prior standard deviation.
    """
    _, values, ways = np.linalg.svd(slopes, full_matrices=False)
    return [
        Direction(float(value), float(1 / np.sqrt(1 + value**2)), _parts(way))
        for value, way in zip(values, ways, strict=True)
    ]


def _parts(way: Array) -> tuple[tuple[int, float], ...]:
    order = np.argsort(-np.abs(way))
    # Its sign means nothing; the largest weight is given as positive.
    way = way * np.sign(way[order[0]])
    most = abs(way[order[0]])
    return tuple((int(place), float(way[place])) for place in order[:_NAMED] if abs(way[place]) >= _MINOR * most)
