"""Leaving care by each route, and care leavers."""

from __future__ import annotations

from demandsim.draws import Care as Draw
from demandsim.draws import Stage
from demandsim.engine.compiling import compiled
from demandsim.engine.loop import AT_ONCE
from demandsim.engine.philox import draw
from demandsim.model.allocation import allocate
from demandsim.model.cases import band, end_episode, first_above, leave, move_to
from demandsim.model.placements import leave_placement
from demandsim.model.spells import note
from demandsim.pathway import Step
from demandsim.records import Count, SpellEnd, SpellKind
from demandsim.state.children import LONG_AGO, NEVER, Care, Child, age
from demandsim.state.world import World, cares_of, months_of, years_of
from demandsim.vocabulary import DAYS_A_YEAR, LeaverActivity, LeavingRoute, State

BREAKDOWN_DAYS = 5 * DAYS_A_YEAR
#: The ends of the lengths of care that are counted apart, of the placements in a period, and of ages at adoption.
CARE_LENGTHS = (14.0, DAYS_A_YEAR, 2 * DAYS_A_YEAR, 5 * DAYS_A_YEAR, 10 * DAYS_A_YEAR)
_PLACEMENTS = (5.0, 10.0)
_ADOPTION_AGES = (1.0, 2.0, 6.0)
#: A care leaver is owed support after 13 weeks of care that reach past the sixteenth birthday (Children Act 1989).
QUALIFYING_DAYS = 91.0
#: Years after 18 for which care leavers are supported: in education, and others.
_YEARS_IN_EDUCATION, _YEARS = 7, 3
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
    count[Count.CARE_ENDED_MOVES + band(_PLACEMENTS, care.period_placements)] += 1
    care.last_ended = now
    note(world, child, SpellKind.CARE, care.periods, care.started, now, route, care.basis)
    if route == LeavingRoute.HOME:
        return Step.WENT_HOME, AT_ONCE
    years = age(child, now)
    if route == LeavingRoute.EIGHTEEN or (route == LeavingRoute.OTHER and years >= 16):
        return Step.LEAVER, AT_ONCE
    if route == LeavingRoute.ADOPTION:
        count[Count.ADOPTED_AGE + band(_ADOPTION_AGES, years)] += 1
    elif route == LeavingRoute.GUARDIANSHIP:
        luck = draw(world.clock.key, child.id, Stage.CARE, care.periods - 1, Draw.ORDER)
        count[Count.LEFT_SPECIAL_GUARDIANSHIP] += luck < world.values.care_special_guardianship
    # With another family for good; what may happen to the child there is looked at as for all.
    child.settled = True
    end_episode(world, child, route)
    return Step.AT_HOME, NEVER


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
    years_of(world)[_year_of(world, now)].went_home += 1
    return Step.STEPPED_DOWN, AT_ONCE


@compiled
def _year_of(world: World, when: float) -> int:
    """Return the index of the financial year that holds a moment, not after the present one."""
    month = world.clock.month
    while months_of(world)[month].start > when:
        month -= 1
    return month // 12


@compiled
def back_in_care(world: World, child: Child) -> None:
    """Count a child that is back in care within five years of its return home."""
    care: Care = cares_of(world)[child.row]
    if world.clock.now - care.went_home < BREAKDOWN_DAYS:
        years_of(world)[_year_of(world, care.went_home)].back += 1
        care.went_home = LONG_AGO


@compiled
def home_broke_down(world: World, child: Child) -> tuple[int, float]:
    """A child that had gone home is looked after again (register O086)."""
    world.tally.count[Count.BREAKDOWN] += 1
    return Step.LOOKED_AFTER, AT_ONCE


@compiled
def leaver(world: World, child: Child) -> tuple[int, float]:
    """A child leaves care at 16 or over: supported if it is owed that and stays in touch."""
    clock = world.clock
    care: Care = cares_of(world)[child.row]
    sixteen = child.adult_at - 2 * DAYS_A_YEAR
    qualifies = clock.now - max(care.started, sixteen) >= QUALIFYING_DAYS
    luck = draw(clock.key, child.id, Stage.CARE, care.periods - 1, Draw.IN_TOUCH)
    if not qualifies or luck >= world.values.leaver_in_touch:
        return leave(world, child, SpellEnd.EIGHTEEN if clock.now >= child.adult_at else SpellEnd.OTHER)
    move_to(world, child, State.CARE_LEAVER)
    if world.team.unallocated:
        allocate(world, LONG_AGO)
    return Step.LEAVER_NINETEEN, child.adult_at + DAYS_A_YEAR


@compiled
def leaver_nineteen(world: World, child: Child) -> tuple[int, float]:
    count = world.tally.count
    luck = draw(world.clock.key, child.id, Stage.CARE, cares_of(world)[child.row].periods - 1, Draw.ACTIVITY)
    activity = first_above(world.rules.leaver_activity, luck)
    count[Count.LEAVER_NINETEEN] += 1
    count[Count.LEAVER_ACTIVITY + activity] += 1
    years = _YEARS_IN_EDUCATION if activity == LeaverActivity.EDUCATION else _YEARS
    return Step.LEAVER_ENDS, child.adult_at + years * DAYS_A_YEAR


@compiled
def leaver_ends(world: World, child: Child) -> tuple[int, float]:
    world.tally.count[Count.LEAVER_ENDED] += 1
    note(
        world,
        child,
        SpellKind.LEAVER,
        0,
        cares_of(world)[child.row].last_ended,
        world.clock.now,
        SpellEnd.SUPPORT_ENDED,
    )
    return leave(world, child, SpellEnd.SUPPORT_ENDED)
