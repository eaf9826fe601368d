"""New families of a month: the level of 2014-15 is the whole year's, and later years grow from it."""

from __future__ import annotations

import numpy as np
import pytest

from demandsim.model.arrivals import families_in_month
from demandsim.scenario.read import read_scenario
from demandsim.state.compiled_parameters import take, values_layout

_DAYS, _MONTHS = 365.25, 12
_DECLARED = {name: setting.value for name, setting in read_scenario("baseline").settings.items()}


def _families(year: int, **parameters: float) -> float:
    """Return new families of a year, the first being 0, of as many children all along."""
    values = np.zeros(1, values_layout())[0]
    take(values, {**_DECLARED, **{key.replace("_", ".", 1): one for key, one in parameters.items()}})
    months = range(year * _MONTHS, (year + 1) * _MONTHS)
    return sum(families_in_month(values, month, month * _DAYS / _MONTHS, 1.0) for month in months)


@pytest.mark.parametrize("growth", [0.0, 10.0])
def test_growth_does_not_move_the_year_whose_level_is_given(growth: float) -> None:
    assert _families(0, demand_growth=growth) == _families(0)
    assert _families(1, demand_after=0.9, demand_growth=growth) / _families(0) == pytest.approx(0.9)


@pytest.mark.parametrize("year", [1, 2, 5])
def test_each_later_year_grows_from_the_one_before(year: int) -> None:
    grown = _families(year + 1, demand_growth=10.0) / _families(year, demand_growth=10.0)
    # Months count from their first day, so the first of these years is half a month short of one.
    assert grown == pytest.approx(1.1, rel=0.005)
