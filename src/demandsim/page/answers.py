"""What a page answers for a setting: levels, differences and cost, each with its 90% interval.

The page's own script does the same arithmetic; a browser test holds one against the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls
from scipy.special import ndtri

from demandsim.page.emulator import Emulator, fit
from demandsim.page.outputs import SPEND, Output
from demandsim.results.uncertainty import BAND
from demandsim.threads import on_one_thread

Array = NDArray[np.float64]

TAIL = (1 - BAND) / 2
#: Standard deviations in half of a 90% interval, where it is normal.
HALF = float(-ndtri(TAIL))
#: Half the variance is what the mean of a logarithm is short of the mean's; where that is large it is not known well.
MOST_BIAS = 0.05
#: A shift on the scale of a logarithm beyond which nothing was simulated.
_MOST_SHIFT = 5.0
#: Of the variance that a move makes, what every lever shares; and the least move that counts as one.
_SHARED, _LEAST_MOVE = 0.8, 0.1


@dataclass(frozen=True)
class Reference:
    """The scenario as it is.

    Attributes:
        values: of each replication: (replication, year, measure).
        mean, low, high: over replications: (year, measure).
    """

    values: Array
    mean: Array
    low: Array
    high: Array

    @staticmethod
    def of(values: Array) -> Reference:
        low, high = np.nanquantile(values, [TAIL, 1 - TAIL], axis=0)
        return Reference(values, np.nanmean(values, axis=0), low, high)


@dataclass(frozen=True)
class Answer:
    """What a setting comes to, by (year, measure); cost by year, in millions of pounds since the first year.

    `error` and `cost_error` are two standard errors of a simulated difference; the emulator has none.
    """

    mean: Array
    low: Array
    high: Array
    difference: Array
    difference_low: Array
    difference_high: Array
    cost: Array
    cost_low: Array
    cost_high: Array
    error: Array | None = None
    cost_error: Array | None = None


@dataclass(frozen=True)
class Answers:
    """All that a page needs to answer.

    Attributes:
        measures: of the page.
        reference: the scenario as it is.
        emulator: how far answers move: by (year since the start, measure), flattened.
        spread: variance that each lever's move makes between replications: (lever, year, measure).
        cost_spread: the same of the cost since the first year: (lever, year).
    """

    measures: tuple[Output, ...]
    reference: Reference
    emulator: Emulator
    spread: Array
    cost_spread: Array

    def answer(self, scaled: Array, start: int) -> Answer:
        """Return what one setting comes to.

        Args:
            scaled: one number for each lever, as `Lever.scaled` has them.
            start: place of the year from which they act.
        """
        shape = self.reference.mean.shape
        moves = _later(self.emulator.moves(scaled[None])[0].reshape(shape), start)
        variance = _later(np.tensordot(np.abs(scaled), self.spread, 1), start)
        mean, low, high, difference, less, more = (np.empty(shape) for _ in range(6))
        for place, one in enumerate(self.measures):
            usual, ends = self.reference.mean[:, place], (self.reference.low[:, place], self.reference.high[:, place])
            shift, width = moves[:, place], HALF * np.sqrt(variance[:, place])
            if not one.share:
                shift = shift + np.minimum(variance[:, place] / 2, MOST_BIAS)
            mean[:, place] = level = _moved(one, usual, shift)
            low[:, place] = end_of(one, usual, ends[0], level, shift, width, -1)
            high[:, place] = end_of(one, usual, ends[1], level, shift, width, 1)
            difference[:, place] = level - usual
            less[:, place] = _moved(one, usual, shift - width) - usual
            more[:, place] = _moved(one, usual, shift + width) - usual
        return Answer(mean, low, high, difference, less, more, *self._cost(difference, scaled, start))

    def _cost(self, difference: Array, scaled: Array, start: int) -> tuple[Array, Array, Array]:
        lines = [place for place, one in enumerate(self.measures) if one.id in SPEND]
        cost = difference[:, lines].sum(axis=1).cumsum()
        width = HALF * np.sqrt(_later(np.abs(scaled) @ self.cost_spread, start))
        return cost, cost - width, cost + width


def _later(values: Array, start: int) -> Array:
    """Return what acts from a later year: nothing before it, then what the first years after it have."""
    if not start:
        return values
    return np.concatenate([np.zeros_like(values[:start]), values[:-start]])


def _moved(one: Output, usual: Array, shift: Array) -> Array:
    """Return a level that is moved from the usual one by what was learned."""
    if one.share:
        share: Array = np.clip(usual + shift, 0.0, 100.0)
        return share
    times = np.exp(np.clip(shift, -_MOST_SHIFT, _MOST_SHIFT))
    level: Array = np.maximum(0.0, (usual + one.offset) * times - one.offset)
    return level


def end_of(one: Output, usual: Array, end: Array, level: Array, shift: Array, width: Array, sign: int) -> Array:
    """Return an end of the interval of a level: the reference's, moved, and wider by what the setting makes differ."""
    if one.share:
        share: Array = np.clip(level + _reach(end - usual, width, sign), 0.0, 100.0)
        return share
    usual_width = np.log((np.maximum(0.0, end) + one.offset) / (usual + one.offset))
    return _moved(one, usual, shift + _reach(usual_width, width, sign))


