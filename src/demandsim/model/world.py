"""One run's state: the clock, the children with open cases, and what is counted.

`World` holds what every step of the journey shares. The steps themselves are in `front_door`, `protection`, `care` and
`early_help`, in the order a child meets them; `simulate` puts them together.
"""

from __future__ import annotations

from bisect import bisect_right, insort_left
from collections import deque
from math import exp, floor
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from simpy import Environment
from simpy.core import SimTime
from simpy.events import NORMAL, Event, EventPriority, Initialize, Interruption

from demandsim.calendars import Calendar
from demandsim.draws import NO_DRAWS, Draws, Episode, Row, Stage
from demandsim.model.child import LONG_AGO, NEVER, NO_PROTECTION, Child, Handler
from demandsim.model.places import Conferences, Court, Places
from demandsim.model.rules import Rules
from demandsim.records import Census, Count, Stock
from demandsim.vocabulary import DAYS_A_YEAR, DURATION_BANDS, Closure, Placement, SpendCause, State

if TYPE_CHECKING:
    from demandsim.model.spells import SpellBook

_COUNTS, _STOCKS, _CENSUS = Count.words.size, Stock.words.size, Census.words.size
WEEK = 7.0
UNLIMITED = float("inf")
#: No hazard makes a return certain: the most severe children have this chance.
MOST_LIKELY = 0.95
#: Minus the moment an event is due: what a week is sorted by, so that the next event stands at its end.
_SOONNESS = attrgetter("soonness")
#: What SimPy has happen before anything else of the same moment.
_URGENT = (Initialize, Interruption)
BAND_ENDS = [end for _, end in DURATION_BANDS[:-1]]


def duration_band(days: float) -> int:
    """Return the index in `DURATION_BANDS` of a length in days."""
    return bisect_right(BAND_ENDS, days)


