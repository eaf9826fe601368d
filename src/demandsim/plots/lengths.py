"""Duration bands beside the published ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from demandsim.plots.style import LIGHT, SECOND, WIDTH, Picture
from demandsim.plots.tolerance_axis import credit_of
from demandsim.results.beside import figures_of
from demandsim.results.fit_rows import word_for
from demandsim.results.measures import MEASURES
from demandsim.results.store import Results
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.uncertainty import Estimate, estimate
from demandsim.results.year import Year

#: Title, bands, and for each band what was simulated and published.
_Panel: TypeAlias = tuple[str, list[str], list[Estimate], list[float]]

#: Whose the figures are, by what they are called.
_WHOSE = {"published": "published for England", "given": "the scenario's own"}
_PANELS = (
    ("need_ended_length", 5, "Episodes of need that ended"),
    ("need_open_length", 5, "Episodes of need still open"),
    ("plan_ended_length", 5, "Plans that ended"),
    ("plan_open_length", 5, "Plans still open"),
    ("looked_after_age", 5, "Age of children looked after"),
    ("adopted_age", 4, "Age at adoption"),
)


def lengths(results: Results) -> Picture:
    """How long episodes and plans last, and ages, in the first year."""
    year = Year(results.tables, YEARS_BEFORE)
    label = results.year_labels()[YEARS_BEFORE]
    figures = figures_of(results)
    published, word = {target.measure: target for target in figures if target.year == label}, word_for(figures)
    rows: list[tuple[Any, ...]] = [("measure", "band", "simulated %", "low (5%)", "high (95%)", f"{word} %", "use")]
    panels: list[_Panel] = []
    for stem, size, title in _PANELS:
        ids = [f"{stem}_{place + 1}" for place in range(size)]
        values = [estimate(MEASURES[key].of(year), results.manifest.members) for key in ids]
        bands = [MEASURES[key].label.partition(": ")[2] for key in ids]
        points = [published[key].value if key in published else float("nan") for key in ids]
        use = published[ids[0]].use if ids[0] in published else ""
        panels.append((title + (" (held out)" if use == "validate" else ""), bands, values, points))
        for key, band, value, point in zip(ids, bands, values, points, strict=True):
            rows.append((key, band, f"{value.mean:.4g}", f"{value.low:.4g}", f"{value.high:.4g}", f"{point:.4g}", use))

    def draw(figure: Figure) -> None:
        for axes, (title, bands, values, points) in zip(figure.subplots(3, 2).flat, panels, strict=True):
            bars(axes, bands, values, points)
            axes.set_title(title)

    return Picture(
        "lengths",
        _title(label, word, panels if results.manifest.replications > 1 else ()),
        f"Bars: simulated mean, with the range of nine in ten replications; diamonds: {_WHOSE[word]}. Held out: never "
        "fitted. Where there is no diamond there is no such figure in the sources kept.",
        (WIDTH, 6.4),
        draw,
        rows,
        credit_of(figures),
    )


def _title(label: str, word: str, panels: Sequence[_Panel]) -> str:
    pairs = [(value, point) for _, _, values, points in panels for value, point in zip(values, points, strict=True)]
    judged = [value.low <= point <= value.high for value, point in pairs if point == point]
    if not judged:
        return f"How long cases last in {label}"
    held = f"{sum(judged)} of {len(judged)} {word} figures lie where nine in ten replications do"
    return f"How long cases last in {label}: {held}"


def bars(axes: Axes, bands: list[str], values: list[Estimate], published: list[float]) -> Axes:
    """Draw simulated shares as bars from zero and published ones as diamonds on them, one band a line."""
    places = np.arange(len(bands))
    means = np.array([value.mean for value in values])
    spread = np.array([[value.mean - value.low for value in values], [value.high - value.mean for value in values]])
    axes.barh(places, means, height=0.62, color=LIGHT)
    axes.errorbar(means, places, xerr=np.maximum(spread, 0), fmt="none", ecolor="#333333", elinewidth=0.9, capsize=2)
    axes.plot(published, places, "D", markersize=5, color=SECOND, markeredgecolor="white", zorder=5)
    axes.set_yticks(places, bands)
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.set_xlabel("%")
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    return axes
