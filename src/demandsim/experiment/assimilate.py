"""The ensemble: members drawn from what is thought beforehand, moved towards the figures until they agree with them.

The first moves are by the mean field, shifted by what it gets wrong at the nearest point: it is exact in its way, and
takes no time where the members are far off. The last are by the simulator, so that its word is final.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.experiment.nearest import Nearest
from demandsim.experiment.observed import Observed
from demandsim.fit.ensemble import assimilated
from demandsim.scenario.unknowns import Unknown

Array = NDArray[np.float64]

#: Moves by the mean field and by the simulator; with the same inexactness in each, their inverses add up to 1.
BY_MEAN_FIELD, BY_SIMULATION = 2, 2
_INFLATION = float(BY_MEAN_FIELD + BY_SIMULATION)
#: Members simulated with a second luck in each move, to see how much of the gaps is luck.
TWICE = 30


@dataclass(frozen=True, slots=True)
class Assimilated:
    """The ensemble found.

    Attributes:
        before, after: (member, unknown), in standard units.
        check: (member, row): gaps simulated with luck that nothing was fitted to; nothing if that was not asked.
        noise: of each row, the variance of a member's gap that is luck.
    """

    before: Array
    after: Array
    check: Array
    noise: Array


def assimilate(
    observed: Observed,
    unknowns: Sequence[Unknown],
    point: Nearest,
    fitted: Sequence[Unknown],
    members: int,
    seed: int,
    check: bool = True,
) -> Assimilated:
    """Draw members and move them until they agree with the figures.

    Args:
        observed: what simulates.
        unknowns: what the members draw.
        point: the nearest point, of the unknowns in `fitted`.
        fitted: those.
        members: how many.
        seed: master seed.
        check: whether to simulate the members once more, with luck that nothing was fitted to.
    """
    generator = np.random.default_rng([seed, members])
    before = generator.standard_normal((members, len(unknowns)))
    units = before
    usual = np.nanmean(point.found, axis=0)
    off = usual - observed.approximated("Mean field", [observed.at(fitted, point.units)])[0]
    for number in range(BY_MEAN_FIELD):
        what = f"Ensemble by the mean field, {number + 1} of {BY_MEAN_FIELD}"
        found = observed.approximated(what, [observed.at(unknowns, one) for one in units]) + off
        units = assimilated(units, found, _INFLATION, np.zeros(found.shape[1]), generator)
    for number in range(BY_SIMULATION):
        what = f"Ensemble by simulation, {number + 1} of {BY_SIMULATION}"
        found, noise = _simulated(observed, unknowns, units, point, what)
        units = assimilated(units, found, _INFLATION, noise, generator)
    noise = np.nanvar(point.found, axis=0, ddof=1)
    return Assimilated(before, units, _checked(observed, unknowns, units, point) if check else np.empty(0), noise)


def _checked(observed: Observed, unknowns: Sequence[Unknown], units: Array, point: Nearest) -> Array:
    """Return (member, row) of gaps, each member with a luck of its own."""
    lucks = range(len(point.found), len(point.found) + len(units))
    found = observed.simulated(
        "Checking the ensemble",
        [observed.at(unknowns, one) for one in units],
        [range(luck, luck + 1) for luck in lucks],
    )
    return np.concatenate(found)


def _simulated(
    observed: Observed, unknowns: Sequence[Unknown], units: Array, point: Nearest, what: str
) -> tuple[Array, Array]:
    """Return (member, row) of gaps, and of each row the variance that luck has in them.

    A member has one luck, of those with which the nearest point was simulated; what that luck does there is taken off.
    """
    usual = point.found - np.nanmean(point.found, axis=0)
    lucks = len(usual)
    which = [range(first := number % lucks, min(first + 1 + (number < TWICE), lucks)) for number in range(len(units))]
    found = observed.simulated(what, [observed.at(unknowns, one) for one in units], which)
    without = [values - usual[numbers.start : numbers.stop] for values, numbers in zip(found, which, strict=True)]
    pairs = np.array([values[1] - values[0] for values in without if len(values) == 2])
    return np.array([values[0] for values in without]), np.nanmean(pairs**2, axis=0) / 2
