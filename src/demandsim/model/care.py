"""Becoming looked after: who does, by which legal route, and how the period will end.

A period of care has its exit settled at the start: a plan for permanence and the time it takes. Moves and missing
episodes happen on the way, and care proceedings where a child was looked after by agreement at first.
"""

from __future__ import annotations

from demandsim.distributions import exponential, lognormal
from demandsim.draws import Care as Draw
from demandsim.draws import Court, Stage
from demandsim.engine.compiling import compiled
from demandsim.engine.philox import draw, uniforms
from demandsim.model.allocation import stop_waiting
from demandsim.model.cases import (
    first_above,
    move_to,
    need_found,
    open_case,
    referred_at_once,
    wait_in_care,
)
from demandsim.model.cohorts import back_in_care
from demandsim.model.family_court import REUNITED, may_go_home_by_court
from demandsim.model.missing import schedule_missing
from demandsim.model.placements import place
from demandsim.model.places import apply_to_court
from demandsim.model.protection import end_plan
from demandsim.model.spells import cut_short, note
from demandsim.records import Count, SpellEnd, SpellKind
from demandsim.state.children import LONG_AGO, NEVER, Care, Child, age, age_group, birth, freshly_home
from demandsim.state.world import MOST_SIBLINGS, World, cancel, cares_of, family_member, first_of_family, schedule
from demandsim.vocabulary import LeavingRoute, LegalRoute, Placement, State

#: A newborn is less than seven days old (V079).
_NEWBORN_DAYS = 7.0


@compiled
def looked_after(world: World, child: Child) -> tuple[int, float]:
    """A child becomes looked after, and siblings with an open case may with it."""
    return _family(world, child, False)


@compiled
def looked_after_at_once(world: World, child: Child) -> tuple[int, float]:
    """The same by police protection or an emergency order."""
    return _family(world, child, True)


@compiled
def _family(world: World, child: Child, emergency: bool) -> tuple[int, float]:
    """Take a family's children into care, by one application if it is to court, on the day or later."""
    by_agreement = 0.0 if emergency else _days_by_agreement(world, child)
    lived_elsewhere = child.settled
    step, when = _start(world, child, emergency, by_agreement)
    if lived_elsewhere:
        return step, when
    first = first_of_family(child.id)
    for id in range(first, first + MOST_SIBLINGS):
        sibling = family_member(world, child, id)
        if sibling.row != child.row and _may_join(world, sibling):
            cancel(world, sibling)
            its_step, its_when = _start(world, sibling, emergency, by_agreement)
            schedule(world, sibling, its_step, its_when)
    return step, when


