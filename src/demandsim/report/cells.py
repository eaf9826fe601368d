"""Cells of a report's tables as people read them."""

from __future__ import annotations

from demandsim.report.document import Cell, Kind
from demandsim.results.uncertainty import Estimate
from demandsim.results.words import number, signed

#: What rounds to nothing has no sign.
_NOTHING = 0.005


def shown(cell: Cell, kind: Kind) -> tuple[str, str]:
    """Return the words of a cell, and its 90% interval if it has one."""
    if cell is None:
        return "–", ""
    if isinstance(cell, str):
        return cell, ""
    if isinstance(cell, Estimate):
        interval = f"{_number(cell.low, kind)} to {_number(cell.high, kind)}" if cell.low == cell.low else ""
        return _number(cell.mean, kind), interval if cell.low != cell.high else ""
    return _number(cell, kind), ""


def _number(value: float, kind: Kind) -> str:
    if value != value:
        return "–"
    if kind == Kind.SHARE:
        return f"{100 * value:.0f}%"
    if kind == Kind.CHANGE:
        return minus(signed(value if abs(value) >= _NOTHING else 0.0))
    if isinstance(value, int):
        return f"{value:,}"
    return minus(number(value))


def minus(text: str) -> str:
    """Return a number with a minus sign that is as wide as a plus sign, in place of a hyphen."""
    return f"\N{MINUS SIGN}{text[1:]}" if text.startswith("-") else text
