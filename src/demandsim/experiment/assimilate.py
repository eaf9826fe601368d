"""The ensemble: members drawn from what is thought beforehand, moved until they agree with the figures.

All begin at the middle, the point nearest to the figures. From there each goes at once to where it would agree best if
figures were straight lines: so they lie as far from one another as what is not known lets them, which is most of what
an ensemble is for. Then they step to where they do agree, by what is foretold of them. Part of the way each is
simulated, and what was foretold wrongly is learned; what can't be learned counts as not known, as the luck in the
simulations of the middle does. A last simulation, with luck that nothing was fitted to, shows where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.experiment.nearest import Nearest
from demandsim.experiment.observed import Observed
from demandsim.fit.likely import Members
from demandsim.fit.sparse import sparse_lines
from demandsim.scenario.unknowns import Unknown

Array = NDArray[np.float64]

#: Rounds in which every member takes a step: before its simulations, and after.
ROUNDS, MORE = 6, 5
#: Simulations of each member that teach, each with a luck of its own; and with the one that checks.
_TEACH = 2
A_MEMBER = _TEACH + 1


@dataclass(frozen=True, slots=True)
class Assimilated:
    """The ensemble found.

    Attributes:
        before, after: (member, unknown), in standard units.
        foretold: (member, row): gaps that the members were moved by.
        check: (member, row): gaps simulated with luck that nothing was fitted to; nothing if that was not asked.
        misfits: of the members, as they were moved: by their own errors.
    """

    before: Array
    after: Array
    foretold: Array
    check: Array
    misfits: Array


def assimilate(
    observed: Observed, unknowns: Sequence[Unknown], middle: Nearest, members: int, seed: int, check: bool = True
) -> Assimilated:
    """Draw members and move them until they agree with the figures.

    Args:
        observed: what simulates.
        unknowns: what the members draw.
        middle: the point nearest to the figures, of all that is drawn.
        members: how many.
        seed: master seed.
        check: whether to simulate the members once more, with luck that nothing was fitted to.
    """
    generator = np.random.default_rng([seed, members])
    before = generator.standard_normal((members, len(unknowns)))
    errors = generator.standard_normal((members, len(observed.rows)))
    luck = np.nanvar(middle.found, axis=0, ddof=1) / len(middle.found)
    gaps, steepness = np.nanmean(middle.found, axis=0), observed.steepness(unknowns)
    moving = Members(
        before, errors, middle.slopes, gaps, steepness, middle.units, spread=np.sqrt(1.0 + luck), leap=True
    )

    def step(number: int) -> None:
        units = moving.proposed()
        moving.seen(units, middle.foretold(f"Ensemble, step {number} of {ROUNDS + MORE}", units))

    for number in range(1, ROUNDS + 1):
        step(number)
    # A figure without a value in a simulation is not wrong in it.
    wrong = np.nan_to_num(_simulated(observed, unknowns, moving.units, middle) - moving.gaps[:, None])
    lines = sparse_lines(moving.units, wrong.mean(axis=1))
    # Of what members differ by that the lines were not fitted to, luck is a part.
    unlearned = np.maximum(lines.errors - wrong.var(axis=1, ddof=1).mean(axis=0) / _TEACH, 0.0)
    middle.foretold.learn(lines.level, lines.slopes)
    moving.learned(lines(moving.units), lines.slopes, np.sqrt(1.0 + luck + unlearned))
    for number in range(ROUNDS + 1, ROUNDS + MORE + 1):
        step(number)
    again = _checked(observed, unknowns, moving.units, len(middle.found)) if check else np.empty(0)
    return Assimilated(before, moving.units, moving.gaps, again, moving.misfits)


def _simulated(observed: Observed, unknowns: Sequence[Unknown], units: Array, middle: Nearest) -> Array:
    """Return (member, luck, row) of gaps.

    The lucks are of those with which the middle was simulated; what each does there is taken off.
    """
    usual = middle.found - np.nanmean(middle.found, axis=0)
    firsts = [_TEACH * number % (len(usual) - _TEACH + 1) for number in range(len(units))]
    found = observed.simulated(
        "Ensemble, simulated",
        [observed.at(unknowns, one) for one in units],
        [range(first, first + _TEACH) for first in firsts],
    )
    return np.asarray([one - usual[first : first + _TEACH] for one, first in zip(found, firsts, strict=True)])


def _checked(observed: Observed, unknowns: Sequence[Unknown], units: Array, used: int) -> Array:
    """Return (member, row) of gaps, each member with a luck of its own, of those not used."""
    found = observed.simulated(
        "Checking the ensemble",
        [observed.at(unknowns, one) for one in units],
        [range(luck, luck + 1) for luck in range(used, used + len(units))],
    )
    return np.concatenate(found)
