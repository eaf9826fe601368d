"""Where a simulated response meets a target: at a value, where it crosses; or over a stretch, where it is flat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demandsim.results.points import Array
from demandsim.results.uncertainty import Estimate, estimate
from demandsim.results.verdict import told_apart

#: An end of an interval; None if it lies beyond the range that was looked at.
End = float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A value at which the mean response crosses the target.

    Attributes:
        value: there it does.
        low, high: 90% interval: at values outside it, the mean response differs from the target by more than its
            simulation error.
        first, last: nine in ten replications meet the target, each at its own value, between these.
        rising: whether the response is lower before it and higher after it.
    """

    value: float
    low: End
    high: End
    first: End
    last: End
    rising: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Values over which the mean response is not told apart from the target, and does not cross it.

    Attributes:
        low, high: the first and the last of them that were looked at.
        before, after: the nearest values on either side that were looked at; None where the range ends.
        higher_before, higher_after: whether the response is higher there; None where the range ends.
    """

    low: float
    high: float
    before: End
    after: End
    higher_before: bool | None
    higher_after: bool | None


def meetings(values: Array, curve: Array, target: float) -> list[float]:
    """Return where straight lines between points meet a target, in order."""
    gaps = curve - target
    found = [float(value) for value, gap in zip(values, gaps, strict=True) if gap == 0]
    for place in np.flatnonzero(gaps[:-1] * gaps[1:] < 0):
        share = gaps[place] / (gaps[place] - gaps[place + 1])
        found.append(float(values[place] + share * (values[place + 1] - values[place])))
    return sorted(found)


class Response:
    """Means of a response over values of a parameter, and where they lie about a target.

    Args:
        values: of the parameter, rising.
        found: the response at each, one for each replication; replications may differ in number.
        target: in the unit of the response.
        members: of the ensemble; 0 where the other parameters have one value.
    """

    def __init__(self, values: Array, found: Sequence[Array], target: float, members: int = 0) -> None:
        self.values, self.found, self.target, self.members = values, found, target, members
        self.each = [estimate(row, members) for row in found]
        self.mean = np.array([one.mean for one in self.each])
        self.error = np.array([one.error for one in self.each])

    @property
    def sides(self) -> list[int]:
        """Where each mean lies: -1 below the target, 1 above it, 0 not told apart from it."""
        gaps = self.mean - self.target
        return [0 if abs(gap) <= error else int(np.sign(gap)) for gap, error in zip(gaps, self.error, strict=True)]

    def stretches(self) -> list[Stretch]:
        """Return where the response meets the target without crossing it."""
        sides, found = self.sides, []
        for first, last in _runs(sides):
            left = sides[first - 1] if first else 0
            right = sides[last + 1] if last + 1 < len(sides) else 0
            crosses = left * right < 0 or (left * right == 0 and self._mean_crosses(first, last))
            if crosses and not self._flat(first, last):
                continue
            found.append(
                Stretch(
                    float(self.values[first]),
                    float(self.values[last]),
                    float(self.values[first - 1]) if left else None,
                    float(self.values[last + 1]) if right else None,
                    left > 0 if left else None,
                    right > 0 if right else None,
                )
            )
        return found

    def _mean_crosses(self, first: int, last: int) -> bool:
        """Return whether the mean itself, noise aside, is on both sides of the target in a run and beside it."""
        gaps = self.mean[max(0, first - 1) : last + 2] - self.target
        return bool((gaps > 0).any() and (gaps < 0).any())

    def _flat(self, first: int, last: int) -> bool:
        """Return whether nothing is told apart between two values or more."""
        if first == last:
            return False
        span = range(first, last + 1)
        least, most = min(span, key=self.mean.__getitem__), max(span, key=self.mean.__getitem__)
        return not told_apart(self.difference(least, most))

    def difference(self, one: int, other: int) -> Estimate:
        """Return the response at one value less that at another, replication by replication."""
        count = min(len(self.found[one]), len(self.found[other]))
        return estimate(self.found[other][:count] - self.found[one][:count], self.members)

    def answers(self) -> list[Answer]:
        """Return each value at which the mean crosses the target; those whose intervals meet are one."""
        sure = [
            place
            for curve in (self.mean - self.error, self.mean + self.error)
            for place in meetings(self.values, curve, self.target)
        ]
        bands = np.array([(one.low, one.high) for one in self.each]).T
        replications = [place for curve in bands for place in meetings(self.values, curve, self.target)]
        flat = self.stretches()
        groups: list[list[float]] = []
        for value in meetings(self.values, self.mean, self.target):
            if any(_within(value, one) for one in flat):
                continue
            last = groups[-1][-1] if groups else None
            # Between two meetings the mean may come near the target without leaving it for certain.
            if last is not None and not any(last < place < value for place in sure):
                groups[-1].append(value)
            else:
                groups.append([value])
        made = []
        for group in groups:
            value = group[len(group) // 2]
            ends = (_before(sure, group[0]), _after(sure, group[-1]))
            around = (_before(replications, group[0]), _after(replications, group[-1]))
            made.append(Answer(value, *ends, *around, self._rising(value)))
        return made

    def _rising(self, value: float) -> bool:
        """Return whether the response is lower before a value and higher after it, by the nearest means told apart."""
        sides = self.sides
        before = [side for at, side in zip(self.values, sides, strict=True) if at < value and side]
        after = [side for at, side in zip(self.values, sides, strict=True) if at > value and side]
        if before:
            return before[-1] < 0
        if after:
            return after[0] > 0
        place = int(np.clip(np.searchsorted(self.values, value), 1, len(self.values) - 1))
        return bool(self.mean[place] > self.mean[place - 1])


def _runs(sides: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and last place of each run of nothing."""
    runs: list[tuple[int, int]] = []
    for place, side in enumerate(sides):
        if side:
            continue
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs


def _within(value: float, one: Stretch) -> bool:
    """Return whether a value lies in a stretch, or between it and where it was not met any more."""
    low = one.low if one.before is None else one.before
    high = one.high if one.after is None else one.after
    return low < value < high or one.low <= value <= one.high


def _before(places: Sequence[float], value: float) -> End:
    return max((place for place in places if place <= value), default=None)


def _after(places: Sequence[float], value: float) -> End:
    return min((place for place in places if place >= value), default=None)
