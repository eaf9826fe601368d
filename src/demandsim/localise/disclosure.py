"""Small numbers: counts of children below six are suppressed with a second one, the others rounded to five."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from demandsim.localise.figures import Figure, Findings, Tally

#: Counts below this are suppressed; the others are rounded to the next multiple of `BASE`.
LEAST, BASE = 6, 5
#: What stands for a suppressed figure.
MARK = "c"
#: Medians and the like say nothing of one child if they rest on so many.
_FEWEST = 10
#: Child-days in a kind of placement, of so many children: shown in whole weeks, rounded as counts are.
CHILD_DAYS, _WEEKS = "local_days_", 7


def rounded(number: float) -> float:
    """Return a count rounded to the next multiple of five."""
    return float(BASE * int(number / BASE + 0.5))


def disclosed(findings: Findings) -> tuple[Findings, list[tuple[str, int]]]:
    """Return what may be shown to others, and which figures may not, by measure and year."""
    shown, hidden = Findings(), list[tuple[str, int]]()
    suppressed = _suppressed(list(findings.figures.values()))
    for key, figure in findings.figures.items():
        if key in suppressed:
            hidden.append(key)
        else:
            shown.figures[key] = _rounded(figure)
    for name, tally in findings.tallies.items():
        if sum(tally.counts) >= _FEWEST:
            shown.tallies[name] = _of_tally(tally)
    return shown, hidden


def _rounded(figure: Figure) -> Figure:
    if not figure.of_children:
        return figure
    if figure.whole is None:
        if figure.measure.startswith(CHILD_DAYS):
            return replace(figure, value=_WEEKS * rounded(figure.value / _WEEKS), part=rounded(figure.part))
        if figure.measure.endswith("_days"):
            return figure
        return replace(figure, value=rounded(figure.value), part=rounded(figure.part))
    part, whole = rounded(figure.part), rounded(figure.whole)
    return replace(figure, value=100.0 * part / whole if whole else 0.0, part=part, whole=whole)


def _is_small(figure: Figure) -> bool:
    """Return whether a figure shows a count of children, or of the others, below six; nought shows none."""
    if figure.measure.startswith(CHILD_DAYS):
        return 0 < figure.part < _FEWEST
    if not figure.of_children or figure.measure.endswith("_days"):
        return False
    if figure.whole is None:
        return 0 < figure.part < LEAST
    return 0 < figure.part < LEAST or 0 < figure.whole - figure.part < LEAST or figure.whole < LEAST


def _suppressed(figures: Sequence[Figure]) -> set[tuple[str, int]]:
    """Return the figures that are too small, and where one alone of several bands is, the next smallest."""
    bands: dict[tuple[str, int], list[Figure]] = defaultdict(list)
    found = {(one.measure, one.year) for one in figures if _is_small(one)}
    for one in figures:
        stem, _, last = one.measure.rpartition("_")
        if last.isdigit() and one.of_children:
            bands[stem, one.year].append(one)
    for of_stem in bands.values():
        hidden = [one for one in of_stem if (one.measure, one.year) in found]
        if len(hidden) == 1:
            others = [one for one in of_stem if one is not hidden[0]]
            second = min(others, key=lambda one: (one.part == 0, one.part), default=None)
            if second:
                found.add((second.measure, second.year))
    return found


def _of_tally(tally: Tally) -> Tally:
    """Return a distribution without small counts: of those and the next smallest only the sum is told."""
    counts = list(tally.counts)
    small = [place for place, count in enumerate(counts) if 0 < count < LEAST]
    if len(small) == 1:
        others = [place for place in range(len(counts)) if place not in small and counts[place] > 0]
        small += [min(others, key=lambda place: counts[place])] if others else []
    together = rounded(sum(counts[place] for place in small))
    shown = [together / len(small) if place in small else rounded(count) for place, count in enumerate(counts)]
    return replace(tally, counts=tuple(shown), together=tuple(sorted(small)))
