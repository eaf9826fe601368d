"""What the figures say about the unknowns, and what they leave to judgement."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Spread afterwards, as a share of the spread beforehand, below which a number is pinned, or partly so.
PINNED, PARTLY = 0.5, 0.8
#: Parts of a combination smaller than this share of its largest are left out when it is named.
_MINOR = 0.35
_NAMED = 4


class Known(StrEnum):
    """How far the figures settle something."""

    PINNED = "pinned"
    PARTLY = "partly"
    NOT = "not"


def known(share: float) -> Known:
    """Return what a remaining spread means."""
    return Known.PINNED if share < PINNED else Known.PARTLY if share < PARTLY else Known.NOT


@dataclass(frozen=True, slots=True)
class Combination:
    """A direction in which the figures hold the unknowns.

    Attributes:
        value: singular value: standard deviations by which the outputs move for one unit of it.
        left: spread that is left of it, as a share of that beforehand.
        parts: (place of the unknown, weight), the largest first.
    """

    value: float
    left: float
    parts: tuple[tuple[int, float], ...]


def combinations(slopes: Array) -> list[Combination]:
    """Return the directions of the unknowns, those that the figures hold best first.

    Args:
        slopes: (outputs, unknowns), whitened: standard deviations of the output for one prior standard deviation.
    """
    rows = slopes[~np.isnan(slopes).any(axis=1)]
    _, values, directions = np.linalg.svd(rows, full_matrices=False)
    return [
        Combination(float(value), float(1 / np.sqrt(1 + value**2)), _parts(way))
        for value, way in zip(values, directions, strict=True)
    ]


def left(slopes: Array) -> Array:
    """Return the spread left of each unknown, as a share of that beforehand, were the outputs straight lines."""
    rows = slopes[~np.isnan(slopes).any(axis=1)]
    variance = np.linalg.inv(rows.T @ rows + np.eye(rows.shape[1]))
    share: Array = np.sqrt(np.diag(variance))
    return share


def _parts(way: Array) -> tuple[tuple[int, float], ...]:
    order = np.argsort(-np.abs(way))
    # Its sign means nothing; the largest part is given as up.
    way = way * np.sign(way[order[0]])
    most = abs(way[order[0]])
    return tuple((int(place), float(way[place])) for place in order[:_NAMED] if abs(way[place]) >= _MINOR * most)
