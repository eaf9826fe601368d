"""What it takes: the response over the range, the target, and the answer with its interval."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from demandsim.plots.style import SECOND, WIDTH, Picture
from demandsim.plots.sweep import band, mark_now
from demandsim.results.points import amount
from demandsim.results.solve import Solved


def response(solved: Solved) -> Picture:
    """The response to the parameter, the target line, and each answer."""
    unit, values = solved.question.unit, np.asarray(solved.values)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        band(axes, values, solved.responses)
        axes.axhline(solved.target, color=SECOND, linewidth=1.4)
        axes.annotate(
            f"target: {amount(solved.target, solved.question)}",
            (1, solved.target),
            xycoords=("axes fraction", "data"),
            xytext=(-2, 3),
            textcoords="offset points",
            ha="right",
            fontsize=7.5,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )
        for one in solved.answers:
            low = values[0] if one.low is None else one.low
            high = values[-1] if one.high is None else one.high
            axes.plot([low, high], [solved.target] * 2, color="#000000", linewidth=4, solid_capstyle="butt")
            axes.plot(one.value, solved.target, "D", color="white", markeredgecolor="#000000", markersize=7, zorder=5)
            axes.annotate(
                f"{one.value:.3g}",
                (one.value, solved.target),
                xytext=(9, -17 if one.rising else 9),
                textcoords="offset points",
                ha="left",
                fontsize=9,
                weight="bold",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
            )
        for flat in solved.stretches:
            axes.plot([flat.low, flat.high], [solved.target] * 2, color="#000000", linewidth=4, solid_capstyle="butt")
        mark_now(axes, solved.axis, values)
        axes.set_xlabel(solved.axis.label)
        axes.set_ylabel(unit)
        axes.margins(x=0.03)

    return Picture(
        "response",
        f"{solved.response}, {solved.year}: what it takes",
        "Line: mean over replications, child by child with the same random draws; band: 90% interval of that mean; "
        "dashed: nine in ten replications lie between. Diamond: where the mean crosses the target; thick line: 90% "
        "interval of that value, or values over which the target is met. One authority.",
        (WIDTH, 4.2),
        draw,
        list(solved.rows()),
        beside=f"{solved.manifest.title}, against: {solved.against}" if solved.against else "",
    )
