"""The figures that results are set beside: their scenario's own, or England's, which ship."""

from __future__ import annotations

from collections.abc import Sequence

from demandsim.evidence import TARGETS_FILE, Target, series, targets
from demandsim.results.fit_rows import all_published, read_targets
from demandsim.results.manifest import Results


def figures_of(results: Results) -> tuple[Target, ...]:
    """Return the figures that results are set beside.

    Raises:
        UserError: the file in their folder can't be read.
    """
    return read_targets(results.folder / TARGETS_FILE, to_fit=False) if results.manifest.targets else targets()


def points(figures: Sequence[Target], measure: str, share: float) -> dict[str, tuple[float, bool]]:
    """Return the figures of a measure by year, at the size of what was simulated, and whether each may be fitted.

    Args:
        figures: those that ship, or a scenario's own.
        measure: its id.
        share: how many of what was simulated make England, where the measure grows with the size.
    """
    england = all_published(figures)
    found = {point.year: (point.value / share, False) for point in series() if england and point.measure == measure}
    for target in figures:
        if target.measure == measure:
            found[target.year] = (target.value / (share if target.of_england else 1.0), target.use == "calibrate")
    return found


def told_of(figures: Sequence[Target]) -> str:
    """Return a sentence on whose the figures are."""
    if all_published(figures):
        return "Published: England's figure for its size."
    return f"Given: the authority's own figure ({TARGETS_FILE})."
