"""How a run stands against the years after the one it was fitted to, beside two forecasts that need no model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from demandsim.evidence import series
from demandsim.results.actuals import Actual
from demandsim.results.measure import Quantity
from demandsim.results.measures import MEASURES
from demandsim.results.store import Results
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.uncertainty import total
from demandsim.results.year import Year


@dataclass(frozen=True, slots=True)
class Forecast:
    """A figure of a year after the first, beside the model's and two that need no model.

    Attributes:
        actual: what was published.
        low, mean, high: simulated; 90% interval of chance, of the parameters if an ensemble was simulated, and of
            simulation error.
        last: the value of the first year, carried on.
        growth: the first year's growth on the one before, carried on; not a number where that is unknown.
    """

    actual: Actual
    low: float
    mean: float
    high: float
    last: float
    growth: float

    def error(self, value: float) -> float:
        """Return how far a forecast lies from what was published: in %, or in points for a share."""
        if MEASURES[self.actual.measure].quantity is Quantity.SHARE:
            return value - self.actual.value
        return 100 * (value / self.actual.value - 1) if self.actual.value else float("nan")


def official() -> tuple[Actual, ...]:
    """Return the figures that ship with the package for years after 2013-14."""
    return tuple(Actual(point.measure, point.year, point.value) for point in series() if point.year > "2013-14")


def forecasts(results: Results, actuals: Sequence[Actual], england: bool = True) -> list[Forecast]:
    """Return the forecast of every figure whose year was simulated, the first year left out.

    Args:
        results: of the baseline.
        actuals: what was published.
        england: whether of England; else of the simulated authority.
    """
    labels = results.year_labels()
    known = {(point.measure, point.year): point.value for point in series()} if england else {}
    known |= {(one.measure, one.year): one.value for one in actuals}
    found = []
    for actual in actuals:
        if actual.year not in labels[YEARS_BEFORE + 1 :]:
            continue
        measure, place = MEASURES[actual.measure], labels.index(actual.year)
        copies = results.manifest.scale_to_england if england and measure.scales else 1.0
        values = copies * measure.of(Year(results.tables, place))
        ahead = place - YEARS_BEFORE
        first = known.get((measure.id, labels[YEARS_BEFORE]), np.nan)
        before = known.get((measure.id, labels[YEARS_BEFORE - 1]), np.nan)
        many = results.manifest.scale_to_england if england else 1.0
        one = total(values, many, results.manifest.members)
        found.append(Forecast(actual, one.low, one.mean, one.high, first, _grown(first, before, ahead)))
    return found


def _grown(first: float, before: float, ahead: int) -> float:
    """Return the first year's growth carried on for so many years; of nothing there is none."""
    return first * (first / before) ** ahead if before else float("nan")


@dataclass(frozen=True, slots=True)
class Skill:
    """How forecasts stand against what was published.

    Attributes:
        errors: mean absolute error by "model", "last value", "growth continued"; in % or points.
        covered: share of the intervals that hold the published figure.
        width: mean width of the intervals, in % of what was published, or points.
        apart: how far apart the two naive forecasts lie, in the same way.
    """

    errors: dict[str, float]
    covered: float
    width: float
    apart: float


def skill(rows: Sequence[Forecast]) -> Skill:
    """Return how the model and the two naive forecasts stand.

    Only figures for which all three exist count for errors and widths, so that they can be compared; and no part of
    nothing can be told.
    """
    shared = [row for row in rows if np.isfinite(row.error(row.growth))]
    ways = {"model": "mean", "last value": "last", "growth continued": "growth"}
    errors = {
        name: float(np.mean([abs(row.error(getattr(row, field))) for row in shared])) if shared else float("nan")
        for name, field in ways.items()
    }
    covered = float(np.mean([row.low <= row.actual.value <= row.high for row in rows])) if rows else float("nan")
    return Skill(errors, covered, *(_mean_gap(shared, *ends) for ends in (("low", "high"), ("last", "growth"))))


def _mean_gap(rows: Sequence[Forecast], one: str, other: str) -> float:
    gaps = [abs(row.error(getattr(row, other)) - row.error(getattr(row, one))) for row in rows]
    return float(np.mean(gaps)) if gaps else float("nan")


def forecast_rows(rows: Sequence[Forecast]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of forecasts.csv, the heading first."""
    yield ("measure", "year", "published", "model", "low (5%)", "high (95%)", "last value", "growth continued")
    for row in rows:
        numbers = (row.actual.value, row.mean, row.low, row.high, row.last, row.growth)
        yield (row.actual.measure, row.actual.year, *("" if value != value else f"{value:.6g}" for value in numbers))
