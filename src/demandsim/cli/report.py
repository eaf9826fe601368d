"""`demandsim report`"""

from __future__ import annotations

from pathlib import Path

import click

from demandsim.cli.output import progress, say


@click.command(
    epilog="""Examples:

\b
  demandsim report results/compare-1a2b3c4d
  demandsim report results/compare-1a2b3c4d --out prevention.html --xlsx prevention.xlsx
  demandsim report results/baseline-1a2b3c4d --docx baseline.docx
"""
)
@click.argument("results", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The page; report.html in the first folder of results unless given.",
)
@click.option(
    "--at", "at", metavar="YEAR", help="Year by which changes are told, as 2017-18; the last one unless given."
)
def command(results: tuple[Path, ...], out: Path | None, at: str | None) -> None:
    """Write a report on finished results: one page to send or print.

    RESULTS are folders that `compare` or `run` wrote. The page holds an answer in words for each what-if, pictures with
    tables, who pays, validation, assumptions, limits, how to make it again, and a quality assurance pack. It needs no
    network and no script.
    """
    from demandsim.report.build import build
    from demandsim.report.html import page
    from demandsim.report.results_given import read_given
    from demandsim.results.atomic_write import write_text, writing

    given = read_given(results)
    document = build(given, at)
    file = out or results[0] / "report.html"
    with progress("Drawing") as bar:
        text = page(document, bar)
    with writing(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(file, text)
    say(f"{document.title}")
    say(f"File: {file}  ({len(text.encode()) / 1e6:.1f} MB; open it in a browser, or print it on A4)")
