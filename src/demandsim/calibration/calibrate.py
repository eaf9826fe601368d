"""Fit a scenario's uncertain values to published targets, and say how well they are identified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from demandsim import __version__
from demandsim.calibration.posterior import METHOD
from demandsim.calibration.report import ensemble_of, fit_of, overlay_of
from demandsim.calibration.simulator import Progress, Simulations
from demandsim.calibration.task import Task, task_of
from demandsim.calibration.waves import WAVES, Plan, fit, plan_of
from demandsim.evidence import Target, targets
from demandsim.experiment.options import DEFAULT_SEED, Notice, RunOptions, default_jobs
from demandsim.experiment.turns import in_turn
from demandsim.experiment.workers import Workers
from demandsim.results.calibration import Fit
from demandsim.results.checksums import short_digest
from demandsim.results.fit_rows import own_targets
from demandsim.results.kept_fit import keep_fit, read_fit
from demandsim.scenario.ensemble import ensemble_text
from demandsim.scenario.priors import first_approximations
from demandsim.scenario.resolved import ENSEMBLE_FILE
from demandsim.scenario.scenario import Scenario
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
    task = task_of(scenario, figures, only, free)
    if guessed := [name for name in first_approximations(scenario) if name not in free]:
        notice(f"First approximations that are not fitted: {', '.join(guessed)}. To fit them: --free.")
    plan = plan_of(budget, draws, len(task.drawn))
    digest = _digest(task, plan, seed)
    folder = out / f"calibrate-{scenario.name}-{digest}"
    workers = jobs or default_jobs()
    turn = RunOptions(jobs=workers, on_progress=lambda what, *far: on_progress(*far), notice=notice)
    with in_turn(folder, turn, lambda: (0, plan.total)):
        if folder.exists() and not rerun:
            return Calibration(folder, read_fit(folder), already=True)
        partial = folder.with_name(folder.name + ".partial")
        simulations = Simulations(
            task.scenario, task.drawn, task.rows, seed, partial / "simulated", workers, plan.total, on_progress
        )
        found = fit(simulations, task.rows, task.scenario.scale_to_england, task.fitted, plan, seed)
        how = f"{METHOD}; {WAVES} waves of {plan.wave:,} simulations, {plan.total:,} in all; seed {seed}"
        result = fit_of(task, found, how, seed, digest)
        texts = {
            ENSEMBLE_FILE: ensemble_text(ensemble_of(task, found, seed)),
            "fitted.toml": overlay_of(task, found, folder, how),
        }
        keep_fit(folder, partial, result, texts)
        return Calibration(folder, result)


def _digest(task: Task, plan: Plan, seed: int) -> str:
    """Return what changes whenever anything that matters to a fit does."""
    figures = [
        (row.target.id, row.target.measure, row.target.value, row.target.tolerance, row.copies, row.target.of_england)
        for row in task.rows
    ]
    asked = (task.scenario.digest(), figures, task.moved, task.drawn, plan, METHOD, seed, __version__)
    return short_digest([repr(asked)])
