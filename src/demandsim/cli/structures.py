"""What the answers of a comparison turn on, as it is printed: a table and a sentence for each what-if."""

from __future__ import annotations

import textwrap

from demandsim.cli.comparison import print_comparison
from demandsim.cli.output import say, signed, table
from demandsim.cli.sensitivity import print_sensitivity
from demandsim.cli.tables import text_width
from demandsim.results.structures import Outcome, Structured, Turn, sentence
from demandsim.results.uncertainty import Estimate
from demandsim.results.verdict import told_apart

#: What a column is called.
_SHORT = {
    "permanent_severity_only": "permanent",
    "casework_has_no_dose": "no dose",
    "no_shields": "no shields",
    "prevention_has_no_effect": "no effect",
    "money_has_no_consequence": "no controls",
}


def print_structured(structured: Structured, year: int) -> None:
    """Print a comparison by a year, and what its answers turn on where that was asked for."""
    print_comparison(structured.main, year)
    print_sensitivity(structured.main)
    print_structures(structured, year)


def print_structures(structured: Structured, year: int) -> None:
    """Print for each what-if the changes under each structure, and what they turn on; nothing without structures."""
    if not structured.others:
        return
    label = structured.main.reference.year_labels()[year]
    names = [name for name, _ in structured.others]
    say()
    say(f"What the answers turn on: changes in {label} under the main structure and {len(names)} others, point values.")
    for place, other in enumerate(structured.main.others):
        turns = structured.turns(place, year)
        say()
        headings = ("measure", "main", *(_SHORT.get(name, name) for name in names), "verdict")
        rows = [_row(turn) for turn in turns if turn.outcome != Outcome.NOT_TOLD_APART]
        if rows:
            say(table(headings, rows))
        say(textwrap.fill(sentence(f"{place + 1}. {other.name}", turns), text_width(), subsequent_indent="   "))
    say()
    say("Headline measures that the main structure tells apart from zero; in brackets: not told apart. Firm: the")
    say("same sign under every structure. Depends: some structure gives nothing or reverses it. Unclear: more")
    say("replications may tell.")
    titles = ", ".join(f"{_SHORT.get(name, name)} = {name}" for name in names)
    say(
        textwrap.fill(
            f"Structures: {titles}. What one supposes and misses: demandsim explain {names[0]}.", text_width()
        )
    )


def _row(turn: Turn) -> tuple[str, ...]:
    unit = "" if turn.measure.quantity.counted else f", {turn.measure.told_in}"
    changes = (turn.main, *(change for _, change, _ in turn.others))
    return (turn.measure.label + unit, *map(_cell, changes), turn.outcome.value)


def _cell(change: Estimate) -> str:
    return signed(change.mean) if told_apart(change) else f"({signed(change.mean)})"
