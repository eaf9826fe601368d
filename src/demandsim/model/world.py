"""The world that every compiled function is given, and room for what grows in it."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from demandsim.compiling import compiled, entry
from demandsim.memory import Rows, viewer
from demandsim.model.children import LONG_AGO, NEVER, NOBODY, Care, Child, Plan
from demandsim.model.compiled_parameters import Rules, Values
from demandsim.model.office import Clock, Help, Money, Month, Practice, Provision, Tally, Team, Warm, Year
from demandsim.record import Record, Short, Tiny, layout_of

WEEK = 7.0
MOST_SIBLINGS = 4
#: When the next step is taken within the same event.
AT_ONCE = LONG_AGO
#: Notes that one event may add to any list.
MARGIN = 32


class Turn(Record):
    """A place among today's events."""

    due: float
    order: int
    row: int


class Asking(Record):
    """A request for early help: when it is made, when the family gives up, the draw of whether help works, and whose.

    `row` is `NOBODY` when it is known that nothing can bring the child back.
    """

    moment: float
    gives_up_at: float
    works: float
    row: int


class Waiting(Record):
    """A place in the list of those who wait for a worker."""

    row: int
    id: int


class Week(Record):
    """Early help cases that end in a week, and conferences booked in it."""

    ending: int
    booked: int


class Day(Record):
    """A day of the calendar.

    Attributes:
        first_due: row of the child whose event was scheduled last in the list of the day.
        decided: care applications decided on it.
        worked: working days before it.
        nth_worked: of as many working days as its own place, the last one.
    """

    first_due: Short
    decided: Short
    worked: int
    nth_worked: float


class Spell(Record):
    """A spell of a child: what it is, which one of its kind, when, and how it ended."""

    id: int
    start: float
    end: float
    detail: Short
    kind: Tiny
    ended_by: Tiny


class World(Record):
    """One authority: all of which there is one, and where the arrays are of what there are many.

    Attributes:
        values, rules: parameters in force, and what the steps read of them.
        children, plans, cares: what is kept of each child, a row of each.
        today: today's events, a heap.
        queue: children who wait for a worker, a ring.
        asking, coming: those on the list for early help, and this month's who are not on it yet.
        workers: months in post of each post's worker.
        days, weeks, months, years: of the calendar.
        spells: noted so far.
        taken: how often one step has followed another.
    """

    clock: Clock
    tally: Tally
    team: Team
    help: Help
    provision: Provision
    money: Money
    practice: Practice
    warm: Warm
    rules: Rules
    children: Rows
    plans: Rows
    cares: Rows
    today: Rows
    queue: Rows
    asking: Rows
    coming: Rows
    workers: Rows
    days: Rows
    weeks: Rows
    months: Rows
    years: Rows
    spells: Rows
    taken: Rows
    values: Values


#: The array of one that holds a world: what functions take that Python calls.
Whole: TypeAlias = NDArray[Any]

_children, _plans, _cares = viewer(layout_of(Child)), viewer(layout_of(Plan)), viewer(layout_of(Care))
_turns, _waiting, _askings = viewer(layout_of(Turn)), viewer(layout_of(Waiting)), viewer(layout_of(Asking))
_days, _weeks, _months = viewer(layout_of(Day)), viewer(layout_of(Week)), viewer(layout_of(Month))
_years, _spells, _numbers = viewer(layout_of(Year)), viewer(layout_of(Spell)), viewer(np.dtype(np.int64))


@compiled
def children_of(world: World) -> Any:
    return _children(world.children)


@compiled
def plans_of(world: World) -> Any:
    return _plans(world.plans)


@compiled
def cares_of(world: World) -> Any:
    return _cares(world.cares)


@compiled
def today_of(world: World) -> Any:
    return _turns(world.today)


@compiled
def queue_of(world: World) -> Any:
    return _waiting(world.queue)


@compiled
def asking_of(world: World) -> Any:
    return _askings(world.asking)


@compiled
def coming_of(world: World) -> Any:
    return _askings(world.coming)


@compiled
def workers_of(world: World) -> Any:
    return _numbers(world.workers)


@compiled
def days_of(world: World) -> Any:
    return _days(world.days)


@compiled
def weeks_of(world: World) -> Any:
    return _weeks(world.weeks)


@compiled
def months_of(world: World) -> Any:
    return _months(world.months)


@compiled
def years_of(world: World) -> Any:
    return _years(world.years)


@compiled
def spells_of(world: World) -> Any:
    return _spells(world.spells)


@compiled
def taken_of(world: World) -> Any:
    return _numbers(world.taken)


@compiled
def has_room(world: World) -> bool:
    """Return whether one more event can't fill a list."""
    clock, help = world.clock, world.help
    return (
        world.team.queue_size + MARGIN <= world.queue.length
        and help.waiting + help.coming + MARGIN <= world.asking.length
        and (not clock.keep_spells or clock.spells + MARGIN <= world.spells.length)
    )


@entry
def has_room_for(whole: Whole, number: int) -> bool:
    """Return whether there is room for so many more children, and for their requests for early help."""
    world: World = whole[0]
    help = world.help
    waiting = help.waiting + help.coming + number + MARGIN
    return world.clock.free_rows >= number and waiting <= min(world.coming.length, world.asking.length)


@compiled
def new_child(world: World, id: int, adult_at: float, severity: float, risk: float, need: int) -> Child:
    """Return a free row made a child that is known from now on."""
    clock = world.clock
    child: Child = children_of(world)[clock.free]
    clock.free = child.after
    clock.free_rows -= 1
    child.id = id
    child.adult_at = child.home_until = adult_at
    child.severity, child.risk, child.need = severity, risk, need
    child.due = child.opened = NEVER
    child.need_end = child.last_referral = LONG_AGO
    child.sibling = child.row
    child.episodes = child.need_plans = child.enquiries = child.plans = 0
    child.step = child.state = child.queued = 0
    child.known = child.need_known = child.first_plan_drawn = child.unallocated = False
    care: Care = cares_of(world)[child.row]
    care.last_ended = care.went_home = LONG_AGO
    care.breakdown_at = NEVER
    care.periods = care.placements = care.missing = 0
    return child


@compiled
def join_family(world: World, child: Child, sibling: Child) -> None:
    """Put a child into the ring of a brother or sister."""
    child.sibling, sibling.sibling = sibling.sibling, child.row


@compiled
def first_of_family(id: int) -> int:
    """Return the first id of a child's family: those of brothers and sisters differ in the last two bits only."""
    return id & ~(MOST_SIBLINGS - 1)


@compiled
def family_member(world: World, child: Child, id: int) -> Child:
    """Return the brother or sister with that id, or the child itself if there is none."""
    sibling: Child = children_of(world)[child.sibling]
    while sibling.row != child.row and sibling.id != id:
        sibling = children_of(world)[sibling.sibling]
    return sibling


@compiled
def forget_child(world: World, child: Child) -> None:
    """Free the row of a child to whom nothing more will happen."""
    before: Child = children_of(world)[child.sibling]
    while before.sibling != child.row:
        before = children_of(world)[before.sibling]
    before.sibling = child.sibling
    clock = world.clock
    child.id = NOBODY
    child.after = clock.free
    clock.free = child.row
    clock.free_rows += 1
