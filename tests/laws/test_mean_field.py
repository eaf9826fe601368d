"""Where nothing binds, expected values and the mean of simulations agree: two models of the same declared scenario."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from conftest import UNBOUND, small, tables_of

from demandsim.meanfield.delays import Queue
from demandsim.meanfield.full import Spilled
from demandsim.meanfield.kernels import MONTH
from demandsim.meanfield.path import mean_field_of
from demandsim.meanfield.placements import in_bands, thrice
from demandsim.meanfield.resources import ExpectedTeam
from demandsim.meanfield.rules import Rules
from demandsim.meanfield.steady import steady_state
from demandsim.records import Count, Stock
from demandsim.results.measures import MEASURES
from demandsim.results.year import Year
from demandsim.scenario.read import read_scenario
from demandsim.scenario.unknowns import at, fitted, uncertain
from demandsim.vocabulary import DAYS_A_YEAR, Placement

AUTHORITY, REPLICATIONS = 75_500, 24
#: What the mean field may be off by, besides what the simulation leaves open.
ROUGHLY = 0.02
#: Errors of the mean that pass by chance once in a few hundred times.
SURE = 2.8
#: Children of quite another kind: seen less clearly, who come back less, fall into care sooner and leave it sooner.
OTHERS: dict[str, Any] = {
    "severity__observation_noise": 1.0,
    "severity__risk_slope": 0.3,
    "relapse__strength": 0.7,
    "need__long_days": 450,
    "enquiry__concerns": 0.25,
    "plan__to_care": 0.2,
    "care__home_median_days": 120,
    "placement__frailty": 0.8,
    "court__weeks": 26,
    "demand__level": 1.2,
    "demand__family_size": [0.7, 0.2, 0.08, 0.02],
}
STOCKS = {
    "children in need": (Stock.IN_NEED,),
    "awaiting assessment": (Stock.AWAITING,),
    "in enquiry": (Stock.ENQUIRY,),
    "child in need plans": (Stock.NEED_PLAN,),
    "child protection plans": (Stock.PLAN,),
    "looked after": (Stock.CARE,),
    "care leavers": (Stock.LEAVER,),
    "early help": (Stock.EARLY_HELP,),
    "own carers": (Stock.PLACED + Placement.FOSTER_IN_HOUSE,),
    "agency carers": (Stock.PLACED + Placement.FOSTER_AGENCY,),
    "kinship carers": (Stock.PLACED + Placement.KINSHIP,),
    "children's homes": (Stock.PLACED + Placement.CHILDRENS_HOME,),
    "with parents": (Stock.PLACED + Placement.WITH_PARENTS,),
    "for adoption": (Stock.PLACED + Placement.FOR_ADOPTION,),
}
FLOWS = {
    "contacts": (Count.CONTACT,),
    "referrals": (Count.REFERRAL,),
    "re-referrals": (Count.RE_REFERRAL,),
    "need found": (Count.NEED_STARTED,),
    "need ended": (Count.NEED_ENDED,),
    "enquiries": (Count.ENQUIRY,),
    "conferences": (Count.CONFERENCE,),
    "plans started": (Count.PLAN_STARTED,),
    "plans ended": (Count.PLAN_ENDED,),
    "care started": (Count.CARE_STARTED,),
    "care ended": (Count.CARE_ENDED,),
    "went home": (Count.LEFT_HOME,),
    "adopted": (Count.LEFT_ADOPTION,),
}


@pytest.mark.parametrize("changes", [{}, OTHERS], ids=["the baseline's children", "others"])
def test_where_nothing_binds_stocks_and_flows_are_those_simulated(changes: dict[str, Any]) -> None:
    scenario = small(AUTHORITY, **UNBOUND, **changes)
    simulated, expected = tables_of(scenario, REPLICATIONS, seed=11), mean_field_of(scenario)
    off = {}
    for kind, columns in (*STOCKS.items(), *FLOWS.items()):
        of = Year.month_mean if kind in STOCKS else Year.count
        each, mean_field = of(Year(simulated, 1), *columns), of(Year(expected, 1), *columns)[0]
        error = each.std(ddof=1) / REPLICATIONS**0.5
        if abs(mean_field - each.mean()) > ROUGHLY * each.mean() + SURE * error:
            off[kind] = (round(float(each.mean()), 1), round(float(mean_field), 1), round(float(error), 1))
    assert not off


#: Shares that hang on how long something has lasted, or how often it came, and points the mean field may be off by.
LASTED = {f"need_ended_length_{band}": 3.5 for band in range(1, 6)} | {"plans_reviewed": 1.5, "three_placements": 2.5}


def test_what_has_lasted_how_long_is_about_what_is_simulated_and_moves_as_that_does() -> None:
    before, after = (
        small(
            AUTHORITY,
            **UNBOUND,
            need__short_days=days,
            need__medium_days=100 + days,
            plan__review_late=late,
            placement__scale_days=scale,
        )
        for days, late, scale in ((25, 0.02, 1100), (60, 0.06, 650))
    )
    simulated, expected = (
        np.array([[MEASURES[id].of(Year(tables, 1)) for id in LASTED] for tables in both])
        for both in (
            [tables_of(one, REPLICATIONS, seed=13) for one in (before, after)],
            [mean_field_of(one) for one in (before, after)],
        )
    )
    error = simulated.std(axis=2, ddof=1) / REPLICATIONS**0.5
    off = np.abs(expected[..., 0] - simulated.mean(axis=2))
    assert (off < np.array(list(LASTED.values())) + SURE * error).all()
    moved = simulated[1] - simulated[0]
    differs = np.abs(expected[1, :, 0] - expected[0, :, 0] - moved.mean(axis=1))
    chance = SURE * moved.std(axis=1, ddof=1) / REPLICATIONS**0.5
    assert (differs < 0.2 * np.abs(moved.mean(axis=1)) + chance).all()


#: What there is too little of, and what shows it. Loops stay open but for that of places, without which nothing follows
#: from a full one.
SHORT: dict[str, tuple[dict[str, Any], dict[str, tuple[Any, tuple[int, ...]]]]] = {
    "places": (
        {"placement__places": [15, 8, 3], "loop__sufficiency": 1},
        {
            "own carers": (Year.month_mean, (Stock.PLACED + Placement.FOSTER_IN_HOUSE,)),
            "agency carers": (Year.month_mean, (Stock.PLACED + Placement.FOSTER_AGENCY,)),
            "children's homes": (Year.month_mean, (Stock.PLACED + Placement.CHILDRENS_HOME,)),
            "bought on the spot": (Year.month_mean, (Stock.PLACED + Placement.SPOT,)),
            "care ended": (Year.count, (Count.CARE_ENDED,)),
        },
    ),
    "workers": (
        {"workforce__posts": 14},
        {
            "without a worker": (Year.month_mean, (Stock.UNALLOCATED,)),
            "awaiting assessment": (Year.month_mean, (Stock.AWAITING,)),
            "assessments begun": (Year.count, (Count.ASSESSMENT_STARTED,)),
            "assessed in time": (Year.count, (Count.ASSESSED_IN_TIME,)),
        },
    ),
    "conferences": (
        {"conference__capacity": 45},
        {
            "in enquiry": (Year.month_mean, (Stock.ENQUIRY,)),
            "conferences": (Year.count, (Count.CONFERENCE,)),
            "plans": (Year.month_mean, (Stock.PLAN,)),
        },
    ),
}
#: Queues are followed by the month, and as if all waited for as long.
ROUGHLY_WHERE_SHORT = 0.15


@pytest.mark.parametrize("what", SHORT)
def test_where_something_is_short_it_binds_as_it_does_in_the_simulation(what: str) -> None:
    changes, shown = SHORT[what]
    scenario = small(AUTHORITY, **{**UNBOUND, **changes})
    simulated, expected = tables_of(scenario, REPLICATIONS, seed=12), mean_field_of(scenario)
    off = {}
    for kind, answer in shown.items():
        of, columns = answer
        each, mean_field = of(Year(simulated, 1), *columns), of(Year(expected, 1), *columns)[0]
        error = each.std(ddof=1) / REPLICATIONS**0.5
        if abs(mean_field - each.mean()) > ROUGHLY_WHERE_SHORT * each.mean() + SURE * error:
            off[kind] = (round(float(each.mean()), 1), round(float(mean_field), 1), round(float(error), 1))
    assert not off


def test_a_balance_is_one() -> None:
    """What comes in goes out, and one year is like the next."""
    balance = steady_state(small(AUTHORITY, **UNBOUND))
    last, before = Year(balance, 1), Year(balance, 0)
    for stock in STOCKS.values():
        assert last.stock(*stock) == pytest.approx(before.stock(*stock), rel=2e-3)
    for into, out in (("need_started", "need_ended"), ("plans_started", "plans_ended"), ("care_started", "care_ended")):
        assert MEASURES[into].of(last) == pytest.approx(MEASURES[out].of(last), rel=1e-2)


def test_children_are_neither_made_nor_lost() -> None:
    """What changes a stock in a month is what came and what went, to the last digit that counts."""
    tables = mean_field_of(small(AUTHORITY, **UNBOUND))
    count, stock = tables["count"][0], tables["stock"][0]
    for held, came, went in (
        (Stock.PLAN, Count.PLAN_STARTED, Count.PLAN_ENDED),
        (Stock.CARE, Count.CARE_STARTED, Count.CARE_ENDED),
    ):
        change = np.diff(stock[:, held])
        assert change == pytest.approx((count[:, came] - count[:, went])[1:], abs=0.02 * count[:, came].mean())


@pytest.mark.parametrize(
    ("name", "value", "step"),
    [
        ("relapse.after_need", 0.7238, 1e-4),
        ("need.long_days", 639.3, 0.1),
        ("enquiry.concerns", 0.1616, 1e-5),
        ("care.home_median_days", 184.1, 0.01),
        ("early_help.duration", 182, 0.01),
    ],
)
def test_answers_are_smooth(name: str, value: float, step: float) -> None:
    """A slope is the same over a small step and over one ten times as large: no rounding, no thresholds."""

    def answers(at: float) -> np.ndarray:
        tables = mean_field_of(read_scenario("baseline", [f"{name}={at}"], 1))
        return np.array(
            [MEASURES[id].of(Year(tables, 1))[0] for id in ("referrals", "children_in_need", "plans", "looked_after")]
        )

    middle = answers(value)
    small_slope = (answers(value + step) - middle) / step
    large_slope = (answers(value + 10 * step) - middle) / (10 * step)
    assert small_slope == pytest.approx(large_slope, rel=0.02, abs=1e-4 * np.abs(middle).max() / value)


def test_nobody_is_let_in_where_more_are_than_there_are_places() -> None:
    """Places that were taken before there was a limit empty as children leave, down to the limit and no further."""
    wanted, limit, part = np.zeros(Placement.words.size), np.full(Placement.words.size, np.inf), 0.1
    wanted[Placement.FOSTER_IN_HOUSE] = 400.0
    limit[[Placement.FOSTER_IN_HOUSE, Placement.FOSTER_AGENCY, Placement.CHILDRENS_HOME]] = 200.0, 50.0, 0.0
    spilled = Spilled()
    for month in range(1, 40):
        placed, refused = spilled.step(wanted, limit.tolist(), part * 400.0, 0.5)
        own, agency = placed[[Placement.FOSTER_IN_HOUSE, Placement.FOSTER_AGENCY]]
        assert placed.sum() == pytest.approx(400.0)
        assert own == pytest.approx(max(400.0 * (1 - part) ** month, 200.0), rel=0.05)
        assert agency <= 50.0
        assert refused <= part * 400.0
    assert own < 200.0
    assert placed[Placement.SPOT] == pytest.approx(400.0 - own - agency)


def test_a_wait_is_who_waits_over_who_is_let_in() -> None:
    """Little's law; and nobody is lost in the queue."""
    queue, came, let_in = Queue((2,)), np.array([30.0, 10.0]), np.zeros(2)
    for _ in range(60):
        let_in += (last := queue.step(came, 20.0))
    assert last == pytest.approx(came)
    assert queue.inside + let_in == pytest.approx(60 * came)
    assert queue.waits == pytest.approx(20.0 / 40.0 * DAYS_A_YEAR / 12)


