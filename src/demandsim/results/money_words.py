"""Money of a what-if in sentences: what it costs, on which lines, who pays, and whether it pays back."""

from __future__ import annotations

import numpy as np

from demandsim.results.comparison import Against, Comparison
from demandsim.results.financing import PAYERS, Financing, Payer, first_in_deficit, reserves_of
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.uncertainty import Estimate
from demandsim.results.verdict import told_apart
from demandsim.results.words import listed, number, pounds, share_of
from demandsim.vocabulary import SpendLine

#: Lines are named down to this share of the largest, payers down to this many million pounds.
_LINE, LEAST_PAID = 0.05, 0.05
#: Share of a net cost below which it is not said that nobody is told to pay it.
_REST = 0.05
#: Share of replications below which there is no more to say of what is likelier.
_RARE = 0.05
#: Millions of pounds that two decimals show.
_SHOWN = 0.005


def net_cost_words(comparison: Comparison, other: Against, years: int) -> str:
    """Return what a what-if costs to the end of a year, counted from the start of the run.

    A sentence without its stop: `It costs £18.5 million more by the end of 2019-20 (...)`.
    """
    value = other.estimate(other.net_cost.at_year(years))
    by = f"by the end of {comparison.reference.year_labels()[YEARS_BEFORE + years - 1]}"
    if other.net_cost.nothing_to(years):
        return f"It costs what the reference costs {by}"
    if not told_apart(value):
        return f"Its cost {by} is not told apart from the reference's (90% interval {_ends(value)})"
    interval = f"90% interval {signed_span(value)}"
    more = f"It costs {pounds(value.mean)} more" if value.mean > 0 else f"It saves {pounds(value.mean)}"
    return f"{more} {by} ({interval}; {comparison.money_words})"


def signed_span(value: Estimate) -> str:
    """Return the ends of an interval of a net cost, with words for what has no common sign."""
    if value.low * value.high > 0:
        near, far = sorted((abs(value.low), abs(value.high)))
        return f"£{number(near)} to £{number(far)} million"
    low = f"£{number(abs(value.low))} million saved" if value.low <= -_SHOWN else "none"
    high = f"£{number(value.high)} million more" if value.high >= _SHOWN else "none"
    return f"{low} to {high}"


def _ends(value: Estimate) -> str:
    which = "" if value.low * value.high <= 0 else " saved" if value.high < 0 else " more"
    return signed_span(value) + which


def lines_words(other: Against, years: int) -> str:
    """Return which spending lines cost more and which less, and the rest in sum; empty if none is told apart."""
    over = other.extra_spend[:, : 12 * years].sum(axis=1) / 1e6
    values = [other.estimate(column) for column in over.T]
    most = max(abs(value.mean) for value in values)
    named = [
        (value.mean, label)
        for label, value in zip(SpendLine.words.labels(), values, strict=True)
        if told_apart(value) and abs(value.mean) >= max(_LINE * most, LEAST_PAID)
    ]
    named.sort(key=lambda pair: -abs(pair[0]))
    up = [f"{label} ({pounds(mean)})" for mean, label in named if mean > 0]
    down = [f"{label} ({pounds(mean)})" for mean, label in named if mean < 0]
    parts = [f"more on {listed(up)}"] * bool(up) + [f"less on {listed(down)}"] * bool(down)
    if not parts:
        return ""
    rest = float(over.sum(axis=1).mean()) - sum(mean for mean, _ in named)
    if abs(rest) >= LEAST_PAID:
        parts.append(f"and {pounds(rest)} {'more' if rest > 0 else 'less'} on other lines")
    return f"Spend: {'; '.join(parts)}."


def _payers_told(other: Against, financing: Financing) -> list[tuple[Payer, float]]:
    """Return who pays, and how many million pounds on average, below zero who keeps: those told apart from nobody."""
    values = [(payer, other.estimate(financing.paid_by(payer))) for payer in PAYERS]
    return [(payer, value.mean) for payer, value in values if told_apart(value) and abs(value.mean) >= LEAST_PAID]


