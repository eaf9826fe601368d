"""What several what-ifs change: differences over time, cost beside outcome, money so far, and where it moved."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.optimize import isotonic_regression

from demandsim.plots.style import GREY, MAIN, PALETTE, SECOND, WIDTH, Picture
from demandsim.results.comparison import Against, Comparison
from demandsim.results.comparison_tables import money_rows, rows
from demandsim.results.measures import MEASURES
from demandsim.vocabulary import SpendLine

SHOWN = ("looked_after", "children_in_need", "referrals", "workload", "unallocated", "spend_intervention")
#: Lines that stand apart in greyscale as well: by dash and by the number at their end.
_COLOURS = (*(colour for colour in PALETTE if colour != PALETTE[5]), PALETTE[5], GREY, "#000000")
_DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)))
#: With more what-ifs than this, bands would hide one another.
_MOST_BANDS = 3
#: What-ifs for which there is room in the waterfall.
_MOST_PANELS = 4
#: Names up to this length fit two abreast below the panels.
_SHORT = 46


def _look(number: int) -> dict[str, Any]:
    return {"color": _COLOURS[number % len(_COLOURS)], "linestyle": _DASHES[number % len(_DASHES)]}


def _key(figure: Figure, place: Any, others: Sequence[Against], dots: bool) -> None:
    """Write which number is which what-if, below the panels."""
    axes = figure.add_subplot(place)
    axes.set_axis_off()
    across = _key_columns(others)
    axes.set_xlim(0, across)
    down = _key_rows(others)
    axes.set_ylim(-down + 0.4, 0.6)
    for number, other in enumerate(others):
        column, row = divmod(number, down)
        if dots:
            _dot(axes, number, column + 0.04 * across, -row)
        else:
            axes.plot([column, column + 0.05 * across], [-row, -row], linewidth=1.8, **_look(number))
        label = textwrap.shorten(other.name if dots else f"{number + 1}  {other.name}", 110, placeholder=" ...")
        axes.text(column + 0.06 * across, -row, label, va="center", fontsize=7)


def _key_columns(others: Sequence[Against]) -> int:
    return 2 if max(len(other.name) for other in others) <= _SHORT else 1


def _key_rows(others: Sequence[Against]) -> int:
    return -(-len(others) // _key_columns(others))


def _dot(axes: Axes, number: int, x: float, y: float) -> None:
    """Draw a dot with the what-if's number in it."""
    axes.plot(x, y, "o", color=_look(number)["color"], markersize=9, markeredgecolor="white", markeredgewidth=0.6)
    axes.annotate(
        str(number + 1), (x, y), ha="center", va="center_baseline", fontsize=6.5, color="white", weight="bold"
    )


