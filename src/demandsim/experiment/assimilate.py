"""The ensemble: members drawn from what is thought beforehand, moved until they agree with the figures.

They move by the mean field, shifted by what it gets wrong at the nearest point: it has no luck in it, which in one
simulation of one authority is larger than what England's figures allow. For figures of which it knows nothing the
simulator moves them, once. The simulator then has the last word on where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.experiment.nearest import Nearest
from demandsim.experiment.observed import Observed
from demandsim.fit.ensemble import assimilated
from demandsim.fit.likely import Members
from demandsim.scenario.unknowns import Unknown

Array = NDArray[np.float64]

#: Rounds in which every member takes a step.
ROUNDS = 10
#: Simulations of each member: one that moves it, and one that checks it.
A_MEMBER = 2
#: Members simulated with a second luck, to see how much of the gaps is luck.
TWICE = 30


@dataclass(frozen=True, slots=True)
class Assimilated:
    """The ensemble found.

    Attributes:
        before, after: (member, unknown), in standard units.
        approximated: (member, row): gaps by the mean field, shifted; not a number where it can't say.
        check: (member, row): gaps simulated with luck that nothing was fitted to; nothing if that was not asked.
        noise: of each row, the variance of a member's gap that is luck.
    """

    before: Array
    after: Array
    approximated: Array
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
    errors = generator.standard_normal((members, len(observed.rows)))
    off = np.nanmean(point.found, axis=0) - observed.approximated("Mean field", [observed.at(fitted, point.units)])[0]
    moving = Members(before, errors, observed.slopes(unknowns), point.approximated + off)
    for number in range(1, ROUNDS + 1):
        units = moving.proposed()
        what = f"Ensemble, step {number} of {ROUNDS}"
        moving.seen(units, observed.approximated(what, [observed.at(unknowns, one) for one in units]) + off)
    units = moving.units
    silent = np.isnan(off)
    if silent.any():
        found, noise = _simulated(observed, unknowns, units, point)
        units = assimilated(units, found[:, silent], 1.0, noise[silent], generator)
    again = _checked(observed, unknowns, units, point) if check else np.empty(0)
    return Assimilated(before, units, moving.gaps, again, np.nanvar(point.found, axis=0, ddof=1))


def _checked(observed: Observed, unknowns: Sequence[Unknown], units: Array, point: Nearest) -> Array:
    """Return (member, row) of gaps, each member with a luck of its own."""
    lucks = range(len(point.found), len(point.found) + len(units))
    found = observed.simulated(
        "Checking the ensemble",
        [observed.at(unknowns, one) for one in units],
        [range(luck, luck + 1) for luck in lucks],
    )
    return np.concatenate(found)


def _simulated(observed: Observed, unknowns: Sequence[Unknown], units: Array, point: Nearest) -> tuple[Array, Array]:
    """Return (member, row) of gaps, and of each row the variance that luck has in them.

    A member has one luck, of those with which the nearest point was simulated; what that luck does there is taken off.
    """
    usual = point.found - np.nanmean(point.found, axis=0)
    lucks = len(usual)
    which = [range(first := number % lucks, min(first + 1 + (number < TWICE), lucks)) for number in range(len(units))]
    found = observed.simulated("Ensemble, simulated", [observed.at(unknowns, one) for one in units], which)
    without = [values - usual[numbers.start : numbers.stop] for values, numbers in zip(found, which, strict=True)]
    pairs = np.array([values[1] - values[0] for values in without if len(values) == 2])
    return np.array([values[0] for values in without]), np.nanmean(pairs**2, axis=0) / 2
