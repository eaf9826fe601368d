"""What load, money and practice do to the work: the multipliers through which the loops close.

Values were fitted to 2013-14, pressure included. So load acts only where it differs from that year's: at the reference
every multiplier is 1, and a loop switched off stays there.
"""

from __future__ import annotations

from math import log
from typing import Any

from demandsim.engine.compiling import compiled, entry
from demandsim.model.assessment import begin_assessment
from demandsim.model.inspection import INADEQUATE, begin_inspection, month_of_inspection, quality_of
from demandsim.state.office import MONTHS_A_YEAR
from demandsim.state.office import Practice as Kept
from demandsim.state.world import Whole, World
from demandsim.vocabulary import USUAL_MIX, Tier

#: Load further from the reference than this has no further effect: nobody has seen what it would do.
_LEAST_LOAD, _MOST_LOAD = 0.5, 2.0
#: Part of a month's load that people feel; the rest is what they felt before.
_FELT = 1 / 3
#: Nobody waits longer for a court than this many times as long.
_MOST_COURT = 3.0
#: Services for all spend at least this part of what they did, for what they notice.
_LEAST_NOTICED = 0.1


@entry
def begin(whole: Whole) -> None:
    """Settle the quality of practice, the authority's own, the same in every scenario; load is as it was fitted."""
    world: World = whole[0]
    practice = world.practice
    practice.felt = world.values.pressure_reference
    practice.speed = 1.0
    values = world.values
    practice.usual_changes = values.practice_director_changes
    practice.usual_interviews = values.missing_interviewed
    practice.usual_staying_put = values.leaver_staying_put
    practice.usual_leavers = values.leaver_for_each_adviser
    world.help.threshold = values.contact_early_help_threshold
    practice.churn = values.workforce_turnover + values.workforce_vacancies * values.workforce_agency_cover
    practice.delivered = _delivered(world)
    practice.dips_until = -1
    begin_inspection(world)
    begin_assessment(world)
    neutral(practice)


@compiled
def neutral(practice: Kept) -> None:
    """Let nothing press on the work."""
    practice.slow = practice.sooner = practice.drift = practice.court = 1.0
    practice.turnover = practice.help = practice.noise = 1.0
    practice.universal = practice.targeted = practice.noticed = 1.0
    practice.threshold = 0.0


@compiled
def feel_load(practice: Kept, wanted: float, supplied: float, cases: float) -> None:
    """Take a month's hours, and its cases over those that the team can hold: the worse of the two is felt."""
    most = _MOST_LOAD / _LEAST_LOAD
    idle = most if wanted > 0 else 0.0
    ratio = min(most, wanted / supplied) if supplied > 0 else idle
    practice.felt += _FELT * (max(ratio, min(most, cases)) - practice.felt)
    practice.speed = 1.0 if ratio <= 1.0 else 1.0 / ratio


@compiled
def feel_churn(practice: Kept, left: float, agency: float) -> None:
    """Take a month's changes of worker: those who left, as a share, and agency workers among those there."""
    practice.churn += (MONTHS_A_YEAR * left + agency - practice.churn) / MONTHS_A_YEAR


@compiled
def usual_effect(effects: Any, changes: float, months: float) -> float:
    """Return the mean effect over the authorities of 2013-14, some of them between directors.

    Args:
        effects: of each quality of practice.
        changes: of director, a year.
        months: for which practice dips after one.
    """
    dipping = 1.0 - (1.0 - min(changes / MONTHS_A_YEAR, 1.0)) ** months
    effect = 0.0
    for quality in range(len(USUAL_MIX)):
        dipped = effects[min(INADEQUATE, quality + 1)]
        effect += USUAL_MIX[quality] * ((1 - dipping) * effects[quality] + dipping * dipped)
    return effect


@compiled
def _effect(world: World, effects: Any) -> float:
    """Return the effect of practice on something, against the mean of all authorities with changes of director."""
    values, practice = world.values, world.practice
    quality = quality_of(world, world.inspection.practice)
    if world.clock.month < practice.dips_until:
        quality = min(INADEQUATE, quality + 1)
    usual: float = usual_effect(effects, practice.usual_changes, values.practice_director_months)
    effect: float = effects[quality] / usual
    return effect


@compiled
def press(world: World, court: float) -> None:
    """Let a month come to the authority's practice, and work out what presses on the work of the month.

    Args:
        world: at the month's start.
        court: applications before the court over its capacity.
    """
    values, practice = world.values, world.practice
    month_of_inspection(world)
    ratio = min(_MOST_LOAD, max(_LEAST_LOAD, practice.felt / values.pressure_reference))
    practice.slow = 1.0 / max(practice.speed, _LEAST_LOAD / _MOST_LOAD)
    strength = values.pressure_early_closing * values.loop_failure_demand
    practice.sooner = ratio**strength
    practice.delivered = _delivered(world)
    strength = values.pressure_drift * values.loop_drift
    practice.drift = ratio**strength * _effect(world, values.practice_drift)
    strength = values.pressure_turnover * values.loop_workload_spiral
    practice.turnover = ratio**strength * _effect(world, values.practice_turnover)
    practice.court = min(max(1.0, court), _MOST_COURT)
    practice.threshold = values.pressure_threshold * values.loop_threshold_creep * log(ratio)
    practice.help = _effect(world, values.practice_help)
    practice.noise = _effect(world, values.practice_noise)
    _spread_cut(world)


@compiled
def _delivered(world: World) -> float:
    """Return the part of the help of open cases that reaches families: visits made, by workers who stay."""
    values, practice = world.values, world.practice
    missed = values.loop_failure_demand * (1.0 - practice.speed)
    changed = values.help_lost_with_worker * practice.churn
    return max(0.0, 1.0 - missed) * max(0.0, 1.0 - changed)


@compiled
def _spread_cut(world: World) -> None:
    """Let a cut of prevention fall on universal services first, and notice what they notice."""
    values, practice, base = world.values, world.practice, world.money.base_tiers[Tier.UNIVERSAL]
    universal, targeted = values.prevention_universal, values.prevention_targeted
    withheld = world.money.cut * (universal + targeted)
    first = min(withheld, values.budget_universal_first * universal)
    rest = min(withheld - first, targeted)
    practice.universal = 1.0 - (withheld - rest) / universal if universal > 0 else 1.0
    practice.targeted = 1.0 - rest / targeted if targeted > 0 else 1.0
    ratio = max(_LEAST_NOTICED, universal * practice.universal / base) if base > 0 else 1.0
    practice.noticed = ratio**values.prevention_noticing