def _with_key(
    comparison: Comparison,
    rows: int,
    columns: int,
    draw: Callable[[Axes, int], None],
    count: int,
    dots: bool = False,
) -> Callable[[Figure], None]:
    def whole(figure: Figure) -> None:
        down = _key_rows(comparison.others)
        grid = figure.add_gridspec(rows + 1, columns, height_ratios=[*([1.0] * rows), 0.1 * down])
        for place in range(count):
            draw(figure.add_subplot(grid[place // columns, place % columns]), place)
        _key(figure, grid[rows, :], comparison.others, dots)

    return whole


def _beside(comparison: Comparison) -> str:
    return f"Against: {comparison.reference.manifest.title}"


def _height(comparison: Comparison, rows: int, row: float) -> float:
    return 0.95 + rows * row + 0.17 * _key_rows(comparison.others)


def _end_numbers(axes: Axes, x: float, ends: Sequence[float]) -> None:
    """Number the lines at their ends, moved apart as little as keeps them from overlapping."""
    low, high = axes.get_ylim()
    apart = (high - low) * 0.085
    order = np.argsort(ends)
    ladder = apart * np.arange(len(ends))
    heights = np.clip(isotonic_regression(np.array(ends)[order] - ladder).x, low, high - ladder[-1]) + ladder
    for number, height in zip(order, heights, strict=True):
        axes.annotate(
            str(number + 1),
            (x, ends[number]),
            xytext=(1.045, height),
            textcoords=axes.get_yaxis_transform(),
            va="center",
            ha="center",
            fontsize=7,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.5, "shrinkA": 1, "shrinkB": 1},
        )
    axes.set_xlim(right=x)
    axes.set_ylim(low, high)


def differences(comparison: Comparison) -> Picture:
    """Differences from the reference, one panel a measure."""
    labels = comparison.reference.year_labels()
    years = comparison.years
    banded = len(comparison.others) <= _MOST_BANDS

    def draw(axes: Axes, place: int) -> None:
        measure, ends = MEASURES[SHOWN[place]], []
        for number, other in enumerate(comparison.others):
            values = [other.estimate(other.measure(measure, year)) for year in years]
            means = np.array([value.mean for value in values])
            errors = np.array([value.error for value in values])
            look = _look(number)
            if banded:
                axes.fill_between(
                    range(len(years)), means - errors, means + errors, color=look["color"], alpha=0.2, linewidth=0
                )
            axes.plot(range(len(years)), means, linewidth=1.6, **look)
            ends.append(float(means[-1]))
        axes.axhline(0, color="#333333", linewidth=0.8)
        axes.set_title(measure.label)
        axes.set_ylabel(measure.unit if len(measure.unit) < 20 else measure.unit[0])
        every = 1 if len(years) < 5 else 3
        axes.set_xticks(range(0, len(years), every), [labels[year][2:] for year in years[::every]])
        _end_numbers(axes, len(years) - 1, ends)

    note = "Line: mean difference, child by child with the same luck"
    note += "; band: 90% interval of that mean." if banded else "; intervals are in the tables."
    return Picture(
        "differences",
        "What changes against the reference",
        note,
        (WIDTH, _height(comparison, 2, 2.0)),
        _with_key(comparison, 2, 3, draw, len(SHOWN)),
        [row for row in rows(comparison) if row[1] in (*SHOWN, "measure")],
        beside=_beside(comparison),
    )


def money(comparison: Comparison) -> Picture:
    """Extra spend so far, month by month."""
    banded = len(comparison.others) <= _MOST_BANDS
    labels = comparison.reference.year_labels()

    def draw(axes: Axes, place: int) -> None:
        ends = []
        for number, other in enumerate(comparison.others):
            values = [other.estimate(column / 1e6) for column in other.cumulative.T]
            months = np.arange(1, len(values) + 1) / 12
            means, look = np.array([value.mean for value in values]), _look(number)
            if banded:
                errors = np.array([value.error for value in values])
                axes.fill_between(months, means - errors, means + errors, color=look["color"], alpha=0.2, linewidth=0)
            axes.plot(months, means, linewidth=1.6, **look)
            ends.append(float(means[-1]))
        axes.axhline(0, color="#333333", linewidth=0.8)
        axes.set_ylabel("£ million, extra so far")
        years = comparison.years
        axes.set_xticks([place + 1 for place in range(len(years))], [labels[year][2:] for year in years])
        _end_numbers(axes, len(years), ends)

    return Picture(
        "money",
        "Extra spend so far: below the line the money is back",
        "Prevention and intervention together, at the scenario's prices, one authority. Line: mean"
        + ("; band: 90% interval of the mean." if banded else "; intervals are in money.csv."),
        (WIDTH, _height(comparison, 1, 2.9)),
        _with_key(comparison, 1, 1, draw, 1),
        list(money_rows(comparison)),
        beside=_beside(comparison),
    )


def plane(comparison: Comparison) -> Picture:
    """Extra spend beside years in care avoided, over the whole run."""
    points = [
        (other.estimate(other.care_years_avoided), other.estimate(other.cumulative[:, -1] / 1e6))
        for other in comparison.others
    ]
    rows: list[tuple[Any, ...]] = [("scenario", "years in care avoided", "error", "extra spend, £ million", "error")]
    rows += [
        (other.run.manifest.scenario, f"{x.mean:.4g}", f"{x.error:.3g}", f"{y.mean:.4g}", f"{y.error:.3g}")
        for other, (x, y) in zip(comparison.others, points, strict=True)
    ]

    def draw(axes: Axes, place: int) -> None:
        for number, (x, y) in enumerate(points):
            colour = _look(number)["color"]
            axes.errorbar(x.mean, y.mean, xerr=x.error, yerr=y.error, color=colour, linewidth=1.2, capsize=2)
            _dot(axes, number, x.mean, y.mean)
        axes.axhline(0, color="#333333", linewidth=0.8)
        axes.axvline(0, color="#333333", linewidth=0.8)
        axes.set_xlabel("years of children's lives in care avoided")
        axes.set_ylabel("extra spend, £ million")
        axes.margins(0.12)
        axes.grid(axis="x")
        corners = ((0.99, 0.03, "right", "better and cheaper"), (0.01, 0.97, "left", "worse and dearer"))
        for across, up, side, words in corners:
            axes.text(across, up, words, transform=axes.transAxes, color=GREY, ha=side, va="center")

    years = len(comparison.years)
    return Picture(
        "cost_and_outcome",
        f"Cost beside outcome over {years} year{'s' if years > 1 else ''}",
        "Point: mean over replications; cross: 90% interval of that mean, one authority.",
        (WIDTH, _height(comparison, 1, 3.2)),
        _with_key(comparison, 1, 1, draw, 1, dots=True),
        rows,
        beside=_beside(comparison),
    )


def waterfall(comparison: Comparison) -> Picture:
    """Where the money moved, line by line, over the whole run."""
    lines = SpendLine.words.labels()
    shown = comparison.others[:_MOST_PANELS]
    across = min(2, len(shown))
    down = -(-len(shown) // across)
    rows: list[tuple[Any, ...]] = [("scenario", "line", "extra spend, £ million", "error of the mean")]
    moved = []
    for other in comparison.others:
        values = [other.estimate(column / 1e6) for column in other.extra_spend.sum(axis=1).T]
        moved.append([value.mean for value in values])
        rows += [
            (other.run.manifest.scenario, line, f"{value.mean:.4g}", f"{value.error:.3g}")
            for line, value in zip(lines, values, strict=True)
        ]

    def draw(figure: Figure) -> None:
        panels = figure.subplots(down, across, sharey=True, squeeze=False).flat
        for axes, other, values in zip(panels, shown, moved, strict=False):
            steps(axes, lines, values)
            axes.set_title(textwrap.fill(other.name, 40 if across > 1 else 80))
            axes.set_xlabel("£ million over the run")
        for axes in list(panels)[len(shown) :]:
            axes.set_axis_off()

    return Picture(
        "where_the_money_moved",
        "Where the money moved",
        "Extra spend on each line over the whole run, adding up to the total; mean over replications, one authority."
        + (f" The first {_MOST_PANELS} what-ifs are drawn." if len(comparison.others) > _MOST_PANELS else ""),
        (WIDTH, 1.0 + 2.6 * down),
        draw,
        rows,
        beside=_beside(comparison),
    )


def steps(axes: Axes, lines: Sequence[str], values: Sequence[float]) -> Axes:
    """Draw a waterfall: each line from where the last one ended, then the total."""
    so_far = np.concatenate([[0.0], np.cumsum(values)])
    total = so_far[-1]
    for place, value in enumerate(values):
        axes.barh(place, value, left=so_far[place], height=0.62, color=MAIN if value > 0 else SECOND)
        if place + 1 < len(values) + 1:
            axes.plot([so_far[place + 1]] * 2, [place - 0.31, place + 1.31], color=GREY, linewidth=0.6)
    axes.barh(len(values), total, height=0.62, color="#333333")
    widest = max(np.ptp(so_far), 1e-9)
    for place, value in enumerate([*values, total]):
        # Beside the panel: within it a number would stand on a bar or on the line at nothing.
        axes.text(
            1.0, place, f"{value:+.1f}", transform=axes.get_yaxis_transform(), va="center", ha="right", fontsize=7
        )
    axes.axvline(0, color="#333333", linewidth=0.8)
    axes.set_yticks(range(len(lines) + 1), [*(line.capitalize() for line in lines), "Total"])
    axes.set_ylim(len(lines) + 0.6, -0.6)
    axes.set_xlim(min(so_far.min(), 0) - 0.12 * widest, max(so_far.max(), 0) + 0.32 * widest)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    return axes


PICTURES: tuple[Callable[[Comparison], Picture], ...] = (differences, money, plane, waterfall)
