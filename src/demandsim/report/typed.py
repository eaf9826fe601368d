"""Tables whose cells are written as text, as the CSV files have them, with numbers where they are numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from demandsim.report.document import Cell, Column, Kind, Table


def typed(name: str, title: str, rows: Iterable[Sequence[Any]], note: str = "") -> Table:
    """Return a table of rows as they are written, the heading first.

    Args:
        name: of the table in a workbook.
        title: what it shows.
        rows: cells as text or numbers.
        note: how to read it.
    """
    heading, *cells = rows
    columns = [[_cell(cell) for cell in column] for column in zip(*cells, strict=True)]
    numeric = [any(isinstance(cell, float) for cell in column) for column in columns] or [False] * len(heading)
    heads = tuple(
        Column(str(one)[:1].upper() + str(one)[1:], Kind.LEVEL if is_number else Kind.TEXT)
        for one, is_number in zip(heading, numeric, strict=True)
    )
    return Table(name, title, heads, [list(row) for row in zip(*columns, strict=True)], note, small=True)


def _cell(given: Any) -> Cell:
    """Return a number where a cell is one, nothing where it is empty, else its words."""
    text = str(given)
    if text in ("", "nan"):
        return None
    try:
        return float(text)
    except ValueError:
        return text
