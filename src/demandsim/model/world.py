"""One run's state: the clock, the children with open cases, and what is counted.

`World` holds what every step of the journey shares. The steps themselves are in `front_door`, `protection`, `care` and
`early_help`, in the order a child meets them; `simulate` puts them together.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from math import exp
from typing import TYPE_CHECKING, Any

import numpy as np
from simpy import Environment

from demandsim.calendars import Calendar
from demandsim.draws import Draws, Episode, Stage, chance
from demandsim.model.child import NEVER, Child, Handlers, Timer
from demandsim.model.rules import Rules
from demandsim.records import Census, Count, Stock
from demandsim.vocabulary import DAYS_A_YEAR, DURATION_BANDS, Closure, Placement, SpendLine, State

if TYPE_CHECKING:
    from demandsim.model.spells import SpellBook

_COUNTS, _STOCKS, _CENSUS = Count.words.size, Stock.words.size, Census.words.size
#: Days of events that wait together; whole weeks, so that a weekly process can turn them.
PILE = 28.0
#: No hazard makes a return certain: the most severe children have this chance.
MOST_LIKELY = chance(0.95)
_QUARTER, _HALF, _YEAR, _TWO_YEARS = (end for _, end in DURATION_BANDS[:-1])


def duration_band(days: float) -> int:
    """Return the index in `DURATION_BANDS` of a length in days."""
    if days < _HALF:
        return 0 if days < _QUARTER else 1
    return 2 if days < _YEAR else 3 if days < _TWO_YEARS else 4


class World(Environment):
    """A SimPy environment that knows children.

    Args:
        rules: compiled parameters; replaced when a lever moves.
        draws: the replication's uniforms.
        calendar: covers the whole run.
        start: first moment of the run, in days.
        horizon: last moment of the run; what would happen later is not scheduled.
    """

    def __init__(self, rules: Rules, draws: Draws, calendar: Calendar, start: float, horizon: float) -> None:
        super().__init__(initial_time=start)
        self.rules = rules
        self.draws = draws
        self.calendar = calendar
        self.horizon = horizon
        self.first = start
        self.pile_end = start + PILE
        self.piles: list[list[Any]] = [[] for _ in range(int((horizon - start) / PILE) + 2)]
        self.month = calendar.month_index(start)
        self.month_end = calendar.month_starts[self.month + 1]
        self.year_start = start
        self.count = [0] * _COUNTS
        self.stock = [0] * State.words.size
        self.placed = [0] * Placement.words.size
        # Child-days of the present month by state and by placement; what a child adds is settled when it moves.
        self.state_days = [0.0] * State.words.size
        self.placed_days = [0.0] * Placement.words.size
        self.open: dict[int, Child] = {}
        self.care_at_year_start = 0
        self.home_cohorts: dict[int, list[int]] = {}
        self.book: SpellBook | None = None

    # -- time -----------------------------------------------------------------------------------------------------

    def call_at(self, when: float, timer: Timer, handlers: Any) -> None:
        """Let the handlers have the timer at that moment, unless the run ends first.

        Most of what is scheduled lies months ahead. It waits in a pile for its four weeks, and SimPy's queue holds only
        the present four, which keeps it short enough to be fast.
        """
        if when < self.pile_end:
            timer.callbacks = handlers
            heappush(self._queue, (when, 1, next(self._eid), timer))  # type: ignore[misc]
        elif when < self.horizon:
            timer.callbacks = handlers
            self.piles[int((when - self.first) / PILE)].append((when, 1, next(self._eid), timer))

    def run_to_horizon(self) -> None:
        """Handle every event in order, as SimPy's `run` does, without a method call for each."""
        queue = self._queue
        while queue:
            self._now, _, _, event = heappop(queue)
            callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]
            for callback in callbacks:
                callback(event)
            if not event._ok:
                raise event._value

    def turn_pile(self) -> None:
        """Put the next four weeks' events into SimPy's queue."""
        number = round((self._now - self.first) / PILE)
        self.pile_end = self.first + (number + 1) * PILE
        self._queue.extend(self.piles[number])
        self.piles[number] = []
        heapify(self._queue)

    def wait_at_home(self, child: Child, when: float, handlers: Any) -> None:
        """Let something happen to a child at home, unless its return home fails or it turns 18 first."""
        if child.breakdown_at < when:
            when, handlers = child.breakdown_at, self.on_home_broke_down
        if child.adult_at < when:
            when, handlers = child.adult_at, self.on_turned_eighteen
        self.call_at(max(when, self._now), child.timer, handlers)

    def interrupt(self, child: Child) -> None:
        """Forget what was to happen next to a child."""
        child.timer.callbacks = ()
        child.timer = Timer(child)

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

    def open_episode(self, child: Child) -> None:
        child.opened = self._now
        self.open[child.id] = child

    def end_episode(self, child: Child) -> None:
        """Count an episode of need as ended and file it by its length."""
        count = self.count
        count[Count.NEED_ENDED] += 1
        count[Count.NEED_ENDED_BAND + duration_band(self._now - child.opened)] += 1  # type: ignore[operator]
        if self.book:
            self.book.note(child, "episode of need", "", child.opened, self._now)  # type: ignore[arg-type]
        self.forget_episode(child)

    def forget_episode(self, child: Child) -> None:
        child.opened = None
        child.need_known = False
        self.open.pop(child.id, None)
        self.move(child, State.CLOSED)

    # -- severity, and coming back --------------------------------------------------------------------------------

    def worsen(self, child: Child) -> None:
        """Raise the severity of a child whose family asked for help and got none (report, paragraph 49)."""
        child.severity += self.rules.unmet_increment
        child.risk = exp(self.rules.risk_slope * child.severity)

    def may_return(self, child: Child, closure: int, relative_risk: float = 1.0) -> None:
        """Schedule the next contact of a child whose case is closed, if there is to be one before 18."""
        rules = self.rules
        limit = rules.relapse[closure] * child.risk * relative_risk
        if limit > MOST_LIKELY:
            limit = MOST_LIKELY
        luck = child.row[Episode.RETURN]
        when = self._now + rules.relapse_time.at(luck / limit) if luck < limit else NEVER
        if child.breakdown_at < when:
            if child.breakdown_at < child.adult_at:
                self.call_at(max(child.breakdown_at, self._now), child.timer, self.on_home_broke_down)
        elif when < child.adult_at:
            self.call_at(when, child.timer, self.on_contact_returned)

    def closure_of(self, child: Child) -> int:
        """Return what a child's history makes of the closing of its case."""
        if child.periods:
            return Closure.CARE_CLOSED
        return Closure.PROTECTION_PLAN_CLOSED if child.plans else Closure.CHILD_IN_NEED_CLOSED

    def close(self, child: Child) -> None:
        """End the open case of a child living at home; it may come back."""
        self.end_episode(child)
        if self._now < child.adult_at:
            self.may_return(child, self.closure_of(child))

    def new_episode_row(self, child: Child) -> None:
        child.episodes += 1
        child.row = self.draws.row(child.id, Stage.EPISODE, child.episodes)
        child.first_plan_drawn = False

    def need_found(self, child: Child) -> None:
        """Count an episode of need as started, once, when it is known to be one."""
        if not child.need_known:
            child.need_known = True
            self.count[Count.NEED_STARTED] += 1

    def count_referral(self, child: Child) -> None:
        count, now = self.count, self._now
        count[Count.REFERRAL] += 1
        if now - child.last_referral <= DAYS_A_YEAR:
            count[Count.RE_REFERRAL] += 1
        child.last_referral = now

    # -- steps that earlier files of the journey take into later ones; `journey` binds the handlers -----------------

    if TYPE_CHECKING:
        on_contact_returned: Handlers
        on_referral_received: Handlers
        on_assessment_completed: Handlers
        on_enquiry_concluded: Handlers
        on_plan_reviewed: Handlers
        on_plan_failed: Handlers
        on_need_plan_ended: Handlers
        on_need_plan_failed: Handlers
        on_concern_raised: Handlers
        on_turned_eighteen: Handlers
        on_leaving_care: Handlers
        on_last_phase: Handlers
        on_placement_ended: Handlers
        on_went_missing: Handlers
        on_home_broke_down: Handlers
        on_leaver_nineteen: Handlers
        on_leaver_ended: Handlers

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
        "spend": np.zeros((months, SpendLine.words.size), dtype=np.float32),
        "census": np.zeros((years, _CENSUS), dtype=np.float32),
    }
