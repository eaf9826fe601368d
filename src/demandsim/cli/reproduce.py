"""`demandsim reproduce`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from demandsim.cli.options import worker_options
from demandsim.cli.output import say, stages, stopping, warn
from demandsim.experiment.workers import Workers

if TYPE_CHECKING:
    from demandsim.experiment.reproduce import Reproduction


@click.command(
    epilog="""Examples:

\b
  demandsim reproduce results/baseline-1a2b3c4d
  demandsim reproduce archive/baseline-1a2b3c4d --out results
"""
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder in which the run is made again; the one that holds FOLDER unless given.",
)
@worker_options
def command(folder: Path, out: Path | None, workers: Workers) -> None:
    """Make a finished run again and say whether every byte is the same.

    FOLDER is what a run wrote. The run is made again from its resolved.toml and manifest.json; FOLDER stays as it is.
    Ends with 0 if all files are the same to the last byte. If not, says which versions, platform and tables differ,
    keeps the new folder beside it, and ends with 1.
    """
    from demandsim.experiment.reproduce import reproduce

    with stopping("What is finished is kept; the same command goes on from there."), stages() as on_progress:
        found = reproduce(folder, out, jobs=workers, on_progress=on_progress, notice=warn)
    print_reproduction(found)
    if found.different:
        raise SystemExit(1)


def print_reproduction(found: Reproduction) -> None:
    """Print whether a run and the same run made again are the same, and what differs."""
    from demandsim.cli.output import table

    manifest = found.kept.manifest
    say(f"{manifest.title}, {manifest.replications} replications, seed {manifest.seed}")
    if found.different:
        say("Not the same. Files that differ, and in what:")
        say(table(("file", "differs in"), found.different, left=2))
        say(f"The same to the last byte: {', '.join(found.same) or 'none'}.")
    else:
        say(f"Every byte is the same: {', '.join(found.same)}.")
    if found.surroundings:
        say()
        say("Made in another environment" + (", which may be why:" if found.different else ":"))
        say(table(("", "then", "now"), found.surroundings, left=3))
    elif found.different:
        say("Versions and platform are the same, so it is the program or the processor.")
    if found.different:
        say()
        say(f"Files: {found.made}")
