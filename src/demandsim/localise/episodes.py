"""Rows of SSDA903 returns of several years, as one list: later returns win, short breaks are left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from demandsim.localise.quality import Quality
from demandsim.localise.rules import codes
from demandsim.localise.table import Table
from demandsim.localise.years import NEAR, closes, last_year


@dataclass(slots=True)
class Row:
    """An episode: a time in one place under one legal status.

    Attributes:
        child: joined id.
        start, end: of the episode; no end if it is open.
        begins, ends: codes RNE and REC.
        status, place, provider: codes LS, PLACE and PLACE_PROVIDER.
        of: year of its return.
        file, line: where it stands.
    """

    child: str
    start: date
    end: date | None
    begins: str
    ends: str
    status: str
    place: str
    provider: str
    of: int
    file: str
    line: int


_WORDS = "SSDA903 episodes"
#: Columns of codes, and the lists of those that are known.
_CODED, _LISTS = ("place", "ls", "place_provider"), ("places", "statuses", "providers")


def episodes_of(tables: Sequence[Table], quality: Quality) -> dict[str, list[Row]]:
    """Return the rows of each child in order of time, each episode once.

    Args:
        tables: of episodes, with dates read and ids joined.
        quality: told of what is dropped, left out and superseded.
    """
    rows = _without_short_breaks([row for table in tables for row in _rows(table, quality)], quality)
    found: dict[str, list[Row]] = defaultdict(list)
    latest: dict[tuple[str, date], int] = {}
    for row in rows:
        key = (row.child, row.start)
        latest[key] = max(latest.get(key, row.of), row.of)
    seen: set[tuple[object, ...]] = set()
    later = _starts_of(rows)
    for row in rows:
        if row.of < latest[row.child, row.start] or _is_corrected(row, latest, later):
            quality.note(row.file, _WORDS, "superseded", row.line)
            continue
        whole = (row.child, row.start, row.end, row.begins, row.ends, row.status, row.place, row.provider)
        if whole in seen:
            quality.note(row.file, _WORDS, "twice", row.line)
            continue
        seen.add(whole)
        found[row.child].append(row)
    for of_child in found.values():
        of_child.sort(key=lambda row: (row.start, row.end or date.max))
    return found


def _starts_of(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the rows of each child with which a period begins."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.begins == "S":
            found[row.child].append(row)
    return found


def _is_corrected(row: Row, latest: dict[tuple[str, date], int], later: dict[str, list[Row]]) -> bool:
    """Return whether a later return has an open row of this one under another, near start: it was corrected."""
    return (
        row.begins == "S"
        and row.end is None
        and any(
            one.of > row.of
            and one.start != row.start
            and abs(one.start - row.start) <= NEAR
            and one.start < closes(row.of)
            and latest[row.child, one.start] > row.of
            for one in later[row.child]
        )
    )


def years_of_returns(tables: Sequence[Table]) -> list[int]:
    """Return the year of each table of episodes: that of the latest days in it."""
    years = []
    for table in tables:
        days = [day for column in ("decom", "dec") for day in table.days(column) if day]
        years.append(last_year(days) if days else 0)
    return years


def _rows(table: Table, quality: Quality) -> list[Row]:
    (of,) = years_of_returns([table])
    names = ("rne", "rec", "ls", "place", "place_provider")
    texts = [[text.strip().upper() for text in table.text(name)] for name in names]
    rows = []
    for child, start, end, begins, ends, status, place, provider, line in zip(
        table.text("child"), table.days("decom"), table.days("dec"), *texts, table.lines, strict=True
    ):
        assert start is not None
        if end is not None and end >= closes(of):
            quality.note(table.file, table.words, "ends_later", line)
            end = None
        if start >= closes(of):
            quality.note(table.file, table.words, "starts_later", line)
        elif end is not None and end < start:
            quality.note(table.file, table.words, "backwards", line)
        elif begins not in _known("begins") or ends not in _known_ends():
            quality.note(table.file, table.words, "code_unknown", line)
        else:
            for column, code, known in zip(_CODED, (place, status, provider), _LISTS, strict=True):
                if code not in _known(known):
                    quality.note(table.file, table.words, "code_not_known", line, about=column)
            rows.append(Row(child, start, end, begins, ends, status, place, provider, of, table.file, line))
    return rows


@cache
def _known(name: str) -> frozenset[str]:
    return frozenset(codes("care")[name])


def _known_ends() -> frozenset[str]:
    care = codes("care")
    names = ("goes_on", "home", "adoption", "guardianship", "eighteen", "other")
    return frozenset(("", *(code for name in names for code in care[name])))


def _without_short_breaks(rows: Sequence[Row], quality: Quality) -> list[Row]:
    care = codes("care")
    kept = []
    for row in rows:
        if row.status not in care["respite"]:
            kept.append(row)
            continue
        quality.note(row.file, _WORDS, "respite", row.line)
        if row.end and (row.end - row.start).days > care["short_break_days"]:
            quality.note(row.file, _WORDS, "respite_long", row.line)
    return kept
