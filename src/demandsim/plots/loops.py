"""What each feedback loop adds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from demandsim.plots.style import LIGHT, MAIN, WIDTH, Picture
from demandsim.results.store import Results
from demandsim.results.uncertainty import Estimate
from demandsim.results.verdict import told_apart
from demandsim.results.words import number

#: (loop, measure's label, measure's unit, what the loop adds)
Row = tuple[str, str, str, Estimate]


def loops(results: Results, contributions: Sequence[Row]) -> Picture:
    """What each loop adds in the last year, one panel for each measure."""
    year = results.year_labels()[-1]
    measures = list(dict.fromkeys((label, unit) for _, label, unit, _ in contributions))
    rows: list[tuple[Any, ...]] = [("loop", "measure", "unit", "mean", "low (5%)", "high (95%)", "error of the mean")]
    rows += [
        (loop, label, unit, f"{added.mean:.6g}", f"{added.low:.6g}", f"{added.high:.6g}", f"{added.error:.6g}")
        for loop, label, unit, added in contributions
    ]

    def draw(figure: Figure) -> None:
        for place, (axes, (label, unit)) in enumerate(
            zip(figure.subplots(1, len(measures), sharey=True, squeeze=False).flat, measures, strict=True)
        ):
            panel(axes, [(loop, added) for loop, other, _, added in contributions if other == label], place == 0)
            axes.set_title(label)
            axes.set_xlabel(unit)

    return Picture(
        "loops",
        _title(contributions, year),
        "Bar: mean difference between the scenario and the same with that loop off, with the same random draws; "
        "black line: 90% interval of that mean; thin line: nine in ten replications. Loops act on one another, so they "
        "don't add up.",
        (WIDTH, 3.3),
        draw,
        rows,
    )


def _title(contributions: Sequence[Row], year: str) -> str:
    """Return which loop adds most to the first measure, or takes most from it."""
    label = contributions[0][1]
    apart = [
        (abs(added.mean), loop, added.mean) for loop, of, _, added in contributions if of == label and told_apart(added)
    ]
    what = f"{label[0].lower()}{label[1:]} by {year}"
    if not apart:
        return f"No feedback loop is told to change {what}"
    _, loop, mean = max(apart)
    ways = ("adds", "to") if mean > 0 else ("takes", "from")
    return f"{loop.replace('_', ' ').capitalize()} {ways[0]} most, {number(abs(mean))}, {ways[1]} {what}"


def panel(axes: Axes, added: Sequence[tuple[str, Estimate]], named: bool) -> Axes:
    """Draw one bar for each loop, from nothing."""
    places = range(len(added))
    means = [value.mean for _, value in added]
    axes.barh(places, means, height=0.6, color=LIGHT)
    axes.hlines(places, [value.low for _, value in added], [value.high for _, value in added], MAIN, linewidth=0.7)
    axes.errorbar(
        means, places, xerr=[value.error for _, value in added], fmt="none", ecolor="#222222", elinewidth=2, capsize=3
    )
    axes.axvline(0, color="#333333", linewidth=0.8)
    if named:
        axes.set_yticks(places, [loop.replace("_", " ") for loop, _ in added])
        axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    return axes
