"""Allocation to a social worker: a referred child waits until one has room, and then is assessed."""

from __future__ import annotations

from demandsim.distributions import weibull
from demandsim.draws import Episode, Stage
from demandsim.engine.compiling import compiled
from demandsim.engine.philox import uniforms
from demandsim.pathway import Step
from demandsim.records import Count
from demandsim.state.children import NEVER, Child, at_home
from demandsim.state.working_days import after_working_days
from demandsim.state.world import World, cancel, children_of, plans_of, queue_of, schedule
from demandsim.vocabulary import ASSESSMENT_LIMIT, State

#: The last working week before the limit, in which overdue assessments are finished.
LAST_WEEK = 5.0


@compiled
def allocated(world: World) -> int:
    """Return how many cases social workers hold; care leavers have personal advisers."""
    team, stock = world.team, world.tally.stock
    held: int = team.open_cases - stock[State.CARE_LEAVER] - team.unallocated
    return held


@compiled
def wait_for_worker(world: World, child: Child) -> tuple[int, float]:
    """Put a referred child on the list of those without a worker."""
    team = world.team
    child.unallocated = True
    team.unallocated += 1
    place = queue_of(world)[(team.queue_first + team.queue_size) % world.queue.length]
    place.row, place.id = child.row, child.id
    team.queue_size += 1
    return Step.TURNED_EIGHTEEN, child.adult_at


@compiled
def stop_waiting(world: World, child: Child) -> None:
    child.unallocated = False
    world.team.unallocated -= 1


@compiled
def allocate(world: World, opened_before: float) -> None:
    """Allocate those who wait, the longest first, while a worker has room; and those referred before a moment."""
    team = world.team
    while (
        team.unallocated and team.queue_size and (allocated(world) < team.room or _first_opened(world) < opened_before)
    ):
        place = queue_of(world)[team.queue_first]
        team.queue_first = (team.queue_first + 1) % world.queue.length
        team.queue_size -= 1
        child: Child = children_of(world)[place.row]
        # What a month brings to a child that waits comes first: harm seen, or care.
        if child.id == place.id and child.unallocated and child.step == Step.TURNED_EIGHTEEN:
            stop_waiting(world, child)
            cancel(world, child)
            step, when = assessment(world, child)
            schedule(world, child, step, when)


@compiled
def _first_opened(world: World) -> float:
    """Return when the case at the head of the list was opened; 0 if it has stopped waiting and was closed."""
    place = queue_of(world)[world.team.queue_first]
    child: Child = children_of(world)[place.row]
    return child.opened if child.id == place.id and child.opened != NEVER else 0.0


@compiled
def assessment(world: World, child: Child) -> tuple[int, float]:
    """Begin an assessment."""
    rules, clock = world.rules, world.clock
    world.tally.count[Count.ASSESSMENT_STARTED] += 1
    plans_of(world)[child.row].assessment_started = clock.now
    block = Episode.REFERRAL_SCORE // 4
    _, form, time, effort = uniforms(clock.key, child.id, Stage.EPISODE, child.episodes, block)
    if form < world.values.assessment_continuous:
        days = weibull(rules.assessment_scale, rules.assessment_power, time) * world.practice.slow
        if days > ASSESSMENT_LIMIT and effort < world.values.assessment_deadline_effort:
            # The same draw, spread over the last week: finished in time because somebody chased it.
            days = ASSESSMENT_LIMIT - LAST_WEEK * effort / world.values.assessment_deadline_effort
    else:
        days = weibull(rules.initial_scale, rules.assessment_power, time) * world.practice.slow
    return at_home(child, Step.ASSESSED, after_working_days(world, clock.now, days))
