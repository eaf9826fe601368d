"""What the files of an authority held: what was read, mended and dropped, and what of it is local."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from demandsim.localise.disclosure import BASE, LEAST, MARK, rounded
from demandsim.localise.figures import Findings
from demandsim.localise.quality import GONE, Quality
from demandsim.localise.shown import LocalValue
from demandsim.localise.workforce import SEPTEMBER
from demandsim.localise.writing import PRIVATE, marked
from demandsim.localise.years import label
from demandsim.results.measures import MEASURES

#: Tables of accounts and of what is published: a row of theirs is no child.
_OF_NO_CHILD = ("Section 251 outturn", "GDP deflator", "published table")


def shown_rows(count: int, private: bool, table: str) -> str:
    """Return how many rows, as others may see it: c below six, else rounded, where a row may be a child."""
    if private or count == 0 or table in _OF_NO_CHILD:
        return str(count)
    return MARK if count < LEAST else f"{rounded(count):.0f}"


def quality_rows(quality: Quality, private: bool) -> Iterator[list[Any]]:
    """Yield the rows of quality.csv: each reason with its rows, and what each table held."""
    yield from marked(private)
    yield ["file", "table", "what", "reason", "column", "rows", "DfE rule", "lines"]
    for (file, table), read in sorted(quality.read.items()):
        counts = {
            "read": read,
            "kept": quality.kept(file, table),
            "mended": quality.effect(file, table, "mended"),
            **{effect: quality.effect(file, table, effect) for effect in GONE},
        }
        for what, count in counts.items():
            yield [file, table, what, "", "", shown_rows(count, private, table), "", ""]
    for note in quality.notes:
        lines = " ".join(map(str, note.lines)) if private else ""
        reason = note.reason
        yield [
            note.file,
            note.table,
            reason.effect,
            reason.words,
            note.about,
            shown_rows(note.rows, private, note.table),
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
    lines += [f"**{PRIVATE}**", ""] if private else [_WHAT_IS_HIDDEN, ""]
    lines += ["## What was read", "", *_table(_READ, list(_read_rows(quality, private))), ""]
    lines += ["## What was mended, dropped or noted", ""]
    notes = list(_note_rows(quality, private))
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


def _note_rows(quality: Quality, private: bool) -> Iterator[list[str]]:
    for note in quality.notes:
        reason, rows = note.reason, shown_rows(note.rows, private, note.table)
        yield [note.file, note.table, reason.effect, _about(reason.words, note.about), rows, reason.rule]


def _read_rows(quality: Quality, private: bool) -> Iterator[list[str]]:
    for (file, table), read in sorted(quality.read.items()):
        effects = ("mended", "dropped", "left out", "superseded")
        counts = [read, quality.kept(file, table), *(quality.effect(file, table, effect) for effect in effects)]
        yield [file, table, *(shown_rows(count, private, table) for count in counts)]


def _beside(findings: Findings, base: int, england: dict[str, float]) -> Iterator[list[str]]:
    for measure, whole in england.items():
        september = SEPTEMBER.get(measure, "")
        figure = findings.figures.get((measure, base)) or findings.figures.get((september, base))
        if figure is not None:
            ratio = f"{figure.value / whole:.2f}" if whole else ""
            told = MEASURES[measure].label + (", 30 September" if figure.measure == september else "")
            yield [told, MEASURES[measure].unit, f"{figure.value:,.5g}", f"{whole:,.5g}", ratio]


def _local_row(one: LocalValue, england: Any, private: bool) -> list[str]:
    records = one.records_shown(private)
    return [f"`{one.name}`", _numbers(one.value), _numbers(england), one.rule, f"{records:,}" if one.sources else ""]


def _numbers(value: Any) -> str:
    return ", ".join(f"{number:.4g}" for number in (value if isinstance(value, (tuple, list)) else [value]))


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return ["| " + " | ".join(row) + " |" for row in (heading, ["---"] * len(heading), *cells)]
