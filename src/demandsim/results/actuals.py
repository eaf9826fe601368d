"""Later official figures that a user supplies, to hold forecasts against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from demandsim.problems import Problem, UserError, did_you_mean
from demandsim.results.figures import is_suppressed, wrong_value, year_in
from demandsim.results.measures import LABELS, MEASURES
from demandsim.text_files import MOST_CSV_BYTES, csv_rows, number_in, read_text

HEADING = ["measure", "year", "value"]
_PAGE = "docs/how-to/validate.md"


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


def read_actuals(path: Path, notice: Callable[[str], None] = lambda text: None) -> tuple[Actual, ...]:
    """Read figures from a CSV with the columns measure, year, value.

    Args:
        path: of the file.
        notice: told how many figures are suppressed, which are left out.

    Raises:
        UserError: with everything wrong in the file.
    """
    rows = csv_rows(path, read_text(path, MOST_CSV_BYTES, "a CSV file", _PAGE), _PAGE)
    if not rows or rows[0] != HEADING:
        found = ",".join(rows[0]) if rows else "nothing"
        raise UserError(Problem(str(path), "line 1", found, ",".join(HEADING), _PAGE))
    problems: list[Problem] = []
    actuals: dict[tuple[str, str], Actual | None] = {}
    for number, row in enumerate(rows[1:], start=2):
        if any(row):
            _read_row(str(path), f"line {number}", row, actuals, problems)
    figures = tuple(one for one in actuals.values() if one)
    suppressed = len(actuals) - len(figures)
    if not figures and not problems:
        found = f"{suppressed} suppressed figures and no other" if suppressed else "no figures"
        problems.append(Problem(str(path), "", found, "a line for each"))
    if problems:
        raise UserError(problems)
    if suppressed:
        notice(f"{path}: {suppressed} suppressed figure{'s' * (suppressed > 1)} left out.")
    return figures


def _read_row(
    where: str, key: str, row: list[str], actuals: dict[tuple[str, str], Actual | None], problems: list[Problem]
) -> None:
    if len(row) != len(HEADING):
        problems.append(Problem(where, key, f"{len(row)} cells", ",".join(HEADING)))
        return
    measure, given, text = row
    year, before = year_in(given), len(problems)
    if measure not in MEASURES:
        found = repr(measure) + did_you_mean(measure, MEASURES, LABELS)
        problems.append(Problem(where, key, found, "the id of a measure", "docs/reference/glossary.md"))
    if not year:
        problems.append(Problem(where, key, repr(given), "a financial year, as 2014-15 or 2014/15"))
    suppressed = is_suppressed(text)
    if not suppressed and (expected := wrong_value(measure, text)):
        problems.append(Problem(where, key, repr(text), expected, _PAGE))
    if (measure, year) in actuals:
        problems.append(Problem(where, key, f"{measure} of {year} a second time", "each once"))
    if len(problems) == before:
        actuals[measure, year] = None if suppressed else Actual(measure, year, number_in(text, commas=True))
