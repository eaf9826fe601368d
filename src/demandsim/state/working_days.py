"""Working days: looked up, not stepped through."""

from __future__ import annotations

from math import floor

from demandsim.engine.compiling import compiled
from demandsim.state.children import NEVER
from demandsim.state.world import World, days_of


@compiled
def after_working_days(world: World, start: float, working_days: float) -> float:
    """Return the moment `working_days` (whole or not) after `start`, at the same time of day."""
    days, day = days_of(world), floor(start)
    whole = int(working_days)
    place = day - floor(world.clock.first) + 1
    reached = days[place].worked + whole - 1 if place < len(days) else len(days)
    if reached >= len(days) or days[reached].nth_worked == NEVER:
        # Years past the end of every run: near enough, and never reached.
        return start + working_days * 7 / 5
    return (days[reached].nth_worked if whole else day) + (start - day) + (working_days - whole)


@compiled
def working_days_between(world: World, start: float, end: float) -> int:
    """Return how many working days lie after the day of `start`, up to and with the day of `end`."""
    before = 1 - floor(world.clock.first)
    worked: int = days_of(world)[floor(end) + before].worked - days_of(world)[floor(start) + before].worked
    return worked
