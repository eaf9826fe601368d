"""Parameter values turned into what the handlers read: tables by age, rates by day, distributions.

Built once at the start and again whenever a lever moves, so the handlers never look a parameter up by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from statistics import NormalDist
from typing import Any

from demandsim.distributions import Exponential, Lognormal, Weibull
from demandsim.vocabulary import DAYS_A_YEAR, Need, by_single_year

Values = Mapping[str, Any]

#: Places in a list of placement shares of children's homes and other placements.
_RESIDENTIAL = (3, 4)
_AGE_KEYS = ("under_1", "1_to_4", "5_to_9", "10_to_15", "16_up")


def cumulative(shares: list[float]) -> list[float]:
    """Return running totals, the last one whole so that every draw finds a place."""
    return [*list(accumulate(shares))[:-1], 1.0]


@dataclass(frozen=True, slots=True)
class Pressure:
    """What load, money and practice do to the work in a month; all neutral until the first day.

    Attributes:
        slow: how much longer an assessment takes, and how far visits and reviews slip.
        relapse, drift, turnover: multiply hazards of coming back, times in care and the rate of leaving.
        court: multiplies the length of care proceedings.
        threshold: added to the referral threshold, in standard deviations.
        help_works: multiplies how often early help works.
        prevention: part of prevention spend that is not withheld.
    """

    slow: float = 1.0
    relapse: float = 1.0
    drift: float = 1.0
    court: float = 1.0
    threshold: float = 0.0
    turnover: float = 1.0
    help_works: float = 1.0
    prevention: float = 1.0


NO_PRESSURE = Pressure()


def _routes(shares: tuple[float, ...], level: float) -> list[float]:
    """Return running totals of the routes out of care; those not adopted any more stay, as far as there is room."""
    home, adoption, guardianship, other = shares
    adoption = min(adoption * level, 1.0 - home - guardianship - other)
    return cumulative([home, adoption, guardianship, other, 1.0 - home - adoption - guardianship - other])


def _threshold_for(threshold: float, noise: float, ratio: float) -> float:
    """Return the threshold that so many times as many first contacts are seen to be above."""
    if ratio == 1.0:
        return threshold
    seen = NormalDist(sigma=(1.0 + noise**2) ** 0.5)
    above = ratio * (1.0 - seen.cdf(threshold))
    return seen.inv_cdf(1.0 - above) if 0.0 < above < 1.0 else threshold


@lru_cache(maxsize=256)
def _leaning(shares: tuple[float, ...], lean: float) -> list[float]:
    """Return running totals of placement shares in which those that are not families weigh more or less.

    Kept: a run compiles the same ones each month, for each need and age.
    """
    leaning = [share * (lean if place in _RESIDENTIAL else 1.0) for place, share in enumerate(shares)]
    return cumulative([share / sum(leaning) for share in leaning])


class Rules:
    """The compiled parameters of one moment. Attributes are read-only by convention; times are in days, chances are
    probabilities.

    Args:
        v: a value for every parameter in `PARAMETERS`.
        pressure: of the month.
        readiness: how readily enquiries are made, as a ratio to 2013-14.
    """

    __slots__ = (
        "adoption_order_time",
        "assessment_time",
        "assessment_to_care",
        "booked_from",
        "breakdown",
        "breakdown_power",
        "care_route",
        "closed_outright",
        "concern_by_need",
        "concern_rate",
        "concern_rate_after_plan",
        "conference_plan",
        "continuous",
        "court_time",
        "deadline_effort",
        "disability_time",
        "early_help_threshold",
        "emergency",
        "ends_at_review",
        "enquiry_threshold",
        "enquiry_to_care",
        "frailty",
        "guardianship_time",
        "help_days",
        "help_places",
        "help_relative_risk",
        "help_works",
        "history_weight",
        "home_stay",
        "in_touch",
        "initial_time",
        "interviewed",
        "leaver_activity",
        "matching_time",
        "missing_rate",
        "missing_rise",
        "move_time",
        "moves_by_age",
        "need_length",
        "need_threshold",
        "need_times",
        "need_to_care",
        "no_action_threshold",
        "noise",
        "other_time",
        "out_of_area_home",
        "out_of_area_other",
        "patience",
        "persistence",
        "placement_choice",
        "plan_threshold",
        "plan_to_care",
        "pressure",
        "prevention",
        "proceedings",
        "readiness",
        "referral_threshold",
        "relapse",
        "relapse_time",
        "review_forward",
        "review_late",
        "risk_slope",
        "short_share",
        "short_stay",
        "siblings_join",
        "slip",
        "slips",
        "slow",
        "spill_away",
        "spill_delay",
        "spill_moves",
        "step_down_time",
        "substantiated",
        "unmet_increment",
        "with_parents",
        "with_parents_time",
        "worked_relapse",
    )

    def __init__(self, v: Values, pressure: Pressure = NO_PRESSURE, readiness: float = 1.0) -> None:
        self.pressure = pressure
        self.readiness = readiness
        self.prevention = pressure.prevention
        self.slow = pressure.slow
        self._severity_and_front_door(v)
        self._relapse(v)
        self._early_help(v)
        self._assessment(v)
        self._protection(v)
        self._need(v)
        self._care(v)
        self._placement(v)

    def _severity_and_front_door(self, v: Values) -> None:
        self.risk_slope = v["severity.risk_slope"]
        self.persistence = v["severity.persistence"]
        self.noise: float = v["severity.observation_noise"]
        self.history_weight: float = v["severity.history_weight"]
        self.unmet_increment = v["severity.unmet_increment"]
        self.referral_threshold = v["contact.referral_threshold"] + self.pressure.threshold
        self.early_help_threshold = v["contact.early_help_threshold"]
        self.no_action_threshold = v["referral.no_action_threshold"]
        self.enquiry_threshold = _threshold_for(v["referral.enquiry_threshold"], self.noise, self.readiness)

    def _relapse(self, v: Values) -> None:
        strength = v["relapse.strength"]
        # In the order of vocabulary.Closure. Who asked for help in vain is like who got it, but for its effect.
        asked = [v["relapse.after_contact"], v["relapse.after_early_help"], v["relapse.after_early_help"]]
        # Pressed work is worse work: that is of cases that social workers closed.
        self.worked_relapse = strength * self.pressure.relapse
        closed = [v[f"relapse.after_{what}"] for what in ("referral", "assessment", "need", "plan", "care")]
        self.relapse = [(strength * share) for share in asked]
        self.relapse += [(self.worked_relapse * share) for share in closed]
        self.relapse_time = Weibull.with_median(v["relapse.median_days"], v["relapse.shape"])

    def _early_help(self, v: Values) -> None:
        self.help_days = v["early_help.duration"]
        self.help_works = min(1.0, v["early_help.effective"] * self.pressure.help_works)
        self.help_relative_risk = v["early_help.relative_risk"]
        self.patience = Exponential(v["early_help.patience"])
        spend = v["budget.prevention"] * v["population.children"] * self.prevention
        cases_a_year = spend / v["early_help.unit_cost"]
        self.help_places = cases_a_year * self.help_days / DAYS_A_YEAR

    def _assessment(self, v: Values) -> None:
        self.continuous = v["assessment.continuous"]
        shape = v["assessment.shape"]
        self.assessment_time = Weibull.with_median(v["assessment.median_working_days"], shape)
        self.initial_time = Weibull.with_median(v["assessment.initial_working_days"], shape)
        self.deadline_effort = v["assessment.deadline_effort"]
        self.need_threshold = v["assessment.need_threshold"]
        self.plan_threshold = v["assessment.plan_threshold"]
        age_effect = v["care.age_effect"]
        self.assessment_to_care = by_single_year([(v["assessment.to_care"]) * effect for effect in age_effect])
        self.enquiry_to_care = by_single_year([(v["enquiry.to_care"]) * effect for effect in age_effect])

    def _later(self, share: float) -> float:
        """Return the share that is late when everything slows: of what was in time, as much as is not done."""
        return 1.0 - (1.0 - share) / self.slow

    def _protection(self, v: Values) -> None:
        self.concern_rate = v["enquiry.concerns"] * self.readiness / DAYS_A_YEAR
        # A second plan comes from the same hazard as any return, so the relapse switch stops it too.
        self.concern_rate_after_plan = self.concern_rate * v["enquiry.after_plan"] * v["relapse.strength"]
        # Enquiries made more readily are less often substantiated, so there are fewer for each of them.
        substantiated = (1.0 + v["enquiry.marginal"] * (self.readiness - 1.0)) / max(self.readiness, 1e-9)
        self.substantiated = min(1.0, v["enquiry.substantiated"] * substantiated)
        self.booked_from = v["conference.booked_from"]
        self.slips = self._later(v["conference.slips"])
        self.slip = Exponential(v["conference.slip_mean"])
        self.conference_plan = v["conference.plan"]
        self.ends_at_review = list(v["plan.ends_at_review"])
        self.review_late = self._later(v["plan.review_late"])
        self.review_forward = v["plan.review_brought_forward"]
        self.closed_outright = v["plan.closed_outright"]
        rate = v["plan.to_care"] / DAYS_A_YEAR
        self.plan_to_care = by_single_year([rate * effect for effect in v["care.age_effect"]])

    def _need(self, v: Values) -> None:
        self.need_length = cumulative(v["need.length"])
        # Pressed workers close cases sooner than they would, which is part of why more come back.
        sooner = self.pressure.relapse
        self.need_times = [Exponential(v[f"need.{length}_days"] / sooner) for length in ("short", "medium", "long")]
        self.disability_time = Exponential(v["need.disability_days"])
        self.step_down_time = Exponential(v["need.step_down_days"] / sooner)
        rate = v["need.to_care"] / DAYS_A_YEAR
        self.need_to_care = by_single_year([rate * effect for effect in v["care.age_effect"]])
        # Disabled children are in need of services rather than at risk: they draw the long plan, not the concerns.
        self.concern_by_need = [0.1 if need == Need.DISABILITY else 1.0 for need in range(Need.words.size)]

    def _care(self, v: Values) -> None:
        self.siblings_join = v["care.siblings_join"]
        level = v["care.adoption_level"]
        shares = zip(*(v[f"care.{route}"] for route in ("home", "adoption", "guardianship", "other")), strict=True)
        self.care_route = by_single_year([_routes(band, level) for band in shares])
        self.emergency = v["care.emergency"]
        self.proceedings = list(v["care.proceedings"])
        self.short_share = v["care.short_stay"]
        self.short_stay = Exponential(v["care.short_stay_days"])
        spread, drift = v["care.spread"], self.pressure.drift
        self.home_stay = Lognormal(v["care.home_median_days"] * drift, v["care.home_sigma"])
        self.guardianship_time = Lognormal(v["care.guardianship_days"] * drift, spread)
        self.matching_time = by_single_year([Lognormal(days * drift, spread) for days in v["care.matching_days"]])
        self.adoption_order_time = Lognormal(v["care.adoption_order_days"] * drift, spread)
        self.other_time = Lognormal(v["care.other_days"], spread)
        self.court_time = Lognormal.with_mean(7 * v["court.weeks"] * self.pressure.court, v["court.variation"])
        self.breakdown = (v["care.breakdown"]) * v["care.breakdown_level"] * self.worked_relapse
        self.breakdown_power = 1.0 / v["care.breakdown_shape"]

    def _placement(self, v: Values) -> None:
        by_age = [tuple(v[f"placement.{key}"]) for key in _AGE_KEYS]
        self.placement_choice = [
            by_single_year([_leaning(shares, lean) for shares in by_age]) for lean in v["placement.residential_by_need"]
        ]
        self.move_time = Weibull(v["placement.scale_days"], v["placement.shape"])
        self.frailty = Lognormal(1.0, v["placement.frailty"])
        self.moves_by_age = by_single_year(v["placement.moves_by_age"])
        strength = v["loop.sufficiency"]
        self.spill_moves = 1.0 + (v["placement.spill_moves"] - 1.0) * strength
        self.spill_delay = v["placement.spill_delay"] * strength
        self.spill_away = (v["placement.spill_away"]) * strength
        self.out_of_area_home = v["placement.out_of_area_home"]
        self.out_of_area_other = v["placement.out_of_area_other"]
        self.with_parents = v["placement.with_parents"]
        self.with_parents_time = Exponential(v["placement.with_parents_days"])
        self.missing_rate = [rate / DAYS_A_YEAR for rate in by_single_year(v["missing.episodes"])]
        self.interviewed = v["missing.interviewed"]
        rise = v["missing.raises_risk"] - 1.0
        self.missing_rise = (1.0 + rise, 1.0 + rise * (1.0 - v["missing.interview_effect"]))
        self.leaver_activity = cumulative(v["leaver.activity"])
        self.in_touch = v["leaver.in_touch"]
