"""Where the money moved: extra spend line by line, and what is left in reserves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from demandsim.plots.findings import lines_title
from demandsim.plots.style import GREY, MAIN, SECOND, WIDTH, Picture
from demandsim.plots.what_ifs import DARK, band, beside, short_names, wrapped, zero_line
from demandsim.results.comparison import Against, Comparison
from demandsim.results.comparison_tables import payer_rows
from demandsim.results.financing import reserves_of
from demandsim.results.words import signed
from demandsim.vocabulary import SpendLine

#: What-ifs for which there is room.
_MOST = 4


def where_the_money_moved(comparison: Comparison) -> Picture:
    """Extra spend on each line over the whole run, and reserves year by year."""
    shown = comparison.others[:_MOST]
    left_out = f" The first {_MOST} what-ifs are drawn." if len(comparison.others) > _MOST else ""
    return Picture(
        "where_the_money_moved",
        lines_title(comparison),
        f"Bars: mean extra spend over the run, adding up to the net cost, {comparison.money_words}. "
        f"Lines: reserves on 31 March, in cash; dashed: the reference. Shading: the what-if's 90% interval.{left_out}",
        (WIDTH, 1.1 + 2.15 * len(shown)),
        lambda figure: _draw(figure, comparison, shown),
        list(payer_rows(comparison)),
        beside=beside(comparison),
    )


def _draw(figure: Figure, comparison: Comparison, shown: Sequence[Against]) -> None:
    grid = figure.subplots(len(shown), 2, squeeze=False, width_ratios=[1.35, 1], sharex="col")
    lines = [*(line.capitalize() for line in SpendLine.words.labels()), "Net cost"]
    for number, (other, name) in enumerate(zip(shown, short_names(comparison), strict=False)):
        left, right = grid[number]
        steps(left, lines, other.extra_spend.sum(axis=1).mean(axis=0) / 1e6)
        left.set_title(wrapped(name, 44), fontsize=8)
        _reserves(right, comparison, other)
        right.set_title("Reserves, £ million\n(dashed: the reference)", fontsize=8)
        left.tick_params(labelbottom=True)
        right.tick_params(labelbottom=True)
    grid[-1][0].set_xlabel("£ million over the run", fontsize=7)


def _reserves(axes: Axes, comparison: Comparison, other: Against) -> None:
    labels = [label[2:] for label in comparison.reference.year_labels()[-len(comparison.years) :]]
    usual, values = (
        [other.estimate(column) for column in reserves_of(run)[:, 1:].T] for run in (comparison.reference, other.run)
    )
    zero_line(axes)
    marker = "_" if len(usual) == 1 else ""
    axes.plot(
        [value.mean for value in usual], marker=marker, color=GREY, linewidth=1.4, linestyle=(0, (4, 2)), markersize=14
    )
    band(axes, range(len(values)), values, MAIN)
    every = 1 if len(labels) < 5 else 3
    axes.set_xticks(range(0, len(labels), every), labels[::every])


def steps(axes: Axes, lines: Sequence[str], values: Sequence[float]) -> Axes:
    """Draw a waterfall: each line from where the last one ended, then the total."""
    so_far = np.concatenate([[0.0], np.cumsum(values)])
    total = so_far[-1]
    zero_line(axes, upright=True)
    for place, value in enumerate(values):
        axes.barh(place, value, left=so_far[place], height=0.62, color=MAIN if value > 0 else SECOND)
        axes.plot([so_far[place + 1]] * 2, [place - 0.31, place + 1.31], color=GREY, linewidth=0.6)
    axes.barh(len(values), total, height=0.62, color=DARK)
    for place, value in enumerate([*values, total]):
        text: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "ha": "left", "fontsize": 7}
        axes.text(1.01, place, "0.00" if abs(value) < 0.005 else signed(value), **text)
    axes.set_yticks(range(len(lines)), lines, fontsize=7)
    axes.set_ylim(len(lines) - 0.4, -0.6)
    axes.use_sticky_edges = False
    axes.margins(x=0.06)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    return axes
