"""The page of `degenerate.py`, from its file."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from degenerate import DOSES, MEASURED, PERMANENT, WHATIFS
from matplotlib.figure import Figure
from pages import fill, picture, table

from demandsim.plots.style import GREY, MAIN, SECOND, THIRD
from demandsim.results.measures import MEASURES

Answers = list[dict[str, Any]]
#: What is said of a sign that every fit gives.
FIRM = "firm"
COLOURS = (MAIN, SECOND, THIRD)
TITLES = {"exposure": "Exposure to harm", "looked_after": "Looked after", "children_in_need": "In need"}


def _read(path: Path) -> Answers:
    with path.open(encoding="utf-8") as stream:
        return [{name: _number(value) for name, value in row.items()} for row in csv.DictReader(stream)]


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _of(rows: Answers, whatif: str, measure: str, dose: float, permanent: float) -> dict[str, Any]:
    wanted = (whatif, measure, dose, permanent)
    return next(row for row in rows if (row["whatif"], row["measure"], row["dose"], row["permanent"]) == wanted)


def _grid(rows: Answers) -> list[tuple[float, float]]:
    """Return the points that there are: the dose and the permanent share of each."""
    points = [(row["dose"], row["permanent"]) for row in rows if _is_first(row)]
    return sorted(points, key=lambda point: (point[1], -point[0]))


def _is_first(row: dict[str, Any]) -> bool:
    return bool(row["whatif"] == next(iter(WHATIFS)) and row["measure"] == MEASURED[0])


def _fits(rows: Answers) -> str:
    lines = [
        [f"{row['dose']:g}", f"{row['permanent']:g}", f"{row['inside']:.0f} of {row['rows']:.0f}", f"{row['gap']:.2f}"]
        for row in rows
        if _is_first(row)
    ]
    gap = "gap of the fitted ones, in half tolerances"
    return table(["casework's dose", "permanent share", "figures within tolerance", gap], lines)


def _part(row: dict[str, Any]) -> tuple[float, float]:
    """Return a difference and its error, % of the level."""
    return 100 * row["difference"] / row["level"], 100 * row["error"] / row["level"]


def _sign(rows: Answers, whatif: str, measure: str) -> tuple[list[tuple[float, float]], str]:
    """Return the changes of a measure under each fit with their errors, in per cent, and what they say of its sign."""
    parts = [_part(_of(rows, whatif, measure, *point)) for point in _grid(rows)]
    signs = {0 if abs(mean) < 2 * error else (1 if mean > 0 else -1) for mean, error in parts}
    if len(signs) == 1 and 0 not in signs:
        return parts, FIRM
    return parts, "turns" if signs >= {1, -1} else "not told apart everywhere"


def _answers(rows: Answers) -> str:
    grid = _grid(rows)
    lines = []
    for whatif in WHATIFS:
        for measure in MEASURED:
            parts, said = _sign(rows, whatif, measure)
            lines.append(
                [whatif, MEASURES[measure].label, *(f"{mean:+.2f} ± {error:.2f}" for mean, error in parts), said]
            )
    return table(
        ["what if", "measure", *(f"dose {dose:g}, permanent {permanent:g}" for dose, permanent in grid), "sign"], lines
    )


def _draw(rows: Answers, figure: Figure) -> None:
    axes = figure.subplots(1, len(MEASURED), sharey=True)
    for place, measure in enumerate(MEASURED):
        for line, whatif in enumerate(WHATIFS):
            for nth, (dose, permanent) in enumerate(_grid(rows)):
                mean, error = _part(_of(rows, whatif, measure, dose, permanent))
                at = -line + 0.25 - 0.1 * nth
                colour = COLOURS[DOSES.index(dose)]
                marker = "o" if permanent == PERMANENT[0] else "s"
                axes[place].errorbar(mean, at, xerr=2 * error, fmt=marker, ms=3.5, lw=1, color=colour)
        axes[place].axvline(0, color=GREY, lw=0.8)
        firm = sum(_sign(rows, whatif, measure)[1] == FIRM for whatif in WHATIFS)
        axes[place].set_title(f"{TITLES[measure]}:\n{firm} of {len(WHATIFS)} signs are firm")
        axes[place].set_xlabel("change in the sixth year, %")
        axes[place].grid(axis="y", visible=False)
    axes[0].set_yticks([-line for line in range(len(WHATIFS))], list(WHATIFS))
    for dose, colour in zip(DOSES, COLOURS, strict=True):
        axes[-1].plot([], [], "o", ms=3.5, color=colour, label=f"casework's dose: {dose:g} of it")
    for permanent, marker in zip(PERMANENT, "os", strict=True):
        axes[-1].plot([], [], marker, ms=3.5, color=GREY, label=f"permanent share {permanent:g}")
    figure.legend(*axes[-1].get_legend_handles_labels(), loc="lower center", ncols=5, frameon=False, fontsize=7)


def write(path: Path) -> None:
    """Write the tables and the picture."""
    rows = _read(path)
    fill("other-values.md", fits=_fits(rows), answers=_answers(rows))
    picture("degenerate", (9.5, 4.2), lambda figure: _draw(rows, figure), below=0.07)
