"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

scenario_argument = click.argument("scenario")
set_option = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="NAME=VALUE",
    help="Give a parameter another value. Repeat for several.",
)
out_option = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("results"),
    show_default=True,
    help="Folder in which the results folder is made.",
)
seed_option = click.option("--seed", type=click.IntRange(0), default=2014, show_default=True, help="Master seed.")
jobs_option = click.option(
    "--jobs", type=click.IntRange(1), help="Processes to use; all of the machine's cores unless given."
)
again_option = click.option("--again", is_flag=True, help="Simulate anew even if the points are there.")
