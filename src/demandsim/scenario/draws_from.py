"""Which posterior draws a scenario takes unless told otherwise: those it names, or those of what it extends."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from demandsim.problems import Problem, UserError
from demandsim.scenario.ensemble import read_ensemble, with_ensemble
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.sets_of_values import Ensemble


def draws_of(scenario: Scenario) -> Ensemble | None:
    """Return the posterior draws that a scenario takes unless told otherwise; None if nothing names any.

    Raises:
        UserError: they can't be read, or are not of this scenario: one problem, whatever is wrong in how many places.
    """
    if not scenario.draws_from:
        return None
    try:
        ensemble = read_ensemble(Path(scenario.draws_from))
    except UserError as error:
        raise _unfit(scenario, scenario.draws_from, error) from None
    return check_draws(scenario, ensemble)


def check_draws(scenario: Scenario, ensemble: Ensemble) -> Ensemble:
    """Return posterior draws if they fit a scenario.

    Raises:
        UserError: they don't: one problem.
    """
    try:
        with_ensemble(scenario, ensemble)
    except UserError as error:
        raise _unfit(scenario, scenario.draws_from or ensemble.file, error) from None
    return ensemble


def check_all(scenarios: Sequence[Scenario], ensemble: Ensemble) -> None:
    """Refuse posterior draws that don't fit every scenario of a comparison.

    Raises:
        UserError: one problem for each that they don't fit.
    """
    problems: list[Problem] = []
    for scenario in scenarios:
        try:
            check_draws(scenario, ensemble)
        except UserError as error:
            problems += error.problems
    if problems:
        raise UserError(problems)


def _unfit(scenario: Scenario, where: str, error: UserError) -> UserError:
    first, more = error.problems[0], len(error.problems) - 1
    key = f"{first.key}: " if first.key else ""
    many = f" (and {more} more)" if more else ""
    return UserError(
        Problem(
            where,
            "",
            f"posterior draws that do not fit {scenario.name}: {key}{first.found}{many}",
            first.expected,
            "the same command with --point, or demandsim calibrate, which writes draws that fit",
        )
    )
