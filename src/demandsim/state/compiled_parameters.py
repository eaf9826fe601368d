"""Parameter values turned into what the steps read: tables by age, rates by day, scales of distributions.

Compiled again whenever a lever moves or load changes, so that no step looks a parameter up by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import exp, log
from statistics import NormalDist
from typing import Annotated, Any, TypeAlias

import numpy as np

from demandsim.distributions import lognormal_median, lognormal_sigma, weibull_scale
from demandsim.engine.compiling import compiled
from demandsim.engine.record import Floats, Record
from demandsim.scenario.parameters import PARAMETERS
from demandsim.vocabulary import AGE_BANDS, DAYS_A_YEAR, Moved, Need, Source, State, age_band


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
_NEEDS, _STATES, _ROUTES, _CHOICES = Need.words.size, State.words.size, 5, 5
#: Places in a list of placement shares of children's homes and other placements.
_FIRST_RESIDENTIAL = 3
_ByAge: TypeAlias = Annotated[Floats, (YEARS_OF_AGE,)]
_ByState: TypeAlias = Annotated[Floats, (_STATES,)]
#: By whether a child's need is neglect.
_ByNeglect: TypeAlias = Annotated[Floats, (2,)]
_MONTHS_A_YEAR = 12
#: Puts a bound above what it bounds however both are rounded.
_ABOVE = 1.0 + 1e-9
#: What of a published effect of early help is for each case that is effectively planned: all of it was measured on
#: everybody offered, of whom this share are (report, paragraph 47).
_EFFECTIVE = 0.36
#: So many return interviews are held at the least, for what they tell against those there were.
_LEAST_INTERVIEWS = 0.01
#: Help of open cases is given for so many months, those over which its effect is stated.
HELPED_MONTHS = 6


class Rules(Record):
    """The compiled parameters of one moment. Times are in days, chances are probabilities, lists of shares are running
    totals.
    """

    permanent_spread: float  # standard deviations of the parts of severity, and what a month keeps of them
    slow_spread: float
    fast_spread: float
    slow_keeps: float
    fast_keeps: float
    slow_times: _ByNeglect  # multiply the spread of both parts
    fast_times: _ByNeglect
    slow_moves: _ByNeglect
    fast_moves: _ByNeglect
    help_keeps: float
    contact: float  # hazards a day at average severity
    contact_unrelated: float
    contact_steepest: float  # the most that a unit of severity above 0 adds to what those are multiplied by
    contact_most: float  # of any age, or of a new concern: no hazard at average severity is higher
    contact_unrelated_most: float
    teenage: float  # multiplies those of contact from 13 on
    harm: float
    care: _ByAge
    care_worst: float  # what the most severe child's hazard of care is multiplied by
    shield: _ByState  # multiply the hazard of harm, and of care; `care_in` is outside an open case too
    care_in: _ByState
    detected: _ByState  # part of harm that somebody sees
    dose: _ByState  # what a month takes off severity
    early_help_dose: float
    early_help_kept: float
    referral_threshold: float
    enquiry_threshold: float
    help_places: float
    assessment_scale: float
    initial_scale: float
    assessment_power: float
    concern: float
    by_need: Annotated[Floats, (_NEEDS,)]
    care_by_need: Annotated[Floats, (_NEEDS,)]
    substantiated: float
    slips: float
    review_late: float
    need_length: Annotated[Floats, (3,)]
    need_days: Annotated[Floats, (3,)]
    step_down_days: float
    disability_days: float
    care_route: Annotated[Floats, (YEARS_OF_AGE, _ROUTES)]
    home_median: float
    guardianship_median: float
    matching_median: _ByAge
    order_median: float
    court_median: float
    court_sigma: float
    placement_choice: Annotated[Floats, (_NEEDS, YEARS_OF_AGE, _CHOICES)]
    move_power: float
    moves_by_age: _ByAge
    spill_moves: float
    spill_delay: float
    spill_away: float
    missing_rate: _ByAge
    missing_rise: float
    missing_rise_interviewed: float
    missing_home: float
    contact_worst: float  # what the most severe child's hazard of contact is multiplied by
    exploitation_ends: float  # chances in a month
    exploitation_found: float
    leaver_activity: Annotated[Floats, (4,)]
    leaver_in_touch: float


def take(values: Values, given: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> None:
    """Write values of parameters into their fields; where values before are given, those alone that differ."""
    for name, value in given.items():
        if before is None or value is not before[name]:
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
    _severity(world)
    _contact(world)
    _harm(world)
    _help(world)
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
def _severity(world: Any) -> None:
    """Share the variance of 1 out, and settle what a month keeps of each part."""
    rules, v = world.rules, world.values
    rules.permanent_spread = v.severity_permanent**0.5
    rules.slow_spread = ((1.0 - v.severity_permanent) * v.severity_slow) ** 0.5
    rules.fast_spread = ((1.0 - v.severity_permanent) * (1.0 - v.severity_slow)) ** 0.5
    rules.slow_keeps = exp(-1.0 / (_MONTHS_A_YEAR * v.severity_slow_years))
    rules.fast_keeps = exp(-1.0 / v.severity_fast_months)
    _neglect_parts(rules, v)
    for kind in range(2):
        rules.slow_moves[kind] = rules.slow_times[kind] * rules.slow_spread * (1.0 - rules.slow_keeps**2) ** 0.5
        rules.fast_moves[kind] = rules.fast_times[kind] * rules.fast_spread * (1.0 - rules.fast_keeps**2) ** 0.5
    rules.help_keeps = 0.5 ** (1.0 / v.help_half_life)


@compiled
def share_neglected(v: Values) -> float:
    """Return the share of children whose need is neglect."""
    share: float = v.demand_need[Need.ABUSE_OR_NEGLECT] * v.neglect_share
    return share


@compiled
def _neglect_parts(rules: Rules, v: Values) -> None:
    """Let neglect be long and seldom a crisis: a share of its crises is slow, and over all children as much the other
    way, so that both parts are what was fitted.
    """
    share, slow = share_neglected(v), v.severity_slow
    moved = v.neglect_chronic * (1.0 - slow)
    others = min(moved * share / max(1.0 - share, 1e-9), slow)
    moved = others * (1.0 - share) / share if share > 0.0 else 0.0
    for kind, slower in ((0, -others), (1, moved)):
        rules.slow_times[kind] = ((slow + slower) / slow) ** 0.5 if slow > 0.0 else 1.0
        rules.fast_times[kind] = (max(0.0, 1.0 - slow - slower) / (1.0 - slow)) ** 0.5 if slow < 1.0 else 1.0


@compiled
def _contact(world: Any) -> None:
    rules, v, demand = world.rules, world.values, world.practice.demand * world.practice.noticed
    rules.referral_threshold = (
        v.contact_referral_threshold + world.practice.threshold + world.practice.moved[Moved.REFERRAL]
    )
    rules.contact = v.contact_rate * demand / DAYS_A_YEAR
    rules.contact_unrelated = v.contact_unrelated * demand * world.partners.passed / DAYS_A_YEAR
    # Up to the cap the multiple is below a straight line.
    rules.contact_steepest = (exp(v.contact_slope * v.harm_cap) - 1.0) / v.harm_cap if v.harm_cap > 0.0 else 0.0
    rules.teenage = 1.0 + v.demand_source[Source.POLICE] * (v.demand_police_teenage - 1.0)
    rules.concern = v.enquiry_concerns * world.practice.readiness / DAYS_A_YEAR
    times = max(rules.teenage, 1.0)
    rules.contact_most = _ABOVE * max(rules.contact * times, rules.concern * max(v.harm_by_need))
    rules.contact_unrelated_most = _ABOVE * rules.contact_unrelated * times
    rules.by_need[:] = v.harm_by_need
    rules.care_by_need[:] = v.care_by_need


@compiled
def _harm(world: Any) -> None:
    """Settle harm and entry to care, by where a child stands."""
    rules, v, seen = world.rules, world.values, world.practice.delivered
    rules.harm = v.harm_rate / DAYS_A_YEAR
    rules.shield[:] = 1.0
    rules.shield[State.CHILD_IN_NEED] = v.harm_shield[1]
    rules.shield[State.PROTECTION_PLAN] = v.harm_shield[2]
    rules.shield[State.LOOKED_AFTER] = v.harm_shield[3]
    rules.detected[:] = v.harm_detected_open
    rules.detected[State.CHILD_IN_NEED] = rules.detected[State.PROTECTION_PLAN] = v.harm_detected_open * seen
    rules.detected[State.CLOSED] = min(1.0, v.harm_detected_closed * world.practice.noticed * world.partners.seen)
    care = v.care_rate * v.care_readiness * exp(world.practice.moved[Moved.CARE])
    by_single_year(v.care_age_effect, rules.care, care / DAYS_A_YEAR)
    rules.care_worst = exp(v.care_slope * v.harm_cap)
    rules.care_in[:] = 1.0
    rules.care_in[State.CLOSED] = v.care_outside
    rules.care_in[State.ENQUIRY] = rules.care_in[State.PROTECTION_PLAN] = v.care_on_plan


@compiled
def _help(world: Any) -> None:
    """Settle what help does to severity: of open cases as far as it is delivered, and early help where it works."""
    rules, v, practice = world.rules, world.values, world.practice
    rules.dose[:] = 0.0
    rules.dose[State.CHILD_IN_NEED] = v.help_need * practice.delivered * practice.help / HELPED_MONTHS
    rules.dose[State.PROTECTION_PLAN] = v.help_plan * practice.delivered * practice.help / HELPED_MONTHS
    programmes = _programmes(world)
    rules.dose[State.CHILD_IN_NEED] += programmes
    rules.dose[State.PROTECTION_PLAN] += programmes
    rules.dose[State.LOOKED_AFTER] = v.help_looked_after * practice.delivered * practice.help / HELPED_MONTHS
    months = v.early_help_duration * _MONTHS_A_YEAR / DAYS_A_YEAR
    each = practice.help * world.partners.help / _EFFECTIVE / max(months, 1.0)
    shift = -log(v.early_help_relative_risk) / v.contact_slope
    rules.early_help_dose = shift * each
    # What is known of care is more than the shift makes of it.
    rules.early_help_kept = min(0.0, log(v.early_help_care_relative_risk) + v.care_slope * shift) * each
    spend = v.prevention_targeted * world.clock.children * practice.targeted
    cases_a_year = spend / v.early_help_unit_cost
    rules.help_places = cases_a_year * v.early_help_duration / DAYS_A_YEAR


@compiled
def _programmes(world: Any) -> float:
    """Return what a month of programmes takes off the severity of children on plans, on average over all of them."""
    v, stock = world.values, world.tally.stock
    children = stock[State.CHILD_IN_NEED] + stock[State.PROTECTION_PLAN]
    places = (
        v.prevention_open_cases * world.clock.children / v.prevention_open_cases_cost / (_MONTHS_A_YEAR / HELPED_MONTHS)
    )
    reached = min(1.0, places / children) if children else 0.0
    world.help.reached = reached * children
    effect: float = -log(v.prevention_open_cases_relative_risk) / max(v.harm_slope, v.contact_slope)
    return reached * effect / HELPED_MONTHS


@compiled
def _assessment(world: Any) -> None:
    rules, v = world.rules, world.values
    rules.assessment_scale = weibull_scale(v.assessment_median_working_days, v.assessment_shape)
    rules.initial_scale = weibull_scale(v.assessment_initial_working_days, v.assessment_shape)
    rules.assessment_power = 1.0 / v.assessment_shape


@compiled
def _later(share: float, slow: float) -> float:
    """Return the share that is late when everything slows: of what was in time, as much as is not done."""
    return 1.0 - (1.0 - share) / slow


@compiled
def _protection(world: Any) -> None:
    rules, v, readiness = world.rules, world.values, world.practice.readiness
    # Enquiries made more readily are less often substantiated, so there are fewer for each of them.
    substantiated = (1.0 + v.enquiry_marginal * (readiness - 1.0)) / max(readiness, 1e-9)
    substantiated *= exp(world.practice.moved[Moved.SUBSTANTIATED])
    rules.substantiated = min(1.0, v.enquiry_substantiated * substantiated)
    rules.slips = _later(v.conference_slips, world.practice.slow)
    rules.review_late = _later(v.plan_review_late, world.practice.slow)


@compiled
def _need(world: Any) -> None:
    rules, v = world.rules, world.values
    running_totals(v.need_length, rules.need_length)
    # Workers with a high workload close cases sooner than they would, which leaves severity as it is.
    kept = exp(world.practice.moved[Moved.LENGTH])
    sooner = world.practice.sooner / kept
    rules.need_days[0] = v.need_short_days / sooner
    rules.need_days[1] = v.need_medium_days / sooner
    rules.need_days[2] = v.need_long_days / sooner
    rules.step_down_days = v.need_step_down_days / sooner
    rules.disability_days = v.need_disability_days * kept


@compiled
def _care(world: Any) -> None:
    rules, v = world.rules, world.values
    shares = np.empty(_ROUTES)
    for age in range(YEARS_OF_AGE):
        band = _BAND_OF_AGE[age]
        home, guardianship, other = v.care_home[band], v.care_guardianship[band], v.care_other[band]
        # Those not adopted any more go to guardians or stay, as far as there is room.
        adoption = min(v.care_adoption[band] * v.care_adoption_level, 1.0 - home - guardianship - other)
        guardianship += max(0.0, v.care_adoption[band] - adoption) * v.care_not_adopted
        shares[0], shares[1], shares[2], shares[3] = home, adoption, guardianship, other
        shares[4] = 1.0 - home - adoption - guardianship - other
        running_totals(shares, rules.care_route[age])


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
    rules.missing_home = v.missing_from_home / DAYS_A_YEAR
    rules.contact_worst = exp(v.contact_slope * v.harm_cap)
    rules.exploitation_ends = 1.0 - exp(-1.0 / v.missing_exploited_months)
    told = v.missing_interviewed / max(world.practice.usual_interviews, _LEAST_INTERVIEWS)
    rules.exploitation_found = 1.0 - (1.0 - v.missing_intelligence) ** (v.missing_sharing * told)
    running_totals(v.leaver_activity, rules.leaver_activity)
    busier = (v.leaver_for_each_adviser / world.practice.usual_leavers) ** v.leaver_adviser_effect
    rules.leaver_in_touch = max(0.0, 1.0 - (1.0 - v.leaver_in_touch) * busier)
