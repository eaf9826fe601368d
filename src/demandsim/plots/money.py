"""Net cost so far of each what-if, and who pays it: a larger budget, reserves, or a larger deficit."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.ticker import MaxNLocator

from demandsim.plots.findings import money_title
from demandsim.plots.style import GREY, LIGHT, MAIN, SECOND, WIDTH, Picture
from demandsim.plots.what_ifs import (
    DARK,
    INTERVALS,
    band,
    beside,
    note,
    short_names,
    whisker,
    wrapped,
    zero_line,
)
from demandsim.results.comparison import Against, Comparison
from demandsim.results.comparison_tables import money_rows
from demandsim.results.financing import PAYERS
from demandsim.results.words import signed

#: Who pays, in the order of the bars; apart in grey too, from light to dark.
_COLOURS = (LIGHT, SECOND, MAIN, GREY)
_HATCHES = ("", "", "", "///")
#: How far the net cost stands apart from those who pay it, in rows.
_APART = 0.6
#: Room on either side of nothing, as a share of the axis.
_ROOM = 0.05
#: Panels abreast.
_ACROSS = 4


def money(comparison: Comparison) -> Picture:
    """Net cost so far, month by month, above or beside who pays."""
    many = len(comparison.others)
    down = -(-many // _ACROSS)
    height = 3.5 if many == 1 else 2.1 + 1.75 * down + 0.5 + 0.3 * many
    return Picture(
        "money",
        money_title(comparison),
        f"Net cost: {comparison.money_words}; who pays: in cash over the whole run, not discounted. {INTERVALS} "
        "Left of zero: budget given up, reserves kept, deficit or payment avoided. "
        "Paid back: share of replications with a net cost at or below zero in the end.",
        (WIDTH, height),
        lambda figure: _draw(figure, comparison),
        list(money_rows(comparison)),
        beside=beside(comparison),
    )


def _draw(figure: Figure, comparison: Comparison) -> None:
    many = len(comparison.others)
    if many == 1:
        grid = figure.add_gridspec(1, 2, width_ratios=[1.25, 1])
        _net_cost(figure.add_subplot(grid[0, 0]), comparison, comparison.others[0], "Net cost so far")
        _payers_of_one(figure.add_subplot(grid[0, 1]), comparison.others[0])
        return
    down = -(-many // _ACROSS)
    grid = figure.add_gridspec(2, 1, height_ratios=[1.75 * down, 0.5 + 0.3 * many])
    _many_net_costs(figure, grid[0, 0], comparison, down)
    _payers_of_many(figure.add_subplot(grid[1, 0]), comparison)


def _many_net_costs(figure: Figure, place: SubplotSpec, comparison: Comparison, down: int) -> None:
    across = min(_ACROSS, len(comparison.others))
    grid = place.subgridspec(down, across, hspace=0.8, wspace=0.12)
    first: Axes | None = None
    for number, (other, name) in enumerate(zip(comparison.others, short_names(comparison), strict=True)):
        axes = figure.add_subplot(grid[number // across, number % across], sharey=first)
        first = first or axes
        _net_cost(axes, comparison, other, wrapped(name, 84 // across, 3))
        if number % across:
            axes.tick_params(labelleft=False)
            axes.set_ylabel("")


def _net_cost(axes: Axes, comparison: Comparison, other: Against, title: str) -> None:
    ends = [0, *range(2, other.cumulative.shape[1], 3)]
    values = [other.estimate(other.cumulative[:, month] / 1e6) for month in ends]
    zero_line(axes)
    band(axes, [(month + 1) / 12 for month in ends], values, MAIN)
    labels = [comparison.reference.year_labels()[year][2:] for year in comparison.years]
    every = 1 if len(labels) < 5 else 3
    axes.set_xticks([place + 1 for place in range(0, len(labels), every)], labels[::every])
    axes.tick_params(axis="x", labelsize=7)
    axes.set_ylabel("£ million", fontsize=7)
    share = other.net_cost.paid_back_by(12 * len(labels))
    axes.set_title(title, fontsize=8 if len(comparison.others) <= 2 else 7, pad=15)
    note(axes, "no difference" if other.net_cost.nothing else f"paid back by {labels[-1]}: {100 * share:.0f}%")


def _payers_of_one(axes: Axes, other: Against) -> None:
    values = [other.estimate(other.financing.paid_by(payer)) for payer in PAYERS]
    values.append(other.estimate(other.financing.net_cost))
    looks = [*zip(_COLOURS, _HATCHES, strict=True), (DARK, "")]
    zero_line(axes, upright=True)
    # What they add up to stands apart, below a line.
    places = [*range(len(PAYERS)), len(PAYERS) + _APART]
    axes.axhline(len(PAYERS) - 0.5 + _APART / 2, color=GREY, linewidth=0.8)
    for place, value, (colour, hatch) in zip(places, values, looks, strict=True):
        axes.barh(place, value.mean, 0.4, color=colour, hatch=hatch, edgecolor="white", linewidth=0)
        # Under the bar, so that it does not cut it.
        axes.plot([value.low, value.high], [place + 0.32] * 2, color=DARK, linewidth=1.2)
        axes.text(
            1.0,
            place,
            signed(value.mean) if abs(value.mean) >= 0.005 else "0.00",
            transform=axes.get_yaxis_transform(),
            va="center",
            ha="left",
        )
    axes.set_yticks(places, [*(wrapped(payer.heading, 27) for payer in PAYERS), "Net cost: all of them"], fontsize=7)
    axes.set_ylim(places[-1] + 0.6, -0.6)
    _bars(axes)
    axes.set_title("Who pays over the run", fontsize=8, pad=15)


def _payers_of_many(axes: Axes, comparison: Comparison) -> None:
    zero_line(axes, upright=True)
    for place, other in enumerate(comparison.others):
        up = down = 0.0
        for payer, colour, hatch in zip(PAYERS, _COLOURS, _HATCHES, strict=True):
            mean = float(other.financing.paid_by(payer).mean())
            look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0}
            axes.barh(place, mean, 0.6, left=up if mean > 0 else down, **look)
            up, down = up + max(0.0, mean), down + min(0.0, mean)
        whisker(axes, other.estimate(other.financing.net_cost), place, DARK, True, 4)
    names = short_names(comparison)
    axes.set_yticks(range(len(names)), [wrapped(name, 34) for name in names], fontsize=7)
    axes.set_ylim(len(names) - 0.4, -0.6)
    _bars(axes)
    _swatches(axes)


def _bars(axes: Axes) -> None:
    # Bars hold an axis to where they begin: without room beyond it, the line of nothing is cut at the edge.
    axes.use_sticky_edges = False
    axes.margins(x=_ROOM)
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, -_ROOM * (high - low)), max(high, _ROOM * (high - low)))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    axes.set_xlabel("£ million", fontsize=7)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")


def _swatches(axes: Axes) -> None:
    """Name the bars above the panel, each beside a patch of its colour."""
    how: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "center"}
    axes.annotate("Who pays:", (0, 1), xytext=(0, 10), fontsize=8, fontweight="bold", **how)
    patches = ("\u25a0", "\u25a0", "\u25a0", "\u25a8")
    words = [(patch, payer.label, colour) for patch, payer, colour in zip(patches, PAYERS, _COLOURS, strict=True)]
    words.append(("\u25cf", "Net cost, 90% interval", DARK))
    for across, (patch, text, colour) in zip((0.12, 0.29, 0.41, 0.58, 0.79), words, strict=True):
        axes.annotate(patch, (across, 1), xytext=(0, 10), fontsize=9, color=colour, **how)
        axes.annotate(text, (across, 1), xytext=(11, 10), fontsize=7.5, **how)
