"""With nothing holding children up, stocks are those of an M/G/infinity queue: arrival rate times mean stay."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import small, tables_of
from scipy import stats

from demandsim.distributions import Lognormal, Weibull
from demandsim.records import Count, Stock
from demandsim.vocabulary import DAYS_A_YEAR, State

#: Two-sided; one false alarm in a thousand.
SIGMAS = stats.norm.ppf(0.9995)
REPLICATIONS = 24

#: No returns, no siblings, no growth or season: contacts are Poisson, every child independent.
SIMPLE = {
    "contact__rate": 0,
    "contact__unrelated": 0,
    "care__after_home": 0,
    "care__outside": 0,
    "demand__family_size": [1, 0, 0, 0],
    "demand__before": [1, 1, 1, 1, 1],
    "demand__monthly_shape": [m / 365 for m in (30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31)],
    "population__growth": 0,
    "care__siblings_join": 0,
}


@pytest.mark.parametrize("sigma", [0.1, 1.0])
def test_looked_after_stock_is_starts_times_mean_stay_whatever_the_spread_of_stays(sigma: float) -> None:
    scenario = small(
        children=20_000,
        years=3,
        **SIMPLE,
        care__home=[0, 0, 0, 0, 0],
        care__adoption=[0, 0, 0, 0, 0],
        care__guardianship=[0, 0, 0, 0, 0],
        care__other=[1, 1, 1, 1, 1],
        care__proceedings=[0, 0, 0, 0, 0],
        care__other_days=60,
        care__spread=sigma,
        care__age_effect=[1, 1, 1, 1, 0],
    )
    tables = tables_of(scenario, REPLICATIONS)
    starts = tables["count"][:, 12:, Count.CARE_STARTED].sum(axis=1)
    days = tables["state_days"][:, 12:, State.LOOKED_AFTER].sum(axis=1)
    # Ratio of totals, with the standard error of a ratio; stays begun before the years and ended after them even out.
    stay = days.sum() / starts.sum()
    error = np.std(days - stay * starts, ddof=1) * REPLICATIONS**0.5 / starts.sum()
    assert stay == pytest.approx(Lognormal(60, sigma).mean, abs=SIGMAS * error)
    assert error / stay < 0.1


def test_number_looked_after_is_poisson() -> None:
    scenario = small(
        children=15_000,
        **SIMPLE,
        care__home=[0, 0, 0, 0, 0],
        care__adoption=[0, 0, 0, 0, 0],
        care__guardianship=[0, 0, 0, 0, 0],
        care__other=[1, 1, 1, 1, 1],
        care__proceedings=[0, 0, 0, 0, 0],
        care__other_days=45,
        care__spread=0.5,
    )
    stock = tables_of(scenario, 60)["stock"][:, [14, 17, 20, 23], Stock.CARE].astype(float)
    # Four moments three months apart, each stay a seventh of that: nearly independent.
    dispersion = ((stock - stock.mean(axis=0)) ** 2).sum() / stock.mean()
    low, high = stats.chi2.ppf([0.0005, 0.9995], stock.size - 4)
    assert low < dispersion < high
    assert stock.mean() > 1.0


def test_assessments_under_way_are_referrals_times_mean_time() -> None:
    scenario = small(**SIMPLE, assessment__continuous=1, assessment__deadline_effort=0, referral__enquiry_threshold=8)
    tables = tables_of(scenario, REPLICATIONS)
    started = tables["count"][:, 12:, Count.REFERRAL_ASSESSED].sum(axis=1)
    days = tables["state_days"][:, 12:, State.ASSESSMENT].sum(axis=1)
    taken = days.sum() / started.sum()
    error = np.std(days - taken * started, ddof=1) * REPLICATIONS**0.5 / started.sum()
    law = Weibull.with_median(25.0, scenario.at_start()["assessment.shape"])
    # 253 working days in the 365 of 2013-14, and half a day on average to the end of the last one.
    expected = law.mean * 365 / 253
    assert taken == pytest.approx(expected, abs=SIGMAS * error + 0.5)


def test_flows_balance_in_every_replication() -> None:
    tables = tables_of(small(years=2), 6)
    count, stock = tables["count"].astype(int), tables["stock"].astype(int)
    for name, level, into, out_of in (
        ("looked after", Stock.CARE, Count.CARE_STARTED, Count.CARE_ENDED),
        ("plans", Stock.PLAN, Count.PLAN_STARTED, Count.PLAN_ENDED),
    ):
        change = stock[:, 1:, level] - stock[:, :-1, level]
        assert np.array_equal(change, count[:, 1:, into] - count[:, 1:, out_of]), name


def test_child_days_are_the_area_under_the_stock() -> None:
    tables = tables_of(small(children=30_000, years=2), 3)
    middle = (tables["stock"][:, :-1, Stock.CARE] + tables["stock"][:, 1:, Stock.CARE]) / 2
    days = tables["state_days"][:, 1:, State.LOOKED_AFTER]
    assert days.sum() / DAYS_A_YEAR == pytest.approx(middle.sum() / 12, rel=0.01)
    placed = tables["placed_days"].sum(axis=2)
    assert np.allclose(placed, tables["state_days"][:, :, State.LOOKED_AFTER], rtol=1e-4, atol=0.5)
