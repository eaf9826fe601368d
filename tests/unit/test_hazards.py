"""Hazards stay numbers whatever values are possible, so no rule has to forbid some of them together."""

from __future__ import annotations

from math import exp, inf
from typing import Any

import numpy as np
import pytest
from conftest import authority_of, small, tables_of

from demandsim.engine.event_calendar import NOBODY
from demandsim.records import Count
from demandsim.scenario.parameters import PARAMETERS


def _most(*names: str) -> float:
    """Return the highest values of parameters multiplied."""
    product = 1.0
    for name in names:
        product *= PARAMETERS[name].high
    return product


@pytest.mark.parametrize("slope", ["harm.slope", "contact.slope", "care.slope"])
def test_a_hazard_is_finite_at_the_highest_slope_and_severity(slope: str) -> None:
    multipliers = ("demand.level", "demand.after", "demand.police_teenage", "care.on_plan", "care.age_effect")
    rates = ("harm.rate", "contact.rate", "care.rate", "care.readiness", "enquiry.concerns", "enquiry.readiness")
    largest = exp(_most(slope, "harm.cap")) * _most(*multipliers) * _most(*rates)
    assert largest < 1e30 < inf


#: As far as anything goes that moves severity or rests on it.
STEEP: dict[str, Any] = {
    "harm__slope": 3,
    "harm__cap": 5,
    "harm__rate": 1,
    "harm__rise": 3,
    "harm__detected_open": 0,
    "harm__detected_closed": 0,
    "contact__slope": 3,
    "contact__rate": 20,
    "care__slope": 3,
    "care__rate": 5,
    "care__on_plan": 20,
    "severity__crisis": 5,
    "severity__fast_months": 24,
    "start__planned": 1,
}
#: Help that does as much as possible, or as much harm, and never fades.
WORKS: dict[str, Any] = {
    "help__need": 3,
    "help__plan": 3,
    "help__looked_after": 3,
    "help__half_life": 600,
    "early_help__duration": 31,
    "contact__early_help_threshold": -8,
    "prevention__targeted": 1e5,
    "practice__mix": (1.0, 0.0, 0.0),
    "practice__help": (5.0, 0.01, 0.01),
}
STRONG = {**WORKS, "contact__slope": 0.05, "early_help__relative_risk": 0.05, "early_help__care_relative_risk": 0.05}
HARMFUL = {**WORKS, "contact__slope": 0.05, "early_help__relative_risk": 2, "early_help__care_relative_risk": 2}


@pytest.mark.parametrize(
    "changes", [STEEP, STEEP | STRONG, STEEP | HARMFUL], ids=["steep", "and help strong", "and help harmful"]
)
def test_an_authority_at_the_ends_of_what_is_possible_has_numbers_all_over(changes: dict[str, Any]) -> None:
    authority = authority_of(small(1_000), **changes)
    authority.run()
    children = authority.memory.children
    known = children[children["id"] != NOBODY]
    assert len(known)
    for part in ("severity", "permanent", "slow", "fast", "helped", "kept"):
        assert np.isfinite(known[part]).all(), part
    assert (known["kept"] <= 0).all()
    count = authority.memory.months["count"]
    assert np.isfinite(count).all()
    assert count[:, Count.EARLY_HELP_WORKED].sum() > 0
    # Severity below the mean is negative, and so is what help that harms takes off it.
    signed = [Count.DOSE, Count.EARLY_HELP_DOSE, Count.EARLY_HELP_PARTNERS, Count.CLOSED_SEVERITY]
    assert np.delete(count, signed, axis=1).min() >= 0


def test_early_help_shields_from_harm_as_much_as_it_is_said_to() -> None:
    """Harm is never seen and makes nothing worse here, so that the same children have help whatever it shields from."""
    nothing_follows = {"harm__rise": 0, "harm__severe": 0, "harm__detected_open": 0, "harm__detected_closed": 0}
    exposed = [
        tables_of(small(8_000, 1, harm__shield=[shield, 1, 1, 1], **nothing_follows))["count"][0, 12:, Count.EXPOSURE]
        for shield in (1.0, 0.5, 0.0)
    ]
    by_help = exposed[0] - exposed[2]
    assert (by_help > 0).all()
    assert exposed[0] - exposed[1] == pytest.approx(by_help / 2, rel=0.05)
