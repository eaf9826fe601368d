"""Read the scenario of a page and its what-ifs, over the same posterior draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from demandsim.page.what_ifs import check_what_ifs
from demandsim.problems import Problem, UserError
from demandsim.scenario.draws_from import draws_of
from demandsim.scenario.ensemble import read_ensemble, with_ensemble
from demandsim.scenario.files import shipped
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario

#: The scenario whose what-ifs ship.
_SHIPPED = "baseline"


def read_all(
    given: str,
    what_ifs: Sequence[str],
    overrides: Sequence[str] = (),
    years: int | None = None,
    ensemble: str | None = None,
    point: bool = False,
) -> tuple[Scenario, tuple[Scenario, ...]]:
    """Return a scenario and its what-ifs.

    Args:
        given: the scenario: a file or a shipped name.
        what_ifs: likewise; all that ship if there are none and the scenario is the baseline.
        overrides: `NAME=VALUE` texts, for all of them.
        years: to simulate, if not the scenarios' own.
        ensemble: posterior draws; those that the scenario names unless given.
        point: whether every parameter is to have its one value.

    Raises:
        UserError: with everything wrong in all the files.
    """
    problems: list[Problem] = []
    names = list(what_ifs) or ([name for name in shipped() if name != _SHIPPED] if given == _SHIPPED else [])
    found = []
    for name in (given, *names):
        try:
            read = read_scenario(name, overrides, years)
            found.append(replace(read, title=read_scenario(name).title) if name != given else read)
        except UserError as error:
            problems += error.problems
    if problems:
        raise UserError(problems)
    draws = None if point else read_ensemble(ensemble) if ensemble else draws_of(found[0])
    scenario, *others = (with_ensemble(one, draws) for one in found)
    check_what_ifs(scenario, others)
    return scenario, tuple(others)
