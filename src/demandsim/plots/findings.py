"""Titles of the pictures of a comparison: the finding, in about ten words."""

from __future__ import annotations

from demandsim.plots.what_ifs import short_names
from demandsim.results.answer import harm_words
from demandsim.results.comparison import Against, Comparison
from demandsim.results.measures import MEASURES
from demandsim.results.money_words import payers_told
from demandsim.results.uncertainty import Estimate, estimate
from demandsim.results.verdict import told_apart
from demandsim.results.words import children, listed, number, pounds, years_of
from demandsim.vocabulary import SpendLine

#: Millions of pounds from which a line has moved.
_SHOWN = 0.005


def _last(comparison: Comparison) -> str:
    return comparison.reference.year_labels()[comparison.years[-1]]


def children_title(comparison: Comparison) -> str:
    """Return what happens to children looked after by the last year."""
    care, year, by = MEASURES["looked_after"], comparison.years[-1], f"by {_last(comparison)}"
    changes = [other.change(care, year) for other in comparison.others]
    if len(changes) == 1:
        (only,) = changes
        if not told_apart(only):
            return f"No change in children looked after can be told apart {by}"
        way = "fewer" if only.mean < 0 else "more"
        size, label = children(only.mean), _last(comparison)
        return f"Children looked after are {size} {way} than in the reference in {label}"
    falls = [place for place, change in enumerate(changes) if told_apart(change) and change.mean < 0]
    if not falls:
        return f"No what-if lowers children looked after {by}"
    first, *rest = sorted(falls, key=lambda place: changes[place].mean)
    names = short_names(comparison)
    best = comparison.others[first].measure(care, year)
    members = comparison.reference.manifest.members
    tied = [
        place
        for place in rest
        if not told_apart(estimate(comparison.others[place].measure(care, year) - best, members))
    ]
    if len(tied) > 1:
        return f"{len(tied) + 1} what-ifs lower children looked after most {by}, not told apart"
    if tied:
        return f"{names[first]} and {names[tied[0]]} lower children looked after most {by}"
    return f"{names[first]} lowers children looked after most, by {children(changes[first].mean)}"


def money_title(comparison: Comparison) -> str:
    """Return what is paid by the last year, and by whom; of many what-ifs, how many have paid back."""
    by, months = f"by {_last(comparison)}", 12 * len(comparison.years)
    if len(comparison.others) == 1:
        return _money_of_one(comparison, comparison.others[0], by)
    if all(other.net_cost.nothing for other in comparison.others):
        return f"No what-if costs more or less than the reference {by}"
    back = sum(_likely_back(other, months) for other in comparison.others)
    many = len(comparison.others)
    if not back:
        return f"{'Neither' if many == 2 else 'None'} of {many} what-ifs is likely to save or have paid back {by}"
    return f"{back} of {many} what-ifs {'is' if back == 1 else 'are'} likely to save or have paid back {by}"


def _likely_back(other: Against, months: int) -> bool:
    """Return whether a what-if has saved, or paid back, in most replications, and not by chance alone."""
    cost = other.net_cost
    told = not cost.nothing and told_apart(other.estimate(cost.at_year(months // 12)))
    return told and cost.paid_back_by(months) >= 0.5


def _money_of_one(comparison: Comparison, other: Against, by: str) -> str:
    if other.net_cost.nothing:
        return f"It costs what the reference costs {by}"
    cost = other.estimate(other.net_cost.at_year(len(comparison.years)))
    if not told_apart(cost):
        return f"Net cost {by} is not told apart from none"
    if cost.mean < 0:
        harm = ", with more unmet need, waits or risk" if harm_words(comparison, other, len(comparison.years)) else ""
        return f"A saving of {pounds(cost.mean)} {by}{harm}"
    names = [payer.pays for payer, mean in payers_told(other) if mean > 0]
    return f"{pounds(cost.mean)} more {by}" + (f", paid by {listed(names)}" if names else "")


def outcome_title(comparison: Comparison) -> str:
    """Return whether anything both saves and avoids care-years; of one what-if, what it does."""
    span = f"over {years_of(len(comparison.years))}"
    pairs = [
        (other.estimate(other.net_cost.at_year(len(comparison.years))), other.estimate(other.care_years_avoided))
        for other in comparison.others
    ]
    if len(pairs) == 1:
        ((cost, years),) = pairs
        return f"{_cost(cost)} {span}; {_care_years(years)}"
    good = [
        name
        for name, (cost, years) in zip(short_names(comparison), pairs, strict=True)
        if told_apart(cost) and told_apart(years) and cost.mean < 0 < years.mean
    ]
    if not good:
        return f"No what-if clearly both saves money and avoids care-years {span}"
    both = f"both save{'s' if len(good) == 1 else ''} money and avoid{'s' if len(good) == 1 else ''} care-years"
    return f"{listed(good)} {both} {span}"


def _cost(cost: Estimate) -> str:
    if not told_apart(cost):
        return "Net cost not told apart from none"
    return f"{pounds(cost.mean)} {'more' if cost.mean > 0 else 'saved'}"


def _care_years(years: Estimate) -> str:
    if not told_apart(years):
        return "care-years not told apart"
    return f"{number(abs(years.mean))} care-years {'avoided' if years.mean > 0 else 'added'}"


def lines_title(comparison: Comparison) -> str:
    """Return the spending line that moves most."""
    moved = [
        (abs(mean), mean, line)
        for other in comparison.others
        for line, mean in zip(SpendLine.words.labels(), other.extra_spend.sum(axis=1).mean(axis=0) / 1e6, strict=True)
    ]
    most_moved, mean, line = max(moved)
    if most_moved < _SHOWN:
        return "No spending line moves"
    most = "up to " if len(comparison.others) > 1 else ""
    return f"{line.capitalize()} moves most: {most}{pounds(mean)} {'more' if mean > 0 else 'less'}"
