"""Small multiples over time: a mean, the band that holds nine in ten replications, and the published points."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from demandsim.evidence import Target
from demandsim.plots.changes import changes_title
from demandsim.plots.style import MAIN, SECOND, WIDTH, Picture, thousands, years_below
from demandsim.plots.tolerance_axis import credit_of
from demandsim.results.beside import figures_of, points
from demandsim.results.fit_rows import all_published, word_for
from demandsim.results.measure import Measure, Quantity
from demandsim.results.measures import MEASURES
from demandsim.results.store import Results
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.uncertainty import Estimate, estimate
from demandsim.results.year import Year

#: Characters of a panel's title that fit beside its neighbours.
_TITLE_WIDTH = 27
#: Characters of a unit that fit beside a panel, in one line.
_UNIT_WIDTH = 20
#: What titles tell of, and in which words.
_STOCKS = {"children_in_need": "in need", "plans": "on plans", "looked_after": "looked after"}
_FLOWS = {"referrals": "referrals", "plans_started": "plans started", "care_started": "starts of care"}
_LIMITS = {"assessed_in_time": "assessments", "conferences_in_time": "conferences", "plans_reviewed": "reviews"}
_WORK = {"social_workers": "social workers", "vacancy_rate": "vacancies", "caseload": "caseload"}
_PLACED = {"fostered": "fostered", "agency_fostered": "with agencies", "childrens_homes": "in homes"}
_HEADING = ("measure", "year", "mean", "low (5%)", "high (95%)")
_NOTE = "Line: mean; band: nine in ten replications; "
_ENGLAND = (
    "filled point: a published figure the model was fitted to; hollow: one it was not. They are England's, for the "
    "size of what was simulated."
)
_OWN = "filled point: a figure of the scenario's own that may be fitted; hollow: one that is held out."


def stocks(results: Results) -> Picture:
    """How many children stand where on each 31 March."""
    return _multiples(
        results,
        "stocks",
        changes_title(results, "Children on 31 March", _STOCKS, dates=True),
        ("children_in_need", "plans", "looked_after", "awaiting_assessment", "care_leavers", "early_help_waiting"),
        dates=True,
    )


def flows(results: Results) -> Picture:
    """How many come, start and leave each year."""
    return _multiples(
        results,
        "flows",
        changes_title(results, "From", _FLOWS),
        ("contacts", "referrals", "enquiries", "plans_started", "care_started", "care_ended"),
    )


def timeliness(results: Results) -> Picture:
    """Whether statutory limits are kept."""
    return _multiples(
        results,
        "timeliness",
        changes_title(results, "Within statutory limits, from", _LIMITS),
        ("assessed_in_time", "conferences_in_time", "plans_reviewed"),
        columns=3,
    )


def workforce(results: Results) -> Picture:
    """Social workers, their cases, and what goes undone."""
    return _multiples(
        results,
        "workforce",
        changes_title(results, "From March", _WORK, dates=True),
        ("social_workers", "vacancy_rate", "caseload", "workload", "unallocated", "visits_missed"),
        dates=True,
    )


def placements(results: Results) -> Picture:
    """Where looked after children live."""
    return _multiples(
        results,
        "placements",
        changes_title(results, "Children looked after on 31 March", _PLACED, dates=True),
        (
            "fostered",
            "agency_fostered",
            "childrens_homes",
            "placed_for_adoption",
            "placed_with_parents",
            "three_placements",
        ),
        dates=True,
    )


def _multiples(
    results: Results, name: str, title: str, ids: Sequence[str], columns: int = 3, dates: bool = False
) -> Picture:
    labels = results.year_labels()
    estimates = {key: _estimates(results, MEASURES[key]) for key in ids}
    figures = figures_of(results)
    published = {key: _published(results, figures, MEASURES[key]) for key in ids}
    of_published = "published" if results.manifest.authorities else f"{word_for(figures)} (for its size)"
    rows: list[tuple[Any, ...]] = [(*_HEADING, of_published)]
    for key in ids:
        for place, (year, value) in enumerate(zip(labels, estimates[key], strict=True)):
            point = published[key].get(place)
            rows.append(
                (
                    key,
                    year,
                    f"{value.mean:.6g}",
                    f"{value.low:.6g}",
                    f"{value.high:.6g}",
                    f"{point[0]:.6g}" if point else "",
                )
            )
    short = [str(int(label[:4]) + 1) if dates else label[2:] for label in labels]
    down = -(-len(ids) // columns)

    def draw(figure: Figure) -> None:
        for axes, key in zip(figure.subplots(down, columns, squeeze=False).flat, ids, strict=False):
            panel(axes, MEASURES[key], estimates[key], published[key], short)

    note = _NOTE + (_ENGLAND if all_published(figures) else _OWN)
    return Picture(name, title, note, (WIDTH, 0.85 + 2.0 * down), draw, rows, credit_of(figures))


def panel(
    axes: Axes,
    measure: Measure,
    values: Sequence[Estimate],
    published: dict[int, tuple[float, bool]],
    labels: Sequence[str],
) -> Axes:
    """Draw one measure: `values` and `labels` one for each year, `published` by place of the year, with its use."""
    places = range(len(values))
    low, high = [value.low for value in values], [value.high for value in values]
    axes.fill_between(places, low, high, color=MAIN, alpha=0.16, linewidth=0)
    for edge in (low, high):
        axes.plot(places, edge, color=MAIN, linewidth=0.6, alpha=0.8)
    axes.plot(places, [value.mean for value in values], color=MAIN, linewidth=1.8)
    for place, (value, fitted) in published.items():
        axes.plot(
            place, value, "o", markersize=4.5, color=SECOND if fitted else "white", markeredgecolor=SECOND, zorder=5
        )
    thousands(axes)
    is_share = measure.quantity is Quantity.SHARE
    highest = np.nanmax([*high, *(value for value, _ in published.values()), 1e-9])
    axes.set_ylim(0, 100 if is_share and 40 < highest <= 100 else 1.08 * highest)
    axes.set_title(textwrap.fill(measure.label, _TITLE_WIDTH))
    long = len(measure.unit) >= _UNIT_WIDTH
    axes.set_ylabel("%" if long and is_share else textwrap.fill(measure.unit, _UNIT_WIDTH))
    years_below(axes, labels, every=1 if len(labels) < 5 else 3)
    return axes


def _estimates(results: Results, measure: Measure) -> list[Estimate]:
    """Return the measure for each recorded year; flows and shares of the year before the start are left unknown."""
    years = range(results.manifest.years)
    return [
        estimate(measure.of(Year(results.tables, year)), results.manifest.members)
        if year - YEARS_BEFORE >= measure.known_from
        else estimate(measure.of(Year(results.tables, YEARS_BEFORE)) * float("nan"))
        for year in years
    ]


def _published(results: Results, figures: Sequence[Target], measure: Measure) -> dict[int, tuple[float, bool]]:
    """Return figures at the size of what was simulated, by place of the year, and whether they may be fitted."""
    labels, share = results.year_labels(), results.manifest.scale_to_england if measure.scales else 1.0
    return {labels.index(year): point for year, point in points(figures, measure.id, share).items() if year in labels}
