"""`demandsim explain`"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from demandsim.cli.options import scenario_argument, set_option
from demandsim.cli.output import say, table
from demandsim.problems import typed

if TYPE_CHECKING:
    from demandsim.scenario.scenario import Scenario

#: Characters of a value in a list.
_LONGEST = 22


#: Parameters that are listed of what a search finds.
MOST = 30


@click.command(
    epilog="""Examples:

\b
  demandsim explain baseline
  demandsim explain baseline conference.plan
  demandsim explain baseline foster carers
  demandsim explain my_scenario.toml care
"""
)
@scenario_argument
@click.argument("words", metavar="[PARAMETER, GROUP or WORDS]", nargs=-1)
@set_option
def command(scenario: str, words: tuple[str, ...], overrides: tuple[str, ...]) -> None:
    """Say where a scenario's values come from.

    Without more: what the scenario asks, what it changes, and how many of its values rest on judgement. With the name
    of a parameter, or of a group: value, unit, range, role, basis, source, and each file that changed it. Any other
    words are searched for in names, meanings and sources.
    """
    from demandsim.scenario.explain import explain_parameter, explain_scenario, search
    from demandsim.scenario.parameters import PARAMETERS
    from demandsim.scenario.read import read_scenario
    from demandsim.scenario.replaced import REPLACED, now_called

    read = read_scenario(scenario, overrides)
    if not words:
        say(explain_scenario(read))
        return
    given = " ".join(words)
    text = now_called(given)
    if text != given:
        say(f"Note: {given} is called {text} now; the old name goes with the next version.")
        say()
    exact = text in PARAMETERS or text in REPLACED or any(parameter.group == text for parameter in PARAMETERS.values())
    found = [] if exact else search(read, text)
    if len(found) > 1:
        _list(scenario, read, text, found)
    else:
        say(explain_parameter(read, found[0] if found else text))


def _list(given: str, scenario: Scenario, text: str, found: list[str]) -> None:
    from demandsim.scenario.explain import value_text
    from demandsim.scenario.parameters import PARAMETERS

    settings = scenario.settings
    rows = [
        (name, _short(value_text(settings[name])), settings[name].unit, settings[name].basis, PARAMETERS[name].meaning)
        for name in found[:MOST]
    ]
    say(f"{len(found)} parameters with {text!r} in their name, meaning or source, those by name first:")
    say()
    say(table(("parameter", "value", "unit", "basis", "meaning"), rows, left=5))
    if len(found) > MOST:
        say(f"and {len(found) - MOST} more; another word makes them fewer")
    say()
    say(f"Next:  {typed('demandsim', 'explain', given, found[0])}")


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST else value[: _LONGEST - 3] + "..."
