"""The front door: contact, referral and the result of an assessment."""

from __future__ import annotations

from demandsim.draws import Episode, Seen, Stage
from demandsim.engine.compiling import compiled
from demandsim.engine.loop import AT_ONCE
from demandsim.engine.philox import draw
from demandsim.model.allocation import allocated, assessment, wait_for_worker
from demandsim.model.assessment import seen
from demandsim.model.cases import count_contact, count_referral, end_case, move_to, need_found, new_episode, open_case
from demandsim.model.cohorts import count_closed
from demandsim.model.early_help import ask, has_early_help
from demandsim.model.spells import note
from demandsim.pathway import Step
from demandsim.records import Count, SpellEnd, SpellKind
from demandsim.state.children import NEVER, Child
from demandsim.state.working_days import working_days_between
from demandsim.state.world import World, plans_of, settle
from demandsim.vocabulary import ASSESSMENT_LIMIT, State


@compiled
def received(world: World, child: Child, moment: float, partners: float) -> None:
    """Take a contact about a child without an open case; what is above no threshold ends there.

    Args:
        world: at any moment of the month.
        child: one without an open case.
        moment: of the contact.
        partners: how likely it is that a partner makes it.
    """
    score = seen(world, child, Seen.CONTACT)
    step, result = Step.AT_HOME, SpellEnd.NO_ACTION
    if score > world.rules.referral_threshold:
        step, result = Step.REFERRAL, SpellEnd.REFERRED
    elif score > world.values.contact_early_help_threshold and not has_early_help(world, child):
        step, result = Step.CONTACT, SpellEnd.EARLY_HELP
    count_contact(world, child, moment, result, partners)
    settle(world, child, step, moment)
    world.taken[Step.MONTH, step] += 1


@compiled
def contact(world: World, child: Child) -> tuple[int, float]:
    """A contact leads to a request for early help."""
    return ask(world, child)


@compiled
def referral(world: World, child: Child) -> tuple[int, float]:
    """Decide within the day: no further action, an enquiry at once, or an assessment."""
    new_episode(child)
    score = seen(world, child, Seen.REFERRAL)
    if score < world.values.referral_no_action_threshold:
        count_referral(world, child, SpellEnd.NO_ACTION)
        world.tally.count[Count.CASE_CLOSED] += 1
        child.last_closed = world.clock.now
        count_closed(world, child, True)
        return Step.AT_HOME, NEVER
    # Asked before it is one of the cases itself.
    full = allocated(world) >= world.team.room
    open_case(world, child)
    if score > world.rules.enquiry_threshold:
        count_referral(world, child, SpellEnd.ENQUIRY)
        return Step.ENQUIRY, AT_ONCE
    count_referral(world, child, SpellEnd.ASSESSMENT)
    # Allocated to a worker with room, or left to wait for one.
    move_to(world, child, State.ASSESSMENT)
    return wait_for_worker(world, child) if full else assessment(world, child)


@compiled
def assessed(world: World, child: Child) -> tuple[int, float]:
    """The assessment is completed."""
    count, clock = world.tally.count, world.clock
    form = draw(clock.key, child.id, Stage.EPISODE, child.episodes, Episode.ASSESSMENT_FORMAT)
    continuous = form < world.values.assessment_continuous
    started = plans_of(world)[child.row].assessment_started
    note(world, child, SpellKind.ASSESSMENT, 1 if continuous else 2, started, clock.now, SpellEnd.COMPLETED)
    if continuous:
        count[Count.ASSESSED_CONTINUOUS] += 1
        taken = working_days_between(world, child.opened, clock.now)
        count[Count.ASSESSED_IN_TIME] += taken <= ASSESSMENT_LIMIT
    return Step.NEED_DECISION, AT_ONCE


@compiled
def need_decision(world: World, child: Child) -> tuple[int, float]:
    """Close as not in need, step down to early help, or begin a child in need plan."""
    count, values = world.tally.count, world.values
    score = seen(world, child, Seen.ASSESSMENT)
    if score < values.assessment_need_threshold:
        count[Count.NOT_IN_NEED] += 1
        return end_case(world, child, SpellEnd.NOT_IN_NEED)
    if score < values.assessment_plan_threshold:
        count[Count.STEPPED_DOWN] += 1
        end_case(world, child, SpellEnd.EARLY_HELP)
        return ask(world, child)
    need_found(world, child)
    count[Count.NEED_FROM_ASSESSMENT] += 1
    return Step.NEED_PLAN, AT_ONCE
