"""The front door: contact, referral and the result of an assessment."""

from __future__ import annotations

from demandsim.distributions import normal
from demandsim.draws import Episode, Seen, Stage
from demandsim.engine.compiling import compiled
from demandsim.engine.loop import AT_ONCE
from demandsim.engine.philox import draw
from demandsim.model.allocation import allocated, assessment, wait_for_worker
from demandsim.model.cases import count_contact, count_referral, end_case, move_to, need_found, new_episode, open_case
from demandsim.model.early_help import ask, has_early_help
from demandsim.pathway import Step
from demandsim.records import Count
from demandsim.state.children import NEVER, Child
from demandsim.state.working_days import working_days_between
from demandsim.state.world import World, settle
from demandsim.vocabulary import ASSESSMENT_LIMIT, State


@compiled
def seen(world: World, child: Child, decision: int) -> float:
    """Return the severity a worker sees: the child's own, and noise that is drawn once a month for each decision."""
    noise = normal(draw(world.clock.key, child.id, Stage.SEEN, world.clock.month, decision))
    severity: float = child.severity + world.values.severity_observation_noise * noise
    return severity


@compiled
def received(world: World, child: Child, moment: float) -> None:
    """Take a contact about a child without an open case; what is above no threshold ends there."""
    count, values = world.tally.count, world.values
    count_contact(world, child)
    score = seen(world, child, Seen.CONTACT)
    step = Step.AT_HOME
    if score > world.rules.referral_threshold:
        step = Step.REFERRAL
    elif score > values.contact_early_help_threshold and not has_early_help(world, child):
        step = Step.CONTACT
    else:
        count[Count.CONTACT_NO_ACTION] += 1
    settle(world, child, step, moment)
    world.taken[Step.MONTH, step] += 1


@compiled
def contact(world: World, child: Child) -> tuple[int, float]:
    """A contact leads to early help being asked for."""
    return ask(world, child)


@compiled
def referral(world: World, child: Child) -> tuple[int, float]:
    """Decide within the day: no further action, an enquiry at once, or an assessment."""
    new_episode(child)
    count_referral(world, child)
    count = world.tally.count
    score = seen(world, child, Seen.REFERRAL)
    if score < world.values.referral_no_action_threshold:
        count[Count.REFERRAL_NO_ACTION] += 1
        count[Count.CASE_CLOSED] += 1
        child.last_closed = world.clock.now
        return Step.AT_HOME, NEVER
    # Asked before it is one of the cases itself.
    full = allocated(world) >= world.team.room
    open_case(world, child)
    if score > world.rules.enquiry_threshold:
        count[Count.REFERRAL_ENQUIRY] += 1
        return Step.ENQUIRY, AT_ONCE
    count[Count.REFERRAL_ASSESSED] += 1
    # Allocated to a worker with room, or left to wait for one.
    move_to(world, child, State.ASSESSMENT)
    return wait_for_worker(world, child) if full else assessment(world, child)


@compiled
def assessed(world: World, child: Child) -> tuple[int, float]:
    """The assessment is completed."""
    count, clock = world.tally.count, world.clock
    form = draw(clock.key, child.id, Stage.EPISODE, child.episodes, Episode.ASSESSMENT_FORMAT)
    if form < world.values.assessment_continuous:
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
        return end_case(world, child)
    if score < values.assessment_plan_threshold:
        count[Count.STEPPED_DOWN] += 1
        end_case(world, child)
        return ask(world, child)
    need_found(world, child)
    count[Count.NEED_FROM_ASSESSMENT] += 1
    return Step.NEED_PLAN, AT_ONCE
