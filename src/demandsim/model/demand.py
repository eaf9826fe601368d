"""First contacts: families that come to the authority's notice, a month at a time.

Candidate families arrive on a fixed grid: layers of Poisson streams, each at the same reference rate, each candidate
with all its draws. A rate of 2.3 times the reference takes layers 0 and 1 whole and from layer 2 the candidates whose
own uniform lies below 0.3. So more demand keeps every earlier child, at the same moment with the same luck, and adds.

What a first contact leads to is settled here for the whole month at once, because most lead to nothing and need no
event: only children who are referred, ask for help or will come back become objects.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from itertools import repeat
from math import exp, log
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from demandsim.compiling import compiled
from demandsim.draws import (
    NO_DRAWS,
    NORMALS,
    SLICES,
    Draws,
    Episode,
    Family,
    Stage,
)
from demandsim.model.child import Asking, Child
from demandsim.model.world import MOST_LIKELY
from demandsim.philox import uniforms
from demandsim.vocabulary import DAYS_A_YEAR, Closure, Source

if TYPE_CHECKING:
    from demandsim.model.rules import Rules

#: Families per 10,000 children a year in one layer of the candidate grid. Not a parameter: changing it would change
#: every child. A little above the fitted demand in its busiest month, so that one layer is enough.
REFERENCE_RATE = 1000.0

#: The pathway itself runs for these years before the start; before them, only long stays are seeded.
BURN_IN_YEARS = 5
_MONTHS = 12

MOST_SIBLINGS = 4
_SEED_LAYER = 511
_FAMILY_BITS, _MONTH_BITS = 20, 9
#: How far apart siblings are in age, in years; a judgement (most intervals between births are two to three years).
SIBLING_GAP = 2.75


class Mix(NamedTuple):
    """Shares that shape first contacts, as running totals, and the demand that sets how many there are.

    Attributes:
        families_a_day: arrivals a day at this moment, before the surge of any source.
        police_teenage: ratio on police contacts about children aged 13 to 17.
    """

    families_a_day: float
    police_teenage: float
    size: NDArray[np.float64]
    age: NDArray[np.float64]
    need: NDArray[np.float64]
    source: NDArray[np.float64]
    sibling_correlation: float


#: A moment, and the child that then arrives.
Arrival = tuple[float, Child]


class FirstContacts(NamedTuple):
    """What a month of first contacts comes to.

    Attributes:
        contacts: how many children were contacted about.
        no_action: of them, those below every threshold.
        referred: children referred, at the moment of the contact.
        help_asked: the moments at which early help is asked for a child, and what is asked.
        back: children for whom nothing is done and who will be contacted about again, at that later moment.
    """

    contacts: int
    no_action: int
    referred: list[Arrival]
    help_asked: list[tuple[float, Asking]]
    back: list[Arrival]


#: Age in years, spread evenly inside each band of `AGE_BANDS`; the first begins before birth, as contacts do.
_BAND_EDGES = np.array([-0.4, 1.0, 5.0, 10.0, 16.0, 18.0])


def growth_of_children(values: Mapping[str, Any], now: float) -> float:
    """Return the number of children at a moment against that of the first day."""
    return float((1 + values["population.growth"] / 100) ** (now / DAYS_A_YEAR))


def families_in_month(values: Mapping[str, Any], month: int, now: float, growth: float) -> float:
    """Return new families of a month: the level of 2013-14, its history or future, the season, and the lever.

    Args:
        values: parameters in force.
        month: months since the start.
        now: the month's first moment, in days.
        growth: of the number of children since the start.
    """
    rate = values["demand.new_families"] * values["population.children"] * growth / 1e4 * values["demand.level"]
    rate *= against_2013_14(values, "demand", month)
    if month >= 2 * _MONTHS:
        # `demand.after` is the level of the whole second year: growth since then counts from its middle.
        rate *= (1 + values["demand.growth"] / 100) ** (now / DAYS_A_YEAR - 1.5)
    return float(rate * values["demand.monthly_shape"][month % _MONTHS])


def against_2013_14(values: Mapping[str, Any], what: str, month: int) -> float:
    """Return how much there was of new families or of readiness for enquiries, as a ratio to the year 2013-14.

    Args:
        values: parameters in force.
        what: group of the parameters `before`, a ratio for each year of the burn-in, and `after`.
        month: months since the start.
    """
    year = month // _MONTHS
    if year < 0:
        return float(values[f"{what}.before"][max(0, BURN_IN_YEARS + year)])
    return float(values[f"{what}.after"]) if year else 1.0


def month_of_contacts(
    draws: Draws, month: int, start: float, end: float, horizon: float, population: float, mix: Mix, rules: Rules
) -> FirstContacts:
    """Return the first contacts of a month.

    Args:
        draws: the replication's draws.
        month: index of the month in the calendar; keys the draws.
        start: the month's first moment, in days.
        end: its last.
        horizon: the run's last moment; who would come back later is not listed.
        population: children in the authority at the start of the run, which sets the size of a layer.
        mix: rates and shares in force.
        rules: thresholds and hazards in force.
    """
    layer_rate = REFERENCE_RATE * population / 1e4 / DAYS_A_YEAR
    ratio = mix.families_a_day / layer_rate
    ceiling = ratio * max(1.0, mix.police_teenage)
    parts = [
        _decided(_candidates(draws, layer, month, start, end, layer_rate, ratio - layer, mix), horizon, rules)
        for layer in range(int(np.ceil(ceiling)))
    ]
    return FirstContacts(
        sum(part.contacts for part in parts),
        sum(part.no_action for part in parts),
        [arrival for part in parts for arrival in part.referred],
        [arrival for part in parts for arrival in part.help_asked],
        [arrival for part in parts for arrival in part.back],
    )


class _Candidates(NamedTuple):
    """The children of a layer's month, one of each array for each of them; `rows` are their draws."""

    ids: NDArray[np.int64]
    moment: NDArray[np.float64]
    adult_at: NDArray[np.float64]
    severity: NDArray[np.float64]
    need: NDArray[np.int64]
    rows: NDArray[np.float64]


