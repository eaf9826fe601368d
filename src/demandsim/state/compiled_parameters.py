"""Parameter values turned into what the steps read: tables by age, rates by day, scales of distributions.

Compiled anew whenever a lever moves or load changes, so that no step looks a parameter up by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from statistics import NormalDist
from typing import Annotated, Any, TypeAlias

import numpy as np

from demandsim.distributions import lognormal_median, lognormal_sigma, weibull_scale
from demandsim.engine.compiling import compiled
from demandsim.engine.record import Floats, Record
from demandsim.scenario.parameters import PARAMETERS
from demandsim.vocabulary import AGE_BANDS, DAYS_A_YEAR, Closure, Need, age_band


def field(name: str) -> str:
    """Return what a parameter is called in a record."""
    return name.replace(".", "_")


def values_layout() -> np.dtype[Any]:
    """Return the layout of a record of parameter values."""
    return np.dtype(
        [
            (field(name), np.float64, (len(parameter.columns),)) if parameter.columns else (field(name), np.float64)
            for name, parameter in PARAMETERS.items()
        ]
    )


#: A record with a field for each parameter: `court.weeks` is `values.court_weeks`.
Values: TypeAlias = Annotated[Any, values_layout()]

_AGES = len(AGE_BANDS)
#: Ages 0 to 18 in single years, so that tables can be indexed by age.
YEARS_OF_AGE = 19
_BAND_OF_AGE = np.array([age_band(age) for age in range(YEARS_OF_AGE)])
_NEEDS, _CLOSURES, _ROUTES, _CHOICES = Need.words.size, Closure.words.size, 5, 5
#: Places in a list of placement shares of children's homes and other placements.
_FIRST_RESIDENTIAL = 3
_ByAge: TypeAlias = Annotated[Floats, (YEARS_OF_AGE,)]


class Rules(Record):
    """The compiled parameters of one moment. Times are in days, chances are probabilities, lists of shares are running
    totals.
    """

    change: float
    referral_threshold: float
    enquiry_threshold: float
    relapse: Annotated[Floats, (_CLOSURES,)]
    relapse_scale: float
    relapse_power: float
    help_works: float
    help_places: float
    assessment_scale: float
    initial_scale: float
    assessment_power: float
    assessment_to_care: _ByAge
    enquiry_to_care: _ByAge
    concern_rate: float
    concern_rate_after_plan: float
    concern_by_need: Annotated[Floats, (_NEEDS,)]
    substantiated: float
    slips: float
    review_late: float
    plan_to_care: _ByAge
    need_length: Annotated[Floats, (3,)]
    need_days: Annotated[Floats, (3,)]
    step_down_days: float
    need_to_care: _ByAge
    care_route: Annotated[Floats, (YEARS_OF_AGE, _ROUTES)]
    home_median: float
    guardianship_median: float
    matching_median: _ByAge
    order_median: float
    court_median: float
    court_sigma: float
    breakdown: float
    breakdown_power: float
    placement_choice: Annotated[Floats, (_NEEDS, YEARS_OF_AGE, _CHOICES)]
    move_power: float
    moves_by_age: _ByAge
    spill_moves: float
    spill_delay: float
    spill_away: float
    missing_rate: _ByAge
    missing_rise: float
    missing_rise_interviewed: float
    leaver_activity: Annotated[Floats, (4,)]


def take(values: Values, given: Mapping[str, Any]) -> None:
    """Write values of parameters into their fields."""
    for name, value in given.items():
        values[field(name)] = value


@lru_cache
def threshold_for(threshold: float, noise: float, ratio: float) -> float:
    """Return the threshold that so many times as many first contacts are seen to be above."""
    if ratio == 1.0:
        return threshold
    seen = NormalDist(sigma=(1.0 + noise**2) ** 0.5)
    above = ratio * (1.0 - seen.cdf(threshold))
    return seen.inv_cdf(1.0 - above) if 0.0 < above < 1.0 else threshold


@compiled
def compile_rules(world: Any) -> None:
    """Compile the parameters in force, under the load and practice of the month."""
    _severity_and_front_door(world)
    _relapse(world)
    _early_help(world)
    _assessment(world)
    _protection(world)
    _need(world)
    _care(world)
    _times_in_care(world)
    _placement(world)
    _choices(world)
    _missing_and_leaving(world)


@compiled
def running_totals(shares: Floats, totals: Floats) -> None:
    """Write running totals of shares, the last one whole so that every draw finds a place."""
    total = 0.0
    for place in range(len(shares)):
        total += shares[place]
        totals[place] = total
    totals[len(shares) - 1] = 1.0


@compiled
def by_single_year(bands: Floats, years: Floats, factor: float) -> None:
    """Spread a factor times one value per age band over the ages 0 to 18."""
    for age in range(YEARS_OF_AGE):
        years[age] = factor * bands[_BAND_OF_AGE[age]]


@compiled
def _severity_and_front_door(world: Any) -> None:
    rules, v, practice = world.rules, world.values, world.practice
    rules.change = (1.0 - v.severity_persistence**2) ** 0.5
    rules.referral_threshold = v.contact_referral_threshold + practice.threshold


@compiled
def _relapse(world: Any) -> None:
    rules, v = world.rules, world.values
    strength = v.relapse_strength
    # Pressed work is worse work: that is of cases that social workers closed.
    worked = strength * world.practice.relapse
    rules.relapse[Closure.CONTACT_NO_ACTION] = strength * v.relapse_after_contact
    # Who asked for help in vain is like who got it, but for its effect.
    rules.relapse[Closure.EARLY_HELP_COMPLETED] = strength * v.relapse_after_early_help
    rules.relapse[Closure.EARLY_HELP_UNMET] = strength * v.relapse_after_early_help
    rules.relapse[Closure.REFERRAL_NO_FURTHER_ACTION] = worked * v.relapse_after_referral
    rules.relapse[Closure.NOT_IN_NEED] = worked * v.relapse_after_assessment
    rules.relapse[Closure.CHILD_IN_NEED_CLOSED] = worked * v.relapse_after_need
    rules.relapse[Closure.PROTECTION_PLAN_CLOSED] = worked * v.relapse_after_plan
    rules.relapse[Closure.CARE_CLOSED] = worked * v.relapse_after_care
    rules.relapse_scale = weibull_scale(v.relapse_median_days, v.relapse_shape)
    rules.relapse_power = 1.0 / v.relapse_shape


@compiled
def _early_help(world: Any) -> None:
    rules, v, practice = world.rules, world.values, world.practice
    rules.help_works = min(1.0, v.early_help_effective * practice.help_works)
    spend = v.budget_prevention * v.population_children * practice.prevention
    cases_a_year = spend / v.early_help_unit_cost
    rules.help_places = cases_a_year * v.early_help_duration / DAYS_A_YEAR


@compiled
def _assessment(world: Any) -> None:
    rules, v = world.rules, world.values
    rules.assessment_scale = weibull_scale(v.assessment_median_working_days, v.assessment_shape)
    rules.initial_scale = weibull_scale(v.assessment_initial_working_days, v.assessment_shape)
    rules.assessment_power = 1.0 / v.assessment_shape
    by_single_year(v.care_age_effect, rules.assessment_to_care, v.assessment_to_care)
    by_single_year(v.care_age_effect, rules.enquiry_to_care, v.enquiry_to_care)


@compiled
def _later(share: float, slow: float) -> float:
    """Return the share that is late when everything slows: of what was in time, as much as is not done."""
    return 1.0 - (1.0 - share) / slow


@compiled
def _protection(world: Any) -> None:
    rules, v, readiness = world.rules, world.values, world.practice.readiness
    rules.concern_rate = v.enquiry_concerns * readiness / DAYS_A_YEAR
    # A second plan comes from the same hazard as any return, so the relapse switch stops it too.
    rules.concern_rate_after_plan = rules.concern_rate * v.enquiry_after_plan * v.relapse_strength
    # Disabled children are in need of services rather than at risk: they draw the long plan, not the concerns.
    rules.concern_by_need[:] = 1.0
    rules.concern_by_need[Need.DISABILITY] = 0.1
    # Enquiries made more readily are less often substantiated, so there are fewer for each of them.
    substantiated = (1.0 + v.enquiry_marginal * (readiness - 1.0)) / max(readiness, 1e-9)
    rules.substantiated = min(1.0, v.enquiry_substantiated * substantiated)
    rules.slips = _later(v.conference_slips, world.practice.slow)
    rules.review_late = _later(v.plan_review_late, world.practice.slow)
    by_single_year(v.care_age_effect, rules.plan_to_care, v.plan_to_care / DAYS_A_YEAR)


@compiled
def _need(world: Any) -> None:
    rules, v = world.rules, world.values
    running_totals(v.need_length, rules.need_length)
    # Pressed workers close cases sooner than they would, which is part of why more come back.
    sooner = world.practice.relapse
    rules.need_days[0] = v.need_short_days / sooner
    rules.need_days[1] = v.need_medium_days / sooner
    rules.need_days[2] = v.need_long_days / sooner
    rules.step_down_days = v.need_step_down_days / sooner
    by_single_year(v.care_age_effect, rules.need_to_care, v.need_to_care / DAYS_A_YEAR)


@compiled
def _care(world: Any) -> None:
    rules, v = world.rules, world.values
    shares = np.empty(_ROUTES)
    for age in range(YEARS_OF_AGE):
        band = _BAND_OF_AGE[age]
        home, guardianship, other = v.care_home[band], v.care_guardianship[band], v.care_other[band]
        # Those not adopted any more stay, as far as there is room.
        adoption = min(v.care_adoption[band] * v.care_adoption_level, 1.0 - home - guardianship - other)
        shares[0], shares[1], shares[2], shares[3] = home, adoption, guardianship, other
        shares[4] = 1.0 - home - adoption - guardianship - other
        running_totals(shares, rules.care_route[age])
    worked = v.relapse_strength * world.practice.relapse
    rules.breakdown = v.care_breakdown * v.care_breakdown_level * worked
    rules.breakdown_power = 1.0 / v.care_breakdown_shape


@compiled
def _times_in_care(world: Any) -> None:
    rules, v, practice = world.rules, world.values, world.practice
    drift = practice.drift
    rules.home_median = v.care_home_median_days * drift
    rules.guardianship_median = v.care_guardianship_days * drift
    by_single_year(v.care_matching_days, rules.matching_median, drift)
    rules.order_median = v.care_adoption_order_days * drift
    rules.court_median = lognormal_median(7 * v.court_weeks * practice.court, v.court_variation)
    rules.court_sigma = lognormal_sigma(v.court_variation)


@compiled
def _placement(world: Any) -> None:
    rules, v = world.rules, world.values
    rules.move_power = 1.0 / v.placement_shape
    by_single_year(v.placement_moves_by_age, rules.moves_by_age, 1.0)
    strength = v.loop_sufficiency
    rules.spill_moves = 1.0 + (v.placement_spill_moves - 1.0) * strength
    rules.spill_delay = v.placement_spill_delay * strength
    rules.spill_away = v.placement_spill_away * strength


@compiled
def _choices(world: Any) -> None:
    """Weigh first choices of placement, by need: those that are not families weigh more or less."""
    rules, v = world.rules, world.values
    shares = np.empty(_CHOICES)
    for need in range(_NEEDS):
        lean = v.placement_residential_by_need[need]
        for age in range(YEARS_OF_AGE):
            band, total = _BAND_OF_AGE[age], 0.0
            for choice in range(_CHOICES):
                if band == 0:
                    share = v.placement_under_1[choice]
                elif band == 1:
                    share = v.placement_1_to_4[choice]
                elif band == 2:
                    share = v.placement_5_to_9[choice]
                elif band == 3:
                    share = v.placement_10_to_15[choice]
                else:
                    share = v.placement_16_up[choice]
                shares[choice] = share * (lean if choice >= _FIRST_RESIDENTIAL else 1.0)
                total += shares[choice]
            for choice in range(_CHOICES):
                shares[choice] /= total
            running_totals(shares, rules.placement_choice[need, age])


@compiled
def _missing_and_leaving(world: Any) -> None:
    rules, v = world.rules, world.values
    for age in range(YEARS_OF_AGE):
        rules.missing_rate[age] = v.missing_episodes[_BAND_OF_AGE[age]] / DAYS_A_YEAR
    rise = v.missing_raises_risk - 1.0
    rules.missing_rise = 1.0 + rise
    rules.missing_rise_interviewed = 1.0 + rise * (1.0 - v.missing_interview_effect)
    running_totals(v.leaver_activity, rules.leaver_activity)
