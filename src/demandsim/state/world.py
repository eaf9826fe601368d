"""The world that every compiled function is given, and room for what grows in it."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from demandsim.engine.compiling import compiled, entry
from demandsim.engine.event_calendar import NOBODY, Turn, event_calendar
from demandsim.engine.memory import Rows, rows
from demandsim.engine.record import Record, Short, Tiny, Wholes, layout_of
from demandsim.pathway import NAMES, Step
from demandsim.state.children import LONG_AGO, NEVER, Care, Child, Plan
from demandsim.state.compiled_parameters import Rules, Values
from demandsim.state.office import (
    Assessment,
    Clock,
    Help,
    Inspection,
    Money,
    Month,
    Partners,
    People,
    Practice,
    Provision,
    Tally,
    Team,
    Year,
)
from demandsim.vocabulary import State

WEEK = 7.0
MOST_SIBLINGS = 4
#: Notes that one event may add to any list.
MARGIN = 32


class Asking(Record):
    """A request for early help: when the family gives up, the draw of whether help works, and whose it is."""

    gives_up_at: float
    works: float
    row: int
    id: int


class Waiting(Record):
    """A place in the list of those who wait for a worker."""

    row: int
    id: int


class Week(Record):
    """Early help cases that end in a week, and conferences booked in it."""

    ending: int
    booked: int


class Day(Record):
    """A day of the calendar."""

    first_due: Short  # row of the child whose event was scheduled last in the list of the day
    decided: Short  # care applications decided on it
    worked: int  # working days before it
    nth_worked: float  # of as many working days as its own place, the last one


class Home(Record):
    """A children's home that the authority uses."""

    unmanaged: Short  # months it has had no manager; 0 with one
    judgement: Tiny  # one of `Judgement`


class Spell(Record):
    """A spell of a child: what it is, which one of its kind, when, and how it ended."""

    id: int
    start: float
    end: float
    adult_at: float  # the child's
    detail: Short
    kind: Tiny  # one of `SpellKind`
    ended_by: Tiny  # one of `SpellEnd`; -1 if it just ended
    need: Tiny  # the child's
    basis: Tiny  # legal, of a period of care; -1 of other spells


class World(Record):
    """One authority: all of which there is one, and where the arrays are of what there are many."""

    clock: Clock
    people: People
    tally: Tally
    team: Team
    help: Help
    provision: Provision
    money: Money
    practice: Practice
    partners: Partners
    assessment: Assessment
    inspection: Inspection
    rules: Rules
    children: Rows  # what is kept of each child, a row of each
    plans: Rows
    cares: Rows
    today: Rows  # today's events, a heap
    queue: Rows  # children who wait for a worker, a ring
    asking: Rows  # those on the list for early help
    workers: Rows  # months in post of each post's worker
    homes: Rows
    days: Rows  # of the calendar
    weeks: Rows
    months: Rows
    years: Rows
    spells: Rows  # noted so far
    taken: Annotated[Wholes, (len(NAMES), len(NAMES))]  # how often one step has followed another
    values: Values  # parameters in force, and what the steps read of them


#: The array of one that holds a world: what functions take that Python calls.
Whole: TypeAlias = NDArray[Any]

children_of = rows("children", layout_of(Child))
plans_of = rows("plans", layout_of(Plan))
cares_of = rows("cares", layout_of(Care))
today_of = rows("today", layout_of(Turn))
queue_of = rows("queue", layout_of(Waiting))
asking_of = rows("asking", layout_of(Asking))
homes_of = rows("homes", layout_of(Home))
days_of = rows("days", layout_of(Day))
weeks_of = rows("weeks", layout_of(Week))
months_of = rows("months", layout_of(Month))
years_of = rows("years", layout_of(Year))
spells_of = rows("spells", layout_of(Spell))
workers_of = rows("workers", np.dtype(np.int64))
schedule, cancel, next_due = event_calendar(children_of, days_of, today_of)


@compiled
def has_room(world: World) -> bool:
    """Return whether one more event can't fill a list."""
    clock, help = world.clock, world.help
    return (
        world.team.queue_size + MARGIN <= world.queue.length
        and help.waiting + MARGIN <= world.asking.length
        and (not clock.keep_spells or clock.spells + MARGIN <= world.spells.length)
    )


@entry
def has_room_for(whole: Whole, number: int) -> bool:
    """Return whether there is room for so many more children."""
    world: World = whole[0]
    return bool(world.people.free_rows >= number)


@compiled
def new_child(world: World, id: int, adult_at: float, circumstances: Any, need: int, neglected: int) -> Child:
    """Return a free row made a child that is known from now on.

    Args:
        world: where there is room for one more.
        id: its place in the grid of candidates.
        adult_at: the eighteenth birthday.
        circumstances: the permanent, the slow and the fast part of its severity.
        need: primary need.
        neglected: 1 where it is neglect, else 0.
    """
    people = world.people
    child: Child = children_of(world)[people.free]
    people.free = child.after
    people.free_rows -= 1
    child.id = id
    child.adult_at, child.need = adult_at, need
    child.permanent, child.slow, child.fast = circumstances
    child.helped = child.kept = 0.0
    child.severity = child.permanent + child.slow + child.fast
    child.due = child.opened = NEVER
    child.need_end = child.last_referral = child.last_closed = child.help_ends = LONG_AGO
    child.sibling = child.row
    child.episodes = child.need_plans = child.enquiries = child.plans = child.unprotected = 0
    child.step = child.state = child.queued = child.exploited = 0
    child.need_known = child.unallocated = child.asking = child.settled = child.help_works = False
    care: Care = cares_of(world)[child.row]
    care.last_ended = care.went_home = child.home_since = LONG_AGO
    care.last_left = care.left_before = LONG_AGO
    care.stays_put = care.allowance = False
    care.fdac = 0
    care.periods = care.placements = care.missing = care.basis = 0
    child.supported = child.assessed = child.in_need = child.first_of_year = child.closed_short = False
    child.neglected = neglected
    _count_known(world, 1)
    return child


@compiled
def _count_known(world: World, more: int) -> None:
    """Count one child more or less among those known without an open case."""
    tally, clock = world.tally, world.clock
    tally.stock[State.CLOSED] += more
    tally.state_days[State.CLOSED] += more * (clock.month_end - clock.now)


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
    people = world.people
    child.id = NOBODY
    child.after = people.free
    people.free = child.row
    people.free_rows += 1
    _count_known(world, -1)


@compiled
def settle(world: World, child: Child, step: int, when: float) -> None:
    """Let what comes next for a child be scheduled, if it is known yet, or forget a child who has grown up."""
    if step == Step.GONE:
        forget_child(world, child)
    elif step == Step.EARLY_HELP or step == Step.AT_HOME:
        child.step = step
    else:
        schedule(world, child, step, when)
