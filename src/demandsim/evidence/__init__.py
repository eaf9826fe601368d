"""The published figures that ship with the package, each with its source.

The figures come from Ofsted's social care annual report 2013-14 and the official statistics it cites, and are used
under the Open Government Licence v3.0. `register.csv` holds every figure, `targets.csv` what the baseline is held
against, `series.csv` the years around it, and `dfe_cin_england_2013_2014.csv` the children in need tables for England.
`effects.csv` holds what trials, evaluations and cohort studies found, as short facts with where each was read; the
papers stay their publishers'.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

#: The targets that ship, and a scenario's own, in whichever folder they lie.
TARGETS_FILE = "targets.csv"


@dataclass(frozen=True, slots=True)
class Target:
    """One number the baseline is held against.

    Attributes:
        id: T01 to T75; several rows share one when a source gives a distribution.
        measure: id of the measure that must come near it.
        value: in the measure's unit, for England where it is a count.
        year: financial year.
        tolerance: how near, in the measure's unit; None where none is set.
        use: "calibrate" may be fitted, "validate" never, "scenario" is reported only.
        source, note: where it stands, and what to know about it.
        of_england: whether a count is England's; else the simulated authority's.
    """

    id: str
    measure: str
    value: float
    year: str
    tolerance: float | None
    use: str
    source: str
    note: str
    of_england: bool = True

    def is_circular(self, named: Collection[str]) -> bool:
        """Return whether agreement with it shows nothing, as it was used to derive other figures or to set an input.

        Args:
            named: targets that inputs were set from: ids, or an id and a measure where an id has several.
        """
        return "circular" in self.note or self.id in named or f"{self.id} {self.measure}" in named


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the register."""

    id: str
    quantity: str
    value: str
    unit: str
    period: str
    source_class: str
    source: str
    where: str
    note: str


@dataclass(frozen=True, slots=True)
class Point:
    """One published figure of a yearly series, for England."""

    measure: str
    year: str
    value: float
    source: str


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(StringIO(text)))


@cache
def targets() -> tuple[Target, ...]:
    """Return every target, in the order of its id."""
    return tuple(
        Target(
            row["id"],
            row["measure"],
            float(row["value"]),
            row["year"],
            _tolerance(row),
            row["use"],
            row["source"],
            row["note"],
        )
        for row in _rows(TARGETS_FILE)
    )


def _tolerance(row: dict[str, str]) -> float | None:
    if not row["tolerance"]:
        return None
    size = float(row["tolerance"])
    return size / 100 * float(row["value"]) if row["tolerance_unit"] == "%" else size


@cache
def register() -> dict[str, Figure]:
    """Return every figure of the register by its id."""
    names = ("id", "quantity", "value", "unit", "period", "source_class", "source", "where", "note")
    return {row["id"]: Figure(*(row[name] for name in names)) for row in _rows("register.csv")}


@dataclass(frozen=True, slots=True)
class Effect:
    """What a trial, an evaluation or a cohort study found.

    Attributes:
        id: V001 on.
        quantity, value, low, high, unit, population: what was found, of whom, and its interval.
        source, read_at: the study, and where it was read.
        how_sure, mechanism, note: how far to trust it, what of the model it bears on, and what to know.
    """

    id: str
    quantity: str
    value: str
    low: str
    high: str
    unit: str
    population: str
    source: str
    read_at: str
    how_sure: str
    mechanism: str
    note: str


@cache
def effects() -> dict[str, Effect]:
    """Return every effect by its id."""
    return {row["id"]: Effect(*row.values()) for row in _rows("effects.csv")}


@cache
def series() -> tuple[Point, ...]:
    """Return published yearly figures for England around the start, for charts."""
    return tuple(Point(row["measure"], row["year"], float(row["value"]), row["source"]) for row in _rows("series.csv"))
