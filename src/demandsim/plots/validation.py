"""Where the simulated figures lie within the tolerances of the published ones: what was fitted beside what was not."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from demandsim.plots.style import GREY, MAIN, PALETTE, WIDTH, Picture
from demandsim.plots.tolerance_axis import credit_of, mark, places_of, rows_taken, tolerance_axis
from demandsim.results.judged import Verdict
from demandsim.results.validation import Block, TargetRow, counts, validation_rows
from demandsim.results.words import listed

_MARKS = {Verdict.INSIDE: (MAIN, "o"), Verdict.OUTSIDE: (PALETTE[3], "s"), Verdict.UNTOLD: (GREY, "D")}


#: What stands above the rows of each kind, from the left and from the top.
_HEADS = {
    Block.FITTED: "Fitted",
    Block.HELD_OUT: "Held out: never fitted",
    Block.CIRCULAR: "Circular: an input was set from the figure",
}
#: Rows that the axis of one panel and the heading of the next take.
_BETWEEN = 5.0


def tolerances(rows: Sequence[TargetRow]) -> Picture:
    """Every row of the targets as a dot: 0 is the target, 1 and -1 the edges of the tolerance."""
    shown = {block: [row for row in rows if row.part is not None and row.block == block] for block in _HEADS}
    if not shown[Block.CIRCULAR]:
        del shown[Block.CIRCULAR]
    taken = {block: max(1.0, rows_taken(_names(of_block))) for block, of_block in shown.items()}
    right = sum(taken[block] for block in taken if block != Block.FITTED) + _BETWEEN * (len(taken) - 2)
    longest = max(taken[Block.FITTED], right)
    if len(taken) == 2:
        taken = dict.fromkeys(taken, longest)
    taken[Block.FITTED] = longest
    return Picture(
        "tolerances",
        _title(rows),
        "0: the target. Band: within the target's own tolerance; darker: within half. Square: outside. "
        "Diamond: not told apart yet, by Monte Carlo error. Hollow: circular, which shows nothing.",
        (WIDTH, 1.3 + 0.155 * longest),
        lambda figure: _draw(figure, shown, taken),
        list(validation_rows(rows)),
        credit_of(row.target for row in rows),
    )


def _title(rows: Sequence[TargetRow]) -> str:
    """Return how many figures lie within their tolerance; circular ones show nothing, and are left out."""
    tally = {block: found for block, found in counts(rows).items() if block in (Block.FITTED, Block.HELD_OUT)}
    if not tally:
        return "No figure can be held against the scenario"
    parts = [f"{found[Verdict.INSIDE]} of {sum(found.values())} {block}" for block, found in tally.items()]
    untold = sum(found[Verdict.UNTOLD] for found in tally.values())
    return f"Within their tolerance: {listed(parts)} figures" + (f"; {untold} not told apart yet" if untold else "")


def _names(rows: Sequence[TargetRow]) -> list[str]:
    return [row.line.measure.label for row in rows]


def _draw(figure: Figure, shown: dict[Block, list[TargetRow]], taken: dict[Block, float]) -> None:
    right = [block for block in shown if block != Block.FITTED]
    grid = figure.add_gridspec(len(right), 2, height_ratios=[taken[block] for block in right])
    places = {Block.FITTED: grid[:, 0]} | {block: grid[place, 1] for place, block in enumerate(right)}
    for block, rows in shown.items():
        axes = figure.add_subplot(places[block])
        _column(axes, rows, taken[block])
        # Headings are wider than the panels: they stand over the names of the rows too.
        axes.set_title(_HEADS[block], loc="right")


def _column(axes: Axes, rows: Sequence[TargetRow], longest: float) -> None:
    names = _names(rows)
    tolerance_axis(axes, names, longest)
    for place, row in zip(places_of(names), rows, strict=True):
        part = row.part
        assert part is not None
        colour, marker = _MARKS[row.verdict or Verdict.UNTOLD]
        mark(axes, part, place, marker, colour, "none" if row.block == Block.CIRCULAR else colour)
