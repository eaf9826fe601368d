"""A comparison as tables: what its CSV files hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from demandsim.results.comparison import Comparison, reference_level
from demandsim.results.financing import PAYERS, reserves_of
from demandsim.results.measure import Measure
from demandsim.results.moved import shown
from demandsim.results.prices import CASH
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.uncertainty import PARTS, Estimate
from demandsim.results.verdict import WITHHELD, verdict
from demandsim.vocabulary import SpendLine

_CASH = f"{CASH}, not discounted"
Rows = Iterator[tuple[Any, ...]]

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
    "share of replications better",
    "share of replications tied",
    "told apart from no change",
)


def rows(comparison: Comparison, measures: Sequence[Measure] | None = None) -> Rows:
    """Yield measures of every year of every run, the heading first.

    Args:
        comparison: of what.
        measures: the headline ones and those that move most by the last year unless given.
    """
    yield HEADINGS
    measures = shown(comparison, comparison.years[-1]) if measures is None else measures
    labels = comparison.reference.year_labels()
    for other in comparison.others:
        for measure in measures:
            for year in comparison.years:
                differences = other.measure(measure, year)
                value = other.estimate(differences)
                usual = other.estimate(reference_level(comparison.reference, measure, year))
                found = verdict(measure, differences, value)
                yield (
                    other.run.manifest.scenario,
                    measure.id,
                    measure.label,
                    measure.told_in,
                    labels[year],
                    f"{usual.mean:.6g}",
                    *_cells(value.mean, value.low, value.high),
                    *value.parts,
                    *_cells(value.error),
                    "" if found.better is None or measure.indexed else f"{found.better:.3g}",
                    "" if other.withheld(measure) else f"{found.tied:.3g}",
                    WITHHELD if other.withheld(measure) else "yes" if found.told_apart else "no",
                )


def _cells(*numbers: float) -> list[str]:
    return ["" if number != number else f"{number:.6g}" for number in numbers]


def money_rows(comparison: Comparison) -> Rows:
    """Yield the cumulative net cost at each month's end, and the share of replications that have paid back by then."""
    yield (
        "scenario",
        "month",
        "mean cumulative net cost, £",
        "low (5%)",
        "high (95%)",
        "share of replications paid back for good",
        "prices",
    )
    first, words = comparison.reference.manifest.first_year + YEARS_BEFORE, comparison.money_words
    for other in comparison.others:
        for month in range(other.cumulative.shape[1]):
            value = other.estimate(other.cumulative[:, month])
            year, place = divmod(month + 3, 12)
            yield (
                other.run.manifest.scenario,
                f"{first + year}-{place + 1:02d}",
                f"{value.mean:.0f}",
                f"{value.low:.0f}",
                f"{value.high:.0f}",
                f"{other.net_cost.paid_back_by(month + 1):.3g}",
                words,
            )


def payer_rows(comparison: Comparison) -> Rows:
    """Yield who pays over the run: each spending line, then each payer; and reserves year by year."""
    yield ("scenario", "what", "year", "mean, £ million", "low (5%)", "high (95%)", "prices")
    labels = comparison.reference.year_labels()
    span = f"{labels[YEARS_BEFORE]} to {labels[-1]}"
    for other in comparison.others:
        name = other.run.manifest.scenario
        for line, label in enumerate(SpendLine.words.labels()):
            value = other.estimate(other.extra_spend[:, :, line].sum(axis=1) / 1e6)
            yield (name, f"net cost: {label}", span, *_three(value), comparison.money_words)
        for payer in PAYERS:
            value = other.estimate(other.financing.paid_by(payer))
            yield (name, f"paid by: {payer.label.lower()}", span, *_three(value), _CASH)
        if other.terms.care_year_value is not None:
            what = f"net benefit at £{other.terms.care_year_value:,.0f} a care-year"
            yield (name, what, span, *_three(other.estimate(other.net_benefit)), comparison.money_words)
        for place, label in enumerate(labels[YEARS_BEFORE:], start=1):
            value = other.estimate(reserves_of(other.run)[:, place])
            yield (name, "reserves on 31 March", label, *_three(value), _CASH)


def _three(value: Estimate) -> tuple[str, str, str]:
    return f"{value.mean:.6g}", f"{value.low:.6g}", f"{value.high:.6g}"
