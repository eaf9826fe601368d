"""What an answer turns on: the same comparison under other structures of the model, and which signs they leave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from demandsim.results.change_words import named
from demandsim.results.comparison import Against, Comparison
from demandsim.results.measure import Measure
from demandsim.results.measures import headline_measures
from demandsim.results.uncertainty import Estimate
from demandsim.results.verdict import NOT_TOLD_APART, told_apart
from demandsim.results.words import listed

#: What must hold for an answer that a structure takes away: how a sentence names what it turns on.
WORKING = {
    "permanent_severity_only": "severity that changes",
    "casework_has_no_dose": "casework that helps",
    "no_shields": "services that shield from harm",
    "prevention_has_no_effect": "prevention that works",
    "money_has_no_consequence": "overspends that have consequences",
}

#: What a sentence names of the answers that are firm; a table has the others.
FIRST = ("looked_after", "children_in_need", "plans", "exposure", "contacts_again", "spend_looked_after")


class Finding(StrEnum):
    """What a structure leaves of a change that the main one tells apart from zero."""

    SAME = "same sign"
    REVERSED = "reversed"
    NOTHING = "nothing"
    UNCLEAR = "unclear"


class Outcome(StrEnum):
    """What all structures together leave of it."""

    FIRM = "firm"
    DEPENDS = "depends"
    UNCLEAR = "unclear"
    NOT_TOLD_APART = NOT_TOLD_APART


@dataclass(frozen=True, slots=True)
class Turn:
    """What one measure of one what-if turns on.

    Attributes:
        measure: which.
        main: its change under the main structure.
        others: name of each other structure, the change under it, and what it leaves of the main one.
    """

    measure: Measure
    main: Estimate
    others: tuple[tuple[str, Estimate, Finding], ...]

    @property
    def outcome(self) -> Outcome:
        """Firm if every structure has the same sign; unclear where more replications may tell."""
        if not told_apart(self.main):
            return Outcome.NOT_TOLD_APART
        found = {finding for _, _, finding in self.others}
        if found & {Finding.REVERSED, Finding.NOTHING}:
            return Outcome.DEPENDS
        return Outcome.UNCLEAR if Finding.UNCLEAR in found else Outcome.FIRM

    def under(self, *findings: Finding) -> list[str]:
        """Return the structures that leave one of these."""
        return [name for name, _, found in self.others if found in findings]


def finding(main: Estimate, other: Estimate, apart: Estimate) -> Finding:
    """Return what a structure leaves of a change.

    Args:
        main: the change under the main structure.
        other: under the other.
        apart: the second less the first, replication by replication.
    """
    if told_apart(other):
        return Finding.SAME if main.mean * other.mean > 0 else Finding.REVERSED
    if other.mean == other.low == other.high == 0 or told_apart(apart):
        return Finding.NOTHING
    return Finding.UNCLEAR


@dataclass(frozen=True)
class Structured:
    """A comparison under the main structure, and under others.

    Attributes:
        main: the comparison.
        others: the same what-ifs in the same order, under each structure by its name; none if it was made without them.
    """

    main: Comparison
    others: tuple[tuple[str, Comparison], ...] = ()

    def turns(self, place: int, year: int) -> list[Turn]:
        """Return what each headline measure of a what-if turns on, in a year.

        Args:
            place: of the what-if.
            year: place of the year in the tables.
        """
        each = [(name, comparison.others[place]) for name, comparison in self.others]
        return [turn_of(self.main.others[place], each, measure, year) for measure in headline_measures()]


def turn_of(main: Against, others: Sequence[tuple[str, Against]], measure: Measure, year: int) -> Turn:
    """Return what a measure of a what-if turns on."""
    differences = main.measure(measure, year)
    change = main.estimate(differences)
    found = []
    for name, other in others:
        values = other.measure(measure, year)
        estimate = other.estimate(values)
        found.append((name, estimate, finding(change, estimate, other.estimate(values - differences))))
    return Turn(measure, change, tuple(found))


def sentence(name: str, turns: Sequence[Turn]) -> str:
    """Return in one sentence what a what-if's answer turns on."""
    told = [turn for turn in turns if turn.outcome != Outcome.NOT_TOLD_APART]
    if not told:
        return f"{name}: no change of a headline measure is told apart from zero."
    firm = [turn for turn in told if turn.outcome == Outcome.FIRM]
    first = [_with_way(turn) for turn in firm if turn.measure.id in FIRST]
    among = f": {listed(first)}{' among them' if len(first) < len(firm) else ''}" if first else ""
    depends: dict[str, list[str]] = {}
    for turn in told:
        if turn.outcome == Outcome.DEPENDS:
            on = listed([WORKING.get(one, one) for one in turn.under(Finding.NOTHING, Finding.REVERSED)])
            how = Finding.REVERSED if turn.under(Finding.REVERSED) else Finding.NOTHING
            depends.setdefault(on, []).append(f"{_with_way(turn)} ({how})")
    parts = [f"{len(firm)} of {len(told)} changes told apart are firm{among}"]
    parts += [f"depends on {on}: {listed(changes)}" for on, changes in depends.items()]
    unclear = [named(turn.measure) for turn in told if turn.outcome == Outcome.UNCLEAR]
    parts += [f"more replications may tell: {listed(unclear)}"] * bool(unclear)
    return f"{name}: {'; '.join(parts)}."


def _with_way(turn: Turn) -> str:
    return f"{named(turn.measure)} {'up' if turn.main.mean > 0 else 'down'}"


HEADINGS = (
    "scenario",
    "measure",
    "label",
    "unit",
    "year",
    "structure",
    "mean difference",
    "error of the mean (90%)",
    "told apart from no change",
    "against the main structure",
    "verdict",
)


def structure_rows(structured: Structured) -> Iterator[tuple[Any, ...]]:
    """Yield every headline measure of every year of each what-if under each structure, the heading first."""
    yield HEADINGS
    labels = structured.main.reference.year_labels()
    for place, other in enumerate(structured.main.others):
        for year in structured.main.years:
            for turn in structured.turns(place, year):
                about = other.run.manifest.scenario, turn.measure.id, turn.measure.label, turn.measure.told_in
                yield (*about, labels[year], "main", *_numbers(turn.main), "", turn.outcome.value)
                for name, change, found in turn.others:
                    against = found.value if told_apart(turn.main) else ""
                    yield (*about, labels[year], name, *_numbers(change), against, "")


def _numbers(change: Estimate) -> tuple[str, str, str]:
    return f"{change.mean:.6g}", f"{change.error:.6g}", "yes" if told_apart(change) else "no"
