"""`demandsim export`"""

from __future__ import annotations

from pathlib import Path

import click

from demandsim.cli.output import progress, say, stopping
from demandsim.problems import typed


@click.command(
    epilog="""Examples:

\b
  demandsim run baseline --replications 1 --spells
  demandsim export results/baseline-1a2b3c4d --as 903
  demandsim export results/baseline-1a2b3c4d --as cin --xml --out training
  demandsim export results/baseline-1a2b3c4d --as 903 --dirt 1 --out training
"""
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--as",
    "which",
    type=click.Choice(["903", "cin", "csww", "s251"]),
    required=True,
    help="SSDA903; children in need census; social work workforce census; Section 251 outturn.",
)
@click.option("--replication", type=click.IntRange(1), default=1, show_default=True, help="Which replication.")
@click.option("--xml", is_flag=True, help="Write 903 and cin as XML; CSV unless given. The workforce census is XML.")
@click.option(
    "--dirt", type=int, metavar="SEED", help="Put mistakes into the CSV of 903 and cin; mistakes.md counts them."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("returns"),
    show_default=True,
    help="Folder in which a folder for each year is made.",
)
def command(folder: Path, which: str, replication: int, xml: bool, dirt: int | None, out: Path) -> None:
    """Write a simulated authority as the returns it would have made.

    FOLDER is that of a run; 903 and cin need one with --spells. Every child is simulated: the files are safe to pass
    on, to train with, and to try demandsim localise on.
    """
    from demandsim.localise.export import RETURNS, export
    from demandsim.localise.years import label
    from demandsim.results.manifest import read_manifest
    from demandsim.results.tables import YEARS_BEFORE

    with stopping(f"Years that are finished are in {out}."), progress("Writing") as on_progress:
        files = export(folder, which, out, replication, xml, dirt, on_progress)
    years = sorted({path.parent for path in files})
    say(f"{RETURNS[which]}: {len(years)} year{'s' * (len(years) > 1)}, {len(files)} files, every child simulated")
    if dirt is not None:
        say("With mistakes on purpose: mistakes.md in each folder counts them.")
    say(f"Files: {years[0]} to {years[-1].name}")
    base = label(read_manifest(folder)["first_year"] + YEARS_BEFORE)
    asked = "--la", "Simulated", "--base", base, "--children", "NUMBER", out, "--out", "my_authority"
    say(f"Next:  {typed('demandsim', 'localise', *asked)}")