def payers_words(other: Against, years: int) -> str:
    """Return who pays for a net cost, who keeps a saving, and how much of it is not told; empty if there is none."""
    financing = other.financing_to(years)
    told = _payers_told(other, financing)
    pays = [f"{payer.pays} ({pounds(mean)})" for payer, mean in told if mean > 0]
    keeps = [f"{payer.keeps} ({pounds(mean)})" for payer, mean in told if mean < 0]
    cut, cost = float(financing.budget.mean()), other.estimate(financing.net_cost)
    rest = cost.mean - sum(mean for _, mean in told)
    unknown = f"who has {'paid' if rest > 0 else 'kept'} the other {pounds(rest)} is not told" if told else ""
    unknown = unknown if abs(rest) >= max(LEAST_PAID, _REST * abs(cost.mean)) else ""
    if cut <= -LEAST_PAID and pays:
        less = f"The budget is {pounds(cut)} smaller. Spend does not fall by as much"
        return f"{less}: the difference is paid by {listed(pays)}{f'; {unknown}' if unknown else ''}."
    if not told:
        does = "pays" if cost.mean > 0 else "keeps it"
        return f"Who {does} is not told: chance could make each part." if told_apart(cost) else ""
    parts = [f"paid by {listed(pays)}"] * bool(pays) + [f"saved to {listed(keeps)}"] * bool(keeps)
    text = "; ".join([*parts, *([unknown] if unknown else [])])
    return f"{text[0].upper()}{text[1:]}."


def reserves_words(comparison: Comparison, other: Against, years: int) -> str:
    """Return until when reserves last, and how likely a deficit is at a year's end, beside the reference's."""
    label = comparison.reference.year_labels()[YEARS_BEFORE + years - 1]
    first, usual = first_in_deficit(other.run), first_in_deficit(comparison.reference)
    ends = [reserves_of(run)[:, years] for run in (other.run, comparison.reference)]
    share, usually = (100 * float((values < 0).mean()) for values in ends)
    until = "Reserves last in most replications"
    if first is not None:
        beside = f"in the reference by the end of {usual}" if usual else "in the reference it never comes to half"
        until = f"Reserves have run out in half the replications by the end of {first}; {beside}"
    return (
        f"{until}. {share:.0f}% of replications are in deficit at the end of {label} (reference: {usually:.0f}%). "
        f"{_left(*(float(np.median(values)) for values in ends))}"
    )


def _left(end: float, before: float) -> str:
    """Return what is left in the middle one of all replications: a few with much would make an average useless."""
    what, other = ("a deficit of", "reserves of") if end < 0 else ("reserves of", "a deficit of")
    usual = f"{other} {pounds(before)}" if (end < 0) != (before < 0) else pounds(before)
    return f"The median is {what} {pounds(end)} (reference: {usual})."


def net_benefit_words(other: Against, to: str = "") -> str:
    """Return the net benefit at the value of a care-year that somebody stated; empty if nobody did.

    Args:
        other: the what-if.
        to: the run's last year, where it is to be named.
    """
    worth = other.terms.care_year_value
    if worth is None or other.net_cost.nothing:
        return ""
    value = other.estimate(other.net_benefit)
    at = f"{f'To the end of {to}, at' if to else 'At'} £{worth:,.0f} a care-year avoided"
    above = f"above zero in {100 * float((other.net_benefit > 0).mean()):.0f}% of replications"
    if not told_apart(value):
        return f"{at}, its net benefit is not told apart from zero ({_benefit_span(value)}; {above})."
    size = f"{'a loss of ' if value.mean < 0 else ''}{pounds(value.mean)}"
    return f"{at}, its net benefit is {size} ({_benefit_span(value)}; {above})."


def _benefit_span(value: Estimate) -> str:
    ends = [f"{'-' if end < 0 else ''}£{number(abs(end))}" for end in (value.low, value.high)]
    return f"90% interval {ends[0]} to {ends[1]} million"


def payback_words(comparison: Comparison, other: Against) -> str:
    """Return whether, when and how likely a what-if pays back within the run."""
    cost, count = other.net_cost, len(comparison.years)
    labels = comparison.reference.year_labels()[YEARS_BEFORE:]
    if cost.nothing:
        return ""
    if cost.never_out:
        return "It never costs more than the reference."
    many, end = len(cost.cumulative), cost.paid_back_by(12 * count)
    if not end:
        return f"It does not pay back by the end of {labels[-1]} in any of {many} replications."
    if cost.payback_year is None:
        likelier = ": it is likelier not to" if end >= _RARE else ""
        return f"It pays back by the end of {labels[-1]} in {share_of(end, many, 'replications')}{likelier}."
    by = cost.payback_year
    share = cost.paid_back_by(12 * by)
    rest = f", by {labels[-1]} in {100 * end:.0f}%" if by < count and end > share else ""
    if by == cost.first_year:
        # A cut has nothing to pay back.
        since = f"from the end of {labels[by - 1]} on"
        return f"It costs no more than the reference {since} in {share_of(share, many, 'replications')}{rest}."
    return f"It pays back by the end of {labels[by - 1]} in {share_of(share, many, 'replications')}{rest}."
