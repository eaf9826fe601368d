"""Cases: opening and closing them, states and their child-days, and referrals."""

from __future__ import annotations

from typing import Any

from demandsim.engine.compiling import compiled
from demandsim.model.allocation import allocate, stop_waiting
from demandsim.model.cohorts import count_closed, count_in_need, count_referred
from demandsim.model.spells import note, note_moment
from demandsim.pathway import Step
from demandsim.records import Count, SpellEnd, SpellKind
from demandsim.state.children import LONG_AGO, NEVER, Care, Child
from demandsim.state.world import World, cares_of
from demandsim.vocabulary import DAYS_A_YEAR, DURATION_BANDS, State

BAND_ENDS = tuple(end for _, end in DURATION_BANDS[:-1])


@compiled
def band(ends: tuple[float, ...], length: float) -> int:
    """Return how many of these ends a length has reached."""
    place = 0
    while place < len(ends) and length >= ends[place]:
        place += 1
    return place


@compiled
def first_above(totals: Any, value: float) -> int:
    """Return the place of the first running total above a draw."""
    place = 0
    while place < len(totals) and value >= totals[place]:
        place += 1
    return place


@compiled
def move_to(world: World, child: Child, state: int) -> None:
    """Put a child in another state and keep the stocks and child-days right."""
    clock, tally = world.clock, world.tally
    left = clock.month_end - clock.now
    tally.stock[child.state] -= 1
    tally.state_days[child.state] -= left
    tally.stock[state] += 1
    tally.state_days[state] += left
    child.state = state


@compiled
def open_case(world: World, child: Child) -> None:
    child.opened = world.clock.now
    world.team.open_cases += 1
    world.tally.count[Count.CASE_OPENED] += 1


@compiled
def need_found(world: World, child: Child) -> None:
    """Count an episode of need as started, once, when it is known to be one."""
    if not child.need_known:
        child.need_known = True
        count_in_need(world, child)
        world.tally.count[Count.NEED_STARTED] += 1
        note_moment(world, child, SpellKind.NEED_FOUND, world.clock.now, -1)


@compiled
def end_episode(world: World, child: Child, why: int) -> None:
    """Count an episode of need as ended, file it by its length, and end the case."""
    count, now = world.tally.count, world.clock.now
    count[Count.NEED_ENDED] += 1
    count[Count.NEED_ENDED_BAND + band(BAND_ENDS, now - child.opened)] += 1
    end_case(world, child, why)


@compiled
def end_case(world: World, child: Child, why: int) -> tuple[int, float]:
    """End the open case of a child, an episode of need or not, and give its worker another."""
    note(world, child, SpellKind.EPISODE, child.need_known, child.opened, world.clock.now, why)
    child.opened, child.need_end = NEVER, LONG_AGO
    child.last_closed = world.clock.now
    count_closed(world, child, why == SpellEnd.NOT_IN_NEED or why == SpellEnd.EARLY_HELP)
    world.tally.count[Count.CASE_CLOSED] += 1
    child.need_known = False
    if child.unallocated:
        stop_waiting(world, child)
    world.team.open_cases -= 1
    move_to(world, child, State.CLOSED)
    if world.team.unallocated:
        allocate(world, LONG_AGO)
    return Step.AT_HOME, NEVER


@compiled
def leave(world: World, child: Child, why: int) -> tuple[int, float]:
    """End the case of a child who has grown up; an episode of need if it was found in need."""
    if child.need_known:
        end_episode(world, child, why)
    else:
        end_case(world, child, why)
    return Step.GONE, NEVER


@compiled
def count_contact(world: World, child: Child, moment: float, result: int, partners: float) -> None:
    """Count a contact of the present month, made at a moment of it, and note what comes of it; who made it is not
    drawn, only how likely it was a partner.
    """
    count = world.tally.count
    count[Count.CONTACT] += 1
    count[Count.CONTACT_PARTNERS] += partners
    count[Count.CONTACT_AGAIN] += moment - child.last_closed < DAYS_A_YEAR
    count[Count.CONTACT_NO_ACTION] += result == SpellEnd.NO_ACTION
    note_moment(world, child, SpellKind.CONTACT, moment, result)


@compiled
def referred_at_once(world: World, child: Child, result: int) -> None:
    """Count the contact and the referral of a child without an open case whom nobody has to weigh up."""
    count_contact(world, child, world.clock.now, SpellEnd.REFERRED, world.partners.saw)
    new_episode(child)
    count_referral(world, child, result)


@compiled
def close(world: World, child: Child) -> tuple[int, float]:
    """End the open episode of need of a child living at home, whose circumstances go on."""
    count = world.tally.count
    count[Count.CLOSED_HOME] += 1
    count[Count.CLOSED_SEVERITY] += child.severity
    end_episode(world, child, SpellEnd.CLOSED)
    return Step.AT_HOME, NEVER


@compiled
def new_episode(child: Child) -> None:
    """Begin another passage from referral to closure, with draws of its own."""
    child.episodes += 1
    child.asking = False


@compiled
def count_referral(world: World, child: Child, result: int) -> None:
    """Count a referral, and its result."""
    count, now = world.tally.count, world.clock.now
    count[Count.REFERRAL_NO_ACTION] += result == SpellEnd.NO_ACTION
    count[Count.REFERRAL_ASSESSED] += result == SpellEnd.ASSESSMENT
    count[Count.REFERRAL_ENQUIRY] += result == SpellEnd.ENQUIRY
    count[Count.REFERRAL_CARE] += result == SpellEnd.CARE
    note_moment(world, child, SpellKind.REFERRAL, now, result)
    count[Count.REFERRAL] += 1
    if now - child.last_referral <= DAYS_A_YEAR:
        count[Count.RE_REFERRAL] += 1
    count_referred(world, child, result)
    child.last_referral = now


@compiled
def wait_in_care(world: World, child: Child) -> tuple[int, float]:
    """Wait for the first of leaving, a last phase, a move, going missing and care proceedings."""
    care: Care = cares_of(world)[child.row]
    step, when = Step.CARE_ENDS, care.exit_at
    if care.phase_at < when:
        step, when = Step.LAST_PHASE, care.phase_at
    if care.move_at < when:
        step, when = Step.MOVE, care.move_at
    if care.missing_at < when:
        step, when = Step.MISSING, care.missing_at
    if care.court_at < when:
        step, when = Step.PROCEEDINGS, care.court_at
    return step, when
