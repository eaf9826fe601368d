"""Text files: read within limits, and CSV that a spreadsheet shows and never runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from math import nan
from pathlib import Path
from typing import Any

from demandsim.problems import Problem, UserError

#: Bytes of a CSV file that is read, and characters of one of its cells.
MOST_CSV_BYTES = 50_000_000
MOST_CELL = 10_000
#: What to do with a file that a spreadsheet wrote with semicolons.
WITH_COMMAS = (
    "commas between columns, points in numbers: save it as CSV (Comma delimited); if that has semicolons again, choose "
    "a region with points in numbers, as English, and save it once more"
)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WITH_COMMAS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
#: With these a spreadsheet begins a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NO_NUMBERS = ("nan", "inf", "-inf", "+inf", "-")


def is_file(path: Path) -> bool:
    """Return whether there is such a file; a name that no system can hold is of none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def read_text(path: Path, most: int, expected: str, hint: str = "") -> str:
    """Return the text of a file.

    Args:
        path: of the file.
        most: bytes that it may have.
        expected: what it should be, as "a TOML file".
        hint: what to try.

    Raises:
        UserError: it can't be read, is too large, or is not UTF-8 text.
    """
    try:
        # A pipe or a device says nothing of its size, and may never end.
        with path.open("rb") as stream:
            content = stream.read(most + 1)
        if len(content) > most:
            found = f"more than {most / 1e6:,.0f} MB"
            raise UserError(Problem(str(path), "", found, f"{expected} of at most {most / 1e6:,.0f} MB", hint))
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise UserError(Problem(str(path), "", "bytes that are not UTF-8 text", expected, hint)) from None
    except (OSError, ValueError) as error:
        found = f"a file that can't be read ({getattr(error, 'strerror', None) or error})"
        raise UserError(Problem(str(path), "", found, expected, hint)) from None


def csv_rows(path: Path, text: str, hint: str = "") -> list[list[str]]:
    """Return the rows of a CSV text, cells without blanks around them; a comment above the heading is left out.

    Raises:
        UserError: a cell is too long, or the quotes don't match.
    """
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), strict=True)]
    except csv.Error as error:
        found = f"text that is not CSV ({error})"
        raise UserError(Problem(str(path), "", found, "a CSV file", hint)) from None
    if len(rows) > 1 and rows[0] and rows[0][0].startswith("#"):
        # The other rows keep their numbers.
        rows[:2] = [rows[1], []]
    if rows and len(rows[0]) == 1 and ";" in rows[0][0]:
        # So Excel writes CSV where a comma stands in numbers; 0,8;1,2 would be read as other columns.
        raise UserError(Problem(str(path), "line 1", "columns separated by semicolons", WITH_COMMAS, hint))
    for number, row in enumerate(rows, start=1):
        longest = max(map(len, row), default=0)
        if longest > MOST_CELL:
            found = f"a cell of {longest:,} characters"
            expected = f"at most {MOST_CELL:,} in a cell"
            raise UserError(Problem(str(path), f"line {number}", found, expected, hint))
    return rows


def number_in(text: str, commas: bool = False) -> float:
    """Return the number that a text is, as people write it: not a number where it is none.

    Args:
        text: what stands in a cell.
        commas: whether thousands may be set apart with commas, as in 69,540.
    """
    text = text.strip()
    if commas and _WITH_COMMAS.fullmatch(text):
        text = text.replace(",", "")
    return float(text) if _NUMBER.fullmatch(text) else nan


def safe_cells(rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    """Yield rows of a CSV file in which no text is a formula: what would be one begins with an apostrophe."""
    for row in rows:
        yield [_safe(cell) for cell in row]


def _safe(cell: Any) -> Any:
    if not isinstance(cell, str) or not cell.startswith(_FORMULA) or cell in _NO_NUMBERS:
        return cell
    return cell if _NUMBER.fullmatch(cell) else "'" + cell
