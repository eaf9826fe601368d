"""What a calibration has found, made ready to be read and used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demandsim import __version__
from demandsim.experiment.assimilate import Assimilated
from demandsim.experiment.nearest import Nearest
from demandsim.experiment.observed import Observed
from demandsim.experiment.run import manifest_of
from demandsim.fit.identified import combinations
from demandsim.fit.likely import together
from demandsim.results.calibration import Figure, Fit, Held, Number, Span
from demandsim.results.fit_rows import Row
from demandsim.results.uncertainty import estimate
from demandsim.scenario.ensemble import Ensemble
from demandsim.scenario.overlay import overlay_toml
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.unknowns import Unknown, values_at

Array = NDArray[np.float64]

#: Half of nine in ten, in standard deviations.
_HALF = 1.645
#: Draws that show what is thought of numbers beforehand.
_BEFOREHAND = 400
#: Figures named as those that a value was fitted to.
_NAMED = 4
#: A figure that moves by less than this share of the most that any does is not named.
_SLIGHT = 0.25


def fit_of(
    scenario: Scenario,
    observed: Observed,
    unknowns: Sequence[Unknown],
    slopes: Array,
    point: Nearest,
    drawn: Sequence[Unknown],
    members: Assimilated,
    how: str,
    seed: int,
    digest: str,
) -> Fit:
    """Return a fit, ready to be read.

    Args:
        scenario: as given.
        observed: what simulated.
        unknowns: what was fitted.
        slopes: (row, unknown) at the declared values.
        point: the nearest point.
        drawn: what the ensemble draws.
        members: of the ensemble.
        how: method, members and simulations, in a line.
        seed: master seed.
        digest: of the fit.
    """
    manifest = replace(manifest_of(scenario, len(point.found), seed, False), digest=digest)
    start = np.nanmean(point.start, axis=0)
    return Fit(
        manifest,
        how,
        tuple(_figure(row, place, point, members) for place, row in enumerate(observed.rows)),
        _numbers(scenario, unknowns, point.units, drawn, members),
        tuple(
            Held(one.value, one.left, ", ".join(f"{weight:+.2f} {unknowns[at].label}" for at, weight in one.parts))
            for one in combinations(slopes)
            if one.left < 0.99
        ),
        point.misfit,
        together(len(observed.rows)),
        members.wider,
        tuple((point.approximated - start) / 2),
    )


def _figure(row: Row, place: int, point: Nearest, members: Assimilated) -> Figure:
    def own(gap: float) -> float:
        return row.target.value + gap * row.deviation

    after = estimate(point.found[:, place])
    return Figure(
        row,
        own(float(np.nanmean(point.start[:, place]))),
        own(after.mean),
        after.error * row.deviation,
        own(float(np.nanmean(members.check[:, place]))),
        _HALF * float(members.foretold[:, place].std(ddof=1)) * row.deviation,
    )


def _numbers(
    scenario: Scenario, unknowns: Sequence[Unknown], units: Array, drawn: Sequence[Unknown], members: Assimilated
) -> tuple[Number, ...]:
    nearest = values_at(scenario, unknowns, units)
    declared = {unknown.name: scenario.settings[unknown.name].value for unknown in drawn}
    beforehand = np.random.default_rng(_BEFOREHAND).standard_normal((_BEFOREHAND, len(drawn)))
    every = [[values_at(scenario, drawn, one) for one in these] for these in (beforehand, members.units)]
    found = []
    for place, unknown in enumerate(drawn):
        before, now = (_nine_in_ten([unknown.of(one) for one in values]) for values in every)
        after = members.units[:, place]
        low, middle, high = np.quantile(after, [0.05, 0.5, 0.95])
        found.append(
            Number(
                *(unknown.key, unknown.label, PARAMETERS[unknown.name].unit),
                str(scenario.settings[unknown.name].declared.basis),
                unknown.of(declared),
                unknown.of(nearest if unknown in unknowns else declared),
                before,
                now,
                (float(low), float(middle), float(high)),
                float(after.std(ddof=1)),
                unknown in unknowns,
            )
        )
    return tuple(found)


def _nine_in_ten(values: Sequence[float]) -> Span:
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)


def ensemble_of(scenario: Scenario, drawn: Sequence[Unknown], units: Array, about: str) -> Ensemble:
    """Return the members in the parameters' own units."""
    values = [values_at(scenario, drawn, one) for one in units]
    members = tuple(tuple(unknown.of(one) for unknown in drawn) for one in values)
    return Ensemble(about, tuple(unknown.key for unknown in drawn), members)


def overlay_of(
    scenario: Scenario,
    observed: Observed,
    unknowns: Sequence[Unknown],
    slopes: Array,
    point: Nearest,
    folder: Path,
    how: str,
) -> str:
    """Return the scenario with the nearest values, as a file for that folder."""
    values = values_at(scenario, unknowns, point.units)
    because = {}
    for name, value in values.items():
        places = [place for place, unknown in enumerate(unknowns) if unknown.name == name]
        because[name] = value, f"fitted to {_targets(observed.rows, slopes[:, places])} (demandsim {__version__})"
    why = (
        f"The values nearest to {len(observed.rows)} published figures: {how}. Which figures, how near, and how well "
        "each value is known then: report.md beside this file."
    )
    return overlay_toml(scenario, folder, f"{scenario.title}, fitted", why, because)


def _targets(rows: Sequence[Row], slopes: Array) -> str:
    """Return the ids of the figures that move most with some numbers."""
    moved = np.abs(slopes).max(axis=1)
    order = [place for place in np.argsort(-moved)[:_NAMED] if moved[place] >= max(_SLIGHT * moved.max(), 1e-9)]
    named = list(dict.fromkeys(rows[place].target.id for place in order))
    return ", ".join(named) + " among others" if named else "what is thought of it beforehand: no figure moves with it"
