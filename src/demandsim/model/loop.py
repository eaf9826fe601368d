"""The loop: whoever is due takes its step, and what the step says comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from demandsim.compiling import compiled
from demandsim.model.children import NOBODY, Child
from demandsim.model.event_calendar import next_due, schedule
from demandsim.model.world import AT_ONCE, World, children_of, forget_child, has_room, taken_of
from demandsim.pathway import NAMES, Declared, Step

#: A step's handler: it is given the world and the child, and returns the step that comes next and when.
Handler = Callable[[Any, Any], tuple[int, float]]
#: Carries out a step: its number, the world, the child.
Perform = Callable[[int, Any, Any], tuple[int, float]]
_STEPS = len(NAMES)


def performer(handlers: Sequence[tuple[int, Handler]]) -> Perform:
    """Return a compiled function that carries out any step.

    Written out as a chain of `if`s, one for each handler: compiled functions can't be looked up in a table without
    losing most of what compiling gains.
    """
    lines = ["def perform(step, world, child):"]
    lines += [f"    if step == {number}:\n        return handler_{number}(world, child)" for number, _ in handlers]
    lines += ["    return 0, 0.0"]
    names: dict[str, Any] = {f"handler_{number}": handler for number, handler in handlers}
    exec(compile("\n".join(lines), "<the table of steps>", "exec"), names)
    return compiled(names["perform"])


def declared_handlers(table: Sequence[Declared], package: str) -> list[tuple[int, Handler]]:
    """Return the number and handler of each declared step that has one."""
    found = []
    for number, step in enumerate(table):
        if step.handler:
            module, _, name = step.handler.partition(".")
            found.append((number, getattr(import_module(f"{package}.{module}"), name)))
    return found


def advancer(perform: Perform) -> Callable[[Any, float], bool]:
    """Return a compiled function that handles every event before a moment, in order.

    It returns whether it got there; it does not where a list needs more room first.
    """

    @compiled
    def advance(world: World, until: float) -> bool:
        clock = world.clock
        while has_room(world):
            row = next_due(world, until)
            if row == NOBODY:
                clock.now = until
                return True
            child: Child = children_of(world)[row]
            clock.now = child.due
            clock.handled += 1
            step, when = int(child.step), AT_ONCE
            while when == AT_ONCE:
                following, when = perform(step, world, child)
                taken_of(world)[step * _STEPS + following] += 1
                step = following
            settle(world, child, step, when)
        return False

    return advance


@compiled
def settle(world: World, child: Child, step: int, when: float) -> None:
    """Let what comes next for a child be scheduled, or forget a child to whom nothing more will happen."""
    if step == Step.GONE:
        forget_child(world, child)
    elif step == Step.EARLY_HELP:
        child.step = step
    else:
        schedule(world, child, step, when)
