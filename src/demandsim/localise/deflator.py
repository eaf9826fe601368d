"""Prices of the base year where no local line gives one: England's of 2013-14, moved by the GDP deflator."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from demandsim.localise.figures import Figure, Source
from demandsim.localise.quality import Quality
from demandsim.localise.shown import LocalValue, Shown, value_of
from demandsim.localise.table import Table
from demandsim.localise.years import label
from demandsim.problems import Problem
from demandsim.results.figures import year_in
from demandsim.scenario.parameters import PARAMETERS
from demandsim.text_files import number_in

#: The year of the baseline's prices.
ENGLAND_IN = 2013
_MEASURE = "local_deflator"


def deflator_figures(tables: Sequence[Table], base: int, quality: Quality, problems: list[Problem]) -> Iterator[Figure]:
    """Yield the GDP deflator of each financial year, whatever year it is 100 in."""
    for table in tables:
        known = set()
        source = (Source(table.file, table.sha256),)
        for year, text, line in zip(table.text("financial year"), table.text("deflator"), table.lines, strict=True):
            found, number = year_in(year), number_in(text)
            if found and number > 0:
                start = int(found[:4])
                known.add(start)
                yield Figure(_MEASURE, start, number, number, None, "GDP deflator", source, of_children=False)
            else:
                quality.note(table.file, table.words, "no_deflator", line)
        if missing := [label(year) for year in (ENGLAND_IN, base) if year not in known]:
            expected = f"lines of {label(ENGLAND_IN)} and of {label(base)}"
            problems.append(Problem(table.file, "", f"no {' and no '.join(missing)}", expected))


def repriced(shown: Shown, local: Collection[str]) -> Iterator[LocalValue]:
    """Yield England's prices in those of the base year, but for parameters that have local values."""
    then, now = shown.figure(_MEASURE, ENGLAND_IN), shown.figure(_MEASURE)
    if then is None or now is None or shown.base == ENGLAND_IN:
        return
    times = now.value / then.value
    rule = f"England's of 2013-14, in prices of {label(shown.base)} by the GDP deflator ({times:.3f})"
    for name, parameter in PARAMETERS.items():
        if parameter.unit.startswith("£") and name not in local and shown.baseline(name):
            found = value_of(name, shown.baseline(name) * times, rule, now, then)
            yield LocalValue(name, found.value, rule, found.sources, 2, of_children=False, repriced=True)
