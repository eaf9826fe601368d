"""All that is true in the mean field for a month: chances, and times as months see them."""

from __future__ import annotations

from copy import copy
from functools import partial

import numpy as np
from numpy.typing import NDArray

from demandsim.meanfield.chances import STEPPED, Chances
from demandsim.meanfield.delays import folded
from demandsim.meanfield.grid import AGES, older
from demandsim.meanfield.kernels import MONTH
from demandsim.meanfield.plans import Reviews, assessed_in_time, assessments, conferred_in_time, enquiries
from demandsim.meanfield.rules import Rules
from demandsim.meanfield.stays import Stays
from demandsim.model.cases import MOST_LIKELY
from demandsim.model.leaving import BREAKDOWN_DAYS
from demandsim.vocabulary import LeavingRoute

Array = NDArray[np.float64]

#: Months in which an assessment and an enquiry end at the latest.
ASSESSED, ENQUIRED = 7, 6
_BREAKDOWN_LAGS = int(BREAKDOWN_DAYS / MONTH) + 1


class Law:
    """Everything that is true for a month: chances, and times as months see them.

    Args:
        rules: of the month.
        clustering: variance of those contacted about in a month, over their mean.
    """

    def __init__(self, rules: Rules, clustering: float) -> None:
        self.rules = rules
        self.clustering = clustering
        self.chances = Chances(rules)
        self.reviews = Reviews(rules)
        self.continuous = rules.continuous
        self.conferred_in_time = partial(conferred_in_time, rules)
        self._assess(rules)
        self.enquiries_end = enquiries(rules, ENQUIRED)
        months = float(self.enquiries_end @ np.arange(ENQUIRED))
        self.enquiries_older = older(months)
        #: Part of child in need plans, by kind, that go on after an enquiry.
        self.go_on: Array = np.exp(-self.chances.plan_ends * (months + 0.25))[:, None, None, None]
        self.stays = Stays(rules)
        self.emergency = rules.emergency
        self.home_after = folded(self.stays.leaves[LeavingRoute.HOME])
        self._breakdown(rules)

    def at(self, rules: Rules) -> Law:
        """Return this law with the chances of other rules; times stay as they are, but for those of slower work."""
        other = copy(self)
        other.rules, other.chances = rules, Chances(rules)
        if rules.slow != self.rules.slow:
            other.reviews = Reviews(rules)
            other._assess(rules)
        return other

    def _assess(self, rules: Rules) -> None:
        """Settle how long assessments take, and which part is within the limit, given days waited beforehand."""
        self.continuous_end, initial = assessments(rules, ASSESSED)
        self.assessments_end = self.continuous * self.continuous_end + (1 - self.continuous) * initial
        self.assessments_older = older(float(self.assessments_end @ np.arange(ASSESSED)))
        self.assessed_in_time = partial(assessed_in_time, rules)

    def _breakdown(self, rules: Rules) -> None:
        """Settle when returns home break down, and what of the plans stepped down to has ended by then."""
        self.breaks_down = np.minimum(MOST_LIKELY, rules.breakdown * self.chances.risk)
        ends = BREAKDOWN_DAYS / MONTH
        steps = (np.arange(8) + 0.5) / 8
        at = np.arange(_BREAKDOWN_LAGS)[:, None] + steps
        gone = np.minimum(at / ends, 1.0) ** (1.0 / rules.breakdown_power)
        left = 1.0 - gone.mean(axis=1)
        breaks = -np.diff(left, prepend=1.0)
        # They set out a month late, which is when the mean field knows of them.
        breaks[1] += breaks[0]
        self.breaks, self.unbroken = breaks[1:], left[1:]
        self.breakdown_after = folded(np.repeat(self.breaks[:, None], AGES, axis=1))
        self.stepped_left: Array = np.exp(-self.chances.plan_ends[STEPPED] * (np.arange(len(self.breaks)) + 1.0))
