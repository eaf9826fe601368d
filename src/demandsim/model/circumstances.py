"""A month in the life of every child known, wherever it stands: severity moves, harm, contact and care may come.

Need and harm do not wait for a case to be open. Each month every child known to the authority is looked at once: its
circumstances change, what help did fades, and it may be harmed, contacted about, the subject of a new concern, or
become looked after, each by a hazard of its severity and of what shields it. What happens, happens in the same month,
before whatever the child waits for. The design is in `docs/decisions/0017-need-harm-and-help.md`.
"""

from __future__ import annotations

from math import exp

import numpy as np

from demandsim.distributions import normal, spare
from demandsim.draws import Harm, Month, Stage
from demandsim.engine.compiling import compiled, entry, inlined
from demandsim.engine.event_calendar import NOBODY, NOWHERE
from demandsim.engine.philox import draw, uniforms, uniforms_of
from demandsim.engine.record import Floats, Singles, Wholes
from demandsim.model.assessment import count_unprotected
from demandsim.model.distance import help_here
from demandsim.model.front_door import received
from demandsim.model.leavers import may_leave_early, month_of_leaver
from demandsim.model.missing import danger, month_outside
from demandsim.model.partners import partners_contacts
from demandsim.pathway import Step
from demandsim.records import Count
from demandsim.state.children import Child, age, birth, freshly_home
from demandsim.state.world import Whole, World, cancel, children_of, first_of_family, forget_child, schedule
from demandsim.vocabulary import State

_TEENAGE = 13
#: Children whose draws are made together.
_AT_ONCE = 128


@entry
def look_at_everybody(whole: Whole) -> None:
    """Let the month's circumstances come to every child known."""
    world: World = whole[0]
    rows, ids = np.empty(_AT_ONCE, np.int64), np.zeros(_AT_ONCE, np.int64)
    own, shared = np.empty((4, _AT_ONCE)), np.empty((4, _AT_ONCE), np.float32)
    number, row, known = 0, 0, world.children.length - world.people.free_rows
    while known:
        child: Child = children_of(world)[row]
        if child.id != NOBODY:
            known -= 1
            if _is_looked_at(world, child):
                rows[number], ids[number] = row, child.id
                number += 1
        row += 1
        if number == _AT_ONCE or not known:
            _look_at_some(world, rows[:number], ids, own, shared)
            number = 0


