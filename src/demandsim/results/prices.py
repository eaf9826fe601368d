"""At which prices money is told: those of each month as simulated, or those of the first year; discounted or not."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from demandsim.draws import member_of
from demandsim.problems import Problem, UserError
from demandsim.results.manifest import Manifest, Results
from demandsim.results.settings import settings_of
from demandsim.results.tables import YEARS_BEFORE
from demandsim.vocabulary import DAYS_A_YEAR, SpendLine

Array = NDArray[np.float64]

CASH, REAL = "cash", "real"
#: Discount rate of the Green Book for the first thirty years, % a year.
GREEN_BOOK = 3.5
#: The parameter that raises the prices of each line, in the order of `SpendLine`.
_RISES = tuple(
    f"inflation.{line}" for line in ("fostering", "residential", "care_other", "social_work", "other", "prevention")
)
#: File of a run's folder that says which values were drawn.
_ENSEMBLE = "ensemble.csv"


@dataclass(frozen=True, slots=True)
class Terms:
    """How money is told.

    Attributes:
        prices: `cash`, as simulated, or `real`: at the prices of the first year.
        discount_rate: % a year, from the second year on; 0 if not discounted.
        care_year_value: pounds that a care-year avoided is held to be worth, beside what is saved; None if nobody says.
    """

    prices: str = CASH
    discount_rate: float = 0.0
    care_year_value: float | None = None

    def discount(self, months: int) -> Array:
        """Return what a pound of each month from the first on counts for."""
        counts: Array = (1 + self.discount_rate / 100) ** -(np.arange(months) // 12).astype(float)
        return counts

    def factors(self, results: Results) -> Array:
        """Return what to multiply the spend of each month with: (replication, month, line), from the first month on.

        Raises:
            UserError: it can't be told which prices a run has.
        """
        months = 12 * (results.manifest.years - YEARS_BEFORE)
        shape = (results.manifest.replications, months, SpendLine.words.size)
        factors = np.ones(shape) * self.discount(months)[:, None]
        rises = inflation_of(results)
        if self.prices == REAL and rises.any():
            factors /= (1 + rises[:, None, :] / 100) ** _years_of_rises(results.manifest)[:, None]
        return factors

    def words(self, inflated: bool, manifest: Manifest) -> str:
        """Return in words at which prices money is, and whether it is discounted.

        Args:
            inflated: whether any price rises in the run.
            manifest: of the run.
        """
        first = manifest.year_labels()[YEARS_BEFORE]
        prices = f"prices of {first}" if self.prices == REAL or not inflated else "cash prices of each year"
        rate = self.discount_rate
        return f"{prices}, {f'discounted at {rate:g}% a year to {first}' if rate else 'not discounted'}"


def inflation_of(results: Results) -> Array:
    """Return by how much the prices of each line rise, % a year: (replication, line).

    Raises:
        UserError: the folder of the run does not say so.
    """
    manifest = results.manifest
    content = settings_of(results)
    drawn = _drawn(results) if manifest.members else {}
    rises = np.zeros((manifest.replications, len(_RISES)))
    for line, name in enumerate(_RISES):
        declared = content.get("parameter", {}).get(name, {}).get("value", 0.0)
        change = content.get("set", {}).get(name, {})
        if "path" in change:
            expected = "one rate for the whole run, which --prices real can take out"
            raise UserError(Problem(str(results.folder), name, "a path", expected, "the same with --prices cash"))
        rises[:, line] = change.get("value", declared)
        # What somebody set stands; the rest is drawn.
        if name in drawn and change.get("basis", "fitted") == "fitted":
            members = [member_of(number, manifest.members) for number in range(manifest.replications)]
            rises[:, line] = np.array(drawn[name])[members]
    return rises


def _drawn(results: Results) -> dict[str, list[float]]:
    """Return what the ensemble of a run says of inflation: a value for each member."""
    try:
        lines = (results.folder / _ENSEMBLE).read_text(encoding="utf-8-sig").splitlines()
        heading, *rows = csv.reader(line for line in lines if line and not line.startswith("#"))
        return {name: [float(row[place]) for row in rows] for place, name in enumerate(heading) if name in _RISES}
    except (OSError, ValueError, IndexError):
        path = str(results.folder / _ENSEMBLE)
        expected = "the ensemble of the run"
        raise UserError(Problem(path, "", "a file that can't be read", expected, "the same run with --again")) from None


def _years_of_rises(manifest: Manifest) -> Array:
    """Return for each month from the first on how many years prices have risen by then: none in the first year."""
    year = manifest.first_year + YEARS_BEFORE
    months = range(12 * (manifest.years - YEARS_BEFORE))
    ends = [date(year + (month + 4) // 12, (month + 4) % 12 + 1, 1) for month in months]
    return np.array([max(0.0, (end - date(year, 4, 1)).days / DAYS_A_YEAR - 1) for end in ends])
