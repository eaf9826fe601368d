"""The small pathway as the model is written: cases are records, steps are compiled handlers, months are a process.

The event calendar and the loop are the model's own; the table of steps is this pathway's.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import date
from typing import Any

import numpy as np
import simpy
from small import WORKERS, Tally, cases, run

from demandsim.calendars import Calendar
from demandsim.engine.compiling import compiled, entry
from demandsim.engine.loop import advancer, performer
from demandsim.pathway import Step
from demandsim.state.children import NEVER, Child, Plan
from demandsim.state.kept import Memory
from demandsim.state.world import (
    Whole,
    World,
    children_of,
    has_room,
    new_child,
    next_due,
    plans_of,
    queue_of,
    schedule,
    settle,
)

#: Places in the tally.
_CLOSED, _BEGUN, _WAITED = 0, 1, 2
_OPENED, _WANTS, _DONE, _CLOSES = Step.CONTACT, Step.REFERRAL, Step.ASSESSED, Step.NEED_DECISION


@compiled
def _opened(world: World, case: Child) -> tuple[int, float]:
    return _WANTS, world.clock.now + plans_of(world)[case.row].enquiry_started


@compiled
def _wants_worker(world: World, case: Child) -> tuple[int, float]:
    case.opened = world.clock.now
    team = world.team
    if team.room > 0:
        team.room -= 1
        return _begin(world, case)
    queue_of(world)[(team.queue_first + team.queue_size) % world.queue.length].row = case.row
    team.queue_size += 1
    return Step.EARLY_HELP, NEVER


@compiled
def _begin(world: World, case: Child) -> tuple[int, float]:
    world.tally.count[_BEGUN] += 1
    world.tally.count[_WAITED] += world.clock.now - case.opened
    return _DONE, world.clock.now + plans_of(world)[case.row].started


@compiled
def _work_done(world: World, case: Child) -> tuple[int, float]:
    team = world.team
    if team.queue_size:
        following = children_of(world)[queue_of(world)[team.queue_first].row]
        team.queue_first = (team.queue_first + 1) % world.queue.length
        team.queue_size -= 1
        step, when = _begin(world, following)
        schedule(world, following, step, when)
    else:
        team.room += 1
    return _CLOSES, world.clock.now + plans_of(world)[case.row].late_review_due


@compiled
def _closes(world: World, case: Child) -> tuple[int, float]:
    world.tally.count[_CLOSED] += 1
    return Step.GONE, NEVER


_handlers = [(_OPENED, _opened), (_WANTS, _wants_worker), (_DONE, _work_done), (_CLOSES, _closes)]
_advance = advancer(performer(_handlers), next_due, children_of, settle, has_room)


@entry
def advance(whole: Whole, until: float) -> bool:
    return _advance(whole[0], until)


@entry
def open_cases(whole: Whole, drawn: Any, first: int, last: int) -> None:
    """Let the cases with these numbers come."""
    world: World = whole[0]
    for number in range(first, last):
        case = new_child(world, number, NEVER, (0.0, 0.0, 0.0), 0, 0)
        plan: Plan = plans_of(world)[case.row]
        plan.enquiry_started, plan.started, plan.late_review_due = drawn[1, number], drawn[2, number], drawn[3, number]
        schedule(world, case, _OPENED, drawn[0, number])


def simulate(seed: int, days: float) -> Callable[[], Tally]:
    drawn = np.array(cases(seed, days))
    calendar = Calendar(date(2013, 4, 1), 0, int(days / 365.25) + 1)
    environment, memory = simpy.Environment(), Memory(calendar, days, 8.0)
    memory.here.team.room = WORKERS

    def months() -> Generator[simpy.Event]:
        """Let each month's cases come."""
        number = 0
        for end in calendar.month_starts[1:]:
            last = int(np.searchsorted(drawn[0], end))
            memory.room_for_children(last - number)
            open_cases(memory.world, drawn, number, last)
            number = last
            yield environment.timeout(end - environment.now)
            handle()

    def handle() -> None:
        while not advance(memory.world, min(environment.now, days)):
            memory.room_in_lists()

    environment.process(months())
    environment.run(until=days)
    handle()

    def answer() -> Tally:
        tally, count = Tally(), memory.here.tally.count
        tally.closed, tally.begun, tally.waited = int(count[_CLOSED]), int(count[_BEGUN]), float(count[_WAITED])
        return tally

    return answer


def _compile() -> None:
    simulate(0, 40.0)


if __name__ == "__main__":
    run("demandsim", simulate, _compile)
