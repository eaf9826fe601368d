"""Section 47 enquiry, initial conference, and the child protection plan with its reviews."""

from __future__ import annotations

from math import log

from demandsim.distributions import exponential
from demandsim.draws import Enquiry, Review, Stage
from demandsim.engine.compiling import compiled
from demandsim.engine.loop import AT_ONCE
from demandsim.engine.philox import draw, uniforms
from demandsim.model.allocation import stop_waiting
from demandsim.model.cases import BAND_ENDS, band, close, move_to, need_found, open_case, referred_at_once
from demandsim.model.cohorts import count_first_plan
from demandsim.model.places import book_conference
from demandsim.model.spells import cut_short, note, note_moment
from demandsim.pathway import Step
from demandsim.records import Count, SpellEnd, SpellKind
from demandsim.state.children import LONG_AGO, NEVER, Child, Plan, at_home
from demandsim.state.working_days import after_working_days, working_days_between
from demandsim.state.world import World, plans_of
from demandsim.vocabulary import CONFERENCE_LIMIT, FIRST_REVIEW_LIMIT, LATER_REVIEW_LIMIT, State

#: A late review is held a fortnight late on average; a judgement, nobody publishes by how much.
LATE_BY = 14.0
#: Reviews of one plan that have draws of their own.
_REVIEWS = 256


@compiled
def harm_seen(world: World, child: Child) -> tuple[int, float]:
    """Harm is seen that no threshold is asked about: an enquiry, and a referral if there is no open case."""
    if child.opened == NEVER:
        referred_at_once(world, child, SpellEnd.ENQUIRY)
        open_case(world, child)
    else:
        world.tally.count[Count.CONCERN] += 1
    cut_short(world, child, SpellEnd.ENQUIRY)
    if child.unallocated:
        stop_waiting(world, child)
    return Step.ENQUIRY, AT_ONCE


@compiled
def enquiry(world: World, child: Child) -> tuple[int, float]:
    """Hold the strategy discussion; the enquiry ends on the day booked for a conference, or later if it slips."""
    rules, clock = world.rules, world.clock
    world.tally.count[Count.ENQUIRY] += 1
    plan: Plan = plans_of(world)[child.row]
    child.enquiries += 1
    plan.enquiry_started = clock.now
    move_to(world, child, State.ENQUIRY)
    block = Enquiry.SUBSTANTIATED // 4
    substantiated, _, booked, slips = uniforms(clock.key, child.id, Stage.ENQUIRY, child.enquiries - 1, block)
    days = world.values.conference_booked_from + (CONFERENCE_LIMIT - world.values.conference_booked_from) * booked
    if slips < rules.slips:
        days += exponential(world.values.conference_slip_mean, enquiry_draw(world, child, Enquiry.SLIP))
    when = after_working_days(world, clock.now, days)
    if substantiated < rules.substantiated:
        when = book_conference(world, when)
    return at_home(child, Step.ENQUIRY_CONCLUDED, when)


@compiled
def enquiry_draw(world: World, child: Child, decision: int) -> float:
    """Return a draw of the present enquiry or plan."""
    return draw(world.clock.key, child.id, Stage.ENQUIRY, child.enquiries - 1, decision)


@compiled
def enquiry_concluded(world: World, child: Child) -> tuple[int, float]:
    now, started = world.clock.now, plans_of(world)[child.row].enquiry_started
    if enquiry_draw(world, child, Enquiry.SUBSTANTIATED) < world.rules.substantiated:
        note(world, child, SpellKind.ENQUIRY, child.enquiries, started, now, SpellEnd.SUBSTANTIATED)
        need_found(world, child)
        return Step.CONFERENCE, AT_ONCE
    note(world, child, SpellKind.ENQUIRY, child.enquiries, started, now, SpellEnd.UNSUBSTANTIATED)
    if child.need_end > now:
        return Step.NEED_PLAN, AT_ONCE
    # Where need was found before, its plan would have ended while the enquiry went on.
    return (Step.NEED_PLAN_ENDS if child.need_known else Step.NEED_DECISION), AT_ONCE


