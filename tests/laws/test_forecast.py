"""What spending controls go by: a year's forecast, of what was spent, what is spent of late, and what is owed."""

from __future__ import annotations

import pytest
from conftest import small, tables_of

from demandsim.records import Count, Stock

CHILDREN, YEARS = 20_000, 3


def test_a_forecast_is_spend_so_far_and_as_of_late_for_the_rest_less_what_is_owed() -> None:
    scenario = small(
        CHILDREN, YEARS, budget__total=600, budget__reserves=0, budget__spending_controls=[0, 0, 0], inspection__money=0
    )
    tables, values = tables_of(scenario), scenario.at_start()
    spent = tables["spend"][0, 12:].sum(axis=1) / 100
    owed = 0.0
    for year in range(YEARS):
        months = spent[12 * year : 12 * year + 12]
        for passed in range(3, 12):
            lately = months[passed - 3 : passed].mean()
            when = (12 * year + passed) / 12
            children = CHILDREN * (1 + values["population.growth"] / 100) ** when
            budget = values["budget.total"] * (1 + values["budget.growth"] / 100) ** year * children
            forecast = months[:passed].sum() + (12 - passed) * lately
            found = tables["stock"][0, 12 + 12 * year + passed - 1, Stock.FORECAST]
            # Children are counted a few days sooner or later.
            assert found == pytest.approx(forecast - (budget - owed), abs=5e-4 * budget)
        owed = float(tables["count"][0, 12 + 12 * year + 11, Count.OWED])
    assert owed > 0.02 * values["budget.total"] * CHILDREN
