"""What changes against the reference: over time for one or two what-ifs, in the last year side by side for more."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from demandsim.plots.findings import children_title
from demandsim.plots.style import MAIN, WIDTH, Picture
from demandsim.plots.what_ifs import (
    DARK,
    SHADING,
    WHISKERS,
    band,
    beside,
    short_names,
    whisker,
    wrapped,
    year_ticks,
    zero_line,
)
from demandsim.results.comparison import Against, Comparison
from demandsim.results.comparison_tables import rows
from demandsim.results.measure import Measure
from demandsim.results.moved import present
from demandsim.results.verdict import told_apart

#: The panels, as many of the first as the model measures and as there is room for.
_PANELS = (
    "looked_after",
    "children_in_need",
    "exposure",
    "unserved",
    "early_help_unmet",
    "spend_intervention",
    "workload",
    "unallocated",
    "referrals",
)
#: What-ifs that are drawn over time.
_OVER_TIME = 2
#: Panels abreast.
_ACROSS = 3
_UNIT_WIDTH = 24


def differences(comparison: Comparison) -> Picture:
    """Differences from the reference, one panel a measure."""
    many = len(comparison.others)
    over_time = many <= _OVER_TIME and len(comparison.years) > 1
    panels = [one for one in present(_PANELS) if not any(other.withheld(one) for other in comparison.others)]
    measures = panels[: _ACROSS if many > 1 and over_time else 2 * _ACROSS]
    if over_time:
        size, draw = (WIDTH, 4.9 if many == 1 else 5.4), _over_time(comparison, measures)
    else:
        size, draw = (WIDTH, 1.9 + 2 * (0.62 + 0.27 * many)), _side_by_side(comparison, measures)
    intervals = SHADING if over_time else WHISKERS
    hollow = "" if over_time else " Filled point: told apart from no change; hollow: not."
    shown = {measure.id for measure in measures} | {"measure"}
    return Picture(
        "differences",
        children_title(comparison),
        f"Mean difference, child by child with the same random draws. {intervals}{hollow}",
        size,
        draw,
        [row for row in rows(comparison, measures) if row[1] in shown],
        beside=beside(comparison),
    )


def _over_time(comparison: Comparison, measures: list[Measure]) -> Callable[[Figure], None]:
    """Return what draws a row of panels for each of two what-ifs, or two rows for one."""
    several = len(comparison.others) > 1
    panels = [(other, measure) for other in comparison.others for measure in measures]

    def draw(figure: Figure) -> None:
        grid = figure.subplots(-(-len(panels) // _ACROSS), _ACROSS, sharey="col" if several else False, squeeze=False)
        for place, (axes, (other, measure)) in enumerate(zip(grid.flat, panels, strict=False)):
            _panel_over_time(axes, comparison, other, measure)
            if several:
                axes.set_title("\n" + axes.get_title(loc="left"), fontsize=8)  # room for the what-if's name
            if several and place % _ACROSS == 0:
                _name_row(axes, other)
        for axes in list(grid.flat)[len(panels) :]:
            axes.set_axis_off()

    return draw


def _name_row(axes: Axes, other: Against) -> None:
    """Write the name of a what-if above its row of panels."""
    name = axes.annotate(
        wrapped(other.name, 100, 1), (0, 1), xytext=(0, 30), xycoords="axes fraction", textcoords="offset points"
    )
    name.set_fontsize(9)
    name.set_color(DARK)
    name.set_in_layout(False)  # it is wider than its panel


def _panel_over_time(axes: Axes, comparison: Comparison, other: Against, measure: Measure) -> None:
    values = [other.change(measure, year) for year in comparison.years]
    zero_line(axes)
    band(axes, range(len(values)), values, MAIN)
    axes.set_title(wrapped(measure.label, 28), fontsize=7.5)
    axes.set_ylabel(wrapped(_told_in(measure), _UNIT_WIDTH), fontsize=7)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value)))
    year_ticks(axes, comparison)


def _side_by_side(comparison: Comparison, measures: list[Measure]) -> Callable[[Figure], None]:
    """Return what draws a panel for each measure with a line for each what-if, in the last year."""
    year, names = comparison.years[-1], short_names(comparison)
    label = comparison.reference.year_labels()[year]

    def draw(figure: Figure) -> None:
        grid = figure.subplots(-(-len(measures) // _ACROSS), _ACROSS, sharey=True, squeeze=False)
        for axes, measure in zip(grid.flat, measures, strict=False):
            zero_line(axes, upright=True)
            for place, other in enumerate(comparison.others):
                change = other.change(measure, year)
                whisker(axes, change, place, MAIN, told_apart(change))
            axes.set_title(wrapped(measure.label, 28), fontsize=7.5)
            axes.set_xlabel(f"{_told_in(measure)}, {label}", fontsize=7)
            axes.set_yticks(range(len(names)), [wrapped(name, 34) for name in names], fontsize=6.5)
            axes.set_ylim(len(names) - 0.4, -0.6)
            axes.tick_params(axis="y", length=0)
            axes.tick_params(axis="x", labelsize=7)
            axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value)))
            axes.margins(x=0.06)
            axes.grid(axis="x")
            axes.grid(visible=False, axis="y")
        for axes in list(grid.flat)[len(measures) :]:
            axes.set_axis_off()

    return draw


def _told_in(measure: Measure) -> str:
    """Return the unit of a change: an index is 100 for the reference, so that its change is none there."""
    return "change of the index" if measure.indexed else measure.told_in


def _tick(value: float) -> str:
    return f"{value:,g}".replace("-", "\u2212")
