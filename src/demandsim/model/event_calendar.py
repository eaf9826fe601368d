"""What happens when: a list of children for each day to come, and today's in order.

A child waits for one event. A day's events are put in order when it comes, by moment and, of those of the same moment,
in the order of scheduling; the few that are scheduled for the day itself find their place among them. Both cost the
same however many wait for later days.
"""

from __future__ import annotations

from math import floor

from demandsim.compiling import compiled
from demandsim.model.children import IN_DAY, IN_TODAY, NOBODY, NOWHERE, Child
from demandsim.model.world import Turn, World, children_of, days_of, today_of


@compiled
def schedule(world: World, child: Child, step: int, when: float) -> bool:
    """Let a child take a step at a moment, and return whether it will: not if the run ends first."""
    clock = world.clock
    child.step = step
    child.due = when
    if not when < clock.horizon:
        return False
    clock.order += 1
    child.order = clock.order
    if when < clock.today_end:
        _insert(world, child)
    else:
        day = days_of(world)[floor(when - clock.first)]
        child.before, child.after = NOBODY, day.first_due
        if day.first_due != NOBODY:
            children_of(world)[day.first_due].before = child.row
        day.first_due = child.row
        child.queued = IN_DAY
    return True


@compiled
def cancel(world: World, child: Child) -> None:
    """Let nothing happen to a child for now, because something else overtakes it."""
    if child.queued == IN_DAY:
        if child.after != NOBODY:
            children_of(world)[child.after].before = child.before
        if child.before != NOBODY:
            children_of(world)[child.before].after = child.after
        else:
            days_of(world)[floor(child.due - world.clock.first)].first_due = child.after
    elif child.queued == IN_TODAY:
        place = 0
        while today_of(world)[place].row != child.row:
            place += 1
        _remove(world, place)
    child.queued = NOWHERE


@compiled
def next_due(world: World, until: float) -> int:
    """Return the row of the child whose event is the next before a moment, taken off the calendar; `NOBODY` if none."""
    clock = world.clock
    while True:
        if clock.due_today:
            top = today_of(world)[0]
            if not top.due < until:
                return NOBODY
            row = top.row
            _remove(world, 0)
            children_of(world)[row].queued = NOWHERE
            return row
        if clock.today_end >= until:
            return NOBODY
        _turn_to_next_day(world)


@compiled
def _turn_to_next_day(world: World) -> None:
    clock = world.clock
    clock.today += 1
    clock.today_end += 1.0
    day = days_of(world)[clock.today]
    row = day.first_due
    day.first_due = NOBODY
    while row != NOBODY:
        child: Child = children_of(world)[row]
        row = child.after
        _insert(world, child)


@compiled
def _comes_before(one: Turn, other: Turn) -> bool:
    return one.due < other.due or (one.due == other.due and one.order < other.order)


@compiled
def _put(turn: Turn, other: Turn) -> None:
    turn.due, turn.order, turn.row = other.due, other.order, other.row


@compiled
def _insert(world: World, child: Child) -> None:
    """Put a child's event among today's, a binary heap."""
    clock, today = world.clock, today_of(world)
    place = clock.due_today
    clock.due_today += 1
    child.queued = IN_TODAY
    while place:
        above = (place - 1) >> 1
        turn = today[above]
        if turn.due < child.due or (turn.due == child.due and turn.order < child.order):
            break
        _put(today[place], turn)
        place = above
    turn = today[place]
    turn.due, turn.order, turn.row = child.due, child.order, child.row


@compiled
def _remove(world: World, place: int) -> None:
    """Take an event off today's: the last one takes its place and finds its own from there."""
    clock, today = world.clock, today_of(world)
    clock.due_today -= 1
    last = today[clock.due_today]
    size = clock.due_today
    if place == size:
        return
    while place and _comes_before(last, today[(place - 1) >> 1]):
        _put(today[place], today[(place - 1) >> 1])
        place = (place - 1) >> 1
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and _comes_before(today[below + 1], today[below]):
            below += 1
        if not _comes_before(today[below], last):
            break
        _put(today[place], today[below])
        place = below
    _put(today[place], last)
