"""Whether a difference is for the better, for the worse, or not told apart from none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.results.measure import Measure
from demandsim.results.uncertainty import Estimate

Array = NDArray[np.float64]

#: Measures of which less is better, and of which more is. Of the rest, which is better is not ours to say: fewer
#: children in need, on plans or starting in an emergency may be need that nobody meets.
LESS_IS_BETTER = frozenset(
    {
        "re_referrals",
        "contacts_again",
        "exposure",
        "unserved",
        "early_help_waiting",
        "early_help_unmet",
        "plans_repeat",
        "looked_after",
        "care_started",
        "back_in_care",
        "three_placements",
        "vacancy_rate",
        "caseload",
        "workload",
        "unallocated",
        "unallocated_long",
        "allocation_wait",
        "visits_missed",
        "spend_looked_after",
        "spend_intervention",
    }
)
MORE_IS_BETTER = frozenset(
    {"assessed_in_time", "conferences_in_time", "plans_reviewed", "social_workers", "adoptions", "reserves"}
)
NOT_TOLD_APART = "not told apart"
NO_VIEW = "no view"
WITHHELD = "not shown"
#: A share below this rounds to none, which it is not.
_LEAST = 0.005


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the replications say of a difference. A tie is a tie: neither better nor worse.

    Attributes:
        better, worse: share of replications in which it is so; None if that is not ours to say.
        tied: share of replications without a difference.
        told_apart: whether the mean difference is larger than its 90% simulation error.
        indexed: whether it is an index, which is lower or higher, not better or worse.
    """

    better: float | None
    worse: float | None
    tied: float
    told_apart: bool
    indexed: bool = False

    @property
    def words(self) -> str:
        """Return it as a table has it: both sides with their shares of replications, the larger first."""
        if self.tied != self.tied:
            return WITHHELD
        if not self.told_apart:
            return "no change" if self.tied == 1 else NOT_TOLD_APART
        if self.better is None or self.worse is None:
            return NO_VIEW
        names = ("lower", "higher") if self.indexed else ("better", "worse")
        sides = sorted(zip((self.better, self.worse), names, strict=True), key=lambda side: -side[0])
        return ", ".join(f"{name} in {_percent(share)}" for share, name in sides if share)


def _percent(share: float) -> str:
    return "<1%" if share < _LEAST else f"{100 * share:.0f}%"


def told_apart(change: Estimate) -> bool:
    """Return whether a mean difference is larger than its 90% simulation error."""
    return change.error == change.error and abs(change.mean) > change.error


def verdict(measure: Measure, differences: Array, change: Estimate) -> Verdict:
    """Return what the replications say of a difference.

    Args:
        measure: of what.
        differences: one for each replication.
        change: their estimate.
    """
    known = differences[~np.isnan(differences)]
    tied = float(np.mean(known == 0)) if len(known) else np.nan
    better = worse = None
    if len(known) and measure.id in LESS_IS_BETTER | MORE_IS_BETTER:
        sign = 1 if measure.id in MORE_IS_BETTER else -1
        better, worse = float(np.mean(sign * known > 0)), float(np.mean(sign * known < 0))
    return Verdict(better, worse, tied, told_apart(change), measure.indexed)


def for_the_worse(measure: Measure, change: Estimate) -> bool:
    """Return whether a difference is told apart from none and is for the worse."""
    worse = change.mean > 0 if measure.id in LESS_IS_BETTER else change.mean < 0
    return told_apart(change) and worse and measure.id in LESS_IS_BETTER | MORE_IS_BETTER
