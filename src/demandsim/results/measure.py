"""What a measure is, and the few shapes that most measures have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np

from demandsim.results.year import Array, Year

#: The group of measures that say by how much others have grown.
GROWTH_GROUP = "growth"
#: Unit of what a comparison tells as an index.
INDEX = "index, reference 100"


class Quantity(Enum):
    """What kind of number a measure is: how it is scaled, bounded, compared and told hangs on this, not on its unit."""

    COUNT = "how many there are, in whole numbers"
    FLOW = "how many there are in a year, in whole numbers"
    AMOUNT = "how much there is of something else"
    MONEY = "£ million"
    SHARE = "so many of a hundred, or so much growth: differences are in percentage points"
    RATE = "an average, or so many for each worker"
    RATIO = "so many times another, without a unit"

    @property
    def scales(self) -> bool:
        """Return whether it grows with the authority, so that it can be scaled to England."""
        return self not in (Quantity.SHARE, Quantity.RATE, Quantity.RATIO)

    @property
    def counted(self) -> bool:
        """Return whether it is a whole number of children or of what happens to them."""
        return self in (Quantity.COUNT, Quantity.FLOW)


@dataclass(frozen=True, slots=True)
class Measure:
    """One published kind of number.

    Attributes:
        id: its name in tables and on the command line.
        label: what a chart calls it.
        quantity: what kind of number it is.
        unit: "children", "per year", "%", "£ million a year", ...: only told, nothing hangs on it.
        group: the part of the system it belongs to.
        of: the number from a year, one for each replication.
        headline: whether it stands in the table that ends a run.
        definition: the counting rule, and the return it matches.
        indexed: whether a comparison tells it as an index alone, 100 for the reference: it is no number of anything.
        withheld_by: parameters that act on the very decision whose harm it leaves out. A what-if that sets one of them
            is not judged by it.
        known_from: years after the start of a run from which it is known; the year before it is -1.
    """

    id: str
    label: str
    quantity: Quantity
    unit: str
    group: str
    of: Callable[[Year], Array]
    headline: bool
    definition: str
    indexed: bool = False
    withheld_by: tuple[str, ...] = ()
    known_from: int = -1

    @property
    def scales(self) -> bool:
        """Return whether it grows with the authority, so that it can be scaled to England."""
        return self.quantity.scales

    @property
    def told_in(self) -> str:
        """Return the unit of a comparison."""
        return INDEX if self.indexed else self.unit


def ratio(part: Array, whole: Array, scale: float = 100.0) -> Array:
    """Return part / whole x scale; not a number where the whole is nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, scale * part / whole, np.nan)


def measure(
    id: str,
    label: str,
    quantity: Quantity,
    unit: str,
    group: str,
    of: Callable[[Year], Array],
    definition: str,
    *,
    headline: bool = False,
    indexed: bool = False,
    withheld_by: tuple[str, ...] = (),
    known_from: int = -1,
) -> Measure:
    """Return a measure of any shape."""
    return Measure(id, label, quantity, unit, group, of, headline, definition, indexed, withheld_by, known_from)


def flow(id: str, label: str, group: str, *columns: int, definition: str, headline: bool = False) -> Measure:
    """Return a measure of what happened in the year."""

    def of(year: Year) -> Array:
        return year.count(*columns)

    return measure(id, label, Quantity.FLOW, "per year", group, of, definition, headline=headline)


def stock(id: str, label: str, group: str, *columns: int, definition: str, headline: bool = False) -> Measure:
    """Return a measure of how many there are on 31 March."""

    def of(year: Year) -> Array:
        return year.stock(*columns)

    return measure(id, label, Quantity.COUNT, "children", group, of, definition, headline=headline)


def share(
    id: str, label: str, of_what: str, group: str, part: int, whole: int, definition: str, *, headline: bool = False
) -> Measure:
    """Return a measure of one count of the year as a share of another."""

    def of(year: Year) -> Array:
        return ratio(year.count(part), year.count(whole))

    return measure(id, label, Quantity.SHARE, f"% of {of_what}", group, of, definition, headline=headline)


def bands(
    id: str, label: str, unit: str, group: str, labels: list[str], first: int, table: str, definition: str
) -> list[Measure]:
    """Return one share for each band of a wide record, which starts at the column `first` of `table`."""
    every = [first + place for place in range(len(labels))]

    def one(place: int, band: str) -> Measure:
        def of(year: Year) -> Array:
            take = getattr(year, table)
            return ratio(take(first + place), take(*every))

        return measure(f"{id}_{place + 1}", f"{label}: {band}", Quantity.SHARE, unit, group, of, definition)

    return [one(place, band) for place, band in enumerate(labels)]
