"""The ensemble: members drawn around the nearest point of all that is drawn, and carried to the figures.

Each member is held to a beginning, drawn from what is thought beforehand, and to figures with errors of its own. It
leaps from the nearest point to where both would be met best if figures were straight lines: so members lie as far from
one another as what is not known lets them. But figures bend, and there they are off. So each is carried, by steps
as small as may be, to where they are what straight lines said. Where members would be best without straight lines they
would find by themselves only now and then: most stop half way, where the next step gains nothing.

Nearly there, some members are simulated, and what is foretold wrongly of them is learned, by lines for all. What lines
leave, but for what luck makes of it, counts as not known, as luck in the simulations of the nearest point does. What
each is drawn to is then worked out anew, and it goes on from where it is. A last simulation, with luck that nothing was
fitted to, shows where that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from demandsim.experiment.nearest import Nearest
from demandsim.experiment.observed import Observed
from demandsim.fit.likely import Members, carrying
from demandsim.fit.sparse import Lines, sparse_lines
from demandsim.scenario.unknowns import Unknown

Array = NDArray[np.float64]

#: Rounds of every member before what is foretold is corrected, of which the first is its leap, and afterwards.
ROUNDS = (3, 4)
#: A member has arrived when it differs from what it is drawn to by less than this for a figure: squared gaps, and how
#: far it went for that, in squares of the errors of figures and of what is thought beforehand.
_ARRIVED = 0.1
#: Members simulated, and how often to teach, each time with a luck of its own; once more to check. Of more members
#: nothing more would be learned: what is not known is luck of the nearest point's simulations by then.
_SOME, _TEACH = 100, 2
#: By how much what is foretold wrongly differs from member to member, beside lines, before that is measured; and how
#: sure that is, as a standard deviation. Both are variances of figures, and judgements: where luck hides what differs,
#: a measurement alone is off by more than all that is known of a figure.
_USUALLY, _SURE = 0.5, 1.0


@dataclass(frozen=True, slots=True)
class Assimilated:
    """The ensemble found.

    Attributes:
        before, after: (member, unknown), in standard units.
        foretold: (member, row): gaps that the members were moved by.
        check: (some member, row): gaps simulated with luck that nothing was fitted to; nothing if that was not asked.
    """

    before: Array
    after: Array
    foretold: Array
    check: Array


def spent(members: int) -> int:
    """Return how many simulations so many members take."""
    return (_TEACH + 1) * min(members, _SOME)


def assimilate(
    observed: Observed, unknowns: Sequence[Unknown], middle: Nearest, members: int, seed: int, check: bool = True
) -> Assimilated:
    """Draw members and move them until they agree with the figures.

    Args:
        observed: what simulates.
        unknowns: what the members draw.
        middle: the point nearest to the figures, of all that is drawn; what foretells gaps around it learns.
        members: how many.
        seed: master seed.
        check: whether to simulate some members once more, with luck that nothing was fitted to.
    """
    generator = np.random.default_rng([seed, members])
    before = generator.standard_normal((members, len(unknowns)))
    errors = generator.standard_normal((members, len(observed.rows)))
    # A figure that only one simulation has a value of shows nothing of luck.
    luck = np.nan_to_num(np.nanvar(middle.found, axis=0, ddof=1)) / len(middle.found)
    rounds = count(1)

    def drawn(slopes: Array, unknown: Array) -> Members:
        """Return members drawn to where lines from the nearest point lead."""
        (gaps,) = middle.foretold("Mean field", middle.units[None])
        spread = np.sqrt(1.0 + luck + unknown)
        return carrying(before, errors, slopes, gaps, observed.steepness(unknowns), middle.units, spread)

    def carry(moving: Members, times: int) -> None:
        for time in range(times):
            on = (moving.misfits > _ARRIVED * len(observed.rows)) | (time == 0)
            units, gaps = np.where(on[:, None], moving.proposed(), moving.units), moving.gaps
            said = f"Ensemble, round {next(rounds)} of {sum(ROUNDS)}"
            if on.any():
                gaps[on] = middle.foretold(said, units[on])
            moving.seen(units, gaps)

    slopes = middle.foretold.slopes("Slopes at the middle", middle.units)
    moving = drawn(slopes, np.zeros(len(observed.rows)))
    carry(moving, ROUNDS[0])
    lines, unknown = _learned(observed, unknowns, moving, middle)
    middle.foretold.learn(lines.level, lines.slopes)
    onward = drawn(slopes + lines.slopes, unknown)
    onward.go_on(moving, moving.gaps + lines(moving.units))
    carry(onward, ROUNDS[1])
    again = _checked(observed, unknowns, onward.units[:_SOME], len(middle.found)) if check else np.empty(0)
    return Assimilated(before, onward.units, onward.gaps, again)


def _learned(observed: Observed, unknowns: Sequence[Unknown], moving: Members, middle: Nearest) -> tuple[Lines, Array]:
    """Return what is foretold wrongly where members are.

    Returns:
        Lines for all, and (row,) of the variance that lines don't explain and luck doesn't make.
    """
    units = moving.units[:_SOME]
    # A figure without a value in a simulation is not wrong in it.
    wrong = np.nan_to_num(_simulated(observed, unknowns, units, middle) - moving.gaps[:_SOME, None])
    lines = sparse_lines(units, wrong.mean(axis=1))
    chance = wrong.var(axis=1, ddof=1).mean(axis=0) / _TEACH
    return lines, _unlearned(lines.errors, chance, len(units))


def _unlearned(errors: Array, chance: Array, members: int) -> Array:
    """Return the variance of each figure by which members differ from what lines say, beside chance.

    Args:
        errors: (row,): mean squares that lines leave of members they were not fitted to, of which chance is a part.
        chance: (row,): variance that luck makes of them.
        members: from which both are measured.
    """
    variance = 2.0 * (errors**2 + chance**2 / (_TEACH - 1)) / members
    weight = _SURE**2 / (_SURE**2 + variance)
    return np.maximum(weight * (errors - chance) + (1.0 - weight) * _USUALLY, 0.0)


def _simulated(observed: Observed, unknowns: Sequence[Unknown], units: Array, middle: Nearest) -> Array:
    """Return (member, luck, row) of gaps.

    The lucks are of those with which the middle was simulated. Of what each does there as much is taken off as it does
    here too.
    """
    usual = middle.found - np.nanmean(middle.found, axis=0)
    firsts = [_TEACH * number % (len(usual) - _TEACH + 1) for number in range(len(units))]
    found = np.array(
        observed.simulated(
            "Ensemble, simulated",
            [observed.at(unknowns, one) for one in units],
            [range(first, first + _TEACH) for first in firsts],
        )
    )
    there = np.nan_to_num(np.array([usual[first : first + _TEACH] for first in firsts]))
    away, usually = (one - one.mean(axis=1, keepdims=True) for one in (found, there))
    usually = np.where(np.isnan(away), 0.0, usually)
    share = np.nansum(away * usually, axis=(0, 1)) / np.maximum(np.sum(usually**2, axis=(0, 1)), 1e-12)
    return np.asarray(found - np.clip(share, 0.0, 1.0) * there)


def _checked(observed: Observed, unknowns: Sequence[Unknown], units: Array, used: int) -> Array:
    """Return (member, row) of gaps, each member with a luck of its own, of those not used."""
    found = observed.simulated(
        "Checking the ensemble",
        [observed.at(unknowns, one) for one in units],
        [range(luck, luck + 1) for luck in range(used, used + len(units))],
    )
    return np.concatenate(found)
