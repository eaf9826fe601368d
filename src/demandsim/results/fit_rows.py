"""The published figures that a fit is held to, and how far simulated values lie from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demandsim.calendars import financial_year
from demandsim.evidence import Target, targets
from demandsim.problems import Problem, UserError, did_you_mean
from demandsim.results.figures import wrong_value, year_in
from demandsim.results.measure import Measure, Quantity
from demandsim.results.measures import LABELS, MEASURES
from demandsim.text_files import MOST_CSV_BYTES, csv_rows, number_in, read_text

Array = NDArray[np.float64]

HEADING = ["id", "measure", "value", "scale", "year", "tolerance", "tolerance_unit", "use", "source", "note"]
_PAGE = "docs/how-to/calibrate.md"
#: The years of which figures are fitted: that of the report, and the year before it for the few that have no other.
_YEARS = ("2013-14", "2012-13")
#: A measure, and those that it can't be less than taken together.
_WHOLES = {
    "contacts": ("referrals",),
    "enquiries": ("conferences",),
    "conferences": ("plans_started",),
    "children_in_need": ("plans", "looked_after"),
    "looked_after": ("fostered", "childrens_homes"),
    "care_ended": ("adoptions",),
    "spend_intervention": ("spend_looked_after", "spend_social_work"),
    "spend_looked_after": ("spend_fostering", "spend_residential"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure to be met.

    Attributes:
        target: as published; it has a tolerance.
        copies: how many of the simulated authority the figure is of.
    """

    target: Target
    copies: float

    @property
    def measure(self) -> Measure:
        return MEASURES[self.target.measure]

    @property
    def deviation(self) -> float:
        """Return the standard deviation of the figure as a fact about the model's world: half its tolerance."""
        assert self.target.tolerance is not None
        return self.target.tolerance / 2


def rows_of(given: Sequence[Target], circular: frozenset[str], scale: float) -> tuple[Row, ...]:
    """Return the rows that may be fitted: marked so, and not circular.

    Args:
        given: targets.
        circular: those from whose very figure an input was set, as `Target.is_circular` has them.
        scale: how many of the simulated authority make England.
    """
    return tuple(
        Row(target, scale if target.of_england and MEASURES[target.measure].scales else 1.0)
        for target in given
        if target.use == "calibrate" and target.tolerance and not target.is_circular(circular)
    )


def gaps(rows: Sequence[Row], values: Array) -> Array:
    """Return how far values lie from the figures, in standard deviations of these.

    Args:
        rows: figures.
        values: (..., rows), of one simulated authority.
    """
    copies, wanted, deviation = np.array([(row.copies, row.target.value, row.deviation) for row in rows]).T
    found: Array = (values * copies - wanted) / deviation
    return found


def all_published(figures: Iterable[Target]) -> bool:
    """Return whether figures are those that ship, which were published; others are given by a user."""
    return set(figures) <= set(targets())


def word_for(figures: Iterable[Target]) -> str:
    """Return what to call figures."""
    return "published" if all_published(figures) else "given"


# -- a user's own figures ---------------------------------------------------------------------------------------------


def own_targets(named: str, to_fit: bool = False) -> tuple[Target, ...] | None:
    """Return the figures in the file that a scenario names; None if it names none.

    Raises:
        UserError: as `read_targets`.
    """
    return read_targets(Path(named), to_fit) if named else None


def read_targets(path: Path, to_fit: bool = True) -> tuple[Target, ...]:
    """Read targets from a CSV with the columns of the file that ships.

    Args:
        path: of the file.
        to_fit: whether there must be a row to fit.

    Raises:
        UserError: with everything wrong in the file, figures that contradict one another among it.
    """
    lines = csv_rows(path, read_text(path, MOST_CSV_BYTES, "a CSV file", _PAGE), _PAGE)
    if not lines or lines[0] != HEADING:
        found = ",".join(lines[0]) if lines else "nothing"
        raise UserError(Problem(str(path), "line 1", found, ",".join(HEADING), _PAGE))
    problems: list[Problem] = []
    read: list[Target] = []
    for number, cells in enumerate(lines[1:], start=2):
        if any(cells):
            read += _target(str(path), f"line {number}", cells, problems)
    if not problems:
        problems += contradictions(read, str(path))
    if to_fit and not problems and not any(target.use == "calibrate" for target in read):
        problems.append(Problem(str(path), "use", "no row to fit", "calibrate in one row or more", _PAGE))
    if problems:
        raise UserError(problems)
    return tuple(read)


