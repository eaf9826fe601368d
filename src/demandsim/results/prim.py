"""Boxes by PRIM, the patient rule induction method (Friedman and Fisher, 1999): where cases crowd among many points.

A box is peeled: again and again a small share of its points goes, at whichever side of whichever column leaves the
largest share of cases. Of the boxes on the way the one is taken that holds most more cases than chance would put there.
Limits that could be chance are dropped, by the test of Bryant and Lempert (2010).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, ks_2samp

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Share of a box's points that is peeled at a time, and share of all points that a box has at least.
PEEL, LEAST = 0.05, 0.1
#: A limit stays if chance would make as large a share of cases without it in fewer than so many of one.
CHANCE = 0.05
#: Columns that are peeled.
MOST = 6


@dataclass(frozen=True, slots=True)
class Limits:
    """A box: between which values each column lies; infinite where it has no limit."""

    low: Array
    high: Array

    @staticmethod
    def none(columns: int) -> Limits:
        """Return the box without limits."""
        return Limits(np.full(columns, -np.inf), np.full(columns, np.inf))

    def holds(self, values: Array) -> Mask:
        """Return which points, (point, column), lie in the box."""
        inside: Mask = np.all((values >= self.low) & (values <= self.high), axis=1)
        return inside

    def without(self, column: int) -> Limits:
        """Return the box without its limits of a column."""
        low, high = self.low.copy(), self.high.copy()
        low[column], high[column] = -np.inf, np.inf
        return Limits(low, high)

    @property
    def columns(self) -> list[int]:
        """Return the columns that have a limit."""
        return [int(one) for one in np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high))]


def peeled(values: Array, cases: Mask, share: float = PEEL, least: float = LEAST) -> Iterator[Limits]:
    """Yield boxes, each within the last, the first without limits.

    Args:
        values: (point, column).
        cases: which points are cases.
        share: of a box's points that is peeled at a time.
        least: share of all points that a box must keep.
    """
    count = values.shape[1]
    box = Limits.none(count)
    inside = np.ones(len(values), dtype=bool)
    while True:
        yield box
        best: tuple[float, int, Limits, Mask] | None = None
        for column in range(count):
            here = values[inside, column]
            for low, high in ((np.quantile(here, share), np.inf), (-np.inf, np.quantile(here, 1 - share))):
                kept = inside & (values[:, column] > low) & (values[:, column] < high)
                size = int(kept.sum())
                if size == inside.sum() or size < least * len(values):
                    continue
                found = float(cases[kept].mean()), size
                if best is None or found > best[:2]:
                    best = (*found, _tighter(box, column, values[kept, column], high == np.inf), kept)
        if best is None or cases[inside].all():
            return
        box, inside = best[2:]


def _tighter(box: Limits, column: int, kept: Array, from_below: bool) -> Limits:
    low, high = box.low.copy(), box.high.copy()
    if from_below:
        low[column] = kept.min()
    else:
        high[column] = kept.max()
    return Limits(low, high)


def screened(values: Array, cases: Mask) -> list[int]:
    """Return the columns in which cases lie elsewhere than the rest, the surest first: peeling many fits chance."""
    chances = [float(ks_2samp(column[cases], column[~cases]).pvalue) for column in values.T]
    order = [int(one) for one in np.argsort(chances, kind="stable")]
    return [one for one in order if chances[one] <= CHANCE][:MOST]


def found_box(values: Array, cases: Mask) -> Limits:
    """Return the box of those peeled that holds most more cases than chance would, less limits that may be chance."""
    columns, box = screened(values, cases), Limits.none(values.shape[1])
    if columns:
        inner = _found_box(values[:, columns], cases)
        box.low[columns], box.high[columns] = inner.low, inner.high
    return box


def _found_box(values: Array, cases: Mask) -> Limits:
    boxes = list(peeled(values, cases))
    base = cases.mean()
    more = [float((cases[box.holds(values)] - base).sum()) for box in boxes]
    box = boxes[int(np.argmax(more))]
    while box.columns:
        chances = [chance_of(box, column, values, cases) for column in box.columns]
        if max(chances) <= CHANCE:
            break
        box = box.without(box.columns[int(np.argmax(chances))])
    return box


def chance_of(box: Limits, column: int, values: Array, cases: Mask) -> float:
    """Return how likely as many cases in the box are, if its limits of a column meant nothing."""
    inside = box.holds(values)
    share = cases[box.without(column).holds(values)].mean()
    return float(binom.sf(cases[inside].sum() - 1, inside.sum(), share))
