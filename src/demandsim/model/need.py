"""Child in need plans at home: from the finding of need to closing, a new concern, or care."""

from __future__ import annotations

from demandsim.distributions import exponential
from demandsim.draws import NeedPlan, Stage
from demandsim.engine.compiling import compiled
from demandsim.engine.loop import AT_ONCE
from demandsim.engine.philox import uniforms
from demandsim.model.cases import close, first_above, leave, move_to
from demandsim.model.protection import end_plan
from demandsim.model.spells import cut_short
from demandsim.pathway import Step
from demandsim.records import Count, SpellEnd
from demandsim.state.children import Child, at_home
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
    clock, rules = world.clock, world.rules
    move_to(world, child, State.CHILD_IN_NEED)
    if child.need_end <= clock.now:
        length, time, _, _ = uniforms(clock.key, child.id, Stage.NEED_PLAN, child.need_plans, NeedPlan.LENGTH // 4)
        child.need_plans += 1
        if child.need == Need.DISABILITY:
            mean = rules.disability_days
        elif after_more:
            mean = rules.step_down_days
        else:
            mean = rules.need_days[first_above(rules.need_length, length)]
        child.need_end = clock.now + exponential(mean, time)
    return at_home(child, Step.NEED_PLAN_ENDS, child.need_end)


@compiled
def need_plan_ends(world: World, child: Child) -> tuple[int, float]:
    world.tally.count[Count.NEED_CLOSED] += 1
    return close(world, child)


@compiled
def concern(world: World, child: Child) -> tuple[int, float]:
    """New information on an open case starts a section 47 enquiry; it is not a referral."""
    world.tally.count[Count.CONCERN] += 1
    return Step.ENQUIRY, AT_ONCE


@compiled
def turned_eighteen(world: World, child: Child) -> tuple[int, float]:
    """A child leaves every child service at 18."""
    cut_short(world, child, SpellEnd.EIGHTEEN)
    if child.state == State.PROTECTION_PLAN:
        world.tally.count[Count.PLAN_CLOSED] += 1
        end_plan(world, child, SpellEnd.EIGHTEEN)
    return leave(world, child, SpellEnd.EIGHTEEN)
