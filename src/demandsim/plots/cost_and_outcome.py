"""What each what-if costs, beside the care-years it avoids."""

from __future__ import annotations

import textwrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from demandsim.plots.findings import outcome_title
from demandsim.plots.style import GREY, PALETTE, WIDTH, Picture
from demandsim.plots.what_ifs import DARK, WHISKERS, beside, short_names, zero_line
from demandsim.results.comparison import Comparison
from demandsim.results.uncertainty import Estimate

_MARKERS = "osD^vPX*"
_COLOURS = (*(colour for colour in PALETTE if colour != PALETTE[5]), PALETTE[5], GREY, "#000000")
#: Each side of zero has this share of the other at least.
_ROOM = 0.3
Point = tuple[Estimate, Estimate]


def plane(comparison: Comparison) -> Picture:
    """Net cost beside care-years avoided, over the whole run."""
    points: list[Point] = [
        (other.estimate(other.care_years_avoided), other.estimate(other.net_cost.at_year(len(comparison.years))))
        for other in comparison.others
    ]
    ends = ("mean", "low (5%)", "high (95%)")
    heads = [*(f"care-years avoided, {end}" for end in ends), *(f"net cost, £ million, {end}" for end in ends)]
    rows: list[tuple[Any, ...]] = [("scenario", *heads)]
    rows += [
        (other.run.manifest.scenario, *(f"{one:.4g}" for value in pair for one in (value.mean, value.low, value.high)))
        for other, pair in zip(comparison.others, points, strict=True)
    ]
    return Picture(
        "cost_and_outcome",
        outcome_title(comparison),
        f"Care-year: a child looked after for a year. Net cost: {comparison.money_words}. {WHISKERS}",
        (WIDTH, 4.3),
        lambda figure: _draw(figure, comparison, points),
        rows,
        beside=beside(comparison),
    )


def _draw(figure: Figure, comparison: Comparison, points: list[Point]) -> None:
    names = short_names(comparison)
    grid = figure.add_gridspec(1, 2, width_ratios=[2.4, 1])
    axes, key = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[0, 1])
    key.set_axis_off()
    key.set_xlim(0, 1)
    key.set_ylim(len(names) + (8 - len(names)) * (len(names) < 8), -0.5)
    zero_line(axes)
    zero_line(axes, upright=True)
    for number, ((x, y), name) in enumerate(zip(points, names, strict=True)):
        colour, marker = _COLOURS[number % len(_COLOURS)], _MARKERS[number % len(_MARKERS)]
        axes.plot([x.low, x.high], [y.mean, y.mean], color=colour, linewidth=1, alpha=0.75)
        axes.plot([x.mean, x.mean], [y.low, y.high], color=colour, linewidth=1, alpha=0.75)
        axes.plot(x.mean, y.mean, marker, color=colour, markersize=_size(marker), markeredgecolor="white", zorder=4)
        key.plot(0.03, number, marker, color=colour, markersize=_size(marker))
        key.text(0.1, number, textwrap.fill(name, 30), va="center", fontsize=7)
    _label(axes)
    if comparison.terms.care_year_value is not None:
        _worth_line(axes, comparison.terms.care_year_value)


def _worth_line(axes: Axes, worth: float) -> None:
    """Draw where the net benefit is nothing at a value of a care-year: to its right there is one."""
    across, up = axes.get_xlim(), axes.get_ylim()
    axes.plot(across, [worth * end / 1e6 for end in across], color=DARK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
    axes.set_xlim(across)
    axes.set_ylim(up)
    words = f"dashed: no net benefit at £{worth:,.0f} a care-year; below it, a benefit"
    axes.set_title(words, fontsize=6.5, fontweight="normal", color=DARK)


def _size(marker: str) -> float:
    return 10 if marker in "PX*" else 6.5


def _label(axes: Axes) -> None:
    axes.set_xlabel("care-years avoided over the run")
    axes.set_ylabel("net cost over the run, £ million")
    axes.margins(0.12)
    axes.grid(axis="x")
    # There is room for a label on either side, whatever the points leave.
    for low, high, widen in ((*axes.get_xlim(), axes.set_xlim), (*axes.get_ylim(), axes.set_ylim)):
        widen(min(low, -_ROOM * high), max(high, -_ROOM * low))
    corners = (
        (0.99, 0.03, "right", "fewer care-years,\nlower cost"),
        (0.99, 0.97, "right", "fewer care-years,\nhigher cost"),
        (0.01, 0.03, "left", "more care-years,\nlower cost"),
        (0.01, 0.97, "left", "more care-years,\nhigher cost"),
    )
    how: dict[str, Any] = {"color": DARK, "fontsize": 7, "style": "italic", "zorder": 5}
    how["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    for across, up, side, words in corners:
        axes.text(across, up, words, transform=axes.transAxes, ha=side, va="top" if up > 0.5 else "bottom", **how)
    low, high = axes.get_ylim()
    axes.set_ylim(low - 0.1 * (high - low), high + 0.1 * (high - low))
