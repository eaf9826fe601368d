"""`demandsim new`"""

from __future__ import annotations

from pathlib import Path

import click

from demandsim.cli.output import say


@click.command(
    epilog="""Examples:

\b
  demandsim new my_scenario
  demandsim new work/vacancies.toml
"""
)
@click.argument("name", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def command(name: Path, force: bool) -> None:
    """Write a commented scenario file to start from.

    NAME is the file to write; `.toml` is added if it is missing.
    """
    from demandsim.problems import Problem, UserError
    from demandsim.results.store import writing
    from demandsim.scenario.limits import problem_of_name
    from demandsim.scenario.starter import starter

    if problem := problem_of_name(name):
        raise UserError(problem)
    path = name if name.suffix == ".toml" else name.with_name(name.name + ".toml")
    if path.exists() and not force:
        raise UserError(
            Problem(
                str(path), "", "a file that is there already", "a name that is free", f"demandsim new {name} --force"
            )
        )
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(starter(path.stem), encoding="utf-8", newline="\n")
    say(f"Wrote {path}")
    say(f"Next:  demandsim check {path}    then    demandsim run {path}")
