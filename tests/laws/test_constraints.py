"""Staff, places and money bind as they should, and nothing is lost when they do."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from conftest import UNBOUND, small, tables_of
from scipy import stats

from demandsim.draws import Draws
from demandsim.model.workforce import Team
from demandsim.records import Count, Stock
from demandsim.results.tables import Tables
from demandsim.scenario.read import read_scenario
from demandsim.vocabulary import DAYS_A_YEAR, Placement, SpendCause

CHILDREN, YEARS, REPLICATIONS = 40_000, 3, 4
#: Loops off, so that only the constraint itself is seen.
LOOPS_OFF = {name: value for name, value in UNBOUND.items() if name.startswith("loop")}


@cache
def _run(**changes: Any) -> Tables:
    return tables_of(
        small(CHILDREN, YEARS, **{k: list(v) if isinstance(v, tuple) else v for k, v in changes.items()}), 4
    )


def _total(tables: Tables, *columns: int) -> float:
    """Return a count's total over the simulated years and replications."""
    return float(tables["count"][:, 12:, list(columns)].sum())


def _share(tables: Tables, part: int, whole: int) -> float:
    return _total(tables, part) / _total(tables, whole)


# -- workers ----------------------------------------------------------------------------------------------------------


def test_hours_supplied_are_used_or_idle_and_visits_are_missed_only_for_want_of_hours() -> None:
    for changes in ({}, {"workforce__posts": 15}):
        count = _run(**changes)["count"][:, 12:].astype(float)
        supplied, wanted, used = (count[..., c] for c in (Count.HOURS_SUPPLIED, Count.HOURS_WANTED, Count.HOURS_USED))
        assert used == pytest.approx(np.minimum(wanted, supplied))
        missed, due = count[..., Count.VISIT_MISSED], count[..., Count.VISIT_DUE]
        assert missed == pytest.approx(due * np.maximum(0, 1 - supplied / wanted), rel=1e-4, abs=0.01)
    assert _total(_run(workforce__posts=15), Count.VISIT_MISSED) > 0


def test_vacancies_settle_where_leaving_and_recruiting_meet() -> None:
    """A post is a two-state chain: the share vacant is leaving over leaving and filling, by the month."""
    values = {**read_scenario("baseline").at_start(), "workforce.posts": 400.0, "workforce.vacancies": 0.5}
    team = Team(Draws(1), values, 1e5)
    vacant = []
    for month in range(1, 400):
        team.month(month, 0.16, frozen=False)
        vacant.append(1 - team.in_post / team.posts)
    leaves, joins = 1 - 0.84 ** (1 / 12), 1 / values["workforce.recruitment_months"]
    expected = leaves / (leaves + joins)
    # Months in a row are correlated: as many independent looks as there are times to forget.
    looks = 300 * (leaves + joins) / 2
    error = (expected * (1 - expected) / team.posts / looks) ** 0.5
    assert np.mean(vacant[99:]) == pytest.approx(expected, abs=4 * error)


def test_a_freeze_fills_no_post_until_as_many_are_vacant_as_it_may_leave() -> None:
    values = {**read_scenario("baseline").at_start(), "workforce.posts": 400.0, "workforce.vacancies": 0.0}
    team = Team(Draws(1), values, 1e5)
    agency = team.agency
    for month in range(1, 10):
        team.month(month, 0.16, frozen=True)
        assert team.joined == 0
        assert team.agency == agency
    for month in range(10, 100):
        team.month(month, 0.16, frozen=True)
    assert 1 - team.in_post / team.posts == pytest.approx(values["budget.most_vacant"], abs=0.03)


def test_more_posts_leave_the_luck_of_the_others_alone() -> None:
    base = read_scenario("baseline").at_start()
    few, many = (Team(Draws(1), {**base, "workforce.posts": posts}, 1e5) for posts in (20.0, 25.0))
    for month in range(1, 12):
        few.month(month, 0.3, frozen=False)
        many.month(month, 0.3, frozen=False)
    assert many.workers[: len(few.workers)] == few.workers