def test_every_pound_less_leaves_more_posts_vacant() -> None:
    """Luck decides whether hiring is frozen, so what is expected knows no budget at which it suddenly is."""
    total = read_scenario("baseline").at_start()["budget.total"]
    budgets = [[f"budget.total={total * (1 + percent / 100)}"] for percent in range(-3, 4)]
    paths = [mean_field_of(read_scenario("baseline", budget, 1)) for budget in budgets]
    vacant = [MEASURES["vacancy_rate"].of(Year(path, 1))[0] for path in paths]
    assert (np.diff(vacant) < 0).all()
    assert np.diff(vacant).min() > 2 * np.diff(vacant).mean()


def test_two_moves_in_a_year_are_as_likely_as_they_are_at_a_steady_rate() -> None:
    """Of children who all move on at one rate: at least two events of a Poisson process in twelve months, or since."""
    even = read_scenario("baseline").at_start() | {
        "placement.scale_days": 300.0,
        "placement.shape": 1.0,
        "placement.frailty": 1e-6,
        "placement.moves_by_age": (1.0,) * 5,
    }
    found = thrice(Rules(even), 60)
    moves = np.minimum(np.arange(60) + 0.5, 12.0)[:, None] * MONTH / 300.0
    expected = 1.0 - np.exp(-moves) * (1.0 + moves)
    inside = np.broadcast_to(in_bands(60).sum(axis=2) > 0, found.shape)
    assert found[inside] == pytest.approx(np.broadcast_to(expected, found.shape)[inside], rel=0.1, abs=0.004)


