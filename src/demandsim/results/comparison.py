"""What a what-if changes against a reference, replication by replication: measures year by year, money, ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from demandsim.results.financing import Financing
from demandsim.results.measure import Measure
from demandsim.results.measures import MEASURES
from demandsim.results.net_cost import NetCost
from demandsim.results.paired import check_comparable, paired
from demandsim.results.presented import Presented
from demandsim.results.prices import Terms, inflation_of
from demandsim.results.sensitivity import Sensitivity
from demandsim.results.settings import changed
from demandsim.results.store import Results
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.uncertainty import Estimate, estimate
from demandsim.results.verdict import told_apart
from demandsim.results.year import Year
from demandsim.vocabulary import DAYS_A_YEAR, LINE_OF_CAUSE, SpendLine, State

Array = NDArray[np.float64]

#: An index of the reference.
_INDEX = 100.0


@dataclass(frozen=True)
class Against:
    """One run against the reference.

    Attributes:
        reference: what it is compared with.
        run: the what-if.
        terms: how its money is told.
        sensitivity: what its outcomes turn on; none unless it was asked for.
    """

    reference: Results
    run: Results
    terms: Terms = field(default_factory=Terms)
    sensitivity: tuple[Sensitivity, ...] = ()

    @property
    def name(self) -> str:
        return self.run.manifest.title

    def estimate(self, values: Array) -> Estimate:
        """Return the estimate of something that this comparison has one of for each replication."""
        return estimate(values, self.run.manifest.members)

    def measure(self, measure: Measure, year: int) -> Array:
        """Return the paired differences of a measure in a year, one for each replication.

        Of an index in hundredths of the reference's mean; not a number where it is withheld.
        """
        differences = paired(self.run, self.reference, measure, year)
        if self.withheld(measure):
            return np.full_like(differences, np.nan)
        return differences * _scale(self.reference, measure, year)

    @cached_property
    def acts_on(self) -> frozenset[str]:
        """The parameters that the what-if sets."""
        return changed(self.reference, self.run)

    def withheld(self, measure: Measure) -> bool:
        """Return whether a measure is not shown, as the what-if acts on what it leaves out."""
        return bool(measure.withheld_by) and not self.acts_on.isdisjoint(measure.withheld_by)

    def change(self, measure: Measure, year: int) -> Estimate:
        """Return the estimate of the paired differences of a measure in a year."""
        return self.estimate(self.measure(measure, year))

    @cached_property
    def extra_spend(self) -> Array:
        """Extra spend of each month from the first on, in pounds: (replication, month, spend line)."""
        extra: Array = self._spend(self.run) - self._spend(self.reference)
        return extra

    def _spend(self, results: Results) -> Array:
        causes = results.tables["spend"][:, 12 * YEARS_BEFORE :]
        lines = np.zeros((*causes.shape[:2], SpendLine.words.size))
        for cause, line in enumerate(LINE_OF_CAUSE):
            lines[:, :, line] += causes[:, :, cause] / 100
        return lines * self.terms.factors(results)

    @cached_property
    def net_cost(self) -> NetCost:
        """Extra spend so far at the end of each month, and when it has paid back."""
        return NetCost(self.extra_spend.sum(axis=2).cumsum(axis=1))

    @property
    def cumulative(self) -> Array:
        """Return the net cost so far at the end of each month, in pounds: (replication, month)."""
        return self.net_cost.cumulative

    @cached_property
    def financing(self) -> Financing:
        """Who pays over the run: budget, reserves, a deficit."""
        return self.financing_to(None)

    def financing_to(self, years: int | None) -> Financing:
        """Return who pays to the end of a year, counted from the start of the run."""
        return Financing(self.reference, self.run, years)

    @cached_property
    def care_years_avoided(self) -> Array:
        """Care-years (child-years looked after) avoided over the run, for each replication."""
        avoided: Array = self._care_years.sum(axis=1)
        return avoided

    @cached_property
    def _care_years(self) -> Array:
        """Care-years avoided in each month from the first on: (replication, month)."""
        start = 12 * YEARS_BEFORE
        days = [
            run.tables["state_days"][:, start:, State.LOOKED_AFTER].astype(np.float64)
            for run in (self.reference, self.run)
        ]
        avoided: Array = (days[0] - days[1]) / DAYS_A_YEAR
        return avoided

    @cached_property
    def net_benefit(self) -> Array:
        """What the care-years avoided are worth less the net cost, in millions of pounds, for each replication.

        Care-years are discounted as money is. What children gain or lose otherwise is not in it.
        """
        value = self.terms.care_year_value or 0.0
        worth = value * (self._care_years * self.terms.discount(self._care_years.shape[1])).sum(axis=1)
        benefit: Array = (worth - self.cumulative[:, -1]) / 1e6
        return benefit

    @cached_property
    def begun(self) -> bool:
        """Whether anything differs from the reference within the run."""
        return any(
            not np.array_equal(table, self.reference.tables[name], equal_nan=True)
            for name, table in self.run.tables.items()
        )


@dataclass(frozen=True)
class Rank:
    """A place in the order of children looked after at the end.

    Attributes:
        name: of the scenario.
        level: children looked after.
        fewest: share of replications in which it alone has the fewest.
        tied: whether it is not told apart from the one above it.
    """

    name: str
    level: Estimate
    fewest: float
    tied: bool


@dataclass(frozen=True, repr=False)
class Comparison(Presented):
    """Several runs against one reference.

    Attributes:
        reference: what the others are compared with.
        others: one for each of them, in the order given.
        terms: how money is told.
    """

    reference: Results
    others: tuple[Against, ...]
    terms: Terms = field(default_factory=Terms)

    @property
    def years(self) -> list[int]:
        """Places of the simulated years in the tables."""
        return list(range(YEARS_BEFORE, self.reference.manifest.years))

    @cached_property
    def inflated(self) -> bool:
        """Whether prices rise in any of the runs."""
        return any(inflation_of(run).any() for run in (self.reference, *(other.run for other in self.others)))

    @property
    def money_words(self) -> str:
        """Return in words at which prices money is, and whether it is discounted."""
        return self.terms.words(self.inflated, self.reference.manifest)

    def ranking(self) -> list[Rank]:
        """Return the scenarios by children looked after at the end, fewest first. The reference takes part."""
        measure, year = MEASURES["looked_after"], self.years[-1]
        every = [self.reference, *(other.run for other in self.others)]
        levels = np.array([paired_level(run, measure, year) for run in every])
        fewest = levels == levels.min(axis=0)
        shares = (fewest & (fewest.sum(axis=0) == 1)).mean(axis=1)
        members = self.reference.manifest.members
        order = np.argsort(levels.mean(axis=1), kind="stable")
        ranks = []
        for place, number in enumerate(order):
            above = order[place - 1] if place else number
            apart = told_apart(estimate(levels[number] - levels[above], members))
            name, level = every[number].manifest.title, estimate(levels[number], members)
            ranks.append(Rank(name, level, float(shares[number]), bool(place) and not apart))
        return ranks


def paired_level(run: Results, measure: Measure, year: int) -> Array:
    """Return a measure of a run, one number for each replication."""
    return measure.of(Year(run.tables, year))


def reference_level(reference: Results, measure: Measure, year: int) -> Array:
    """Return a measure of a reference as a comparison tells it; 100 on average if it is told as an index."""
    return paired_level(reference, measure, year) * _scale(reference, measure, year)


def _scale(reference: Results, measure: Measure, year: int) -> float:
    """Return what makes a measure an index, if it is told as one."""
    if not measure.indexed:
        return 1.0
    mean = float(np.nanmean(paired_level(reference, measure, year)))
    return _INDEX / mean if mean else 1.0


def compare_results(reference: Results, others: Sequence[Results], terms: Terms | None = None) -> Comparison:
    """Compare finished runs with a reference.

    Raises:
        UserError: they differ in seed, replications, version, size or years.
    """
    check_comparable(reference, list(others))
    terms = terms or Terms()
    return Comparison(reference, tuple(Against(reference, other, terms) for other in others), terms)
