"""Net cost so far of a what-if, month by month, and when it has paid back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Pounds up to which nothing counts as spent: the ledger is in whole pence, and discounting leaves crumbs.
_NOTHING = 0.5


@dataclass(frozen=True)
class NetCost:
    """Spend of a what-if less that of its reference, added up from the first month on.

    A replication has paid back by a month if its cumulative net cost is at or below zero at that month's end and at
    every month's end after it, up to the last one simulated. One that never costs more than the reference has paid
    back from the beginning.

    Attributes:
        cumulative: at each month's end, in pounds: (replication, month).
    """

    cumulative: Array

    @cached_property
    def payback_month(self) -> Array:
        """Month, counted from 1, by which each replication has paid back; infinite if not within the run.

        Not a number where it never costs more than the reference.
        """
        out = self.cumulative > _NOTHING
        months = np.full(len(out), np.nan)
        for number, row in enumerate(out):
            last = np.flatnonzero(row)
            if len(last):
                months[number] = last[-1] + 2 if last[-1] + 1 < len(row) else np.inf
        return months

    def paid_back_by(self, month: int) -> float:
        """Return the share of replications that have paid back by a month, counted from 1."""
        months = self.payback_month
        return float(np.mean(np.isnan(months) | (months <= month)))

    @cached_property
    def first_year(self) -> int:
        """Year, counted from 1, in which a replication first spends more or less than the reference."""
        differs = (np.abs(self.cumulative) > _NOTHING).any(axis=0)
        return int(np.argmax(differs)) // 12 + 1

    @property
    def payback_year(self) -> int | None:
        """Return the first year, counted from 1, by whose end half the replications or more have paid back.

        Before anything is spent or saved there is nothing to pay back.
        """
        years = range(self.first_year, self.cumulative.shape[1] // 12 + 1)
        return next((year for year in years if self.paid_back_by(12 * year) >= 0.5), None)

    @property
    def never_out(self) -> bool:
        """Return whether no replication ever costs more than the reference."""
        return bool(np.isnan(self.payback_month).all())

    @property
    def nothing(self) -> bool:
        """Return whether the what-if spends what the reference spends, month by month."""
        return self.nothing_to(self.cumulative.shape[1] // 12)

    def nothing_to(self, year: int) -> bool:
        """Return whether it does so to the end of a year, counted from 1."""
        return bool((np.abs(self.cumulative[:, : 12 * year]) <= _NOTHING).all())

    @property
    def peak(self) -> Array:
        """Return the peak cumulative net cost of each replication, in pounds: the double running to be paid for."""
        most: Array = np.maximum(0.0, self.cumulative.max(axis=1))
        return most

    def at_year(self, year: int) -> Array:
        """Return the cumulative net cost at the end of a year, counted from 1, in millions of pounds."""
        so_far: Array = self.cumulative[:, 12 * year - 1] / 1e6
        return so_far
