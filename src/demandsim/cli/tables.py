"""Tables that fit the terminal: headings and words wrap first, then columns of numbers go below one another."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable, Sequence

#: Characters of a line where nobody can be asked, and the most that a paragraph has.
USUAL = 118
_LEAST, _FEWEST_OF_WORDS, _FEWEST_OF_HEADING = 40, 14, 9
_BETWEEN = 2

Row = Sequence[str]


def terminal_width() -> int:
    """Return how many characters a line may have: the terminal's, COLUMNS, or as many as fit most of them."""
    return max(_LEAST, shutil.get_terminal_size((USUAL, 24)).columns)


def text_width() -> int:
    """Return how many characters a line of a paragraph may have."""
    return min(USUAL, terminal_width())


def table(headings: Row, rows: Sequence[Row], left: int = 1, most: int | None = None) -> str:
    """Return lines of aligned columns, the first `left` of them to the left.

    Args:
        headings: of the columns.
        rows: their cells.
        left: so many columns of words.
        most: characters of a line; as many as the terminal has unless given.
    """
    most = most or terminal_width()
    widths = _natural(headings, rows)
    if _sum(widths) <= most:
        return _drawn(headings, rows, widths, left)
    widths = _narrow(headings, rows, widths, left, most)
    parts = [_drawn(*_chosen(headings, rows, widths, places), left) for places in _parts(widths, left, most)]
    return "\n\n".join(parts)


def _natural(headings: Row, rows: Sequence[Row]) -> list[int]:
    return [max(len(row[place]) for row in [headings, *rows]) for place in range(len(headings))]


def _sum(widths: Sequence[int]) -> int:
    return sum(widths) + _BETWEEN * (len(widths) - 1)


def _narrow(headings: Row, rows: Sequence[Row], widths: list[int], left: int, most: int) -> list[int]:
    """Return narrower columns: headings on several lines, then words on several lines as far as it takes."""
    cells = [max((len(row[place]) for row in rows), default=0) for place in range(len(headings))]
    narrow = [
        max(cell, _longest_word(heading), min(len(heading), _FEWEST_OF_HEADING))
        for cell, heading in zip(cells, headings, strict=True)
    ]
    narrow[:left] = widths[:left]
    # A column that reads as prose wraps wherever it stands.
    prose = [place for place in range(len(headings)) if place < left or _is_prose([row[place] for row in rows])]
    least = {place: _least(headings[place], [row[place] for row in rows]) for place in prose}
    _shrink(narrow, least, lambda: _sum(narrow) > most)
    # The columns of words stand in every part, so that they have to leave room for the widest of the others.
    widest = max(narrow[left:], default=0)
    words = {place: _longest_word(" ".join([headings[place], *(row[place] for row in rows)])) for place in range(left)}
    _shrink(narrow, words, lambda: _sum([*narrow[:left], widest]) > most)
    return narrow


def _shrink(widths: list[int], least: dict[int, int], too_wide: Callable[[], bool]) -> None:
    """Take from the widest column, a character at a time, until it fits or nothing can be taken."""
    while too_wide():
        wide = max((place for place in least if widths[place] > least[place]), key=widths.__getitem__, default=None)
        if wide is None:
            return
        widths[wide] -= 1


def _is_prose(cells: Sequence[str]) -> bool:
    return any(cell.count(" ") > _BETWEEN for cell in cells)


def _least(heading: str, cells: Sequence[str]) -> int:
    longest = max(map(_longest_word, [heading, *cells]))
    return max(longest, min(_FEWEST_OF_WORDS, max(map(len, [heading, *cells]))))


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)


def _parts(widths: Sequence[int], left: int, most: int) -> list[list[int]]:
    """Return which columns stand beside one another; each part begins with the columns of words."""
    words = list(range(left))
    parts: list[list[int]] = [[]]
    for place in range(left, len(widths)):
        if parts[-1] and _sum([widths[one] for one in [*words, *parts[-1], place]]) > most:
            parts.append([])
        parts[-1].append(place)
    return [[*words, *part] for part in parts]


def _chosen(
    headings: Row, rows: Sequence[Row], widths: Sequence[int], places: Sequence[int]
) -> tuple[Row, list[Row], list[int]]:
    chosen: list[Row] = [[row[place] for place in places] for row in rows]
    return [headings[place] for place in places], chosen, [widths[place] for place in places]


def _drawn(headings: Row, rows: Sequence[Row], widths: Sequence[int], left: int) -> str:
    head = _lines(headings, widths, left, bottom=True)
    rule = "  ".join("-" * width for width in widths)
    return "\n".join([*head, rule, *(line for row in rows for line in _lines(row, widths, left))])


def _lines(cells: Row, widths: Sequence[int], left: int, bottom: bool = False) -> list[str]:
    """Return a row as lines; what has fewer of them stands at the top, or at the bottom."""
    wrapped = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    height = max(map(len, wrapped), default=1)
    lines = []
    for number in range(height):
        parts = []
        for place, (cell, width) in enumerate(zip(wrapped, widths, strict=True)):
            row = number - (height - len(cell)) if bottom else number
            text = cell[row] if 0 <= row < len(cell) else ""
            parts.append(text.ljust(width) if place < left else text.rjust(width))
        lines.append("  ".join(parts).rstrip())
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    return [text] if len(text) <= width else textwrap.wrap(text, width, break_long_words=False) or [""]
