"""Care leavers: who is owed support and stays in touch, who stays put, and where they are at 19 (report, 89 to 93).

What a young person does at 19, and whether it has a suitable home, depends on how it left: how early, after how many
placements, and whether it stays with its foster carers. The published shares hold for those who left in 2013-14, so
each counts against them.
"""

from __future__ import annotations

from math import exp, log

from demandsim.draws import Care as Draw
from demandsim.draws import Stage
from demandsim.engine.compiling import compiled
from demandsim.engine.philox import draw
from demandsim.model.allocation import allocate
from demandsim.model.cases import first_above, leave, move_to, wait_in_care
from demandsim.model.spells import note
from demandsim.pathway import Step
from demandsim.records import Count, SpellEnd, SpellKind
from demandsim.state.children import LONG_AGO, Care, Child
from demandsim.state.world import World, cancel, cares_of, schedule
from demandsim.vocabulary import DAYS_A_YEAR, FOSTERED, LeaverActivity, LeavingRoute, State

#: A care leaver is owed support after 13 weeks of care that reach past the sixteenth birthday (Children Act 1989).
QUALIFYING_DAYS = 91.0
_OWN, _AGENCY, _RELATIVE = FOSTERED
#: Staying put ends at 21 (Children and Families Act 2014).
_STAYS_FOR = 3 * DAYS_A_YEAR
_TWO_YEARS = 2 * DAYS_A_YEAR


@compiled
def _draw(world: World, child: Child, decision: int) -> float:
    """Return a draw of the child's last period of care."""
    return draw(world.clock.key, child.id, Stage.CARE, cares_of(world)[child.row].periods - 1, decision)


@compiled
def leaver(world: World, child: Child) -> tuple[int, float]:
    """A child leaves care at 16 or over: supported if it is owed that and stays in touch."""
    clock, count, values = world.clock, world.tally.count, world.values
    care: Care = cares_of(world)[child.row]
    sixteen = child.adult_at - _TWO_YEARS
    qualifies = clock.now - max(care.started, sixteen) >= QUALIFYING_DAYS
    in_touch = _draw(world, child, Draw.IN_TOUCH) < world.rules.leaver_in_touch
    count[Count.LEAVER_OWED] += qualifies
    if not qualifies or not in_touch:
        return leave(world, child, SpellEnd.EIGHTEEN if clock.now >= child.adult_at else SpellEnd.OTHER)
    count[Count.LEAVER_IN_TOUCH] += 1
    until_18 = clock.now >= child.adult_at
    fostered = care.placement == _OWN or care.placement == _AGENCY or care.placement == _RELATIVE
    care.stays_put = until_18 and fostered and _draw(world, child, Draw.STAYS_PUT) < values.leaver_staying_put
    count[Count.LEAVER_STAYS] += care.stays_put
    move_to(world, child, State.CARE_LEAVER)
    if world.team.unallocated:
        allocate(world, LONG_AGO)
    return Step.LEAVER_NINETEEN, child.adult_at + DAYS_A_YEAR


@compiled
def leaver_nineteen(world: World, child: Child) -> tuple[int, float]:
    """A care leaver is 19: what it does and where it lives are counted."""
    count, values = world.tally.count, world.values
    care: Care = cares_of(world)[child.row]
    well = _how_well(world, child)
    activity = _activity(world, well, _draw(world, child, Draw.ACTIVITY))
    count[Count.LEAVER_NINETEEN] += 1
    count[Count.LEAVER_ACTIVITY + activity] += 1
    suitable = _draw(world, child, Draw.SUITABLE) < shifted(values.leaver_suitable, well)
    count[Count.LEAVER_SUITABLE] += suitable or care.stays_put
    years = values.leaver_support_to[1 if activity == LeaverActivity.EDUCATION else 0] - 18.0
    return Step.LEAVER_ENDS, child.adult_at + max(1.0, years) * DAYS_A_YEAR


@compiled
def leaver_ends(world: World, child: Child) -> tuple[int, float]:
    world.tally.count[Count.LEAVER_ENDED] += 1
    left, now = cares_of(world)[child.row].last_ended, world.clock.now
    note(world, child, SpellKind.LEAVER, 0, left, now, SpellEnd.SUPPORT_ENDED)
    return leave(world, child, SpellEnd.SUPPORT_ENDED)


@compiled
def shifted(share: float, by: float) -> float:
    """Return a share whose log odds are moved so far."""
    odds = share / max(1e-9, 1.0 - share) * exp(by)
    return odds / (1.0 + odds)


@compiled
def _how_well(world: World, child: Child) -> float:
    """Return how far the log odds of doing well at 19 are from those who left in 2013-14."""
    values = world.values
    care: Care = cares_of(world)[child.row]
    usual = values.leaver_usual
    early = (child.adult_at - care.last_ended) / DAYS_A_YEAR - usual[0]
    moved = log(max(1.0, float(care.placements))) - usual[1]
    stays = care.stays_put - usual[2] * world.practice.usual_staying_put
    well: float = stays * values.leaver_stay_effect - early * values.leaver_early_effect
    return well - moved * values.leaver_moves_effect


@compiled
def _activity(world: World, well: float, uniform: float) -> int:
    """Return the activity at 19: in education or work likelier the better it went, in the published mix of each."""
    totals = world.rules.leaver_activity
    busy = totals[LeaverActivity.WORK]
    likely = shifted(busy, well)
    if uniform < likely:
        return first_above(totals, uniform / likely * busy)
    return first_above(totals, busy + (uniform - likely) / (1.0 - likely) * (1.0 - busy))


@compiled
def month_of_leaver(world: World, child: Child) -> None:
    """Count a month of a care leaver who lives with former foster carers."""
    if cares_of(world)[child.row].stays_put and world.clock.now < child.adult_at + _STAYS_FOR:
        world.tally.count[Count.STAYING_PUT] += 1


@compiled
def may_leave_early(world: World, child: Child) -> None:
    """Let a child of 16 or 17 who would stay until 18 leave this month."""
    clock, hazard = world.clock, world.values.leaver_early * world.values.leaver_early_rate
    care: Care = cares_of(world)[child.row]
    if hazard <= 0.0 or child.adult_at - clock.now > _TWO_YEARS or care.route != LeavingRoute.EIGHTEEN:
        return
    days = clock.month_end - clock.now
    uniform = draw(clock.key, child.id, Stage.LEAVING, clock.month, 0)
    chance = 1.0 - exp(-hazard * days / DAYS_A_YEAR)
    if uniform < chance:
        care.route = LeavingRoute.OTHER
        care.exit_at = min(care.exit_at, clock.now + days * uniform / chance)
        cancel(world, child)
        step, when = wait_in_care(world, child)
        schedule(world, child, step, when)
