"""What a calibration has found, made ready to be read and used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demandsim import __version__
from demandsim.calibration.posterior import METHOD, most_together
from demandsim.calibration.task import Task
from demandsim.calibration.waves import Fitted
from demandsim.experiment.run import manifest_of
from demandsim.results.calibration import Fit, ParameterFit, TargetFit
from demandsim.results.fit_rows import Row
from demandsim.results.identified import combinations
from demandsim.results.uncertainty import estimate
from demandsim.scenario.overlay import overlay_toml
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.priors import numbers_at, values_at
from demandsim.scenario.resolved import ENSEMBLE_FILE
from demandsim.scenario.sets_of_values import Ensemble

Array = NDArray[np.float64]

#: Half of a 90% interval, in standard deviations.
_HALF = 1.645
#: Draws that show what is thought of parameters beforehand.
_BEFOREHAND = 400
#: Targets named as those that a value was fitted to.
_NAMED = 4
#: A target that moves by less than this share of the most that any does is not named; nor one that moves by less than
#: this many standard deviations.
_SLIGHT, _NOTHING = 0.25, 0.1


def fit_of(task: Task, found: Fitted, how: str, seed: int, digest: str) -> Fit:
    """Return a fit, ready to be read.

    Args:
        task: what was fitted to what.
        found: by the waves.
        how: method and simulations, in a line.
        seed: master seed.
        digest: of the fit.
    """
    many = len(task.rows)
    return Fit(
        replace(manifest_of(task.scenario, len(found.after), seed, False), digest=digest),
        how,
        tuple(_targets(task.rows, found)),
        tuple(_parameters(task, found)),
        combinations(found.posterior.slopes, [prior.label for prior in task.drawn]),
        found.posterior.misfit if found.wider == 1.0 else found.wider**2 * many,
        most_together(many),
        found.wider,
    )


def _targets(rows: Sequence[Row], found: Fitted) -> Iterator[TargetFit]:
    before, draws = (np.nanmean(seen, axis=0).tolist() for seen in (found.start, found.check))
    for place, row in enumerate(rows):
        after = estimate(found.after[:, place])
        spread = _HALF * float(found.spread[place])
        yield TargetFit(row, before[place], after.mean, after.error, draws[place], spread)


def _parameters(task: Task, found: Fitted) -> Iterator[ParameterFit]:
    many = len(task.drawn)
    beforehand = np.random.default_rng(_BEFOREHAND).standard_normal((_BEFOREHAND, many))
    declared, point = numbers_at(task.scenario, task.drawn, np.array([np.zeros(many), found.point])).tolist()
    before, after = (
        np.quantile(numbers_at(task.scenario, task.drawn, units), [0.05, 0.95], axis=0).T.tolist()
        for units in (beforehand, found.draws)
    )
    units = np.array([found.posterior.mean, np.sqrt(np.diag(found.posterior.covariance))]).T.tolist()
    for place, (prior, fitted) in enumerate(zip(task.drawn, task.fitted.tolist(), strict=True)):
        yield ParameterFit(
            *(prior.key, prior.label, PARAMETERS[prior.name].unit),
            basis=str(task.scenario.settings[prior.name].declared.basis),
            declared=declared[place],
            value=point[place] if fitted else declared[place],
            before=tuple(before[place]),
            after=tuple(after[place]),
            units=tuple(units[place]),
            fitted=fitted,
        )


def ensemble_of(task: Task, found: Fitted, seed: int) -> Ensemble:
    """Return posterior draws in the parameters' own units."""
    fitted_to = f"{METHOD}, {len(task.rows)} targets, seed {seed}, demandsim {__version__}"
    about = f"for {task.scenario.name} and what extends it; {fitted_to}"
    members = numbers_at(task.scenario, task.drawn, found.draws).tolist()
    return Ensemble(about, tuple(prior.key for prior in task.drawn), tuple(map(tuple, members)))


def overlay_of(task: Task, found: Fitted, folder: Path, how: str) -> str:
    """Return the scenario with the values at the point estimate, as a file for that folder."""
    values = values_at(task.scenario, task.drawn, found.point)
    because = {}
    for name in dict.fromkeys(prior.name for prior in task.drawn if prior in task.moved):
        places = [place for place, prior in enumerate(task.drawn) if prior.name == name]
        told = _told(task.rows, found.posterior.slopes[:, places])
        because[name] = values[name], f"fitted to {told} (demandsim {__version__})"
    why = (
        f"The values that agree best with {len(task.rows)} targets: {how}. Which targets, how near, and how well "
        "each value is identified: report.md beside this file."
    )
    return overlay_toml(task.scenario, folder, f"{task.scenario.title}, fitted", why, because, ENSEMBLE_FILE)


def _told(rows: Sequence[Row], slopes: Array) -> str:
    """Return the ids of the targets that move most with some parameters."""
    moved = np.abs(slopes).max(axis=1)
    least = max(_SLIGHT * moved.max(), _NOTHING)
    named = dict.fromkeys(rows[place].target.id for place in np.argsort(-moved)[:_NAMED] if moved[place] >= least)
    return f"{', '.join(named)} among others" if named else "its prior: no target moves with it"
