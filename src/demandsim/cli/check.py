"""`demandsim check`"""

from __future__ import annotations

import click

from demandsim.cli.options import set_option
from demandsim.cli.output import say


@click.command(
    epilog="""Examples:

\b
  demandsim check scenarios/baseline.toml
  demandsim check my_scenario.toml other.toml
"""
)
@click.argument("files", nargs=-1, required=True)
@set_option
def command(files: tuple[str, ...], overrides: tuple[str, ...]) -> None:
    """Check scenario files and say everything that is wrong.

    Each of FILES is a file or a shipped scenario's name; the draws and targets that it names are read too. Values
    outside a parameter's range of plausible values are allowed, and mentioned.
    """
    from demandsim.problems import Problem, UserError
    from demandsim.results.fit_rows import own_targets
    from demandsim.scenario.draws_from import draws_of
    from demandsim.scenario.read import read_scenario
    from demandsim.scenario.scenario import notes_on
    from demandsim.scenario.size import check_size

    problems: list[Problem] = []
    for file in files:
        try:
            scenario = read_scenario(file, overrides)
            check_size(scenario)
            draws_of(scenario)
            own_targets(scenario.targets_from)
        except UserError as error:
            problems += error.problems
            continue
        changed = len(scenario.changes())
        say(f"{file}: good. {scenario.title}; {len(scenario.settings)} parameters, {changed} changed.")
        for name, text in notes_on(scenario):
            say(f"  note: {name} {text}")
    if problems:
        raise UserError(problems)