@compiled
def _look_at_some(world: World, rows: Wholes, ids: Wholes, own: Floats, shared: Singles) -> None:
    """Look at the children of these rows, whose draws are made together."""
    clock = world.clock
    uniforms_of(clock.key, ids, Stage.MONTH, clock.month, Month.SLOW // 4, own)
    for place in range(len(ids)):
        ids[place] = first_of_family(ids[place])
    # A block has the family's draws of four months.
    uniforms_of(clock.key, ids, Stage.FAMILY_MONTH, clock.month >> 2, 0, shared)
    contact = shared[clock.month & 3]
    for place in range(len(rows)):
        child: Child = children_of(world)[rows[place]]
        _look(world, child, own[0, place], own[1, place], own[2, place], own[3, place], contact[place])


@inlined
def _is_looked_at(world: World, child: Child) -> bool:
    """Return whether a child is to be looked at; let those who have grown up go, and count care leavers."""
    clock = world.clock
    if child.state == State.CARE_LEAVER:
        month_of_leaver(world, child)
    elif clock.month < clock.first_real_month:
        _look_before(world, child)
    elif child.state == State.CLOSED and child.queued != NOWHERE and not child.settled:
        return False  # on the way in already
    elif clock.now < child.adult_at:
        return True
    elif child.state == State.CLOSED:
        forget_child(world, child)
    return False


@compiled
def _look_before(world: World, child: Child) -> None:
    """Let a month before the pathway is simulated move the severity of those in care and on long plans, and no others:
    a child that has been in care for years starts with the help it has had.
    """
    if child.state != State.CLOSED:
        clock = world.clock
        slow, fast, _, _ = uniforms(clock.key, child.id, Stage.MONTH, clock.month, Month.SLOW // 4)
        _circumstances_change(world, child, slow, fast)
        _receive_help(world, child)


@inlined
def _look(world: World, child: Child, slow: float, fast: float, harm: float, care: float, contact: float) -> None:
    """Let the month's circumstances come to a child, by its draws and by its family's of contact."""
    clock = world.clock
    _circumstances_change(world, child, slow, fast)
    _receive_help(world, child)
    if birth(child) > clock.now:
        if not child.settled:
            _look_before_birth(world, child, care, contact)
        return
    month_outside(world, child, spare(slow))
    count_unprotected(world, child)
    if _harmed(world, child, harm):
        _see_harm(world, child)
    elif child.state == State.LOOKED_AFTER:
        may_leave_early(world, child)
    elif not child.settled:
        likely = _care_likely(world, child, care)
        if care < likely:
            if _kept_at_home(world, care / likely):
                return
            fresh = freshly_home(child, clock.now) > 0.0
            sooner(world, child, Step.HOME_BROKE_DOWN if fresh else Step.LOOKED_AFTER)
        else:
            _may_be_contacted(world, child, contact)


@compiled
def _look_before_birth(world: World, child: Child, care: float, contact: float) -> None:
    """Let a child not born yet be contacted about, and what was decided before its birth be done on that day."""
    values, born = world.values, birth(child)
    uniform = care / values.care_at_birth
    likely = _care_likely(world, child, uniform) if born < world.clock.month_end else 0.0
    if uniform >= likely:
        _may_be_contacted(world, child, contact)
    elif not _kept_at_home(world, uniform / likely):
        _instead(world, child, Step.LOOKED_AFTER, born)


@inlined
def _may_be_contacted(world: World, child: Child, uniform: float) -> None:
    if child.state == State.CLOSED or child.state == State.CHILD_IN_NEED:
        _contact(world, child, uniform)


@inlined
def _circumstances_change(world: World, child: Child, slow: float, fast: float) -> None:
    """Move severity on: what is slow and what is fast revert and are shaken, what help did fades."""
    rules = world.rules
    slow_moves, fast_moves = rules.slow_moves[child.neglected], rules.fast_moves[child.neglected]
    child.slow = rules.slow_keeps * child.slow + slow_moves * normal(slow)
    child.fast = rules.fast_keeps * child.fast + fast_moves * normal(fast)
    child.helped *= rules.help_keeps
    child.kept *= rules.help_keeps
    child.severity = child.permanent + child.slow + child.fast + child.helped


@inlined
def _receive_help(world: World, child: Child) -> None:
    """Let the month's help take off severity what it does."""
    rules, count = world.rules, world.tally.count
    dose = rules.dose[child.state]
    if child.state == State.CLOSED:
        if child.help_ends > world.clock.now:
            if child.help_works:
                dose = rules.early_help_dose
                child.kept += rules.early_help_kept
                count[Count.EARLY_HELP_DOSE] += dose
                count[Count.EARLY_HELP_PARTNERS] += dose * world.partners.helped
        else:
            # Added whichever it is: a guess which way to go would be wrong of one child in four.
            count[Count.UNSERVED] += not child.settled and child.severity > world.help.threshold
    elif child.state == State.LOOKED_AFTER:
        dose *= help_here(world, child)
    child.helped -= dose
    child.severity -= dose
    count[Count.DOSE] += dose


@compiled
def _month(world: World) -> float:
    return world.clock.month_end - world.clock.month_start


@compiled
def _harmed(world: World, child: Child, uniform: float) -> bool:
    """Return whether the child is seriously harmed in the month, and count how likely that was: its exposure."""
    rules, values = world.rules, world.values
    shield = rules.shield[child.state]
    if child.settled:
        shield = rules.shield[State.LOOKED_AFTER]
    elif child.help_ends > world.clock.now and child.state == State.CLOSED:
        shield = values.harm_shield[0]
    hazard = rules.harm * shield * rules.by_need[child.need] * danger(world, child)
    hazard *= exp(values.harm_slope * min(child.severity, values.harm_cap))
    likely = hazard * _month(world)
    world.tally.count[Count.EXPOSURE] += likely
    return bool(uniform < likely)


@compiled
def _see_harm(world: World, child: Child) -> None:
    """Let harm be seen or not: unseen it makes things worse; seen it is that month's contact, or care at once."""
    clock, count, values = world.clock, world.tally.count, world.values
    if child.settled or child.state == State.LOOKED_AFTER:
        return
    seen, severe, _, _ = uniforms(clock.key, child.id, Stage.HARM, clock.month, Harm.DETECTED // 4)
    if seen >= world.rules.detected[child.state]:
        child.slow = max(child.slow, min(child.slow + values.harm_rise, values.harm_cap))
        return
    count[Count.HARM_SEEN] += 1
    if severe < values.harm_severe:
        sooner(world, child, Step.LOOKED_AFTER_AT_ONCE)
    elif child.state < State.PROTECTION_PLAN and child.state != State.ENQUIRY:
        # Where an enquiry or a plan is under way already, they go on.
        sooner(world, child, Step.HARM_SEEN)


@compiled
def _care_likely(world: World, child: Child, uniform: float) -> float:
    """Return how likely the child is to become looked after in the month, where the draw allows it; else 0.

    Multipliers don't compound: the largest applies.
    """
    rules, values, now = world.rules, world.values, world.clock.now
    fragile = values.care_after_home * freshly_home(child, now)
    if child.supported:
        fragile *= values.prevention_reunification_relative_risk
    times = max(rules.care_in[child.state], fragile)
    likely: float = rules.care[age(child, now)] * times * rules.care_by_need[child.need] * _month(world)
    # Most are told by the worst that there is, which needs no exponential.
    if uniform >= likely * rules.care_worst:
        return 0.0
    return likely * exp(values.care_slope * min(child.severity, values.harm_cap) + child.kept)


@compiled
def _kept_at_home(world: World, uniform: float) -> bool:
    """Return whether a family group conference, where there is room for one, finds another way."""
    help = world.help
    if help.edge_of_care < 1.0:
        return False
    help.edge_of_care -= 1.0
    world.tally.count[Count.EDGE_OFFERED] += 1
    return bool(uniform >= world.values.prevention_edge_of_care_relative_risk)


@inlined
def _contact(world: World, child: Child, uniform: float) -> None:
    """Let the family be contacted about, or a new concern come up on an open case."""
    clock, rules = world.clock, world.rules
    severity = min(child.severity, world.values.harm_cap)
    # Most are told by a straight line above the exponential, which costs less.
    at_most = (1.0 + rules.contact_steepest * max(severity, 0.0)) * rules.contact_most + rules.contact_unrelated_most
    if uniform >= at_most * _month(world):
        return
    worse = exp(world.values.contact_slope * severity)
    if child.state == State.CHILD_IN_NEED:
        if uniform < rules.concern * worse * rules.by_need[child.need] * _month(world):
            sooner(world, child, Step.CONCERN)
        return
    hazard = rules.contact * worse + rules.contact_unrelated
    if age(child, clock.now) >= _TEENAGE:
        hazard *= rules.teenage
    if uniform < hazard * _month(world):
        partners = partners_contacts(world, rules.contact * worse, rules.contact_unrelated)
        received(world, child, moment_in_month(world, child), partners)


@compiled
def moment_in_month(world: World, child: Child) -> float:
    """Return a moment of the month's rest, before whatever the child waits for."""
    clock = world.clock
    until = min(clock.month_end, child.adult_at)
    if child.queued != NOWHERE:
        until = min(until, child.due)
    return clock.now + (until - clock.now) * draw(clock.key, child.id, Stage.MONTH, clock.month, Month.MOMENT)


@compiled
def sooner(world: World, child: Child, step: int) -> None:
    """Let something happen to a child this month, before whatever it waits for."""
    _instead(world, child, step, moment_in_month(world, child))


@compiled
def _instead(world: World, child: Child, step: int, when: float) -> None:
    """Let something happen to a child in place of whatever it waits for."""
    cancel(world, child)
    schedule(world, child, step, when)
    world.taken[Step.MONTH, step] += 1
