"""Fit a scenario's uncertain values to published targets, and say how well they are identified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from demandsim import __version__
from demandsim.calibration.posterior import METHOD
from demandsim.calibration.priors import (
    Prior,
    first_approximations,
    fitted,
    from_what_they_replace,
    priors_in,
    uncertain,
)
from demandsim.calibration.report import ensemble_of, fit_of, overlay_of
from demandsim.calibration.simulator import Progress, Simulations
from demandsim.calibration.waves import WAVES, Plan, fit, plan_of
from demandsim.evidence import Target, targets
from demandsim.experiment.options import DEFAULT_SEED, Notice, RunOptions, default_jobs
from demandsim.experiment.turns import in_turn
from demandsim.experiment.workers import Workers
from demandsim.problems import Problem, UserError
from demandsim.results.atomic_write import remove, write_text, writing
from demandsim.results.calibration import Fit
from demandsim.results.checksums import seal, short_digest
from demandsim.results.fit_rows import Row, contradictions, of_other_years, own_targets, rows_of
from demandsim.results.kept_fit import keep_fit, read_fit
from demandsim.results.store import put_in_place
from demandsim.scenario.ensemble import ensemble_text
from demandsim.scenario.replaced import not_a_parameter
from demandsim.scenario.resolved import ENSEMBLE_FILE
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.schema import Basis, Role
from demandsim.scenario.sets_of_values import Ensemble
from demandsim.threads import on_one_thread

#: Posterior draws, and simulations of two years to spend, unless told otherwise.
DRAWS, BUDGET = 200, 4500


@dataclass(frozen=True, slots=True)
class Calibration:
    """A finished calibration.

    Attributes:
        folder: with fitted.toml, ensemble.csv, and what is to be known of them.
        fit: the same, read.
        already: whether it was there from an earlier call.
    """

    folder: Path
    fit: Fit
    already: bool = False


@on_one_thread
def calibrate(
    scenario: Scenario,
    given: Sequence[Target] | None = None,
    only: Sequence[str] = (),
    free: Sequence[str] = (),
    budget: int = BUDGET,
    draws: int = DRAWS,
    seed: int = DEFAULT_SEED,
    out: Path = Path("results"),
    jobs: int | Workers | None = None,
    rerun: bool = False,
    on_progress: Progress = lambda finished, wanted: None,
    notice: Notice = lambda text: None,
) -> Calibration:
    """Find the values that agree best with the targets, and posterior draws that agree with them.

    What was simulated is kept, so that the same call goes on where an earlier one stopped. The same seed gives the same
    result, whoever does the work.

    Args:
        scenario: whose uncertain values are fitted.
        given: targets, those with the use "calibrate" are fitted; the scenario's own, or those that ship, unless given.
        only: names of the parameters to fit and to draw; unless given, all that are uncertain are drawn, and those of
            them whose values were fitted are fitted.
        free: names of levers to fit too.
        budget: simulations of two years to spend.
        draws: of the posterior, for the ensemble.
        seed: master seed.
        out: folder in which the folder of the calibration is made.
        jobs: processes, or who else does the work; all cores unless given.
        rerun: fit even if the folder is there.
        on_progress: told how many of all simulations are finished.
        notice: told of another command that makes the same calibration, and of first
            approximations that are not fitted.

    Raises:
        UserError: with everything wrong in what was given; or what is there is damaged; or another command makes the
            same and `jobs` says not to wait.
    """
    figures = given or own_targets(scenario.targets_from, to_fit=True) or targets()
    moved, drawn, rows = _checked(scenario, figures, only, free)
    scenario = from_what_they_replace(scenario, free)
    if guessed := [name for name in first_approximations(scenario) if name not in free]:
        notice(f"First approximations that are not fitted: {', '.join(guessed)}. To fit them: --free.")
    plan = plan_of(budget, draws, len(drawn))
    digest = _digest(scenario, rows, moved, drawn, plan, seed)
    folder = out / f"calibrate-{scenario.name}-{digest}"
    workers = jobs or default_jobs()
    turn = RunOptions(jobs=workers, on_progress=lambda what, *far: on_progress(*far), notice=notice)
    with in_turn(folder, turn, lambda: (0, plan.total)):
        if folder.exists() and not rerun:
            return Calibration(folder, read_fit(folder), already=True)
        partial = folder.with_name(folder.name + ".partial")
        checkpoint = partial / "simulated"
        simulations = Simulations(scenario, drawn, rows, seed, checkpoint, workers, plan.total, on_progress)
        fitting = np.array([one in moved for one in drawn])
        found = fit(simulations, rows, scenario.scale_to_england, fitting, plan, seed)
        how = f"{METHOD}; {WAVES} waves of {plan.wave:,} simulations, {plan.total:,} in all; seed {seed}"
        result = fit_of(scenario, rows, drawn, fitting, found, how, seed, digest)
        ensemble = ensemble_of(scenario, drawn, found.draws, _about(scenario, rows, seed))
        overlay = overlay_of(scenario, rows, drawn, fitting, found, folder, how)
        _keep(folder, partial, result, ensemble, overlay)
        return Calibration(folder, result)


def _about(scenario: Scenario, rows: Sequence[Row], seed: int) -> str:
    """Return how an ensemble was made, in a line."""
    fitted_to = f"{METHOD}, {len(rows)} targets, seed {seed}, demandsim {__version__}"
    return f"for {scenario.name} and what extends it; {fitted_to}"


def _keep(folder: Path, partial: Path, fit: Fit, ensemble: Ensemble, overlay: str) -> None:
    """Write a fit, its posterior draws and its scenario into a folder, by way of a partial one: all or nothing."""
    finished = partial / "finished"
    with writing(partial):
        remove(finished)
        finished.mkdir(parents=True)
        keep_fit(finished, fit)
        write_text(finished / ENSEMBLE_FILE, ensemble_text(ensemble))
        write_text(finished / "fitted.toml", overlay)
        seal(finished)
        put_in_place(finished, folder, partial)


def _checked(
    scenario: Scenario, figures: Sequence[Target], only: Sequence[str], free: Sequence[str]
) -> tuple[tuple[Prior, ...], tuple[Prior, ...], tuple[Row, ...]]:
    """Return the parameters that are fitted, those that are drawn, and the targets.

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
    moved: tuple[Prior, ...] = ()
    drawn: tuple[Prior, ...] = ()
    if not problems:
        freed = priors_in(scenario, free)
        moved = tuple(dict.fromkeys((*(priors_in(scenario, only) if only else fitted(scenario)), *freed)))
        drawn = moved if only else tuple(dict.fromkeys((*moved, *uncertain(scenario))))
    if not moved and not problems:
        expected = "uncertain parameters whose values were fitted"
        problems.append(Problem(scenario.name, "", "nothing to fit", expected, f"demandsim explain {scenario.name}"))
    if problems:
        raise UserError(problems)
    return moved, drawn, rows


