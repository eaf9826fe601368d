"""Kinship allowances and the Family Drug and Alcohol Court: what money buys, and what is not bought is not paid for."""

from __future__ import annotations

from functools import cache
from math import ceil, floor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import small, tables_of

from demandsim.distributions import lognormal
from demandsim.draws import Care as Draw
from demandsim.draws import Stage, replication_key
from demandsim.engine.event_calendar import NOBODY
from demandsim.engine.philox import draw
from demandsim.model.authority import Authority
from demandsim.model.family_court import REUNITED
from demandsim.model.simulate import calendar_of, levers_of
from demandsim.records import Count, Stock
from demandsim.results.tables import YEARS_BEFORE, Tables
from demandsim.scenario.read import read_scenario
from demandsim.state.children import NEVER
from demandsim.vocabulary import DAYS_A_YEAR, SpendCause, State

CHILDREN, YEARS, REPLICATIONS = 75_500, 4, 2
#: The first month in which a lever of a scenario acts.
FIRST = 12 * YEARS_BEFORE
WEEKS_A_YEAR = DAYS_A_YEAR / 7
FDAC_COST, ALLOWANCE = 12_500.0, 118.0


@cache
def _run(**changes: Any) -> Tables:
    return tables_of(small(CHILDREN, YEARS, **changes), REPLICATIONS)


def _paid(tables: Tables, cause: int) -> np.ndarray:
    """Return the pounds of each month and replication."""
    return np.asarray(tables["spend"][:, :, cause] / 100)


def _counted(tables: Tables, count: int) -> np.ndarray:
    return np.asarray(tables["count"][:, :, count], float)


def test_without_money_neither_does_anything_whatever_it_would_do() -> None:
    plain = _run()
    other = _run(
        prevention__kinship_allowances_take_up=0.9, prevention__fdac_take_up=0.2, prevention__fdac_odds_ratio=9.0
    )
    for name, table in plain.items():
        assert (other[name] == table).all(), name
    for count in (Count.FDAC_FAMILY, Count.ALLOWANCE_STARTED, Count.ALLOWANCE_PAID):
        assert not _counted(plain, count).any()
    for cause in (SpendCause.FDAC, SpendCause.KINSHIP_ALLOWANCES):
        assert not _paid(plain, cause).any()


def test_a_place_at_the_court_that_no_family_takes_is_not_paid_for() -> None:
    much, more, none = (
        _run(prevention__fdac=pounds, prevention__fdac_take_up=taken, budget__total=9000)
        for pounds, taken in ((40, 0.7), (80, 0.7), (40, 0.0))
    )
    families = _counted(much, Count.FDAC_FAMILY)
    assert _paid(much, SpendCause.FDAC) == pytest.approx(families * FDAC_COST)
    for name, table in much.items():
        assert (more[name] == table).all() or name == "stock", name  # the budget is larger, and so reserves are
    # As many as are eligible and agree, of the applications: 0.6 times 0.7.
    share = families.sum() / _counted(much, Count.APPLICATION)[:, FIRST:].sum()
    assert 0.3 < share < 0.5
    assert not _paid(none, SpendCause.FDAC).any()


def test_money_buys_so_many_places_at_the_court() -> None:
    run = _run(prevention__fdac=1.0, budget__total=9000)
    families = _counted(run, Count.FDAC_FAMILY)[:, FIRST:].sum(axis=1)
    bought = 1.0 * CHILDREN / FDAC_COST * YEARS
    assert (families <= bought + 1).all()
    assert families.mean() > 0.8 * bought


def test_money_buys_so_many_allowances_at_a_time_and_none_that_nobody_takes_is_paid_for() -> None:
    accepted = {"prevention__kinship_allowances_take_up": 0.9, "budget__total": 9000}
    few, many = (_run(prevention__kinship_allowances=pounds, **accepted) for pounds in (0.5, 40))
    most = 0.5 * CHILDREN / (ALLOWANCE * WEEKS_A_YEAR)
    paid = _counted(few, Count.ALLOWANCE_PAID)
    # A part of one is one in as many replications.
    assert set(paid.max(axis=1)) <= {floor(most), ceil(most)}
    # Whoever has one keeps it until 18, and none is taken back.
    assert (np.diff(_counted(many, Count.ALLOWANCE_PAID)[:, FIRST:]) >= -3).all()
    weeks = _paid(many, SpendCause.KINSHIP_ALLOWANCES)[:, FIRST:].sum() / ALLOWANCE
    assert weeks == pytest.approx(_counted(many, Count.ALLOWANCE_PAID).sum() / 12 * WEEKS_A_YEAR, rel=0.01)
    assert weeks * ALLOWANCE < 0.3 * 40 * CHILDREN * YEARS * REPLICATIONS
    assert _counted(many, Count.ALLOWANCE_STARTED).sum() <= _counted(many, Count.LEFT_GUARDIANSHIP).sum()


