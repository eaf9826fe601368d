"""What answers turn on: the sensitivity of a comparison and its other structures, where the results have them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from demandsim.report.document import Block, Cell, Column, Commands, Heading, Kind, Table, Text
from demandsim.results.structures import Outcome, Structured, sentence


def turns_on(folder: Path, structured: Structured, year: int, key: str) -> list[Block]:
    """Return the sensitivity and the structures of a comparison; where it has none, how to get them."""
    blocks = _structures(structured, year, key)
    if not blocks:
        blocks = [
            Text("These results do not say what the answers turn on. This command compares under other structures:"),
            Commands([f"{_command(structured)} --structures"]),
        ]
    return blocks


def _command(structured: Structured) -> str:
    main = structured.main
    names = [main.reference.manifest.scenario, *(other.run.manifest.scenario for other in main.others)]
    return f"demandsim compare {' '.join(names)}"


def _structures(structured: Structured, year: int, key: str) -> list[Block]:
    if not structured.others:
        return []
    label = structured.main.reference.year_labels()[year]
    names = [name for name, _ in structured.others]
    blocks: list[Block] = [
        Heading("Other structures of the model"),
        Text(
            f"Changes in {label} under the main structure and {len(names)} others, each with its levels refitted and "
            "point values. Firm: the same sign under every structure. Depends: some structure gives nothing or "
            "reverses it. Unclear: more replications may tell."
        ),
    ]
    for place, other in enumerate(structured.main.others):
        turns = structured.turns(place, year)
        blocks.append(Text(sentence(other.name, turns)))
        rows: list[Sequence[Cell]] = [
            (
                f"{turn.measure.label}, {turn.measure.unit}",
                turn.main,
                *(one for _, one, _ in turn.others),
                str(turn.outcome),
            )
            for turn in turns
            if turn.outcome != Outcome.NOT_TOLD_APART
        ]
        heads = (Column(name.replace("_", " "), Kind.CHANGE) for name in ("main structure", *names))
        table = Table(
            f"structures_{key}_{place + 1}",
            f"{other.name}: change in {label} under each structure",
            (Column("Measure"), *heads, Column("Verdict")),
            rows,
            "Each number has its 90% interval over replications.",
        )
        blocks += [table] * bool(rows)
    return blocks
