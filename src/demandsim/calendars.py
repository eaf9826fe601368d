"""Dates and days: the model counts days from an origin, people read dates, statutes count working days.

Day 0.0 is midnight at the start of the origin date. Years are financial years, April to March, as in the returns.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from functools import cache
from math import floor

import numpy as np
from holidays import country_holidays

_SATURDAY = 5


@cache
def bank_holidays(year: int) -> tuple[date, ...]:
    """Return the bank holidays of England in a calendar year, in order (gov.uk/bank-holidays).

    The library has the days that were moved or added for jubilees, a wedding, a coronation and a funeral. It also lists
    holidays that fall on a weekend beside the days in their stead; gov.uk lists only the latter.
    """
    days = country_holidays("GB", subdiv="ENG", years=year)
    return tuple(sorted(day for day in days if day.weekday() < _SATURDAY))


def financial_year(year: int) -> str:
    """Name the financial year that starts in April of `year`: 2013 gives '2013-14'."""
    return f"{year}-{(year + 1) % 100:02d}"


class Calendar:
    """Turns dates into days from an origin and back, and counts working days, over a span of whole financial years.

    Args:
        origin: the date of day 0; the first of April.
        years_before: whole years before the origin that the calendar must cover.
        years_after: whole years after it.

    Attributes:
        month_starts: day of the first of each month from the earliest covered April on, one more than there are months.
        first_year: the calendar year in which the earliest covered financial year starts.
    """

    __slots__ = ("_day_of", "_done_before", "_offset", "first_year", "month_starts", "origin")

    def __init__(self, origin: date, years_before: int, years_after: int) -> None:
        self.origin = origin
        self.first_year = origin.year - years_before
        months = 12 * (years_before + years_after)
        firsts = [date(self.first_year + (3 + k) // 12, (3 + k) % 12 + 1, 1) for k in range(months + 1)]
        self.month_starts = [float((day - origin).days) for day in firsts]
        # Working days are looked up, not stepped through: the model asks hundreds of thousands of times a run. The
        # table goes on for years past the end, as a deadline may lie beyond the horizon.
        self._offset = -int(self.month_starts[0])
        span = int(self.month_starts[-1]) + self._offset + 3 * 366
        holidays = [day for year in range(self.first_year, firsts[-1].year + 4) for day in bank_holidays(year)]
        days = np.datetime64(firsts[0]) + np.arange(span)
        working = np.is_busday(days, holidays=np.array(holidays, dtype="datetime64[D]"))
        self._done_before: list[int] = np.concatenate([[0], np.cumsum(working)]).tolist()
        self._day_of: list[float] = (np.flatnonzero(working) - self._offset).astype(float).tolist()

    def working_days(self) -> tuple[list[int], list[float]]:
        """Return the working days before each day from the first on, and the day of each of them in order."""
        return self._done_before, self._day_of

    def day(self, when: date) -> float:
        return float((when - self.origin).days)

    def date(self, day: float) -> date:
        return self.origin + timedelta(int(day // 1))

    def month_index(self, day: float) -> int:
        """Return the index in `month_starts` of the month that holds `day`."""
        return bisect_right(self.month_starts, day) - 1

    def month_label(self, index: int) -> str:
        """Return the month as '2013-04'."""
        return self.date(self.month_starts[index]).strftime("%Y-%m")

    def year_label(self, index: int) -> str:
        """Return the financial year that holds the month of that index."""
        return financial_year(self.first_year + index // 12)

    def after_working_days(self, start: float, working_days: float) -> float:
        """Return the moment `working_days` (whole or not) after `start`, at the same time of day."""
        day = floor(start)
        whole = int(working_days)
        try:
            reached = self._done_before[day + self._offset + 1] + whole - 1
            return (self._day_of[reached] if whole else day) + (start - day) + (working_days - whole)
        except IndexError:
            # Years past the end of every run: near enough, and never reached.
            return start + working_days * 7 / 5

    def working_days_between(self, start: float, end: float) -> int:
        """Return how many working days lie after the day of `start`, up to and with the day of `end`."""
        done = self._done_before
        return done[floor(end) + self._offset + 1] - done[floor(start) + self._offset + 1]
