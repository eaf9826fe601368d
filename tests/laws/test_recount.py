"""What the tables count is counted again from spells, by rules of its own in `recount.py` and `recount_parts.py`.

Spells hold the day of birth, not the moment: where an age is counted, a band holds at least those who certainly belong
to it and at most those who may.

Not counted again, as spells do not hold what it takes:

* `care_from_assessment`, `care_from_need`, `need_from_assessment`, `need_closed`, `closed_at_home`, `need_plans`,
  `severity_at_closure`: child in need plans have no spell of their own, nor has severity. `plans_to_care` and
  `care_from_breakdown` are counted again.
* `early_help_unmet`, `early_help_waiting`: a family that gives up waiting may have been forgotten by then.
* `home_breakdowns` (a step that is counted as `care_from_breakdown` too), `family_group_conferences`,
  `returns_supported`, `fdac_families`, `kinship_allowances_started`, `kinship_allowances_paid`, `homes_out_of_area`,
  `missing_episodes`, `return_interviews`, `leavers_nineteen` and its activities: moments and details that no spell
  carries.
* `placements_first_choice_full`, `unallocated`, `proceedings` on 31 March, visits, hours, staff, places and money: they
  are of the authority, not of a child. `harm_seen`, `exposure`, `unserved`, `help_delivered`: on no return.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

import pytest
from conftest import small
from recount import START, Spells, Year, day_of, number_in
from recount_parts import Found, demand, firsts, in_care, into_care, need, out_of_care, plans, protection

from demandsim.model.simulate import simulate
from demandsim.records import Census, Count, Stock
from demandsim.results import year as of_tables
from demandsim.results.measures import MEASURES
from demandsim.results.tables import Tables

CHILDREN, YEARS = 40_000, 6
#: So that the last year is the first in which every childhood has been simulated from birth.
WHOLE_CHILDHOODS = 14
#: A fifth fewer posts than in the baseline.
PRESSED = {"workforce__posts": 17.77}
#: The runs compared: seed, changes.
RUNS = [(1, {}), (2, {}), (3, {}), (1, PRESSED)]
EVERYTHING = (demand, need, protection, plans, into_care, out_of_care, in_care)
COUNTS, STOCKS, CENSUS = Count.words.labels(), Stock.words.labels(), Census.words.labels()


def _in_tables(tables: Tables, index: int, name: str) -> float:
    """Return what the tables say of a year."""
    if name.startswith("measure: "):
        whole = {table: values[None] for table, values in tables.items()}
        return float(MEASURES[name.removeprefix("measure: ")].of(of_tables.Year(whole, index))[0])
    if name.startswith("at end: "):
        return float(tables["stock"][12 * index + 11, STOCKS.index(name.removeprefix("at end: "))])
    if name.startswith("on 31 March: "):
        return float(tables["census"][index, CENSUS.index(name.removeprefix("on 31 March: "))])
    return float(tables["count"][12 * index : 12 * index + 12, COUNTS.index(name)].sum(dtype=float))


@cache
def _run(place: int) -> tuple[Tables, Spells]:
    seed, changes = RUNS[place]
    tables, spells = simulate(small(CHILDREN, YEARS, **changes), seed, 0, spells=True)
    assert spells
    return tables, Spells(spells)


@pytest.mark.parametrize("count", EVERYTHING, ids=lambda count: count.__name__)
@pytest.mark.parametrize("place", range(len(RUNS)))
def test_the_tables_count_what_spells_hold(place: int, count: Callable[[Year], Found]) -> None:
    tables, spells = _run(place)
    wrong = []
    for index in range(YEARS + 1):
        for name, found in count(Year(spells, START.year - 1 + index)).items():
            if name.startswith("measure: ") and not index:
                continue
            low, high = found if isinstance(found, tuple) else (found, found)
            told = _in_tables(tables, index, name)
            if not low <= told <= high:
                wrong.append((START.year - 1 + index, name, found, told))
    assert not wrong


def test_first_events_are_counted_from_the_first_year_of_whole_childhoods() -> None:
    """The pathway is simulated from April 2008: all who are children in 2026-27 were born after that."""
    tables, found = simulate(small(20_000, WHOLE_CHILDHOODS), 1, 0, spells=True)
    assert found
    spells = Spells(found)
    for index in range(WHOLE_CHILDHOODS):
        assert _in_tables(tables, index, "on 31 March: first_referred") == 0
    recounted = firsts(Year(spells, START.year - 1 + WHOLE_CHILDHOODS))
    told = {name: _in_tables(tables, WHOLE_CHILDHOODS, name) for name in recounted}
    assert told == recounted
    whole = list(told.values())
    # Nobody is assessed without a referral, and fewer are on a plan than in need.
    assert whole == sorted(whole, reverse=True)
    assert _in_tables(tables, WHOLE_CHILDHOODS, "on 31 March: one_age") == pytest.approx(20_000 / 18, rel=0.2)


def test_who_left_care_in_a_year_is_the_same_whenever_it_is_read() -> None:
    tables, _ = _run(0)
    for index in range(YEARS - 3):
        left, back = (_in_tables(tables, index, f"on 31 March: left_1{end}") for end in ("", "_back"))
        assert _in_tables(tables, index + 4, "on 31 March: left_5") == left > 0
        assert back <= _in_tables(tables, index + 4, "on 31 March: left_5_back") <= left


def test_days_of_birth_leave_few_ages_open() -> None:
    _, spells = _run(0)
    year = Year(spells, START.year)
    for count, name in ((into_care, "care_started"), (in_care, "on 31 March: looked_after_age")):
        found = [value for label, value in count(year).items() if label.startswith(name) and isinstance(value, tuple)]
        assert sum(high - low for low, high in found) < 0.01 * sum(high for _, high in found)


@pytest.mark.parametrize("place", range(2))
def test_nobody_is_looked_after_before_birth(place: int) -> None:
    """Decisions made before birth are done on that day: a third of those under one start then (V079)."""
    days = [one.start - day_of(date.fromisoformat(one.born)) for one in _run(place)[1].of["looked after"]]
    assert min(days) > -1.5
    assert 0.15 < sum(day < 7 for day in days) / sum(day < 365 for day in days) < 0.6


def test_plans_are_numbered_one_after_the_other() -> None:
    """A child may have had one plan before the pathway is simulated, which no spell holds."""
    _, spells = _run(0)
    for children in spells.by_child["child protection plan"].values():
        numbers = [number_in(one.detail) for one in children]
        assert numbers[0] in (1, 2)
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
