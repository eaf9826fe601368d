"""How well the reference of a report agrees with what was published: what was fitted, what was not."""

from __future__ import annotations

from demandsim.evidence import Target
from demandsim.plots.validation import tolerances
from demandsim.report.document import NOT_APPLICABLE, Block, Column, Figure, Kind, Listing, Table, Text
from demandsim.report.scenario_of import circular_targets_of
from demandsim.results.fit_rows import all_published, word_for
from demandsim.results.judged import Verdict
from demandsim.results.manifest import Results
from demandsim.results.validation import Block as Kept
from demandsim.results.validation import TargetRow, counts, told_of_intervals, verdicts

_NONE = Text("No year simulated here has statistics to compare with.")
_ABOUT = {
    Kept.FITTED: "Fitted: values were set so that these come out.",
    Kept.HELD_OUT: "Held out: nothing was set from these.",
    Kept.CIRCULAR: "Circular: an input was set from the same statistic, so agreement shows nothing.",
    Kept.FORECAST: "Forecast: of a year after the first, fitted to nothing.",
}


def _rows(run: Results) -> list[TargetRow]:
    return verdicts(run, circular_targets_of(run))


def validation(run: Results) -> list[Block]:
    """Return what validates a run, usually the baseline: the verdicts, and a picture."""
    rows = _rows(run)
    if not rows:
        return [_NONE]
    scaled = ", scaled to England" if any(row.target.of_england for row in rows) else ""
    blocks: list[Block] = [
        Text(
            f"{run.manifest.title}{scaled}, beside {_statistics(rows)} "
            f"({run.manifest.replications} replications). What-ifs are no test, so only the reference stands here."
        ),
        Listing([_told(rows, block) for block in counts(rows)]),
    ]
    if run.manifest.members:
        blocks.append(Text(told_of_intervals(rows, word_for(_given(rows)))))
    scenario = run.manifest.scenario
    blocks.append(
        Text(f"A full validation has more replications and the years after the first: demandsim validate {scenario}.")
    )
    return [*blocks, Figure(tolerances(rows), run.manifest, "in the annex on statistics")]


def _given(rows: list[TargetRow]) -> list[Target]:
    return [row.target for row in rows]


def _statistics(rows: list[TargetRow]) -> str:
    """Return what the figures are that a run is set beside."""
    return "published statistics" if all_published(_given(rows)) else "the authority's own statistics"


def _told(rows: list[TargetRow], block: Kept) -> str:
    tally = counts(rows)[block]
    inside, outside, untold = (tally[verdict] for verdict in Verdict)
    more = f", {untold} not told apart yet" if untold else ""
    return f"{_ABOUT[block]} {inside} of {inside + outside + untold} inside their tolerance, {outside} outside{more}."


def targets_table(run: Results, key: str) -> list[Block]:
    """Return every statistic beside what was simulated, with its verdict."""
    rows = _rows(run)
    if not rows:
        return [_NONE]
    published = all_published(_given(rows))
    table = Table(
        f"validation_{key}",
        f"{_statistics(rows)[0].upper()}{_statistics(rows)[1:]} beside the reference",
        (
            Column("Target"),
            Column("Measure"),
            Column("Year"),
            Column("Used as"),
            Column("Simulated", Kind.LEVEL),
            Column("Simulation error (90%)", Kind.LEVEL),
            Column(word_for(_given(rows)).capitalize(), Kind.LEVEL),
            Column("Tolerance", Kind.LEVEL),
            Column("Verdict"),
            Column("Source"),
        ),
        [_target(row) for row in rows],
        f"Simulated: {'for England, ' if published else ''}the mean over replications. {NOT_APPLICABLE}: no tolerance "
        "is set, so there is no verdict.",
        small=True,
    )
    return [table]


def _target(row: TargetRow) -> tuple[str | float, ...]:
    target, line = row.target, row.line
    return (
        row.id,
        f"{line.measure.label}, {line.measure.unit}",
        line.year,
        str(row.block),
        row.estimate.mean,
        row.estimate.error,
        target.value,
        NOT_APPLICABLE if target.tolerance is None else target.tolerance,
        NOT_APPLICABLE if row.verdict is None else row.word,
        target.source,
    )
