"""What a what-if changes against a reference: measures year by year, money month by month, and whether it pays back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demandsim.results.measure import Measure
from demandsim.results.measures import MEASURES, headline_measures
from demandsim.results.paired import check_comparable, paired
from demandsim.results.store import Results
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.uncertainty import PARTS, Estimate, estimate
from demandsim.results.year import Year
from demandsim.vocabulary import DAYS_A_YEAR, LINE_OF_CAUSE, SpendLine, State

Array = NDArray[np.float64]

#: Measures of which less is better, and of which more is. Of the rest, which is better is not ours to say.
LESS_IS_BETTER = frozenset(
    {
        "re_referrals",
        "children_in_need",
        "plans",
        "plans_repeat",
        "looked_after",
        "care_started",
        "back_in_care",
        "three_placements",
        "vacancy_rate",
        "caseload",
        "workload",
        "unallocated",
        "spend_looked_after",
        "spend_intervention",
        "reactive_ratio",
    }
)
MORE_IS_BETTER = frozenset({"assessed_in_time", "conferences_in_time", "social_workers", "adoptions"})

HEADINGS = (
    "scenario",
    "measure",
    "label",
    "unit",
    "year",
    "reference mean",
    "mean difference",
    "low (5%)",
    "high (95%)",
    *PARTS,
    "error of the mean (90%)",
    "probability of being better",
)


def better(measure: Measure, differences: Array) -> float | None:
    """Return the share of replications in which a difference is for the better; None if that is not ours to say."""
    known = differences[~np.isnan(differences)]
    if not len(known) or measure.id not in LESS_IS_BETTER | MORE_IS_BETTER:
        return None
    sign = 1 if measure.id in MORE_IS_BETTER else -1
    # No difference is neither better nor worse: it counts as half.
    return float(np.mean(sign * known > 0) + 0.5 * np.mean(known == 0))


@dataclass(frozen=True)
class Against:
    """One run against the reference.

    Attributes:
        reference: what it is compared with.
        run: the what-if.
    """

    reference: Results
    run: Results

    @property
    def name(self) -> str:
        return self.run.manifest.title

    def estimate(self, values: Array) -> Estimate:
        """Return the estimate of something that this comparison has one of for each replication."""
        return estimate(values, self.run.manifest.members)

    def measure(self, measure: Measure, year: int) -> Array:
        """Return the paired differences of a measure in a year, one for each replication."""
        return paired(self.run, self.reference, measure, year)

    @cached_property
    def extra_spend(self) -> Array:
        """Extra spend of each month from the first on, in pounds: (replication, month, spend line)."""
        start = 12 * YEARS_BEFORE
        causes = self.run.tables["spend"][:, start:] - self.reference.tables["spend"][:, start:]
        lines = np.zeros((*causes.shape[:2], SpendLine.words.size))
        for cause, line in enumerate(LINE_OF_CAUSE):
            lines[:, :, line] += causes[:, :, cause] / 100
        return lines

    @cached_property
    def cumulative(self) -> Array:
        """Extra spend so far at the end of each month, in pounds: (replication, month)."""
        so_far: Array = self.extra_spend.sum(axis=2).cumsum(axis=1)
        return so_far

    @property
    def double_running(self) -> Array:
        """Return the most that was ever out of pocket, in pounds, for each replication."""
        most: Array = np.maximum(0.0, self.cumulative.max(axis=1))
        return most

    @cached_property
    def payback_month(self) -> Array:
        """Month, counted from 1, from which the money is back and stays so; infinite if not within the run.

        Not a number where no money was ever out.
        """
        out = self.cumulative > 0.5
        months = np.full(len(out), np.nan)
        for number, row in enumerate(out):
            last = np.flatnonzero(row)
            if len(last):
                months[number] = last[-1] + 2 if last[-1] + 1 < len(row) else np.inf
        return months

    def paid_back_by(self, month: int) -> float:
        """Return the share of replications in which the money is back by a month; no money out counts as back."""
        months = self.payback_month
        return float(np.mean(np.isnan(months) | (months <= month)))

    @cached_property
    def care_years_avoided(self) -> Array:
        """Years of children's lives in care avoided over the run, for each replication."""
        start = 12 * YEARS_BEFORE
        days = [
            run.tables["state_days"][:, start:, State.LOOKED_AFTER].sum(axis=1, dtype=np.float64)
            for run in (self.reference, self.run)
        ]
        avoided: Array = (days[0] - days[1]) / DAYS_A_YEAR
        return avoided


@dataclass(frozen=True)
class Comparison:
    """Several runs against one reference.

    Attributes:
        reference: what the others are compared with.
        others: one for each of them, in the order given.
    """

    reference: Results
    others: tuple[Against, ...]

    @property
    def years(self) -> list[int]:
        """Places of the simulated years in the tables."""
        return list(range(YEARS_BEFORE, self.reference.manifest.years))

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield every headline measure of every year of every run, the heading first."""
        yield HEADINGS
        labels = self.reference.year_labels()
        for other in self.others:
            for measure in headline_measures():
                for year in self.years:
                    differences = other.measure(measure, year)
                    value = other.estimate(differences)
                    usual = other.estimate(paired_level(self.reference, measure, year))
                    chance = better(measure, differences)
                    yield (
                        other.run.manifest.scenario,
                        measure.id,
                        measure.label,
                        measure.unit,
                        labels[year],
                        f"{usual.mean:.6g}",
                        *(f"{number:.6g}" for number in (value.mean, value.low, value.high)),
                        *value.parts,
                        f"{value.error:.6g}",
                        "" if chance is None else f"{chance:.3g}",
                    )

    def money_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the extra spend so far at each month's end, and the share of replications whose money is back."""
        yield ("scenario", "month", "mean extra spend so far, £", "low (5%)", "high (95%)", "share paid back")
        first = self.reference.manifest.first_year + YEARS_BEFORE
        for other in self.others:
            for month in range(other.cumulative.shape[1]):
                value = other.estimate(other.cumulative[:, month])
                year, place = divmod(month + 3, 12)
                yield (
                    other.run.manifest.scenario,
                    f"{first + year}-{place + 1:02d}",
                    f"{value.mean:.0f}",
                    f"{value.low:.0f}",
                    f"{value.high:.0f}",
                    f"{other.paid_back_by(month + 1):.3g}",
                )

    def ranking(self) -> list[tuple[str, Estimate, float]]:
        """Return (name, children in care at the end, share of replications in which it has the fewest), best first.

        The reference takes part.
        """
        measure, year = MEASURES["looked_after"], self.years[-1]
        every = [self.reference, *(other.run for other in self.others)]
        levels = np.array([paired_level(run, measure, year) for run in every])
        fewest = levels == levels.min(axis=0)
        shares = (fewest / fewest.sum(axis=0)).mean(axis=1)
        rows = [
            (run.manifest.title, estimate(level, run.manifest.members), float(share))
            for run, level, share in zip(every, levels, shares, strict=True)
        ]
        return sorted(rows, key=lambda row: row[1].mean)


def paired_level(run: Results, measure: Measure, year: int) -> Array:
    """Return a measure of a run, one number for each replication."""
    return measure.of(Year(run.tables, year))


def compare_results(reference: Results, others: Sequence[Results]) -> Comparison:
    """Compare finished runs with a reference.

    Raises:
        UserError: they differ in seed, replications, version, size or years.
    """
    check_comparable(reference, list(others))
    return Comparison(reference, tuple(Against(reference, other) for other in others))
