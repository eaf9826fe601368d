"""Child in need plans at home: from the finding of need to closing, a new concern, or care."""

from __future__ import annotations

from math import log

from demandsim.distributions import exponential
from demandsim.draws import Episode, NeedPlan, Stage
from demandsim.engine.compiling import compiled
from demandsim.engine.loop import AT_ONCE
from demandsim.engine.philox import draw, uniforms
from demandsim.model.cases import close, first_above, leave, move_to
from demandsim.model.protection import end_plan
from demandsim.pathway import Step
from demandsim.records import Count
from demandsim.state.children import Child, age, at_home
from demandsim.state.world import World
from demandsim.vocabulary import Need, State


@compiled
def need_plan(world: World, child: Child) -> tuple[int, float]:
    """Begin a plan; one once interrupted goes on with its old end."""
    return _start(world, child, False)


@compiled
def stepped_down(world: World, child: Child) -> tuple[int, float]:
    """Begin a plan after protection or care."""
    return _start(world, child, True)


@compiled
def _start(world: World, child: Child, after_more: bool) -> tuple[int, float]:
    now, rules = world.clock.now, world.rules
    length, time, concern, to_care = _decisions(world, child)
    move_to(world, child, State.CHILD_IN_NEED)
    if child.need_end <= now:
        if child.need == Need.DISABILITY:
            mean = world.values.need_disability_days
        elif after_more:
            mean = rules.step_down_days
        else:
            mean = rules.need_days[first_above(rules.need_length, length)]
        child.need_end = now + exponential(mean, time)
    step, when = Step.NEED_PLAN_ENDS, child.need_end
    # Time to an event is at least draw / rate, as -log(1 - draw) is at least the draw: so most need no logarithm to be
    # known to come too late.
    rate = rules.concern_rate_after_plan if child.plans else rules.concern_rate
    rate *= child.risk * rules.concern_by_need[child.need]
    if concern < rate * (when - now):
        at = now - log(1.0 - concern) / rate
        if at < when:
            step, when = Step.CONCERN, at
    rate = rules.need_to_care[age(child, now)] * child.risk
    if to_care < rate * (when - now):
        at = now - log(1.0 - to_care) / rate
        if at < when:
            step, when = Step.NEED_PLAN_FAILS, at
    return at_home(child, now, step, when)


@compiled
def _decisions(world: World, child: Child) -> tuple[float, float, float, float]:
    """Return the draws of a plan: its length, its time, a concern, care."""
    key = world.clock.key
    if child.first_plan_drawn:
        child.need_plans += 1
        return uniforms(key, child.id, Stage.NEED_PLAN, child.need_plans - 1, NeedPlan.LENGTH // 4)
    # The first of an episode has the same four decisions among the episode's.
    child.first_plan_drawn = True
    first = Episode.PLAN_LENGTH
    return (
        draw(key, child.id, Stage.EPISODE, child.episodes, first + NeedPlan.LENGTH),
        draw(key, child.id, Stage.EPISODE, child.episodes, first + NeedPlan.TIME),
        draw(key, child.id, Stage.EPISODE, child.episodes, first + NeedPlan.CONCERN),
        draw(key, child.id, Stage.EPISODE, child.episodes, first + NeedPlan.TO_CARE),
    )


@compiled
def need_plan_ends(world: World, child: Child) -> tuple[int, float]:
    world.tally.count[Count.NEED_CLOSED] += 1
    return close(world, child)


@compiled
def need_plan_fails(world: World, child: Child) -> tuple[int, float]:
    """Help at home was not enough: the child becomes looked after."""
    return Step.LOOKED_AFTER, AT_ONCE


@compiled
def concern(world: World, child: Child) -> tuple[int, float]:
    """New information on an open case starts a section 47 enquiry; it is not a referral."""
    world.tally.count[Count.CONCERN] += 1
    return Step.ENQUIRY, AT_ONCE


@compiled
def turned_eighteen(world: World, child: Child) -> tuple[int, float]:
    """A child leaves every child service at 18."""
    if child.state == State.PROTECTION_PLAN:
        world.tally.count[Count.PLAN_CLOSED] += 1
        end_plan(world, child)
    return leave(world, child)
