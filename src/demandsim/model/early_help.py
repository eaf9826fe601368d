"""Early help: places that prevention spend buys, and a list that families leave when they have waited too long.

Places come free and are filled once a week, as panels do it, so a case costs no event of its own. A child that would
not come back whatever happens is only a place taken for a while: it is never made.
"""

from __future__ import annotations

from math import exp

from demandsim.distributions import exponential
from demandsim.draws import Episode, Stage
from demandsim.engine.compiling import compiled, entry
from demandsim.engine.event_calendar import NOBODY
from demandsim.engine.philox import uniforms
from demandsim.model.allocation import allocate
from demandsim.model.cases import may_return
from demandsim.pathway import Step
from demandsim.records import Count
from demandsim.state.children import NEVER, Child
from demandsim.state.world import WEEK, Asking, Whole, World, asking_of, children_of, coming_of, settle, weeks_of
from demandsim.vocabulary import Closure


@compiled
def ask(world: World, child: Child) -> tuple[int, float]:
    """Put a child known before on the list."""
    clock, help = world.clock, world.help
    world.tally.count[Count.EARLY_HELP_ASKED] += 1
    _, patience, works, _ = uniforms(clock.key, child.id, Stage.EPISODE, child.episodes, Episode.RETURN // 4)
    asking: Asking = asking_of(world)[help.waiting]
    asking.moment = clock.now
    asking.gives_up_at = clock.now + exponential(world.values.early_help_patience, patience)
    asking.works = works
    asking.row = child.row
    help.waiting += 1
    return Step.EARLY_HELP, NEVER


@compiled
def waiting(world: World) -> int:
    """Return how many children wait whose families have not given up."""
    now, number = world.clock.now, 0
    for place in range(world.help.waiting):
        number += asking_of(world)[place].gives_up_at > now
    return number


@compiled
def copy_asking(into: Asking, asking: Asking) -> None:
    into.moment, into.gives_up_at, into.works, into.row = (
        asking.moment,
        asking.gives_up_at,
        asking.works,
        asking.row,
    )


@entry
def week_passes(whole: Whole) -> None:
    """Hold the week's panel; and give a worker to cases that waited long."""
    world: World = whole[0]
    now, team = world.clock.now, world.team
    week = int(now // WEEK) - int(world.clock.first // WEEK)
    world.help.helped -= weeks_of(world)[week].ending
    _put_on_the_list(world)
    _let_go_of_those_who_gave_up(world)
    _fill_places(world, week)
    if team.unallocated:
        world.tally.count[Count.UNALLOCATED_DAYS] += WEEK * team.unallocated
        if team.strength:
            allocate(world, now - world.values.workforce_longest_wait)


@compiled
def _put_on_the_list(world: World) -> None:
    """Put those first contacts on the list whose moment has come."""
    help, now = world.help, world.clock.now
    while help.coming and coming_of(world)[help.coming_first].moment <= now:
        copy_asking(asking_of(world)[help.waiting], coming_of(world)[help.coming_first])
        help.waiting += 1
        help.coming_first += 1
        help.coming -= 1
        world.tally.count[Count.EARLY_HELP_ASKED] += 1


@compiled
def _let_go_of_those_who_gave_up(world: World) -> None:
    help, now, kept = world.help, world.clock.now, 0
    for place in range(help.waiting):
        asking: Asking = asking_of(world)[place]
        if asking.gives_up_at > now:
            copy_asking(asking_of(world)[kept], asking)
            kept += 1
            continue
        world.tally.count[Count.EARLY_HELP_UNMET] += 1
        if asking.row != NOBODY:
            child: Child = children_of(world)[asking.row]
            # Help that was asked for and not received leaves a child worse off (report, paragraph 49).
            child.severity += world.values.severity_unmet_increment
            child.risk = exp(world.values.severity_risk_slope * child.severity)
            step, when = may_return(world, child, Closure.EARLY_HELP_UNMET, 1.0, asking.gives_up_at)
            settle(world, child, step, when)
    help.waiting = kept


@compiled
def _fill_places(world: World, week: int) -> None:
    """Fill free places in order of asking."""
    help, rules, count, now = world.help, world.rules, world.tally.count, world.clock.now
    started = min(help.waiting, max(0, int(rules.help_places - help.helped)))
    for place in range(started):
        asking: Asking = asking_of(world)[place]
        works = asking.works < rules.help_works
        count[Count.EARLY_HELP_WORKED] += works
        if asking.row != NOBODY:
            child: Child = children_of(world)[asking.row]
            relative_risk = world.values.early_help_relative_risk if works else 1.0
            step, when = may_return(world, child, Closure.EARLY_HELP_COMPLETED, relative_risk, now)
            settle(world, child, step, when)
    for place in range(started, help.waiting):
        copy_asking(asking_of(world)[place - started], asking_of(world)[place])
    help.waiting -= started
    help.helped += started
    count[Count.EARLY_HELP_STARTED] += started
    ends = week + max(1, round(world.values.early_help_duration / WEEK))
    if ends < world.weeks.length:
        weeks_of(world)[ends].ending += started
