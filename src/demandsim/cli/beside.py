"""Tables with a few columns for each what-if: as many what-ifs abreast as fit a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from demandsim.cli.output import say, table
from demandsim.cli.tables import terminal_width

_BETWEEN = 2

#: What one what-if adds to a table: headings, and the cells of each row.
Columns = tuple[Sequence[str], Sequence[Sequence[str]]]


def say_beside(
    headings: Sequence[str], rows: Sequence[Sequence[str]], columns: Sequence[Columns], left: int = 1
) -> None:
    """Print a table with columns of its own, then those of the what-ifs; in several parts if it is too wide.

    Args:
        headings: of its own columns.
        rows: their cells.
        columns: of each what-if.
        left: so many columns of words.
    """
    for number, part in enumerate(_parts(headings, rows, columns)):
        if number:
            say()
        heads = [*headings, *(head for heads, _ in part for head in heads)]
        whole = [(*row, *(cell for _, cells in part for cell in cells[place])) for place, row in enumerate(rows)]
        say(table(heads, whole, left=left))


def _parts(headings: Sequence[str], rows: Sequence[Sequence[str]], columns: Sequence[Columns]) -> list[list[Columns]]:
    left = _width(headings, rows)
    parts: list[list[Columns]] = [[]]
    room = terminal_width() - left
    for one in columns:
        width = _BETWEEN + _width(*one)
        if parts[-1] and width > room:
            parts.append([])
            room = terminal_width() - left
        parts[-1].append(one)
        room -= width
    return parts


def _width(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    widths = [max(len(row[place]) for row in [headings, *rows]) for place in range(len(headings))]
    return sum(widths) + _BETWEEN * (len(widths) - 1)
