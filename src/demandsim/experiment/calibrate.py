"""Fit a scenario's uncertain values to published figures, and say how well they are known then."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from demandsim import __version__
from demandsim.evidence import Target, targets
from demandsim.experiment.assimilate import ROUNDS, assimilate, spent
from demandsim.experiment.execute import Workers
from demandsim.experiment.fitted import ensemble_of, fit_of, overlay_of
from demandsim.experiment.nearest import nearest
from demandsim.experiment.observed import Observed, Telling, silent
from demandsim.experiment.parts import Notice
from demandsim.experiment.run import DEFAULT_SEED, default_jobs
from demandsim.experiment.turns import in_turn
from demandsim.fit.likely import METHOD
from demandsim.problems import Problem, UserError, did_you_mean
from demandsim.results.atomic_write import remove, write_text, writing
from demandsim.results.calibration import Fit, keep_fit, read_fit
from demandsim.results.checksums import seal
from demandsim.results.fit_rows import Row, contradictions, rows_of
from demandsim.results.store import put_in_place
from demandsim.scenario.ensemble import write_ensemble
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.schema import Basis, Role
from demandsim.scenario.unknowns import Unknown, fitted, uncertain, unknowns_in
from demandsim.threads import on_one_thread

MEMBERS = 200
#: Simulations of two years unless told otherwise.
BUDGET = 1400
#: Rounds of the search for the nearest values, and of that for the middle of the ensemble, which goes on from there.
_ROUNDS, _MIDDLE = 5, 3
#: Pairs of simulations from which slopes are taken of figures that the mean field knows nothing of: this many, unless
#: they would be more than this part of the budget.
_PAIRS, _PART = 120, 0.2
#: Fewer replications in a round than this say little of a mean.
_FEWEST = 16


@dataclass(frozen=True, slots=True)
class Plan:
    """What the budget is spent on.

    Attributes:
        pairs: of simulations, for slopes that the mean field can't say.
        rounds, replications: of the searches for the nearest values and for the middle of the ensemble.
        members: of the ensemble.
    """

    pairs: int
    rounds: int
    replications: int
    members: int


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


def plan_of(budget: int, members: int, by_pairs: bool) -> Plan:
    """Return how a number of simulations is best spent.

    Args:
        budget: how many.
        members: of the ensemble.
        by_pairs: whether slopes of some figure are taken from pairs of simulations.

    Raises:
        UserError: they are too few.
    """
    ensemble = spent(members)
    part = _PART if by_pairs else 0.0
    pairs = min(_PAIRS, int(part * budget / 2))
    # One begins where the other ends, which is simulated by then.
    rounds = _ROUNDS + _MIDDLE - 1
    replications = (budget - ensemble - 2 * pairs) // rounds
    if replications < _FEWEST:
        least = -int(-(ensemble + rounds * _FEWEST) // (1 - part))
        expected = f"{least:,} or more: {rounds} rounds of {_FEWEST}, {ensemble:,} for an ensemble of {members}"
        expected += ", slopes" if by_pairs else ""
        raise UserError(Problem("--budget", "", f"{budget:,} simulations", expected, "demandsim calibrate --help"))
    return Plan(pairs, rounds, replications, members)


@on_one_thread
def calibrate(
    scenario: Scenario,
    given: Sequence[Target] | None = None,
    only: Sequence[str] = (),
    budget: int = BUDGET,
    members: int = MEMBERS,
    seed: int = DEFAULT_SEED,
    out: Path = Path("results"),
    jobs: int | Workers | None = None,
    again: bool = False,
    tell: Telling = lambda what, finished, wanted: None,
    notice: Notice = lambda text: None,
) -> Calibration:
    """Find the values nearest to the figures, and an ensemble that agrees with them.

    What was simulated is kept, so that the same call goes on where an earlier one stopped. The same seed gives the same
    result, whoever does the work.

    Args:
        scenario: whose uncertain values are fitted; its levers stay.
        given: figures, those with the use "calibrate" are fitted; those that ship unless given.
        only: names of the parameters to fit, and for the ensemble to draw; unless given, all that are uncertain and
            were fitted, and for the ensemble all that are uncertain.
        budget: simulations of two years to spend.
        members: of the ensemble.
        seed: master seed.
        out: folder in which the folder of the calibration is made.
        jobs: processes, or who else does the work; all cores unless given.
        again: fit even if the folder is there.
        tell: told what is being done, and how far it is.
        notice: told of another command that makes the same calibration.

    Raises:
        UserError: with everything wrong in what was given; or what is there is damaged; or another command makes the
            same and `jobs` says not to wait.
    """
    figures = targets() if given is None else given
    unknowns, rows = _checked(scenario, figures, only)
    plan = plan_of(budget, members, silent(scenario, rows))
    digest = _digest(scenario, rows, unknowns, plan, seed)
    folder = out / f"calibrate-{scenario.name}-{digest}"

    def make() -> Fit:
        return _made(scenario, rows, unknowns, plan, bool(only), members, seed, folder, digest, jobs, tell)

    with in_turn(folder, jobs, lambda: (0, budget), lambda done, of: tell("Waiting", done, of), notice):
        if folder.exists() and not again:
            return Calibration(folder, read_fit(folder), already=True)
        return Calibration(folder, make())


def _made(
    scenario: Scenario,
    rows: tuple[Row, ...],
    unknowns: tuple[Unknown, ...],
    plan: Plan,
    only: bool,
    members: int,
    seed: int,
    folder: Path,
    digest: str,
    jobs: int | Workers | None,
    tell: Telling,
) -> Fit:
    """Fit, and write the folder of the calibration."""
    partial = folder.with_name(folder.name + ".partial")
    observed = Observed(scenario, rows, seed, partial, jobs or default_jobs(), tell)
    _check_produced(observed)
    drawn = unknowns if only else tuple(dict.fromkeys((*unknowns, *uncertain(scenario))))
    slopes = observed.slopes(drawn, plan.pairs, seed)
    of_fitted = slopes[:, : len(unknowns)]
    point = nearest(observed, unknowns, of_fitted, _ROUNDS, plan.replications)
    middle = point
    if drawn != unknowns:
        there = np.concatenate([point.units, np.zeros(len(drawn) - len(unknowns))])
        middle = nearest(observed, drawn, slopes, _MIDDLE, plan.replications, there, "Middle of the ensemble")
    found = assimilate(observed, drawn, middle, members, seed)
    how = (
        f"nearest values by Gauss-Newton steps of the mean field, corrected by {len(point.misfits)} rounds of "
        f"{plan.replications} simulations with the same luck; ensemble of {members} by {METHOD} around the nearest "
        f"point of all that it draws, carried to the figures by the mean field in at most {ROUNDS} rounds, "
        f"corrected by simulations of some that went ahead; seed {seed}"
    )
    fit = fit_of(scenario, observed, unknowns, of_fitted, point, drawn, found, how, seed, digest)
    about = (
        f"for {scenario.name} and what extends it; {METHOD}, {len(rows)} figures, seed {seed}, demandsim {__version__}"
    )
    finished = partial / "finished"
    with writing(partial):
        remove(finished)
        finished.mkdir(parents=True)
        keep_fit(finished, fit)
        write_ensemble(finished / "ensemble.csv", ensemble_of(scenario, drawn, found.units, about))
        write_text(finished / "fitted.toml", overlay_of(scenario, observed, unknowns, of_fitted, point, folder, how))
        seal(finished)
        put_in_place(finished, folder, partial)
    return fit


def _checked(
    scenario: Scenario, figures: Sequence[Target], only: Sequence[str]
) -> tuple[tuple[Unknown, ...], tuple[Row, ...]]:
    problems = [problem for name in only for problem in _not_to_be_fitted(scenario, name)]
    problems += contradictions(figures, "--targets")
    unknowns = fitted(scenario) if not only else () if problems else unknowns_in(scenario, only)
    rows = rows_of(figures, scenario.circular_targets(), scenario.scale_to_england)
    if not rows:
        problems.append(
            Problem("--targets", "", "no row that may be fitted", "one or more", "docs/how-to/calibrate.md")
        )
    if not unknowns and not problems:
        expected = "uncertain parameters whose values were fitted"
        problems.append(Problem(scenario.name, "", "nothing to fit", expected, f"demandsim explain {scenario.name}"))
    if problems:
        raise UserError(problems)
    return unknowns, rows


def _not_to_be_fitted(scenario: Scenario, name: str) -> list[Problem]:
    hint = f"demandsim explain {scenario.name} {name}"
    if name not in scenario.settings:
        found = "a parameter the model does not have" + did_you_mean(name, scenario.settings)
        return [Problem("--only", name, found, "the name of a parameter", f"demandsim explain {scenario.name}")]
    setting = scenario.settings[name]
    if setting.role == Role.LEVER:
        return [Problem("--only", name, "a lever, which someone sets: it is never fitted", "an uncertainty", hint)]
    if setting.role != Role.UNCERTAINTY:
        return [Problem("--only", name, f"role {setting.role}: it is never fitted", "an uncertainty", hint)]
    if setting.declared.basis == Basis.PUBLISHED:
        return [Problem("--only", name, "a published value: it is known", "a fitted value or a judgement", hint)]
    if not unknowns_in(scenario, [name]):
        return [Problem("--only", name, "a value without a range to move in", "a parameter with a range", hint)]
    return []


def _check_produced(observed: Observed) -> None:
    """Refuse figures that the simulation gives no value for.

    Raises:
        UserError: with all of them.
    """
    (found,) = observed.simulated("First look", [observed.scenario], [range(2)])
    silent = [bool(np.isnan(column).all()) for column in found.T]
    problems = [
        Problem(
            "--targets", row.target.id, f"{row.target.measure}, which this scenario has no value of", "a measure it has"
        )
        for row, nothing in zip(observed.rows, silent, strict=True)
        if nothing
    ]
    if problems:
        raise UserError(problems)


def _digest(scenario: Scenario, rows: Sequence[Row], unknowns: Sequence[Unknown], plan: Plan, seed: int) -> str:
    figures = [(row.target.measure, row.target.value, row.target.tolerance, row.copies) for row in rows]
    key = repr((scenario.digest(), figures, unknowns, plan, seed, __version__))
    return hashlib.sha256(key.encode()).hexdigest()[:8]