@compiled
def conference(world: World, child: Child) -> tuple[int, float]:
    count = world.tally.count
    count[Count.CONFERENCE] += 1
    taken = working_days_between(world, plans_of(world)[child.row].enquiry_started, world.clock.now)
    count[Count.CONFERENCE_IN_TIME] += taken <= CONFERENCE_LIMIT
    planned = enquiry_draw(world, child, Enquiry.PLAN) < world.values.conference_plan
    decided = SpellEnd.PLAN if planned else SpellEnd.NEED_PLAN
    note_moment(world, child, SpellKind.CONFERENCE, world.clock.now, decided)
    return (Step.PLAN if planned else Step.NEED_PLAN), AT_ONCE


@compiled
def plan(world: World, child: Child) -> tuple[int, float]:
    count, now = world.tally.count, world.clock.now
    count[Count.PLAN_STARTED] += 1
    if child.plans:
        count[Count.PLAN_REPEAT] += 1
    else:
        count_first_plan(world)
    child.plans += 1
    begun: Plan = plans_of(world)[child.row]
    begun.started = now
    begun.reviews = 0
    begun.late_review_due = begun.late_before_due = child.need_end = LONG_AGO
    move_to(world, child, State.PROTECTION_PLAN)
    return Step.NEXT_REVIEW, AT_ONCE


@compiled
def next_review(world: World, child: Child) -> tuple[int, float]:
    """Set the next review: the first within 3 months, later ones within 6."""
    rules, now = world.rules, world.clock.now
    running: Plan = plans_of(world)[child.row]
    time, late, forward, _ = uniforms(world.clock.key, child.id, Stage.REVIEW, _nth_review(world, child), 0)
    limit = LATER_REVIEW_LIMIT if running.reviews else FIRST_REVIEW_LIMIT
    if late < rules.review_late:
        gap = limit - LATE_BY * log(1.0 - time)
        running.late_before_due, running.late_review_due = running.late_review_due, now + limit
    elif running.reviews and forward < world.values.plan_review_brought_forward:
        gap = limit * (0.4 + 0.4 * time)
    else:
        gap = limit * (0.8 + 0.2 * time)
    running.review_set_at = now
    return at_home(child, Step.REVIEW, now + gap)


@compiled
def _nth_review(world: World, child: Child) -> int:
    """Return the number of the next review among all that the child's plans may have."""
    return _REVIEWS * child.plans + plans_of(world)[child.row].reviews


@compiled
def review(world: World, child: Child) -> tuple[int, float]:
    """A review conference ends the plan or lets it run."""
    count, clock = world.tally.count, world.clock
    reviewed: Plan = plans_of(world)[child.row]
    count[Count.REVIEW] += 1
    late = reviewed.late_review_due > reviewed.review_set_at
    count[Count.REVIEW_LATE] += late
    ends = draw(clock.key, child.id, Stage.REVIEW, _nth_review(world, child), Review.ENDS)
    likely = world.values.plan_ends_at_review[min(reviewed.reviews, len(world.values.plan_ends_at_review) - 1)]
    reviewed.reviews += 1
    decided = SpellEnd.GOES_ON if ends >= likely else SpellEnd.ENDS
    note(world, child, SpellKind.REVIEW, late, clock.now, clock.now, decided)
    if ends >= likely:
        return Step.NEXT_REVIEW, AT_ONCE
    if enquiry_draw(world, child, Enquiry.CLOSED_OUTRIGHT) < world.values.plan_closed_outright:
        count[Count.PLAN_CLOSED] += 1
        end_plan(world, child, SpellEnd.CLOSED)
        return close(world, child)
    count[Count.PLAN_STEPPED_DOWN] += 1
    end_plan(world, child, SpellEnd.NEED_PLAN)
    return Step.STEPPED_DOWN, AT_ONCE


@compiled
def end_plan(world: World, child: Child, why: int) -> None:
    count, now, started = world.tally.count, world.clock.now, plans_of(world)[child.row].started
    count[Count.PLAN_ENDED] += 1
    count[Count.PLAN_ENDED_BAND + band(BAND_ENDS, now - started)] += 1
    note(world, child, SpellKind.PLAN, child.plans, started, now, why)
