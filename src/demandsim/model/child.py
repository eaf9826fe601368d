"""A child, which is also the event that happens to it next, and what it carries while it is protected or in care."""

from __future__ import annotations

from collections.abc import Callable
from math import floor
from typing import Any

from demandsim.draws import Row
from demandsim.vocabulary import State

NEVER = float("inf")
LONG_AGO = -NEVER
Handler = Callable[[Any], None]


class Child:
    """One child and its history with the authority. Times are days from the origin.

    A child has at most one pending event: the earliest of all that may come next. So it is its own event, which costs
    no object and no look-up.

    Most children only wait to be contacted about again, so all of them carry little. What a child protection plan or a
    time in care needs is in an object of its own, made when that begins.

    Attributes:
        id: place in the fixed grid of candidate arrivals; keys every draw.
        adult_at: the eighteenth birthday.
        home_until: when it can't be at home any longer: that birthday, or sooner if its return home will fail.
        severity: latent, standard normal among first contacts.
        risk: exp(risk slope x severity), so handlers multiply instead of exponentiating; 0 while a contact is awaited.
        need: primary need.
        row: the draws of the present episode.
        handler: of the pending event; the last one's if there is none.
        soonness: minus the moment when that event is due, or was.
        state: where it stands, one of `State`.
        opened: when the open case began.
        known: referred in an earlier episode.
        need_known: the open case has been found to be one of need.
        first_plan_drawn: the row's child in need plan columns are used up.
        need_end: of the present or interrupted child in need plan.
        unallocated: waits for a worker.
        last_referral: its moment, if there was one.
        episodes, need_plans, enquiries, plans: how often so far; they also key the draws.
        protection: the present enquiry and plan, while the case is open.
        care: its times in care; `NO_CARE` of a child that never was looked after.
    """

    __slots__ = (
        "adult_at",
        "care",
        "enquiries",
        "episodes",
        "first_plan_drawn",
        "handler",
        "home_until",
        "id",
        "known",
        "last_referral",
        "need",
        "need_end",
        "need_known",
        "need_plans",
        "opened",
        "plans",
        "protection",
        "risk",
        "row",
        "severity",
        "soonness",
        "state",
        "unallocated",
    )

    handler: Handler
    care: Care

    def __init__(self, id: int, adult_at: float, severity: float, risk: float, need: int, row: Row) -> None:
        self.id = id
        self.adult_at = self.home_until = adult_at
        self.severity = severity
        self.risk = risk
        self.need = need
        self.row = row
        self.soonness = NEVER
        self.state: int = State.CLOSED
        self.opened: float | None = None
        self.known = self.need_known = self.first_plan_drawn = self.unallocated = False
        self.need_end = LONG_AGO
        self.last_referral: float | None = None
        self.episodes = self.need_plans = self.enquiries = self.plans = 0
        self.protection = NO_PROTECTION
        self.care = NO_CARE

    def age(self, now: float) -> int:
        """Return the age in whole years; 0 before birth. Nobody is asked for it after 18."""
        age = 18.0 - (self.adult_at - now) / 365.25
        return floor(age) if age > 0.0 else 0


class Protection:
    """A section 47 enquiry and the child protection plan that may follow. Fields are set as it goes on.

    Attributes:
        row: draws of the enquiry and of what does not belong to one review.
        enquiry_started, plan_started: their moments.
        care_at: when the plan would fail.
        review_row: draws of the next review and its neighbours.
        review_number: how many were held.
        review_set_at: when the next one was set.
        late_review_due: when the last review that was late should have been.
    """

    __slots__ = (
        "care_at",
        "enquiry_started",
        "late_review_due",
        "plan_started",
        "review_number",
        "review_row",
        "review_set_at",
        "row",
    )

    row: Row
    enquiry_started: float
    plan_started: float
    care_at: float
    review_row: Row
    review_number: int
    review_set_at: float
    late_review_due: float


#: Shared by all without an enquiry or plan; nothing is ever written into it.
NO_PROTECTION = Protection()


class Care:
    """A child's times in care: the present or last one, and what is remembered of all. Fields are set as it goes on.

    Attributes:
        row: draws of the period.
        started: when it began.
        route, exit_at: how and when it will end.
        phase_at, final_placement: its last phase, if that has a placement of its own.
        frailty: multiplies the hazards of moving and of going missing.
        placement, placed_at, out_of_area, move_at: of the present placement.
        previous_placed_at: when the one before began.
        period_placements: how many in the period.
        missing_row, missing_at: of going missing next.
        last_ended, went_home: when a period last ended, and ended so.
        breakdown_at: when the return home will fail.
        periods, placements, missing: how often so far; they also key the draws.
    """

    __slots__ = (
        "breakdown_at",
        "exit_at",
        "final_placement",
        "frailty",
        "last_ended",
        "missing",
        "missing_at",
        "missing_row",
        "move_at",
        "out_of_area",
        "period_placements",
        "periods",
        "phase_at",
        "placed_at",
        "placement",
        "placements",
        "previous_placed_at",
        "route",
        "row",
        "started",
        "went_home",
    )

    row: Row
    started: float
    route: int
    exit_at: float
    phase_at: float
    final_placement: int
    frailty: float
    placement: int
    placed_at: float
    out_of_area: bool
    move_at: float
    previous_placed_at: float
    period_placements: int
    missing_row: Row
    missing_at: float

    def __init__(self) -> None:
        self.last_ended = self.went_home = LONG_AGO
        self.breakdown_at = NEVER
        self.periods = self.placements = self.missing = 0


#: Shared by all who never were looked after; nothing is ever written into it.
NO_CARE = Care()

#: A child for whom early help is asked: when the family gives up, the draw of whether help works, and the child; None
#: when it is known that nothing can bring the child back.
Asking = tuple[float, int, Child | None]
