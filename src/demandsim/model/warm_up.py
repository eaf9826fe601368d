"""The years before the start, so that a run starts full and not from nothing; and entrants no family help reaches.

Nobody's whole history since birth is simulated. For thirteen years families come to notice and are known from then on,
but only those have a case who may still have it at the start: children who start care, and disabled children on long
plans. Then, for five years, the whole pathway runs. While it fills, starts of care that it does not supply yet are made
up from outside. In these years and ever after, children come into care on remand and unaccompanied.
"""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np

from demandsim.distributions import normal
from demandsim.draws import Seed, Stage
from demandsim.engine.compiling import compiled, entry
from demandsim.engine.loop import AT_ONCE
from demandsim.engine.philox import uniforms
from demandsim.model.arrivals import FAMILY_BITS, MONTH_BITS, SEED_LAYER
from demandsim.model.assessment import neglected
from demandsim.model.cases import first_above, need_found, open_case
from demandsim.pathway import Step
from demandsim.records import Count
from demandsim.state.children import Child
from demandsim.state.compiled_parameters import running_totals
from demandsim.state.world import Whole, World, cares_of, new_child, schedule
from demandsim.vocabulary import AGE_BANDS, DAYS_A_YEAR, LegalRoute, Need

#: Ages, in years, between which children come on remand and unaccompanied.
_REMAND_AGES, _UNACCOMPANIED_AGES = (12.0, 18.0), (14.0, 17.5)
#: Long stays enter from this many years before the start: nobody stays in children's services longer than 18.
SEED_YEARS = 18
#: The parts of the severity of a child that starts care (permanent, slow, fast) lie so many of their spreads above the
#: mean, and have so many as their own (`tools/measured.py`), so that those seeded are like those who follow.
_CARE_SEVERITY, _CARE_SPREAD = (0.71, 1.17, 0.77), (0.96, 1.05, 1.06)
#: What help had taken off it before, in standard deviations; from there too.
_HELPED = -0.19
#: Of those who start care under one, those who do at birth (T67).
_NEWBORNS = 0.33
#: Months in which the pathway does not yet supply the published number of starts of care.
FILLING_MONTHS = 24
_EDGES = (*(float(first) for _, first, _ in AGE_BANDS), 18.0)
_BANDS = len(AGE_BANDS)
_CARE, _DISABLED, _REMAND, _UNACCOMPANIED = 0, 1, 2, 3
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
    _enter(world, care, _CARE, values.start_care_ages)
    _enter(world, disabled, _DISABLED, values.demand_age)


@entry
def entrants_wanted(whole: Whole) -> tuple[int, int]:
    """Return how many children come into care on remand, and how many unaccompanied, in a month."""
    world: World = whole[0]
    clock, values = world.clock, world.values
    days = clock.month_end - clock.month_start
    remand = _arrivals(world, _REMAND, _a_day(world, values.care_remand) * days)
    alone = _arrivals(world, _UNACCOMPANIED, _a_day(world, values.care_unaccompanied) * days)
    return remand, alone


@entry
def entrants(whole: Whole, remand: int, alone: int) -> None:
    """Let so many children come into care on remand and unaccompanied during the month."""
    world: World = whole[0]
    world.tally.count[Count.CARE_REMAND] += remand
    world.tally.count[Count.CARE_UNACCOMPANIED] += alone
    for kind, number, ages, need, basis in (
        (_REMAND, remand, _REMAND_AGES, Need.BEHAVIOUR, LegalRoute.REMAND),
        (_UNACCOMPANIED, alone, _UNACCOMPANIED_AGES, Need.OTHER, LegalRoute.UNACCOMPANIED),
    ):
        for place in range(number):
            _, moved, _, within = _seed_draws(world, kind, place, Seed.GAP // 4)
            years = ages[0] + within * (ages[1] - ages[0])
            child = _enter_one(world, kind, place, moved, years, need)
            # No family here that help could reach, or to go back to.
            child.settled = True
            cares_of(world)[child.row].basis = basis


@entry
def short_of_care(whole: Whole) -> float:
    """Return the share of a month's starts of care that the pathway does not supply of its own."""
    world: World = whole[0]
    clock, count = world.clock, world.tally.count
    if clock.month - clock.first_real_month >= FILLING_MONTHS:
        return 0.0
    expected = _a_day(world, world.values.start_care_starts) * (clock.month_end - clock.month_start)
    short = expected - count[Count.CARE_STARTED]
    return short / expected if short > 0 else 0.0


@compiled
def _enter(world: World, number: int, kind: int, shares: Any) -> None:
    """Make children whose ages have those shares; each takes its first step during the rest of the month."""
    totals, needs = np.empty(_BANDS), np.empty(len(world.values.start_care_need))
    running_totals(shares, totals)
    running_totals(world.values.start_care_need, needs)
    for place in range(number):
        _, moved, banded, within = _seed_draws(world, kind, place, Seed.GAP // 4)
        band = first_above(totals, banded)
        if kind == _CARE and band == 0:
            within = max(0.0, within - _NEWBORNS) / (1.0 - _NEWBORNS)
        years = _EDGES[band] + within * (_EDGES[band + 1] - _EDGES[band])
        need = first_above(needs, _seed_draws(world, kind, place, Seed.NEED // 4)[Seed.NEED % 4])
        _enter_one(world, kind, place, moved, years, Need.DISABILITY if kind == _DISABLED else need)


@compiled
def _enter_one(world: World, kind: int, place: int, moved: float, years: float, need: int) -> Child:
    """Make one child that takes its first step at a moment of the rest of the month."""
    clock, rules = world.clock, world.rules
    own, slow, _, fast = _seed_draws(world, kind, place, Seed.SEVERITY // 4)
    moment = clock.now + max(1.0, clock.month_end - clock.now) * moved
    circumstances = (rules.permanent_spread * normal(own), rules.slow_spread * normal(slow), 0.0)
    if kind == _CARE:
        circumstances = (
            rules.permanent_spread * (_CARE_SEVERITY[0] + _CARE_SPREAD[0] * normal(own)),
            rules.slow_spread * (_CARE_SEVERITY[1] + _CARE_SPREAD[1] * normal(slow)),
            rules.fast_spread * (_CARE_SEVERITY[2] + _CARE_SPREAD[2] * normal(fast)),
        )
    adult_at = moment + (18 - years) * DAYS_A_YEAR
    id = _seed_id(clock.month, kind, place)
    child = new_child(world, id, adult_at, circumstances, need, neglected(world, id, need))
    if kind == _CARE:
        child.helped = _HELPED
        child.severity += _HELPED
    schedule(world, child, Step.PLAN_BEFORE if kind == _DISABLED else Step.CARE_BEFORE, moment)
    return child
