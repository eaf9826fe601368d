"""The page of `trials.py`, from its file."""

from __future__ import annotations

import csv
from pathlib import Path

from matplotlib.figure import Figure
from pages import fill, picture, table
from trial_rows import ROWS, Found, Row, verdict

from demandsim.plots.style import GREY, LIGHT, MAIN, SECOND

#: Outcomes that are counted and not a share of the cohort.
_MEANS = ("exposure", "contacts", "rate over")


def _read(path: Path) -> dict[tuple[str, str], Found]:
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return {(row["trial"], row["outcome"]): Found(*(float(row[name]) for name in Found._fields)) for row in rows}


def _level(row: Row, value: float) -> str:
    if any(word in row.outcome for word in _MEANS):
        return f"{value:.3g}"
    return f"{100 * value:.1f}%"


def _published(row: Row) -> str:
    if row.value is None:
        return ""
    return f"{row.value:g}" + (f" ({row.low:g} to {row.high:g})" if row.low is not None else " (no interval)")


def _rows(found: dict[tuple[str, str], Found]) -> str:
    lines = []
    for row in ROWS:
        one = found[row.trial, row.outcome]
        others = _level(row, one.others) + (f" (published {row.level:g}%)" if row.level else "")
        lines.append(
            [
                row.trial,
                row.outcome,
                row.evidence,
                _level(row, one.helped),
                others,
                f"{one.ratio:.2f} ± {one.error:.2f}",
                _published(row),
                row.what if row.what != "beside" else "",
                verdict(row, one),
            ]
        )
    header = ["trial", "outcome", "evidence", "with", "without", "ratio ± error", "published", "", "comes back"]
    return table(header, lines)


def _draw(found: dict[tuple[str, str], Found], figure: Figure) -> None:
    axes = figure.subplots()
    for place, row in enumerate(ROWS):
        one = found[row.trial, row.outcome]
        if row.value is not None:
            if row.low is not None and row.high is not None:
                axes.plot([row.low, row.high], [-place, -place], color=LIGHT, lw=7, solid_capstyle="butt")
            axes.plot(row.value, -place, "|", color=GREY, ms=11, mew=2)
        colour = SECOND if verdict(row, one) == "MISS" else MAIN
        axes.errorbar(one.ratio, -place, xerr=2 * one.error, fmt="o", ms=4, lw=1.2, color=colour)
    axes.axvline(1, color=GREY, lw=0.8)
    names = [f"{row.trial}: {row.outcome} ({row.evidence})" for row in ROWS]
    axes.set_yticks([-place for place in range(len(ROWS))], names, fontsize=7)
    axes.grid(axis="y", visible=False)
    verdicts = [verdict(row, found[row.trial, row.outcome]) for row in ROWS]
    inside, missed = verdicts.count("inside"), verdicts.count("MISS")
    axes.set_title(f"{inside} of {inside + missed} published intervals hold\nthe ratio with to without the programme")
    axes.set_xlabel("ratio; bar and tick: published; point: model, two of its errors either way")
    axes.set_xlim(0.45, 1.75)


def write(path: Path) -> None:
    """Write the table and the picture."""
    found = _read(path)
    fill("trials.md", trials=_rows(found))
    picture("trials", (9.5, 5.2), lambda figure: _draw(found, figure))
