"""How far the targets identify the parameters: the standard deviation afterwards over the one beforehand."""

from __future__ import annotations

from collections.abc import Sequence
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
#: Combinations that keep more than this share of the prior standard deviation say nothing.
_MOST_LEFT = 0.95


class Identified(StrEnum):
    """How far the targets settle something."""

    WELL = "well"
    PARTLY = "partly"
    NOT = "not identified"


def identified(share: float) -> Identified:
    """Return what a posterior over a prior standard deviation means."""
    return Identified.WELL if share < WELL else Identified.PARTLY if share < PARTLY else Identified.NOT


@dataclass(frozen=True, slots=True)
class Combination:
    """A combination of parameters that the targets tell something of.

    Attributes:
        value: singular value: standard deviations by which the targets move for one prior standard deviation of it.
        left: posterior over prior standard deviation of it.
        words: the parameters that make up most of it, with their weights.
    """

    value: float
    left: float
    words: str


def combinations(slopes: Array, labels: Sequence[str]) -> tuple[Combination, ...]:
    """Return combinations of the parameters that the targets tell something of, those identified best first.

    Args:
        slopes: (targets, parameters): standard deviations of the target for one prior standard deviation.
        labels: of the parameters.
    """
    _, values, ways = np.linalg.svd(slopes, full_matrices=False)
    every = (
        Combination(float(value), float(1 / np.sqrt(1 + value**2)), _words(way, labels))
        for value, way in zip(values, ways, strict=True)
    )
    return tuple(one for one in every if one.left < _MOST_LEFT)


def _words(way: Array, labels: Sequence[str]) -> str:
    order = np.argsort(-np.abs(way))
    # Its sign means nothing; the largest weight is given as positive.
    way = way * np.sign(way[order[0]])
    named = [place for place in order[:_NAMED] if abs(way[place]) >= _MINOR * way[order[0]]]
    return ", ".join(f"{way[place]:+.2f} {labels[place]}" for place in named)
