"""Financial years, and the days they begin on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from demandsim.calendars import Calendar, financial_year

#: A start that a later return has corrected lies so near.
NEAR = timedelta(days=31)
#: Part of the days in a return that may be mistyped.
_MISTAKES = 0.02


def opens(year: int) -> date:
    """Return the first day of the financial year that starts in April of `year`."""
    return date(year, 4, 1)


def closes(year: int) -> date:
    """Return the day after its last."""
    return date(year + 1, 4, 1)


def year_of(day: date) -> int:
    """Return the calendar year in which the financial year of a day starts."""
    return day.year - (day.month < 4)


def last_year(days: Sequence[date]) -> int:
    """Return the latest financial year with more than a few of some days; a few that lie far ahead are mistakes."""
    return latest([year_of(day) for day in days])


def latest(years: Sequence[int]) -> int:
    """Return the latest of some years that more than a few say, the latest of all if none is said so often."""
    often = [year for year, count in Counter(years).items() if count >= len(years) * _MISTAKES]
    return max(often or years)


def label(year: int) -> str:
    return financial_year(year)


def birthday(born: date, years: int) -> date:
    """Return the day on which somebody turns so many years old; who was born on 29 February does on 1 March."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def age_on(born: date, day: date) -> int:
    """Return the age in whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def calendar_around(year: int) -> Calendar:
    """Return a calendar that counts the working days of a decade before a financial year and some years after."""
    return Calendar(opens(year), 12, 6)


def working_days(calendar: Calendar, start: date, end: date) -> int:
    """Return how many working days lie after the day of `start`, up to and with the day of `end`."""
    return calendar.working_days_between(calendar.day(start), calendar.day(end))
