"""When a what-if does what is asked: the first box, its limits within what was drawn, and the points on two of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from demandsim.plots.style import GREY, LIGHT, MAIN, SECOND, WIDTH, Picture
from demandsim.plots.what_ifs import DARK, wrapped
from demandsim.results.discovery import Box, Discovery, limits_words, what_words
from demandsim.results.words import number

#: Limits that are drawn.
_MOST = 6


def discovery(found: Discovery) -> Picture:
    """Return the picture of the first box; where there is none, of the differences."""
    boxes = found.boxes()
    box = boxes[0] if boxes else None
    shown = found.ranked(box)
    count = min(_MOST, len(box.limits.columns)) if box else 0
    return Picture(
        "discovery",
        _title(found, box),
        "Each point: reference and what-if simulated with one posterior draw and one value of each chosen range. "
        f"Filled: {what_words(found)}; hollow: not. Frame: the first box. Bars: its limits within the values drawn. "
        "Density: share of the box's points that are filled; coverage: share of all filled points that lie in it.",
        (WIDTH, 4.9 if count <= 3 else 5.6),
        lambda figure: _draw(figure, found, box, shown),
        list(found.rows()),
        beside=f"{found.what_if}, against {found.manifest.title}",
        of_replications=False,
    )


def _title(found: Discovery, box: Box | None) -> str:
    what = what_words(found)
    if box is None or not box.stands(found.usual):
        return f"{what[0].upper()}{what[1:]} at {int(found.cases.sum())} of {len(found.cases)} points"
    return f"Mostly where {limits_words(found, box)}, {what}"


def _draw(figure: Figure, found: Discovery, box: Box | None, shown: list[int]) -> None:
    if box is None:
        _differences(figure.add_subplot(), found)
        return
    grid = figure.add_gridspec(1, 2, width_ratios=[1.35, 1])
    _points(figure.add_subplot(grid[0, 0]), found, box, shown)
    _bars(figure.add_subplot(grid[0, 1]), found, box)


def _points(axes: Axes, found: Discovery, box: Box, shown: list[int]) -> None:
    """Draw the points on the two numbers whose limits are least likely to be chance, or on one and what came."""
    across, cases = shown[0], found.cases
    single = len(box.limits.columns) == 1
    x, y = found.values[:, across], found.differences if single else found.values[:, shown[1]]
    how: dict[str, Any] = {"markersize": 4.2, "linestyle": "none", "markeredgewidth": 0.8}
    axes.plot(x[~cases], y[~cases], "o", color=GREY, markerfacecolor="white", **how)
    axes.plot(x[cases], y[cases], "o", color=MAIN, **how)
    spans = [_span(found, box, across), (float(y.min()), float(y.max())) if single else _span(found, box, shown[1])]
    corner, size = [low for low, _ in spans], [high - low for low, high in spans]
    axes.add_patch(Rectangle((corner[0], corner[1]), *size, fill=False, edgecolor=SECOND, linewidth=2.2, zorder=5))
    if single:
        axes.axhline(found.limit, color=DARK, linewidth=0.9, linestyle=(0, (4, 2)))
    axes.set_xlabel(wrapped(_name(found, across), 52))
    axes.set_ylabel(wrapped(_outcome(found) if single else _name(found, shown[1]), 40))
    axes.set_title(f"{int(cases.sum())} of {len(cases)} points: {100 * cases.mean():.0f}%", fontsize=8)
    axes.grid(axis="both")


def _outcome(found: Discovery) -> str:
    return f"{found.question.label}, {found.year}: difference, {found.question.unit}"


def _bars(axes: Axes, found: Discovery, box: Box) -> None:
    """Draw each limit of the box as a bar within the range of what was drawn."""
    columns = box.limits.columns[:_MOST]
    for place, column in enumerate(columns):
        lowest, highest = found.range_of(column)
        low, high = ((end - lowest) / (highest - lowest) for end in _span(found, box, column))
        axes.barh(place, 1, height=0.34, color=LIGHT, alpha=0.5, linewidth=0)
        axes.barh(place, high - low, left=low, height=0.34, color=MAIN, linewidth=0)
        axes.text(0, place - 0.27, wrapped(_name(found, column), 46, 1), fontsize=7, va="bottom")
        for at, value, side in ((0.0, lowest, "left"), (1.0, highest, "right")):
            axes.text(at, place + 0.22, number(float(value)), fontsize=6.5, color=GREY, va="top", ha=side)
        ends = [(low, box.limits.low[column]), (high, box.limits.high[column])]
        for at, value in ends:
            if np.isfinite(value):
                axes.text(
                    at, place + 0.22, number(float(value)), fontsize=7, weight="bold", va="top", ha="center", color=DARK
                )
    axes.set_ylim(max(3, len(columns)) - 0.4, -0.6)
    axes.set_xlim(-0.02, 1.02)
    axes.set_axis_off()
    axes.set_title(
        f"The first box: density {100 * box.found.density:.0f}%, coverage {100 * box.found.coverage:.0f}%", fontsize=8
    )


def _span(found: Discovery, box: Box, column: int) -> tuple[float, float]:
    lowest, highest = found.range_of(column)
    return max(lowest, float(box.limits.low[column])), min(highest, float(box.limits.high[column]))


def _name(found: Discovery, column: int) -> str:
    return f"{found.names[column]} ({found.units[column]})"


def _differences(axes: Axes, found: Discovery) -> None:
    """Draw the differences in order, where there is no box to draw."""
    values = np.sort(found.differences)
    axes.plot(values, np.arange(1, len(values) + 1) / len(values) * 100, color=MAIN, linewidth=1.8)
    axes.axvline(found.limit, color=DARK, linewidth=0.9, linestyle=(0, (4, 2)))
    axes.set_xlabel(_outcome(found))
    axes.set_ylabel("% of points at or below")
    axes.set_ylim(0, 100)
