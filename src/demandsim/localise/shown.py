"""Figures as they may be shown, beside England's, and the values that they give parameters."""

from __future__ import annotations

from dataclasses import dataclass

from demandsim.evidence import targets
from demandsim.localise.disclosure import rounded
from demandsim.localise.figures import Figure, Findings, Source, Tally
from demandsim.scenario.scenario import Scenario

Value = float | tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LocalValue:
    """A parameter's value as the records show it.

    Attributes:
        name: of the parameter.
        value: in its unit.
        rule: how it was counted.
        sources: files.
        records: so many it rests on.
        approximate: whether it is a first approximation, which another parameter may make as well.
        circular: targets that are the very figure it was counted from.
        of_children: whether its records are children, so that how many may only be shown rounded.
        repriced: whether it is England's, and only its prices are of another year.
    """

    name: str
    value: Value
    rule: str
    sources: tuple[Source, ...]
    records: int
    approximate: bool = False
    circular: tuple[str, ...] = ()
    of_children: bool = True
    repriced: bool = False

    def records_shown(self, private: bool) -> int:
        """Return how many records it rests on, as others may see it."""
        exact = private or not self.of_children or self.records < 1
        return self.records if exact else int(rounded(self.records))


class Shown:
    """Figures of the base year and of the years before, as values.

    Args:
        findings: as they may be shown.
        base: year of the scenario.
        children: aged 0 to 17 in the base year.
        england: the baseline.
    """

    def __init__(self, findings: Findings, base: int, children: float, england: Scenario) -> None:
        self.findings, self.base, self.children = findings, base, children
        self._england = england.at_start()
        self._targets = {one.measure: one.value for one in targets() if one.year == "2013-14" and one.of_england}

    def figure(self, measure: str, year: int | None = None) -> Figure | None:
        return self.findings.figures.get((measure, self.base if year is None else year))

    def tally(self, name: str) -> Tally | None:
        return self.findings.tallies.get((name, self.base))

    def england(self, measure: str) -> float:
        """Return England's figure of 2013-14 for each child."""
        return self._targets[measure] / float(self._england["population.england"])

    def baseline(self, name: str) -> float:
        """Return a value of the baseline."""
        return float(self._england[name])

    def shares(self, name: str) -> list[float]:
        """Return a list of the baseline."""
        return [float(share) for share in self._england[name]]

    def population(self, year: int) -> float:
        """Return the children of a year; those of the base year where nobody says."""
        return self.findings.value("population", year) or self.children


def value_of(name: str, value: Value, rule: str, *figures: Figure | Tally) -> LocalValue:
    """Return a value, with what it rests on."""
    sources = tuple(dict.fromkeys(source for figure in figures for source in figure.sources))
    counts = [
        sum(one.counts) if isinstance(one, Tally) else one.part if one.whole is None else one.whole for one in figures
    ]
    return LocalValue(name, value, rule, sources, int(max(counts, default=0)))
