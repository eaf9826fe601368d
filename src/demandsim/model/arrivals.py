"""First contacts: families that come to the authority's notice, a month at a time.

Candidate families arrive on a fixed grid: layers of Poisson streams, each at the same reference rate, each candidate
with all its draws. A rate of 2.3 times the reference takes layers 0 and 1 whole and from layer 2 the candidates whose
own draw lies below 0.3. So more demand keeps every earlier child, at the same moment with the same draws, and adds.

What a first contact leads to is settled here for the whole month at once, because most lead to nothing and need no
event: only children who are referred, ask for help or will come back are known from then on.
"""

from __future__ import annotations

from math import ceil, exp, log, sqrt
from typing import Any

import numpy as np

from demandsim.distributions import exponential, normal, weibull
from demandsim.draws import Episode, Family, Stage
from demandsim.engine.compiling import compiled, entry
from demandsim.engine.event_calendar import NOBODY
from demandsim.engine.philox import draw, uniforms
from demandsim.engine.record import Floats
from demandsim.model.cases import MOST_LIKELY, first_above
from demandsim.model.early_help import copy_asking
from demandsim.pathway import Step
from demandsim.records import Count
from demandsim.state.compiled_parameters import Values, running_totals
from demandsim.state.office import MONTHS_A_YEAR
from demandsim.state.world import (
    MOST_SIBLINGS,
    Asking,
    Whole,
    World,
    children_of,
    coming_of,
    join_family,
    new_child,
    schedule,
)
from demandsim.vocabulary import DAYS_A_YEAR, Closure, Source

#: Families per 10,000 children a year in one layer of the candidate grid. Not a parameter: changing it would change
#: every child. A little above the fitted demand in its busiest month, so that one layer is enough.
REFERENCE_RATE = 1000.0
#: The pathway itself runs for these years before the start; before them, only long stays are seeded.
BURN_IN_YEARS = 5
SEED_LAYER = 511
FAMILY_BITS, MONTH_BITS = 20, 9
#: How far apart siblings are in age, in years; a judgement (most intervals between births are two to three years).
SIBLING_GAP = 2.75
#: Age in years, spread evenly inside each band of `AGE_BANDS`; the first begins before birth, as contacts do.
_BAND_EDGES = (-0.4, 1.0, 5.0, 10.0, 16.0, 18.0)
_TEENAGE = 13.0


@compiled
def growth_of_children(values: Values, now: float) -> float:
    """Return the number of children at a moment against that of the first day."""
    return (1 + values.population_growth / 100) ** (now / DAYS_A_YEAR)


@compiled
def against_2013_14(before: Floats, after: float, month: int) -> float:
    """Return how much there was of something, as a ratio to the year 2013-14.

    Args:
        before: ratios of the years of the burn-in.
        after: of every later year.
        month: months since the start.
    """
    year = month // MONTHS_A_YEAR
    if year < 0:
        return before[max(0, BURN_IN_YEARS + year)]
    return after if year else 1.0


@compiled
def families_in_month(values: Values, month: int, now: float, growth: float) -> float:
    """Return new families of a month: the level of 2013-14, its history or future, the season, and the lever.

    Args:
        values: parameters in force.
        month: months since the start.
        now: the month's first moment, in days.
        growth: of the number of children since the start.
    """
    rate = values.demand_new_families * values.population_children * growth / 1e4 * values.demand_level
    rate *= against_2013_14(values.demand_before, values.demand_after, month)
    if month >= 2 * MONTHS_A_YEAR:
        # `demand.after` is the level of the whole second year: growth since then counts from its middle.
        rate *= (1 + values.demand_growth / 100) ** (now / DAYS_A_YEAR - 1.5)
    return rate * values.demand_monthly_shape[month % MONTHS_A_YEAR]


@compiled
def _layer_rate(world: World) -> float:
    """Return families a day in one layer."""
    rate: float = REFERENCE_RATE * world.values.population_children / 1e4 / DAYS_A_YEAR
    return rate


