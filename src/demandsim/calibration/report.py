"""What a calibration has found, made ready to be read and used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demandsim import __version__
from demandsim.calibration.posterior import most_together
from demandsim.calibration.priors import Prior, values_at
from demandsim.calibration.waves import Fitted
from demandsim.experiment.run import manifest_of
from demandsim.results.calibration import Combination, Fit, ParameterFit, Span, TargetFit
from demandsim.results.fit_rows import Row
from demandsim.results.identified import directions
from demandsim.results.uncertainty import estimate
from demandsim.scenario.overlay import overlay_toml
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.resolved import ENSEMBLE_FILE
from demandsim.scenario.scenario import Scenario
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
#: Combinations that keep more than this share of the prior standard deviation say nothing.
_MOST_LEFT = 0.95


def fit_of(
    scenario: Scenario,
    rows: Sequence[Row],
    drawn: Sequence[Prior],
    fitting: NDArray[np.bool_],
    found: Fitted,
    how: str,
    seed: int,
    digest: str,
) -> Fit:
    """Return a fit, ready to be read.

    Args:
        scenario: as given.
        rows: the targets.
        drawn: the parameters.
        fitting: (parameters,): which of them were fitted; the others only vary.
        found: by the waves.
        how: method and simulations, in a line.
        seed: master seed.
        digest: of the fit.
    """
    manifest = replace(manifest_of(scenario, len(found.after), seed, False), digest=digest)
    return Fit(
        manifest,
        how,
        tuple(_target(row, place, found) for place, row in enumerate(rows)),
        _parameters(scenario, drawn, fitting, found),
        tuple(
            Combination(one.value, one.left, ", ".join(f"{weight:+.2f} {drawn[at].label}" for at, weight in one.parts))
            for one in directions(found.slopes)
            if one.left < _MOST_LEFT
        ),
        found.posterior.misfit if found.wider == 1.0 else found.wider**2 * len(rows),
        most_together(len(rows)),
        found.wider,
    )


def _target(row: Row, place: int, found: Fitted) -> TargetFit:
    after = estimate(found.after[:, place])
    return TargetFit(
        row,
        float(np.nanmean(found.start[:, place])),
        after.mean,
        after.error,
        float(np.nanmean(found.check[:, place])),
        _HALF * float(found.spread[place]),
    )


def _parameters(
    scenario: Scenario, drawn: Sequence[Prior], fitting: NDArray[np.bool_], found: Fitted
) -> tuple[ParameterFit, ...]:
    point = values_at(scenario, drawn, found.point)
    declared = {prior.name: scenario.settings[prior.name].value for prior in drawn}
    beforehand = np.random.default_rng(_BEFOREHAND).standard_normal((_BEFOREHAND, len(drawn)))
    every = [[values_at(scenario, drawn, one) for one in these] for these in (beforehand, found.draws)]
    left = np.sqrt(np.diag(found.posterior.covariance))
    fits = []
    for place, prior in enumerate(drawn):
        before, after = (_interval([prior.of(one) for one in values]) for values in every)
        fits.append(
            ParameterFit(
                *(prior.key, prior.label, PARAMETERS[prior.name].unit),
                basis=str(scenario.settings[prior.name].declared.basis),
                declared=prior.of(declared),
                value=prior.of(point if fitting[place] else declared),
                before=before,
                after=after,
                units=(float(found.posterior.mean[place]), float(left[place])),
                fitted=bool(fitting[place]),
            )
        )
    return tuple(fits)


def _interval(values: Sequence[float]) -> Span:
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)


def ensemble_of(scenario: Scenario, drawn: Sequence[Prior], units: Array, about: str) -> Ensemble:
    """Return posterior draws in the parameters' own units."""
    values = [values_at(scenario, drawn, one) for one in units]
    members = tuple(tuple(prior.of(one) for prior in drawn) for one in values)
    return Ensemble(about, tuple(prior.key for prior in drawn), members)


def overlay_of(
    scenario: Scenario,
    rows: Sequence[Row],
    drawn: Sequence[Prior],
    fitting: NDArray[np.bool_],
    found: Fitted,
    folder: Path,
    how: str,
) -> str:
    """Return the scenario with the values at the point estimate, as a file for that folder."""
    names = {prior.name for prior, moved in zip(drawn, fitting, strict=True) if moved}
    because = {}
    for name, value in values_at(scenario, drawn, found.point).items():
        if name in names:
            places = [place for place, prior in enumerate(drawn) if prior.name == name]
            told = _told(rows, found.slopes[:, places])
            because[name] = value, f"fitted to {told} (demandsim {__version__})"
    why = (
        f"The values that agree best with {len(rows)} targets: {how}. Which targets, how near, and how well "
        "each value is identified: report.md beside this file."
    )
    return overlay_toml(scenario, folder, f"{scenario.title}, fitted", why, because, ENSEMBLE_FILE)


def _told(rows: Sequence[Row], slopes: Array) -> str:
    """Return the ids of the targets that move most with some parameters."""
    moved = np.abs(slopes).max(axis=1)
    least = max(_SLIGHT * moved.max(), _NOTHING)
    named = dict.fromkeys(rows[place].target.id for place in np.argsort(-moved)[:_NAMED] if moved[place] >= least)
    return f"{', '.join(named)} among others" if named else "its prior: no target moves with it"