def _candidates(
    draws: Draws, layer: int, month: int, start: float, end: float, rate: float, wanted: float, mix: Mix
) -> _Candidates:
    """Return a layer's children; `wanted` is the demand left for the layer, as a ratio to its rate."""
    number = (layer << _MONTH_BITS) | month
    moment, family, each = _grid(draws.key, number << (_FAMILY_BITS + 2), rate, start, end)

    size = 1 + np.searchsorted(mix.size, family[:, Family.SIZE], side="right")
    youngest = _age(mix.age, family[:, Family.YOUNGEST])
    source = np.searchsorted(mix.source, family[:, Family.SOURCE], side="right")
    limit = np.full(len(moment), wanted)
    if mix.police_teenage != 1.0:
        surge = (source == Source.POLICE) & (youngest >= 13)
        limit[surge] = (limit[surge] + layer) * mix.police_teenage - layer
    kept = family[:, Family.ACCEPTED] < limit

    order = np.arange(MOST_SIBLINGS)
    present = kept[:, None] & (order < size[:, None])
    age = youngest[:, None] + order * (2 * SIBLING_GAP * each[:, :, Episode.AGE])
    present &= age < 18.0
    which, nth = np.nonzero(present)
    rows = each[which, nth]
    shared = mix.sibling_correlation
    severity = np.sqrt(shared) * _normal(family[which, Family.SEVERITY]) + np.sqrt(1 - shared) * _normal(
        rows[:, Episode.SEVERITY]
    )
    moment = moment[which]
    return _Candidates(
        ids=(((number << _FAMILY_BITS) + which) << 2) + nth,
        moment=moment,
        adult_at=moment + (18.0 - age[which, nth]) * DAYS_A_YEAR,
        severity=severity,
        need=np.searchsorted(mix.need, rows[:, Episode.NEED], side="right"),
        rows=rows,
    )


