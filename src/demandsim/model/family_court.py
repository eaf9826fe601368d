"""The Family Drug and Alcohol Court: proceedings in which parents who misuse substances are treated and tried.

Money buys a family's place, taken on the day that proceedings begin. More children then go home, on the day that they
end (V081), and care after a return home from this court is less likely. Proceedings take as long as others: nothing
says that they are shorter.
"""

from __future__ import annotations

from math import log

from demandsim.draws import Care as Draw
from demandsim.draws import Court, Stage
from demandsim.engine.compiling import compiled
from demandsim.engine.philox import draw, uniforms
from demandsim.records import Count
from demandsim.state.children import Care, Child, age
from demandsim.state.world import World, cares_of, first_of_family
from demandsim.vocabulary import LeavingRoute

#: What `Care.fdac` says of a child in proceedings there, and of one who goes home because of it.
AT_COURT, REUNITED = 1, 2


@compiled
def may_go_home_by_court(world: World, child: Child) -> bool:
    """Let proceedings begin at that court, if there is room; return whether the child goes home because of it."""
    care: Care = cares_of(world)[child.row]
    if not _has_place(world, child):
        return False
    care.fdac = AT_COURT
    _try_at_home(world, child)
    return care.fdac == REUNITED


@compiled
def _has_place(world: World, child: Child) -> bool:
    """Return whether a child's proceedings are at that court: brothers and sisters share their family's place."""
    help, values, clock, family = world.help, world.values, world.clock, first_of_family(child.id)
    if help.fdac_at == clock.now and help.fdac_family == family and help.fdac_at > 0.0:
        return True
    if help.fdac < 1.0:
        return False
    misuse, agrees, _, _ = uniforms(clock.key, family, Stage.COURT, 0, Court.MISUSE // 4)
    if misuse >= values.prevention_fdac_eligible or agrees >= values.prevention_fdac_take_up:
        return False
    help.fdac -= 1.0
    help.fdac_family, help.fdac_at = family, clock.now
    world.tally.count[Count.FDAC_FAMILY] += 1
    return True


@compiled
def _try_at_home(world: World, child: Child) -> None:
    """Let a child go home who would not have: so many that the odds of going home are what is published."""
    care: Care = cares_of(world)[child.row]
    if care.route == LeavingRoute.HOME:
        return
    usual = _go_home(world, child)
    ratio = world.values.prevention_fdac_odds_ratio
    odds = ratio * usual / (1.0 - usual) if usual < 1.0 else 0.0
    more = (odds / (1.0 + odds) - usual) / (1.0 - usual) if usual < 1.0 else 0.0
    if draw(world.clock.key, child.id, Stage.CARE, care.periods - 1, Draw.REUNITED) < more:
        care.route, care.fdac = LeavingRoute.HOME, REUNITED


@compiled
def _go_home(world: World, child: Child) -> float:
    """Return the share that goes home, of children of that age in proceedings."""
    totals, in_court = world.rules.care_route[age(child, world.clock.now)], world.values.care_proceedings
    before = every = home = 0.0
    for route in range(len(in_court)):
        share = (totals[route] - before) * in_court[route]
        before = totals[route]
        every += share
        if route == LeavingRoute.HOME:
            home = share
    return home / every if every > 0.0 else 0.0


@compiled
def keep_at_home(world: World, child: Child) -> None:
    """Let care be less likely after a return home from that court; it fades as what help did does."""
    if cares_of(world)[child.row].fdac:
        child.kept += log(world.values.prevention_fdac_relative_risk)
