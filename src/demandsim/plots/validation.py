"""Where the simulated figures lie within the tolerances of the published ones: what was fitted beside what was not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from demandsim.plots.style import GREY, LIGHT, MAIN, PALETTE, PUBLISHED, WIDTH, Picture
from demandsim.results.validation import Block, Verdict, validation_rows

#: Gaps further out than this many tolerances are drawn at the edge, with their size.
_EDGE = 2.6
_MISSED = PALETTE[3]


def tolerances(rows: Sequence[Verdict]) -> Picture:
    """Every row of the targets as a dot: 0 is the published figure, 1 and -1 the edges of the tolerance."""
    judged = [row for row in rows if row.part is not None]
    fitted, held_out, circular = (
        [row for row in judged if row.block == block] for block in (Block.FITTED, Block.HELD_OUT, Block.CIRCULAR)
    )
    columns = (("Fitted", fitted), ("Held out", held_out + circular))
    longest = max(len(fitted), len(held_out) + len(circular), 1)

    def draw(figure: Figure) -> None:
        for axes, (title, shown) in zip(figure.subplots(1, 2), columns, strict=True):
            _column(axes, shown, longest)
            axes.set_title(title)

    return Picture(
        "tolerances",
        "How far the baseline lies from what was published, in tolerances",
        "0: as published. Band: within the target's own tolerance; darker: within half. Square: missed. Hollow: "
        "circular, as an input was set from the very figure.",
        (WIDTH, 1.3 + 0.155 * longest),
        draw,
        list(validation_rows(rows)),
        PUBLISHED,
    )


def _column(axes: Axes, rows: Sequence[Verdict], longest: int) -> None:
    axes.axvspan(-1, 1, color=LIGHT, alpha=0.35, linewidth=0)
    axes.axvspan(-0.5, 0.5, color=LIGHT, alpha=0.45, linewidth=0)
    axes.axvline(0, color="#333333", linewidth=0.8)
    for place, row in enumerate(rows):
        part = row.part
        assert part is not None
        missed = abs(part) > 1
        colour = _MISSED if missed else MAIN
        inside = "none" if row.block == Block.CIRCULAR else colour
        at = float(np.clip(part, -_EDGE, _EDGE))
        axes.plot(at, place, "s" if missed else "o", color=colour, markerfacecolor=inside, markersize=4)
        if at != part:
            axes.annotate(
                f"{part:+.1f}",
                (at, place),
                xytext=(-6 if part > 0 else 6, 0),
                textcoords="offset points",
                fontsize=6,
                va="center",
                ha="right" if part > 0 else "left",
            )
    axes.set_yticks(range(len(rows)), [_name(row) for row in rows], fontsize=6.2)
    axes.set_ylim(longest - 0.4, -0.6)
    axes.set_xlim(-_EDGE - 0.15, _EDGE + 0.15)
    axes.set_xticks([-2, -1, 0, 1, 2])
    axes.set_xlabel("tolerances", color=GREY)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.grid(axis="x")


def _name(row: Verdict) -> str:
    measure = row.line.measure
    short = {"Starting to be looked after": "Starting in care", "continuous assessments": "assessments"}
    label = measure.label
    for long, brief in short.items():
        label = label.replace(long, brief)
    return label if len(label) <= 44 else label[:42].rstrip() + "..."
