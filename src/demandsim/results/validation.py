"""How a run stands against the published figures: the rows it was fitted to, and those it was not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isnan
from typing import Any

from demandsim.evidence import Target
from demandsim.results.beside import figures_of
from demandsim.results.judged import Verdict, judged, replications_to_tell
from demandsim.results.store import Results
from demandsim.results.summary import Line, lines
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.uncertainty import PARTS, Estimate

#: What stands in place of a verdict where no tolerance says what would be near enough.
NOT_JUDGED = "not judged"


class Block(StrEnum):
    """What a row can show."""

    FITTED = "fitted"
    HELD_OUT = "held out"
    CIRCULAR = "circular"
    FORECAST = "forecast"


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One published figure beside the simulated one.

    Attributes:
        block: fitted; held out; circular, if an input was set from the very figure; or of a year after the start,
            without a tolerance.
        id: of the target.
        line: the simulated measure, with its target.
        replications: that were simulated.
    """

    block: Block
    id: str
    line: Line
    replications: int = 0

    @property
    def target(self) -> Target:
        assert self.line.target is not None
        return self.line.target

    @property
    def estimate(self) -> Estimate:
        """Return the simulated measure at the target's size."""
        return self.line.comparable

    @property
    def part(self) -> float | None:
        """Return the gap as a part of the tolerance: 1 is its edge. None without a tolerance, or a case."""
        if self.target.tolerance is None or isnan(self.estimate.mean):
            return None
        return (self.estimate.mean - self.target.value) / self.target.tolerance

    @property
    def error(self) -> float | None:
        """Return half of the 90% confidence interval of the simulated mean, as a part of the tolerance."""
        return None if self.target.tolerance is None else self.estimate.error / self.target.tolerance

    @property
    def verdict(self) -> Verdict | None:
        """Return where the mean lies; None where there is no tolerance."""
        if self.part is None or self.error is None:
            return None
        return judged(abs(self.part), self.error)

    @property
    def needed(self) -> int | None:
        """Return about how many replications would tell, where these do not."""
        if self.verdict != Verdict.UNTOLD or self.part is None or self.error is None:
            return None
        return replications_to_tell(abs(self.part), self.error, self.replications)

    @property
    def covered(self) -> bool:
        """Return whether the 90% interval of the simulated figure holds the published one."""
        return self.estimate.low <= self.target.value <= self.estimate.high

    @property
    def word(self) -> str:
        if self.target.tolerance is None:
            return NOT_JUDGED
        return "-" if self.verdict is None else str(self.verdict)


def verdicts(results: Results, circular: Collection[str], given: Sequence[Target] | None = None) -> list[TargetRow]:
    """Return every target of the years simulated, in the order of the targets.

    Args:
        results: of any scenario; what-ifs are no test.
        circular: targets from whose very figures some input was set, as `Target.is_circular` has them.
        given: figures; those that the results are set beside unless given.
    """
    published = figures_of(results) if given is None else given
    order = {(target.id, target.measure): place for place, target in enumerate(published)}
    manifest = results.manifest
    every = lines(results.tables, results.year_labels(), manifest.scale_to_england, manifest.members, published)
    labels = results.year_labels()
    first = labels[YEARS_BEFORE]
    found = []
    for line in every:
        target = line.target
        if target is None or labels.index(line.year) - YEARS_BEFORE < line.measure.known_from:
            continue
        if target.is_circular(circular):
            block = Block.CIRCULAR
        elif target.use == "calibrate":
            block = Block.FITTED
        else:
            # A later year that has a tolerance is the first in which the figure can be judged.
            judged_later = target.tolerance is not None
            block = Block.HELD_OUT if line.year == first or judged_later else Block.FORECAST
        found.append(TargetRow(block, target.id, line, manifest.replications))
    assert all(verdict.line.target for verdict in found)
    return sorted(found, key=lambda one: order[one.id, one.line.measure.id])


def counts(rows: Sequence[TargetRow]) -> dict[Block, dict[Verdict, int]]:
    """Return how many rows of each block that has a tolerance are inside it, outside, and not told apart yet."""
    tally = {}
    for block in Block:
        of_block = [row.verdict for row in rows if row.block == block and row.verdict is not None]
        if of_block:
            tally[block] = {verdict: of_block.count(verdict) for verdict in Verdict}
    return tally


def told_of_intervals(rows: Sequence[TargetRow], word: str) -> str:
    """Return how many intervals hold the figure, in a sentence; a row without a tolerance counts neither way.

    Args:
        rows: verdicts.
        word: what the figures are: published, or given.
    """
    judged = [row for row in rows if row.word != NOT_JUDGED]
    if not judged:
        return "No interval is judged, as no tolerance is set."
    return f"{sum(row.covered for row in judged)} of {len(judged)} 90% intervals hold the {word} value."


HEADINGS = (
    "block",
    "target",
    "measure",
    "label",
    "unit",
    "year",
    "of",
    "simulated mean",
    "simulated low (5%)",
    "simulated high (95%)",
    *PARTS,
    "simulation error (90%)",
    "published",
    "tolerance",
    "gap as a part of the tolerance",
    "verdict",
    "replications that would tell",
    "source",
)


def validation_rows(rows: Sequence[TargetRow]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of validation.csv, the heading first."""
    yield HEADINGS
    for row in rows:
        line, target, whole = row.line, row.target, row.estimate
        yield (
            row.block,
            row.id,
            line.measure.id,
            line.measure.label,
            line.measure.unit,
            line.year,
            "England" if target.of_england else "authority",
            *(f"{number:.6g}" for number in (whole.mean, whole.low, whole.high)),
            *whole.parts,
            f"{whole.error:.3g}",
            f"{target.value:.6g}",
            "" if target.tolerance is None else f"{target.tolerance:.6g}",
            "" if row.part is None else f"{row.part:+.2f}",
            row.word,
            row.needed or "",
            target.source,
        )
