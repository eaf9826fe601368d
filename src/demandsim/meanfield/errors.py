"""How far the mean field lies from the simulation: measured on the baseline, and shipped.

`errors.csv` is written by `tools/meanfield_error.py`.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from demandsim.results.measures import headline_measures
from demandsim.results.tables import YEARS_BEFORE, Tables
from demandsim.results.uncertainty import estimate
from demandsim.results.year import Year

HEADINGS = ("measure", "year", "simulated", "simulation error (90%)", "mean field")
FILE = "errors.csv"


@dataclass(frozen=True, slots=True)
class Known:
    """One measure of one year, in both models.

    Attributes:
        simulated: the mean of many replications.
        error: half its 90% interval.
        estimated: in the mean field.
    """

    simulated: float
    error: float
    estimated: float


@cache
def known_errors() -> tuple[str, dict[tuple[str, str], Known]]:
    """Return what was measured and how, and each measure and year of it."""
    about, *lines = files("demandsim.meanfield").joinpath(FILE).read_text(encoding="utf-8").splitlines()
    found = {
        (measure, year): Known(*(float(number) for number in numbers))
        for measure, year, *numbers in list(csv.reader(lines))[1:]
    }
    return about.removeprefix("# "), found


def measured(simulated: Tables, estimated: Tables, years: Sequence[str]) -> dict[tuple[str, str], Known]:
    """Return each headline measure and year of both models.

    Args:
        simulated: arrays of (replication, month or year, column).
        estimated: the mean field's, of the same scenario.
        years: labels of the years after the start.
    """
    found = {}
    for measure in headline_measures():
        for place, year in enumerate(years, start=YEARS_BEFORE):
            mean = estimate(measure.of(Year(simulated, place)))
            (value,) = measure.of(Year(estimated, place))
            found[measure.id, year] = Known(mean.mean, mean.error, float(value))
    return found
