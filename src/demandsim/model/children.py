"""What is kept of each child: records of arrays. Moments are days from the origin."""

from __future__ import annotations

from math import floor

from demandsim.compiling import compiled
from demandsim.pathway import Step
from demandsim.record import Record, Short, Tiny

NEVER = float("inf")
LONG_AGO = -NEVER
NOBODY = -1
#: Where a child's next event is kept.
NOWHERE, IN_DAY, IN_TODAY = 0, 1, 2


class Child(Record):
    """One child and its history with the authority.

    A child has at most one pending event: the earliest of all that may come next.

    Attributes:
        id: place in the fixed grid of candidate arrivals; keys every draw. `NOBODY` where the row is free.
        due, order: when the pending event is due, and its turn among those of the same moment.
        adult_at: the eighteenth birthday.
        home_until: when it can't be at home any longer: that birthday, or sooner if its return home will fail.
        severity: latent, standard normal among first contacts.
        risk: exp(risk slope x severity).
        opened: when the open case began; `NEVER` without one.
        need_end: of the present or interrupted child in need plan.
        last_referral: its moment; `LONG_AGO` if there was none.
        row: its place in the arrays.
        before, after: neighbours in the list of a day's events.
        sibling: the next of the family in a ring of those who have rows.
        episodes, need_plans, enquiries, plans: how often so far; they also key the draws.
        step: the one taken last, or pending.
        queued: where the pending event is kept.
        state: where it stands, one of `State`.
        need: primary need.
        known: referred in an earlier episode.
        need_known: the open case has been found to be one of need.
        first_plan_drawn: the episode's draws of a child in need plan are used up.
        unallocated: waits for a worker.
    """

    due: float
    order: int
    id: int
    adult_at: float
    home_until: float
    severity: float
    risk: float
    opened: float
    need_end: float
    last_referral: float
    row: Short
    before: Short
    after: Short
    sibling: Short
    episodes: Short
    need_plans: Short
    enquiries: Short
    plans: Short
    step: Tiny
    queued: Tiny
    state: Tiny
    need: Tiny
    known: bool
    need_known: bool
    first_plan_drawn: bool
    unallocated: bool


class Plan(Record):
    """A section 47 enquiry and the child protection plan that may follow.

    Attributes:
        enquiry_started, started: their moments.
        care_at: when the plan would fail.
        review_set_at: when the next review was set.
        late_review_due: when the last review that was late should have been.
        reviews: how many were held.
    """

    enquiry_started: float
    started: float
    care_at: float
    review_set_at: float
    late_review_due: float
    reviews: int


class Care(Record):
    """A child's times in care: the present or last one, and what is remembered of all.

    Attributes:
        started: when the period began.
        exit_at: when it will end, by its route.
        phase_at: when its last phase begins, if that has a placement of its own.
        move_at, missing_at: when the child would move on, and go missing.
        placed_at, previous_placed_at: when the present placement and the one before began.
        frailty: multiplies the hazards of moving and of going missing.
        last_ended, went_home: when a period last ended, and ended so.
        breakdown_at: when the return home will fail.
        periods, placements, missing: how often so far; they also key the draws.
        period_placements: how many in the period.
        route: how it will end.
        final_placement, placement: of the last phase, and now.
        out_of_area: over 20 miles from home.
    """

    started: float
    exit_at: float
    phase_at: float
    move_at: float
    missing_at: float
    placed_at: float
    previous_placed_at: float
    frailty: float
    last_ended: float
    went_home: float
    breakdown_at: float
    periods: Short
    placements: Short
    missing: Short
    period_placements: Short
    route: Tiny
    final_placement: Tiny
    placement: Tiny
    out_of_area: bool


@compiled
def age(child: Child, now: float) -> int:
    """Return the age in whole years; 0 before birth. Nobody is asked for it after 18."""
    years = 18.0 - (child.adult_at - now) / 365.25
    return floor(years) if years > 0.0 else 0


@compiled
def at_home(child: Child, now: float, step: int, when: float) -> tuple[int, float]:
    """Return what comes next for a child at home: the step, unless its return home fails or it turns 18 first."""
    if child.home_until < when:
        return end_of_home(child, now)
    return step, when


@compiled
def end_of_home(child: Child, now: float) -> tuple[int, float]:
    """Return what ends the time at home of a child to whom nothing else happens."""
    if child.home_until < child.adult_at:
        return Step.HOME_BROKE_DOWN, max(child.home_until, now)
    return Step.TURNED_EIGHTEEN, child.adult_at
