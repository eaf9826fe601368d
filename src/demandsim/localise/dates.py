"""Dates as people and programs write them. The format is settled for a column, never for a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache

from demandsim.localise.quality import Quality
from demandsim.localise.table import Table
from demandsim.problems import Problem, UserError

_ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::[0-9.]+)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_PARTS = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})(?: +00:00(?::00)?)?")
_SERIAL = re.compile(r"[2-6][0-9]{4}(?:\.0)?")
_EPOCH = date(1899, 12, 30)
#: Before this a date is a blank that some program filled in, and from this year on one that means never.
FIRST, NEVER = date(1980, 1, 1), 2100
#: Years of two digits up to this one are of this century.
_CENTURY = 60
#: With fewer dates, all on the first of a month may be chance.
_FEW = 5


@dataclass(frozen=True, slots=True)
class _Read:
    """A cell that was read.

    Attributes:
        day: the date; None where the cell is no date.
        how: the format: iso, day first, month first or serial.
        mended: the reason it was mended for.
    """

    day: date | None
    how: str
    mended: str = ""


def read_dates(table: Table, quality: Quality, month_first: bool = False) -> None:
    """Read the columns of dates of a return, and drop the rows whose dates are none.

    Raises:
        UserError: a column in which the month stands first, unless that was said.
    """
    assert table.kind is not None
    kept = [True] * len(table)
    for column in table.kind.dates:
        if column in table.columns:
            table.dates[column] = _column(table, column, quality, month_first, kept)
    for place, line in enumerate(table.lines):
        if kept[place] and any(table.days(start)[place] is None for start in table.kind.starts):
            kept[place] = False
            quality.note(table.file, table.words, "no_start", line)
    table.keep(kept)


def _column(table: Table, column: str, quality: Quality, month_first: bool, kept: list[bool]) -> list[date | None]:
    texts = table.columns[column]
    how = _format(table, column, texts, month_first)
    days: list[date | None] = []
    for place, text in enumerate(texts):
        read = _cell(text, how)
        days.append(read.day)
        if not text or not kept[place]:
            continue
        line = table.lines[place]
        if read.day is None:
            kept[place] = False
            quality.note(table.file, table.words, "not_a_date", line)
        elif read.day.year >= NEVER:
            days[-1] = None
            quality.note(table.file, table.words, "open_9999", line)
        elif read.day < FIRST and column in (table.kind.starts if table.kind else ()):
            days[-1] = None
        elif read.mended:
            quality.note(table.file, table.words, read.mended, line)
    if how == "day first" and texts and not any(_over_twelve(text) for text in texts if text) and any(texts):
        quality.note(table.file, table.words, "day_first", about=column)
    return days


def _over_twelve(text: str) -> bool:
    match = _PARTS.fullmatch(text)
    return bool(match) and int(match[1]) > 12  # type: ignore[index]


def _format(table: Table, column: str, texts: Sequence[str], month_first: bool) -> str:
    """Return the format that the cells of a column have, or most of them."""
    filled = [text for text in texts if text]
    many = {name: sum(bool(form.fullmatch(text)) for text in filled) for name, form in _FORMS.items()}
    name = max(many, key=lambda one: many[one])
    if name != "parts":
        return name
    if month_first:
        return "month first"
    for place, text in enumerate(texts):
        match = _PARTS.fullmatch(text)
        if match and int(match[2]) > 12 >= int(match[1]):
            raise UserError(
                Problem(
                    table.file,
                    f"line {table.lines[place]}, {column}",
                    "a date with the month first",
                    "the day first, as the returns have it, in the whole column",
                    "--dates mdy, if the month stands first in the whole column",
                )
            )
    return "day first"


_FORMS = {"iso": _ISO, "parts": _PARTS, "serial": _SERIAL}


def _cell(text: str, how: str) -> _Read:
    if not text:
        return _Read(None, how)
    match = (_ISO if how == "iso" else _SERIAL if how == "serial" else _PARTS).fullmatch(text)
    if match is None:
        return _Read(None, how)
    try:
        if how == "iso":
            return _iso(match)
        if how == "serial":
            return _Read(_EPOCH + timedelta(days=int(float(text))), how)
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        short = len(match[3]) == 2
        year += (2000 if year < _CENTURY else 1900) if short else 0
        day, month = (second, first) if how == "month first" else (first, second)
        return _Read(date(year, month, day), how, "year_two_digits" if short else "")
    except ValueError:
        return _Read(None, how)


def _iso(match: re.Match[str]) -> _Read:
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if not match[6]:
        return _Read(date(year, month, day), "iso")
    offset = timedelta()
    if match[6] != "Z":
        sign = -1 if match[6][0] == "-" else 1
        offset = sign * timedelta(hours=int(match[6][1:3]), minutes=int(match[6][-2:]))
    moment = datetime(year, month, day, int(match[4]), int(match[5]), tzinfo=timezone(offset)).astimezone(UTC)
    begins, ends = _summer(moment.year)
    there = moment + timedelta(hours=1) if begins <= moment < ends else moment
    return _Read(there.date(), "iso", "time_zone" if there.date() != date(year, month, day) else "")


@cache
def _summer(year: int) -> tuple[datetime, datetime]:
    """Return the moments between which London is an hour ahead: the last Sundays of March and October, at one."""
    ends = []
    for month in (3, 10):
        last = datetime(year, month, 31, 1, tzinfo=UTC)
        ends.append(last - timedelta(days=(last.weekday() + 1) % 7))
    return ends[0], ends[1]


def mostly_firsts(days: Sequence[date | None]) -> bool:
    """Return whether so many dates of birth are the first of a month that they were rounded to it."""
    known = [day for day in days if day]
    return len(known) >= _FEW and all(day.day == 1 for day in known)