def test_waiting_for_a_worker_is_erlangs_queue() -> None:
    """Referrals that come at random, assessments of random length, a fixed number of cases: M/M/c, and Erlang's C."""
    cases, days = 40, 7 / 5 * 20 / np.log(2)
    scenario = small(
        10_000,
        4,
        **{**UNBOUND, "workforce__posts": 100, "workforce__caseload": cases / 100},
        workforce__newly_qualified=0,
        workforce__longest_wait=10_000,
        relapse__strength=0,
        demand__family_size=[1, 0, 0, 0],
        demand__before=[1, 1, 1, 1, 1],
        demand__after=1,
        demand__monthly_shape=[m / 365 for m in (30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31)],
        population__growth=0,
        demand__new_families=310,
        start__contacts=0,
        start__care_starts=0,
        start__disabled_starts=0,
        contact__referral_threshold=-8,
        referral__no_action_threshold=-8,
        referral__enquiry_threshold=8,
        assessment__continuous=1,
        assessment__median_working_days=20,
        assessment__shape=1,
        assessment__deadline_effort=0,
        assessment__need_threshold=8,
        assessment__plan_threshold=8,
        # Nothing is left over from the years before the thresholds were moved.
        need__length=[1, 0, 0],
        need__short_days=20,
        need__disability_days=20,
        need__to_care=0,
        plan__to_care=0,
        plan__ends_at_review=[1, 1, 1, 1],
        enquiry__concerns=0,
        enquiry__to_care=0,
        assessment__to_care=0,
    )
    tables = tables_of(scenario, 24)
    begun = tables["count"][:, 36:, Count.ASSESSMENT_STARTED].sum(axis=1).astype(float)
    waited = tables["count"][:, 36:, Count.UNALLOCATED_DAYS].sum(axis=1).astype(float)
    arrivals = tables["count"][:, 36:, Count.REFERRAL].mean() * 12 / DAYS_A_YEAR
    load = arrivals * days
    busy = load / cases
    assert 0.7 < busy < 0.97
    number = np.arange(cases)
    terms = stats.poisson.pmf(number, load).sum()
    tail = stats.poisson.pmf(cases, load) / (1 - busy)
    wait = tail / (terms + tail) / (cases / days - arrivals)
    found = waited.sum() / begun.sum()
    error = np.std(waited - found * begun, ddof=1) * len(waited) ** 0.5 / begun.sum()
    assert found == pytest.approx(wait, abs=3.3 * error)
    assert error < wait


def test_a_vacancy_crisis_slows_assessments_and_leaves_cases_without_a_worker_and_more_posts_undo_it() -> None:
    crisis = {
        "workforce__vacancies": 0.25,
        "workforce__recruitment_months": 25,
        "workforce__agency_cover": 0.3,
    }
    usual, short, restored = _run(), _run(**crisis), _run(**crisis, workforce__posts=30)
    assert _total(usual, Count.UNALLOCATED_DAYS) < 0.2 * _total(short, Count.UNALLOCATED_DAYS)
    in_time = [_share(run, Count.ASSESSED_IN_TIME, Count.ASSESSED_CONTINUOUS) for run in (usual, short, restored)]
    assert in_time[1] < in_time[0] - 0.02
    assert in_time[2] > in_time[1] + 0.02
    missed = [_share(run, Count.VISIT_MISSED, Count.VISIT_DUE) for run in (usual, short, restored)]
    assert missed[1] > missed[0] + 0.05
    assert missed[2] < missed[1] - 0.03


# -- places -----------------------------------------------------------------------------------------------------------


def test_full_places_are_not_filled_again_and_children_go_elsewhere() -> None:
    tables = _run(placement__places=(10, 14.2, 6.2), placement__carers_recruited=0)
    stock = tables["stock"]
    own = stock[:, 12:, Stock.PLACED + Placement.FOSTER_IN_HOUSE]
    limit = stock[:, 12:, Stock.PLACES_OWN]
    # Nobody is moved out; so the number falls, month by month, until it is below the limit.
    assert (np.diff(own, axis=1)[own[:, :-1] > limit[:, :-1] + 1] <= 0).all()
    assert _total(tables, Count.PLACED_FIRST_FULL) > 5 * _total(_run(), Count.PLACED_FIRST_FULL)


# -- money ------------------------------------------------------------------------------------------------------------


