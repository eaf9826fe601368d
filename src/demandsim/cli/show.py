"""`demandsim show`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from demandsim.cli.output import number, say, table
from demandsim.problems import typed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demandsim.results.folders import Kept
    from demandsim.results.store import Results
    from demandsim.results.summary import Line

#: Fewer replications than this don't show the ends of a 90% interval.
FEW = 10


@click.command(
    epilog="""Examples:

\b
  demandsim show
  demandsim show results/baseline-1a2b3c4d
  demandsim show results/compare-1a2b3c4d --at 2017-18
"""
)
@click.argument("results", required=False, type=click.Path(path_type=Path))
@click.option(
    "--at", "at", metavar="YEAR", help="Of a comparison: the year to print, as 2017-18; the last one if none."
)
def command(results: Path | None, at: str | None) -> None:
    """Print finished results again, or list those that are there.

    RESULTS is a folder that `run`, `compare`, `sweep`, `solve`, `calibrate` or `validate` wrote. Without it, or with a
    folder of such folders, the results there are listed, the newest first.
    """
    from demandsim.results.folders import TEXT, kept_in, kind_of

    folder = results or Path("results")
    kind = kind_of(folder)
    if at and kind != "comparison":
        raise click.UsageError("--at is for the folder of a comparison; a run's table has its first and last year.")
    if kind == "comparison":
        _show_comparison(folder, at)
    elif kind == "calibration":
        _show_fit(folder)
    elif (folder / TEXT).is_file():
        _show_text(folder)
    elif not kind and (kept := kept_in(folder)):
        _list(kept)
    elif results is None and not kind:
        say("No results here yet: no folder results, or nothing in it.")
        say("Next:  demandsim run baseline    or    demandsim show FOLDER")
    elif kind not in ("", "run", "unfinished run"):
        _show_files(folder, kind)
    else:
        _show_run(folder)


def _list(kept: Sequence[Kept]) -> None:
    rows = [(str(one.folder), one.kind, f"{one.finished:%Y-%m-%d %H:%M}", one.title) for one in kept]
    say(table(("folder", "what", "finished", "title"), rows, left=4))
    say()
    say(f"Next:  {typed('demandsim', 'show', kept[0].folder)}")


def _show_comparison(folder: Path, at: str | None) -> None:
    from demandsim.cli.comparison import year_of
    from demandsim.cli.structures import print_structured
    from demandsim.results.kept_comparison import read_structured

    structured = read_structured(folder)
    print_structured(structured, year_of(structured.main, at))


def _show_fit(folder: Path) -> None:
    from demandsim.cli.calibrate import print_fit
    from demandsim.results.kept_fit import read_fit

    print_fit(read_fit(folder))


def _show_text(folder: Path) -> None:
    """Print what the command printed, if its tables are as they were written."""
    from demandsim.results.folders import TEXT

    _refuse_damaged(folder)
    say((folder / TEXT).read_text(encoding="utf-8").rstrip("\n"))


def _show_files(folder: Path, kind: str) -> None:
    """Name the files of results that no command printed a summary of."""
    _refuse_damaged(folder)
    say(f"{folder}: {kind}. Its files:")
    for path in sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")):
        say(f"  {path.name}")


def _refuse_damaged(folder: Path) -> None:
    from demandsim.problems import Problem, UserError
    from demandsim.results.checksums import damage, sealed

    wrong = damage(folder) if sealed(folder) else []
    if wrong:
        found, expected = f"damaged results: {', '.join(wrong)}", "the files as they were written"
        raise UserError(Problem(str(folder), "", found, expected, "the command that made them, which makes them again"))


def _show_run(folder: Path) -> None:
    from demandsim.results.reading import read_results

    found = read_results(folder)
    print_headline(found)
    if not found.manifest.verifiable:
        say()
        say(f"Made by version {found.manifest.version}, which kept no checksums: these results can't be verified.")


def print_headline(results: Results) -> None:
    """Print each headline measure of the first year beside what was published, and of the last."""
    from demandsim.cli.intervals import print_parts
    from demandsim.results.beside import figures_of
    from demandsim.results.fit_rows import word_for
    from demandsim.results.summary import headline
    from demandsim.results.tables import YEARS_BEFORE

    labels = results.year_labels()
    years = list(dict.fromkeys((labels[YEARS_BEFORE], labels[-1])))  # a run of one year has said it all
    each = list(zip(*(headline(results, year) for year in years), strict=True))
    word = word_for(figures_of(results))
    headings = ("measure", "unit", years[0], "90% interval", word, "gap", "MC error")
    rows = [(*_beside_published(first, results), *_later(later, results)) for first, *later in each]
    say(table((*headings, *(heading for year in years[1:] for heading in (year, "90% interval"))), rows, left=2))
    say()
    _say_meaning(results)
    _say_precision(results)
    if results.manifest.members:
        parts = [(_label(of[0]), [line.authority for line in of]) for of in each]
        print_parts("What makes the 90% intervals:", [f"parameters, {year}" for year in years], parts)


def _beside_published(line: Line, results: Results) -> tuple[str, ...]:
    from demandsim.results.measure import Quantity
    from demandsim.results.summary import beside

    figure = beside(line, results)
    gap_in = " pts" if line.measure.quantity is Quantity.SHARE else "%"
    gap = "-" if line.gap is None else f"{line.gap:+.1f}{gap_in}"
    return (
        _label(line),
        line.measure.unit,
        number(line.authority.mean),
        _between(line, results),
        "-" if figure is None else number(figure),
        gap + ("" if line.inside in (None, True) else " *"),
        f"±{number(line.authority.error)}",
    )


def _label(line: Line) -> str:
    """Return the label of a measure, and of what is counted on one day the day."""
    from demandsim.results.measure import Quantity

    return line.measure.label + (", 31 March" if line.measure.quantity is Quantity.COUNT else "")


def _later(lines: Sequence[Line], results: Results) -> list[str]:
    return [cell for line in lines for cell in (number(line.authority.mean), _between(line, results))]


def _say_meaning(results: Results) -> None:
    """Say what the columns are of, and what they rest on."""
    from demandsim.results.beside import figures_of, told_of
    from demandsim.results.fit_rows import word_for

    whole, figures = results.manifest.authorities, figures_of(results)
    what = f"England: {whole} authorities added up" if whole else "One authority"
    say(f"{what}. 90% interval: nine in ten replications. {told_of(figures)}")
    if whole:
        _say_judgements(results)
    where = "demandsim validate" + ("" if results.manifest.targets else " baseline")
    say(f"Gap: mean against {word_for(figures)}; * outside its tolerance (they differ: {where}).")
    say("MC error: half the 90% interval of the mean.")
    say("Hours and caseloads rest on judgements: nobody published them (demandsim explain baseline hours).")


def _say_precision(results: Results) -> None:
    """Say how good the intervals are, and where too few places distort what is shown."""
    from demandsim.cli.intervals import say_intervals
    from demandsim.results.summary import places_too_few

    replications = results.manifest.replications
    if replications == 1:
        say("With one replication there are no intervals.")
    else:
        say_intervals(results.manifest)
    if 1 < replications < FEW:
        say(f"With {replications} replications the intervals are rough; {FEW} or more are better.")
    for note in places_too_few(results):
        say(f"Note: {note}  try: demandsim explain baseline placement.places")


def _say_judgements(results: Results) -> None:
    """Say how authorities are judged in the last year of the first replication, and how many moved."""
    from demandsim.text_files import MOST_CSV_BYTES, csv_rows, read_text

    path = results.folder / "judgements.csv"
    if not path.is_file():  # of a version before 0.2
        return
    heading, *rows = csv_rows(path, read_text(path, MOST_CSV_BYTES, "a CSV file", ""))
    *_, last = (row for row in rows if row[0] == rows[0][0])
    judged = ", ".join(f"{number} {judgement}" for judgement, number in zip(heading[2:-1], last[2:-1], strict=True))
    moved = f"; {last[-1]} had another judgement a year before" if last[-1] else ""
    say(f"Judged by the end of {last[1]}: {judged}{moved} (judgements.csv).")


def _between(line: Line, results: Results) -> str:
    if results.manifest.replications == 1:
        return "-"
    return f"{number(line.authority.low)} to {number(line.authority.high)}"
