"""Staff, places and money bind as they should, and nothing is lost when they do."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from conftest import UNBOUND, authority_of, small, tables_of
from scipy import stats

from demandsim.model.simulate import simulate
from demandsim.model.workforce import VACANT, hours_supplied, staff_month
from demandsim.records import Count, Stock
from demandsim.results.tables import Tables
from demandsim.state.kept import Memory
from demandsim.vocabulary import DAYS_A_YEAR, Placement, SpendCause, State

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


def _team(**changes: Any) -> Memory:
    """Return an authority on its first day."""
    return authority_of(small(1e5), **changes).memory


def _month(memory: Memory, month: int, turnover: float, freeze: float) -> None:
    memory.here.clock.month = month
    staff_month(memory.world[0], turnover, freeze)


def test_vacancies_settle_where_leaving_and_recruiting_meet() -> None:
    """A post is a two-state chain: the share vacant is leaving over leaving and filling, by the month."""
    memory = _team(workforce__posts=400.0, workforce__vacancies=0.5, workforce__recruitment_months=3.0)
    vacant = []
    for month in range(1, 400):
        _month(memory, month, 0.16, 0.0)
        vacant.append(1 - memory.here.team.in_post / memory.here.team.posts)
    leaves, joins = 1 - 0.84 ** (1 / 12), 1 / 3
    expected = leaves / (leaves + joins)
    # Months in a row are correlated: as many independent looks as there are times to forget.
    looks = 300 * (leaves + joins) / 2
    error = (expected * (1 - expected) / memory.here.team.posts / looks) ** 0.5
    assert np.mean(vacant[99:]) == pytest.approx(expected, abs=4 * error)


def test_a_freeze_fills_no_post_until_as_many_are_vacant_as_it_may_leave() -> None:
    memory = _team(workforce__posts=4000.0, workforce__vacancies=0.0)
    agency = float(memory.here.team.agency)
    for month in range(1, 10):
        _month(memory, month, 0.16, 1.0)
        assert memory.here.team.joined == 0
        assert memory.here.team.agency == agency
    for month in range(10, 100):
        _month(memory, month, 0.16, 1.0)
    vacant = 1 - memory.here.team.in_post / memory.here.team.posts
    assert vacant == pytest.approx(memory.here.values.budget_most_vacant, abs=0.01)


def test_more_posts_leave_the_draws_of_the_others_alone() -> None:
    few, many = (authority_of(small(1e5), workforce__posts=posts).memory for posts in (20.0, 25.0))
    for month in range(1, 12):
        _month(few, month, 0.3, 0.0)
        _month(many, month, 0.3, 0.0)
    assert np.array_equal(few.workers[:200], many.workers[:200])
    assert (many.workers[200:250] != VACANT).any()


def test_sickness_takes_hours_and_agency_cover_costs_its_premium() -> None:
    well, ill = (hours_supplied(_team(workforce__sickness=sick).world[0], 365.25) for sick in (0.0, 0.25))
    assert ill == pytest.approx(0.75 * well)
    cheap, dear = (_run(workforce__agency_premium=premium, budget__total=9000) for premium in (0, 1))
    paid = [run["spend"][:, 12:, SpendCause.AGENCY].sum() for run in (cheap, dear)]
    assert paid[1] == pytest.approx(2 * paid[0], rel=1e-6)


def test_waiting_for_a_worker_is_erlangs_queue() -> None:
    """Referrals that come at random, assessments of random length, a fixed number of cases: M/M/c, and Erlang's C."""
    cases, days = 40, 7 / 5 * 20 / np.log(2)
    scenario = small(
        10_000,
        4,
        **{**UNBOUND, "workforce__posts": 100, "workforce__caseload": cases / 100},
        workforce__newly_qualified=0,
        workforce__longest_wait=10_000,
        contact__rate=0,
        contact__unrelated=0,
        harm__rate=0,
        care__rate=0,
        care__remand=0,
        care__unaccompanied=0,
        demand__family_size=[1, 0, 0, 0],
        demand__before=[1, 1, 1, 1, 1],
        demand__after=1,
        demand__monthly_shape=[m / 365 for m in (30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31)],
        population__growth=0,
        demand__new_families=310,
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
        plan__ends_at_review=[1, 1, 1, 1],
        enquiry__concerns=0,
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


def test_where_nothing_suits_a_place_is_bought_on_the_spot_and_care_gets_dearer() -> None:
    usual, none = _run(budget__total=9000), _run(budget__total=9000, placement__places=(0, 0, 0))
    bought = none["stock"][:, -1, Stock.PLACED + Placement.SPOT]
    assert (bought > 0.3 * none["stock"][:, -1, Stock.CARE]).all()
    care = [SpendCause.FOSTER_IN_HOUSE, SpendCause.FOSTER_AGENCY, SpendCause.KINSHIP, SpendCause.CHILDRENS_HOME]
    care += [SpendCause.OTHER_PLACEMENT, SpendCause.SPOT]
    spent = [run["spend"][:, -12:][:, :, care].sum(axis=(1, 2)) for run in (usual, none)]
    assert (spent[1] > 1.5 * spent[0]).all()
    # Less stable, and farther.
    moves = [_total(run, Count.MOVE) / run["stock"][:, 12:, Stock.CARE].sum() for run in (usual, none)]
    assert moves[1] > 1.1 * moves[0]


def test_siblings_live_together_where_a_family_has_room_for_both() -> None:
    spells = simulate(small(40_000, 3, **UNBOUND), 1, 0, spells=True)[1]
    assert spells is not None
    together: dict[tuple[int, float], list[str]] = {}
    for child, family, kind, detail, start, *_ in sorted(spells, key=lambda spell: spell[4]):
        if kind == "placement" and detail.startswith("foster"):
            together.setdefault((family, round(start, 6)), []).append(detail)
        assert child >> 2 == family
    groups = [details for details in together.values() if len(details) > 1]
    assert len(groups) > 20
    assert all(len(set(details)) == 1 for details in groups)


def test_most_moves_come_early_in_a_placement() -> None:
    spells = simulate(small(20_000, 4, **UNBOUND), 1, 0, spells=True)[1]
    assert spells is not None
    lasted = np.array(
        [end - start for _, _, kind, _, start, end, *_ in spells if kind == "placement" and end is not None]
    )
    first, second = (lasted < 90).sum(), ((lasted >= 90) & (lasted < 180)).sum()
    assert first > 1.5 * second


def test_homes_and_other_placements_are_for_those_whose_need_leans_to_them() -> None:
    plain, leaning = (
        _run(placement__residential_by_need=(weight, weight, weight, weight, weight)) for weight in (1, 3)
    )
    shares = []
    for run in (plain, leaning):
        placed = run["stock"][:, -1, Stock.PLACED : Stock.PLACED + Placement.words.size].sum(axis=0)
        shares.append(
            (placed[Placement.CHILDRENS_HOME] + placed[Placement.OTHER] + placed[Placement.SPOT]) / placed.sum()
        )
    assert shares[1] > 1.4 * shares[0]


def test_conferences_wait_for_a_chair_who_has_room() -> None:
    usual, few = (_run(conference__capacity=capacity) for capacity in (10_000, 45))
    in_time = [_share(run, Count.CONFERENCE_IN_TIME, Count.CONFERENCE) for run in (usual, few)]
    assert in_time[1] < in_time[0] - 0.2
    assert _total(few, Count.CONFERENCE) <= 45 * CHILDREN / 1e4 * YEARS * 4 * 1.1


# -- early help -------------------------------------------------------------------------------------------------------


def test_everybody_who_asks_for_early_help_gets_it_or_gives_up_or_waits() -> None:
    for prevention in (0, 30, 100):
        tables = _run(prevention__targeted=prevention, budget__total=9000)
        asked, started, unmet = (
            tables["count"][:, 12:, column].sum(axis=1).astype(float)
            for column in (Count.EARLY_HELP_ASKED, Count.EARLY_HELP_STARTED, Count.EARLY_HELP_UNMET)
        )
        waiting = np.diff(tables["stock"][:, [11, -1], Stock.EARLY_HELP_WAITING].astype(float))[:, 0]
        # Who gave up since the last panel is counted at the next.
        assert asked - started - unmet == pytest.approx(waiting, abs=asked.max() / 156 * 3)
        assert prevention or started.sum() == 0


def test_less_early_help_never_means_fewer_children_coming_back() -> None:
    """None at all is no better than little: who gives up comes back, whether or not anybody else is helped."""
    contacts = [
        _total(_run(prevention__targeted=prevention, budget__total=9000), Count.CONTACT) for prevention in (0, 30, 59.2)
    ]
    assert contacts[0] > contacts[1] > contacts[2]


def test_help_that_works_lowers_contacts_and_what_it_does_for_care_alone_leaves_them_as_they_are() -> None:
    rich = {"prevention__targeted": 150, "budget__total": 9000, "early_help__effective": 0.72}
    works, does_not = (_run(early_help__relative_risk=risk, **rich) for risk in (0.6, 1))
    assert _total(works, Count.CONTACT) < 0.98 * _total(does_not, Count.CONTACT)
    for_care = _run(early_help__relative_risk=1, early_help__care_relative_risk=0.3, **rich)
    assert _total(for_care, Count.CARE_STARTED) < 0.98 * _total(does_not, Count.CARE_STARTED)
    assert _total(for_care, Count.CONTACT) == pytest.approx(_total(does_not, Count.CONTACT), rel=0.01)


def test_a_place_that_nobody_takes_is_not_paid_for() -> None:
    much, more = (_run(prevention__targeted=pounds, budget__total=9000) for pounds in (400, 800))
    paid = [run["spend"][:, 24:, SpendCause.TARGETED].sum() / 100 for run in (much, more)]
    assert paid[1] == pytest.approx(paid[0], rel=0.02)
    assert paid[0] < 0.9 * 400 * CHILDREN * (YEARS - 1) * REPLICATIONS
    held = much["stock"][:, 24:, Stock.EARLY_HELP].astype(float).sum() / 12 * DAYS_A_YEAR
    values = small(CHILDREN).at_start()
    each = float(values["early_help.unit_cost"]) / float(values["early_help.duration"])
    assert paid[0] == pytest.approx(held * each, rel=0.01)


# -- money ------------------------------------------------------------------------------------------------------------


def test_the_ledger_is_whole_pence_of_what_happened_times_what_it_costs() -> None:
    tables, values = _run(budget__total=9000, inspection__money=0), small(CHILDREN).at_start()
    spend, days = tables["spend"], tables["placed_days"].astype(float)
    assert (spend == np.round(spend)).all()
    weekly = {
        SpendCause.FOSTER_IN_HOUSE: (Placement.FOSTER_IN_HOUSE, "cost.foster_in_house"),
        SpendCause.FOSTER_AGENCY: (Placement.FOSTER_AGENCY, "cost.foster_agency"),
        SpendCause.KINSHIP: (Placement.KINSHIP, "cost.kinship"),
        SpendCause.CHILDRENS_HOME: (Placement.CHILDRENS_HOME, "cost.childrens_home"),
        SpendCause.OTHER_PLACEMENT: (Placement.OTHER, "cost.other_placement"),
        SpendCause.SPOT: (Placement.SPOT, "cost.spot_placement"),
    }
    for cause, (placement, cost) in weekly.items():
        assert spend[:, :, cause] == pytest.approx(100 * days[:, :, placement] / 7 * values[cost], rel=1e-6, abs=1)
    looked_after = tables["state_days"][:, :, State.LOOKED_AFTER].astype(float)
    other = 100 * looked_after / DAYS_A_YEAR * values["cost.looked_after_other"]
    assert spend[:, :, SpendCause.CARE_OTHER] == pytest.approx(other, rel=1e-6)
    # What a month costs that is led by heads, not by what happens: by its length, and by the number of children.
    year, later = spend[:, 12:24].sum(axis=1) / 100, tables["stock"][:, 12:24]
    in_post = later[:, :, Stock.IN_POST].astype(float).mean(axis=1)
    assert year[:, SpendCause.POSTS] == pytest.approx(in_post * values["cost.social_worker"], rel=0.01)
    agency = later[:, :, Stock.AGENCY_WORKERS].astype(float).mean(axis=1)
    premium = 1 + values["workforce.agency_premium"]
    assert year[:, SpendCause.AGENCY] == pytest.approx(agency * values["cost.social_worker"] * premium, rel=0.02)
    children = CHILDREN * (1 + values["population.growth"] / 200)
    assert year[:, SpendCause.UNIVERSAL] == pytest.approx(children * values["prevention.universal"], rel=0.002)
    assert year[:, SpendCause.INTERVENTION_OTHER] == pytest.approx(
        children * values["cost.intervention_other"], rel=0.002
    )


def test_inflation_of_a_line_raises_that_line_by_as_much_a_year_and_no_other() -> None:
    usual, dearer = _run(budget__total=9000), _run(budget__total=9000, inflation__fostering=10)
    year, dear_year = (run["spend"][:, -12:].sum(axis=1) for run in (usual, dearer))
    lines = [SpendCause.FOSTER_IN_HOUSE, SpendCause.CHILDRENS_HOME]
    rise = dict(zip(lines, (dear_year[:, lines] / year[:, lines]).T, strict=True))
    # Prices begin to rise after the first year: the third is the second of rising ones.
    assert (rise[SpendCause.FOSTER_IN_HOUSE] > 1.1).all()
    assert (rise[SpendCause.FOSTER_IN_HOUSE] < 1.21).all()
    assert (rise[SpendCause.CHILDRENS_HOME] == 1).all()


def test_what_a_spending_control_withholds_is_what_prevention_lacks_services_for_all_first() -> None:
    tables = _run(budget__total=560, budget__spending_controls=(0, 0, 1))
    whole = _run(budget__total=9000)["spend"][:, 12:, SpendCause.UNIVERSAL].sum() / 100
    spent = tables["spend"][:, 12:, SpendCause.UNIVERSAL].sum() / 100
    # Two fifths of services for all at the most; what is withheld beyond that is targeted help not given.
    assert 0.25 * whole < whole - spent <= 0.4 * whole * 1.001
    assert _total(tables, Count.PREVENTION_CUT) > 1.1 * (whole - spent)
    helped = [run["stock"][:, 24:, Stock.EARLY_HELP].astype(float).sum() for run in (tables, _run(budget__total=9000))]
    assert helped[0] < 0.9 * helped[1]
    slight = _run(
        budget__total=560, budget__spending_controls=(0, 0, 1), budget__deepest_cut=0.1, budget__emergency_cut=0.1
    )
    lacking = whole - slight["spend"][:, 12:, SpendCause.UNIVERSAL].sum() / 100
    assert _total(slight, Count.PREVENTION_CUT) == pytest.approx(lacking, rel=1e-5)
    assert tables["stock"][:, 20, Stock.FORECAST].min() > 0


def test_money_in_is_money_out_reserves_are_what_is_left() -> None:
    # Money for improvement after an inspection is a part of the budget that this leaves out.
    poor = {"budget__total": 600, "inspection__money": 0}
    tables, values = _run(**poor), small(CHILDREN, YEARS, **poor).at_start()
    reserves = tables["stock"][:, 23::12, Stock.RESERVES].astype(float)
    before = np.full(len(reserves), values["budget.reserves"] * CHILDREN)
    for year in range(YEARS):
        spent = tables["spend"][:, 12 * year + 12 : 12 * year + 24].sum(axis=(1, 2)) / 100
        now = DAYS_A_YEAR * (year + 1)
        children = CHILDREN * (1 + values["population.growth"] / 100) ** (now / DAYS_A_YEAR)
        budget = values["budget.total"] * children * (1 + values["budget.growth"] / 100) ** year
        # What reserves may not bear is taken off the next year's budget.
        owed = tables["count"][:, 12 * year + 23, Count.OWED].astype(float)
        relieved = tables["count"][:, 12 * year + 23, Count.RELIEVED].astype(float)
        assert (owed <= values["budget.most_owed"] * budget * 1.02).all()
        # The year ends a day before or after a year of 365.25 days: a few pounds of growth.
        assert reserves[:, year] - owed - relieved == pytest.approx(before + budget - spent, abs=2e-5 * budget)
        assert (reserves[:, year] >= -1).all()
        before = reserves[:, year] - owed
    assert _total(tables, Count.OWED) > 0


def test_while_an_overspend_is_paid_back_a_cut_may_go_deeper() -> None:
    poor = {"budget__total": 560, "budget__reserves": 0, "budget__spending_controls": (0, 0, 1)}
    shallow, deep = (_run(budget__emergency_cut=cut, **poor) for cut in (0.25, 0.6))
    first = [run["count"][:, 12:24, Count.PREVENTION_CUT].sum() for run in (shallow, deep)]
    later = [run["count"][:, 24:, Count.PREVENTION_CUT].sum() for run in (shallow, deep)]
    assert first[0] == first[1]
    assert later[1] > 1.8 * later[0]


def test_spending_controls_are_applied_in_the_order_given() -> None:
    poor = {"budget__total": 600, "budget__reserves": 0}
    neither = _run(**poor, budget__spending_controls=(0, 0, 0))
    freeze = _run(**poor, budget__spending_controls=(0, 1, 0))
    cut = _run(**poor, budget__spending_controls=(0, 0, 1))
    assert _total(freeze, Count.STAFF_JOINED) < 0.8 * _total(neither, Count.STAFF_JOINED)
    prevention = [run["spend"][:, 12:, SpendCause.UNIVERSAL].sum() for run in (neither, freeze, cut)]
    assert prevention[0] == prevention[1] > 1.05 * prevention[2]
    rich = _run(budget__total=900)
    assert rich["spend"][:, 12:, SpendCause.UNIVERSAL].sum() == prevention[0]


# -- extremes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"workforce__posts": 0},
        {"prevention__targeted": 0},
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
        if name == "count":
            kept = np.delete(table, Count.CLOSED_SEVERITY, axis=-1)
        assert name == "stock" or (kept >= 0).all(), name
    count, stock = tables["count"].astype(float), tables["stock"].astype(float)
    opened = count[..., Count.CASE_OPENED]
    # Cases open at the end are those of the start and those opened since, less those closed, every one of them.
    closed = count[..., Count.CASE_CLOSED] - count[..., Count.REFERRAL_NO_ACTION]
    left = stock[0, 11, Stock.IN_NEED] + opened[0, 12:].sum() - closed[0, 12:].sum()
    assert left == stock[0, -1, Stock.IN_NEED]
    if changes.get("workforce__posts") == 0:
        assert count[0, 24:, Count.ASSESSMENT_STARTED].sum() == 0
        assert stock[0, -1, Stock.UNALLOCATED] > 100
    if changes.get("prevention__targeted") == 0:
        assert count[0, 24:, Count.EARLY_HELP_STARTED].sum() == 0
        assert count[0, 24:, Count.EARLY_HELP_UNMET].sum() > 0.8 * count[0, 24:, Count.EARLY_HELP_ASKED].sum()
    if changes.get("budget__total") == 0:
        assert count[0, 36:, Count.PREVENTION_CUT].sum() > 0
        assert count[0, 36:, Count.RELIEVED].sum() > 0
    if changes.get("demand__level") == 10:
        assert count[0, -12:, Count.REFERRAL].sum() > 4 * count[0, :12, Count.REFERRAL].sum()
    if changes.get("demand__level") == 0:
        assert count[0, -12:, Count.CONTACT].sum() < 0.5 * count[0, :12, Count.CONTACT].sum()
