"""What a fit did: how near the targets came, and how far they identify the parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from demandsim.plots.style import GREY, MAIN, PALETTE, WIDTH, Picture
from demandsim.plots.tolerance_axis import EDGE, credit_of, mark, places_of, rows_only, rows_taken, tolerance_axis
from demandsim.results.calibration import Fit, ParameterFit, TargetFit
from demandsim.results.identified import Identified

_COLOURS = {Identified.WELL: MAIN, Identified.PARTLY: PALETTE[2], Identified.NOT: GREY}
#: Half of a 90% interval, in standard deviations; and how far the axis goes.
_HALF, _FAR = 1.645, 2.4
#: Room for so many rows is left even where there are fewer.
_FEWEST_ROWS = 10


def nearness(fit: Fit) -> Picture:
    """Every target before and after the fit: 0 is the target, 1 and -1 the edges of its tolerance."""
    rows = fit.targets
    half = max((len(rows) + 1) // 2, _FEWEST_ROWS)
    halves = rows[:half], rows[half:]
    longest = _longest([row.row.measure.label for row in shown] for shown in halves)

    def draw(canvas: Canvas) -> None:
        for axes, shown in zip(canvas.subplots(1, 2), halves, strict=True):
            _gaps(axes, shown, longest)

    return Picture(
        "targets",
        f"{fit.inside(True)} of {len(rows)} simulated means are within tolerance, {fit.inside(False)} before the fit",
        "0: the target. Band: within the tolerance; darker: within half. Hollow: values as declared. Filled: as "
        "fitted. Line: 90% interval over the posterior draws.",
        (WIDTH, 1.3 + 0.155 * longest),
        draw,
        list(fit.target_rows()),
        credit_of(row.row.target for row in rows),
        of_replications=False,
    )


def _longest(halves: Iterable[Sequence[str]]) -> float:
    return max(_FEWEST_ROWS, *(rows_taken(half) for half in halves))


def _gaps(axes: Axes, rows: Sequence[TargetFit], longest: float) -> None:
    names = [row.row.measure.label for row in rows]
    tolerance_axis(axes, names, longest)
    for place, row in zip(places_of(names), rows, strict=True):
        ends = [np.clip(row.part(row.draws + side * row.spread), -EDGE, EDGE) for side in (-1, 1)]
        axes.plot(ends, [place, place], color=MAIN, linewidth=1.2, solid_capstyle="butt")
        mark(axes, row.part(row.before), place, "o", MAIN, "white")
        mark(axes, row.part(row.after), place, "o", MAIN, MAIN)


def knowledge(fit: Fit) -> Picture:
    """Every parameter that was fitted: what is left of its spread, and where in it the targets put it."""
    parameters = sorted((one for one in fit.parameters if one.fitted), key=lambda one: one.left)
    half = max((len(parameters) + 1) // 2, _FEWEST_ROWS)
    halves = parameters[:half], parameters[half:]
    longest = _longest([one.label for one in shown] for shown in halves)

    def draw(canvas: Canvas) -> None:
        for axes, shown in zip(canvas.subplots(1, 2), halves, strict=True):
            _spreads(axes, shown, longest)

    return Picture(
        "parameters",
        _told(fit),
        "0: the declared value; band: 90% interval beforehand. Lines: 90% interval afterwards. Blue, well identified: "
        "less than half of the prior standard deviation is left; plum, partly: less than four fifths; grey, not: the "
        "range is judgement.",
        (WIDTH, 1.3 + 0.135 * longest),
        draw,
        list(fit.parameter_rows()),
        of_replications=False,
    )


def _told(fit: Fit) -> str:
    well, partly, hardly = (fit.tally()[known] for known in Identified)
    return f"Targets identify {well} of {well + partly + hardly} parameters well, {partly} partly, {hardly} not"


def _spreads(axes: Axes, parameters: Sequence[ParameterFit], longest: float) -> None:
    names = [one.label for one in parameters]
    axes.axvspan(-_HALF, _HALF, color="#EEEEEE", linewidth=0)
    axes.axvline(0, color="#333333", linewidth=0.6)
    for place, one in zip(places_of(names), parameters, strict=True):
        colour = _COLOURS[one.known]
        mean, deviation = one.units
        low, middle, high = np.clip([mean + side * _HALF * deviation for side in (-1, 0, 1)], -_FAR, _FAR)
        axes.plot([low, high], [place, place], color=colour, linewidth=1.6, solid_capstyle="butt")
        axes.plot(middle, place, "o", color=colour, markersize=3)
    axes.set_xlim(-_FAR - 0.1, _FAR + 0.1)
    axes.set_xlabel("prior standard deviations", color=GREY)
    rows_only(axes, names, longest, 5.6)
