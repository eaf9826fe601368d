"""The loop: whoever is due takes its step, and what the step says comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from demandsim.engine.compiling import compiled
from demandsim.engine.event_calendar import NOBODY

#: When the next step is taken within the same event.
AT_ONCE = -float("inf")
#: A step's handler: it is given the world and the entity, and returns the step that comes next and when.
Handler = Callable[[Any, Any], tuple[int, float]]
#: Carries out a step: its number, the world, the entity.
Perform = Callable[[int, Any, Any], tuple[int, float]]


def performer(handlers: Sequence[tuple[int, Handler]]) -> Perform:
    """Return a compiled function that carries out any step.

    Written out as a chain of `if`s, one for each handler: compiled functions can't be looked up in a table without
    losing most of what compiling gains.
    """
    lines = ["def perform(step, world, entity):"]
    lines += [f"    if step == {number}:\n        return handler_{number}(world, entity)" for number, _ in handlers]
    lines += ["    return 0, 0.0"]
    names: dict[str, Any] = {f"handler_{number}": handler for number, handler in handlers}
    exec(compile("\n".join(lines), "<the table of steps>", "exec"), names)
    return compiled(names["perform"])


def advancer(
    perform: Perform,
    next_due: Callable[[Any, float], int],
    entities_of: Callable[[Any], Any],
    settle: Callable[[Any, Any, int, float], None],
    has_room: Callable[[Any], bool],
) -> Callable[[Any, float], bool]:
    """Return a compiled function that handles every event before a moment, in order.

    It returns whether it got there; it does not where a list needs more room first.

    Args:
        perform: carries out a step.
        next_due: gives the row of whom the next event is.
        entities_of: the world's array of entities.
        settle: (world, entity, step, when): schedules what comes next, or whatever else is to be done with it.
        has_room: whether one more event can't fill a list.
    """

    @compiled
    def advance(world: Any, until: float) -> bool:
        clock = world.clock
        while has_room(world):
            row = next_due(world, until)
            if row == NOBODY:
                clock.now = until
                return True
            entity = entities_of(world)[row]
            clock.now = entity.due
            clock.handled += 1
            step, when = int(entity.step), AT_ONCE
            while when == AT_ONCE:
                following, when = perform(step, world, entity)
                world.taken[step, following] += 1
                step = following
            settle(world, entity, step, when)
        return False

    return advance