@compiled
def _days_by_agreement(world: World, child: Child) -> float:
    """Return how long a family's children are looked after by agreement before care proceedings, if these come: no
    time for most. What was decided before a birth is done on its day.
    """
    clock, values = world.clock, world.values
    if clock.now - birth(child) < _NEWBORN_DAYS:
        return 0.0
    family = first_of_family(child.id)
    agreed, long, _, _ = uniforms(clock.key, family, Stage.COURT, clock.month, Court.AGREEMENT // 4)
    if agreed >= values.care_voluntary_first:
        return 0.0
    return exponential(values.care_voluntary_days, long)


@compiled
def proceedings(world: World, child: Child) -> tuple[int, float]:
    """Care proceedings begin for a child looked after by agreement until then."""
    care: Care = cares_of(world)[child.row]
    care.court_at = NEVER
    world.tally.count[Count.ORDER_LATER] += 1
    if may_go_home_by_court(world, child):
        care.phase_at = NEVER
        care.exit_at = min(care.decided_at, child.adult_at)
    _go_to_court(world, child)
    return wait_in_care(world, child)


@compiled
def _go_to_court(world: World, child: Child) -> None:
    decided_at = cares_of(world)[child.row].decided_at
    note(world, child, SpellKind.PROCEEDINGS, 0, world.clock.now, decided_at, -1)
    apply_to_court(world, first_of_family(child.id), decided_at)


@compiled
def _may_join(world: World, sibling: Child) -> bool:
    """Return whether a brother or sister becomes looked after on the same day."""
    at_home_on_a_case = State.CLOSED < sibling.state < State.LOOKED_AFTER
    a_child = birth(sibling) <= world.clock.now < sibling.adult_at
    if not at_home_on_a_case or sibling.settled or not a_child:
        return False
    periods = cares_of(world)[sibling.row].periods
    joins = draw(world.clock.key, sibling.id, Stage.CARE, periods, Draw.JOINS)
    return joins < world.values.care_siblings_join


@compiled
def care_draw(world: World, child: Child, decision: int) -> float:
    """Return a draw of the present or last period of care."""
    return draw(world.clock.key, child.id, Stage.CARE, cares_of(world)[child.row].periods - 1, decision)


@compiled
def _start(world: World, child: Child, emergency: bool, by_agreement: float) -> tuple[int, float]:
    """Start a period of care, settle how it will end, and find a placement.

    Args:
        world: the authority.
        child: at home until now.
        emergency: by police protection or an emergency order.
        by_agreement: days before proceedings, if there are any; 0 if these begin at once.

    Returns:
        step, when: what comes next.
    """
    count, now = world.tally.count, world.clock.now
    care: Care = cares_of(world)[child.row]
    _count_way_in(world, child)
    # Who comes back from guardians is a child of one of the families here again.
    child.settled = child.settled and care.periods == 0
    if child.opened == NEVER:
        if not child.settled:
            referred_at_once(world, child, SpellEnd.CARE)
        open_case(world, child)
    cut_short(world, child, SpellEnd.CARE)
    if child.unallocated:
        stop_waiting(world, child)
    need_found(world, child)
    child.need_end = LONG_AGO
    move_to(world, child, State.LOOKED_AFTER)
    _count_start(world, child)
    back_in_care(world, child)
    care.periods += 1
    care.started = now
    care.period_placements = 0
    care.stretched = 1.0
    in_court = _settle_route(world, child)
    at_once = in_court and by_agreement == 0.0
    if at_once:
        may_go_home_by_court(world, child)
    care.court_at = now + by_agreement if in_court and not at_once else NEVER
    count[Count.CARE_EMERGENCY] += emergency
    count[Count.CARE_ORDER] += at_once and not emergency
    care.phase_at, care.final_placement = NEVER, Placement.OTHER
    care.exit_at = min(now + _time_to_leave(world, child, in_court, by_agreement), child.adult_at)
    care.frailty = lognormal(1.0, world.values.placement_frailty, care_draw(world, child, Draw.FRAILTY))
    care.basis = _basis(child, care.basis, emergency, at_once)
    count[Count.CARE_STARTED_BASIS + int(care.basis)] += 1
    if at_once:
        _go_to_court(world, child)
    schedule_missing(world, child)
    return place(world, child)


@compiled
def _settle_route(world: World, child: Child) -> bool:
    """Settle how a period will end, and return whether there are proceedings: never of those on remand or alone."""
    care: Care = cares_of(world)[child.row]
    route = first_above(world.rules.care_route[age(child, world.clock.now)], care_draw(world, child, Draw.ROUTE))
    care.route = route
    care.allowance = False
    care.fdac = 0
    return not child.settled and care_draw(world, child, Draw.LEGAL) < world.values.care_proceedings[route]


@compiled
def _basis(child: Child, known: int, emergency: bool, in_court: bool) -> int:
    """Return the legal basis on which a period begins; of children who come on remand or alone it is known before."""
    if child.settled:
        return known
    if emergency:
        return LegalRoute.EMERGENCY
    return LegalRoute.PROCEEDINGS if in_court else LegalRoute.VOLUNTARY


@compiled
def _count_way_in(world: World, child: Child) -> None:
    count = world.tally.count
    fresh = freshly_home(child, world.clock.now) > 0.0
    if child.state == State.PROTECTION_PLAN:
        count[Count.PLAN_TO_CARE] += 1
        end_plan(world, child, SpellEnd.CARE)
    elif child.settled and cares_of(world)[child.row].periods:
        count[Count.CARE_FROM_GUARDIANS] += 1
    elif fresh:
        count[Count.CARE_FROM_HOME] += 1
    elif child.state == State.CHILD_IN_NEED:
        count[Count.CARE_FROM_NEED] += 1
    else:
        count[Count.CARE_FROM_ASSESSMENT] += 1


@compiled
def _count_start(world: World, child: Child) -> None:
    count, clock = world.tally.count, world.clock
    care: Care = cares_of(world)[child.row]
    count[Count.CARE_STARTED] += 1
    if care.periods:
        count[Count.CARE_AGAIN] += 1
    count[Count.CARE_STARTED_AGE + age_group(child, clock.now)] += 1
    count[Count.CARE_STARTED_NEED + int(child.need)] += 1
    count[Count.CARE_STARTED_NEWBORN] += clock.now - birth(child) < _NEWBORN_DAYS
    if care.last_ended < clock.year_start:
        count[Count.CARE_IN_YEAR] += 1


@compiled
def _time_to_leave(world: World, child: Child, in_court: bool, by_agreement: float) -> float:
    """Return the days until the period ends by its route, and settle its last phase, if it has one of its own.

    Args:
        world: the authority.
        child: whose period begins.
        in_court: there are proceedings.
        by_agreement: days until they begin.
    """
    rules, values, now = world.rules, world.values, world.clock.now
    care: Care = cares_of(world)[child.row]
    court = 0.0
    if in_court:
        court = by_agreement + lognormal(rules.court_median, rules.court_sigma, care_draw(world, child, Draw.COURT))
        care.decided_at = now + court
    if care.route == LeavingRoute.EIGHTEEN:
        return child.adult_at - now
    if care.route == LeavingRoute.HOME:
        return _time_to_home(world, child, in_court, court)
    if care.route == LeavingRoute.ADOPTION:
        median = rules.matching_median[age(child, now)]
        matched = court + lognormal(median, values.care_spread, care_draw(world, child, Draw.MATCHING))
        care.phase_at, care.final_placement = now + matched, Placement.FOR_ADOPTION
        return matched + lognormal(rules.order_median, values.care_spread, care_draw(world, child, Draw.FINAL_PHASE))
    stay = care_draw(world, child, Draw.STAY)
    if care.route == LeavingRoute.GUARDIANSHIP:
        return court + lognormal(rules.guardianship_median, values.care_spread, stay)
    return court + lognormal(values.care_other_days, values.care_spread, stay)


@compiled
def _time_to_home(world: World, child: Child, in_court: bool, court: float) -> float:
    rules = world.rules
    if cares_of(world)[child.row].fdac == REUNITED:
        return court
    stay = care_draw(world, child, Draw.STAY)
    if care_draw(world, child, Draw.SHORT) < world.values.care_short_stay and not in_court:
        return exponential(world.values.care_short_stay_days, stay)
    days = court + lognormal(rules.home_median, world.values.care_home_sigma, stay)
    if in_court and care_draw(world, child, Draw.WITH_PARENTS) < world.values.placement_with_parents:
        care: Care = cares_of(world)[child.row]
        care.phase_at, care.final_placement = world.clock.now + days, Placement.WITH_PARENTS
        days += exponential(world.values.placement_with_parents_days, care_draw(world, child, Draw.FINAL_PHASE))
    return days
