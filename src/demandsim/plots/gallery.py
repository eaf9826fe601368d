"""Every picture of a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from demandsim.plots.lengths import lengths
from demandsim.plots.over_time import flows, placements, stocks, timeliness, workforce
from demandsim.plots.pathway import pathway
from demandsim.plots.spend import spend
from demandsim.plots.style import Picture, save
from demandsim.results.checksums import seal
from demandsim.results.lock import alone
from demandsim.results.manifest import Results

FOLDER = "pictures"
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
    """Draw every picture of a run into `pictures/` in its folder, then their checksums, and return the PNG files."""
    drawn: list[Path] = []
    with alone(results.folder):
        for number, make in enumerate(PICTURES, start=1):
            drawn.append(add_picture(make(results), results))
            progress(number, len(PICTURES))
        seal(results.folder / FOLDER)
    return drawn


def add_picture(picture: Picture, results: Results) -> Path:
    """Draw one more picture of a run and return its PNG file."""
    with alone(results.folder):
        return save(picture, results.folder / FOLDER, results.manifest)[0]
