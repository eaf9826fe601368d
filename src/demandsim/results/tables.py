"""The shape of what a run records, and the file columns it becomes."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from demandsim.records import Census, Count, Stock
from demandsim.vocabulary import Placement, SpendCause, State

Tables = dict[str, NDArray[Any]]

#: Years kept from before the start, so that growth in the first year can be measured.
YEARS_BEFORE = 1

#: For each monthly table, what its columns are and the words put before them in a file.
MONTHLY: dict[str, tuple[str, list[str]]] = {
    "count": ("in month", Count.words.labels()),
    "stock": ("at end", Stock.words.labels()),
    "state_days": ("child-days", State.words.labels()),
    "placed_days": ("placement-days", Placement.words.labels()),
    "spend": ("pence", SpendCause.words.labels()),
}
YEARLY: dict[str, tuple[str, list[str]]] = {"census": ("on 31 March", Census.words.labels())}


def columns_of(kinds: dict[str, tuple[str, list[str]]]) -> list[str]:
    """Return the file columns of the monthly or the yearly tables, in order."""
    return [f"{words}: {label}" for words, labels in kinds.values() for label in labels]


def meanings() -> list[tuple[str, str, str, str]]:
    """Return (file column, kind, unit, meaning) of every column, for the dictionary beside the results."""
    rows: list[tuple[str, str, str, str]] = []
    kinds = (
        ("in month", Count, "per month"),
        ("at end", Stock, "children"),
        ("child-days", State, "days"),
        ("placement-days", Placement, "days"),
        ("pence", SpendCause, "pence"),
        ("on 31 March", Census, "children"),
    )
    for words, kind, unit in kinds:
        for word in kind.words.all:
            names = [f"{word.label}: {column}" for column in word.columns] or [word.label]
            rows += [(f"{words}: {name}", words, word.unit or unit, word.meaning) for name in names]
    return rows
