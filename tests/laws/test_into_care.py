"""By which legal route children become looked after, by need, and who comes back from guardians (decision 25)."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest
from conftest import small, tables_of
from recount import FIVE_YEARS, HAIR, START, WEEK, YEAR, Spells, day_of

from demandsim.model.simulate import simulate
from demandsim.records import Count
from demandsim.results.tables import Tables
from demandsim.vocabulary import LegalRoute, Need

CHILDREN, YEARS = 80_000, 3
OUTSIDE = ("remand", "unaccompanied")


@cache
def _spells(children: int = CHILDREN, years: int = YEARS, **changes: Any) -> Spells:
    spells = simulate(small(children, years, **changes), 3, 0, spells=True)[1]
    assert spells
    return Spells(spells)


def _total(tables: Tables, count: int) -> float:
    return float(tables["count"][:, 12:, count].sum())


def test_nobody_goes_to_court_later_where_all_do_so_at_once() -> None:
    at_once = tables_of(small(CHILDREN, YEARS, care__voluntary_first=0), 2)
    later = tables_of(small(CHILDREN, YEARS, care__voluntary_first=1, care__voluntary_days=30), 2)
    assert _total(at_once, Count.ORDER_LATER) == 0
    orders = Count.CARE_STARTED_BASIS + LegalRoute.PROCEEDINGS
    # Newborns still go at once, and their brothers and sisters with them.
    assert 0 < _total(later, orders) < 0.5 * _total(at_once, orders)
    assert _total(later, Count.ORDER_LATER) > 0.5 * _total(at_once, orders)
    # When an application is made is another matter than whether.
    made = [_total(one, Count.APPLICATION) for one in (at_once, later)]
    assert abs(made[1] - made[0]) < 4 * sum(made) ** 0.5


def test_proceedings_after_an_agreement_come_as_late_as_is_said() -> None:
    spells = _spells(care__voluntary_first=1, care__voluntary_days=200)
    waited = []
    for court in spells.of["care proceedings"]:
        (period,) = [one for one in spells.by_child["looked after"][court.child] if one.start <= court.start][-1:]
        if period.basis == "voluntary (section 20)":
            waited.append(court.start - period.start)
            assert court.end is None or court.end > court.start
        assert period.basis not in OUTSIDE
    # Those of the last months have not come yet, which takes some off the mean.
    assert 0.75 * 200 < np.mean(waited) < 200 + 4 * 200 / len(waited) ** 0.5
    assert len(waited) > 100


def test_a_family_makes_one_application_on_the_day_its_proceedings_begin() -> None:
    tables = tables_of(small(CHILDREN, YEARS, care__voluntary_first=0.5), 1, seed=3)
    spells = _spells(care__voluntary_first=0.5)
    of_children = [one for one in spells.of["care proceedings"] if one.start >= day_of(START) - HAIR]
    made = {(one.family, one.start) for one in of_children}
    assert tables["count"][:, 12:, Count.APPLICATION].sum() == len(made) < len(of_children)


def test_newborns_and_emergencies_go_to_court_at_once_and_their_families_with_them() -> None:
    spells = _spells(care__voluntary_first=1)
    at_once, reason = set(), set()
    for period in spells.of["looked after"]:
        family = (period.family, period.start)
        if any(one.start == period.start for one in spells.by_child["care proceedings"].get(period.child, [])):
            at_once.add(family)
        if period.basis == "emergency" or period.start - day_of(date.fromisoformat(period.born)) < WEEK + 1.5:
            reason.add(family)
    assert len(at_once) > 20
    assert at_once <= reason


@pytest.mark.parametrize(("order", "share"), [("special guardianship", 0.05), ("guardianship", 0.4)])
def test_as_many_come_back_from_guardians_as_is_said(order: str, share: float) -> None:
    spells = _spells(150_000, 11, care__orders_break_down="[0.05, 0.4]")
    left, back = 0, 0
    for periods in spells.by_child["looked after"].values():
        for number, period in enumerate(periods):
            if period.ended_by != order or period.basis in OUTSIDE:
                continue
            last = day_of(date.fromisoformat("2024-03-31"))
            eighteen = day_of(date.fromisoformat(period.born)) + 18 * YEAR
            assert period.end is not None
            if period.end + FIVE_YEARS > min(last, eighteen):
                continue
            left += 1
            following = periods[number + 1] if number + 1 < len(periods) else None
            back += following is not None and following.start - period.end < FIVE_YEARS
    assert left > 100
    assert abs(back / left - share) < 4 * (share * (1 - share) / left) ** 0.5


def test_who_comes_back_from_guardians_comes_alone_and_nobody_who_has_no_family_here() -> None:
    """Brothers and sisters live elsewhere, and are not taken with a child whose guardians can't keep it."""
    spells = _spells(care__orders_break_down="[0.9, 0.9]", care__siblings_join=1)
    begun = Counter((one.family, one.start) for one in spells.of["looked after"])
    came = 0
    for period in spells.of["looked after"]:
        before = spells.before("looked after", period)
        if before and before[-1].ended_by in ("guardianship", "special guardianship"):
            assert period.basis not in OUTSIDE
            assert begun[period.family, period.start] == 1
            came += 1
    assert came > 30


def test_nobody_comes_back_from_guardians_where_no_order_breaks_down() -> None:
    assert _total(tables_of(small(CHILDREN, YEARS, care__orders_break_down=[0, 0])), Count.CARE_FROM_GUARDIANS) == 0


def test_a_need_that_never_leads_to_care_leads_nobody_there() -> None:
    """Of those who come from families here: children on remand and unaccompanied have needs of their own."""
    abused = {"care__by_need": [1, 0, 0, 0, 0], "harm__severe": 0, "care__siblings_join": 0}
    count = tables_of(small(CHILDREN, YEARS, **abused), 1)["count"][:, 12:].sum(axis=(0, 1))
    started = count[Count.CARE_STARTED_NEED : Count.CARE_STARTED_NEED + Need.words.size]
    outside = count[Count.CARE_REMAND] + count[Count.CARE_UNACCOMPANIED]
    # A few come back from guardians, of any need.
    back = count[Count.CARE_FROM_GUARDIANS]
    assert started[1:].sum() <= outside + back
    assert started[0] > 100
