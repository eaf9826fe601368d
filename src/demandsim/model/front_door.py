"""The front door: contact, referral and the result of an assessment."""

from __future__ import annotations

from math import exp

from demandsim.distributions import normal
from demandsim.draws import Episode, Stage
from demandsim.engine.compiling import compiled
from demandsim.engine.loop import AT_ONCE
from demandsim.engine.philox import draw, uniforms
from demandsim.model.allocation import allocated, assessment, wait_for_worker
from demandsim.model.cases import count_referral, end_case, may_return, move_to, need_found, new_episode, open_case
from demandsim.model.early_help import ask
from demandsim.pathway import Step
from demandsim.records import Count
from demandsim.state.children import LONG_AGO, Child, age
from demandsim.state.working_days import working_days_between
from demandsim.state.world import World
from demandsim.vocabulary import ASSESSMENT_LIMIT, Closure, State


@compiled
def seen(world: World, child: Child, noise: float) -> float:
    """Return the severity a worker sees: the child's own, its known history, and noise."""
    values = world.values
    severity: float = child.severity + values.severity_observation_noise * normal(noise)
    return severity + values.severity_history_weight if child.known else severity


@compiled
def contact(world: World, child: Child) -> tuple[int, float]:
    """A child known before is contacted about again. First contacts are settled by the month, in `arrivals`."""
    rules, count, key = world.rules, world.tally.count, world.clock.key
    count[Count.CONTACT] += 1
    new_episode(child)
    child.known = child.last_referral != LONG_AGO
    # Circumstances change between contacts: without this, children once severe would come back for ever.
    change = draw(key, child.id, Stage.EPISODE, child.episodes, Episode.SEVERITY)
    child.severity = world.values.severity_persistence * child.severity + rules.change * normal(change)
    child.risk = exp(world.values.severity_risk_slope * child.severity)
    score = seen(world, child, draw(key, child.id, Stage.EPISODE, child.episodes, Episode.CONTACT_SCORE))
    if score > rules.referral_threshold:
        return Step.REFERRAL, AT_ONCE
    if score > world.values.contact_early_help_threshold:
        return ask(world, child)
    count[Count.CONTACT_NO_ACTION] += 1
    return may_return(world, child, Closure.CONTACT_NO_ACTION, 1.0, world.clock.now)


@compiled
def referral(world: World, child: Child) -> tuple[int, float]:
    """Decide within the day: no further action, an enquiry at once, or an assessment."""
    count_referral(world, child)
    count, clock = world.tally.count, world.clock
    score = seen(world, child, draw(clock.key, child.id, Stage.EPISODE, child.episodes, Episode.REFERRAL_SCORE))
    if score < world.values.referral_no_action_threshold:
        count[Count.REFERRAL_NO_ACTION] += 1
        return may_return(world, child, Closure.REFERRAL_NO_FURTHER_ACTION, 1.0, clock.now)
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
    """Close as not in need, step down to early help, take into care, or begin a child in need plan."""
    rules, count, clock = world.rules, world.tally.count, world.clock
    block = Episode.ASSESSMENT_SCORE // 4
    noise, to_care, _, _ = uniforms(clock.key, child.id, Stage.EPISODE, child.episodes, block)
    score = seen(world, child, noise)
    if score < world.values.assessment_need_threshold:
        count[Count.NOT_IN_NEED] += 1
        end_case(world, child)
        return may_return(world, child, Closure.NOT_IN_NEED, 1.0, clock.now)
    if score < world.values.assessment_plan_threshold:
        count[Count.STEPPED_DOWN] += 1
        end_case(world, child)
        return ask(world, child)
    need_found(world, child)
    if to_care < rules.assessment_to_care[age(child, clock.now)] * child.risk:
        return Step.LOOKED_AFTER, AT_ONCE
    count[Count.NEED_FROM_ASSESSMENT] += 1
    return Step.NEED_PLAN, AT_ONCE
