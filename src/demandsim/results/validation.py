"""How a run stands against the published figures: the rows it was fitted to, and those it was not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isnan
from typing import Any

from demandsim.evidence import targets
from demandsim.results.store import Results
from demandsim.results.summary import Line, lines
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.uncertainty import PARTS


class Block(StrEnum):
    """What a row can show."""

    FITTED = "fitted"
    HELD_OUT = "held out"
    CIRCULAR = "circular"
    FORECAST = "forecast"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One published figure beside the simulated one.

    Attributes:
        block: fitted; held out; circular, if an input was set from the very figure; or of a year after the start.
        id: of the target.
        line: the simulated measure, with its target.
    """

    block: Block
    id: str
    line: Line

    @property
    def part(self) -> float | None:
        """Return the gap as a part of the tolerance: 1 is its edge. None without a tolerance, or a case."""
        target = self.line.target
        assert target is not None
        if target.tolerance is None or isnan(self.line.england.mean):
            return None
        return (self.line.england.mean - target.value) / target.tolerance

    @property
    def covered(self) -> bool:
        """Return whether the interval in which England's figure lies nine times in ten holds the published one."""
        assert self.line.target is not None
        return self.line.england.low <= self.line.target.value <= self.line.england.high

    @property
    def word(self) -> str:
        if self.part is None:
            return "-"
        return "within half" if abs(self.part) <= 0.5 else "within" if abs(self.part) <= 1 else "missed"


def verdicts(results: Results, circular: Collection[str]) -> list[Verdict]:
    """Return every target of the years simulated, in the order of the targets.

    Args:
        results: of any scenario; what-ifs are no test.
        circular: targets from whose very figures some input was set, as `Target.is_circular` has them.
    """
    order = {(target.id, target.measure): place for place, target in enumerate(targets())}
    manifest = results.manifest
    every = lines(results.tables, results.year_labels(), manifest.scale_to_england, manifest.members)
    first = results.year_labels()[YEARS_BEFORE]
    found = []
    for line in every:
        if line.target is None:
            continue
        target = line.target
        if target.is_circular(circular):
            block = Block.CIRCULAR
        elif target.use == "calibrate":
            block = Block.FITTED
        else:
            block = Block.HELD_OUT if line.year == first else Block.FORECAST
        found.append(Verdict(block, target.id, line))
    assert all(verdict.line.target for verdict in found)
    return sorted(found, key=lambda one: order[one.id, one.line.measure.id])


def counts(rows: Sequence[Verdict]) -> dict[Block, tuple[int, int, int]]:
    """Return (rows, within tolerance, within half of it) of each block whose rows have one."""
    tally = {}
    for block in Block:
        parts = [abs(row.part) for row in rows if row.block == block and row.part is not None]
        if parts:
            tally[block] = (len(parts), sum(part <= 1 for part in parts), sum(part <= 0.5 for part in parts))
    return tally


def covered(rows: Sequence[Verdict]) -> int:
    """Return how many intervals hold the published figure."""
    return sum(row.covered for row in rows)


HEADINGS = (
    "block",
    "target",
    "measure",
    "label",
    "unit",
    "year",
    "England mean",
    "England low (5%)",
    "England high (95%)",
    *PARTS,
    "simulation error (90%)",
    "published",
    "tolerance",
    "gap as a part of the tolerance",
    "verdict",
    "source",
)


def validation_rows(rows: Sequence[Verdict]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of validation.csv, the heading first."""
    yield HEADINGS
    for row in rows:
        line, target = row.line, row.line.target
        assert target is not None
        yield (
            row.block,
            row.id,
            line.measure.id,
            line.measure.label,
            line.measure.unit,
            line.year,
            *(f"{number:.6g}" for number in (line.england.mean, line.england.low, line.england.high)),
            *line.england.parts,
            f"{line.england.error:.3g}",
            f"{target.value:.6g}",
            "" if target.tolerance is None else f"{target.tolerance:.6g}",
            "" if row.part is None else f"{row.part:+.2f}",
            row.word,
            target.source,
        )
