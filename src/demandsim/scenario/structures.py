"""Alternative structures: other assumptions about how the model works, with levels refitted, under any scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from demandsim.problems import UserError
from demandsim.scenario.files import shipped_structures
from demandsim.scenario.grid import with_values
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.schema import Basis
from demandsim.scenario.together import check_together


@dataclass(frozen=True, slots=True)
class Structure:
    """Another assumption about how the model works.

    Attributes:
        name: of its file.
        title: in a few words.
        values: of the parameters that make it so, and of those that were refitted.
    """

    name: str
    title: str
    values: Mapping[str, float | tuple[float, ...]]


def structures() -> tuple[Structure, ...]:
    """Return the structures that ship.

    Raises:
        UserError: a file is wrong.
    """
    return tuple(_structure(name) for name in shipped_structures())


def _structure(name: str) -> Structure:
    scenario = read_scenario(name)
    values = {one: setting.value for one, setting in scenario.changes().items()}
    return Structure(name, scenario.title, values)


def under(scenario: Scenario, structure: Structure) -> Scenario:
    """Return a scenario under a structure, for the years before the start too. What the scenario changes wins.

    Raises:
        UserError: the two can't be together.
    """
    given = {name: value for name, value in structure.values.items() if name not in scenario.changes()}
    found = with_values(scenario, given, structure.name, Basis.FITTED)
    problems = check_together(structure.name, found.settings, found.years)
    if problems:
        hint = f"demandsim explain {structure.name}, or compare without --structures"
        raise UserError([replace(problem, next=hint) for problem in problems])
    return replace(found, name=f"{scenario.name}-{structure.name}", title=f"{scenario.title} ({structure.title})")
