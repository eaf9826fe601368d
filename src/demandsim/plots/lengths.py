"""Duration bands beside the published ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from demandsim.evidence import targets
from demandsim.plots.style import LIGHT, PUBLISHED, SECOND, WIDTH, Picture
from demandsim.results.measures import MEASURES
from demandsim.results.store import Results
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.uncertainty import Estimate, estimate
from demandsim.results.year import Year

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
    published = {target.measure: target for target in targets() if target.year == label}
    rows: list[tuple[Any, ...]] = [("measure", "band", "simulated %", "low (5%)", "high (95%)", "published %", "use")]
    panels: list[tuple[str, list[str], list[Estimate], list[float]]] = []
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
        f"How long cases last in {label}, beside the published figures",
        "Bars: simulated mean, with the range of nine in ten replications; diamonds: published for "
        "England. Held out: never fitted. Where there is no diamond none was published in the sources kept.",
        (WIDTH, 6.4),
        draw,
        rows,
        PUBLISHED,
    )


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
