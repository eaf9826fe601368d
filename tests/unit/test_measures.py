"""What kind of number each measure is declared to be agrees with the unit it is told in."""

from __future__ import annotations

import pytest

from demandsim.results.measure import Measure, Quantity
from demandsim.results.measures import MEASURES

UNITS = {
    Quantity.COUNT: {"children", "episodes"},
    Quantity.FLOW: {"per year"},
    Quantity.AMOUNT: {"child-months", "full-time equivalents", "points"},
    Quantity.MONEY: {"£ million", "£ million a year"},
    Quantity.RATE: {
        *("children per worker", "cases per worker", "days", "months", "standard deviations"),
        *("for each 100 cases closed", "standard deviations of severity, all children together"),
    },
    Quantity.RATIO: {"ratio"},
}


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda one: one.id)
def test_a_measure_is_told_in_a_unit_of_its_quantity(measure: Measure) -> None:
    assert (measure.quantity is Quantity.SHARE) == measure.unit.startswith("% o")
    assert measure.quantity is Quantity.SHARE or measure.unit in UNITS[measure.quantity]


def test_what_is_an_average_or_a_share_does_not_grow_with_the_authority() -> None:
    assert MEASURES["looked_after"].scales
    assert MEASURES["spend_fostering"].scales
    assert not MEASURES["re_referrals"].scales
    assert not MEASURES["caseload"].scales
    assert not MEASURES["reactive_ratio"].scales
