"""What is kept of each child: records of arrays. Moments are days from the origin."""

from __future__ import annotations

from math import floor

from demandsim.engine.compiling import compiled
from demandsim.engine.event_calendar import Entity
from demandsim.engine.record import Record, Short, Tiny
from demandsim.pathway import Step
from demandsim.vocabulary import age_band

NEVER = float("inf")
LONG_AGO = -NEVER
CHILDHOOD = 18 * 365.25
#: A return home is at its most fragile at first; after two years it is like any other time at home.
FRAGILE_DAYS = 730.5


class Child(Entity):
    """One child and its history with the authority.

    A child has at most one pending event: the earliest of all that may come next.
    """

    # What the month's look at every child reads comes first: memory is read line by line.
    id: int  # place in the fixed grid of candidate arrivals; keys every draw. `NOBODY` where the row is free
    adult_at: float  # the eighteenth birthday
    severity: float  # latent: the sum of the four below; variance 1 among those known, before any help
    permanent: float  # of the family and the child, for good
    slow: float  # what changes over years, and what harm that nobody saw has added
    fast: float  # what changes within weeks: crises
    helped: float  # what help has taken off, and not faded yet; 0 or below
    kept: float  # logarithm of what early help does to the hazard of care beside that
    help_ends: float  # when early help ends; `LONG_AGO` without any
    home_since: float  # when it last came home from care; `LONG_AGO` if never
    state: Tiny  # where it stands, one of `State`
    need: Tiny  # primary need
    settled: bool  # lives with another family, or came on remand or alone: no family here brings it back
    help_works: bool  # its early help is effectively planned
    supported: bool  # its return home is
    neglected: Tiny  # 1 where the need is neglect: long, and seldom a crisis; else 0
    asking: bool  # waits for early help
    need_known: bool  # the open case has been found to be one of need
    unallocated: bool  # waits for a worker
    exploited: Tiny  # outside the family, one of `Exploited`
    assessed: bool  # ever, or looked after without it
    in_need: bool  # found to be so, ever
    first_of_year: bool  # its last referral was its first of that financial year
    closed_short: bool  # its last case was closed without long-term work
    opened: float  # when the open case began; `NEVER` without one
    need_end: float  # of the present or interrupted child in need plan
    last_referral: float  # its moment; `LONG_AGO` if there was none
    last_closed: float  # when the last case was closed
    sibling: Short  # the next of the family in a ring of those who have rows
    episodes: Short  # how often so far; they also key the draws
    need_plans: Short
    enquiries: Short
    plans: Short
    unprotected: Short  # months at home above the level of protection, without a plan, since it last had one


class Plan(Record):
    """An assessment, a section 47 enquiry and the child protection plan that may follow."""

    assessment_started: float  # their moments
    enquiry_started: float
    started: float
    review_set_at: float  # when the next review was set
    late_review_due: float  # when the last review that was late, and the late one before, should have been
    late_before_due: float
    reviews: int  # how many were held


class Care(Record):
    """A child's times in care: the present or last one, and what is remembered of all."""

    started: float  # when the period began
    exit_at: float  # when it will end, by its route
    phase_at: float  # when its last phase begins, if that has a placement of its own
    move_at: float  # when the child would move on, and go missing
    missing_at: float
    court_at: float  # when care proceedings begin, if they do so later than the period
    decided_at: float  # when they end
    placed_at: float  # when the present placement began
    last_left: float  # when the placement before ended, and the one before that, of whatever period
    left_before: float
    frailty: float  # multiplies the hazards of moving and of going missing
    stretched: float  # what distance has multiplied the rest of the stay by
    last_ended: float  # when a period last ended, and ended so
    went_home: float
    periods: Short  # how often so far; they also key the draws
    placements: Short
    missing: Short
    period_placements: Short  # how many in the period
    route: Tiny  # how it will end
    basis: Tiny  # legal, on which it began, one of `LegalRoute`
    final_placement: Tiny  # of the last phase, and now
    placement: Tiny
    home: Short  # which children's home, where it is one
    stays_put: bool  # with its foster carers after 18
    out_of_area: bool  # over 20 miles from home
    allowance: bool  # its foster carers, relatives, become guardians with an allowance
    fdac: Tiny  # proceedings at the Family Drug and Alcohol Court: 1; those who go home because of it: 2; else 0


@compiled
def freshly_home(child: Child, now: float) -> float:
    """Return how fragile a return home still is: 1 on its day, 0 after two years."""
    return max(0.0, 1.0 - (now - child.home_since) / FRAGILE_DAYS)


@compiled
def age(child: Child, now: float) -> int:
    """Return the age in whole years; 0 before birth. Nobody is asked for it after 18."""
    years = 18.0 - (child.adult_at - now) / 365.25
    return floor(years) if years > 0.0 else 0


_band_of_age = compiled(age_band)


@compiled
def age_group(child: Child, now: float) -> int:
    """Return the place of the child's age in `AGE_BANDS`."""
    place: int = _band_of_age(age(child, now))
    return place


@compiled
def birth(child: Child) -> float:
    """Return the moment of birth: families come to notice before it too."""
    return child.adult_at - CHILDHOOD


@compiled
def at_home(child: Child, step: int, when: float) -> tuple[int, float]:
    """Return what comes next for a child at home: the step, unless it turns 18 first."""
    if child.adult_at < when:
        return Step.TURNED_EIGHTEEN, child.adult_at
    return step, when
