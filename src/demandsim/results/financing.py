"""Who pays for a net cost: more budget, reserves, a deficit, or the rest of the council. In cash, never discounted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from demandsim.records import Count, Stock
from demandsim.results.store import Results
from demandsim.results.tables import YEARS_BEFORE

Array = NDArray[np.float64]

#: Overspend that reserves may not bear and the next year's budget pays back, in versions of the model that have it.
_OWED: int | None = getattr(Count, "OWED", None)
#: Overspend beyond that, which the rest of the council pays for good.
_RELIEVED: int | None = getattr(Count, "RELIEVED", None)


class Payer(NamedTuple):
    """Who may pay.

    Attributes:
        id: property of `Financing`.
        label: in files and pictures.
        pays: the middle of a sentence on a cost.
        keeps: the middle of a sentence on a saving.
        why: what a table adds to the label.
    """

    id: str
    label: str
    pays: str
    keeps: str
    why: str = ""

    @property
    def heading(self) -> str:
        """Return what it is called in a table that is read."""
        return self.label + self.why


PAYERS = (
    Payer("budget", "Larger budget", "a larger budget", "the budget"),
    Payer("reserves", "Reserves", "reserves", "reserves"),
    Payer("deficit", "Larger deficit", "a larger deficit", "a smaller deficit"),
    Payer(
        "council",
        "Rest of the council",
        "the rest of the council",
        "the rest of the council",
        ", for what reserves can't bear",
    ),
)


def reserves_of(results: Results) -> Array:
    """Return reserves on 31 March less what is to be paid back, in millions of pounds; below zero, a deficit.

    One number for each (replication, year). The first column is the first day: what a scenario opens with is there from
    then on, and stays as it is until the year's end.
    """
    months, first = results.tables["stock"].shape[1], 12 * YEARS_BEFORE
    ends = [first, *range(first + 11, months, 12)]
    left: Array = results.tables["stock"][:, ends, Stock.RESERVES] / 1e6
    if _OWED is None:
        return left
    owed: Array = results.tables["count"][:, ends, _OWED] / 1e6
    return left - owed


def _relieved(results: Results, months: slice) -> Array:
    """Return what the rest of the council has paid in some months, in millions of pounds."""
    if _RELIEVED is None:
        return np.zeros(results.manifest.replications)
    paid: Array = results.tables["count"][:, months, _RELIEVED].sum(axis=1, dtype=np.float64) / 1e6
    return paid


def first_in_deficit(results: Results) -> str | None:
    """Return the first year at whose end half the replications or more are in deficit; None if there is none."""
    shares = (reserves_of(results)[:, 1:] < 0).mean(axis=0)
    labels = results.year_labels()[YEARS_BEFORE:]
    return next((label for label, share in zip(labels, shares, strict=True) if share >= 0.5), None)


@dataclass(frozen=True)
class Financing:
    """What pays for the net cost of a what-if, in millions of pounds of cash.

    Every pound of net cost is one more of budget, one less of reserves, one more of deficit, or one that the rest of
    the council pays. Below zero, it is budget given up, reserves kept, or a deficit or a payment avoided.

    Attributes:
        reference: what the what-if is compared with.
        run: the what-if.
        years: counted from the start, to whose end it is added up; the whole run unless given.
    """

    reference: Results
    run: Results
    years: int | None = None

    @cached_property
    def net_cost(self) -> Array:
        spend = [run.tables["spend"][:, self._months].sum(axis=(1, 2)) / 1e8 for run in (self.run, self.reference)]
        extra: Array = spend[0] - spend[1]
        return extra

    @cached_property
    def reserves(self) -> Array:
        """What reserves pay: how much lower they end than the reference's, as far as they last."""
        return self._change(lambda run: np.maximum(0.0, reserves_of(run)))

    @cached_property
    def deficit(self) -> Array:
        """What nobody has paid yet: how much larger the deficit is than the reference's in the end.

        A smaller budget can make it smaller: no more is owed than a part of the budget, and the council pays the rest.
        """
        return self._change(lambda run: np.minimum(0.0, reserves_of(run)))

    @cached_property
    def council(self) -> Array:
        """What the rest of the council pays for good, beyond what the next year's budget can bear."""
        paid: Array = _relieved(self.run, self._months) - _relieved(self.reference, self._months)
        return paid

    @cached_property
    def budget(self) -> Array:
        """What a larger budget pays: the rest, as each year's under- or overspend goes to reserves."""
        paid: Array = self.net_cost - self.reserves - self.deficit - self.council
        return paid

    def paid_by(self, payer: Payer) -> Array:
        """Return what one payer pays, one number for each replication."""
        paid: Array = getattr(self, payer.id)
        return paid

    @property
    def _months(self) -> slice:
        start = 12 * YEARS_BEFORE
        return slice(start, None if self.years is None else start + 12 * self.years)

    def _change(self, of: Callable[[Results], Array]) -> Array:
        """Return by how much something of the reference gained on the run's from the start to the end."""
        ahead: Array = of(self.reference) - of(self.run)
        return ahead[:, -1 if self.years is None else self.years] - ahead[:, 0]
