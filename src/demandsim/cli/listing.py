"""`demandsim list`"""

from __future__ import annotations

import click

from demandsim.cli.output import say


@click.command(
    epilog="""Examples:

\b
  demandsim list
"""
)
def command() -> None:
    """List the scenarios that ship with demandsim."""
    from demandsim.scenario.files import shipped
    from demandsim.scenario.read import read_scenario

    for name in shipped():
        scenario = read_scenario(name)
        say(f"{name}")
        say(f"    {scenario.title}")
    say()
    say("Next:  demandsim run NAME    or    demandsim explain NAME")
