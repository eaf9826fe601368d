"""Money of a comparison: net cost year by year, when it has paid back, which line costs it and who pays."""

from __future__ import annotations

from demandsim.cli.beside import Columns, say_beside
from demandsim.cli.output import number, say, signed
from demandsim.results.comparison import Against, Comparison
from demandsim.results.financing import PAYERS, first_in_deficit, reserves_of
from demandsim.results.uncertainty import Estimate
from demandsim.results.words import years_of
from demandsim.vocabulary import SpendLine


def print_money(comparison: Comparison) -> None:
    """Print net cost by year with payback, then net cost by spending line, then who pays."""
    years = years_of(len(comparison.years))
    say(f"Cumulative net cost, £ million ({comparison.money_words}):")
    labels = [(comparison.reference.year_labels()[year],) for year in comparison.years]
    say_beside(("by the end of",), labels, [_by_year(other, place) for place, other in _numbered(comparison)])
    say("Paid back: share of replications with a cumulative net cost at or below zero at the end of that year and of")
    say("every month after it, to the last one simulated. One that never costs more has paid back from the start.")
    say()
    say(f"Net cost over {years} by spending line, £ million ({comparison.money_words}):")
    lines = [(line.capitalize(),) for line in _lines()]
    say_beside(("line",), [*lines, ("Net cost",)], [_by_line(other, place) for place, other in _numbered(comparison)])
    say()
    say(f"Who pays over {years}, £ million (cash, not discounted):")
    payers = [(payer.heading,) for payer in PAYERS]
    say_beside(("paid by",), payers, [_who_pays(other, place) for place, other in _numbered(comparison)])
    say()
    say(f"What is left after {years}, £ million:")
    rows = ["Reserves at the end; below zero, a deficit", "Half in deficit from"]
    worth = comparison.terms.care_year_value
    if worth is not None:
        rows.append(f"Net benefit at £{worth:,.0f} a care-year ({comparison.money_words})")
    left = [(row,) for row in rows]
    say_beside(("what",), left, [_what_is_left(other, place) for place, other in _numbered(comparison)])
    say(_of_reference(comparison))


def _numbered(comparison: Comparison) -> list[tuple[int, Against]]:
    return list(enumerate(comparison.others, start=1))


def _lines() -> list[str]:
    return SpendLine.words.labels()


def _by_year(other: Against, place: int) -> Columns:
    heads, rows = (f"change {place}", "90% interval", "paid back"), []
    for year in range(1, other.cumulative.shape[1] // 12 + 1):
        value = other.estimate(other.net_cost.at_year(year))
        share = f"{100 * other.net_cost.paid_back_by(12 * year):.0f}%"
        rows.append((*_cells(value), share if year >= other.net_cost.first_year else "-"))
    return heads, rows


def _by_line(other: Against, place: int) -> Columns:
    over = other.extra_spend.sum(axis=1) / 1e6
    values = [*over.T, over.sum(axis=1)]
    return (f"change {place}", "90% interval"), [_cells(other.estimate(value)) for value in values]


def _who_pays(other: Against, place: int) -> Columns:
    rows = [_cells(other.estimate(other.financing.paid_by(payer))) for payer in PAYERS]
    return (f"what-if {place}", "90% interval"), rows


def _what_is_left(other: Against, place: int) -> Columns:
    end = other.estimate(reserves_of(other.run)[:, -1])
    rows = [(number(end.mean), f"{number(end.low)} to {number(end.high)}")]
    rows += [(first_in_deficit(other.run) or "never", "")]
    if other.terms.care_year_value is not None:
        rows += [_cells(other.estimate(other.net_benefit))]
    return (f"what-if {place}", "90% interval"), rows


def _cells(value: Estimate) -> tuple[str, str]:
    return _zero(value.mean), f"{_zero(value.low)} to {_zero(value.high)}"


def _zero(value: float) -> str:
    """Return an amount with its sign; crumbs of rounding are nothing."""
    return signed(value) if abs(value) >= 0.005 else "0.00"


def _of_reference(comparison: Comparison) -> str:
    reference = comparison.reference
    end = comparison.others[0].estimate(reserves_of(reference)[:, -1])
    first = first_in_deficit(reference)
    return f"Reference: reserves at the end {number(end.mean)} ({number(end.low)} to {number(end.high)}); " + (
        f"half in deficit from {first}." if first else "half are never in deficit."
    )
