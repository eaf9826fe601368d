"""A change of a measure in words: how much up or down, its 90% interval, or that it is not told apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from demandsim.results.measure import Measure, Quantity
from demandsim.results.uncertainty import Estimate
from demandsim.results.verdict import told_apart
from demandsim.results.words import WHOLE_FROM, listed, number, whole

#: What a sentence calls a measure, where its label would not read in one.
_PHRASES = {"unserved": "time above the early help threshold without a service"}

#: Which way what is counted goes.
_FEWER, _MORE = "fewer", "more"

Change = tuple[Measure, Estimate]


def named(measure: Measure) -> str:
    """Return the label of a measure as the middle of a sentence has it."""
    if measure.id in _PHRASES:
        return _PHRASES[measure.id]
    return measure.label[0].lower() + measure.label[1:]


def amount(measure: Measure, value: float) -> str:
    """Return the size of a change with its unit."""
    size = number(abs(value))
    match measure.quantity:
        case Quantity.SHARE:
            return f"{size} points"
        case Quantity.MONEY:
            return f"£{size}{measure.unit[1:]}"
        case Quantity.RATIO:
            return size
    return f"{size} {measure.unit}"


def change_words(measure: Measure, change: Estimate, first: bool = False) -> str:
    """Return a change that is told apart: `4.00 fewer children looked after (90% interval 8.20 fewer to 1.20 more)`.

    What is counted is fewer or more; anything else is up or down.

    Args:
        measure: of what.
        change: how much.
        first: say what the interval is.
    """
    if measure.indexed:
        return _index_words(measure, change, first)
    interval = "90% interval " if first else ""
    if measure.quantity.counted:
        a_year = " a year" if measure.quantity is Quantity.FLOW else ""
        size = whole if abs(change.mean) >= WHOLE_FROM else number
        way = _MORE if change.mean > 0 else _FEWER
        ends = _ends(change, (_FEWER, _MORE), size)
        return f"{size(abs(change.mean))} {way} {named(measure)}{a_year} ({interval}{ends})"
    way = "up" if change.mean > 0 else "down"
    return f"{named(measure)} {way} {amount(measure, change.mean)} ({interval}{_ends(change)})"


def _index_words(measure: Measure, change: Estimate, first: bool) -> str:
    """Return a change of an index: `exposure lower (index 96.2; 90% interval 94.0 to 99.1; reference 100)`."""
    way = "higher" if change.mean > 0 else "lower"
    index, low, high = (f"{100 + value:.1f}" for value in (change.mean, change.low, change.high))
    return f"{named(measure)} {way} (index {index}; {'90% interval ' if first else ''}{low} to {high}; reference 100)"


def _ends(change: Estimate, ways: tuple[str, str] = ("down", "up"), size: Callable[[float], str] = number) -> str:
    """Return the ends of an interval, with a way each where it holds no change."""
    if change.low * change.high > 0:
        near, far = sorted((abs(change.low), abs(change.high)))
        return f"{size(near)} to {size(far)}"
    low, high = (
        f"{size(abs(value))} {way}" if size(abs(value)) != size(0.0) else "none"
        for value, way in zip((change.low, change.high), ways, strict=True)
    )
    return f"{low} to {high}"


def changes_words(changes: Sequence[Change], first: bool = False) -> str:
    """Return several changes as a list, those that are not told apart or not there at the end.

    Args:
        changes: in the order to be told.
        first: say of the first interval what it is.
    """
    apart = [(measure, change) for measure, change in changes if told_apart(change)]
    parts = [change_words(*one, first=first and not place) for place, one in enumerate(apart)]
    same = [named(measure) for measure, change in changes if _none(change)]
    unclear = [named(measure) for measure, change in changes if not told_apart(change) and not _none(change)]
    tail = [f"not told apart: {listed(unclear)}"] * bool(unclear) + [f"unchanged: {listed(same)}"] * bool(same)
    return "; ".join([*([", ".join(parts)] if parts else []), *tail])


def _none(change: Estimate) -> bool:
    return change.mean == change.low == change.high == 0