def _target(where: str, key: str, cells: list[str], problems: list[Problem]) -> Iterator[Target]:
    if len(cells) != len(HEADING):
        problems.append(Problem(where, key, f"{len(cells)} cells", ",".join(HEADING), _PAGE))
        return
    row = dict(zip(HEADING, cells, strict=True))
    wrong = [*_wrong_number(row), *_wrong_word(row), *(_wrong_to_fit(row) if row["use"] == "calibrate" else ())]
    problems += [Problem(where, f"{key}, {column}", found, expected, _PAGE) for column, found, expected in wrong]
    if not wrong:
        value, of_england = number_in(row["value"], commas=True), row["scale"] != "authority"
        tolerance = number_in(row["tolerance"]) if row["tolerance"] else None
        if tolerance and row["tolerance_unit"] == "%":
            tolerance *= value / 100
        about = row["use"], row["source"], row["note"]
        year = year_in(row["year"]) or row["year"]
        yield Target(row["id"], row["measure"], value, year, tolerance, *about, of_england)


#: Column, what was found there, what was expected.
_Wrong = tuple[str, str, str]


def _wrong_number(row: dict[str, str]) -> Iterator[_Wrong]:
    if expected := wrong_value(row["measure"], row["value"]):
        yield "value", repr(row["value"]), expected
    if row["tolerance"] and not (isfinite(size := number_in(row["tolerance"])) and size > 0):
        yield "tolerance", repr(row["tolerance"]), "a number above nothing, or nothing"


def _wrong_word(row: dict[str, str]) -> Iterator[_Wrong]:
    if row["measure"] not in MEASURES:
        found = f"{row['measure']!r}: no measure of that name" + did_you_mean(row["measure"], MEASURES, LABELS)
        yield "measure", found, "the id of a measure, in docs/reference/glossary.md"
    if row["scale"] not in ("", "England", "authority"):
        yield "scale", repr(row["scale"]), "England or authority; nothing for a share"
    if row["tolerance"] and row["tolerance_unit"] not in ("%", "points", "number"):
        yield "tolerance_unit", repr(row["tolerance_unit"]), "% of the value, points, or number"
    if row["use"] not in ("calibrate", "validate", "scenario"):
        yield "use", repr(row["use"]), "calibrate, validate or scenario"


def _wrong_to_fit(row: dict[str, str]) -> Iterator[_Wrong]:
    if not row["tolerance"]:
        yield "tolerance", "nothing", "how near the model must come: what is fitted needs one"
    year = year_in(row["year"])
    if not year:
        yield "year", repr(row["year"]), "a financial year, as 2023-24"
    elif year not in _YEARS and row["scale"] != "authority":
        yield "year", repr(row["year"]), f"{_YEARS[0]}: later years are never fitted, see demandsim validate --actuals"
    for one in targets():
        same = (row["measure"], year) == (one.measure, one.year)
        if one.use == "validate" and same and row["scale"] != "authority":
            yield "use", f"calibrate, for {one.id} ({one.measure})", "validate: it is held out and never fitted"


def of_other_years(given: Sequence[Target], start: int) -> list[Problem]:
    """Return problems with an authority's targets of another year than a scenario starts in, or the one before it."""
    years = (financial_year(start), financial_year(start - 1))
    wrong = [one for one in given if one.use == "calibrate" and not one.of_england and one.year not in years]
    found = ", ".join(sorted({one.year for one in wrong}))
    expected = f"{years[0]}, the year that the scenario starts in: later years are for demandsim validate --actuals"
    return [Problem("--targets", "year", found, expected, _PAGE)] if wrong else []


def contradictions(given: Sequence[Target], where: str) -> list[Problem]:
    """Return what can't be true at once among figures that are to be fitted."""
    fitted = [target for target in given if target.use == "calibrate" and target.tolerance is not None]
    problems = []
    first: dict[str, Target] = {}
    for target in fitted:
        other = first.setdefault(target.measure, target)
        if other is not target:
            found = f"{other.value:g} ({other.id}) and {target.value:g} ({target.id})"
            problems.append(Problem(where, target.measure, found, "one figure for each measure", _PAGE))
    for whole, parts in _WHOLES.items():
        of = [first[part] for part in parts if part in first]
        if whole not in first or not of or {one.of_england for one in of} != {first[whole].of_england}:
            continue
        most = first[whole].value + (first[whole].tolerance or 0)
        least = sum(one.value - (one.tolerance or 0) for one in of)
        if least > most:
            found = " and ".join(f"{one.measure} {one.value:g}" for one in of) + f", but {whole} {first[whole].value:g}"
            problems.append(Problem(where, whole, found, "no part greater than the whole, within tolerances", _PAGE))
    for stem in sorted({name.rpartition("_")[0] for name in first if name.rpartition("_")[2].isdigit()}):
        bands = [target for name, target in first.items() if name.rpartition("_")[0] == stem]
        least = sum(target.value - (target.tolerance or 0) for target in bands)
        if MEASURES[bands[0].measure].quantity is Quantity.SHARE and least > 100:
            total = sum(target.value for target in bands)
            problems.append(Problem(where, stem, f"bands that add up to {total:g}%", "at most 100%", _PAGE))
    return problems
