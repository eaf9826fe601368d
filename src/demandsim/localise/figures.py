"""Figures of an authority: what was counted, of how many, by which rule, from which files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from demandsim.localise.years import label


@dataclass(frozen=True, slots=True)
class Source:
    """A file that something was counted from.

    Attributes:
        file: its name.
        sha256: its checksum.
    """

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one year.

    Attributes:
        measure: id of a measure of the model, or a name of the localiser's own that stands in no target.
        year: calendar year in which the financial year starts.
        value: in the measure's unit.
        part: children or records counted.
        whole: of how many, for a share.
        rule: how it was counted.
        sources: files it was counted from.
        of_children: whether it counts children in a return, so that small numbers of it are disclosive.
    """

    measure: str
    year: int
    value: float
    part: float
    whole: float | None
    rule: str
    sources: tuple[Source, ...]
    of_children: bool = True

    @property
    def label(self) -> str:
        return label(self.year)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts side by side that make a distribution, as referrals by month.

    Attributes:
        name: what is counted.
        year: as a figure's.
        counts: one for each label.
        rule, sources: as a figure's.
        together: labels of which only the sum of their counts may be shown; each has an equal part of it.
    """

    name: str
    year: int
    counts: tuple[float, ...]
    rule: str
    sources: tuple[Source, ...]
    together: tuple[int, ...] = ()

    def shares(self, usual: Sequence[float]) -> tuple[float, ...]:
        """Return the share of each label; what is only known together is shared out as usual, as in England."""
        counts, whole = list(self.counts), sum(usual[place] for place in self.together)
        known = sum(counts[place] for place in self.together)
        for place in self.together if whole > 0 else ():
            counts[place] = known * usual[place] / whole
        return tuple(count / sum(counts) for count in counts)


@dataclass(slots=True)
class Counter:
    """Makes figures of one year from one set of files.

    Attributes:
        year: of the figures.
        sources: of them.
        figures, tallies: made so far.
    """

    year: int
    sources: tuple[Source, ...]
    figures: list[Figure] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)

    def count(self, measure: str, number: float, rule: str) -> None:
        """Make a figure that is a count."""
        self.figures.append(Figure(measure, self.year, float(number), float(number), None, rule, self.sources))

    def amount(self, measure: str, value: float, children: int, rule: str) -> None:
        """Make a figure that is an amount which rests on so many children."""
        self.figures.append(Figure(measure, self.year, float(value), float(children), None, rule, self.sources))

    def share(self, measure: str, part: float, whole: float, rule: str) -> None:
        """Make a figure that is a share in per cent; none where there is nothing to share."""
        if whole:
            value = 100.0 * part / whole
            self.figures.append(Figure(measure, self.year, value, float(part), float(whole), rule, self.sources))

    def shares(self, measure: str, places: Iterable[int], many: int, rule: str) -> None:
        """Make the shares of `measure`_1 on, of things in so many bands, one place for each thing."""
        counts = [0] * many
        for place in places:
            counts[place] += 1
        for place, count in enumerate(counts, start=1):
            self.share(f"{measure}_{place}", count, sum(counts), rule)

    def tally(self, name: str, places: Iterable[int], many: int, rule: str) -> None:
        """Make a distribution over so many labels; none of nothing."""
        counts = [0.0] * many
        for place in places:
            counts[place] += 1
        if any(counts):
            self.tallies.append(Tally(name, self.year, tuple(counts), rule, self.sources))


@dataclass(slots=True)
class Findings:
    """Everything that was counted, each figure once.

    Attributes:
        figures: by measure and year.
        tallies: by name and year.
    """

    figures: dict[tuple[str, int], Figure] = field(default_factory=dict)
    tallies: dict[tuple[str, int], Tally] = field(default_factory=dict)

    def add(self, figures: Iterable[Figure], tallies: Iterable[Tally] = ()) -> None:
        """Take figures over; what was there stays."""
        for figure in figures:
            self.figures.setdefault((figure.measure, figure.year), figure)
        for tally in tallies:
            self.tallies.setdefault((tally.name, tally.year), tally)

    def value(self, measure: str, year: int) -> float | None:
        """Return a figure's value; None where there is none."""
        found = self.figures.get((measure, year))
        return None if found is None else found.value

    def of_year(self, year: int) -> Iterator[Figure]:
        """Yield the figures of a year."""
        return (figure for figure in self.figures.values() if figure.year == year)

    def years(self, measures: Sequence[str]) -> list[int]:
        """Return the years that have a figure of one of some measures, in order."""
        return sorted({figure.year for figure in self.figures.values() if figure.measure in measures})
