"""New families and readiness for enquiries of a month, from parameters by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from demandsim.model.arrivals import BURN_IN_YEARS
from demandsim.vocabulary import DAYS_A_YEAR

_MONTHS = 12


def growth_of_children(values: Mapping[str, Any], now: float) -> float:
    """Return the number of children at a moment against that of the first day."""
    return float((1 + values["population.growth"] / 100) ** (now / DAYS_A_YEAR))


def families_in_month(values: Mapping[str, Any], month: int, now: float, growth: float) -> float:
    """Return new families of a month: the level of 2013-14, its history or future, the season, and the lever.

    Args:
        values: parameters in force.
        month: months since the start.
        now: the month's first moment, in days.
        growth: of the number of children since the start.
    """
    rate = values["demand.new_families"] * values["population.children"] * growth / 1e4 * values["demand.level"]
    rate *= against_2013_14(values, "demand", month)
    if month >= 2 * _MONTHS:
        # `demand.after` is the level of the whole second year: growth since then counts from its middle.
        rate *= (1 + values["demand.growth"] / 100) ** (now / DAYS_A_YEAR - 1.5)
    return float(rate * values["demand.monthly_shape"][month % _MONTHS])


def against_2013_14(values: Mapping[str, Any], what: str, month: int) -> float:
    """Return how much there was of new families or of readiness for enquiries, as a ratio to the year 2013-14.

    Args:
        values: parameters in force.
        what: group of the parameters `before`, a ratio for each year of the burn-in, and `after`.
        month: months since the start.
    """
    year = month // _MONTHS
    if year < 0:
        return float(values[f"{what}.before"][max(0, BURN_IN_YEARS + year)])
    return float(values[f"{what}.after"]) if year else 1.0
