"""The ensemble: members drawn around the nearest point of all that is drawn, and carried to the figures.

Members are drawn as if figures were straight lines of the numbers, which bend with their units: so they lie as far from
one another as what is not known lets them. What the model gives where they are corrects the lines, and they are drawn
anew. But figures bend in the numbers too, and there members are off. So each is carried, by steps as small as may be,
to where figures are what lines said. Where members would be best without straight lines they would find by themselves
only now and then: most stop half way, where the next step gains nothing.

What is foretold is corrected before: some members go ahead, and are simulated where they come to. What is foretold
wrongly of them is learned by lines. What lines leave, but for what luck makes of it, counts as not known, as luck in
the simulations of the nearest point does. Where the nearest point stays further from the figures than errors explain,
those count as so much larger. A last simulation of some, with luck that nothing was fitted to, shows where the members
are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from demandsim.experiment.nearest import Nearest, luck_of_mean
from demandsim.experiment.observed import Observed
from demandsim.fit.chains import Straight, drawn, scattered
from demandsim.fit.likely import Members, birge, carrying
from demandsim.fit.sparse import Lines, sparse_lines
from demandsim.scenario.unknowns import Unknown

Array = NDArray[np.float64]

#: How often lines are corrected by what is foretold of members drawn by them.
_CORRECTED = 2
#: How often chains are thrown anew for that, and then once more for members that stay.
THROWN = (150, 500)
#: Rounds at most of a member on its way to what lines said. Half or more arrive in five, and most others are near by
#: then; but two or three in a hundred are so far away that they alone would make figures vary nearly twice as widely.
ROUNDS = 10
#: A member has arrived when outputs differ from what it is drawn to by less than this, a mean of squares in errors.
_ARRIVED = 0.2
#: Members that go ahead, how often each is simulated to teach, and members that are simulated to check.
_AHEAD, TEACH, _CHECKED = 100, 8, 50
#: Simulations of the nearest point.
_LUCKS = 200
#: By how much what is foretold wrongly differs from member to member, beside lines, before that is measured; and how
#: sure that is, as a standard deviation. Both are variances of figures, and judgements: where luck hides what differs,
#: a measurement alone is off by more than all that is known of a figure.
_USUALLY, _SURE = 0.5, 1.0


@dataclass(frozen=True, slots=True)
class Assimilated:
    """The ensemble found.

    Attributes:
        units: (member, unknown), in standard units.
        ahead: the same of those that went ahead: drawn with luck of their own, before what they teach was known.
        foretold: (member, row): gaps that the members were moved by.
        check: (one of the first members, row): gaps simulated with luck that nothing was fitted to, if that was asked.
        wider: how many times as large the figures' errors counted as their tolerances say.
    """

    units: Array
    ahead: Array
    foretold: Array
    check: Array
    wider: float


def spent(members: int) -> int:
    """Return how many simulations at most so many members take."""
    return _LUCKS + TEACH * min(members, _AHEAD) + min(members, _CHECKED)


def assimilate(
    observed: Observed,
    unknowns: Sequence[Unknown],
    middle: Nearest,
    members: int,
    seed: int,
    teach: int = TEACH,
    check: bool = True,
) -> Assimilated:
    """Draw members and move them until they agree with the figures.

    Args:
        observed: what simulates.
        unknowns: what the members draw.
        middle: the point nearest to the figures, of all that is drawn; what foretells gaps around it learns.
        members: how many.
        seed: master seed.
        teach: how often each member that goes ahead is simulated, twice or more.
        check: whether to simulate some members once more, with luck that nothing was fitted to.
    """
    (found,) = observed.simulated("Middle of the ensemble", [observed.at(unknowns, middle.units)], [range(_LUCKS)])
    drawing = _Drawing(observed, unknowns, middle, np.nanmean(found, axis=0))
    wider = birge(middle.misfit, len(observed.rows))
    unknown = wider**2 + luck_of_mean(found)
    ahead = drawing.members("Members that go ahead", min(members, _AHEAD), unknown, np.random.default_rng([seed, 0]))
    wrong = _simulated(observed, unknowns, ahead.units, found, teach) - ahead.gaps[:, None]
    lines, unlearned = _learned(wrong, ahead.units)
    drawing.learn(lines)
    ensemble = drawing.members("Ensemble", members, unknown + unlearned, np.random.default_rng([seed, 1]))
    again = _checked(observed, unknowns, ensemble.units[:_CHECKED], len(found)) if check else np.empty(0)
    return Assimilated(ensemble.units, ahead.units, ensemble.gaps, again, wider)


class _Drawing:
    """Draws members around the middle, and carries them to where figures are what straight lines said.

    Args:
        observed: what approximates.
        unknowns: what the members draw.
        middle: the nearest point; what foretells gaps around it learns.
        there: (row,) of gaps simulated there.
    """

    def __init__(self, observed: Observed, unknowns: Sequence[Unknown], middle: Nearest, there: Array) -> None:
        self._bend, self._tell = observed.bend(unknowns), observed.tell
        self._middle, self._foretold = middle.units, middle.foretold
        slopes = self._foretold.slopes("Slopes at the middle", self._middle)
        self._slopes = slopes / self._bend.steepness(self._middle)
        self._foretold.learn(there - self._at_middle(), np.zeros_like(slopes))

    def learn(self, wrong: Lines) -> None:
        """Take in what is foretold wrongly, at units of nothing and for a unit of each unknown."""
        self._foretold.learn(wrong.level, wrong.slopes)
        self._slopes = self._slopes + wrong.slopes / self._bend.steepness(self._middle)

    def members(self, what: str, number: int, unknown: Array, chance: np.random.Generator) -> Members:
        """Return members where they are carried to.

        Args:
            what: they are, to say while it goes on.
            number: how many.
            unknown: (row,): variance with which figures are known.
            chance: of what is drawn.
        """
        level = self._at_middle() - self._bend.moved(self._middle) @ self._slopes.T
        lines = Straight(level, self._slopes, np.sqrt(unknown), self._bend)
        straight, left, units = self._by_lines(what, number, lines, chance)
        outputs, kept = straight(units), unknown / (unknown + left)
        drawn_to = kept * outputs + np.sqrt(kept * left) * chance.standard_normal(outputs.shape)
        moving = carrying(units, outputs, drawn_to, straight.slopes, lines.spread, self._bend.steepness)
        on = np.full(number, True)
        for time in range(ROUNDS):
            units, gaps = np.where(on[:, None], moving.proposed(), moving.units), moving.gaps
            gaps[on] = self._foretold(f"{what}, round {time + 1} of at most {ROUNDS}", units[on])
            moving.seen(units, gaps)
            on = moving.off > _ARRIVED
            if not on.any():
                break
        return moving

    def _by_lines(
        self, what: str, number: int, lines: Straight, chance: np.random.Generator
    ) -> tuple[Straight, Array, Array]:
        """Return corrected lines, the variance (row,) that they leave, and members drawn by them."""
        units, straight, left, seen = scattered(lines, self._middle, number, chance), lines, np.zeros(1), []
        tell = partial(self._tell, f"{what}, drawn")
        for _ in range(_CORRECTED):
            units = drawn(straight, self._middle, units, chance, THROWN[0], tell)
            seen.append((units, self._foretold(f"{what}, lines", units)))
            straight, left = _corrected(lines, seen)
        return straight, left, drawn(straight, self._middle, units, chance, THROWN[1], tell)

    def _at_middle(self) -> Array:
        return np.asarray(self._foretold("Mean field", self._middle[None])[0])


def _corrected(lines: Straight, seen: Sequence[tuple[Array, Array]]) -> tuple[Straight, Array]:
    """Return lines corrected by gaps seen at points, and (row,) of the variance that they leave there."""
    units, gaps = (np.concatenate(one) for one in zip(*seen, strict=True))
    more = sparse_lines(lines.bend.moved(units), np.nan_to_num(gaps - lines(units)))
    spread = np.sqrt(lines.spread**2 + more.errors)
    return replace(lines, level=lines.level + more.level, slopes=lines.slopes + more.slopes, spread=spread), more.errors


def _learned(wrong: Array, units: Array) -> tuple[Lines, Array]:
    """Return what (member, luck, row) of what is foretold wrongly show, where the members are.

    Returns:
        Lines for all, and (row,) of the variance that lines don't explain and luck doesn't make.
    """
    valued = np.maximum(np.sum(~np.isnan(wrong), axis=1, keepdims=True), 1)
    # A figure without a value in a simulation is as wrong in it as in the others of that member.
    wrong = np.where(np.isnan(wrong), np.nansum(wrong, axis=1, keepdims=True) / valued, wrong)
    lines = sparse_lines(units, wrong.mean(axis=1))
    lucks = wrong.shape[1]
    chance = wrong.var(axis=1, ddof=1).mean(axis=0) / lucks
    return lines, _unlearned(lines.errors, chance, len(units), lucks)


def _unlearned(errors: Array, chance: Array, members: int, lucks: int) -> Array:
    """Return the variance of each figure by which members differ from what lines say, beside chance.

    Args:
        errors: (row,): mean squares that lines leave of members they were not fitted to, of which chance is a part.
        chance: (row,): variance that luck makes of them.
        members: from which both are measured.
        lucks: simulations of each.
    """
    variance = 2.0 * (errors**2 + chance**2 / (lucks - 1)) / members
    weight = _SURE**2 / (_SURE**2 + variance)
    return np.maximum(weight * (errors - chance) + (1.0 - weight) * _USUALLY, 0.0)


def _simulated(observed: Observed, unknowns: Sequence[Unknown], units: Array, middle: Array, teach: int) -> Array:
    """Return (member, luck, row) of gaps.

    The lucks are of those with which the middle was simulated, (luck, row). Of what each does there as much is taken
    off as it does here too.
    """
    usual = middle - np.nanmean(middle, axis=0)
    firsts = [teach * number % (len(usual) - teach + 1) for number in range(len(units))]
    found = np.array(
        observed.simulated(
            "Members that go ahead, simulated",
            [observed.at(unknowns, one) for one in units],
            [range(first, first + teach) for first in firsts],
        )
    )
    there = np.nan_to_num(np.array([usual[first : first + teach] for first in firsts]))
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
