"""Published tables: one row for each authority and year, columns that change their names from release to release."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from demandsim.localise.authority import Authority, plain
from demandsim.localise.figures import Figure, Source
from demandsim.localise.quality import Quality
from demandsim.localise.recognise import AREA, published_column
from demandsim.localise.rules import marks, rows_of
from demandsim.localise.table import Table
from demandsim.problems import Problem
from demandsim.results.figures import bounds_of
from demandsim.results.measure import Quantity
from demandsim.results.measures import MEASURES
from demandsim.text_files import number_in

_WORDS = "published table"
_PERIOD = re.compile(r"(20[0-9]{2})(?:[-/]?(?:20)?([0-9]{2}))?")
_IN_NAME = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")
_LEVELS = ("localauthority", "la", "authority local")


def published_figures(
    tables: Sequence[Table], authority: Authority, quality: Quality, problems: list[Problem]
) -> list[Figure]:
    """Return the figures of an authority from published tables, the newest release of each.

    Args:
        tables: published ones.
        authority: whose rows to take.
        quality: told of cells without a figure and of older releases.
        problems: told of columns whose year can't be right.
    """
    found: dict[tuple[str, int], Figure] = {}
    newest: dict[tuple[str, int], int] = {}
    unclear: set[tuple[str, int]] = set()
    read = [(table, list(_figures(table, authority, quality, problems))) for table in tables]
    for table, figures in sorted(read, key=lambda one: -max((figure.year for figure in one[1]), default=0)):
        latest = max((figure.year for figure in figures), default=0)
        for figure in figures:
            key = (figure.measure, figure.year)
            if key in found and found[key].sources != figure.sources:
                alike = newest[key] == latest and found[key].value != figure.value
                quality.note(table.file, _WORDS, "ambiguous" if alike else "older_release", about=figure.measure)
                unclear |= {key} if alike else set()
            found.setdefault(key, figure)
            newest.setdefault(key, latest)
    return [figure for key, figure in found.items() if key not in unclear]


def _figures(table: Table, authority: Authority, quality: Quality, problems: list[Problem]) -> Iterator[Figure]:
    rows = list(_rows(table, authority, quality))
    for column in table.columns:
        name = published_column(column)
        for rule in [row for row in rows_of("published.csv") if row["column"] == name]:
            if rule["year"] == "suffix" and not _year_of_column(table, column, problems):
                continue
            yield from _of_column(table, column, rule, rows, quality)


def _rows(table: Table, authority: Authority, quality: Quality) -> Iterator[int]:
    """Yield the places of the authority's rows."""
    columns = [table.columns[name] for name in AREA if name in table.columns]
    levels = table.text("geographic_level") if "geographic_level" in table.columns else table.text("geog_l")
    for place, cells in enumerate(zip(*columns, strict=True)):
        if levels[place] and plain(levels[place]) not in _LEVELS:
            continue
        if any("/" in cell and authority.is_row([part.strip() for part in cell.split("/")]) for cell in cells):
            quality.note(table.file, _WORDS, "combined", table.lines[place])
        elif authority.is_row(cells):
            yield place
        else:
            quality.note(table.file, _WORDS, "other_authority")


def _of_column(
    table: Table, column: str, rule: dict[str, str], rows: Sequence[int], quality: Quality
) -> Iterator[Figure]:
    """Yield the figures of one column, a year each."""
    values: dict[int, set[float]] = {}
    absent: set[int | None] = set()
    for place in rows:
        if rule["where_column"] and table.text(rule["where_column"])[place].strip().lower() != rule["where_value"]:
            continue
        if not rule["where_column"] and _is_part(table, place):
            quality.note(table.file, _WORDS, "part", table.lines[place], about=column)
            continue
        year = _year(table, column, place, rule)
        text = table.columns[column][place]
        number = number_in(text.replace("£", ""), commas=True)
        if year is None or number != number:
            quality.note(table.file, _WORDS, _mark(text), table.lines[place], about=column)
            absent.add(year)
        elif not _is_possible(rule["measure"], number):
            quality.note(table.file, _WORDS, "implausible", table.lines[place], about=column)
        else:
            values.setdefault(year, set()).add(number / float(rule["divide_by"]))
    for year, numbers in values.items():
        # Of several rows that are suppressed but for one, that one is a part.
        if len(numbers) > 1 or year in absent:
            quality.note(table.file, _WORDS, "ambiguous", about=column)
            continue
        (value,) = numbers
        source = (Source(table.file, table.sha256),)
        share = rule["measure"] in MEASURES and MEASURES[rule["measure"]].quantity is Quantity.SHARE
        told = f"published: column {column}" + (f", {rule['note']}" if rule["note"] else "")
        yield Figure(rule["measure"], year, value, value, 100.0 if share else None, told, source, of_children=False)


#: Columns by which a release breaks its figures down, and what stands there in the row of all.
_BREAKDOWNS = ("source", "referral_source", "age", "age_group", "gender", "sex", "ethnicity", "category", "breakdown")
_ALL = ("", "all", "total", "all children", "not applicable", "z", "x")


def _is_part(table: Table, place: int) -> bool:
    """Return whether a row is of some children alone, as those whom the police referred."""
    return any(table.text(name)[place].strip().lower() not in _ALL for name in _BREAKDOWNS if name in table.columns)


def _is_possible(measure: str, number: float) -> bool:
    if measure not in MEASURES:
        return number >= 0
    low, high = bounds_of(measure)
    return low <= number <= high


def _mark(text: str) -> str:
    word = text.strip().lower()
    if not word:
        return "not_read_mark_blank"
    return marks().get(word, "not_read_mark_note" if word.startswith("[") else "implausible")


def _year(table: Table, column: str, place: int, rule: dict[str, str]) -> int | None:
    """Return the calendar year in which the financial year of a cell starts."""
    if rule["year"] == "suffix":
        return _year_of_column(table, column, [])
    match = _PERIOD.fullmatch(table.text("time_period")[place].strip())
    if not match:
        return None
    first, second = int(match[1]), match[2]
    if second is not None:
        return first if (first + 1) % 100 == int(second) else None
    return first if rule["year"] == "september" else first - 1


def _year_of_column(table: Table, column: str, problems: list[Problem]) -> int | None:
    """Return the year that a column's name ends with, unless the file's name says another."""
    digits = re.search(r"([0-9]{4})$", column)
    if not digits:
        return None
    text = digits[1]
    ends = int(text) if text.startswith("20") else 2000 + int(text[2:])
    for slip in rows_of("slips.csv"):
        if slip["file_has"] in table.file and slip["column"] == column:
            return int(slip["year"])
    named = [int(year) for year in _IN_NAME.findall(table.file)]
    if named and not min(named) <= ends <= max(named):
        problems.append(
            Problem(
                table.file,
                column,
                f"a column of {ends} in a file of {' to '.join(map(str, sorted({min(named), max(named)})))}",
                "the same year in both; or a line in rules/slips.csv that says which is right",
                "docs/how-to/localise.md",
            )
        )
        return None
    return ends - 1
