"""What it takes to count a year from spells alone, by the rules of the returns; nothing of the model is used here."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

START = date(2013, 4, 1)
YEAR, QUARTER, FIVE_YEARS, WEEK = 365.25, 91.3125, 1826.25, 7.0
#: A year's tables are written this long before midnight.
HAIR = 1e-6
LENGTHS = ("3 months or less", "3 to 6 months", "6 to 12 months", "1 to 2 years", "2 years or more")
CARE_LENGTHS = ("under 2 weeks", "2 weeks to 1 year", "1 to 2 years", "2 to 5", "5 to 10", "10 or more")
PLACEMENTS = ("1 to 4", "5 to 9", "10 or more")
CARE_AGES = ("under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over")
ADOPTION_AGES = ("under 1", "1", "2 to 5", "over 5")


class Spell(NamedTuple):
    child: int
    family: int
    kind: str
    detail: str
    start: float
    end: float | None
    ended_by: str
    born: str
    need: str
    basis: str

    @property
    def length(self) -> float:
        assert self.end is not None
        return self.end - self.start


def _moved(day: date) -> date:
    """Return the Monday in place of a holiday at a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day


def _easter(year: int) -> date:
    """Return Easter Sunday (Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def holidays(year: int) -> set[date]:
    """Return the bank holidays of England of a year from 2003 to 2025, as gov.uk has them."""
    monday = [
        next(date(year, month, day) for day in days if date(year, month, day).weekday() == 0)
        for month, days in ((5, range(1, 8)), (5, range(31, 24, -1)), (8, range(31, 24, -1)))
    ]
    special = {
        2011: ({date(2011, 4, 29)}, set()),
        2012: ({date(2012, 6, 4), date(2012, 6, 5)}, {monday[1]}),
        2020: ({date(2020, 5, 8)}, {monday[0]}),
        2022: ({date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)}, {monday[1]}),
        2023: ({date(2023, 5, 8)}, set()),
    }
    more, fewer = special.get(year, (set(), set()))
    christmas = date(year, 12, 25)
    boxing = date(year, 12, 28 if christmas.weekday() in (4, 5) else 27 if christmas.weekday() == 6 else 26)
    easter = _easter(year)
    usual = {_moved(date(year, 1, 1)), easter - timedelta(2), easter + timedelta(1), *monday, _moved(christmas), boxing}
    return (usual | more) - fewer


_DAYS = [date(1995, 4, 1) + timedelta(days) for days in range(32 * 366)]
_OFF = {day for year in range(2003, 2026) for day in holidays(year)}
_WORKED = [day for day in _DAYS if day.weekday() < 5 and day not in _OFF]


def working_days(start: float, end: float) -> int:
    """Return the working days after the day of `start`, up to and with that of `end`."""
    first, last = (START + timedelta(int(moment // 1)) for moment in (start, end))
    return bisect_left(_WORKED, last + timedelta(1)) - bisect_left(_WORKED, first + timedelta(1))


def day_of(when: date) -> float:
    return float((when - START).days)


def ages(spell: Spell, when: float) -> tuple[int, int]:
    """Return the youngest and the oldest, in whole years, that who was born on that day can be."""
    day = day_of(date.fromisoformat(spell.born))
    youngest, oldest = (when - day - 1.5 + 1e-9) / YEAR, (when - day + 1.5) / YEAR
    return max(0, int(youngest // 1)), max(0, int(oldest // 1))


def band(edges: Sequence[float], value: float) -> int:
    return sum(value >= edge for edge in edges)


class Spells:
    """The spells of one run, by kind and by child."""

    def __init__(self, rows: Iterable[Sequence[object]]) -> None:
        self.of: dict[str, list[Spell]] = defaultdict(list)
        self.by_child: dict[str, dict[int, list[Spell]]] = defaultdict(lambda: defaultdict(list))
        for spell in sorted((Spell(*row) for row in rows), key=lambda one: (one.start, one.end is None)):
            self.of[spell.kind].append(spell)
            self.by_child[spell.kind][spell.child].append(spell)
        self.closings: dict[int, list[float]] = defaultdict(list)
        for spell in (*self.of["episode of need"], *self.of["referral"]):
            if spell.end is not None and (spell.kind != "referral" or spell.ended_by == "no further action"):
                self.closings[spell.child].append(spell.end)
        for moments in self.closings.values():
            moments.sort()

    def before(self, kind: str, spell: Spell) -> list[Spell]:
        """Return the child's spells of a kind that began before a spell."""
        return [other for other in self.by_child[kind].get(spell.child, []) if other.start < spell.start]

    def up_to(self, kind: str, spell: Spell) -> list[Spell]:
        """Return the child's spells of a kind that began before a spell or with it."""
        return [other for other in self.by_child[kind].get(spell.child, []) if other.start <= spell.start]

    def inside(self, kind: str, spell: Spell, until: float) -> list[Spell]:
        """Return the child's spells of a kind that began in the course of a spell, before a moment."""
        end = until if spell.end is None else min(spell.end, until)
        return [other for other in self.by_child[kind].get(spell.child, []) if spell.start <= other.start < end]


class Year:
    """The spells of one financial year."""

    def __init__(self, spells: Spells, first: int) -> None:
        self.spells, self.opens = spells, day_of(date(first, 4, 1))
        self.low, self.high = self.opens - HAIR, day_of(date(first + 1, 4, 1)) - HAIR

    def holds(self, moment: float | None) -> bool:
        return moment is not None and self.low <= moment < self.high

    def started(self, kind: str) -> list[Spell]:
        return [spell for spell in self.spells.of[kind] if self.holds(spell.start)]

    def ended(self, kind: str) -> list[Spell]:
        return [spell for spell in self.spells.of[kind] if self.holds(spell.end)]

    def open(self, kind: str) -> list[Spell]:
        """Return those open on 31 March."""
        return [
            one for one in self.spells.of[kind] if one.start < self.high and (one.end is None or one.end >= self.high)
        ]

    def any_time(self, kind: str) -> list[Spell]:
        return [
            one for one in self.spells.of[kind] if one.start < self.high and (one.end is None or one.end >= self.opens)
        ]

    def so_far(self, spells: Iterable[Spell]) -> list[float]:
        return [self.high - spell.start for spell in spells]


def banded(name: str, labels: Sequence[str], places: Iterable[int]) -> dict[str, int]:
    found = Counter(places)
    return {f"{name}: {label}": found[place] for place, label in enumerate(labels)}


def by_age(
    name: str, labels: Sequence[str], edges: Sequence[int], aged: Iterable[tuple[int, int]]
) -> dict[str, tuple[int, int]]:
    """Return for each band of ages how many certainly belong to it, and how many may."""
    sure, may = Counter[int](), Counter[int]()
    for youngest, oldest in aged:
        places = {band(edges, youngest), band(edges, oldest)}
        sure.update(places if len(places) == 1 else ())
        may.update(places)
    return {f"{name}: {label}": (sure[place], may[place]) for place, label in enumerate(labels)}


DURATIONS = (QUARTER, YEAR / 2, YEAR, 2 * YEAR)


def number_in(detail: str) -> int:
    return int(re.findall(r"\d+", detail)[0])
