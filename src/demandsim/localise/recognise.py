"""Which table a file holds: told by its columns, whatever the file is called and in whatever order they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from demandsim.localise.content import Content, UnknownTableError, csv_rows, read_content, wrong
from demandsim.localise.quality import Quality
from demandsim.localise.rules import Kind, aliases, kinds, rows_of
from demandsim.localise.table import Table
from demandsim.localise.xml_tables import xml_tables
from demandsim.problems import Problem, UserError

#: Lines above the heading of a published table, at most.
_PREAMBLE = 12
#: The name of a column that may be repeated; another may hold anything.
_PLAIN = re.compile(r"[a-z][a-z _]{0,29}")
#: Columns of published tables that say whose row it is.
AREA = ("old_la_code", "new_la_code", "la_name", "geog_c", "geog_n", "la code", "local authority")
_UNIT = re.compile(r"\s*(?:\(?£.*|\('?0{3}s?\))$")
_YEAR_SUFFIX = re.compile(r"_?((?:19|20)[0-9]{2}|[0-9]{4})$")


def read_tables(paths: Sequence[Path], quality: Quality, named: Collection[Path] = ()) -> list[Table]:
    """Read files, each into its tables; one that is no table is left out, unless it was named.

    Raises:
        UserError: with everything that keeps a file from being read.
    """
    tables: list[Table] = []
    problems: list[Problem] = []
    for path, name in zip(paths, _names(paths), strict=True):
        try:
            tables += _tables(path, name, quality)
        except UnknownTableError as error:
            if path in named or len(paths) == 1:
                problems += error.problems
            else:
                quality.note(name, "table", "unknown_table")
        except UserError as error:
            problems += error.problems
    if problems:
        raise UserError(problems)
    return tables


def _names(paths: Sequence[Path]) -> list[str]:
    """Return a name for each file that no other has: with as many of its folders as that takes."""
    parts = [path.absolute().parts for path in paths]
    names = [of[-1] for of in parts]
    for deep in range(2, max(map(len, parts), default=0) + 1):
        often = Counter(names)
        names = ["/".join(of[-deep:]) if often[name] > 1 else name for of, name in zip(parts, names, strict=True)]
    return names


def _tables(path: Path, name: str, quality: Quality) -> Iterator[Table]:
    content = read_content(path, name)
    found = xml_tables(content) if content.is_xml else [_csv_table(content, quality)]
    if not found:
        raise wrong(
            path, "XML without a record of a return that is known", "SSDA903, children in need or workforce census"
        )
    for table in found:
        if content.encoding == "cp1252":
            quality.note(table.file, table.words, "cp1252")
        quality.read[table.file, table.words] += len(table)
        if not len(table):
            quality.note(table.file, table.words, "empty_table")
        yield table


def _csv_table(content: Content, quality: Quality) -> Table:
    rows = csv_rows(content)
    place, kind = _heading(rows)
    if place is None and any(";" in cell for _, cells in rows[: _PREAMBLE + 1] for cell in cells):
        # Excel writes semicolons in countries where a comma stands in numbers; a title above may have commas.
        with suppress(UserError):  # so read it may be no CSV at all
            rows = csv_rows(content, ";")
            place, kind = _heading(rows)
    if place is None:
        known = "; ".join(f"{one.words}: {', '.join(one.required)}" for one in kinds().values() if one.element)
        error = wrong(content.path, "a heading of no table that is known", f"a published table, or one of: {known}")
        raise UnknownTableError(error.problems)
    heading = _named([cell.lower() for cell in rows[place][1]], kind)
    kept = [(line, cells) for line, cells in rows[place + 1 :] if _whole(cells, heading)]
    table = Table(
        kind,
        content.name,
        content.sha256,
        str(content.path.parent),
        {name: [cells[column] for _, cells in kept] for column, name in enumerate(heading) if name},
        [line for line, _ in kept],
        about={
            "preamble": " ".join(cell for _, cells in rows[:place] for cell in cells),
            "heading": " ".join(rows[place][1]),
        },
    )
    whole = set(table.lines)
    for line, _ in rows[place + 1 :]:
        if line not in whole:
            quality.note(table.file, table.words, "cells", line)
            quality.read[table.file, table.words] += 1
    if kind:
        for number, name in enumerate(heading, start=1):
            if name not in kind.columns:
                about = name if _PLAIN.fullmatch(name) else f"column {number}"
                quality.note(table.file, table.words, "column_ignored", about=about)
    return table


def _heading(rows: Sequence[tuple[int, list[str]]]) -> tuple[int | None, Kind | None]:
    """Return the place of the heading among the first rows, and the table it tells; None for a published one."""
    for place, (_, cells) in enumerate(rows[:_PREAMBLE]):
        names = [cell.lower() for cell in cells]
        known = [kind for kind in kinds().values() if set(kind.required) <= set(_named(names, kind))]
        if known and set(names).isdisjoint(("geographic_level", "geog_l")):
            return place, max(known, key=lambda kind: (len(kind.required), kind.id != "care_other"))
        if is_published(names):
            return place, None
    return None, None


def is_published(names: Sequence[str]) -> bool:
    """Return whether a heading is that of a published table: an area, and a column with figures that are known."""
    return not set(names).isdisjoint(AREA) and any(published_column(name) for name in names)


def published_column(name: str) -> str:
    """Return the column of the rules that a column of a published table is; empty if none."""
    known = {row["column"] for row in rows_of("published.csv")}
    stem = _YEAR_SUFFIX.sub("", name)
    return name if name in known else stem if stem in known else ""


def _named(names: Sequence[str], kind: Kind | None) -> list[str]:
    """Return the usual names of columns; of a name that stands twice the first counts."""
    if kind:
        # A unit may stand behind the name: Total expenditure (£000).
        plain = [_UNIT.sub("", name) for name in names]
        usual = [kind.aliases.get(name) or aliases().get(name, name) for name in plain]
    else:
        usual = list(names)
    seen = Counter[str]()
    for place, name in enumerate(usual):
        seen[name] += 1
        if seen[name] > 1:
            usual[place] = ""
    return usual


def _whole(cells: list[str], heading: Sequence[str]) -> bool:
    """Return whether a row has as many cells as the heading, blank ones at its end left out."""
    return len(cells) >= len(heading) and not any(cells[len(heading) :])
