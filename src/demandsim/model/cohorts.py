"""Of each financial year's children, how many there were and how many came back; and what befalls a child first.

Nothing here decides anything: it is read on a later 31 March, when every child has had its time to come back.
"""

from __future__ import annotations

from demandsim.engine.compiling import compiled
from demandsim.records import SpellEnd
from demandsim.state.children import LONG_AGO, Care, Child
from demandsim.state.office import Year
from demandsim.state.world import World, cares_of, months_of, years_of
from demandsim.vocabulary import DAYS_A_YEAR, LeavingRoute

#: A referral again counts to the end of the fourth financial year after that of the one before, as V003 counts it.
REFERRED_YEARS = 4
#: How long after a case closed without long-term work, and after leaving care, a return is counted.
CLOSED_DAYS = 2.25 * DAYS_A_YEAR
BREAKDOWN_DAYS = 5 * DAYS_A_YEAR


@compiled
def year_of(world: World, when: float) -> int:
    """Return the index of the financial year that holds a moment, not after the present one."""
    month = world.clock.month
    while months_of(world)[month].start > when:
        month -= 1
    return month // 12


@compiled
def _this_year(world: World) -> Year:
    year: Year = years_of(world)[world.clock.month // 12]
    return year


@compiled
def count_referred(world: World, child: Child, result: int) -> None:
    """Count a child as referred in the year, and as back after what went before; `last_referral` is the one before.

    Only the referral after the year's first can be the return: whoever has had one is back already.
    """
    now, last, year = world.clock.now, child.last_referral, _this_year(world)
    if child.first_of_year and world.clock.month // 12 - year_of(world, last) <= REFERRED_YEARS:
        years_of(world)[year_of(world, last)].referred_back += 1
    child.first_of_year = last < world.clock.year_start
    year.referred += child.first_of_year
    if child.closed_short and now - child.last_closed <= CLOSED_DAYS:
        years_of(world)[year_of(world, child.last_closed)].closed_back += 1
    year.first_referred += child.episodes == 1
    if result != SpellEnd.NO_ACTION and not child.assessed:
        child.assessed = True
        year.first_assessed += 1


@compiled
def count_closed(world: World, child: Child, short: bool) -> None:
    """Count a case as closed; short if it was closed without long-term work: at referral or after assessment."""
    child.closed_short = short
    _this_year(world).closed += short


@compiled
def count_in_need(world: World, child: Child) -> None:
    """Count a child first found in need; those on remand or unaccompanied had a life that is not simulated."""
    if not child.in_need and not child.settled:
        _this_year(world).first_in_need += 1
    child.in_need = True


@compiled
def count_first_plan(world: World) -> None:
    _this_year(world).first_plan += 1


@compiled
def count_went_home(world: World) -> None:
    _this_year(world).went_home += 1


@compiled
def count_left(world: World, route: int) -> None:
    """Count a child that has left care and may be looked after again: before 18, and not adopted."""
    _this_year(world).left += route != LeavingRoute.ADOPTION and route != LeavingRoute.EIGHTEEN


@compiled
def back_in_care(world: World, child: Child) -> None:
    """Count a child that is back in care within five years of leaving, and of its return home."""
    now = world.clock.now
    care: Care = cares_of(world)[child.row]
    if now - care.last_ended < BREAKDOWN_DAYS:
        year: Year = years_of(world)[year_of(world, care.last_ended)]
        year.left_back += 1
        year.left_back_soon += now - care.last_ended < DAYS_A_YEAR
    if now - care.went_home < BREAKDOWN_DAYS:
        years_of(world)[year_of(world, care.went_home)].back += 1
        care.went_home = LONG_AGO
