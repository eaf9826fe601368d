"""The files of a localised authority: scenario, targets, and figures of other years."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from demandsim.evidence import TARGETS_FILE, Target, targets
from demandsim.localise.figures import Figure, Findings, Source
from demandsim.localise.shown import LocalValue
from demandsim.localise.tolerances import is_share, tolerance_of
from demandsim.localise.years import label, opens
from demandsim.results.fit_rows import HEADING
from demandsim.results.measures import MEASURES
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.read import PRIVATE as MARKED
from demandsim.scenario.resolved import local_table, number_text, quoted
from demandsim.scenario.schema import FORMAT, Local

#: Files that are named for a value.
_NAMED = 2
MOVES_A_YEAR, KEPT_A_YEAR = (0.22, 0.42, 0.27, 0.25, 0.18), 0.9
#: What one authority decides otherwise from a year to the next, so that its rates change as much as published ones.
#: `benchmarks/year_to_year.py` says how near.
_YEAR_TO_YEAR: dict[str, tuple[float | tuple[float, ...], str]] = {
    "practice.moves_a_year": (
        MOVES_A_YEAR,
        "referral threshold, length of cases, enquiries, substantiation, care: with these moves the authority's rates "
        "change about as much in a year as published ones. Their median change is 14% for referrals, 8.5% for children "
        "in need, 18% for enquiries, 15% for plans and 4.7% for children looked after (not checked)",
    ),
    "practice.kept_a_year": (
        KEPT_A_YEAR,
        "published rates of an authority spread by 0.36 (referrals), 0.24 (need) and 0.34 (plans) in five years, as "
        "logarithms: moves add up, and are forgotten by degrees",
    ),
}
#: Why a value is what it is that no file gives.
_TOLD = "given on the command line"
PRIVATE = "PRIVATE: exact counts of children. Not to be passed on."


def scenario_text(name: str, authority: str, base: int, values: Sequence[LocalValue], private: bool) -> str:
    """Return the scenario: a `[local]` table for each value, and nothing else but what no year before can tell."""
    why = (
        f"Values counted from the authority's own returns and published tables for {label(base)}. What has no [local] "
        "table is England's of 2013-14. Fit it with demandsim calibrate before it forecasts anything."
    )
    # In the title it stands on whatever is made of the scenario: tables, pictures, reports and fits.
    mark = MARKED if private else ""
    lines = [
        "# Written by demandsim localise. quality.md says what the files held, and what stays England's.",
        *([f"# {PRIVATE}"] if private else []),
        "",
        "[scenario]",
        f"format = {FORMAT}",
        f"title = {quoted(f'{mark}{authority}, {label(base)}')}",
        f"why = {quoted(why)}",
        'extends = "baseline"',
        f"targets = {quoted(TARGETS_FILE)}",
        f"start = {opens(base).isoformat()}",
    ]
    for one in values:
        lines += _value_lines(one, private)
    for parameter, (value, because) in _YEAR_TO_YEAR.items():
        lines += ["", f'[set."{parameter}"]', f"value = {number_text(value)}", f"because = {quoted(because)}"]
    if base != 2013:
        for parameter in ("demand.after", "enquiry.after"):
            lines += ["", f'[set."{parameter}"]', "value = 1.0"]
            lines.append('because = "England\'s change from 2013-14 to 2014-15 is not that of another year"')
    return "\n".join(lines) + "\n"


def _value_lines(one: LocalValue, private: bool) -> list[str]:
    if not one.sources:
        return ["", f'[set."{one.name}"]', f"value = {number_text(one.value)}", f"because = {quoted(_TOLD)}"]
    file, sha256 = _file_of(one.sources)
    given = Local(
        value=list(one.value) if isinstance(one.value, tuple) else one.value,
        unit=PARAMETERS[one.name].unit,
        file=file,
        sha256=sha256,
        rule=one.rule,
        records=one.records_shown(private),
        approximate=one.approximate,
        repriced=one.repriced,
        circular=list(one.circular),
    )
    return ["", *local_table(one.name, one.value, given)]


def _file_of(sources: Sequence[Source]) -> tuple[str, str]:
    """Return the names of files, and their checksum: of several, that of their checksums."""
    names = sorted({source.file for source in sources}, reverse=True)
    sums = sorted({source.sha256 for source in sources})
    told = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    if len(sums) == 1:
        return told, sums[0]
    return told, hashlib.sha256("".join(sums).encode()).hexdigest()


def target_rows(findings: Findings, base: int, private: bool) -> Iterator[list[Any]]:
    """Yield the rows of targets.csv: figures of the base year that England is fitted to too, or held against."""
    yield from marked(private)
    yield HEADING
    known = {one.measure: one for one in targets() if one.year != "2014-15" and one.use != "scenario"}
    for measure, england in known.items():
        figure = findings.figures.get((measure, base))
        if figure and measure in MEASURES:
            yield _target_row(figure, england, tolerance_of(figure, findings), private)


def _target_row(figure: Figure, england: Target, tolerance: float, private: bool) -> list[Any]:
    note = PRIVATE if private else "counts rounded to 5" if figure.of_children else ""
    return [
        england.id,
        figure.measure,
        f"{figure.value:.10g}" if private else f"{figure.value:.{4 if is_share(figure) else 6}g}",
        "authority",
        figure.label,
        f"{tolerance:.4g}",
        "points" if is_share(figure) else "number",
        england.use,
        f"{figure.rule} ({_file_of(figure.sources)[0]})",
        note,
    ]


def marked(private: bool) -> Iterator[list[Any]]:
    """Yield the line that a private file begins with."""
    yield from [[f"# {PRIVATE}"]] if private else []


def actual_rows(findings: Findings, base: int, private: bool) -> Iterator[list[Any]]:
    """Yield the rows of actuals.csv: figures from the year before the base on, to hold forecasts against."""
    yield from marked(private)
    yield ["measure", "year", "value"]
    for (measure, year), figure in sorted(findings.figures.items()):
        if measure in MEASURES and year >= base - 1:
            yield [measure, label(year), f"{figure.value:.6g}"]
