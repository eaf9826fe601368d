"""Pictures over time as SVG: their frame, scale, lines and tables. A page's script moves what is live in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Where the plot stands in its picture.
FRAME = {"width": 330, "height": 190, "left": 40, "right": 282, "top": 10, "bottom": 165}
_TICKS = 4
#: Decimals that the number of a tick may have.
_MOST_PLACES = 6
#: A scale begins at nothing if its low end is below this share of its high end.
_FROM_NOTHING = 0.45
#: A scale of differences goes this far from nothing at least.
_LEAST = 1e-3


def scale_of(low: float, high: float) -> tuple[float, float, list[float]]:
    """Return the ends of a scale that holds two values, and its ticks."""
    if 0 <= low < _FROM_NOTHING * high:
        low = 0.0
    if not high > low:
        low, high = low - 1, high + 1
    ticks = [float(tick) for tick in MaxNLocator(_TICKS).tick_values(low, high)]
    return ticks[0], ticks[-1], ticks


def across(year: int, years: int) -> float:
    """Return where a year stands."""
    share = year / (years - 1) if years > 1 else 0.5
    return round(FRAME["left"] + (FRAME["right"] - FRAME["left"]) * share, 1)


def up(value: float, low: float, high: float) -> float:
    """Return where a value stands; what is beyond the scale stands at its edge."""
    share = min(1.04, max(-0.04, (value - low) / (high - low)))
    return round(FRAME["bottom"] + (FRAME["top"] - FRAME["bottom"]) * share, 1)


def line(values: Sequence[float] | Array, low: float, high: float) -> str:
    """Return the path of a line over the years; a year without a value breaks it."""
    path, drawing = [], False
    for year, value in enumerate(values):
        if np.isnan(value):
            drawing = False
            continue
        path.append(f"{'L' if drawing else 'M'}{across(year, len(values))} {up(float(value), low, high)}")
        drawing = True
    return "".join(path)


def picture(
    label: str,
    unit: str,
    labels: Sequence[str],
    mean: Array,
    ends: tuple[Array, Array],
    span: tuple[float, float],
    decimals: int,
    change: tuple[float, float] = (0.0, 0.0),
    published: Mapping[int, float] | None = None,
) -> dict[str, Any]:
    """Return what the template of a picture draws.

    Args:
        label: of the measure.
        unit: of its values.
        labels: of the years.
        mean: of the reference.
        ends: of its 90% interval.
        span: values that the scale must hold.
        decimals: of the values.
        change: differences from the reference that the other scale must hold.
        published: figures by place of the year.
    """
    published = published or {}
    every = [*span, *mean, *ends[0], *ends[1], *published.values()]
    low, high, ticks = scale_of(float(np.nanmin(every)), float(np.nanmax(every)))
    less, more, steps = scale_of(min(-_LEAST, *change), max(_LEAST, *change))
    return {
        "label": label,
        "unit": unit,
        "low": low,
        "high": high,
        "ticks": _ticks(ticks, low, high),
        "base": up(0.0 if low <= 0 <= high else low, low, high),
        "less": less,
        "more": more,
        "steps": _ticks(steps, less, more),
        "zero": up(0.0, less, more),
        "years": _years(labels),
        "line": line(mean, low, high),
        "edge_low": line(ends[0], low, high),
        "edge_high": line(ends[1], low, high),
        "published": [{"x": across(year, len(labels)), "y": up(value, low, high)} for year, value in published.items()],
        "rows": [
            {
                "year": label,
                "cells": _cells(tuple(values[year] for values in (mean, *ends)), published.get(year), decimals),
            }
            for year, label in enumerate(labels)
        ],
    }


def _years(labels: Sequence[str]) -> list[dict[str, Any]]:
    """Return the years that are written below a picture: every third if there are many."""
    return [
        {"x": across(year, len(labels)), "text": f"{labels[year][2:4]}/{labels[year][-2:]}"}
        for year in range(0, len(labels), 3 if len(labels) > 6 else 1)
    ]


def _cells(interval: tuple[float, ...], published: float | None, decimals: int) -> list[str]:
    """Return a year's mean with its interval, and what was published."""
    shown = "{} ({} to {})".format(*(plain(value, decimals) for value in interval))
    return [shown, "" if published is None else plain(published, decimals)]


def _ticks(values: Sequence[float], low: float, high: float) -> list[dict[str, Any]]:
    step = values[1] - values[0]
    places = next((places for places in range(_MOST_PLACES) if np.isclose(step, round(step, places))), _MOST_PLACES)
    return [{"y": up(value, low, high), "text": plain(value, places)} for value in values]


def plain(value: float, decimals: int) -> str:
    """Return a number with thousands apart; a dash where there is none."""
    return "–" if np.isnan(value) else f"{value:,.{decimals}f}".replace("-", "−")


def signed(value: float, decimals: int) -> str:
    """Return a change with its sign, and nothing as 0."""
    shown = plain(value, decimals)
    return "0" if not shown.strip("−0.,") else shown if shown.startswith("−") else f"+{shown}"
