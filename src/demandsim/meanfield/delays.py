"""Children on their way from one step to another for a time that was settled when they set out."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from demandsim.meanfield.grid import AGES, MONTHS_A_YEAR, older
from demandsim.vocabulary import DAYS_A_YEAR

Array = NDArray[np.float64]

#: Room for those to come, in times of the longest delay.
_ROOM = 4


class Delay:
    """A short delay, the same for everybody: months later, so many parts arrive.

    Args:
        shape: of a flow.
        lags: months after which everybody has arrived.
    """

    def __init__(self, shape: tuple[int, ...], lags: int) -> None:
        self._shape, self._lags = shape, lags
        self._coming = np.zeros((_ROOM * lags, int(np.prod(shape))))
        self._now = 0
        self.inside: Array = np.zeros(shape)

    def step(self, entering: Array, leaves: Array) -> Array:
        """Return who arrives in a month.

        Args:
            entering: who set out in the month.
            leaves: parts that arrive in the month they set out, and in each later one.
        """
        coming, now, lags = self._coming, self._now, self._lags
        coming[now : now + lags] += leaves[:, None] * entering.ravel()
        arrived: Array = coming[now].reshape(self._shape)
        self.inside += entering
        self.inside -= arrived
        self._now += 1
        if self._now + lags > len(coming):
            # Those who are still to come are moved to the front now and then, not every month.
            self._coming = np.concatenate([coming[self._now :], np.zeros((self._now, coming.shape[1]))])
            self._now = 0
        return arrived


class Queue:
    """Those who wait where there is not room for all. Of each kind the same part is let in.

    Attributes:
        inside: who waits.
        waits: days that those who are let in have waited, if they come as they did (Little's law).
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.inside: Array = np.zeros(shape)
        self.waits = 0.0

    def step(self, entering: Array, staying: float) -> Array:
        """Return who is let in in a month, after which so many still wait, or all if there are fewer."""
        there = self.inside + entering
        total = float(there.sum())
        staying = min(total, staying)
        let_in = there * ((total - staying) / max(total, 1e-12))
        self.inside = there - let_in
        self.waits = staying / max(total - staying, 1e-12) * DAYS_A_YEAR / MONTHS_A_YEAR
        return np.asarray(let_in)


class Long:
    """A long delay, up to many years, by age at its start: what arrives is older by then.

    Those on their way are kept by the month, and by the year when longer; what arrives is what their ages and times
    say, so that nothing spreads with the steps.

    Args:
        rows: kinds of children other than age.
        months: of the whole run.
    """

    def __init__(self, rows: int, months: int) -> None:
        self._total = np.zeros((months + 2, rows, AGES))
        self._month = 0

    def step(self, entering: Array, arrives: Array) -> Array:
        """Return who arrives in a month, at their age then; `arrives` is as `folded` gives."""
        total, now = self._total, self._month
        self._month += 1
        total[now + 1] = total[now] + entering.reshape(total.shape[1:])
        edges = np.maximum(now + 1 - _EDGES[: len(arrives) + 1], 0)
        reached = len(arrives)
        while reached > 1 and edges[reached - 1] == 0:
            reached -= 1  # nobody set out so long ago
        sums = total[edges[: reached + 1]]
        blocks = (sums[:-1] - sums[1:]) @ arrives[:reached]
        return np.asarray(blocks.sum(axis=0).reshape(entering.shape), dtype=np.float64)


#: Lags at which blocks of months begin: by the month at first, then by the season, then by the year.
_EDGES = np.array([0, 1, 2, 3, 4, 8, *range(MONTHS_A_YEAR, 20 * MONTHS_A_YEAR, MONTHS_A_YEAR)])


def folded(arrives: Array) -> Array:
    """Return a matrix for each block of lags: what arrives a month of those of each age, by age then.

    Args:
        arrives: the part that arrives in each month, (lags, ages at the start).
    """
    lags = len(arrives)
    edges = _EDGES[lags > _EDGES]
    sums = np.add.reduceat(arrives[:, :, None] * _older(lags), edges, axis=0)
    return np.asarray(sums / np.diff(_EDGES)[: len(edges), None, None], dtype=np.float64)


@cache
def _older(lags: int) -> Array:
    return np.array([older(float(lag)) for lag in range(lags)])
