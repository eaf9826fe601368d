"""Kinship allowances: relatives who foster a child become its guardians, and are paid until it is 18.

Money pays for so many allowances at a time. Each month those that are free are offered for children who have lived with
relatives for a year and are not going home. Who accepts gives notice, and the child leaves care by order. It lives
where it lived, as shielded from harm as in care. The help of care ends, and with it going missing from care: whether
that does a child good is not known, so exposure is no verdict on this lever.
"""

from __future__ import annotations

from demandsim.draws import Care as Draw
from demandsim.draws import Stage
from demandsim.engine.compiling import compiled, entry
from demandsim.engine.event_calendar import NOBODY
from demandsim.engine.philox import draw
from demandsim.model.cases import wait_in_care
from demandsim.records import Count
from demandsim.state.children import NEVER, Care, Child
from demandsim.state.world import Whole, World, cancel, cares_of, children_of, schedule
from demandsim.vocabulary import DAYS_A_YEAR, LeavingRoute, Placement, State

#: A relative who fosters a child may apply after it has lived there for a year, and gives three months' notice
#: (Children Act 1989, section 14A).
_SETTLED = DAYS_A_YEAR
_NOTICE = DAYS_A_YEAR / 4


@entry
def offer_allowances(whole: Whole) -> None:
    """Count the allowances that are promised or paid, and offer those that are free."""
    world: World = whole[0]
    values, help = world.values, world.help
    if values.prevention_kinship_allowances == 0.0 and help.allowances == 0:
        return
    _count_allowances(world)
    free = _paid_for(world) - help.allowances
    for row in range(world.children.length):
        if free <= 0:
            return
        child: Child = children_of(world)[row]
        if child.id != NOBODY and _accepts(world, child):
            _give_notice(world, child)
            help.allowances += 1
            free -= 1


@compiled
def _paid_for(world: World) -> int:
    """Return how many allowances the money pays for at a time.

    Rounded by one draw of the replication: a small authority's money pays for a part of one, which over replications
    is what they have on average.
    """
    clock, values = world.clock, world.values
    a_year = values.prevention_kinship_allowances_cost * DAYS_A_YEAR / 7
    rounded = draw(clock.key, 0, Stage.ALLOWANCES, 0, 0)
    return int(values.prevention_kinship_allowances * clock.children / a_year + rounded)


@compiled
def _count_allowances(world: World) -> None:
    help = world.help
    help.allowances = 0
    for row in range(world.children.length):
        child: Child = children_of(world)[row]
        if child.id != NOBODY and cares_of(world)[row].allowance and child.adult_at > world.clock.now:
            help.allowances += 1
            world.tally.count[Count.ALLOWANCE_PAID] += child.state == State.CLOSED


@compiled
def _accepts(world: World, child: Child) -> bool:
    """Return whether a child's foster carers are relatives who may become its guardians, and accept an allowance."""
    if child.state != State.LOOKED_AFTER or child.settled:
        return False
    clock = world.clock
    care: Care = cares_of(world)[child.row]
    stays = care.route != LeavingRoute.HOME and care.route != LeavingRoute.ADOPTION
    if care.allowance or not stays or care.placement != Placement.KINSHIP:
        return False
    if clock.now - care.placed_at < _SETTLED or clock.now + _NOTICE >= min(care.exit_at, child.adult_at):
        return False
    uniform = draw(clock.key, child.id, Stage.CARE, care.periods - 1, Draw.ALLOWANCE)
    return bool(uniform < world.values.prevention_kinship_allowances_take_up)


@compiled
def _give_notice(world: World, child: Child) -> None:
    """Let a child leave care to its relatives when the notice ends; it does not move on before."""
    care: Care = cares_of(world)[child.row]
    care.allowance, care.route = True, LeavingRoute.GUARDIANSHIP
    care.exit_at = world.clock.now + _NOTICE
    care.phase_at = care.move_at = care.court_at = NEVER
    cancel(world, child)
    step, when = wait_in_care(world, child)
    schedule(world, child, step, when)
