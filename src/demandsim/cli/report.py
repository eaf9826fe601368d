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
    "--xlsx",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the tables as a workbook: cover, notes, one table a sheet.",
)
@click.option(
    "--docx",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the report as a Word document, to be edited further.",
)
@click.option(
    "--at", "at", metavar="YEAR", help="Year by which changes are told, as 2017-18; the last one unless given."
)
def command(results: tuple[Path, ...], out: Path | None, xlsx: Path | None, docx: Path | None, at: str | None) -> None:
    """Write a report on finished results: one page to send or print.

    RESULTS are folders that `compare` or `run` wrote. The page holds an answer in words for each what-if, pictures with
    tables, who pays, validation, assumptions, limits, how to make it again, and a quality assurance pack. It needs no
    network and no script.
    """
    from demandsim.report.build import build
    from demandsim.report.html import page
    from demandsim.report.results_given import read_given

    files = {"--out": out or results[0] / "report.html", "--xlsx": xlsx, "--docx": docx}
    check_names(files)
    document = build(read_given(results), at)
    with progress("Drawing") as bar:
        made = {"--out": page(document, bar).encode()}
    if xlsx:
        from demandsim.report.workbook import workbook

        made["--xlsx"] = workbook(document)
    if docx:
        from demandsim.report.word import word

        with progress("Writing the Word document") as bar:
            made["--docx"] = word(document, bar)
    say(document.title)
    for option, content in made.items():
        file = files[option]
        assert file is not None
        write(file, content)
        say(f"File: {file}  ({len(content) / 1e6:.1f} MB{_ABOUT[option]})")


#: What to do with each file, and how its name may end.
_ABOUT = {
    "--out": "; open it in a browser, or print it on A4",
    "--xlsx": "; one table a sheet",
    "--docx": "; as printed, to be edited further",
}
_SUFFIXES = {"--out": (".html", ".htm"), "--xlsx": (".xlsx",), "--docx": (".docx",)}


def check_names(files: dict[str, Path | None]) -> None:
    """Refuse names that no program would open.

    Raises:
        UserError: with all of them.
    """
    from demandsim.problems import Problem, UserError

    problems = [
        Problem(option, "", file.name, f"a name that ends in {ends[0]}", f"{option} report{ends[0]}")
        for option, ends in _SUFFIXES.items()
        if (file := files[option]) is not None and file.suffix.lower() not in ends
    ]
    if problems:
        raise UserError(problems)


def write(file: Path, content: bytes) -> None:
    """Write a file, whole or not at all.

    Raises:
        UserError: it can't be written.
    """
    from demandsim.results.atomic_write import atomic_write, writing

    with writing(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(file) as stream:
            stream.write(content)
