"""What a sweep shows: a curve over one parameter, a heat map over two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from demandsim.plots.style import FOURTH, GREY, LIGHT, MAIN, WIDTH, Picture
from demandsim.results.measure import Quantity
from demandsim.results.points import amount
from demandsim.results.sweep import Axis, Sweep
from demandsim.results.uncertainty import Estimate

#: Cells across and up in which a number can be read.
_MOST_ACROSS, _MOST_UP = 12, 16
_LESS_AND_MORE = LinearSegmentedColormap.from_list("less and more", [MAIN, LIGHT, "#FFFFFF", "#F9BE9C", FOURTH])


def pictures(swept: Sweep) -> list[Picture]:
    """Return a picture of each question: curves over one parameter, heat maps over two; none of a mere list."""
    questions = range(len(swept.questions))
    if len(swept.axes) == 1:
        return [curve(swept, place) for place in questions]
    return [heat_map(swept, place) for place in questions] if swept.grid() else []


def _change(swept: Sweep, question: int) -> str:
    label = swept.questions[question].label
    what = "Difference from the reference in" if swept.against else "Change in"
    return f"{what} {label[0].lower()}{label[1:]}, {swept.labels[swept.year]}"


def _title(swept: Sweep, question: int, means: Sequence[float] | np.ndarray[Any, Any]) -> str:
    """Return what changes, and from the least to the most of the means; the unit once, where it is a word."""
    asked = swept.questions[question]
    least, most = (amount(float(end), asked) for end in (np.nanmin(means), np.nanmax(means)))
    if asked.quantity not in (Quantity.MONEY, Quantity.SHARE):
        least = least.removesuffix(f" {asked.unit}")
    return f"{_change(swept, question)}: {least} to {most}"


def _from_what(swept: Sweep) -> str:
    return "the reference" if swept.against else "the scenario as it is"


def _beside(swept: Sweep) -> str:
    return f"{swept.manifest.title}, against: {swept.against}" if swept.against else ""


def _rows(swept: Sweep, question: int) -> list[tuple[Any, ...]]:
    """Return the rows of the table that a picture draws, the heading first."""
    rows = list(swept.rows())
    place, label = len(swept.axes), swept.labels[swept.year]
    return [
        rows[0],
        *(row for row in rows[1:] if row[place] == swept.questions[question].id and row[place + 3] == label),
    ]


def _used(swept: Sweep) -> str:
    counts = sorted({point.replications for point in swept.points})
    many = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    return f"{many} replications a point, one authority."


def curve(swept: Sweep, question: int) -> Picture:
    """Difference from the scenario as it is, over one parameter."""
    (axis,) = swept.axes
    asked = swept.questions[question]
    points = sorted(swept.points, key=lambda point: point.values)
    values = np.array([point.values[0] for point in points])
    changes = [swept.difference(point, question, swept.year) for point in points]
    usual = swept.usual(question, swept.year)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        band(axes, values, changes)
        axes.axhline(0, color="#333333", linewidth=0.8)
        mark_now(axes, axis, values)
        axes.set_xlabel(axis.label)
        axes.set_ylabel(asked.unit)
        axes.margins(x=0.03)

    return Picture(
        f"curve_{asked.id}",
        _title(swept, question, [change.mean for change in changes]),
        f"Line: mean difference from {_from_what(swept)}, child by child with the same random draws; band: 90% "
        "interval of that mean; dashed: nine in ten replications lie between. "
        f"{'The difference' if swept.against else 'The level'} as it is: {usual.mean:,.4g} {asked.unit}. "
        + _used(swept),
        (WIDTH, 4.0),
        draw,
        _rows(swept, question),
        beside=_beside(swept),
    )


def band(axes: Axes, values: np.ndarray[Any, Any], each: list[Estimate]) -> None:
    """Draw means with the interval of the mean, and the interval of replications around them."""
    mean, error = np.array([one.mean for one in each]), np.array([one.error for one in each])
    for end in ([one.low for one in each], [one.high for one in each]):
        axes.plot(values, end, color=GREY, linewidth=0.8, linestyle=(0, (4, 2)))
    axes.fill_between(values, mean - error, mean + error, color=LIGHT, linewidth=0)
    axes.plot(values, mean, color=MAIN, linewidth=1.8, marker="o", markersize=3.5)


def mark_now(axes: Axes, axis: Axis, values: np.ndarray[Any, Any]) -> None:
    """Mark the value in the scenario as it is."""
    low, high = float(np.min(values)), float(np.max(values))
    if not low <= axis.now <= high:
        return
    axes.axvline(axis.now, color=FOURTH, linewidth=1.2, linestyle=(0, (1.2, 1.2)))
    left = axis.now > (low + high) / 2
    axes.annotate(
        f"as it is: {axis.now:g}",
        (axis.now, 1),
        xycoords=("data", "axes fraction"),
        xytext=(-4 if left else 4, -2),
        textcoords="offset points",
        ha="right" if left else "left",
        va="top",
        fontsize=7.5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )


def heat_map(swept: Sweep, question: int) -> Picture:
    """Difference from the scenario as it is, over two parameters: numbers in cells, hatched where it may be none."""
    spans = swept.grid()
    assert spans is not None
    across, up = spans
    asked = swept.questions[question]
    means, unsure = _cells(swept, question, across, up)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        colours = _colours(axes, means, unsure)
        axes.set_xticks(*_ticks(across))
        axes.set_yticks(*_ticks(up))
        axes.tick_params(length=0)
        axes.grid(visible=False)
        _mark_cell(axes, swept, across, up)
        axes.set_xlabel(swept.axes[0].label)
        axes.set_ylabel(swept.axes[1].label.replace(" (", "\n(", 1))
        bar = figure.colorbar(colours, ax=axes, pad=0.02, aspect=30)
        bar.outline.set_visible(False)
        bar.set_label(asked.unit)

    now = ", ".join(f"{axis.name} {axis.now:g}" for axis in swept.axes)
    return Picture(
        f"map_{asked.id}",
        _title(swept, question, means),
        f"Mean difference from {_from_what(swept)}, with the same random draws (as it is: {now}; frame or ring). "
        "Hatched: the 90% interval of that mean covers no difference; black line: the mean is none. " + _used(swept),
        (WIDTH, min(7.0, 2.3 + 0.4 * len(up))),
        draw,
        _rows(swept, question),
        beside=_beside(swept),
    )


def _cells(
    swept: Sweep, question: int, across: list[float], up: list[float]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the mean difference in each cell, (up, across), and where it may be none."""
    means, unsure = np.full((len(up), len(across)), np.nan), np.zeros((len(up), len(across)), dtype=bool)
    for point in swept.points:
        change = swept.difference(point, question, swept.year)
        cell = up.index(point.values[1]), across.index(point.values[0])
        means[cell] = change.mean
        unsure[cell] = not abs(change.mean) > change.error
    return means, unsure


