"""Early help: places that prevention spend buys, and a list that families leave when they have waited too long.

Places come free and are filled once a week, as panels do it, so a case costs no event of its own. What help does to a
child comes month by month, in `circumstances`.
"""

from __future__ import annotations

from demandsim.distributions import exponential
from demandsim.draws import Episode, Stage
from demandsim.engine.compiling import compiled, entry
from demandsim.engine.philox import uniforms
from demandsim.model.allocation import allocate
from demandsim.model.spells import note
from demandsim.pathway import Step
from demandsim.records import Count, SpellKind
from demandsim.state.children import NEVER, Child
from demandsim.state.office import MONTHS_A_YEAR
from demandsim.state.world import WEEK, Asking, Whole, World, asking_of, children_of, weeks_of

#: Months for which a place in a programme that nobody takes is kept.
_SEASON = 3


@compiled
def has_early_help(world: World, child: Child) -> bool:
    """Return whether a child waits for early help, or receives it."""
    return bool(child.asking or child.help_ends > world.clock.now)


@compiled
def ask(world: World, child: Child) -> tuple[int, float]:
    """Put a child on the list."""
    clock, help = world.clock, world.help
    world.tally.count[Count.EARLY_HELP_ASKED] += 1
    block = Episode.RETURN // 4
    _, patience, works, _ = uniforms(clock.key, child.id, Stage.EPISODE, clock.month, block)
    asking: Asking = asking_of(world)[help.waiting]
    asking.gives_up_at = clock.now + exponential(world.values.early_help_patience, patience)
    asking.works, asking.row, asking.id = works, child.row, child.id
    child.asking = True
    help.waiting += 1
    return Step.EARLY_HELP, NEVER


@compiled
def _still_asks(world: World, asking: Asking) -> bool:
    """Return whether a request stands: the family has not given up, and no case was opened meanwhile."""
    child: Child = children_of(world)[asking.row]
    return bool(asking.gives_up_at > world.clock.now and child.id == asking.id and child.asking)


@compiled
def waiting(world: World) -> int:
    """Return how many children wait whose families have not given up."""
    number = 0
    for place in range(world.help.waiting):
        number += _still_asks(world, asking_of(world)[place])
    return number


@compiled
def copy_asking(into: Asking, asking: Asking) -> None:
    into.gives_up_at, into.works, into.row, into.id = asking.gives_up_at, asking.works, asking.row, asking.id


@entry
def week_passes(whole: Whole) -> None:
    """Hold the week's panel; and give a worker to cases that waited long."""
    world: World = whole[0]
    now, team = world.clock.now, world.team
    week = int(now // WEEK) - int(world.clock.first // WEEK)
    world.help.helped -= weeks_of(world)[week].ending
    _let_go_of_those_who_gave_up(world)
    _fill_places(world, week)
    if team.unallocated:
        world.tally.count[Count.UNALLOCATED_DAYS] += WEEK * team.unallocated
        if team.strength:
            allocate(world, now - world.values.workforce_longest_wait)


@compiled
def _let_go_of_those_who_gave_up(world: World) -> None:
    """Take off the list whoever gave up, has a case of its own now, or has grown up: none of them was helped."""
    help, kept = world.help, 0
    for place in range(help.waiting):
        asking: Asking = asking_of(world)[place]
        if _still_asks(world, asking):
            copy_asking(asking_of(world)[kept], asking)
            kept += 1
            continue
        world.tally.count[Count.EARLY_HELP_UNMET] += 1
        child: Child = children_of(world)[asking.row]
        if child.id == asking.id:
            child.asking = False
    help.waiting = kept


@compiled
def _fill_places(world: World, week: int) -> None:
    """Fill free places in order of asking."""
    help, count, values, now = world.help, world.tally.count, world.values, world.clock.now
    started = min(help.waiting, max(0, int(world.rules.help_places - help.helped)))
    for place in range(started):
        asking: Asking = asking_of(world)[place]
        child: Child = children_of(world)[asking.row]
        child.asking, child.help_works = False, asking.works < values.early_help_effective
        child.help_ends = now + values.early_help_duration
        note(world, child, SpellKind.EARLY_HELP, child.help_works, now, child.help_ends, -1)
        count[Count.EARLY_HELP_WORKED] += child.help_works
    for place in range(started, help.waiting):
        copy_asking(asking_of(world)[place - started], asking_of(world)[place])
    help.waiting -= started
    help.helped += started
    count[Count.EARLY_HELP_STARTED] += started
    ends = week + max(1, round(values.early_help_duration / WEEK))
    if ends < world.weeks.length:
        weeks_of(world)[ends].ending += started


@entry
def places_in_programmes(whole: Whole) -> None:
    """Let a month's money buy places at the edge of care, on the way home, in court; those not taken last a season."""
    world: World = whole[0]
    values, help, children = world.values, world.help, world.clock.children
    conferences = values.prevention_edge_of_care * children / MONTHS_A_YEAR / values.prevention_edge_of_care_cost
    returns = values.prevention_reunification * children / MONTHS_A_YEAR / values.prevention_reunification_cost
    families = values.prevention_fdac * children / MONTHS_A_YEAR / values.prevention_fdac_cost
    help.edge_of_care = min(help.edge_of_care + conferences, max(1.0, _SEASON * conferences))
    help.reunification = min(help.reunification + returns, max(1.0, _SEASON * returns))
    help.fdac = min(help.fdac + families, max(1.0, _SEASON * families))
    help.edge_of_care *= conferences > 0.0
    help.reunification *= returns > 0.0
    help.fdac *= families > 0.0