def _not_fitted(scenario: Scenario, name: str, option: str, freed: bool) -> list[Problem]:
    """Return why a parameter can't be fitted.

    Args:
        scenario: that is fitted.
        name: of the parameter, as given.
        option: with which it was given.
        freed: whether it may be a lever.
    """
    hint = f"demandsim explain {scenario.name} {name}"
    if name not in scenario.settings:
        return [not_a_parameter(option, name, name, f"demandsim explain {scenario.name}")]
    setting = scenario.settings[name]
    if setting.path:
        return [Problem(option, name, "a path over time", "a parameter that keeps one value throughout", hint)]
    if setting.role == Role.LEVER and not freed:
        found = "a lever, which someone sets: it is fitted only with --free"
        return [Problem(option, name, found, f"an uncertainty, or --free {name} as well", hint)]
    if option == "--free" and setting.role != Role.LEVER:
        return [Problem(option, name, f"role {setting.role}", "a lever; --only takes uncertainties", hint)]
    if setting.role not in (Role.UNCERTAINTY, Role.LEVER):
        return [Problem(option, name, f"role {setting.role}: it is never fitted", "an uncertainty", hint)]
    if setting.declared.basis == Basis.PUBLISHED and not freed:
        return [Problem(option, name, "a published value: it is known", "a fitted value or a judgement", hint)]
    if not priors_in(scenario, [name]):
        return [Problem(option, name, "a value without a range to move in", "a parameter with a range", hint)]
    return []


def _digest(
    scenario: Scenario,
    rows: Sequence[Row],
    moved: Sequence[Prior],
    drawn: Sequence[Prior],
    plan: Plan,
    seed: int,
) -> str:
    figures = [
        (row.target.id, row.target.measure, row.target.value, row.target.tolerance, row.copies, row.target.of_england)
        for row in rows
    ]
    return short_digest([repr((scenario.digest(), figures, moved, drawn, plan, METHOD, seed, __version__))])
