"""The ensemble: members drawn around the nearest point of all that is drawn, and carried to the figures.

Each member is held to a beginning, drawn from what is thought beforehand, and to figures with errors of its own. It
leaps from the nearest point to where both would be met best if figures were straight lines: so members lie as far from
one another as what is not known lets them. But figures bend, and there they are off. So each is carried, by steps
as small as may be, to where they are what straight lines said. Where members would be best without straight lines they
would find by themselves only now and then: most stop half way, where the next step gains nothing.

What is foretold is corrected before: some members go ahead, and are simulated where they come to. What is foretold
wrongly of them is learned by lines. What lines leave, but for what luck makes of it, counts as not known, as luck in
the simulations of the nearest point does. Where the nearest point stays further from the figures than errors explain,
those count as so much larger. A last simulation of some, with luck that nothing was fitted to, shows where the members
are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.experiment.nearest import Nearest, luck_of_mean
from demandsim.experiment.observed import Observed
from demandsim.fit.likely import Members, birge, carrying
from demandsim.fit.sparse import Lines, sparse_lines
from demandsim.scenario.unknowns import Unknown

Array = NDArray[np.float64]

#: Rounds of the members that go ahead, and then at most of every member; the first of each is a leap.
ROUNDS = (5, 6)
#: A member has arrived when outputs differ from what it is drawn to by less than this, a mean of squares in errors.
_ARRIVED = 0.02
#: After each step outputs have to be met so much more nearly. Where a number has to go far for what a figure allows, as
#: the figure bends, members that may miss it by a little stay where they are, and all lie too close together.
_TIGHTER = 0.5
#: Members that go ahead, how often each is simulated to teach, and members that are simulated to check. Were it more,
#: what luck leaves in doubt at the nearest point would still count for more.
_AHEAD, _TEACH, _CHECKED = 100, 2, 50
#: Simulations of the nearest point.
_LUCKS = 100
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
        check: (one of the first members, row): gaps simulated with luck that nothing was fitted to, if that was asked.
        wider: how many times as large the figures' errors counted as their tolerances say.
    """

    before: Array
    after: Array
    foretold: Array
    check: Array
    wider: float


def spent(members: int) -> int:
    """Return how many simulations at most so many members take."""
    return _LUCKS + _TEACH * min(members, _AHEAD) + min(members, _CHECKED)


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
    steepness, foretold = observed.steepness(unknowns), middle.foretold
    slopes = foretold.slopes("Slopes at the middle", middle.units)
    (found,) = observed.simulated("Middle of the ensemble", [observed.at(unknowns, middle.units)], [range(_LUCKS)])
    there = np.nanmean(found, axis=0) - foretold("Mean field", middle.units[None])[0]
    foretold.learn(there, np.zeros_like(slopes))
    wider = birge(middle.misfit, len(observed.rows))
    unknown = wider**2 + luck_of_mean(found)

    def carried(number: int, what: str, times: int, unknown: Array) -> Members:
        """Return the first members where they are carried to, if figures are known with that variance."""
        (gaps,) = foretold("Mean field", middle.units[None])
        drawn = before[:number], errors[:number], slopes, gaps, steepness, middle.units, np.sqrt(unknown)
        moving = carrying(*drawn)
        for time in range(times):
            on = np.full(number, True) if time == 0 else moving.off > _ARRIVED
            if not on.any():
                break
            units, gaps = np.where(on[:, None], moving.proposed(), moving.units), moving.gaps
            gaps[on] = foretold(f"{what}, round {time + 1} of at most {times}", units[on])
            moving.seen(units, gaps)
            if time > 0:
                moving.tighten(_TIGHTER)
        return moving

    ahead = carried(min(members, _AHEAD), "Members that go ahead", ROUNDS[0], unknown)
    wrong = _simulated(observed, unknowns, ahead.units, found) - ahead.gaps[:, None]
    lines, unlearned = _learned(wrong, ahead.units)
    foretold.learn(lines.level, lines.slopes)
    slopes = slopes + lines.slopes
    ensemble = carried(members, "Ensemble", ROUNDS[1], unknown + unlearned)
    again = _checked(observed, unknowns, ensemble.units[:_CHECKED], len(found)) if check else np.empty(0)
    return Assimilated(before, ensemble.units, ensemble.gaps, again, wider)


def _learned(wrong: Array, units: Array) -> tuple[Lines, Array]:
    """Return what (member, luck, row) of what is foretold wrongly show, where the members are.

    Returns:
        Lines for all, and (row,) of the variance that lines don't explain and luck doesn't make.
    """
    wrong = np.nan_to_num(wrong)  # a figure without a value in a simulation is not wrong in it
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


def _simulated(observed: Observed, unknowns: Sequence[Unknown], units: Array, middle: Array) -> Array:
    """Return (member, luck, row) of gaps.

    The lucks are of those with which the middle was simulated, (luck, row). Of what each does there as much is taken
    off as it does here too.
    """
    usual = middle - np.nanmean(middle, axis=0)
    firsts = [_TEACH * number % (len(usual) - _TEACH + 1) for number in range(len(units))]
    found = np.array(
        observed.simulated(
            "Members that go ahead, simulated",
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
