"""Every picture of a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from demandsim.plots.lengths import lengths
from demandsim.plots.over_time import flows, placements, stocks, timeliness, workforce
from demandsim.plots.pathway import pathway
from demandsim.plots.spend import spend
from demandsim.plots.style import Picture, save
from demandsim.results.store import Results

PICTURES: tuple[Callable[[Results], Picture], ...] = (
    stocks,
    flows,
    pathway,
    lengths,
    timeliness,
    workforce,
    placements,
    spend,
)


def draw_all(results: Results, progress: Callable[[int, int], None] = lambda done, wanted: None) -> list[Path]:
    """Draw every picture of a run into `pictures/` in its folder and return the PNG files."""
    folder = results.folder / "pictures"
    drawn: list[Path] = []
    for number, make in enumerate(PICTURES, start=1):
        drawn.append(save(make(results), folder, results.manifest)[0])
        progress(number, len(PICTURES))
    return drawn
