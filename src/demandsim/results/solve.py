"""Where a simulated response meets a target, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from demandsim.results.points import EXTRA_SPEND, Array, Asked
from demandsim.results.presented import Presented
from demandsim.results.store import Manifest
from demandsim.results.sweep import Axis
from demandsim.results.uncertainty import Estimate, estimate

#: Evenly spaced values looked at over the whole range, before going nearer to the answer.
COARSE = 7
#: An end of an interval; None if it lies beyond the range that was looked at.
End = float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A value at which the mean response meets the target.

    Attributes:
        value: there it does.
        low, high: 90% interval: at values outside it, the mean response differs from the target by more than its
            simulation error.
        first, last: nine in ten futures meet the target, each at its own value, between these.
        rising: whether the response rises there.
    """

    value: float
    low: End
    high: End
    first: End
    last: End
    rising: bool


def meetings(values: Array, curve: Array, target: float) -> list[float]:
    """Return where straight lines between points meet a target, in order."""
    gaps = curve - target
    found = [float(value) for value, gap in zip(values, gaps, strict=True) if gap == 0]
    for place in np.flatnonzero(gaps[:-1] * gaps[1:] < 0):
        share = gaps[place] / (gaps[place] - gaps[place + 1])
        found.append(float(values[place] + share * (values[place + 1] - values[place])))
    return sorted(found)


def answers(values: Array, found: Array, target: float, members: int = 0) -> list[Answer]:
    """Return each value at which the mean response meets the target; those whose intervals meet are one.

    Args:
        values: of the parameter, rising.
        found: response, (value, replication).
        target: in the unit of the response.
        members: of the ensemble; 0 where the other parameters have one value.
    """
    each = [estimate(row, members) for row in found]
    mean = np.array([one.mean for one in each])
    error = np.array([one.error for one in each])
    sure = [place for curve in (mean - error, mean + error) for place in meetings(values, curve, target)]
    bands = np.array([(one.low, one.high) for one in each]).T
    futures = [place for curve in bands for place in meetings(values, curve, target)]
    groups: list[list[float]] = []
    for value in meetings(values, mean, target):
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
        around = (_before(futures, group[0]), _after(futures, group[-1]))
        made.append(Answer(value, *ends, *around, _slope(values, mean, value) > 0))
    return made


def _slope(values: Array, mean: Array, at: float) -> float:
    """Return the rise of the mean between the points on either side of a value."""
    place = int(np.clip(np.searchsorted(values, at), 1, len(values) - 1))
    below = place - 1
    above = min(place + 1, len(values) - 1) if values[place] == at else place
    return float(mean[above] - mean[below])


def _before(places: Sequence[float], value: float) -> End:
    return max((place for place in places if place <= value), default=None)


def _after(places: Sequence[float], value: float) -> End:
    return min((place for place in places if place >= value), default=None)


@dataclass(frozen=True, repr=False)
class Solved(Presented):
    """What it takes to meet a target.

    Attributes:
        manifest: names the scenario, the seed, the replications, and the question by its digest.
        axis: the parameter that takes other values.
        question: the measure.
        year: label of the year.
        against: title of the reference, if the response is a difference from one; else empty.
        change: whether the response is a change from the scenario as it is.
        both: whether the parameter has the same value in the reference.
        target: in the unit of the response.
        values: of the parameter, rising.
        found: response, (value, replication).
    """

    manifest: Manifest
    axis: Axis
    question: Asked
    year: str
    against: str
    change: bool
    both: bool
    target: float
    values: Array
    found: Array

    @cached_property
    def answers(self) -> list[Answer]:
        """Values at which the mean response meets the target; none if it doesn't between the ends."""
        return answers(self.values, self.found, self.target, self.manifest.members)

    @cached_property
    def responses(self) -> list[Estimate]:
        """Response at each value."""
        return [estimate(row, self.manifest.members) for row in self.found]

    @property
    def turns(self) -> bool:
        """Whether the mean response both rises and falls for certain along the range."""
        apart = 0.99 * (self.values[-1] - self.values[0]) / (COARSE - 1)
        kept = [0]
        for place, value in enumerate(self.values):
            if value - self.values[kept[-1]] >= apart:
                kept.append(place)
        steps = [estimate(step, self.manifest.members) for step in np.diff(self.found[kept], axis=0)]
        return any(one.mean > 2 * one.error for one in steps) and any(one.mean < -2 * one.error for one in steps)

    @property
    def response(self) -> str:
        """What the response is called."""
        if self.question == EXTRA_SPEND and self.against:
            return "Extra spend since the start"
        if self.against or self.change:
            return f"Change in {self.question.label[0].lower()}{self.question.label[1:]}"
        return self.question.label

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the response at each value, the heading first."""
        yield (self.axis.name, "mean", "low (5%)", "high (95%)", "error of the mean (90%)", "target", "replications")
        for value, one in zip(self.values, self.responses, strict=True):
            numbers = (one.mean, one.low, one.high, one.error, self.target)
            yield (f"{value:.12g}", *(f"{number:.6g}" for number in numbers), self.found.shape[1])

    def answer_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield each answer, the heading first; an empty end lies beyond the range."""
        yield ("parameter", "value", "low (90%)", "high (90%)", "nine in ten futures from", "to", "response rises")
        for one in self.answers:
            ends = (one.value, one.low, one.high, one.first, one.last)
            yield (
                self.axis.name,
                *("" if end is None else f"{end:.6g}" for end in ends),
                "yes" if one.rising else "no",
            )
