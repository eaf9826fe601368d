"""What it takes: the response over the range, the target, and the answer with its interval."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from demandsim.plots.style import SECOND, WIDTH, Picture
from demandsim.plots.sweep import band, mark_now
from demandsim.results.meeting import Answer
from demandsim.results.solve import Solved
from demandsim.results.words import listed

_THICK: dict[str, Any] = {"color": "#000000", "linewidth": 4, "solid_capstyle": "butt"}
_ON_WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}


def response(solved: Solved) -> Picture:
    """The response to the parameter, the target line, and each answer."""
    values = np.asarray(solved.values)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        band(axes, values, solved.responses)
        _draw_target(axes, solved)
        for one in solved.answers:
            _draw_answer(axes, one, solved)
        for flat in solved.stretches:
            axes.plot([flat.low, flat.high], [solved.target] * 2, **_THICK)
        mark_now(axes, solved.axis, values)
        axes.set_xlabel(solved.axis.label)
        axes.set_ylabel(solved.question.unit)
        axes.margins(x=0.03)

    return Picture(
        "response",
        _title(solved),
        "Line: mean over replications, child by child with the same random draws; band: 90% interval of that mean; "
        f"dashed: nine in ten replications lie between. {_drawn(solved)}One authority.",
        (WIDTH, 4.2),
        draw,
        list(solved.rows()),
        beside=f"{solved.manifest.title}, against: {solved.against}" if solved.against else "",
    )


def _title(solved: Solved) -> str:
    what, target = f"{solved.response}, {solved.year}", solved.target_words
    if solved.answers:
        return f"{what}: {target} where {solved.axis.name} is {listed([f'{one.value:.3g}' for one in solved.answers])}"
    if solved.stretches:
        return f"{what}: {target} over a stretch of values"
    return f"{what}: {target} at no value looked at"


def _drawn(solved: Solved) -> str:
    """Return what the marks on the target mean, if there are any."""
    marks = "Diamond: where the mean crosses the target; thick line: 90% interval of that value. "
    flat = all(solved.met_throughout(one) for one in solved.stretches)
    what = "over which the target is met" if flat else "that the error of the mean can't rule out"
    return marks * bool(solved.answers) + f"Thick line{' alone' * bool(solved.answers)}: values {what}. " * bool(
        solved.stretches
    )


def _draw_target(axes: Axes, solved: Solved) -> None:
    """Draw the target, and name it at the end where the mean is furthest from it, on the side where it is not."""
    axes.axhline(solved.target, color=SECOND, linewidth=1.4)
    gaps = solved.curve.mean[[0, -1]] - solved.target
    end = int(abs(gaps).argmax())
    below = gaps[end] > 0
    axes.annotate(
        f"target: {solved.target_words}",
        (end, solved.target),
        xycoords=("axes fraction", "data"),
        xytext=(-2 if end else 3, -3 if below else 3),
        textcoords="offset points",
        ha="right" if end else "left",
        va="top" if below else "bottom",
        fontsize=7.5,
        bbox=_ON_WHITE,
    )


def _draw_answer(axes: Axes, one: Answer, solved: Solved) -> None:
    """Draw the value at which the target is met, with its interval as far as the range goes."""
    low = solved.values[0] if one.low is None else one.low
    high = solved.values[-1] if one.high is None else one.high
    axes.plot([low, high], [solved.target] * 2, **_THICK)
    axes.plot(one.value, solved.target, "D", color="white", markeredgecolor="#000000", markersize=7, zorder=5)
    axes.annotate(
        f"{one.value:.3g}",
        (one.value, solved.target),
        xytext=(9, -17 if one.rising else 9),
        textcoords="offset points",
        ha="left",
        fontsize=9,
        weight="bold",
        bbox=_ON_WHITE,
    )
