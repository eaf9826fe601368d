"""The part of a report that tells one run: the headline table, and the pictures with the numbers they draw."""

from __future__ import annotations

from demandsim.plots.gallery import PICTURES
from demandsim.report.document import Block, Cell, Column, Figure, Kind, Section, Table
from demandsim.report.typed import typed
from demandsim.results.beside import figures_of, told_of
from demandsim.results.fit_rows import word_for
from demandsim.results.manifest import Results
from demandsim.results.summary import beside, headline
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.words import number


def run_points(run: Results) -> list[str]:
    """Return what a run comes to: children looked after, in need and on plans at its end."""
    labels = run.year_labels()
    first, last = headline(run, labels[YEARS_BEFORE]), headline(run, labels[-1])
    named = ("looked_after", "children_in_need", "plans")
    return [
        f"{begin.measure.label}: {number(begin.authority.mean)} in {begin.year}, {number(end.authority.mean)} in "
        f"{end.year}."
        for begin, end in zip(first, last, strict=True)
        if begin.measure.id in named
    ]


def run_section(run: Results) -> Section:
    """Return the section of a run that was given alone."""
    key = run.manifest.digest
    blocks: list[Block] = [_headline(run, key)]
    for make in PICTURES:
        picture = make(run)
        numbers = typed(f"{picture.name}_{key}", f"{picture.title}: the numbers", picture.rows)
        blocks += [Figure(picture, run.manifest), numbers]
    return Section(f"run_{key}", run.manifest.title, tuple(blocks))


def _headline(run: Results, key: str) -> Table:
    labels = run.year_labels()
    first, last = labels[YEARS_BEFORE], labels[-1]
    years = [first] if first == last else [first, last]
    each = [headline(run, year) for year in years]
    word = word_for(figures_of(run))
    rows: list[list[Cell]] = []
    for lines in zip(*each, strict=True):
        measure = lines[0].measure
        rows.append([measure.label, measure.unit, *(line.authority for line in lines), beside(lines[0], run)])
    heads = [Column(year, Kind.LEVEL) for year in years]
    return Table(
        f"headline_{key}",
        f"Headline measures: {run.manifest.title}",
        (Column("Measure"), Column("Unit"), *heads, Column(f"{word.capitalize()}, {first}", Kind.LEVEL)),
        rows,
        f"Each number has its 90% interval. {told_of(figures_of(run))}",
    )
