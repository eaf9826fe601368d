"""Going missing, exploitation, and what return interviews do about both (report, paragraphs 56 to 67 and 111).

A child may go missing from care or from home. Each time it may come to be exploited, which nobody knows at first; then
serious harm is likelier wherever it stands. A return interview held in time makes the next episode from care less
likely, and may find out about exploitation. What interviews tell, as far as agencies share it, finds others too.
"""

from __future__ import annotations

from math import exp, log

from demandsim.draws import Away, Exploitation, Missing, Stage
from demandsim.engine.compiling import compiled, inlined
from demandsim.engine.philox import draw, uniforms
from demandsim.model.cases import wait_in_care
from demandsim.model.distance import missing_here
from demandsim.records import Count
from demandsim.state.children import NEVER, Care, Child, age
from demandsim.state.world import World, cares_of
from demandsim.vocabulary import DAYS_A_YEAR, Exploited, State

#: Propensity to move and go missing is bounded: without a bound a few children would go missing daily.
_MOST_FRAIL = 20.0
#: Children go missing from home from this age on.
_YOUNGEST = 10
_YEARS_AT_RISK = (18 - _YOUNGEST) * DAYS_A_YEAR


@compiled
def schedule_missing(world: World, child: Child) -> None:
    """Settle when a child would go missing from care next."""
    clock = world.clock
    care: Care = cares_of(world)[child.row]
    rate = world.rules.missing_rate[age(child, clock.now)] * care.frailty * missing_here(world, care)
    care.missing_at = NEVER
    if rate > 0.0:
        time = draw(clock.key, child.id, Stage.MISSING, care.missing, Missing.TIME)
        care.missing_at = clock.now - log(1.0 - time) / rate


@compiled
def goes_missing(world: World, child: Child) -> tuple[int, float]:
    """A child goes missing from care. That raises the risk of more and of moving; a timely interview prevents part."""
    rules, count, clock = world.rules, world.tally.count, world.clock
    care: Care = cares_of(world)[child.row]
    _, interview, exploited, found = uniforms(clock.key, child.id, Stage.MISSING, care.missing, Missing.TIME // 4)
    held = interview < world.values.missing_interviewed
    count[Count.MISSING] += 1
    count[Count.INTERVIEWED] += held
    _may_be_exploited(world, child, exploited, held, found)
    care.missing += 1
    rise = rules.missing_rise_interviewed if held else rules.missing_rise
    if care.frailty < _MOST_FRAIL:
        care.frailty *= rise
        care.move_at = clock.now + (care.move_at - clock.now) / rise
    schedule_missing(world, child)
    return wait_in_care(world, child)


@inlined
def month_outside(world: World, child: Child, uniform: float) -> None:
    """Let a month's danger outside the family come to a child: going missing from home, exploitation going on.

    Few go missing: uniform rules most out, so that no draw of their own is made for them.
    """
    if child.exploited != Exploited.NO:
        _exploitation_goes_on(world, child)
    clock = world.clock
    at_most = world.rules.missing_home * (clock.month_end - clock.month_start) * world.rules.contact_worst
    if uniform < at_most:
        left = child.adult_at - clock.now
        if left < _YEARS_AT_RISK and child.state != State.LOOKED_AFTER and not child.settled:
            _may_go_missing_from_home(world, child, min(at_most, 1.0))


@inlined
def danger(world: World, child: Child) -> float:
    """Return what exploitation multiplies the hazard of harm by: less where it is known and the child protected."""
    values = world.values
    if child.exploited == Exploited.NO:
        return 1.0
    raised = values.missing_exploited_harm - 1.0
    if child.exploited == Exploited.FOUND:
        raised *= 1.0 - values.missing_protection
    times: float = 1.0 + raised
    return times


@compiled
def _may_go_missing_from_home(world: World, child: Child, looked_at: float) -> None:
    """Let a child go missing from home, one of so many that are looked at more closely."""
    clock, count, values = world.clock, world.tally.count, world.values
    goes, interview, exploited, found = uniforms(clock.key, child.id, Stage.AWAY, clock.month, Away.GOES // 4)
    hazard = world.rules.missing_home * exp(values.contact_slope * min(child.severity, values.harm_cap))
    if goes * looked_at < hazard * (clock.month_end - clock.month_start):
        held = interview < values.missing_interviewed
        count[Count.MISSING_HOME] += 1
        count[Count.INTERVIEWED_HOME] += held
        _may_be_exploited(world, child, exploited, held, found)


@compiled
def _may_be_exploited(world: World, child: Child, uniform: float, held: bool, found: float) -> None:
    """Let exploitation begin while a child is missing, and be found out about by a return interview."""
    values, count = world.values, world.tally.count
    if child.exploited == Exploited.NO and uniform < values.missing_exploited:
        child.exploited = Exploited.HIDDEN
        count[Count.EXPLOITED] += 1
    if child.exploited == Exploited.HIDDEN and held and found < values.missing_interview_finds:
        child.exploited = Exploited.FOUND
        count[Count.EXPLOITED_FOUND] += 1


@compiled
def _exploitation_goes_on(world: World, child: Child) -> None:
    """Let exploitation end in a month, or be identified through what is known about others."""
    clock, rules = world.clock, world.rules
    ends, found, _, _ = uniforms(clock.key, child.id, Stage.EXPLOITATION, clock.month, Exploitation.ENDS // 4)
    if ends < rules.exploitation_ends:
        child.exploited = Exploited.NO
    elif child.exploited == Exploited.HIDDEN and found < rules.exploitation_found:
        child.exploited = Exploited.FOUND
        world.tally.count[Count.EXPLOITED_FOUND] += 1
