from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demandsim.calendars import Calendar, bank_holidays, financial_year

CALENDAR = Calendar(date(2013, 4, 1), 6, 10)


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        # As listed on gov.uk/bank-holidays for England and Wales.
        (2023, ["01-02", "04-07", "04-10", "05-01", "05-08", "05-29", "08-28", "12-25", "12-26"]),
        (2022, ["01-03", "04-15", "04-18", "05-02", "06-02", "06-03", "08-29", "09-19", "12-26", "12-27"]),
        (2021, ["01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-27", "12-28"]),
        (2020, ["01-01", "04-10", "04-13", "05-08", "05-25", "08-31", "12-25", "12-28"]),
        (2002, ["01-01", "03-29", "04-01", "05-06", "06-03", "06-04", "08-26", "12-25", "12-26"]),
        (1999, ["01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-27", "12-28", "12-31"]),
        (1995, ["01-02", "04-14", "04-17", "05-08", "05-29", "08-28", "12-25", "12-26"]),
        (2013, ["01-01", "03-29", "04-01", "05-06", "05-27", "08-26", "12-25", "12-26"]),
        (2012, ["01-02", "04-06", "04-09", "05-07", "06-04", "06-05", "08-27", "12-25", "12-26"]),
        (2011, ["01-03", "04-22", "04-25", "04-29", "05-02", "05-30", "08-29", "12-26", "12-27"]),
        (2010, ["01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-27", "12-28"]),
    ],
)
def test_bank_holidays_are_those_of_england(year: int, expected: list[str]) -> None:
    assert sorted(day.strftime("%m-%d") for day in bank_holidays(year)) == expected


#: Years from 1995 to 2035 with a bank holiday more than eight: jubilees, a wedding, a coronation, a funeral, 2000.
LONGER = {1999: 9, 2002: 9, 2011: 9, 2012: 9, 2022: 10, 2023: 9}


@pytest.mark.parametrize("year", range(1995, 2036))
def test_every_year_has_eight_bank_holidays_on_weekdays_but_those_with_one_more(year: int) -> None:
    days = bank_holidays(year)
    assert len(set(days)) == LONGER.get(year, 8)
    assert all(day.year == year and day.weekday() < 5 for day in days)


def _slow_after(start: date, working_days: int) -> date:
    day = start
    while working_days:
        day += timedelta(1)
        if day.weekday() < 5 and day not in bank_holidays(day.year):
            working_days -= 1
    return day


@given(day=st.integers(-1800, 3000), ahead=st.integers(0, 120))
def test_working_days_ahead_agree_with_counting_them_one_by_one(day: int, ahead: int) -> None:
    start = CALENDAR.date(day)
    assert CALENDAR.date(CALENDAR.after_working_days(day, ahead)) == _slow_after(start, ahead)


@given(whole=st.integers(-1800, 3000), minutes=st.integers(0, 1439), ahead=st.integers(0, 120))
def test_a_deadline_set_in_working_days_is_met_on_its_day(whole: int, minutes: int, ahead: int) -> None:
    day = whole + minutes / 1440
    end = CALENDAR.after_working_days(day, ahead)
    assert CALENDAR.working_days_between(day, end) == ahead
    assert CALENDAR.working_days_between(day, end + 7) > ahead


def test_months_begin_on_the_first_and_years_in_april() -> None:
    assert [CALENDAR.date(start).day for start in CALENDAR.month_starts] == [1] * len(CALENDAR.month_starts)
    assert CALENDAR.month_label(CALENDAR.month_index(0.0)) == "2013-04"
    assert CALENDAR.month_label(CALENDAR.month_index(-0.001)) == "2013-03"
    assert financial_year(1999) == "1999-00"


def test_a_leap_day_is_a_day() -> None:
    assert CALENDAR.day(date(2016, 3, 1)) - CALENDAR.day(date(2016, 2, 28)) == 2
