"""Where the simulated figures lie within the tolerances of the published ones: what was fitted beside what was not."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from demandsim.plots.style import GREY, MAIN, PALETTE, WIDTH, Picture
from demandsim.plots.tolerance_axis import brief, credit_of, mark, tolerance_axis
from demandsim.results.judged import Verdict
from demandsim.results.validation import Block, TargetRow, validation_rows

_MARKS = {Verdict.INSIDE: (MAIN, "o"), Verdict.OUTSIDE: (PALETTE[3], "s"), Verdict.UNTOLD: (GREY, "D")}


def tolerances(rows: Sequence[TargetRow]) -> Picture:
    """Every row of the targets as a dot: 0 is the target, 1 and -1 the edges of the tolerance."""
    judged = [row for row in rows if row.part is not None]
    fitted, held_out, circular = (
        [row for row in judged if row.block == block] for block in (Block.FITTED, Block.HELD_OUT, Block.CIRCULAR)
    )
    columns = (("Fitted", fitted), ("Held out, circular" if circular else "Held out", held_out + circular))
    longest = max(len(fitted), len(held_out) + len(circular), 1)

    def draw(figure: Figure) -> None:
        for axes, (title, shown) in zip(figure.subplots(1, 2), columns, strict=True):
            _column(axes, shown, longest)
            axes.set_title(title)

    return Picture(
        "tolerances",
        "How far the scenario lies from its targets, in tolerances",
        "0: the target. Band: within the target's own tolerance; darker: within half. Square: outside. "
        "Diamond: not told apart yet, by Monte Carlo error. Hollow: circular, as an input was set from the figure.",
        (WIDTH, 1.3 + 0.155 * longest),
        draw,
        list(validation_rows(rows)),
        credit_of(row.target for row in rows),
    )


def _column(axes: Axes, rows: Sequence[TargetRow], longest: int) -> None:
    tolerance_axis(axes, [brief(row.line.measure.label) for row in rows], longest)
    for place, row in enumerate(rows):
        part = row.part
        assert part is not None
        colour, marker = _MARKS[row.verdict or Verdict.UNTOLD]
        mark(axes, part, place, marker, colour, "none" if row.block == Block.CIRCULAR else colour)
