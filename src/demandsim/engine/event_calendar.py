"""What happens when: a list for each day to come, and today's events in order.

An entity waits for one event. A day's events are put in order when it comes, by moment and, of those of the same
moment, in the order of scheduling; the few that are scheduled for the day itself find their place among them. Both cost
the same however many wait for later days.
"""

from __future__ import annotations

from collections.abc import Callable
from math import floor
from typing import Any, NamedTuple, TypeAlias

from demandsim.engine.compiling import compiled
from demandsim.engine.record import Record, Short, Tiny

#: No entity.
NOBODY = -1
#: Where an entity's next event is kept.
NOWHERE, IN_DAY, IN_TODAY = 0, 1, 2


class Entity(Record):
    """What events happen to: one pending event at most, the earliest of all that may come next."""

    due: float  # when the pending event is due
    order: int  # its turn among those of the same moment
    row: Short  # place in the array of entities
    before: Short  # neighbours in the list of a day's events
    after: Short
    step: Tiny  # the one taken last, or pending
    queued: Tiny  # where the pending event is kept


class Time(Record):
    """The present, and where the calendar of events stands."""

    now: float
    first: float  # of the run
    horizon: float  # what would happen later is not scheduled
    today_end: float  # of the day whose events are in order
    today: int  # its index
    due_today: int  # how many they are
    order: int  # turns given so far
    handled: int  # events handled so far


class Turn(Record):
    """A place among today's events."""

    due: float
    order: int
    row: int


class Calendar(NamedTuple):
    """The compiled functions of a calendar.

    Attributes:
        schedule: (world, entity, step, when): let it take a step at a moment; returns whether it will, as it won't if
            the run ends first.
        cancel: (world, entity): let nothing happen to it for now, because something else overtakes it.
        next_due: (world, until): the row of whom the next event before a moment is, taken off; `NOBODY` if none.
    """

    schedule: Callable[[Any, Any, int, float], bool]
    cancel: Callable[[Any, Any], None]
    next_due: Callable[[Any, float], int]


#: Gives an array of a world.
Of: TypeAlias = Callable[[Any], Any]


def event_calendar(entities_of: Of, days_of: Of, today_of: Of) -> Calendar:
    """Return the calendar of worlds whose clock is a `Time`.

    Args:
        entities_of: the world's array of entities.
        days_of: its days; `first_due` is `NOBODY` at first.
        today_of: an array of `Turn`, with room for all entities.
    """
    insert, remove = _heap(today_of)
    return Calendar(
        _scheduler(entities_of, days_of, insert),
        _canceller(entities_of, days_of, today_of, remove),
        _taker(entities_of, days_of, today_of, insert, remove),
    )


def _scheduler(entities_of: Of, days_of: Of, insert: Any) -> Callable[[Any, Any, int, float], bool]:
    @compiled
    def schedule(world: Any, entity: Any, step: int, when: float) -> bool:
        clock = world.clock
        entity.step, entity.due = step, when
        if not when < clock.horizon:
            return False
        clock.order += 1
        entity.order = clock.order
        if when < clock.today_end:
            insert(world, entity)
            return True
        day = days_of(world)[floor(when - clock.first)]
        entity.before, entity.after = NOBODY, day.first_due
        if day.first_due != NOBODY:
            entities_of(world)[day.first_due].before = entity.row
        day.first_due = entity.row
        entity.queued = IN_DAY
        return True

    return schedule


def _canceller(entities_of: Of, days_of: Of, today_of: Of, remove: Any) -> Callable[[Any, Any], None]:
    @compiled
    def cancel(world: Any, entity: Any) -> None:
        if entity.queued == IN_DAY:
            if entity.after != NOBODY:
                entities_of(world)[entity.after].before = entity.before
            if entity.before != NOBODY:
                entities_of(world)[entity.before].after = entity.after
            else:
                days_of(world)[floor(entity.due - world.clock.first)].first_due = entity.after
        elif entity.queued == IN_TODAY:
            place = 0
            while today_of(world)[place].row != entity.row:
                place += 1
            remove(world, place)
        entity.queued = NOWHERE

    return cancel


def _taker(entities_of: Of, days_of: Of, today_of: Of, insert: Any, remove: Any) -> Callable[[Any, float], int]:
    @compiled
    def turn_to_next_day(world: Any) -> None:
        clock = world.clock
        clock.today += 1
        clock.today_end += 1.0
        day = days_of(world)[clock.today]
        row, day.first_due = day.first_due, NOBODY
        while row != NOBODY:
            entity = entities_of(world)[row]
            row = entity.after
            insert(world, entity)

    @compiled
    def next_due(world: Any, until: float) -> int:
        clock = world.clock
        while not clock.due_today:
            if clock.today_end >= until:
                return NOBODY
            turn_to_next_day(world)
        first = today_of(world)[0]
        row = first.row
        if not first.due < until:
            return NOBODY
        remove(world, 0)
        entities_of(world)[row].queued = NOWHERE
        return row

    return next_due


@compiled
def _before(one: Any, other: Any) -> bool:
    return one.due < other.due or (one.due == other.due and one.order < other.order)


@compiled
def _put(turn: Any, other: Any) -> None:
    turn.due, turn.order, turn.row = other.due, other.order, other.row


def _heap(today_of: Of) -> tuple[Callable[[Any, Any], None], Callable[[Any, int], None]]:
    """Return functions that put an entity's event among today's, a binary heap, and take the one at a place off it."""

    @compiled
    def insert(world: Any, entity: Any) -> None:
        today, place = today_of(world), world.clock.due_today
        world.clock.due_today += 1
        entity.queued = IN_TODAY
        while place and _before(entity, today[(place - 1) >> 1]):
            _put(today[place], today[(place - 1) >> 1])
            place = (place - 1) >> 1
        _put(today[place], entity)

    @compiled
    def remove(world: Any, place: int) -> None:
        world.clock.due_today -= 1
        today, size = today_of(world), world.clock.due_today
        last = today[size]
        while place and _before(last, today[(place - 1) >> 1]):
            _put(today[place], today[(place - 1) >> 1])
            place = (place - 1) >> 1
        while True:
            below = 2 * place + 1
            if below + 1 < size and _before(today[below + 1], today[below]):
                below += 1
            if below >= size or not _before(today[below], last):
                break
            _put(today[place], today[below])
            place = below
        _put(today[place], last)

    return insert, remove
