"""What is no TOML in a scenario file, said with the line it stands on; of common slips, what to write instead."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from demandsim.problems import Problem, typed

_AT_LINE = re.compile(r"at line ([0-9]+)")
#: What stands in straight quotes on one line, and what comes after a hash: no part of it is a slip.
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|#.*")
_CURLY = re.compile("[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]")
_DAY_FIRST = re.compile(r"(?<![0-9])([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?![0-9])")
_YEAR_FIRST = re.compile(r"(?<![0-9])([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})(?![0-9])")
_PERCENT = re.compile(r"([+-]?[0-9]+(?:[.,][0-9]+)?)\s*%")
_POUNDS = re.compile("\u00a3\\s*([0-9][0-9,]*(?:\\.[0-9]+)?)")
_THOUSANDS = re.compile(r"=\s*([0-9]{1,3}(?:,[0-9]{3})+)\s*$")
_COMMA = re.compile(r"=\s*([+-]?[0-9]+),([0-9]+)\s*$")
#: Characters of a line that are shown.
_SHOWN = 120
_ANY = 'lines as value = 1.1, text in straight quotes, dates as 2015-04-01, tables as [set."court.weeks"]'
_HINT = "demandsim new my_scenario"


def problems_of(where: str, text: str, error: str) -> list[Problem]:
    """Return what keeps a text from being TOML.

    A parser stops at the first mistake. Where that is a common slip, the lines after it are searched for others, so
    that nobody has to mend one date at a time.

    Args:
        where: file that holds it.
        text: of the file.
        error: what the parser says, with the line.
    """
    at = _AT_LINE.search(error)
    if at is None:
        return [Problem(where, "", f"text that is not TOML ({error})", _ANY, _HINT)]
    lines, first = text.split("\n"), int(at[1])
    slips, inside = [], False
    for number, line in enumerate(lines[first - 1 :], start=first):
        if not inside and (advice := advice_on(line)):
            hint = typed("demandsim", "check", where)
            slips.append(Problem(where, f"line {number}", _not_toml(line), advice, hint))
        elif number == first:
            return [Problem(where, f"line {number}", f"{_not_toml(line)} ({error})", _ANY, _HINT)]
        inside ^= line.count('"""') % 2 == 1
    return slips


def _not_toml(line: str) -> str:
    return f"{line.strip()[:_SHOWN]!r}, which is not TOML"


def advice_on(line: str) -> str:
    """Return what to write instead of a line with a common slip; nothing if there is none."""
    plain = _QUOTED.sub(lambda found: "" if found[0].startswith("#") else '""', line)
    if _CURLY.search(plain):
        return 'straight quotes, as because = "why"'
    if '"' in plain.replace('""', "") or "'" in plain:
        return ""  # a quote that is not closed: what follows it may be text
    if days := _DAY_FIRST.search(plain):
        return _day(int(days[3]), int(days[2]), int(days[1]))
    if days := _YEAR_FIRST.search(plain):
        return _day(int(days[1]), int(days[2]), int(days[3]))
    if percent := _PERCENT.search(plain):
        number = percent[1].replace(",", ".")
        return f"a number, {float(number) / 100:.6g} for {number}%"
    if (amount := _POUNDS.search(plain)) or (amount := _THOUSANDS.search(plain)):
        return f"a number alone, {amount[1].replace(',', '')}"
    if parts := _COMMA.search(plain):
        return f"a point in numbers, {parts[1]}.{parts[2]}"
    return ""


def _day(year: int, month: int, day: int) -> str:
    try:
        return f"a date as year-month-day, {date(year, month, day)}"
    except ValueError:
        pass
    if 1 <= month <= 12 and year > 0:
        return f"a date that exists: {year}-{month:02d} has {monthrange(year, month)[1]} days"
    return "a date as year-month-day, 2015-04-01"
