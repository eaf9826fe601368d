"""An axis on which gaps of different figures lie side by side: 0 is the target, 1 and -1 the edges of a tolerance."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib.axes import Axes

from demandsim.evidence import Target
from demandsim.plots.style import GIVEN, GREY, LIGHT, PUBLISHED
from demandsim.results.fit_rows import all_published

#: Gaps further out than this many tolerances are drawn at the edge, with their size.
EDGE = 2.6
#: Characters of a row's name that fit on a line, and rows that each further line takes.
_LINE, _MORE = 48, 0.7


def places_of(names: Sequence[str]) -> list[float]:
    """Return where rows with these names stand, from the top: one whose name takes more lines has more room."""
    places, down = [], 0.0
    for name in names:
        half = _MORE * (len(_lines(name)) - 1) / 2
        places.append(down + half)
        down += 1 + 2 * half
    return places


def rows_taken(names: Sequence[str]) -> float:
    """Return how many rows of one line these names take."""
    return sum(1 + _MORE * (len(_lines(name)) - 1) for name in names)


def _lines(name: str) -> list[str]:
    return textwrap.wrap(name, _LINE)


def credit_of(shown: Iterable[Target]) -> str:
    """Return whose the figures are: those that ship, or a user's own."""
    return PUBLISHED if all_published(shown) else GIVEN


def tolerance_axis(axes: Axes, names: Sequence[str], longest: float) -> None:
    """Make an axis with a row for each figure.

    Args:
        axes: to draw on.
        names: of the figures, from the top.
        longest: rows that there is to be room for.
    """
    axes.axvspan(-1, 1, color=LIGHT, alpha=0.35, linewidth=0)
    axes.axvspan(-0.5, 0.5, color=LIGHT, alpha=0.45, linewidth=0)
    axes.axvline(0, color="#333333", linewidth=0.8)
    axes.set_xlim(-EDGE - 0.15, EDGE + 0.15)
    axes.set_xlabel("tolerances", color=GREY)
    rows_only(axes, names, longest, 6.2)


def rows_only(axes: Axes, names: Sequence[str], longest: float, size: float) -> None:
    """Name the rows, in a size of type, from the top, and draw upright lines alone."""
    axes.set_yticks(places_of(names), ["\n".join(_lines(name)) for name in names], fontsize=size, linespacing=1.12)
    axes.set_ylim(longest - 0.4, -0.6)
    axes.set_xticks([-2, -1, 0, 1, 2])
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.grid(axis="x")


def mark(axes: Axes, part: float, place: float, marker: str, colour: str, inside: str) -> None:
    """Mark a gap, in tolerances; one beyond the edge is drawn there, with its size."""
    at = float(np.clip(part, -EDGE, EDGE))
    axes.plot(at, place, marker, color=colour, markerfacecolor=inside, markersize=4)
    if at != part:
        side, offset = ("right", -6) if part > 0 else ("left", 6)
        where = (offset, 0)
        axes.annotate(
            f"{part:+.1f}", (at, place), xytext=where, textcoords="offset points", fontsize=6, va="center", ha=side
        )
