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
    """How forecasts of one kind of figure stand against what was published: all in per cent of it, or all in points.

    Attributes:
        unit: of the errors, for print.
        many: figures that both the model and the last value carried on forecast.
        model, last: their mean absolute error over those.
        width: mean width of the model's 90% intervals over those.
        growing: figures whose growth is known too.
        model_growing, growth: mean absolute errors over those.
        apart: how far apart the two naive forecasts lie, over those.
    """

    unit: str
    many: int
    model: float
    last: float
    width: float
    growing: int
    model_growing: float
    growth: float
    apart: float


def skills(rows: Sequence[Forecast]) -> list[Skill]:
    """Return how the model and two naive forecasts stand: figures in per cent, then shares in points.

    Forecasts are compared over figures that both make. Of a figure of nought no part can be told: it is left out.
    """
    shares = [row for row in rows if MEASURES[row.actual.measure].quantity is Quantity.SHARE]
    others = [row for row in rows if row not in shares]
    return [_skill(unit, some) for unit, some in (("per cent", others), ("points", shares)) if some]


def _skill(unit: str, rows: Sequence[Forecast]) -> Skill:
    both = [row for row in rows if np.isfinite([row.error(row.last), row.mean, row.low, row.high]).all()]
    growing = [row for row in both if np.isfinite(row.error(row.growth))]
    return Skill(
        unit,
        many=len(both),
        model=_mean_error(both, "mean"),
        last=_mean_error(both, "last"),
        width=_mean_gap(both, "low", "high"),
        growing=len(growing),
        model_growing=_mean_error(growing, "mean"),
        growth=_mean_error(growing, "growth"),
        apart=_mean_gap(growing, "last", "growth"),
    )


def covered(rows: Sequence[Forecast]) -> float:
    """Return the share of the intervals that hold the published figure, where anything was simulated."""
    known = [row for row in rows if np.isfinite(row.mean)]
    return float(np.mean([row.low <= row.actual.value <= row.high for row in known])) if known else float("nan")


def _mean_error(rows: Sequence[Forecast], name: str) -> float:
    return float(np.mean([abs(row.error(getattr(row, name))) for row in rows])) if rows else float("nan")


def _mean_gap(rows: Sequence[Forecast], one: str, other: str) -> float:
    gaps = [abs(row.error(getattr(row, other)) - row.error(getattr(row, one))) for row in rows]
    return float(np.mean(gaps)) if gaps else float("nan")


def forecast_rows(rows: Sequence[Forecast]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of forecasts.csv, the heading first."""
    yield ("measure", "year", "published", "model", "low (5%)", "high (95%)", "last value", "growth continued")
    for row in rows:
        numbers = (row.actual.value, row.mean, row.low, row.high, row.last, row.growth)
        yield (row.actual.measure, row.actual.year, *("" if value != value else f"{value:.6g}" for value in numbers))