def _decided(candidates: _Candidates, horizon: float, rules: Rules) -> FirstContacts:
    """Return what is decided about each child at its contact, and who comes back if nothing is done."""
    ids, moment, adult_at, severity, need, rows = candidates
    risk = _exp(rules.risk_slope * severity)
    seen = severity + rules.noise * _normal(rows[:, Episode.CONTACT_SCORE])
    referred = seen > rules.referral_threshold
    help_asked = ~referred & (seen > rules.early_help_threshold)
    no_action = ~referred & ~help_asked
    limit = np.minimum(MOST_LIKELY, rules.relapse[Closure.CONTACT_NO_ACTION] * risk)
    back = no_action & (rows[:, Episode.RETURN] < limit)
    law = rules.relapse_time
    moment[back] += [law.at(draw) for draw in (rows[back, Episode.RETURN] / limit[back]).tolist()]
    back &= moment < np.minimum(adult_at, horizon)

    def children(chosen: NDArray[np.bool_], columns: int) -> list[Child]:
        # As plain numbers, and of each child's draws only those it will use: this is most of what a month costs.
        numbers = [part[chosen].tolist() for part in (ids, adult_at, severity, risk, need)]
        return list(
            map(Child, *numbers, [array("d", row.tobytes()) for row in rows[chosen]] if columns else repeat(NO_DRAWS))
        )

    def arrivals(chosen: NDArray[np.bool_], columns: int) -> list[Arrival]:
        return list(zip(moment[chosen].tolist(), children(chosen, columns), strict=True))

    # Whoever would stay away even if help never came and things got worse need not be made.
    worst = risk * exp(rules.risk_slope * rules.unmet_increment)
    hazard = max(rules.relapse[Closure.EARLY_HELP_UNMET], rules.relapse[Closure.EARLY_HELP_COMPLETED])
    may_come_back = rows[:, Episode.RETURN] < np.minimum(
        MOST_LIKELY, hazard * worst * max(1.0, rules.help_relative_risk)
    )
    gives_up_at = moment + np.array([rules.patience.of(draw) for draw in rows[:, Episode.PATIENCE].tolist()])
    asked: list[tuple[float, Asking]] = []
    for chosen, may_come in ((help_asked & may_come_back, True), (help_asked & ~may_come_back, False)):
        who: Sequence[Child | None] = children(chosen, 1) if may_come else [None] * int(chosen.sum())
        asking = zip(gives_up_at[chosen].tolist(), rows[chosen, Episode.HELP_WORKS].tolist(), who, strict=True)
        asked += zip(moment[chosen].tolist(), asking, strict=True)
    return FirstContacts(len(ids), int(no_action.sum()), arrivals(referred, 1), asked, arrivals(back, 0))


def _age(bands: NDArray[np.float64], draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ages in years: the band by its share, even within the band."""
    edges = np.concatenate([[0.0], bands])
    ages: NDArray[np.float64] = np.interp(draws, edges, _BAND_EDGES)
    return ages


def _exp(values: NDArray[np.float64]) -> NDArray[np.float64]:
    # As the handlers do it: the array function of NumPy differs in the last bit.
    return np.array([exp(value) for value in values.tolist()])


@compiled
def _grid(key, first, rate, start, end):  # type: ignore[no-untyped-def]
    """Return the moments of a layer's families in a month, the draws of each, and those of four children of each.

    Every candidate has draws for four children, used or not: the grid must not depend on the scenario.
    """
    families, moment = 0, start
    while True:
        moment -= log(1.0 - uniforms(key, first + 4 * families, Stage.FAMILY, 0, 0)[Family.MOMENT]) / rate
        if moment >= end:
            break
        families += 1
    moments, family, each = np.empty(families), np.empty((families, 8)), np.empty((families, 4, 20))
    moment = start
    for place in range(families):
        who = first + 4 * place
        for block in range(2):
            family[place, 4 * block : 4 * block + 4] = uniforms(key, who, Stage.FAMILY, 0, block)
        moment -= log(1.0 - family[place, Family.MOMENT]) / rate
        moments[place] = moment
        for nth in range(4):
            for block in range(5):
                each[place, nth, 4 * block : 4 * block + 4] = uniforms(key, who + nth, Stage.EPISODE, 0, block)
    return moments, family, each


def _normal(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    quantile: NDArray[np.float64] = NORMALS[(draws * SLICES).astype(int)]
    return quantile


def seed_id(month: int, kind: int, number: int) -> int:
    """Return the id of a child that enters the run without a first contact; from a layer that no demand reaches."""
    return ((((_SEED_LAYER << _MONTH_BITS) | month) << _FAMILY_BITS) + (kind << 17) + number) << 2
