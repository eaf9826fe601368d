"""Laws of what the report says of care: missing, distance, children's homes and care leavers."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import small, tables_of

from demandsim.model.distance import against_the_mean
from demandsim.model.leavers import shifted
from demandsim.records import Count, Stock
from demandsim.results.measures import MEASURES
from demandsim.results.tables import Tables
from demandsim.results.year import Year
from demandsim.scenario.read import read_scenario
from demandsim.vocabulary import DAYS_A_YEAR, Judgement, LeaverActivity, SpendCause, State

CHILDREN, YEARS = 30_000, 3
#: Months before the first of the scenario that the tables hold, a year.
FIRST = 12


def _run(**changes: object) -> Tables:
    return tables_of(small(CHILDREN, YEARS, **changes), replications=3)


@pytest.fixture(scope="module")
def plain() -> Tables:
    return _run()


def _total(tables: Tables, *columns: int) -> float:
    return float(tables["count"][:, FIRST:, list(columns)].sum())


@pytest.mark.parametrize("times", [0.8, 1.3, 4.0])
@pytest.mark.parametrize("usual", [0.07, 0.4])
def test_what_acts_against_the_mean_leaves_the_mean_as_it_was(times: float, usual: float) -> None:
    far, near = against_the_mean(times, True, usual), against_the_mean(times, False, usual)
    assert usual * far + (1 - usual) * near == pytest.approx(1)
    assert far / near == pytest.approx(times)


@pytest.mark.parametrize("far", [False, True])
def test_where_the_mean_is_nothing_distance_changes_nothing(far: bool) -> None:
    assert against_the_mean(0.0, far, 1.0) == 1.0


def test_a_share_is_shifted_by_its_log_odds() -> None:
    assert shifted(0.53, 0.0) == pytest.approx(0.53)
    assert shifted(0.5, np.log(3)) == pytest.approx(0.75)
    assert 0.0 <= shifted(1.0, -5.0) <= 1.0
    assert shifted(0.0, 5.0) == 0.0


def test_distance_that_does_nothing_changes_nothing_but_where_children_live(plain: Tables) -> None:
    """One that does something is told apart below: by moves, missing episodes and hours."""
    nothing = dict.fromkeys(("moves", "missing", "help", "stay"), 1)
    idle = {f"distance__{name}": one for name, one in nothing.items()} | {"hours__far_month": 0}
    near, far = _run(**idle), _run(**idle, distance__level=2)
    assert (near["count"] == far["count"]).all()
    assert (near["spend"] == far["spend"]).all()
    lived = [run["stock"][:, FIRST:, Stock.FAR].sum() for run in (near, far)]
    assert lived[1] > 1.5 * lived[0]


def test_children_far_away_move_on_and_go_missing_more(plain: Tables) -> None:
    far = _run(distance__level=2.2, distance__moves=2, distance__missing=3)
    near = _run(distance__level=0, distance__moves=2, distance__missing=3)
    for count, times in ((Count.MOVE, 1.05), (Count.MISSING, 1.1), (Count.HOURS_WANTED, 1.005)):
        assert _total(far, count) > times * _total(near, count)
    assert near["stock"][:, -1, Stock.FAR].sum() < 0.6 * plain["stock"][:, -1, Stock.FAR].sum()


def test_who_goes_missing_is_interviewed_as_often_as_it_is_said(plain: Tables) -> None:
    for episodes, held in ((Count.MISSING, Count.INTERVIEWED), (Count.MISSING_HOME, Count.INTERVIEWED_HOME)):
        number = _total(plain, episodes)
        assert abs(_total(plain, held) / number - 0.5) < 4 * 0.5 / number**0.5
    each = _run(missing__interviewed=1)
    assert _total(each, Count.INTERVIEWED) == _total(each, Count.MISSING)


def test_exploitation_is_identified_by_interviews_and_by_what_is_known_of_others() -> None:
    often = {"missing__exploited": 0.5, "missing__exploited_months": 200}
    blind = _run(**often, missing__interview_finds=0, missing__intelligence=0)
    assert _total(blind, Count.EXPLOITED) > 30
    assert _total(blind, Count.EXPLOITED_FOUND) == 0
    by_interview = _run(**often, missing__interview_finds=1, missing__interviewed=1, missing__intelligence=0)
    # Whoever begins to be is found by the interview of the same episode.
    assert _total(by_interview, Count.EXPLOITED_FOUND) == pytest.approx(_total(by_interview, Count.EXPLOITED), rel=0.05)
    by_others = _run(**often, missing__interview_finds=0, missing__intelligence=0.1)
    assert 0 < _total(by_others, Count.EXPLOITED_FOUND) < _total(by_others, Count.EXPLOITED) + 30


def test_homes_are_judged_and_managed_as_they_were() -> None:
    many = tables_of(small(400_000, YEARS))
    inspected = many["count"][:, FIRST:, Count.HOME_JUDGED : Count.HOME_JUDGED + 4].sum(axis=(0, 1))
    for judgement, share in ((Judgement.INADEQUATE, 0.06), (Judgement.OUTSTANDING, 0.12), (Judgement.GOOD, 0.57)):
        error = (share * (1 - share) / inspected.sum()) ** 0.5
        assert abs(inspected[judgement] / inspected.sum() - share) < 4 * error + 0.01
    homes, unmanaged = (many["stock"][0, FIRST:, one] for one in (Stock.HOMES, Stock.HOMES_UNMANAGED))
    assert abs((unmanaged / homes).mean() - 0.07) < 4 * (0.07 / homes[0] / YEARS) ** 0.5
    assert (YEARS - 0.1) * homes[0] <= inspected.sum() <= YEARS * homes[0]


def test_places_are_lost_by_homes_that_close_and_by_no_other_way() -> None:
    run = _run(placement__supply_response=0, placement__homes_inadequate=0.3)
    places = run["stock"][:, FIRST:, Stock.PLACES_HOMES]
    closed = run["count"][:, FIRST:, Count.PLACES_CLOSED]
    assert places[:, :1] - places == pytest.approx(np.cumsum(closed, axis=1) - closed[:, :1], rel=1e-4, abs=1e-3)
    assert closed.sum() > 1
    none = _run(placement__homes_inadequate=0)
    assert _total(none, Count.PLACES_CLOSED) == _total(none, Count.HOME_CLOSED) == 0


def test_a_home_without_gaps_between_managers_has_one() -> None:
    run = _run(homes__manager_gaps=0, homes__gap_weeks=1)
    assert run["stock"][:, -1, Stock.HOMES_UNMANAGED].sum() == 0


def test_leavers_do_as_published_where_nothing_of_how_they_left_counts() -> None:
    no_effect = {f"leaver__{name}_effect": 0 for name in ("early", "moves", "stay")}
    run = tables_of(small(200_000, YEARS, **no_effect))
    at_19 = [_total(run, Count.LEAVER_ACTIVITY + activity) for activity in range(4)]
    assert sum(at_19) == _total(run, Count.LEAVER_NINETEEN)
    for activity, share in (
        (LeaverActivity.EDUCATION, 0.32),
        (LeaverActivity.WORK, 0.21),
        (LeaverActivity.NEITHER, 0.27),
    ):
        error = (share * (1 - share) / sum(at_19)) ** 0.5
        assert abs(at_19[activity] / sum(at_19) - share) < 4 * error


def test_leaving_care_costs_what_its_leavers_advisers_and_carers_cost() -> None:
    run = _run(leaver__staying_put=1)
    state_days, stays = run["state_days"][:, FIRST:, State.CARE_LEAVER], run["count"][:, FIRST:, Count.STAYING_PUT]
    assert stays.sum() > 0
    values = read_scenario("baseline").at_start()
    each = values["cost.leaver"] + values["cost.personal_adviser"] / values["leaver.for_each_adviser"]
    days = np.array([30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31] * YEARS, dtype=float)
    days[34] = 29
    expected = state_days / DAYS_A_YEAR * each + stays * days / 7 * values["cost.staying_put"]
    found = run["spend"][:, FIRST:, SpendCause.LEAVING_CARE] / 100
    assert found == pytest.approx(expected, rel=0.01)


def test_nobody_stays_put_or_leaves_early_where_nobody_may(plain: Tables) -> None:
    assert _total(_run(leaver__staying_put=0), Count.LEAVER_STAYS) == 0
    never, early = _run(leaver__early=0), _run(leaver__early=12)
    before = [MEASURES["left_before_18"].of(Year(run, YEARS)).mean() for run in (never, plain, early)]
    assert before[0] < 28 < before[1] < 45 < 60 < before[2]
    assert _total(early, Count.CARE_ENDED) >= _total(plain, Count.CARE_ENDED)


def test_homes_that_would_all_take_nobody_divide_by_nothing() -> None:
    worst = {"placement__homes_inadequate": 1, "placement__inadequate_close": 0, "homes__fewer_admissions": 1}
    run = tables_of(small(3_000, 1, **worst))
    assert all(np.isfinite(table).all() for table in run.values() if table.dtype.kind == "f")
