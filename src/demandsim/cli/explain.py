"""`demandsim explain`"""

from __future__ import annotations

import click

from demandsim.cli.options import scenario_argument, set_option
from demandsim.cli.output import say


@click.command(
    epilog="""Examples:

\b
  demandsim explain baseline
  demandsim explain baseline conference.plan
  demandsim explain my_scenario.toml care
"""
)
@scenario_argument
@click.argument("parameter", required=False)
@set_option
def command(scenario: str, parameter: str | None, overrides: tuple[str, ...]) -> None:
    """Say where a scenario's values come from.

    Without PARAMETER: what the scenario asks, what it changes, and how many of its values rest on judgement. With the
    name of a parameter, or of a group: value, unit, range, role, basis, source, and each file that changed it.
    """
    from demandsim.scenario.explain import explain_parameter, explain_scenario
    from demandsim.scenario.read import read_scenario

    read = read_scenario(scenario, overrides)
    say(explain_parameter(read, parameter) if parameter else explain_scenario(read))
