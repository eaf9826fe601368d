"""What pictures of a comparison share: names that fit, colours, and what an interval is."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patheffects import Normal, Stroke

from demandsim.plots.style import GREY
from demandsim.results.comparison import Comparison
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.uncertainty import Estimate

DARK = "#333333"
#: What shading and whiskers mean: each picture says it of what it draws.
SHADING = "Shading: 90% interval, in which nine in ten replications lie."
WHISKERS = "Whiskers: 90% interval, in which nine in ten replications lie."
INTERVALS = "Shading and whiskers: 90% interval, in which nine in ten replications lie."


def short_names(comparison: Comparison) -> list[str]:
    """Return names of the what-ifs that can be told apart: what stands before a colon, if that is enough."""
    whole = [other.name for other in comparison.others]
    heads = [name.split(":")[0] for name in whole]
    return [head if heads.count(head) == 1 else name for head, name in zip(heads, whole, strict=True)]


def beside(comparison: Comparison) -> str:
    """Return the line under the title: against what, of whom, and when."""
    manifest = comparison.reference.manifest
    labels = comparison.reference.year_labels()
    who = "England" if manifest.authorities else "one authority"
    return f"Against: {manifest.title}; {who}, {labels[YEARS_BEFORE]} to {labels[-1]}"


def year_ticks(axes: Axes, comparison: Comparison) -> None:
    """Mark years on the lower axis, at places 0, 1, 2, ...; every third if there are many."""
    labels = [comparison.reference.year_labels()[year][2:] for year in comparison.years]
    every = 1 if len(labels) < 5 else 3
    axes.set_xticks(range(0, len(labels), every), labels[::every])


def band(axes: Axes, places: Sequence[float], values: Sequence[Estimate], colour: str) -> None:
    """Draw a mean over time and its 90% interval; of one moment a point on an upright line."""
    if len(values) == 1:
        axes.plot([places[0]] * 2, [values[0].low, values[0].high], color=colour, linewidth=1.2)
        axes.plot(places[0], values[0].mean, "o", color=colour, markersize=5)
        return
    low, high = [value.low for value in values], [value.high for value in values]
    axes.fill_between(places, low, high, color=colour, alpha=0.2, linewidth=0)
    for edge in (low, high):
        axes.plot(places, edge, color=colour, linewidth=0.5, alpha=0.6)
    axes.plot(places, [value.mean for value in values], color=colour, linewidth=1.7)


def halo() -> list[Any]:
    """Return what sets a dark line apart from a dark bar under it."""
    return [Stroke(linewidth=2.6, foreground="white"), Normal()]


def zero_line(axes: Axes, upright: bool = False) -> None:
    """Draw the line of no change under everything else."""
    (axes.axvline if upright else axes.axhline)(0, color=DARK, linewidth=0.8, zorder=1)


def wrapped(text: str, width: int, lines: int = 2) -> str:
    """Return a name on so many lines at most."""
    return textwrap.fill(textwrap.shorten(text, width * lines - 4, placeholder=" ..."), width)


def whisker(axes: Axes, value: Estimate, height: float, colour: str, filled: bool, size: float = 5) -> None:
    """Draw a mean and its 90% interval as a point on a level line; hollow if not told apart from no change."""
    axes.plot([value.low, value.high], [height, height], color=colour, linewidth=1.2, zorder=2, path_effects=halo())
    face = colour if filled else "white"
    axes.plot(value.mean, height, "o", color=colour, markerfacecolor=face, markersize=size, zorder=3)


def note(axes: Axes, text: str) -> None:
    """Write a remark in the upper left corner of a panel, above what is drawn."""
    axes.text(0.0, 1.02, text, transform=axes.transAxes, fontsize=6.5, color=GREY, va="bottom")
