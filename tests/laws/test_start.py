"""The start is full: with demand held flat, nothing rises or falls because the simulation has only just begun."""

from __future__ import annotations

import pytest
from conftest import small, tables_of
from scipy import stats

from demandsim.records import Stock
from demandsim.results.measures import MEASURES
from demandsim.results.year import Year
from demandsim.scenario.parameters import LOOPS
from demandsim.vocabulary import DURATION_BANDS

#: Demand and readiness for enquiries of 2013-14 in every year, before the start as after it. Starts of care are then
#: higher before it than they were: as many as the pathway itself settles at when such demand goes on.
FLAT = {
    "demand__before": [1, 1, 1, 1, 1],
    "demand__after": 1,
    "enquiry__before": [1, 1, 1, 1, 1],
    "enquiry__after": 1,
    "population__growth": 0,
    "start__care_starts": 22,
    # Nothing presses: posts and money are those of more demand than there was.
    **{f"loop__{name}": 0 for name in LOOPS},
    "workforce__posts": 40,
    "budget__total": 3000,
}
REPLICATIONS = 16


@pytest.fixture(scope="module")
def years() -> list[Year]:
    tables = tables_of(small(children=150_000, years=2, **FLAT), REPLICATIONS)
    return [Year(tables, index) for index in range(3)]


@pytest.mark.parametrize("name", ["children_in_need", "plans", "looked_after"])
def test_no_stock_drifts_by_more_than_two_per_cent_in_two_years(years: list[Year], name: str) -> None:
    start, end = (MEASURES[name].of(years[index]) for index in (0, 2))
    change = (end - start) / start.mean()
    error = change.std(ddof=1) / REPLICATIONS**0.5
    assert abs(change.mean()) < 0.02 + stats.t.ppf(0.9995, REPLICATIONS - 1) * error
    assert error < 0.02


def test_children_open_at_the_start_have_the_lengths_of_stay_published_for_that_day(years: list[Year]) -> None:
    published = (22.9, 12.1, 14.9, 15.9, 34.2)  # DfE table B4, 31 March 2013
    for place, expected in enumerate(published):
        share = MEASURES[f"need_open_length_{place + 1}"].of(years[0]).mean()
        assert share == pytest.approx(expected, abs=5), DURATION_BANDS[place][0]


def test_care_is_full_at_the_start(years: list[Year]) -> None:
    """A ninth of those who leave in the first year had been there for five to ten years: nobody could from empty."""
    long_stays = MEASURES["left_5_to_10_years"].of(years[1]).mean()
    assert long_stays > 8
    assert years[0].stock(Stock.CARE).mean() > 500
