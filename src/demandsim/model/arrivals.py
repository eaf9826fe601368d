"""First contacts: families that come to the authority's notice, a month at a time.

Candidate families arrive on a fixed grid: layers of Poisson streams, each at the same reference rate, each candidate
with all its draws. A rate of 2.3 times the reference takes layers 0 and 1 whole and from layer 2 the candidates whose
own draw lies below 0.3. So more demand keeps every earlier child, at the same moment with the same draws, and adds.

Whoever comes to notice is known until the eighteenth birthday, whatever the contact leads to.
"""

from __future__ import annotations

from math import ceil, exp, log, sqrt
from typing import Any

import numpy as np

from demandsim.distributions import normal
from demandsim.draws import Episode, Family, First, Stage
from demandsim.engine.compiling import compiled, entry
from demandsim.engine.event_calendar import NOBODY
from demandsim.engine.philox import draw, uniforms
from demandsim.engine.record import Floats
from demandsim.model.assessment import neglected
from demandsim.model.cases import first_above
from demandsim.model.front_door import received
from demandsim.state.children import Child
from demandsim.state.compiled_parameters import Values, running_totals
from demandsim.state.office import MONTHS_A_YEAR
from demandsim.state.world import MOST_SIBLINGS, Whole, World, children_of, join_family, months_of, new_child
from demandsim.vocabulary import DAYS_A_YEAR, Source

#: Families per 10,000 children a year in one layer of the candidate grid. Not a parameter: changing it would change
#: every child. A little above the fitted demand in its busiest month, so that one layer is enough.
REFERENCE_RATE = 200.0
#: The pathway itself runs for these years before the start; before them, only long stays are seeded.
BURN_IN_YEARS = 5
SEED_LAYER = 511
FAMILY_BITS, MONTH_BITS = 20, 9
#: How far apart siblings are in age, in years; a judgement (most intervals between births are two to three years).
SIBLING_GAP = 2.75
#: Age in years, spread evenly inside each band of `AGE_BANDS`; the first begins before birth, as contacts do.
_BAND_EDGES = (-0.4, 1.0, 5.0, 10.0, 16.0, 18.0)
_TEENAGE = 13.0
#: Of children who come into care, most do within so many years of coming to notice (V031).
_YEARS_TO_CARE = 3.0


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
def demand_in_month(values: Values, month: int, now: float) -> float:
    """Return the month's demand for each child, as a ratio to 2013-14: its history or future, the season, the lever.

    Args:
        values: parameters in force.
        month: months since the start.
        now: the month's first moment, in days.
    """
    ratio = values.demand_level * against_2013_14(values.demand_before, values.demand_after, month)
    if month >= 2 * MONTHS_A_YEAR:
        # `demand.after` is the level of the whole second year: growth since then counts from its middle.
        ratio *= (1 + values.demand_growth / 100) ** (now / DAYS_A_YEAR - 1.5)
    season: float = MONTHS_A_YEAR * values.demand_monthly_shape[month % MONTHS_A_YEAR]
    return ratio * season


@compiled
def families_in_month(values: Values, demand: float, growth: float) -> float:
    """Return new families of a month.

    Args:
        values: parameters in force.
        demand: for each child, as a ratio to 2013-14.
        growth: of the number of children since the start.
    """
    a_month: float = values.demand_new_families * values.population_children * growth / 1e4 / MONTHS_A_YEAR
    return a_month * demand


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
    families = families_in_month(values, world.practice.demand, growth)
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
    """Let the month's families come to notice; there is room for four children of every candidate family."""
    world: World = whole[0]
    clock, values = world.clock, world.values
    sizes, needs = np.empty(MOST_SIBLINGS), np.empty(len(values.demand_need))
    ages, sources = np.empty(len(values.demand_age)), np.empty(len(values.demand_source))
    running_totals(values.demand_family_size, sizes)
    running_totals(values.demand_need, needs)
    running_totals(values.demand_age, ages)
    running_totals(values.demand_source, sources)
    ratio = _ratio(world)
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


@compiled
def _age(totals: Floats, uniform: float) -> float:
    """Return an age in years: the band by its share, even within the band."""
    band = first_above(totals, uniform)
    start = totals[band - 1] if band else 0.0
    slope = (_BAND_EDGES[band + 1] - _BAND_EDGES[band]) / (totals[band] - start)
    return slope * (uniform - start) + _BAND_EDGES[band]


@compiled
def _family(world: World, id: int, moment: float, size: int, youngest: float, shared: float, needs: Any) -> None:
    """Make the children of a family, and let each be contacted about.

    In the years before the pathway itself is simulated they only become known, if they will still be children then.
    """
    clock, pathway_starts = world.clock, months_of(world)[world.clock.first_real_month].start
    sibling = NOBODY
    for nth in range(size):
        _, _, _, gap = uniforms(clock.key, id + nth, Stage.EPISODE, 0, Episode.SEVERITY // 4)
        age = youngest + nth * (2 * SIBLING_GAP * gap)
        adult_at = moment + (18.0 - age) * DAYS_A_YEAR
        if age >= 18.0 or adult_at <= pathway_starts:
            continue
        need = first_above(needs, draw(clock.key, id + nth, Stage.EPISODE, 0, Episode.NEED))
        before = clock.month < clock.first_real_month
        child = _child(world, id + nth, adult_at, need, shared, before)
        if before:
            child.settled = _taken_since(world, child, (pathway_starts - moment) / DAYS_A_YEAR)
        if sibling != NOBODY:
            join_family(world, child, children_of(world)[sibling])
        sibling = child.row
        if not before:
            received(world, child, moment, world.partners.contacts)


@compiled
def _child(world: World, id: int, adult_at: float, need: int, shared: float, before: bool) -> Child:
    """Make a child of a family; who comes to notice is in a crisis then, who did so years ago no longer is."""
    rules, values = world.rules, world.values
    own, slow, fast, planned = uniforms(world.clock.key, id, Stage.FIRST, 0, First.PERMANENT // 4)
    correlation = values.severity_sibling_correlation
    permanent = sqrt(correlation) * normal(shared) + sqrt(1 - correlation) * normal(own)
    kind = neglected(world, id, need)
    crisis = 0.0 if before else values.severity_crisis
    circumstances = (
        rules.permanent_spread * permanent,
        rules.slow_spread * rules.slow_times[kind] * normal(slow),
        rules.fast_times[kind] * (rules.fast_spread * normal(fast) + crisis),
    )
    child = new_child(world, id, adult_at, circumstances, need, kind)
    if before:
        # Plans of those years were of the children whose families are worst off.
        child.plans = int(planned < values.start_planned * exp(values.contact_slope * child.permanent))
    return child


@compiled
def _taken_since(world: World, child: Child, years: float) -> bool:
    """Return whether a child that came to notice years before the pathway is simulated is one of those taken into care
    since: others, seeded with a period of care, stand for them.
    """
    values, size = world.values, 0.0
    for place in range(len(values.demand_family_size)):
        size += (place + 1) * values.demand_family_size[place]
    slope, spread = values.care_slope, world.rules.permanent_spread
    likely = values.start_care_starts / (values.demand_new_families * size) * (1.0 - exp(-years / _YEARS_TO_CARE))
    likely *= exp(slope * child.permanent - (slope * spread) ** 2 / 2)
    return draw(world.clock.key, child.id, Stage.FIRST, 0, First.TAKEN) < likely
