"""The answer of a comparison: for each what-if a paragraph of what changes, what it costs, who pays and who waits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from demandsim.results.change_words import Change, change_words, changes_words
from demandsim.results.comparison import Against, Comparison
from demandsim.results.measure import Measure, Quantity
from demandsim.results.money_words import (
    lines_words,
    net_benefit_words,
    net_cost_words,
    payback_words,
    payers_words,
    reserves_words,
)
from demandsim.results.moved import present
from demandsim.results.sensitivity import turns_words
from demandsim.results.uncertainty import BAND, Estimate, estimate
from demandsim.results.verdict import for_the_worse, told_apart
from demandsim.results.words import listed, number

#: What a what-if is first asked about.
OUTCOMES = ("looked_after", "children_in_need", "plans")
#: Who waits, who goes without, and who is at risk meanwhile. Those that this version of the model measures are told.
_WAITS = (
    "exposure",
    "unserved",
    "early_help_unmet",
    "early_help_waiting",
    "contacts_again",
    "care_emergency",
    "unallocated",
    "allocation_wait",
    "assessed_in_time",
    "visits_missed",
)
#: A share of starts of care rises when others are avoided: it is told, but is no harm that a saving comes with.
_NO_HARM = ("care_emergency",)
#: Percentage points, or so many for each hundred, from which a harm is told.
_SEEN = 0.05


def answer(comparison: Comparison, other: Against, year: int) -> str:
    """Return what a what-if comes to, as one paragraph.

    Args:
        comparison: with its reference.
        other: the what-if.
        year: place in the tables of the year by which changes are told.
    """
    last = comparison.reference.year_labels()[comparison.years[-1]]
    if not other.begun:
        return f"Nothing has begun by the end of {last}: every result is the reference's. Simulate longer with --years."
    return " ".join(filter(None, _sentences(comparison, other, year)))


def _sentences(comparison: Comparison, other: Against, year: int) -> list[str]:
    label, years = comparison.reference.year_labels()[year], comparison.years.index(year) + 1
    outcomes = [(one, other.change(one, year)) for one in present(OUTCOMES)]
    waits = [(one, other.change(one, year)) for one in present(_WAITS) if not other.withheld(one)]
    return [
        outcomes_words(outcomes, label),
        f"{net_cost_words(comparison, other, years)}{harm_words(comparison, other, years)}.",
        lines_words(other, years),
        payers_words(other, years),
        reserves_words(comparison, other, years),
        payback_words(comparison, other),
        care_year_words(other, _last(comparison, years)),
        net_benefit_words(other, _last(comparison, years)),
        waits_words(waits, label),
        withheld_words(other),
        turns_words(other.sensitivity),
    ]


def outcomes_words(outcomes: Sequence[Change], label: str) -> str:
    """Return the changes that a what-if is first asked about, and once that they are against the reference."""
    return f"In {label}, against the reference: {changes_words(outcomes, first=True)}."


def main_points(comparison: Comparison, other: Against, year: int) -> list[str]:
    """Return what a what-if comes to in a line each: children looked after, the cost and who pays, payback, harm."""
    label, years = comparison.reference.year_labels()[year], comparison.years.index(year) + 1
    if not other.begun:
        return [answer(comparison, other, year)]
    waits = [(one, other.change(one, year)) for one in present(_WAITS) if not other.withheld(one)]
    lines = [
        outcomes_words([(one, other.change(one, year)) for one in present(OUTCOMES[:1])], label),
        f"{net_cost_words(comparison, other, years)}{harm_words(comparison, other, years)}. "
        f"{payers_words(other, years)}".rstrip(),
        payback_words(comparison, other),
        waits_words(waits, label),
    ]
    return [line for line in lines if line]


def waits_words(waits: Sequence[Change], label: str) -> str:
    """Return which waits, unmet need and risk change; the rest are not told apart."""
    apart = [one for one in waits if told_apart(one[1]) and _seen(*one)]
    rest = [measure.label.lower() for measure, change in waits if not told_apart(change)]
    if not apart:
        return f"Waits, unmet need and risk are not told apart in {label}."
    unchanged = f" Not told apart from no change: {listed(rest)}." if rest else ""
    return f"Waits, unmet need and risk in {label}, against the reference: {changes_words(apart)}.{unchanged}"


def withheld_words(other: Against) -> str:
    """Return why a measure is not shown; empty if all are."""
    names = [one.label for one in present(_WAITS) if other.withheld(one)]
    if not names:
        return ""
    return (
        f"{listed(names)} is not shown: this what-if acts on the decision who is looked after, and what "
        "separation and moves do to a child is not in it."
    )


def harm_words(comparison: Comparison, other: Against, years: int) -> str:
    """Return, for a saving, what is worse meanwhile: the end of the same sentence. Empty if it is no saving."""
    saved = other.estimate(other.net_cost.at_year(years))
    if not told_apart(saved) or saved.mean > 0:
        return ""
    meanwhile = comparison.years[:years]
    every = [(one, mean_change(one, other, meanwhile)) for one in present(_WAITS) if one.id not in _NO_HARM]
    worse = [change_words(*one) for one in every if for_the_worse(*one) and _seen(*one)]
    return f", with more unmet need, waits or risk: {listed(worse)} on average over these years" if worse else ""


def _seen(measure: Measure, change: Estimate) -> bool:
    """Return whether a change is more than a digit of rounding."""
    return measure.quantity not in (Quantity.SHARE, Quantity.RATE) or abs(change.mean) >= _SEEN


def mean_change(measure: Measure, other: Against, places: Sequence[int]) -> Estimate:
    """Return the mean change of a measure over some years, by their places in the tables."""
    years = np.array([other.measure(measure, year) for year in places])
    known = ~np.isnan(years)
    counts = known.sum(axis=0)
    means = np.where(counts > 0, np.where(known, years, 0.0).sum(axis=0) / np.maximum(1, counts), np.nan)
    return estimate(means, other.run.manifest.members)


def _last(comparison: Comparison, years: int) -> str:
    """Return the run's last year where the answer is told by an earlier one: care-years and net benefit are of all."""
    earlier = years < len(comparison.years)
    return comparison.reference.year_labels()[comparison.years[-1]] if earlier else ""


def care_year_words(other: Against, to: str = "") -> str:
    """Return what a care-year avoided costs, with its interval; empty where some 90% of it hold none.

    Args:
        other: the what-if.
        to: the run's last year, where it is to be named.
    """
    avoided, cost = other.care_years_avoided, other.cumulative[:, -1]
    years, spend = other.estimate(avoided), other.estimate(cost)
    if min(years.low, spend.low) <= 0 or not (told_apart(years) and told_apart(spend)):
        return ""
    each = spend.mean / years.mean / 1e3
    # Where none is avoided, each costs more than any sum.
    ratios = np.full(len(avoided), np.inf)
    np.divide(cost, 1e3 * avoided, out=ratios, where=avoided > 0)
    low, high = np.quantile(ratios, [(1 - BAND) / 2, (1 + BAND) / 2], method="closest_observation")
    if not np.isfinite(high):
        return ""
    return (
        f"{f'To the end of {to} it' if to else 'It'} avoids {number(years.mean)} care-years "
        f"({number(years.low)} to {number(years.high)}), at "
        f"£{number(each)} thousand each ({number(low)} to {number(high)})."
    )