def test_the_ledger_is_whole_pence_of_what_happened_times_what_it_costs() -> None:
    tables, values = _run(), small(CHILDREN).at_start()
    spend = tables["spend"]
    assert (spend == np.round(spend)).all()
    for cause, placement, cost in (
        (SpendCause.FOSTER_IN_HOUSE, Placement.FOSTER_IN_HOUSE, "cost.foster_in_house"),
        (SpendCause.CHILDRENS_HOME, Placement.CHILDRENS_HOME, "cost.childrens_home"),
    ):
        weeks = tables["placed_days"][:, :, placement].astype(float) / 7
        assert spend[:, :, cause] == pytest.approx(100 * weeks * values[cost], rel=1e-6, abs=1)


def test_money_in_is_money_out_reserves_are_what_is_left() -> None:
    tables, scenario = _run(budget__total=600), small(CHILDREN, YEARS, budget__total=600)
    values = scenario.at_start()
    reserves = tables["stock"][:, 23::12, Stock.RESERVES].astype(float)
    before = np.full(len(reserves), values["budget.reserves"] * CHILDREN)
    for year in range(YEARS):
        spent = tables["spend"][:, 12 * year + 12 : 12 * year + 24].sum(axis=(1, 2)) / 100
        now = DAYS_A_YEAR * (year + 1)
        children = CHILDREN * (1 + values["population.growth"] / 100) ** (now / DAYS_A_YEAR)
        budget = values["budget.total"] * children * (1 + values["budget.growth"] / 100) ** year
        # The year ends a day before or after a year of 365.25 days: a few pounds of growth.
        assert reserves[:, year] == pytest.approx(before + budget - spent, abs=2e-5 * budget)
        before = reserves[:, year]


def test_brakes_are_pulled_in_the_order_given() -> None:
    poor = {"budget__total": 600, "budget__reserves": 0}
    neither = _run(**poor, budget__brakes=(0, 0, 0))
    freeze = _run(**poor, budget__brakes=(0, 1, 0))
    cut = _run(**poor, budget__brakes=(0, 0, 1))
    assert _total(freeze, Count.STAFF_JOINED) < 0.8 * _total(neither, Count.STAFF_JOINED)
    prevention = [run["spend"][:, 12:, SpendCause.PREVENTION].sum() for run in (neither, freeze, cut)]
    assert prevention[0] == prevention[1] > 1.05 * prevention[2]
    rich = _run(budget__total=900)
    assert rich["spend"][:, 12:, SpendCause.PREVENTION].sum() == prevention[0]


# -- extremes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"workforce__posts": 0},
        {"budget__prevention": 0},
        {"placement__places": (0, 0, 0)},
        {"budget__total": 0},
        {"demand__level": 0},
        {"demand__level": 10},
        {"court__capacity": 0.001},
    ],
    ids=lambda changes: next(iter(changes)) + "=" + str(next(iter(changes.values()))),
)
def test_extreme_conditions_give_finite_results_and_lose_nobody(changes: dict[str, Any]) -> None:
    tables = tables_of(small(15_000, 3, **{k: list(v) if isinstance(v, tuple) else v for k, v in changes.items()}), 1)
    for name, table in tables.items():
        assert np.isfinite(table).all(), name
        # Reserves may be used up; days of closed cases are counted from children who were never opened.
        kept = table[..., 1:] if name == "state_days" else table
        assert name == "stock" or (kept >= 0).all(), name
    count, stock = tables["count"].astype(float), tables["stock"].astype(float)
    opened = count[..., Count.REFERRAL_ASSESSED] + count[..., Count.REFERRAL_ENQUIRY] + count[..., Count.BREAKDOWN]
    assert stock[0, -1, Stock.IN_NEED] <= stock[0, 11, Stock.IN_NEED] + opened[0, 12:].sum()
    if changes.get("workforce__posts") == 0:
        assert count[0, 24:, Count.ASSESSMENT_STARTED].sum() == 0
        assert stock[0, -1, Stock.UNALLOCATED] > 100
    if changes.get("demand__level") == 0:
        assert count[0, -12:, Count.CONTACT].sum() < 0.5 * count[0, :12, Count.CONTACT].sum()
