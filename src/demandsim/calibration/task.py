"""What is fitted to what: the numbers that move, those that only vary, the targets; and why some can't be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.evidence import Target
from demandsim.problems import Problem, UserError
from demandsim.results.fit_rows import Row, contradictions, of_other_years, rows_of
from demandsim.scenario.priors import Prior, fitted, from_what_they_replace, priors_in, uncertain
from demandsim.scenario.replaced import not_a_parameter
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.schema import Basis, Role


@dataclass(frozen=True, slots=True)
class Task:
    """What is fitted to what.

    Attributes:
        scenario: whose values are the middle of the priors.
        rows: the targets.
        moved: what is fitted.
        drawn: that, and what only varies over the posterior draws.
    """

    scenario: Scenario
    rows: tuple[Row, ...]
    moved: tuple[Prior, ...]
    drawn: tuple[Prior, ...]

    @property
    def fitted(self) -> NDArray[np.bool_]:
        """Return (drawn,): which of them are fitted."""
        return np.array([one in self.moved for one in self.drawn])


def task_of(scenario: Scenario, figures: Sequence[Target], only: Sequence[str], free: Sequence[str]) -> Task:
    """Return what is fitted to what; figures, only and free as `calibrate` has them.

    Raises:
        UserError: with everything that can't be fitted, or fitted to.
    """
    problems = [problem for name in only for problem in _not_fitted(scenario, name, "--only", name in free)]
    problems += [problem for name in free for problem in _not_fitted(scenario, name, "--free", True)]
    problems += contradictions(figures, "--targets")
    problems += of_other_years(figures, scenario.start.year)
    rows = rows_of(figures, scenario.circular_targets(free), scenario.scale_to_england)
    if not rows:
        problems.append(
            Problem("--targets", "", "no row that may be fitted", "one or more", "docs/how-to/calibrate.md")
        )
    if problems:
        raise UserError(problems)
    moved = _each_once(priors_in(scenario, only) if only else fitted(scenario), priors_in(scenario, free))
    if not moved:
        expected = "uncertain parameters whose values were fitted"
        hint = f"demandsim explain {scenario.name}"
        raise UserError(Problem(scenario.name, "", "nothing to fit", expected, hint))
    drawn = moved if only else _each_once(moved, uncertain(scenario))
    return Task(from_what_they_replace(scenario, free), rows, moved, drawn)


def _each_once(*priors: Iterable[Prior]) -> tuple[Prior, ...]:
    return tuple(dict.fromkeys(one for some in priors for one in some))


def _not_fitted(scenario: Scenario, name: str, option: str, freed: bool) -> list[Problem]:
    """Return why a parameter, given with an option, can't be fitted: the first reason; freed, it may be a lever."""
    if name not in scenario.settings:
        return [not_a_parameter(option, name, name, f"demandsim explain {scenario.name}")]
    setting = scenario.settings[name]
    lever, role = setting.role == Role.LEVER, f"role {setting.role}"
    published = setting.declared.basis == Basis.PUBLISHED and not freed
    reasons = (
        (bool(setting.path), "a path over time", "a parameter that keeps one value throughout"),
        (
            lever and not freed,
            "a lever, which someone sets: it is fitted only with --free",
            f"an uncertainty, or --free {name} as well",
        ),
        (not lever and option == "--free", role, "a lever; --only takes uncertainties"),
        (not lever and setting.role != Role.UNCERTAINTY, f"{role}: it is never fitted", "an uncertainty"),
        (published, "a published value: it is known", "a fitted value or a judgement"),
        (not priors_in(scenario, [name]), "a value without a range to move in", "a parameter with a range"),
    )
    hint = f"demandsim explain {scenario.name} {name}"
    return [Problem(option, name, found, expected, hint) for holds, found, expected in reasons if holds][:1]
