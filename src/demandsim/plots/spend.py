"""Spend by line, year by year."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from demandsim.plots.style import GREY, PALETTE, WIDTH, Picture, years_below
from demandsim.results.store import Results
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.words import pounds
from demandsim.results.year import Year
from demandsim.vocabulary import SpendLine

_COLOURS = (PALETTE[0], PALETTE[1], PALETTE[2], PALETTE[3], GREY, PALETTE[5])
_HATCH = ("", "", "", "", "//", "")


def spend(results: Results) -> Picture:
    """What the authority spends on each line."""
    labels = results.year_labels()[YEARS_BEFORE:]
    lines = SpendLine.words.labels()
    years = [Year(results.tables, YEARS_BEFORE + place) for place in range(len(labels))]
    means = np.array([[year.spend(line).mean() for year in years] for line in range(len(lines))])
    rows: list[tuple[Any, ...]] = [("line", "year", "mean, £ million")]
    rows += [(line, year, f"{means[i, j]:.6g}") for i, line in enumerate(lines) for j, year in enumerate(labels)]

    def draw(figure: Figure) -> None:
        stack(figure.subplots(), means, lines, [label[2:] for label in labels])

    return Picture(
        "spend",
        _title(means, lines, labels),
        "By line of the Section 251 outturn. Mean over replications, at the scenario's prices, from child-weeks and "
        "posts times unit costs. The hatched line is a residual that the model does not explain.",
        (WIDTH, 4.0),
        draw,
        rows,
    )


def _title(means: np.ndarray, lines: list[str], labels: list[str]) -> str:
    """Return what is spent in the last year on average, beside the first, and on which line most of it."""
    before, after = (pounds(float(means[:, year].sum())) for year in (0, -1))
    place = int(means[:, -1].argmax())
    beside = f" ({labels[0]}: {before})" if len(labels) > 1 else ""
    largest = f"the largest line is {lines[place]}, {pounds(float(means[place, -1]))}"
    return f"Spend is {after} on average in {labels[-1]}{beside}; {largest}"


def stack(axes: Axes, means: np.ndarray, lines: list[str], years: list[str]) -> Axes:
    """Draw one bar a year, its parts labelled beside the last."""
    places = np.arange(len(years))
    bottom = np.zeros(len(years))
    for values, line, colour, hatch in zip(means, lines, _COLOURS, _HATCH, strict=True):
        axes.bar(places, values, 0.72, bottom=bottom, color=colour, hatch=hatch, edgecolor="white", linewidth=0.5)
        axes.annotate(
            line.capitalize(),
            (places[-1] + 0.42, bottom[-1] + values[-1] / 2),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color="#222222",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},  # so that no line of the grid crosses it
        )
        bottom += values
    axes.set_ylabel("£ million a year")
    axes.set_xlim(-0.6, len(years) * 1.42)
    years_below(axes, years, every=1 if len(years) < 12 else 2)
    return axes
