"""The years before the start, so that a run starts full and not from nothing.

Nobody's whole history since birth is simulated. For thirteen years only those enter who may still be there at the
start: children who start care, and disabled children on long plans. Then, for five years, the whole pathway runs. While
it fills, two streams make up what it does not supply yet: contacts about children known from before, and starts of
care. Both dry up as the pathway's own children take their place.
"""

from __future__ import annotations

from math import exp, log
from typing import Any

import numpy as np

from demandsim.distributions import exponential, normal
from demandsim.draws import Seed, Stage
from demandsim.engine.compiling import compiled, entry
from demandsim.engine.loop import AT_ONCE
from demandsim.engine.philox import uniforms
from demandsim.model.arrivals import FAMILY_BITS, MONTH_BITS, SEED_LAYER
from demandsim.model.cases import first_above, need_found, open_case
from demandsim.pathway import Step
from demandsim.records import Count
from demandsim.state.children import Child
from demandsim.state.compiled_parameters import running_totals
from demandsim.state.world import Whole, World, new_child, schedule
from demandsim.vocabulary import AGE_BANDS, DAYS_A_YEAR, Need

#: Long stays enter from this many years before the start: nobody stays in children's services longer than 18.
SEED_YEARS = 18
#: Mean severity of children in care and of those who come back, against first contacts. Judgements; they come true in
#: the simulated years and are only the start of these children's stories.
CARE_SEVERITY, KNOWN_SEVERITY = 0.8, 0.5
#: Mean years between a known child's first contact and the one that is seeded.
YEARS_KNOWN = 2.0
#: Months in which the pathway does not yet supply the published number of starts of care.
FILLING_MONTHS = 24
_EDGES = (*(float(first) for _, first, _ in AGE_BANDS), 18.0)
_BANDS = len(AGE_BANDS)
_CARE, _DISABLED, _KNOWN = 0, 1, 2
_KIND_BITS = 17


@compiled
def care_before(world: World, child: Child) -> tuple[int, float]:
    """A child becomes looked after before the pathway itself is simulated."""
    return Step.LOOKED_AFTER, AT_ONCE


@compiled
def plan_before(world: World, child: Child) -> tuple[int, float]:
    """A disabled child's long plan begins before the pathway itself is simulated."""
    open_case(world, child)
    need_found(world, child)
    return Step.NEED_PLAN, AT_ONCE


def seed_id(month: int, kind: int, number: int) -> int:
    """Return the id of a child that enters the run without a first contact; from a layer that no demand reaches."""
    return ((((SEED_LAYER << MONTH_BITS) | month) << FAMILY_BITS) + (kind << _KIND_BITS) + number) << 2


_seed_id = compiled(seed_id)


@compiled
def _a_day(world: World, rate: float) -> float:
    """Return a rate per 10,000 children a year as a rate of this authority a day."""
    return rate * world.values.population_children / 1e4 / DAYS_A_YEAR


@compiled
def _seed_draws(world: World, kind: int, number: int, block: int) -> Any:
    clock = world.clock
    return uniforms(clock.key, _seed_id(clock.month, kind, number), Stage.SEED, 0, block)


@compiled
def _arrivals(world: World, kind: int, expected: float) -> int:
    """Return how many arrive in a month in which so many are expected: a Poisson process, gap by gap."""
    number, passed = 0, 0.0
    while True:
        passed -= log(1.0 - _seed_draws(world, kind, number, Seed.GAP // 4)[Seed.GAP])
        if passed > expected:
            return number
        number += 1


@entry
def long_stays_wanted(whole: Whole, share: float) -> tuple[int, int]:
    """Return how many children start care, and how many disabled children plans, in a month.

    Args:
        whole: the world, at any moment of the month.
        share: of what the parameters say.
    """
    world: World = whole[0]
    clock, values = world.clock, world.values
    days = clock.month_end - clock.month_start
    care = _arrivals(world, _CARE, _a_day(world, values.start_care_starts) * share * days)
    disabled = _arrivals(world, _DISABLED, _a_day(world, values.start_disabled_starts) * share * days)
    return care, disabled


@entry
def long_stays(whole: Whole, care: int, disabled: int) -> None:
    """Let so many children start care, and disabled children plans, during the rest of the month."""
    world: World = whole[0]
    values = world.values
    _enter(world, care, _CARE, values.start_care_ages, CARE_SEVERITY, Need.ABUSE_OR_NEGLECT)
    _enter(world, disabled, _DISABLED, values.demand_age, 0.0, Need.DISABILITY)


@entry
def known_wanted(whole: Whole) -> int:
    """Return how many contacts about known children there must be that the pathway can't supply yet.

    To be asked when the month's first contacts are the only ones so far.
    """
    world: World = whole[0]
    values, warm, clock = world.values, world.warm, world.clock
    first_contacts = world.tally.count[Count.CONTACT]
    season = values.demand_monthly_shape[clock.month % 12]
    wanted = _a_day(world, values.start_contacts) * DAYS_A_YEAR * season
    missing = max(round(wanted - first_contacts - warm.came_back), 0)
    warm.not_back = first_contacts + missing
    return int(missing)


@entry
def known_children(whole: Whole, number: int) -> None:
    """Seed contacts about so many known children."""
    world: World = whole[0]
    _enter(world, number, _KNOWN, world.values.demand_age, KNOWN_SEVERITY, Need.FAMILY)


@entry
def short_of_care(whole: Whole) -> float:
    """Note what the pathway supplied of its own in a month, and return the share of starts of care that is missing."""
    world: World = whole[0]
    clock, warm, count = world.clock, world.warm, world.tally.count
    warm.came_back = count[Count.CONTACT] - warm.not_back
    if clock.month - clock.first_real_month >= FILLING_MONTHS:
        return 0.0
    expected = _a_day(world, world.values.start_care_starts) * (clock.month_end - clock.month_start)
    short = expected - count[Count.CARE_STARTED]
    return short / expected if short > 0 else 0.0


@compiled
def _enter(world: World, number: int, kind: int, shares: Any, severity: float, need: int) -> None:
    """Make children whose ages have those shares; each takes its first step during the rest of the month."""
    clock = world.clock
    totals = np.empty(_BANDS)
    running_totals(shares, totals)
    for place in range(number):
        _, moved, banded, within = _seed_draws(world, kind, place, Seed.GAP // 4)
        own, years, known, _ = _seed_draws(world, kind, place, Seed.SEVERITY // 4)
        band = first_above(totals, banded)
        age = _EDGES[band] + within * (_EDGES[band + 1] - _EDGES[band])
        if kind == _KNOWN:
            age += exponential(YEARS_KNOWN, years)
        if age >= 18:
            continue
        moment = clock.now + max(1.0, clock.month_end - clock.now) * moved
        value = severity + normal(own)
        adult_at = moment + (18 - age) * DAYS_A_YEAR
        risk = exp(world.values.severity_risk_slope * value)
        child = new_child(world, _seed_id(clock.month, kind, place), adult_at, value, risk, need)
        if kind == _KNOWN:
            _has_history(world, child, known)
        schedule(world, child, _first_step(kind), moment)


@compiled
def _first_step(kind: int) -> int:
    if kind == _CARE:
        return Step.CARE_BEFORE
    return Step.PLAN_BEFORE if kind == _DISABLED else Step.CONTACT


@compiled
def _has_history(world: World, child: Child, known: float) -> None:
    """Let a known child have been referred before, and have had a plan, as often as the parameters say."""
    if known < world.values.start_known:
        child.last_referral = world.clock.now - 2 * DAYS_A_YEAR
    child.plans = int(known < world.values.start_planned)
