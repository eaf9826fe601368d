"""Titles of pictures over time: how the last year differs from the first."""

from __future__ import annotations

from collections.abc import Mapping

from demandsim.results.measure import Measure, Quantity
from demandsim.results.measures import MEASURES
from demandsim.results.store import Results
from demandsim.results.uncertainty import estimate
from demandsim.results.verdict import told_apart
from demandsim.results.words import children, listed, number
from demandsim.results.year import Array, Year


def changes_title(results: Results, of: str, named: Mapping[str, str], dates: bool = False) -> str:
    """Return by how much measures differ in the last year from the first on average; with one replication, both.

    Args:
        results: of a run.
        of: what the title is of, before the years.
        named: ids of measures, and the words for each.
        dates: of 31 March that end the years, not of the years.
    """
    labels = results.year_labels()
    first, last = labels[0], labels[-1]
    if dates:
        first, last = str(int(first[:4]) + 1), str(int(last[:4]) + 1)
    changes = {words: _change(results, MEASURES[key]) for key, words in named.items()}
    moved = listed([f"{words} {change}" for words, change in changes.items() if change])
    same = listed([words for words, change in changes.items() if not change])
    parts = [part for part in (moved, same and f"{same} not told apart") if part]
    mean = " on average" if results.manifest.replications > 1 else ""
    return f"{of} {first} to {last}{mean}: {'; '.join(parts)}"


def _change(results: Results, measure: Measure) -> str:
    """Return how a measure differs; nothing where that can't be told apart from none."""
    first, last = (measure.of(Year(results.tables, place)) for place in (0, results.manifest.years - 1))
    share = measure.quantity is Quantity.SHARE
    if len(first) == 1:
        return f"{_level(first, share)} to {_level(last, share)}"
    change = estimate(last - first, results.manifest.members)
    if not told_apart(change):
        return ""
    way = "up" if change.mean > 0 else "down"
    if share:
        return f"{way} {abs(change.mean):.1f} points"
    return f"{way} {100 * abs(change.mean) / float(first.mean()):.0f}%"


def _level(value: Array, share: bool) -> str:
    return f"{number(float(value[0]))}%" if share else children(float(value[0]))
