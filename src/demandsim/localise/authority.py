"""Which authority is meant, whether it existed in the year, and whether files are its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from demandsim.localise.recognise import AREA
from demandsim.localise.rules import rows_of
from demandsim.localise.table import Table
from demandsim.localise.years import closes, label, opens
from demandsim.problems import Problem, UserError, did_you_mean

_OPTION = "--la"
_HELP = "docs/how-to/localise.md"


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority.

    Attributes:
        name: as people write it.
        keys: its names and codes, plain.
        others: codes of others, which may have had its name: Dorset was another authority until 2019.
    """

    name: str
    keys: frozenset[str]
    others: frozenset[str] = frozenset()

    def is_row(self, cells: Sequence[str]) -> bool:
        """Return whether some cell of a row's area is the authority's, and none is a code of another."""
        given = {plain(cell) for cell in cells if cell}
        return not given.isdisjoint(self.keys) and given.isdisjoint(self.others)


def plain(text: str) -> str:
    """Return a name or a code without case, blanks and punctuation; `City of` and the like stand behind or before."""
    words = re.sub(r"[^a-z0-9 ]", " ", text.lower().replace("&", " and ")).split()
    return " ".join(sorted(words)) if len(words) > 1 else "".join(words)


def find_authority(given: str, base: int, tables: Sequence[Table]) -> Authority:
    """Return the authority that a name or a code means.

    Args:
        given: with --la.
        base: year of the scenario.
        tables: read; published ones say which names belong to which code.

    Raises:
        UserError: it did not exist in the year, no table has it, or returns are of another.
    """
    keys, problems = {plain(given)}, list[Problem]()
    if not plain(given):
        raise UserError(Problem(_OPTION, "", "nothing", "the name or code of an authority", _HELP))
    name = _named(given, tables)
    others: set[str] = set()
    for row in rows_of("authorities.csv"):
        codes = {plain(row["old_code"]), *(plain(code) for code in row["new_code"].split(";"))}
        if plain(given) in {plain(row["name"]), *codes}:
            keys, name = {plain(row["name"]), *codes}, row["name"]
            problems += _existed(row, base)
        else:
            others |= codes
    others -= keys
    known: set[str] = set()
    for table in tables:
        for cells in areas(table):
            known |= cells
            if keys & cells and not others & cells:
                keys |= cells
    published = [table for table in tables if table.kind is None]
    if published and not problems and keys.isdisjoint(known):
        hint = did_you_mean(given, sorted(_names(published)))
        expected = "a name or a code that stands in the published tables"
        problems.append(Problem(_OPTION, "", f"{given!r}, which no table has{hint}", expected, _HELP))
    problems += _of_others(tables, keys)
    if problems:
        raise UserError(problems)
    return Authority(name, frozenset(key for key in keys if key), frozenset(others))


def _named(given: str, tables: Sequence[Table]) -> str:
    """Return the name that tables give a code; what was given, if none does."""
    for table in tables:
        for names, codes in (
            ("la_name", ("old_la_code", "new_la_code")),
            ("geog_n", ("geog_c",)),
            ("la name", ("la",)),
        ):
            for code in codes:
                for name, cell in zip(table.text(names), table.text(code), strict=True):
                    if name and plain(cell) == plain(given):
                        return name
    return given.strip()


def areas(table: Table) -> Iterator[set[str]]:
    """Yield the names and codes of each row of a table of several authorities, plain; none where there are no such."""
    columns = [table.columns[name] for name in (*AREA, "la", "la name") if name in table.columns]
    if not columns or (table.kind and table.kind.id != "outturn"):
        return
    seen: set[tuple[str, ...]] = set()
    for cells in zip(*columns, strict=True):
        if cells not in seen:
            seen.add(cells)
            yield {plain(cell) for cell in cells if cell} - {""}


def _names(tables: Sequence[Table]) -> set[str]:
    return {name for table in tables for column in ("la_name", "geog_n") for name in table.text(column) if name}


def _existed(row: dict[str, str], base: int) -> list[Problem]:
    if row["until"] and date.fromisoformat(row["until"]) < opens(base):
        found = f"{row['name']} in {label(base)}, which ended on {row['until']}"
        expected = f"one of its successors: {row['successors'].replace(';', ' or')}; or --base with a year before"
        return [Problem(_OPTION, "", found, expected, _HELP)]
    if row["from"] and date.fromisoformat(row["from"]) >= closes(base):
        before = [one["name"] for one in rows_of("authorities.csv") if row["name"] in one["successors"].split("; ")]
        found = f"{row['name']} in {label(base)}, which began on {row['from']}"
        expected = f"--la {' or '.join(before)} for that year; or --base with a later year"
        return [Problem(_OPTION, "", found, expected, _HELP)]
    return []


def _code(text: str) -> str:
    """Return a code as a header has it; what is none may be anything, and is not repeated."""
    return text if re.fullmatch(r"[0-9]{3}|E[0-9]{8}", text) else "of no code"


def _of_others(tables: Sequence[Table], keys: set[str]) -> list[Problem]:
    """Return problems where returns say that they are of another authority, or of two."""
    said = {table.file: _code(table.about["authority"]) for table in tables if table.about.get("authority")}
    codes = sorted(set(said.values()))
    expected = "returns of one authority"
    if len(codes) > 1:
        return [
            Problem(file, "LEA", f"authority {code}", f"{expected}, not of {' and '.join(codes)}")
            for file, code in said.items()
        ]
    is_code = {key for key in keys if key.isdigit() and len(key) == 3}
    named = {code: row["name"] for row in rows_of("authorities.csv") for code in (row["old_code"],) if code}
    if codes and codes[0] in named and plain(named[codes[0]]) not in keys and codes[0] not in keys:
        return [
            Problem(file, "LEA", f"authority {code}, {named[code]}", "returns of the authority that --la names")
            for file, code in said.items()
        ]
    if codes and is_code and codes[0] not in is_code:
        return [
            Problem(file, "LEA", f"authority {code}", f"authority {' or '.join(sorted(is_code))}, as --la says")
            for file, code in said.items()
        ]
    return []