def _colours(axes: Axes, means: np.ndarray[Any, Any], unsure: np.ndarray[Any, Any]) -> QuadMesh:
    """Draw cells with their numbers, and the line where the mean is none; return what a colour bar is for."""
    (up, across), widest = means.shape, float(np.nanmax(np.abs(means), initial=0.0)) or 1.0
    colours = axes.pcolormesh(
        np.arange(across + 1) - 0.5,
        np.arange(up + 1) - 0.5,
        means,
        cmap=_LESS_AND_MORE,
        vmin=-widest,
        vmax=widest,
        edgecolors="white",
        linewidth=0.8,
    )
    _numbers(axes, means, unsure, widest)
    if np.nanmin(means) < 0 < np.nanmax(means):
        axes.contour(range(across), range(up), means, levels=[0.0], colors="#000000", linewidths=1.4, zorder=2)
    return colours


def _numbers(axes: Axes, means: np.ndarray[Any, Any], unsure: np.ndarray[Any, Any], widest: float) -> None:
    for (row, column), value in np.ndenumerate(means):
        if unsure[row, column]:
            axes.add_patch(
                Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, hatch="////", edgecolor="#BBBBBB", linewidth=0)
            )
        if means.shape[1] <= _MOST_ACROSS and means.shape[0] <= _MOST_UP and value == value:
            dark = value < -0.7 * widest
            text = f"{value:+.0f}" if widest >= 20 else f"{value:+.1f}" if widest >= 2 else f"{value:+.2g}"
            box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8} if unsure[row, column] else None
            axes.text(
                column,
                row,
                text,
                ha="center",
                va="center",
                fontsize=7,
                color="white" if dark else "black",
                bbox=box,
                zorder=3,
            )


def _ticks(values: list[float]) -> tuple[list[int], list[str]]:
    every = -(-len(values) // _MOST_ACROSS)
    return list(range(0, len(values), every)), [f"{value:.4g}" for value in values[::every]]


def _mark_cell(axes: Axes, swept: Sweep, across: list[float], up: list[float]) -> None:
    """Frame the cell of the scenario as it is; if it lies between cells, put a ring there."""
    now = [axis.now for axis in swept.axes]
    if now[0] in across and now[1] in up:
        corner = across.index(now[0]) - 0.5, up.index(now[1]) - 0.5
        axes.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor="#000000", linewidth=1.8))
    elif across[0] <= now[0] <= across[-1] and up[0] <= now[1] <= up[-1]:
        place = np.interp(now[0], across, range(len(across))), np.interp(now[1], up, range(len(up)))
        axes.plot(*place, "o", markersize=8, markerfacecolor="white", markeredgecolor="#000000", zorder=4)