def test_a_part_of_an_allowance_is_one_in_as_many_replications() -> None:
    pounds = 0.25
    scenario = small(
        15_000, 4, prevention__kinship_allowances=pounds, prevention__kinship_allowances_take_up=1.0, budget__total=9000
    )
    paid = _counted(tables_of(scenario, 24), Count.ALLOWANCE_PAID).max(axis=1)
    likely = pounds * 15_000 / (ALLOWANCE * WEEKS_A_YEAR)
    assert set(paid) == {0, 1}
    # Few relatives have fostered for a year in so small an authority, so it may be fewer, never many more.
    assert 0.2 < paid.mean() < likely + 2 * (likely * (1 - likely) / 24) ** 0.5


def test_who_goes_home_because_of_that_court_does_so_on_the_day_it_decides() -> None:
    roomy = {"budget__total": 9000, "court__capacity": 90, "care__voluntary_first": 0.5}
    scenario = small(CHILDREN, 2, prevention__fdac=40, prevention__fdac_odds_ratio=20, **roomy)
    calendar, key = calendar_of(scenario.start, 2), replication_key(7, 0)
    authority = Authority(levers_of(scenario, calendar), key, calendar, 2)
    authority.run()
    rules, at_once, later, waiting = authority.memory.here.rules, 0, 0, 0
    for child, care in zip(authority.memory.children, authority.memory.cares, strict=True):
        if child["id"] == NOBODY or child["state"] != State.LOOKED_AFTER:
            continue
        if care["court_at"] < NEVER:
            # A place is taken on the day that proceedings begin, not when care does.
            waiting += 1
            assert care["fdac"] == 0
        if care["fdac"] != REUNITED:
            continue
        assert care["exit_at"] == pytest.approx(min(care["decided_at"], child["adult_at"]), abs=1e-6)
        uniform = draw(key, int(child["id"]), Stage.CARE, int(care["periods"]) - 1, Draw.COURT)
        soonest = care["started"] + lognormal(rules.court_median, rules.court_sigma, uniform)
        at_once += bool(abs(care["decided_at"] - soonest) < 1e-6)
        later += bool(care["decided_at"] > soonest + 1)
    assert min(at_once, later, waiting) > 2


def test_an_allowance_goes_on_when_no_more_are_given(tmp_path: Path) -> None:
    file = tmp_path / "stops.toml"
    file.write_text(
        '[scenario]\nformat = 2\ntitle = "Stops"\nwhy = "A gap."\nextends = "baseline"\n'
        '[set."prevention.kinship_allowances"]\n'
        "path = [[2013-04-01, 3], [2014-03-31, 3], [2014-04-01, 0]]\n"
        'because = "one year"\n',
        encoding="utf-8",
    )
    run = tables_of(read_scenario(file, ["prevention.kinship_allowances_take_up=0.9"], 3), REPLICATIONS)
    paid, started = _counted(run, Count.ALLOWANCE_PAID), _counted(run, Count.ALLOWANCE_STARTED)
    # The last notices end within a quarter.
    assert started[:, FIRST : FIRST + 15].sum() > 0
    assert not started[:, FIRST + 15 :].any()
    # It ends at 18, and who becomes a guardian's ward after a year with relatives is often in its teens.
    assert (paid[:, -1] > 0.4 * paid[:, FIRST + 15]).all()
    assert (np.diff(paid[:, FIRST + 15 :]) <= 0).all()
    assert _paid(run, SpendCause.KINSHIP_ALLOWANCES)[:, -1].min() > 0


def test_more_go_home_from_that_court_and_fewer_stay() -> None:
    plain, court = (
        _run(budget__total=9000, care__voluntary_first=0),
        _run(prevention__fdac=40, prevention__fdac_odds_ratio=20, budget__total=9000, care__voluntary_first=0),
    )
    assert _counted(court, Count.LEFT_HOME).sum() > _counted(plain, Count.LEFT_HOME).sum() + 15
    stocks = [run["stock"][:, -1, Stock.CARE].astype(float).mean() for run in (court, plain)]
    assert stocks[0] < stocks[1] - 5
    # It acts when proceedings have ended: in the first months on nobody who comes into care.
    months = slice(0, FIRST + 3)
    assert (_counted(court, Count.APPLICATION)[:, months] == _counted(plain, Count.APPLICATION)[:, months]).all()