class World(Environment):
    """A SimPy environment that knows children.

    Args:
        rules: compiled parameters; replaced when a lever moves.
        draws: the replication's uniforms.
        calendar: covers the whole run.
        start: first moment of the run, in days.
        horizon: last moment of the run; what would happen later is not scheduled.
    """

    __slots__ = (
        "book",
        "calendar",
        "care_at_year_start",
        "conferences",
        "count",
        "court",
        "decided_at",
        "draws",
        "first",
        "handled",
        "home_cohorts",
        "horizon",
        "month",
        "month_end",
        "on_assessment_completed",
        "on_concern_raised",
        "on_contact_returned",
        "on_enquiry_concluded",
        "on_home_broke_down",
        "on_last_phase",
        "on_leaver_ended",
        "on_leaver_nineteen",
        "on_leaving_care",
        "on_need_plan_ended",
        "on_need_plan_failed",
        "on_placement_ended",
        "on_plan_failed",
        "on_plan_reviewed",
        "on_referral_received",
        "on_turned_eighteen",
        "on_went_missing",
        "open",
        "placed",
        "placed_days",
        "places",
        "room",
        "rules",
        "state_days",
        "stock",
        "unallocated",
        "waiting",
        "week",
        "week_end",
        "weeks",
        "year_start",
    )

    def __init__(self, rules: Rules, draws: Draws, calendar: Calendar, start: float, horizon: float) -> None:
        super().__init__(initial_time=start)
        self.rules = rules
        self.draws = draws
        self.calendar = calendar
        self.horizon = horizon
        self.first = start
        # What is to happen, by week: later weeks in the order of scheduling, the present one sorted, last things first.
        self.weeks: list[list[Any]] = [[] for _ in range(int((horizon - start) / WEEK) + 2)]
        self.week = self.weeks[0]
        self.week_end = min(start + WEEK, horizon)
        self.handled = 0
        self.month = calendar.month_index(start)
        self.month_end = calendar.month_starts[self.month + 1]
        self.year_start = start
        self.count: list[float] = [0] * _COUNTS
        self.stock = [0] * State.words.size
        self.placed = [0] * Placement.words.size
        # Child-days of the present month by state and by placement; what a child adds is settled when it moves.
        self.state_days = [0.0] * State.words.size
        self.placed_days = [0.0] * Placement.words.size
        self.open: dict[int, Child] = {}
        self.care_at_year_start = 0
        self.home_cohorts: dict[int, list[int]] = {}
        self.book: SpellBook | None = None
        # Cases that the team can hold, and referred children who wait for a worker; some of those listed may have
        # stopped waiting since.
        self.room = UNLIMITED
        self.waiting: deque[Child] = deque()
        self.unallocated = 0
        self.places = Places()
        self.conferences = Conferences()
        self.court = Court()
        self.decided_at = start  # the end of the care proceedings begun last

    # -- time -----------------------------------------------------------------------------------------------------

    def call_at(self, when: float, child: Child, handler: Handler) -> None:
        """Let the handler have the child at that moment, unless the run ends first."""
        if when < self.horizon:
            child.handler = handler
            child.soonness = -when
            if when >= self.week_end:
                self.weeks[floor((when - self.first) / WEEK)].append(child)
            else:
                self.handled += 1
                # Left of its equals, so after them: those due at the same moment come in the order of scheduling.
                insort_left(self.week, child, key=_SOONNESS)

    def schedule(self, event: Event, priority: EventPriority = NORMAL, delay: SimTime = 0) -> None:
        """Schedule an event of SimPy's, as its processes and time-outs do, among the children's."""
        self.call_at(self._now + delay, event, self._simpy_event)  # type: ignore[arg-type]
        if priority != NORMAL:
            self._hasten(event)

    def _simpy_event(self, event: Any) -> None:
        """Do what SimPy's `step` does with an event."""
        callbacks, event.callbacks = event.callbacks, None
        for callback in callbacks:
            callback(event)
        if not event._ok and not hasattr(event, "_defused"):
            raise event._value

    def _hasten(self, event: Any) -> None:
        """Move an event that was scheduled for this moment before all that are not urgent."""
        week = self.week
        week.remove(event)
        place = bisect_right(week, event.soonness, key=_SOONNESS)
        while place and isinstance(week[place - 1], _URGENT) and week[place - 1].soonness == event.soonness:
            place -= 1
        week.insert(place, event)

    def run_to_horizon(self) -> None:
        """Handle every event in order, as SimPy's `run` does, a week at a time.

        A week is sorted once, which costs less than a queue that is put right at each event; the few events that are
        scheduled for the week itself find their place in it by halves.
        """
        for number, week in enumerate(self.weeks):
            if number:
                self._turn_to(number)
            take = week.pop
            while week:
                child = take()
                self._now = -child.soonness
                handler = child.handler
                handler(child)

    def _turn_to(self, number: int) -> None:
        week = self.week = self.weeks[number]
        self.week_end = min(self.first + (number + 1) * WEEK, self.horizon)
        self.handled += len(week)
        # Sorting leaves equals as they are: of those due at the same moment the first scheduled stands last, and is
        # taken first.
        week.reverse()
        week.sort(key=_SOONNESS)

    def dissolve(self) -> None:
        """Let go of everything: a world refers to itself through its handlers, and would await a collection."""
        for kind in type(self).__mro__:
            for name in getattr(kind, "__slots__", ()):
                if hasattr(self, name):
                    delattr(self, name)
        vars(self).clear()

    def wait_at_home(self, child: Child, when: float, handler: Handler) -> None:
        """Let something happen to a child at home, unless its return home fails or it turns 18 first."""
        if child.home_until < when:
            self.wait_for_end_of_home(child)
        else:
            self.call_at(when, child, handler)

    def wait_for_end_of_home(self, child: Child) -> None:
        """Let a child be at home until its return home fails or it turns 18."""
        if child.home_until < child.adult_at:
            self.call_at(max(child.home_until, self._now), child, self.on_home_broke_down)
        else:
            self.call_at(child.adult_at, child, self.on_turned_eighteen)

    def interrupt(self, child: Child) -> None:
        """Forget what was to happen next to a child, because something else overtakes it."""
        due = -child.soonness
        child.soonness = NEVER
        if due >= self.week_end:
            self.weeks[floor((due - self.first) / WEEK)].remove(child)
        elif due >= self._now and child in self.week:
            self.week.remove(child)

    # -- states ---------------------------------------------------------------------------------------------------

    def move(self, child: Child, state: int) -> None:
        """Put a child in another state and keep the stocks and child-days right."""
        left = self.month_end - self._now
        stock, days, old = self.stock, self.state_days, child.state
        stock[old] -= 1
        days[old] -= left
        stock[state] += 1
        days[state] += left
        child.state = state

    def siblings_with_open_case(self, child: Child) -> list[Child]:
        """Return the brothers and sisters whose cases are open. Ids of a family differ in the last two bits only."""
        first, cases = child.id & ~3, self.open
        return [cases[other] for other in range(first, first + 4) if other in cases and other != child.id]

    def open_episode(self, child: Child) -> None:
        child.opened = self._now
        self.open[child.id] = child

    def end_episode(self, child: Child) -> None:
        """Count an episode of need as ended and file it by its length."""
        count = self.count
        count[Count.NEED_ENDED] += 1
        count[Count.NEED_ENDED_BAND + bisect_right(BAND_ENDS, self._now - child.opened)] += 1  # type: ignore[operator]
        if self.book:
            self.book.note(child, "episode of need", "", child.opened, self._now)  # type: ignore[arg-type]
        self.forget_episode(child)

    def forget_episode(self, child: Child) -> None:
        # What only an open case has goes at once: less memory for children who wait to come back.
        child.opened, child.need_end, child.protection = None, LONG_AGO, NO_PROTECTION
        child.need_known = False
        if child.unallocated:
            self.stop_waiting(child)
        self.open.pop(child.id, None)
        self.move(child, State.CLOSED)
        if self.unallocated:
            self.allocate()

    # -- allocation to a social worker ----------------------------------------------------------------------------

    @property
    def allocated(self) -> int:
        """Return how many cases social workers hold; care leavers have personal advisers."""
        return len(self.open) - self.stock[State.CARE_LEAVER] - self.unallocated

    def wait_for_worker(self, child: Child) -> None:
        """Put a referred child on the list of those without a worker."""
        child.unallocated = True
        self.unallocated += 1
        self.waiting.append(child)
        self.wait_for_end_of_home(child)

    def stop_waiting(self, child: Child) -> None:
        child.unallocated = False
        self.unallocated -= 1

    def allocate(self, opened_before: float = LONG_AGO) -> None:
        """Allocate those who wait, the longest first, while a worker has room; and those referred before a moment."""
        waiting = self.waiting
        while self.unallocated and (self.allocated < self.room or (waiting[0].opened or 0.0) < opened_before):
            child = waiting.popleft()
            if child.unallocated:
                self.stop_waiting(child)
                self.interrupt(child)
                self.begin_assessment(child)

    # -- severity, and coming back --------------------------------------------------------------------------------

    def worsen(self, child: Child) -> None:
        """Raise the severity of a child whose family asked for help and got none (report, paragraph 49)."""
        child.severity += self.rules.unmet_increment
        child.risk = exp(self.rules.risk_slope * child.severity)

    def may_return(self, child: Child, closure: int, relative_risk: float = 1.0, since: float | None = None) -> None:
        """Schedule the next contact of a child without an open case, if there is to be one before 18.

        Args:
            child: whose last involvement has ended.
            closure: how it ended.
            relative_risk: multiplies the chance of coming back.
            since: when it ended, if not now.
        """
        rules, now = self.rules, self._now
        luck, limit = child.row[Episode.RETURN], rules.relapse[closure] * child.risk * relative_risk
        if limit > MOST_LIKELY:
            limit = MOST_LIKELY
        if luck < limit:
            when = (now if since is None else since) + rules.relapse_time.at(luck / limit)
            if when < child.home_until:
                # A contact makes these anew; while a child waits for it, memory is better used otherwise.
                child.row, child.risk = NO_DRAWS, 0.0
                self.call_at(when if when > now else now, child, self.on_contact_returned)
                return
        if child.home_until < child.adult_at:
            self.wait_for_end_of_home(child)

    def closure_of(self, child: Child) -> int:
        """Return what a child's history makes of the closing of its case."""
        if child.care.periods:
            return Closure.CARE_CLOSED
        return Closure.PROTECTION_PLAN_CLOSED if child.plans else Closure.CHILD_IN_NEED_CLOSED

    def leave(self, child: Child) -> None:
        """End the open case of a child to whom nothing more will happen; an episode of need if it was found in need."""
        if child.need_known:
            self.end_episode(child)
        else:
            self.forget_episode(child)

    def close(self, child: Child) -> None:
        """End the open case of a child living at home; it may come back."""
        self.end_episode(child)
        self.may_return(child, self.closure_of(child))

    def new_episode(self, child: Child) -> Row:
        """Begin another passage from contact to closure and return its draws."""
        child.episodes += 1
        child.first_plan_drawn = False
        row = child.row = self.draws.row(child.id, Stage.EPISODE, child.episodes)
        return row

    def need_found(self, child: Child) -> None:
        """Count an episode of need as started, once, when it is known to be one."""
        if not child.need_known:
            child.need_known = True
            self.count[Count.NEED_STARTED] += 1

    def count_referral(self, child: Child) -> None:
        count, now = self.count, self._now
        count[Count.REFERRAL] += 1
        if child.last_referral is not None and now - child.last_referral <= DAYS_A_YEAR:
            count[Count.RE_REFERRAL] += 1
        child.last_referral = now

    # -- steps that earlier files of the journey take into later ones; `journey` binds the handlers -----------------

    if TYPE_CHECKING:
        on_contact_returned: Handler
        on_referral_received: Handler
        on_assessment_completed: Handler
        on_enquiry_concluded: Handler
        on_plan_reviewed: Handler
        on_plan_failed: Handler
        on_need_plan_ended: Handler
        on_need_plan_failed: Handler
        on_concern_raised: Handler
        on_turned_eighteen: Handler
        on_leaving_care: Handler
        on_last_phase: Handler
        on_placement_ended: Handler
        on_went_missing: Handler
        on_home_broke_down: Handler
        on_leaver_nineteen: Handler
        on_leaver_ended: Handler

        def begin_assessment(self, child: Child) -> None: ...
        def start_need_plan(self, child: Child, stepped_down: bool = False) -> None: ...
        def start_enquiry(self, child: Child) -> None: ...
        def decide_need(self, child: Child) -> None: ...
        def end_plan(self, child: Child) -> None: ...


def empty_tables(months: int, years: int) -> dict[str, np.ndarray]:
    return {
        "count": np.zeros((months, _COUNTS), dtype=np.float32),
        "stock": np.zeros((months, _STOCKS), dtype=np.float32),
        "state_days": np.zeros((months, State.words.size), dtype=np.float32),
        "placed_days": np.zeros((months, Placement.words.size), dtype=np.float32),
        "spend": np.zeros((months, SpendCause.words.size), dtype=np.float64),
        "census": np.zeros((years, _CENSUS), dtype=np.float32),
    }
