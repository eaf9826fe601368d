"""Cells of tables of published figures, as people and the Department for Education write them."""

from __future__ import annotations

import re
from math import isfinite

from demandsim.results.measure import GROWTH_GROUP, Quantity
from demandsim.results.measures import MEASURES
from demandsim.text_files import number_in

#: What stands in the Department's tables where a figure is suppressed, unavailable, not applicable or not reliable.
SUPPRESSED = frozenset(("c", "x", ":", "..", "...", ".", "-", "z", "~", "low", "u", "k", "n/a", "na"))
_YEAR = re.compile(r"(20[0-9]{2})[-/\u2013]?(?:20)?([0-9]{2})")
#: More than this is of another unit: children and episodes of all England, or its spend in £ million.
_MOST_CHILDREN, _MOST_MILLIONS, _MOST = 20e6, 100e3, 1e6
#: Less than nothing where money is owed.
_MAY_BE_OWED = frozenset(("reserves",))
#: Measured from a mean, on either side of it; and no further from it than so many standard deviations.
_FROM_A_MEAN, _FURTHEST = frozenset(("practice", "severity_at_closure")), 20.0


def is_suppressed(text: str) -> bool:
    """Return whether a cell says that there is no figure."""
    return text.strip().lower() in SUPPRESSED


def year_in(text: str) -> str:
    """Return a financial year as 2014-15, of 2014-15, 2014/15 or 201415; empty if it is none."""
    match = _YEAR.fullmatch(text.strip())
    return f"{match[1]}-{match[2]}" if match and (int(match[1]) + 1) % 100 == int(match[2]) else ""


def wrong_value(measure: str, text: str) -> str:
    """Return what was expected where a figure can't be of the measure; empty if it can.

    Args:
        measure: id; of one that is not known, any number will do.
        text: the figure, thousands set apart with commas or not.
    """
    value = number_in(text, commas=True)
    if not isfinite(value):
        return "a number, as 69540 or 69,540; or c, x, :, .., z, ~ or low where it is suppressed"
    if measure not in MEASURES:
        return ""
    unit, is_money = MEASURES[measure].unit, MEASURES[measure].quantity is Quantity.MONEY
    low, high = bounds_of(measure)
    if is_money and abs(value) > high:
        return f"{unit}, from {max(low, -high):,.0f} to {high:,.0f}: divide pounds by 1,000,000"
    if not low <= value <= high:
        return f"from {low:,.0f} to {high:,.0f}, {unit}" if low > -_MOST else f"at most {high:,.0f}, {unit}"
    return ""


def bounds_of(measure: str) -> tuple[float, float]:
    """Return between which numbers a measure can lie: a share from 0 to 100, debts and change below nothing too."""
    quantity = MEASURES[measure].quantity
    if MEASURES[measure].group == GROWTH_GROUP:
        return -100.0, 1_000.0
    if measure == "workload":
        return 0.0, 1_000.0  # hours wanted, of the hours there are
    if measure in _FROM_A_MEAN:
        return -_FURTHEST, _FURTHEST
    if quantity is Quantity.SHARE:
        return 0.0, 100.0
    if quantity is Quantity.MONEY:
        return -_MOST_MILLIONS if measure in _MAY_BE_OWED else 0.0, _MOST_MILLIONS
    return 0.0, _MOST_CHILDREN if quantity.counted else _MOST
