"""The ensemble: members drawn from what is thought beforehand, moved until they agree with the figures.

They move by what the mean field says, shifted by what it gets wrong at the nearest point: it has no luck in it, which
in one simulation of one authority is larger than what England's figures allow. For figures of which it knows nothing a
straight line takes its place. Then every member is simulated once, what that teaches is added, and they move on. A
last simulation, with luck that nothing was fitted to, shows where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.experiment.nearest import Nearest
from demandsim.experiment.observed import Observed
from demandsim.fit.likely import Members
from demandsim.fit.sparse import sparse_slopes
from demandsim.scenario.unknowns import Unknown

Array = NDArray[np.float64]

#: Rounds in which every member takes a step: before its simulation, and after.
ROUNDS, MORE = 9, 5
#: Simulations of each member: one that teaches, and one that checks.
A_MEMBER = 2


@dataclass(frozen=True, slots=True)
class Assimilated:
    """The ensemble found.

    Attributes:
        before, after: (member, unknown), in standard units.
        foretold: (member, row): gaps that the members were moved by.
        check: (member, row): gaps simulated with luck that nothing was fitted to; nothing if that was not asked.
    """

    before: Array
    after: Array
    foretold: Array
    check: Array


def assimilate(
    observed: Observed,
    unknowns: Sequence[Unknown],
    slopes: Array,
    point: Nearest,
    fitted: int,
    members: int,
    seed: int,
    check: bool = True,
) -> Assimilated:
    """Draw members and move them until they agree with the figures.

    Args:
        observed: what simulates.
        unknowns: what the members draw; the first of them are those that were fitted.
        slopes: (row, unknown) at the declared values.
        point: the nearest point.
        fitted: how many unknowns were.
        members: how many.
        seed: master seed.
        check: whether to simulate the members once more, with luck that nothing was fitted to.
    """
    generator = np.random.default_rng([seed, members])
    before = generator.standard_normal((members, len(unknowns)))
    errors = generator.standard_normal((members, len(observed.rows)))
    there = np.concatenate([point.units, np.zeros(len(unknowns) - fitted)])
    foretell = _Foretold(observed, unknowns, slopes, there, np.nanmean(point.found, axis=0))
    (gaps,) = foretell("Mean field", np.zeros((1, len(unknowns))))
    moving = Members(before, errors, slopes, gaps, observed.steepness(unknowns))
    for number in range(1, ROUNDS + 1):
        units = moving.proposed()
        moving.seen(units, foretell(f"Ensemble, step {number} of {ROUNDS + MORE}", units))
    found = _simulated(observed, unknowns, moving.units, point)
    level, more = sparse_slopes(moving.units, found - moving.gaps)
    moving.learned(level + moving.units @ more.T, more)
    for number in range(ROUNDS + 1, ROUNDS + MORE + 1):
        units = moving.proposed()
        step = foretell(f"Ensemble, step {number} of {ROUNDS + MORE}", units)
        moving.seen(units, step + level + units @ more.T)
    again = _checked(observed, unknowns, moving.units, point) if check else np.empty(0)
    return Assimilated(before, moving.units, moving.gaps, again)


class _Foretold:
    """Gaps of members, foretold without simulating them.

    Args:
        observed: what approximates.
        unknowns: of the members.
        slopes: (row, unknown), for rows that the mean field knows nothing of.
        there: (unknown,): where what is so is known.
        found: (row,): gaps simulated there.
    """

    def __init__(
        self, observed: Observed, unknowns: Sequence[Unknown], slopes: Array, there: Array, found: Array
    ) -> None:
        self._observed, self._unknowns, self._slopes = observed, unknowns, slopes
        (approximated,) = observed.approximated("Mean field", [observed.at(unknowns, there)])
        self._off = found - np.where(np.isnan(approximated), slopes @ there, approximated)

    def __call__(self, what: str, units: Array) -> Array:
        """Return (member, row); `what` is said while it goes on."""
        found = self._observed.approximated(what, [self._observed.at(self._unknowns, one) for one in units])
        foretold: Array = np.where(np.isnan(found), units @ self._slopes.T, found) + self._off
        return foretold


def _checked(observed: Observed, unknowns: Sequence[Unknown], units: Array, point: Nearest) -> Array:
    """Return (member, row) of gaps, each member with a luck of its own."""
    lucks = range(len(point.found), len(point.found) + len(units))
    found = observed.simulated(
        "Checking the ensemble",
        [observed.at(unknowns, one) for one in units],
        [range(luck, luck + 1) for luck in lucks],
    )
    return np.concatenate(found)


def _simulated(observed: Observed, unknowns: Sequence[Unknown], units: Array, point: Nearest) -> Array:
    """Return (member, row) of gaps.

    A member has one luck, of those with which the nearest point was simulated; what that luck does there is taken off.
    """
    usual = point.found - np.nanmean(point.found, axis=0)
    lucks = [number % len(usual) for number in range(len(units))]
    found = observed.simulated(
        "Ensemble, simulated",
        [observed.at(unknowns, one) for one in units],
        [range(luck, luck + 1) for luck in lucks],
    )
    return np.asarray(np.concatenate(found) - usual[lucks])
