"""Children on their way from one step to another for a time that was settled when they set out."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from demandsim.meanfield.grid import AGES, MONTHS_A_YEAR, older

Array = NDArray[np.float64]


class Delay:
    """A short delay, the same for everybody: months later, so many parts arrive.

    Args:
        shape: of a flow.
        lags: months after which everybody has arrived.
    """

    def __init__(self, shape: tuple[int, ...], lags: int) -> None:
        self._shape = shape
        self._coming = np.zeros((lags, int(np.prod(shape))))
        self.inside: Array = np.zeros(shape)

    def step(self, entering: Array, leaves: Array, late: Array | None = None) -> Array:
        """Return who arrives in a month.

        Args:
            entering: who set out in the month.
            leaves: parts that arrive in the month they set out, and in each later one.
            late: who set out too late to arrive in the same month.
        """
        coming = self._coming
        coming += leaves[:, None] * entering.ravel()
        if late is not None:
            coming[1] += (leaves[0] + leaves[1]) * late.ravel()
            coming[2:] += leaves[2:, None] * late.ravel()
        arrived: Array = coming[0].reshape(self._shape).copy()
        self.inside += entering - arrived
        if late is not None:
            self.inside += late
        coming[:-1] = coming[1:]
        coming[-1] = 0.0
        return arrived


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
        total[now + 1] = total[now] + entering.reshape(total.shape[1:])
        edges = np.maximum(now + 1 - _EDGES[: len(arrives) + 1], 0)
        blocks = total[edges[:-1]] - total[edges[1:]]
        self._month += 1
        joined = np.ascontiguousarray(blocks.transpose(1, 0, 2)).reshape(len(entering.reshape(total.shape[1:])), -1)
        return (joined @ arrives.reshape(-1, AGES)).reshape(entering.shape)


#: Lags at which blocks of months begin: by the month for a year, then by the year.
_EDGES = np.array([*range(MONTHS_A_YEAR), *range(MONTHS_A_YEAR, 20 * MONTHS_A_YEAR, MONTHS_A_YEAR)])


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
