"""What is kept of each child: records of arrays. Moments are days from the origin."""

from __future__ import annotations

from math import floor

from demandsim.engine.compiling import compiled
from demandsim.engine.event_calendar import Entity
from demandsim.engine.record import Record, Short, Tiny
from demandsim.pathway import Step

NEVER = float("inf")
LONG_AGO = -NEVER


class Child(Entity):
    """One child and its history with the authority.

    A child has at most one pending event: the earliest of all that may come next.
    """

    id: int  # place in the fixed grid of candidate arrivals; keys every draw. `NOBODY` where the row is free
    adult_at: float  # the eighteenth birthday
    home_until: float  # when it can't be at home any longer: that birthday, or sooner if its return home will fail
    severity: float  # latent, standard normal among first contacts
    risk: float  # exp(risk slope x severity)
    opened: float  # when the open case began; `NEVER` without one
    need_end: float  # of the present or interrupted child in need plan
    last_referral: float  # its moment; `LONG_AGO` if there was none
    sibling: Short  # the next of the family in a ring of those who have rows
    episodes: Short  # how often so far; they also key the draws
    need_plans: Short
    enquiries: Short
    plans: Short
    state: Tiny  # where it stands, one of `State`
    need: Tiny  # primary need
    known: bool  # referred in an earlier episode
    need_known: bool  # the open case has been found to be one of need
    first_plan_drawn: bool  # the episode's draws of a child in need plan are used up
    unallocated: bool  # waits for a worker


class Plan(Record):
    """A section 47 enquiry and the child protection plan that may follow."""

    enquiry_started: float  # their moments
    started: float
    care_at: float  # when the plan would fail
    review_set_at: float  # when the next review was set
    late_review_due: float  # when the last review that was late should have been
    reviews: int  # how many were held


class Care(Record):
    """A child's times in care: the present or last one, and what is remembered of all."""

    started: float  # when the period began
    exit_at: float  # when it will end, by its route
    phase_at: float  # when its last phase begins, if that has a placement of its own
    move_at: float  # when the child would move on, and go missing
    missing_at: float
    placed_at: float  # when the present placement and the one before began
    previous_placed_at: float
    frailty: float  # multiplies the hazards of moving and of going missing
    last_ended: float  # when a period last ended, and ended so
    went_home: float
    breakdown_at: float  # when the return home will fail
    periods: Short  # how often so far; they also key the draws
    placements: Short
    missing: Short
    period_placements: Short  # how many in the period
    route: Tiny  # how it will end
    final_placement: Tiny  # of the last phase, and now
    placement: Tiny
    out_of_area: bool  # over 20 miles from home


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
