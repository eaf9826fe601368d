"""One financial year of what the model recorded, added up in the ways that measures need."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from demandsim.vocabulary import LINE_OF_CAUSE

Array = NDArray[np.float64]
Tables = dict[str, NDArray[Any]]


class Year:
    """One financial year of recorded tables, and the year before it.

    Args:
        tables: arrays of (replication, month or year, column).
        index: the year's place in the tables; must be at least 1.
    """

    def __init__(self, tables: Tables, index: int) -> None:
        self._tables = tables
        self._index = index

    @property
    def before(self) -> Year:
        return Year(self._tables, self._index - 1)

    def count(self, *columns: int) -> Array:
        """Return the year's total of some counts, for each replication."""
        months = self._tables["count"][:, 12 * self._index : 12 * self._index + 12]
        return _total(months[:, :, list(columns)])

    def stock(self, *columns: int) -> Array:
        """Return the sum of some stocks on 31 March."""
        return _total(self._tables["stock"][:, 12 * self._index + 11, list(columns)])

    def census(self, *columns: int) -> Array:
        return _total(self._tables["census"][:, self._index, list(columns)])

    def spend(self, *lines: int) -> Array:
        """Return the year's spend on some lines, in millions of pounds."""
        return self.spend_on(*(cause for cause, line in enumerate(LINE_OF_CAUSE) if line in lines))

    def spend_on(self, *causes: int) -> Array:
        """Return the year's spend on some causes, in millions of pounds."""
        months = self._tables["spend"][:, 12 * self._index : 12 * self._index + 12]
        return _total(months[:, :, list(causes)]) / 1e8

    def month_mean(self, *columns: int) -> Array:
        """Return the mean over the year's month ends of the sum of some stocks."""
        months = self._tables["stock"][:, 12 * self._index : 12 * self._index + 12]
        return _total(months[:, :, list(columns)]) / 12


def _total(table: NDArray[Any]) -> Array:
    """Add up all but the replications."""
    total: Array = table.reshape(len(table), -1).sum(axis=1, dtype=np.float64)
    return total
