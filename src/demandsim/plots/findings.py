"""Titles of the pictures of a comparison: the finding, in about ten words."""

from __future__ import annotations

from demandsim.plots.style import title_lines
from demandsim.plots.what_ifs import short_names
from demandsim.results.answer import harm_words, mean_change
from demandsim.results.comparison import Against, Comparison
from demandsim.results.financing import PAYERS
from demandsim.results.measures import MEASURES
from demandsim.results.money_words import LEAST_PAID, signed_span
from demandsim.results.uncertainty import Estimate, estimate
from demandsim.results.verdict import for_the_worse, told_apart
from demandsim.results.words import children, listed, number, pounds, years_of
from demandsim.vocabulary import SpendLine

#: Millions of pounds from which a line has moved.
_SHOWN = 0.005
#: Share of replications from which something is called likely; every title that says so says the share.
_LIKELY = 0.5
#: Lines that a title may take.
_LINES = 2
_EXPOSED, _EXPOSED_SHORT = "modelled exposure to harm rises on average", "mean exposure to harm rises"


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
        return f"Children looked after are {size} {way} on average than in the reference in {label}"
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
    return f"{names[first]} lowers children looked after most, by {children(changes[first].mean)} on average"


def money_title(comparison: Comparison) -> str:
    """Return what is paid by the last year, and by whom; of many what-ifs, how many are likely to have paid back."""
    by = f"by {_last(comparison)}"
    if len(comparison.others) == 1:
        return _money_of_one(comparison, comparison.others[0], by)
    if all(other.net_cost.nothing for other in comparison.others):
        return f"No what-if costs more or less than the reference {by}"
    back = [place for place, other in enumerate(comparison.others) if _likely_back(comparison, other)]
    likely = f"likely (at least {100 * _LIKELY:.0f}%) to save or pay back {by}"
    many = len(comparison.others)
    if not back:
        return f"{_none(comparison)} of {many} what-ifs is {likely}"
    count = f"{len(back)} of {many}" if len(back) < many else "Both" if many == 2 else f"All {many}"
    saved = sum(beyond_zero(_cost_of(comparison, comparison.others[place])) for place in back)
    # A likely saving is not a sure one: the intervals that are drawn say which.
    apart = "" if saved == len(back) else f", {saved or 'none' if len(back) > 1 else 'not'} told apart"
    return _with_harm(f"{count} what-ifs {'is' if len(back) == 1 else 'are'} {likely}{apart}", comparison, back)


def _none(comparison: Comparison) -> str:
    return "Neither" if len(comparison.others) == 2 else "None"


def _likely_back(comparison: Comparison, other: Against) -> bool:
    """Return whether a what-if has saved, or paid back, in so many replications, as its panel says."""
    return not other.net_cost.nothing and other.net_cost.paid_back_by(12 * len(comparison.years)) >= _LIKELY


def beyond_zero(value: Estimate) -> bool:
    """Return whether the 90% interval that is drawn holds no nothing: a title may claim no more than that."""
    return value.low > 0 or value.high < 0


def _cost_of(comparison: Comparison, other: Against) -> Estimate:
    return other.estimate(other.net_cost.at_year(len(comparison.years)))


def _more_exposed(comparison: Comparison, other: Against) -> bool:
    """Return whether modelled exposure to harm over the run is higher on average, by more than simulation error."""
    exposure = MEASURES["exposure"]
    return for_the_worse(exposure, mean_change(exposure, other, comparison.years))


def _with_harm(title: str, comparison: Comparison, savers: list[int]) -> str:
    """Add to a title in which what-ifs save those where children are exposed to more meanwhile; all on two lines."""
    exposed = [place for place in savers if _more_exposed(comparison, comparison.others[place])]
    if not exposed:
        return title
    if len(comparison.others) == 1:
        return f"{title}; {_EXPOSED}"
    names = short_names(comparison)
    named = listed([names[place] for place in exposed])
    many = f"{len(exposed)} of them" if exposed != savers else "both" if len(exposed) == 2 else "all of them"
    whom = [many] if exposed == savers and len(savers) > 1 else [named, many]
    ways = [f"{title}; {words} with {which}" for which in whom for words in (_EXPOSED, _EXPOSED_SHORT)]
    return next((way for way in ways if _fits(way)), ways[-1])


def _fits(title: str) -> bool:
    return len(title_lines(title)) <= _LINES


def _money_of_one(comparison: Comparison, other: Against, by: str) -> str:
    if other.net_cost.nothing:
        return f"It costs what the reference costs {by}"
    cost = _cost_of(comparison, other)
    exposed = f"; {_EXPOSED}" if cost.mean < 0 and _more_exposed(comparison, other) else ""
    if not beyond_zero(cost):
        return f"Net cost {by} is not told apart from none ({signed_span(cost)}){exposed}"
    if cost.mean < 0:
        harm = ", with more unmet need, waits or risk" if harm_words(comparison, other, len(comparison.years)) else ""
        return f"A saving of {pounds(cost.mean)} {by}{exposed or harm}"
    ways = [f"{pounds(cost.mean)} more {by}{paid}" for paid in _payers(other)]
    return next((way for way in ways if _fits(way)), ways[-1])


def _payers(other: Against) -> tuple[str, str]:
    """Return all who pay and all who keep some of it, on average, as the bars show; and, shorter, who pays most."""
    means = [(payer, float(other.financing.paid_by(payer).mean())) for payer in PAYERS]
    means.sort(key=lambda pair: -abs(pair[1]))
    pays = [payer.pays for payer, mean in means if mean >= LEAST_PAID]
    keeps = [payer.keeps for payer, mean in means if mean <= -LEAST_PAID]
    if not pays:
        return "", ""
    less = f", less what goes to {listed(keeps)}" if keeps else ""
    most = max(mean for _, mean in means)
    mostly = f", mostly paid by {pays[0]}" if most > sum(max(0.0, mean) for _, mean in means) / 2 else ""
    return f", paid on average by {listed(pays)}{less}", mostly


def outcome_title(comparison: Comparison) -> str:
    """Return whether anything both saves and avoids care-years; of one what-if, what it does."""
    span = f"over {years_of(len(comparison.years))}"
    pairs = [(_cost_of(comparison, other), other.estimate(other.care_years_avoided)) for other in comparison.others]
    if len(pairs) == 1:
        ((cost, years),) = pairs
        return _with_harm(f"{_cost(cost)} {span}; {_care_years(years)}", comparison, [0] if _saves(cost) else [])
    good = [
        place for place, (cost, years) in enumerate(pairs) if _saves(cost) and beyond_zero(years) and years.mean > 0
    ]
    if not good:
        return (
            f"{_none(comparison)} of {len(pairs)} what-ifs both saves money and avoids care-years beyond chance {span}"
        )
    both = f"both save{'s' if len(good) == 1 else ''} money and avoid{'s' if len(good) == 1 else ''} care-years"
    names = short_names(comparison)
    named = f"{listed([names[place] for place in good])} {both} {span}"
    title = named if _fits(named) else f"{len(good)} of {len(pairs)} what-ifs {both} {span}"
    return _with_harm(title, comparison, good)


def _saves(cost: Estimate) -> bool:
    return beyond_zero(cost) and cost.mean < 0


def _cost(cost: Estimate) -> str:
    if not beyond_zero(cost):
        return "Net cost not told apart from none"
    return f"{pounds(cost.mean)} {'more' if cost.mean > 0 else 'saved'}"


def _care_years(years: Estimate) -> str:
    if not beyond_zero(years):
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
