"""Numbers, money and changes in the words of a page: what tables, paragraphs and titles of pictures share."""

from __future__ import annotations

#: Below this many million pounds, money is told in thousands.
_A_MILLION_OR_SO = 0.1
#: From here on children are told in whole numbers: a tenth of a child is nothing to read.
WHOLE_FROM = 10


def number(value: float) -> str:
    """Return a number as people read it: three figures, thousands with commas."""
    if value != value:
        return "-"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def figures(value: float) -> str:
    """Return a parameter's value in three figures, thousands with commas, however small it is."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 1000 else f"{value:.3g}"


def signed(value: float) -> str:
    """Return a difference as people read it, with its sign."""
    return number(value) if value != value else ("+" if value > 0 else "-" if value < 0 else "") + number(abs(value))


def pounds(millions: float) -> str:
    """Return an amount without its sign, in millions, or in thousands where it is small."""
    size = abs(millions)
    return f"£{number(size)} million" if size >= _A_MILLION_OR_SO else f"£{1000 * size:,.0f} thousand"


def whole(value: float) -> str:
    """Return a number without decimals."""
    return f"{value:,.0f}"


def children(value: float) -> str:
    """Return the size of a number of children."""
    return (whole if abs(value) >= WHOLE_FROM else number)(abs(value))


def share_of(share: float, count: int, of: str) -> str:
    """Return in how many of some replications: in all of them, in so many per cent, or their number where few."""
    if share == 1:
        return f"all {count} {of}"
    percent = f"{100 * share:.0f}%"
    return f"{round(share * count)} of {count} {of}" if percent in ("0%", "100%") else f"{percent} of {count} {of}"


def listed(parts: list[str]) -> str:
    """Return parts of a sentence as a list: a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def years_of(count: int) -> str:
    """Return a length of time in words."""
    return f"{count} year{'s' if count != 1 else ''}"