@compiled
def _ratio(world: World) -> float:
    """Return the month's demand as a ratio to one layer."""
    clock, values = world.clock, world.values
    growth = growth_of_children(values, clock.month_start)
    families = families_in_month(values, clock.month - clock.first_month, clock.month_start, growth)
    return families / (clock.month_end - clock.month_start) / _layer_rate(world)


@compiled
def _layers(world: World) -> int:
    return ceil(_ratio(world) * max(1.0, world.values.demand_police_teenage))


@compiled
def _first_id(world: World, layer: int) -> int:
    """Return the first id of a layer's month."""
    return ((layer << MONTH_BITS) | world.clock.month) << (FAMILY_BITS + 2)


@compiled
def _next_moment(world: World, id: int, moment: float) -> float:
    """Return when a candidate family arrives: a random time after the one before."""
    return moment - log(1.0 - draw(world.clock.key, id, Stage.FAMILY, 0, Family.MOMENT)) / _layer_rate(world)


@entry
def candidate_families(whole: Whole) -> int:
    """Return how many candidate families the month has, in all layers that its demand reaches."""
    world: World = whole[0]
    clock, families = world.clock, 0
    for layer in range(_layers(world)):
        id = _first_id(world, layer)
        moment = _next_moment(world, id, clock.month_start)
        while moment < clock.month_end:
            families += 1
            id += MOST_SIBLINGS
            moment = _next_moment(world, id, moment)
    return families


