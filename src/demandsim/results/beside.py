"""The figures that results are set beside: their scenario's own, or England's, which ship."""

from __future__ import annotations

from collections.abc import Sequence

from demandsim.evidence import Target, series, targets
from demandsim.results.fit_rows import all_published, read_targets
from demandsim.results.manifest import Results
from demandsim.results.measure import Measure

#: The scenario's own figures, in the folder of results.
FILE = "targets.csv"


def figures_of(results: Results) -> tuple[Target, ...]:
    """Return the figures that results are set beside.

    Raises:
        UserError: the file in their folder can't be read.
    """
    return read_targets(results.folder / FILE, to_fit=False) if results.manifest.targets else targets()


def points_of(results: Results, measure: Measure) -> dict[str, tuple[float, bool]]:
    """Return the figures of a measure by year, at the size of what was simulated, and whether each may be fitted."""
    share = results.manifest.scale_to_england if measure.scales else 1.0
    found = {}
    if not results.manifest.targets:
        found = {point.year: (point.value / share, False) for point in series() if point.measure == measure.id}
    for target in figures_of(results):
        if target.measure == measure.id:
            size = share if target.of_england else 1.0
            found[target.year] = (target.value / size, target.use == "calibrate")
    return found


def told_of(figures: Sequence[Target]) -> str:
    """Return a sentence on whose the figures are."""
    if all_published(figures):
        return "Published: England's figure for its size."
    return f"Given: the authority's own figure ({FILE})."
