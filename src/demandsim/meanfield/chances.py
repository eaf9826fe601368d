"""Parameters as the mean field reads them: chances and rates by history, kind of need, severity and age.

Everything is taken from the compiled `Rules` of the simulation, so nothing is declared twice.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from demandsim.distributions import Exponential
from demandsim.meanfield.grid import (
    BOTH,
    CARED,
    DISABLED,
    HISTORIES,
    KNOWN,
    NEEDS,
    NEW,
    OTHER,
    PLANNED,
    SEVERITY,
    by_age,
    severity_moves,
)
from demandsim.meanfield.kernels import MONTH, returns
from demandsim.meanfield.rules import Rules
from demandsim.model.cases import MOST_LIKELY
from demandsim.vocabulary import Closure

Array = NDArray[np.float64]

#: Kinds of child in need plan: short, medium, long, stepped down to, and of disabled children.
SHORT, MEDIUM, LONG, STEPPED, DISABILITY = range(5)
PLAN_KINDS = 5
#: How an open case is closed, by history.
_CLOSED = {
    NEW: Closure.CHILD_IN_NEED_CLOSED,
    KNOWN: Closure.CHILD_IN_NEED_CLOSED,
    PLANNED: Closure.PROTECTION_PLAN_CLOSED,
    CARED: Closure.CARE_CLOSED,
    BOTH: Closure.CARE_CLOSED,
}


class Chances:
    """Chances and rates of one moment. Those by history and severity have the shape (history, 1, severity, 1).

    Args:
        rules: of the moment.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.risk: Array = np.exp(rules.risk_slope * SEVERITY)[:, None]
        self._front_door(rules)
        self._coming_back(rules)
        self._assessed(rules)
        self._need(rules)

    def _above(self, threshold: float) -> Array:
        """Return the chance that the severity seen is above a threshold."""
        known = np.where(np.arange(HISTORIES) == NEW, 0.0, self.rules.history_weight)
        seen = SEVERITY + known[:, None]
        return ndtr((seen - threshold) / max(self.rules.noise, 1e-6))[:, None, :, None]

    def _front_door(self, rules: Rules) -> None:
        self.referred = self._above(rules.referral_threshold)
        asks = np.maximum(self._above(rules.early_help_threshold), self.referred)
        self.asks_for_help, self.no_action = asks - self.referred, 1.0 - asks
        acted = self._above(rules.no_action_threshold)
        self.enquired_at_once = np.minimum(self._above(rules.enquiry_threshold), acted)
        self.assessed, self.not_acted_on = acted - self.enquired_at_once, 1.0 - acted
        needed = self._above(rules.need_threshold)
        self.planned_for = np.minimum(self._above(rules.plan_threshold), needed)
        self.stepped_down, self.not_in_need = needed - self.planned_for, 1.0 - needed

    def _coming_back(self, rules: Rules) -> None:
        most = MOST_LIKELY

        def ever(closure: int, ratio: float = 1.0) -> Array:
            return np.minimum(most, rules.relapse[closure] * self.risk * ratio)

        worse = float(np.exp(rules.risk_slope * rules.unmet_increment))
        self.back_no_action = ever(Closure.CONTACT_NO_ACTION)
        self.back_unmet = ever(Closure.EARLY_HELP_UNMET, worse)
        self.works = rules.help_works
        self.back_helped = self.works * ever(Closure.EARLY_HELP_COMPLETED, rules.help_relative_risk)
        self.back_helped = self.back_helped + (1 - self.works) * ever(Closure.EARLY_HELP_COMPLETED)
        self.back_referral = ever(Closure.REFERRAL_NO_FURTHER_ACTION)
        self.back_not_in_need = ever(Closure.NOT_IN_NEED)
        self.back_closed = np.stack([ever(_CLOSED[history]) for history in range(HISTORIES)])[:, None]
        self.moves = severity_moves(rules.persistence)
        self.moves_worse = severity_moves(rules.persistence, rules.unmet_increment)
        self.returns = returns(rules.relapse_time.scale, rules.relapse_time.shape)

    def _assessed(self, rules: Rules) -> None:
        self.assessment_to_care = np.minimum(1.0, by_age(rules.assessment_to_care) * self.risk)
        self.enquiry_to_care = np.minimum(1.0, by_age(rules.enquiry_to_care) * self.risk)
        self.substantiated = rules.substantiated
        self.conference_plan = rules.conference_plan
        self.closed_outright = rules.closed_outright

    def _need(self, rules: Rules) -> None:
        times: list[Exponential] = [*rules.need_times, rules.step_down_time, rules.disability_time]
        #: Ends a month of each kind of plan.
        self.plan_ends: Array = np.array([MONTH / time.mean for time in times])
        lengths = np.diff([0.0, *rules.need_length[:-1], 1.0])
        #: Kinds that plans begin as, by kind of need: after an assessment, and stepped down to.
        self.begun_as = np.zeros((PLAN_KINDS, NEEDS))
        self.begun_as[: LONG + 1, OTHER] = lengths
        self.begun_as[DISABILITY, DISABLED] = 1.0
        self.stepped_as = np.zeros((PLAN_KINDS, NEEDS))
        self.stepped_as[STEPPED, OTHER] = self.stepped_as[DISABILITY, DISABLED] = 1.0
        rate = np.full(HISTORIES, rules.concern_rate)
        rate[[PLANNED, BOTH]] = rules.concern_rate_after_plan
        kinds = [rules.concern_by_need[0]] * DISABILITY + [rules.concern_by_need[1]]
        #: Concerns a month, by kind of plan, history and severity.
        self.concerns: Array = MONTH * np.array(kinds)[:, None, None, None] * rate[:, None, None] * self.risk
        #: Falls into care a month at average severity, by age at the start of the plan.
        self.need_to_care: Array = MONTH * by_age(rules.need_to_care)
        self.plan_to_care: Array = MONTH * by_age(rules.plan_to_care) * self.risk
