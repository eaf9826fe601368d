"""Demand of a month: the level of 2014-15 is the whole year's, and the lever moves new families and contacts again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from conftest import small

from demandsim.model.arrivals import demand_in_month, families_in_month
from demandsim.model.authority import Authority
from demandsim.model.simulate import calendar_of, levers_of
from demandsim.scenario.read import read_scenario
from demandsim.state.compiled_parameters import take, values_layout

_DAYS, _MONTHS = 365.25, 12
_DECLARED = {name: setting.value for name, setting in read_scenario("baseline").settings.items()}


def _values(**parameters: Any) -> Any:
    """Return the declared values, with changes given as group__name=value."""
    values = np.zeros(1, values_layout())[0]
    take(values, {**_DECLARED, **{key.replace("__", ".", 1): one for key, one in parameters.items()}})
    return values


def _families(year: int, **parameters: Any) -> float:
    """Return new families of a year, the first being 0, of as many children all along."""
    values = _values(**parameters)
    months = range(year * _MONTHS, (year + 1) * _MONTHS)
    demand = [demand_in_month(values, month, month * _DAYS / _MONTHS) for month in months]
    return sum(families_in_month(values, one, 1.0) for one in demand)


@pytest.mark.parametrize("growth", [0.0, 10.0])
def test_growth_does_not_move_the_year_whose_level_is_given(growth: float) -> None:
    assert _families(0, demand__growth=growth) == _families(0)
    assert _families(1, demand__after=0.9, demand__growth=growth) / _families(0) == pytest.approx(0.9)


@pytest.mark.parametrize("year", [1, 2, 5])
def test_each_later_year_grows_from_the_one_before(year: int) -> None:
    grown = _families(year + 1, demand__growth=10.0) / _families(year, demand__growth=10.0)
    # Months count from their first day, so the first of these years is half a month short of one.
    assert grown == pytest.approx(1.1, rel=0.005)


def test_the_years_before_have_the_levels_given() -> None:
    before = [0.5, 0.6, 0.7, 0.8, 0.9]
    found = [_families(year, demand__before=before) / _families(0) for year in range(-6, 0)]
    # Before the first year of the burn-in, demand is as in it.
    assert found == pytest.approx([0.5, *before])


def test_a_year_has_the_families_that_are_declared_and_a_month_its_share_of_them() -> None:
    values = _values(population__children=20_000, demand__new_families=150)
    assert _families(0, population__children=20_000, demand__new_families=150) == pytest.approx(300)
    shape = _DECLARED["demand.monthly_shape"]
    assert isinstance(shape, tuple)
    for month, share in enumerate(shape):
        found = families_in_month(values, demand_in_month(values, month, month * _DAYS / _MONTHS), 1.0)
        assert found == pytest.approx(300 * share)


def _in_first_month(**changes: Any) -> Any:
    """Return the world of an authority in the first month of its scenario, the month's rules settled."""
    scenario = small(1_000, **changes)
    calendar = calendar_of(scenario.start, scenario.years)
    authority = Authority(levers_of(scenario, calendar), 1, calendar, scenario.years)
    authority.run(1.0)
    return authority.memory.here


def test_the_demand_lever_moves_contacts_again_as_much_as_first_ones_and_neither_harm_nor_care() -> None:
    usual, twice = _in_first_month(), _in_first_month(demand__level=2)
    assert twice.practice.demand == pytest.approx(2 * usual.practice.demand)
    for name in ("contact", "contact_unrelated"):
        assert getattr(twice.rules, name) == pytest.approx(2 * getattr(usual.rules, name)), name
    assert twice.rules.harm == usual.rules.harm
    assert np.array_equal(twice.rules.care, usual.rules.care)


def test_services_for_all_move_what_is_noticed_by_their_elasticity() -> None:
    usual = _in_first_month(prevention__noticing=0.5)
    base = usual.money.base_tiers[0]
    more = _in_first_month(prevention__noticing=0.5, prevention__universal=4 * base)
    assert (usual.practice.noticed, more.practice.noticed) == (pytest.approx(1), pytest.approx(2))
