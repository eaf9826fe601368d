"""The files of a localised authority: scenario, targets, figures of other years, and what was wrong in the files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from demandsim.evidence import Target, targets
from demandsim.localise.disclosure import BASE, LEAST, MARK, rounded
from demandsim.localise.figures import Figure, Findings, Source
from demandsim.localise.quality import GONE, Quality
from demandsim.localise.shown import LocalValue
from demandsim.localise.tolerances import is_share, tolerance_of
from demandsim.localise.years import label, opens
from demandsim.results.fit_rows import HEADING
from demandsim.results.measures import MEASURES
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.resolved import local_table, number_text, quoted
from demandsim.scenario.schema import FORMAT

#: Files that are named for a value.
_NAMED = 2
#: What one authority decides otherwise from a year to the next, so that its rates change as much as published ones.
#: `benchmarks/year_to_year.py` says how near.
_YEAR_TO_YEAR = {
    "practice.moves_a_year": (
        "[0.22, 0.42, 0.27, 0.25, 0.18]",
        "referral threshold, length of cases, enquiries, substantiation, care: with these moves the authority's rates "
        "change about as much in a year as published ones, whose median change is 14% for referrals, 8.5% for children "
        "in need, 18% for enquiries, 15% for plans and 4.7% for children looked after",
    ),
    "practice.kept_a_year": (
        "0.9",
        "published rates of an authority spread by 0.36 (referrals), 0.24 (need) and 0.34 (plans) in five years, as "
        "logarithms: moves add up, and are forgotten by degrees",
    ),
}
#: Why a value is what it is that no file gives.
_TOLD = "given on the command line"
_PRIVATE = "PRIVATE: exact counts of children. Not to be passed on."


def scenario_text(name: str, authority: str, base: int, values: Sequence[LocalValue], private: bool) -> str:
    """Return the scenario: a `[local]` table for each value, and nothing else but what no year before can tell."""
    why = (
        f"Values counted from the authority's own returns and published tables for {label(base)}. What has no [local] "
        "table is England's of 2013-14. Fit it with demandsim calibrate before it forecasts anything."
    )
    lines = [
        "# Written by demandsim localise. quality.md says what the files held, and what stays England's.",
        *([f"# {_PRIVATE}"] if private else []),
        "",
        "[scenario]",
        f"format = {FORMAT}",
        f"title = {quoted(f'{authority}, {label(base)}')}",
        f"why = {quoted(why)}",
        'extends = "baseline"',
        f"start = {opens(base).isoformat()}",
    ]
    for one in values:
        if not one.sources:
            lines += ["", f'[set."{one.name}"]', f"value = {number_text(one.value)}", f"because = {quoted(_TOLD)}"]
            continue
        file, sha256 = _file_of(one.sources)
        records = one.records if private or one.records < 1 else int(rounded(one.records))
        unit = PARAMETERS[one.name].unit
        lines += ["", *local_table(one.name, one.value, unit, file, sha256, one.rule, records)]
    for parameter, (value, because) in _YEAR_TO_YEAR.items():
        lines += ["", f'[set."{parameter}"]', f"value = {value}", f"because = {quoted(because)}"]
    if base != 2013:
        for parameter in ("demand.after", "enquiry.after"):
            lines += ["", f'[set."{parameter}"]', "value = 1.0"]
            lines.append('because = "England\'s change from 2013-14 to 2014-15 is not that of another year"')
    return "\n".join(lines) + "\n"


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
    yield HEADING
    known = {one.measure: one for one in targets() if one.year != "2014-15" and one.use != "scenario"}
    for measure, england in known.items():
        figure = findings.figures.get((measure, base))
        if figure and measure in MEASURES:
            yield _target_row(figure, england, tolerance_of(figure, findings), private)


def _target_row(figure: Figure, england: Target, tolerance: float, private: bool) -> list[Any]:
    note = _PRIVATE if private else "counts rounded to 5" if figure.of_children else ""
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


def actual_rows(findings: Findings, base: int) -> Iterator[list[Any]]:
    """Yield the rows of actuals.csv: figures from the year before the base on, to hold forecasts against."""
    yield ["measure", "year", "value"]
    for (measure, year), figure in sorted(findings.figures.items()):
        if measure in MEASURES and year >= base - 1:
            yield [measure, label(year), f"{figure.value:.6g}"]


# -- quality ----------------------------------------------------------------------------------------------------------


#: Tables of accounts and of what is published: a row of theirs is no child.
_OF_NO_CHILD = ("Section 251 outturn", "published table")


def _shown(count: int, private: bool, table: str) -> str:
    if private or count == 0 or table in _OF_NO_CHILD:
        return str(count)
    return MARK if count < LEAST else f"{rounded(count):.0f}"


def quality_rows(quality: Quality, private: bool) -> Iterator[list[Any]]:
    """Yield the rows of quality.csv: each reason with its rows, and what each table held."""
    yield ["file", "table", "what", "reason", "column", "rows", "DfE rule", "lines"]
    for (file, table), read in sorted(quality.read.items()):
        counts = {
            "read": read,
            "kept": quality.kept(file, table),
            "mended": quality.effect(file, table, "mended"),
            **{effect: quality.effect(file, table, effect) for effect in GONE},
        }
        for what, count in counts.items():
            yield [file, table, what, "", "", _shown(count, private, table), "", ""]
    for note in quality.notes:
        lines = " ".join(map(str, note.lines)) if private else ""
        reason = note.reason
        yield [
            note.file,
            note.table,
            reason.effect,
            reason.words,
            note.about,
            _shown(note.rows, private, note.table),
            reason.rule,
            lines,
        ]


def quality_text(
    authority: str,
    base: int,
    findings: Findings,
    values: Sequence[LocalValue],
    refused: Sequence[str],
    stays: Sequence[str],
    quality: Quality,
    private: bool,
    england: dict[str, float],
    baseline: dict[str, Any],
) -> str:
    """Return quality.md: what was read, what was wrong, and the authority beside England."""
    lines = [f"# {authority}, {label(base)}: what the files held", ""]
    lines += [f"**{_PRIVATE}**", ""] if private else [_WHAT_IS_HIDDEN, ""]
    lines += ["## What was read", "", *_table(_READ, list(_read_rows(quality, private))), ""]
    lines += ["## What was mended, dropped or noted", ""]
    notes = [
        [
            note.file,
            note.table,
            note.reason.effect,
            _about(note.reason.words, note.about),
            _shown(note.rows, private, note.table),
            note.reason.rule,
        ]
        for note in quality.notes
    ]
    lines += (
        [*_table(["file", "table", "effect", "reason", "rows", "DfE rule"], notes), ""] if notes else ["Nothing.", ""]
    )
    lines += ["## Beside England of 2013-14", "", *_table(_BESIDE, list(_beside(findings, base, england))), ""]
    lines += [
        "## What is local",
        "",
        *_table(_LOCAL, [_local_row(one, baseline[one.name], private) for one in values]),
        "",
    ]
    if refused:
        lines += ["Left out, as the model can't take it: " + "; ".join(refused) + ".", ""]
    lines += ["## What stays England's", "", *(f"* {one}" for one in stays), ""]
    return "\n".join(lines)


_WHAT_IS_HIDDEN = (
    f"Counts below {LEAST} are suppressed ({MARK}), with a second one where that would give them away; the others are "
    f"rounded to {BASE}. Shares are made from rounded counts. `--private` shows exact ones and where mistakes are."
)
_READ = ["file", "table", "read", "kept", "mended", "dropped", "left out", "superseded"]
_BESIDE = ["measure", "unit", "local", "England, for as many children", "local over England"]
_LOCAL = ["parameter", "value", "England of 2013-14", "rule", "records, about"]


def _about(words: str, about: str) -> str:
    return f"{words}: {about}" if about else words


def _read_rows(quality: Quality, private: bool) -> Iterator[list[str]]:
    for (file, table), read in sorted(quality.read.items()):
        effects = ("mended", "dropped", "left out", "superseded")
        counts = [read, quality.kept(file, table), *(quality.effect(file, table, effect) for effect in effects)]
        yield [file, table, *(_shown(count, private, table) for count in counts)]


def _beside(findings: Findings, base: int, england: dict[str, float]) -> Iterator[list[str]]:
    for measure, whole in england.items():
        figure = findings.figures.get((measure, base))
        if figure is not None:
            ratio = f"{figure.value / whole:.2f}" if whole else ""
            yield [MEASURES[measure].label, MEASURES[measure].unit, f"{figure.value:,.5g}", f"{whole:,.5g}", ratio]


def _local_row(one: LocalValue, england: Any, private: bool) -> list[str]:
    records = one.records if private or one.records < LEAST else int(rounded(one.records))
    return [f"`{one.name}`", _numbers(one.value), _numbers(england), one.rule, f"{records:,}" if one.sources else ""]


def _numbers(value: Any) -> str:
    return ", ".join(f"{number:.4g}" for number in (value if isinstance(value, (tuple, list)) else [value]))


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return ["| " + " | ".join(row) + " |" for row in (heading, ["---"] * len(heading), *cells)]
