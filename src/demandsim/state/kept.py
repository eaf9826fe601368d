"""The arrays of one authority, as Python holds them, and room for what grows in them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from demandsim.calendars import Calendar
from demandsim.engine.event_calendar import NOBODY, NOWHERE, Turn
from demandsim.engine.memory import Arrays, zeros
from demandsim.engine.record import Record, layout_of
from demandsim.state.children import NEVER, Care, Child, Plan
from demandsim.state.office import Month, Year
from demandsim.state.world import MARGIN, WEEK, Asking, Day, Home, Spell, Waiting, Week, World, has_room_for


def _rows(record: type[Record], number: int) -> NDArray[Any]:
    return zeros(number, layout_of(record))


class Memory(Arrays):
    """Everything that is kept of one authority; nobody is known yet.

    Args:
        calendar: covers the whole run.
        horizon: last moment of the run; what would happen later is not scheduled.
        population: children of the authority; how much room to make at first.

    Attributes:
        children, months, ...: arrays of what there are many, see `World`.
    """

    children: NDArray[Any]
    plans: NDArray[Any]
    cares: NDArray[Any]
    months: NDArray[Any]
    years: NDArray[Any]
    spells: NDArray[Any]

    def __init__(self, calendar: Calendar, horizon: float, population: float) -> None:
        super().__init__(World)
        first, starts = calendar.month_starts[0], calendar.month_starts
        room = 256 + int(population / 8)
        for name, array in (
            ("children", _rows(Child, 0)),
            ("plans", _rows(Plan, 0)),
            ("cares", _rows(Care, 0)),
            ("today", _rows(Turn, 0)),
            ("queue", _rows(Waiting, room)),
            ("asking", _rows(Asking, room)),
            ("workers", np.zeros(room, np.int64)),
            ("homes", _rows(Home, 0)),
            ("days", _days(calendar)),
            ("weeks", _rows(Week, int((horizon - first) // WEEK) + 2)),
            ("months", _rows(Month, len(starts))),
            ("years", _rows(Year, len(starts) // 12)),
            ("spells", _rows(Spell, MARGIN)),
        ):
            self.keep(name, array)
        self.months["start"] = starts
        clock, provision = self.here.clock, self.here.provision
        clock.first = clock.now = clock.month_start = clock.year_start = first
        clock.month_end, clock.horizon, clock.today_end = starts[1], horizon, first + 1.0
        self.here.people.free = NOBODY
        provision.limit[:] = NEVER
        provision.applied_at = -NEVER
        provision.conferences_a_week = self.here.team.room = NEVER
        self._more_children(room)

    def _more_children(self, more: int) -> None:
        """Make room for so many more children, at the least."""
        old = len(self.children)
        added = max(more, old)
        for name in ("children", "plans", "cares", "today"):
            self.lengthen(name, added)
        self.children["id"][old:] = NOBODY
        self.children["row"][old:] = np.arange(old, old + added)
        # Free rows are a list: the next one of each stands in `after`.
        self.children["after"][old:] = np.arange(old + 1, old + added + 1)
        self.children["after"][-1] = self.here.people.free
        self.here.people.free = old
        self.here.people.free_rows += added

    def room_for_children(self, number: int) -> None:
        """Make room for as many more children."""
        if not has_room_for(self.world, number):
            self._more_children(number)

    def room_for_posts(self, number: int) -> None:
        if number > self.here.workers.length:
            self.lengthen("workers", number)

    def room_for_homes(self, number: int) -> None:
        self.lengthen("homes", number)

    def room_in_lists(self) -> None:
        """Make room in every list that is nearly full."""
        team, help, clock = self.here.team, self.here.help, self.here.clock
        if team.queue_size + MARGIN > self.here.queue.length:
            queue, first = vars(self)["queue"], int(team.queue_first)
            self.keep("queue", np.concatenate([queue[first:], queue[:first]]))
            self.lengthen("queue", len(queue))
            team.queue_first = 0
        if help.waiting + MARGIN > self.here.asking.length:
            self.lengthen("asking", int(self.here.asking.length))
        if clock.keep_spells and clock.spells + MARGIN > self.here.spells.length:
            self.lengthen("spells", int(self.here.spells.length))

    def room_for_spells(self, number: int) -> None:
        """Make room for as many more spells; only where they are kept."""
        clock, spells = self.here.clock, self.here.spells
        if clock.spells + number + MARGIN > spells.length:
            self.lengthen("spells", number + int(spells.length))

    def waiting_events(self) -> int:
        """Return how many events wait."""
        known = self.children[self.children["id"] != NOBODY]
        return int(np.count_nonzero(known["queued"] != NOWHERE))


def _days(calendar: Calendar) -> NDArray[Any]:
    worked, nth = calendar.working_days()
    days = _rows(Day, len(worked))
    days["worked"] = worked
    days["nth_worked"] = NEVER
    days["nth_worked"][: len(nth)] = nth
    days["first_due"] = NOBODY
    return days