def _reach(usual: Array, width: Array, sign: int) -> Array:
    """Return how far an end lies from the mean: as usual, and further by a width of its own.

    An end of something rare may lie beyond the mean: seldom is anybody unallocated, and then there are many.
    """
    reach: Array = np.where(usual * sign >= 0, sign * np.hypot(usual, width), usual + sign * width)
    return reach


@on_one_thread
def learn(
    measures: tuple[Output, ...], reference: Array, scaled: Array, values: Array, replications: Sequence[int], seed: int
) -> Answers:
    """Return answers fitted to simulations.

    Args:
        measures: of the page.
        reference: of each replication: (replication, year, measure).
        scaled: settings from the first year on: (setting, lever).
        values: one replication of each setting: (setting, year, measure).
        replications: which one.
        seed: of the networks.
    """
    numbers = list(replications)
    moves = np.stack(
        [
            one.learned(values[..., place]) - one.learned(reference[numbers][..., place])
            for place, one in enumerate(measures)
        ],
        axis=-1,
    )
    moves = np.where(np.isnan(moves), 0.0, moves)
    emulator = fit(scaled, moves.reshape(len(moves), -1), seed)
    left = moves - emulator.moves(scaled).reshape(moves.shape)
    spread = _spread(scaled, left)
    known = Answers(measures, Reference.of(reference), emulator, spread, np.zeros((scaled.shape[1], values.shape[1])))
    lines = [place for place, one in enumerate(measures) if one.id in SPEND]
    cost = (values - reference[numbers])[..., lines].sum(axis=-1).cumsum(axis=1)
    means = np.stack([known.answer(one, 0).cost for one in scaled])
    return Answers(measures, known.reference, emulator, spread, _spread(scaled, cost - means))


def _spread(scaled: Array, left: Array) -> Array:
    """Return how much variance each lever's move adds: (lever, ...).

    Each setting counts by its variance relative to how far its levers move, else those that move all would drown those
    that move one. Half of what an average lever adds is every lever's: a few settings say little of a single one.
    """
    sizes, flat = np.abs(scaled), (left**2).reshape(len(left), -1)
    weights = 1 / np.maximum(sizes.sum(axis=1, keepdims=True), _LEAST_MOVE)
    usual = _SHARED * (weights * flat).mean(axis=0)
    own = [nnls(weights * sizes, column)[0] for column in (weights * flat - usual).T]
    found: Array = (usual + np.stack(own, axis=1)).reshape(scaled.shape[1], *left.shape[1:])
    return found
