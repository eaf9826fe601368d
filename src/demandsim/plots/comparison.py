"""The pictures of a comparison, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable

from demandsim.plots.cost_and_outcome import plane
from demandsim.plots.differences import differences
from demandsim.plots.money import money
from demandsim.plots.sensitivity import sensitivity
from demandsim.plots.style import Picture
from demandsim.plots.where_the_money_moved import where_the_money_moved
from demandsim.results.comparison import Comparison

PICTURES: tuple[Callable[[Comparison], Picture], ...] = (differences, money, plane, where_the_money_moved)


def pictures(comparison: Comparison) -> list[Picture]:
    """Return the pictures of a comparison, and what it turns on if that was simulated."""
    drawn = [picture(comparison) for picture in PICTURES]
    if any(other.sensitivity for other in comparison.others):
        drawn.append(sensitivity(comparison))
    return drawn