def test_a_freeze_ends_by_degrees_as_posts_become_vacant() -> None:
    """How many posts are vacant is luck, so of what is expected no number suddenly begins hiring."""
    values = read_scenario("baseline").at_start()
    most = values["budget.most_vacant"]

    def joined(vacancies: float) -> float:
        team = ExpectedTeam(values | {"workforce.vacancies": vacancies}, 75_500)
        team.month(0, 0.0, 1.0)
        return team.joined / (vacancies * team.posts) * values["workforce.recruitment_months"]

    around = [joined(most + step) for step in (-0.15, -0.002, 0.002, 0.3)]
    assert around[0] < 0.01
    assert around[1] == pytest.approx(around[2], abs=0.1)
    assert around[1:3] == pytest.approx([0.5, 0.5], abs=0.06)
    assert around[3] > 0.99


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("draw", [20, 28, 35, 50, 82, 224])
def test_far_from_the_baseline_there_is_an_answer(draw: int) -> None:
    """A fit looks at values far out, where children would fall sooner than in a month: none are fewer than none."""
    scenario = read_scenario("baseline", (), 2)
    unknowns = tuple(dict.fromkeys((*fitted(scenario), *uncertain(scenario))))
    far = np.random.default_rng([draw, 99]).standard_normal(len(unknowns)) * (1 + draw % 3 * 0.75)
    tables = mean_field_of(at(scenario, unknowns, far))
    stocks = np.stack([tables["stock"][0][:, list(columns)].sum(axis=1) for columns in STOCKS.values()])
    assert np.isfinite(tables["stock"]).all()
    assert stocks.min() >= 0
