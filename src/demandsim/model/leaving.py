"""Leaving care by each route, and going home; what becomes of care leavers is in `leavers`."""

from __future__ import annotations

from math import log

from demandsim.draws import Care as Draw
from demandsim.draws import Stage
from demandsim.engine.compiling import compiled
from demandsim.engine.loop import AT_ONCE
from demandsim.engine.philox import draw
from demandsim.model.cases import band, end_episode
from demandsim.model.cohorts import BREAKDOWN_DAYS, count_left, count_went_home
from demandsim.model.family_court import keep_at_home
from demandsim.model.placements import leave_placement
from demandsim.model.spells import note
from demandsim.pathway import Step
from demandsim.records import Count, SpellEnd, SpellKind
from demandsim.state.children import NEVER, Care, Child, age, age_group
from demandsim.state.world import World, cares_of
from demandsim.vocabulary import DAYS_A_YEAR, LeavingRoute

#: The ends of the lengths of care that are counted apart, of the placements in a period, and of ages at adoption.
CARE_LENGTHS = (14.0, DAYS_A_YEAR, 2 * DAYS_A_YEAR, 5 * DAYS_A_YEAR, 10 * DAYS_A_YEAR)
_PLACEMENTS = (5.0, 10.0)
_ADOPTION_AGES = (1.0, 2.0, 6.0)
_NEARLY_ALL = 0.999
_LEFT = (Count.LEFT_HOME, Count.LEFT_ADOPTION, Count.LEFT_GUARDIANSHIP, Count.LEFT_OTHER, Count.LEFT_EIGHTEEN)


@compiled
def care_ends(world: World, child: Child) -> tuple[int, float]:
    """A period of care ends by its route, or because the child turns 18."""
    now, count = world.clock.now, world.tally.count
    care: Care = cares_of(world)[child.row]
    route = LeavingRoute.EIGHTEEN if now >= child.adult_at else care.route
    leave_placement(world, child)
    count[Count.CARE_ENDED] += 1
    count[_LEFT[route]] += 1
    count[Count.CARE_ENDED_BAND + band(CARE_LENGTHS, now - care.started)] += 1
    count[Count.CARE_ENDED_MOVES + band(_PLACEMENTS, care.placements)] += 1
    care.last_ended = now
    count_left(world, route)
    care.allowance = care.allowance and route == LeavingRoute.GUARDIANSHIP
    count[Count.ALLOWANCE_STARTED] += care.allowance
    special = route == LeavingRoute.GUARDIANSHIP and _by_special_order(world, child)
    ended_by = SpellEnd.SPECIAL_GUARDIANSHIP if special else route
    note(world, child, SpellKind.CARE, care.periods, care.started, now, ended_by, care.basis)
    years = age(child, now)
    count[Count.CARE_ENDED_AGE + age_group(child, now)] += 1
    count[Count.LEFT_EARLY] += route != LeavingRoute.EIGHTEEN and years >= 16
    if route == LeavingRoute.HOME:
        return Step.WENT_HOME, AT_ONCE
    if route == LeavingRoute.EIGHTEEN or (route == LeavingRoute.OTHER and years >= 16):
        return Step.LEAVER, AT_ONCE
    if route == LeavingRoute.ADOPTION:
        count[Count.ADOPTED_AGE + band(_ADOPTION_AGES, years)] += 1
    count[Count.LEFT_SPECIAL_GUARDIANSHIP] += special
    # With another family, for good but for some orders; what may happen to the child there is looked at as for all.
    of_no_family_here, child.settled = child.settled, True
    end_episode(world, child, route)
    if route != LeavingRoute.GUARDIANSHIP or of_no_family_here:
        return Step.AT_HOME, NEVER
    return _stay_with_guardians(world, child, special)


@compiled
def _stay_with_guardians(world: World, child: Child, special: bool) -> tuple[int, float]:
    """Return when a child comes back from its guardians: some do, fewer from special guardians (V085)."""
    share = world.values.care_orders_break_down[0 if special else 1]
    uniform = draw(world.clock.key, child.id, Stage.CARE, cares_of(world)[child.row].periods - 1, Draw.BREAKS_DOWN)
    a_day = -log(1.0 - min(share, _NEARLY_ALL)) / BREAKDOWN_DAYS
    if a_day <= 0.0:
        return Step.AT_HOME, NEVER
    when = world.clock.now - log(1.0 - uniform) / a_day
    return (Step.ORDER_BROKE_DOWN, when) if when < child.adult_at else (Step.AT_HOME, NEVER)


@compiled
def _by_special_order(world: World, child: Child) -> bool:
    """Return whether the order to guardians is a special guardianship order."""
    uniform = draw(world.clock.key, child.id, Stage.CARE, cares_of(world)[child.row].periods - 1, Draw.ORDER)
    return bool(uniform < world.values.care_special_guardianship)


@compiled
def went_home(world: World, child: Child) -> tuple[int, float]:
    """Back with parents, on a child in need plan; those who came on remand or alone have none here to go on with."""
    now = world.clock.now
    care: Care = cares_of(world)[child.row]
    if child.settled:
        end_episode(world, child, SpellEnd.HOME)
        return Step.AT_HOME, NEVER
    care.went_home = child.home_since = now
    child.supported = world.help.reunification >= 1.0
    if child.supported:
        world.help.reunification -= 1.0
        world.tally.count[Count.RETURN_SUPPORTED] += 1
    keep_at_home(world, child)
    count_went_home(world)
    return Step.STEPPED_DOWN, AT_ONCE


@compiled
def order_broke_down(world: World, child: Child) -> tuple[int, float]:
    """A child whose guardians can't keep it is looked after again."""
    return Step.LOOKED_AFTER, AT_ONCE


@compiled
def home_broke_down(world: World, child: Child) -> tuple[int, float]:
    """A child that had gone home is looked after again (register O086)."""
    world.tally.count[Count.BREAKDOWN] += 1
    return Step.LOOKED_AFTER, AT_ONCE
