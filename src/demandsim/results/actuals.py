"""Later official figures that a user supplies, to hold forecasts against."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from demandsim.problems import Problem, UserError, did_you_mean
from demandsim.results.measures import MEASURES

HEADING = ["measure", "year", "value"]
_YEAR = re.compile(r"(20\d\d)-(\d\d)")


@dataclass(frozen=True, slots=True)
class Actual:
    """One figure that was published: of England, or of the simulated authority.

    Attributes:
        measure: id of the measure.
        year: financial year, as 2014-15; a stock is of the 31 March that ends it.
        value: in the measure's unit.
    """

    measure: str
    year: str
    value: float


def read_actuals(path: Path) -> tuple[Actual, ...]:
    """Read figures from a CSV with the columns measure, year, value.

    Raises:
        UserError: with everything wrong in the file.
    """
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise UserError(Problem(str(path), "", f"a file that can't be read ({reason})", "a CSV file")) from None
    if not rows or rows[0] != HEADING:
        found = ",".join(rows[0]) if rows else "nothing"
        raise UserError(Problem(str(path), "line 1", found, ",".join(HEADING), "docs/how-to/validate.md"))
    problems: list[Problem] = []
    actuals: dict[tuple[str, str], Actual] = {}
    for number, row in enumerate(rows[1:], start=2):
        if row:
            _read_row(str(path), f"line {number}", row, actuals, problems)
    if not actuals and not problems:
        problems.append(Problem(str(path), "", "no figures", "a line for each"))
    if problems:
        raise UserError(problems)
    return tuple(actuals.values())


def _read_row(
    where: str, key: str, row: list[str], actuals: dict[tuple[str, str], Actual], problems: list[Problem]
) -> None:
    if len(row) != len(HEADING):
        problems.append(Problem(where, key, f"{len(row)} cells", ",".join(HEADING)))
        return
    measure, year, text = (cell.strip() for cell in row)
    before = len(problems)
    if measure not in MEASURES:
        found = repr(measure) + did_you_mean(measure, MEASURES)
        problems.append(Problem(where, key, found, "the id of a measure", "docs/reference/glossary.md"))
    match = _YEAR.fullmatch(year)
    if not match or (int(match[1]) + 1) % 100 != int(match[2]):
        problems.append(Problem(where, key, repr(year), "a financial year, as 2014-15"))
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or (value < 0 and not measure.startswith("growth_")):
        problems.append(Problem(where, key, repr(text), "a number, without thousands separators, not below nothing"))
    if (measure, year) in actuals:
        problems.append(Problem(where, key, f"{measure} of {year} a second time", "each once"))
    if len(problems) == before:
        actuals[measure, year] = Actual(measure, year, value)