@entry
def first_contacts(whole: Whole) -> None:
    """Settle the month's first contacts; there is room for four children of every candidate family."""
    world: World = whole[0]
    clock, help, values = world.clock, world.help, world.values
    _make_way(world)
    sizes, needs = np.empty(MOST_SIBLINGS), np.empty(len(values.demand_need))
    ages, sources = np.empty(len(values.demand_age)), np.empty(len(values.demand_source))
    running_totals(values.demand_family_size, sizes)
    running_totals(values.demand_need, needs)
    running_totals(values.demand_age, ages)
    running_totals(values.demand_source, sources)
    ratio, waiting = _ratio(world), help.coming
    for layer in range(_layers(world)):
        id = _first_id(world, layer)
        moment = _next_moment(world, id, clock.month_start)
        while moment < clock.month_end:
            _, accepted, size, shared = uniforms(clock.key, id, Stage.FAMILY, 0, Family.MOMENT // 4)
            source, youngest, _, _ = uniforms(clock.key, id, Stage.FAMILY, 0, Family.SOURCE // 4)
            limit, years = ratio - layer, _age(ages, youngest)
            surges = values.demand_police_teenage != 1.0 and years >= _TEENAGE
            if surges and first_above(sources, source) == Source.POLICE:
                limit = (limit + layer) * values.demand_police_teenage - layer
            if accepted < limit:
                _family(world, id, moment, 1 + first_above(sizes, size), years, shared, needs)
            id += MOST_SIBLINGS
            moment = _next_moment(world, id, moment)
    _in_order(world, waiting)


@compiled
def _age(totals: Floats, luck: float) -> float:
    """Return an age in years: the band by its share, even within the band."""
    band = first_above(totals, luck)
    start = totals[band - 1] if band else 0.0
    slope = (_BAND_EDGES[band + 1] - _BAND_EDGES[band]) / (totals[band] - start)
    return slope * (luck - start) + _BAND_EDGES[band]


@compiled
def _family(world: World, id: int, moment: float, size: int, youngest: float, shared: float, needs: Any) -> None:
    """Settle the first contact of each of a family's children."""
    values, key = world.values, world.clock.key
    correlation = values.severity_sibling_correlation
    family_part = sqrt(correlation) * normal(shared)
    sibling = NOBODY
    for nth in range(size):
        _, _, own, gap = uniforms(key, id + nth, Stage.EPISODE, 0, Episode.SEVERITY // 4)
        age = youngest + nth * (2 * SIBLING_GAP * gap)
        if age >= 18.0:
            continue
        severity = family_part + sqrt(1 - correlation) * normal(own)
        adult_at = moment + (18.0 - age) * DAYS_A_YEAR
        need = first_above(needs, draw(key, id + nth, Stage.EPISODE, 0, Episode.NEED))
        row = _child(world, id + nth, moment, adult_at, severity, need)
        if row != NOBODY:
            if sibling != NOBODY:
                join_family(world, children_of(world)[row], children_of(world)[sibling])
            sibling = row


@compiled
def _child(world: World, id: int, moment: float, adult_at: float, severity: float, need: int) -> int:
    """Settle what a child's first contact leads to; return its row if it is known from now on, else `NOBODY`."""
    rules, count, clock = world.rules, world.tally.count, world.clock
    risk = exp(world.values.severity_risk_slope * severity)
    back, patience, works, score = uniforms(clock.key, id, Stage.EPISODE, 0, Episode.RETURN // 4)
    seen = severity + world.values.severity_observation_noise * normal(score)
    count[Count.CONTACT] += 1
    if seen > rules.referral_threshold:
        child = new_child(world, id, adult_at, severity, risk, need)
        schedule(world, child, Step.REFERRAL, moment)
        return child.row
    if seen > world.values.contact_early_help_threshold:
        return _ask(world, id, moment, (adult_at, severity, risk, need), (back, patience, works))
    count[Count.CONTACT_NO_ACTION] += 1
    limit = min(MOST_LIKELY, rules.relapse[Closure.CONTACT_NO_ACTION] * risk)
    if back < limit:
        when = moment + weibull(rules.relapse_scale, rules.relapse_power, back / limit)
        if when < min(adult_at, clock.horizon):
            child = new_child(world, id, adult_at, severity, risk, need)
            schedule(world, child, Step.CONTACT, when)
            return child.row
    return NOBODY


@compiled
def _ask(world: World, id: int, moment: float, child_of: Any, draws: Any) -> int:
    """Let early help be asked for a child; it is known from now on if anything could bring it back."""
    rules, coming = world.rules, coming_of(world)
    adult_at, severity, risk, need = child_of
    back, patience, works = draws
    # Whoever would stay away even if help never came and things got worse need not be made.
    worst = risk * exp(world.values.severity_risk_slope * world.values.severity_unmet_increment)
    hazard = max(rules.relapse[Closure.EARLY_HELP_UNMET], rules.relapse[Closure.EARLY_HELP_COMPLETED])
    row = NOBODY
    if back < min(MOST_LIKELY, hazard * worst * max(1.0, world.values.early_help_relative_risk)):
        child = new_child(world, id, adult_at, severity, risk, need)
        child.step = Step.EARLY_HELP
        row = child.row
    asking: Asking = coming[world.help.coming]
    asking.moment, asking.gives_up_at = moment, moment + exponential(world.values.early_help_patience, patience)
    asking.works, asking.row = works, row
    world.help.coming += 1
    return row


@compiled
def _in_order(world: World, first: int) -> None:
    """Put the month's requests for early help in the order of their moments, and of a family's those who may come back
    before the others.
    """
    for place in range(first + 1, world.help.coming):
        while place > first and _comes_before(coming_of(world)[place], coming_of(world)[place - 1]):
            _swap(coming_of(world)[place - 1], coming_of(world)[place])
            place -= 1


@compiled
def _comes_before(one: Asking, other: Asking) -> bool:
    known_first = one.row != NOBODY and other.row == NOBODY
    return one.moment < other.moment or (one.moment == other.moment and known_first)


@compiled
def _swap(one: Asking, other: Asking) -> None:
    moment, gives_up_at, works, row = one.moment, one.gives_up_at, one.works, one.row
    copy_asking(one, other)
    other.moment, other.gives_up_at, other.works, other.row = moment, gives_up_at, works, row


@compiled
def _make_way(world: World) -> None:
    """Move those who are not on the list yet to the start of their array."""
    help = world.help
    for place in range(help.coming):
        copy_asking(coming_of(world)[place], coming_of(world)[help.coming_first + place])
    help.coming_first = 0
