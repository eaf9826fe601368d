"""Where a simulated response meets a target, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from demandsim.results.meeting import Answer, End, Response, Stretch, meetings
from demandsim.results.points import EXTRA_SPEND, Array, Asked, amount
from demandsim.results.presented import Presented
from demandsim.results.store import Manifest
from demandsim.results.sweep import Axis
from demandsim.results.uncertainty import Estimate
from demandsim.results.verdict import told_apart
from demandsim.results.words import number

#: Evenly spaced values looked at over the whole range, before going nearer to the answer.
COARSE = 7


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
        found: response at each, one for each replication; more of them near the answers.
        base: level that the target is a share of; None where the target was no percentage.
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
    found: Sequence[Array]
    base: float | None = None

    @cached_property
    def curve(self) -> Response:
        """The response about the target."""
        return Response(self.values, self.found, self.target, self.manifest.members)

    @cached_property
    def answers(self) -> list[Answer]:
        """Values at which the mean response crosses the target; none if it doesn't between the ends."""
        return self.curve.answers()

    @cached_property
    def stretches(self) -> list[Stretch]:
        """Values over which the mean response meets the target without crossing it."""
        return self.curve.stretches()

    @property
    def responses(self) -> list[Estimate]:
        """Response at each value."""
        return self.curve.each

    @property
    def still(self) -> bool:
        """Whether the response is the same over the whole range, as far as can be told."""
        means = self.curve.mean
        return not told_apart(self.curve.difference(int(means.argmin()), int(means.argmax())))

    @property
    def turns(self) -> bool:
        """Whether the mean response both rises and falls for certain along the range."""
        apart = 0.99 * (self.values[-1] - self.values[0]) / (COARSE - 1)
        kept = [0]
        for place, value in enumerate(self.values):
            if value - self.values[kept[-1]] >= apart:
                kept.append(place)
        steps = [self.curve.difference(one, other) for one, other in pairwise(kept)]
        return any(one.mean > 2 * one.error for one in steps) and any(one.mean < -2 * one.error for one in steps)

    @property
    def target_words(self) -> str:
        """Return the target with its unit, and of what it is a percentage: `-25.7 children (-5% of 514)`."""
        told = amount(self.target, self.question)
        return told if not self.base else f"{told} ({100 * self.target / self.base:+.3g}% of {number(self.base)})"

    def met_on_average(self, one: Stretch) -> list[float]:
        """Return where in a stretch, or between it and where it was not met any more, the mean crosses the target."""
        low = one.low if one.before is None else one.before
        high = one.high if one.after is None else one.after
        return [value for value in meetings(self.values, self.curve.mean, self.target) if low <= value <= high]

    def met_throughout(self, one: Stretch) -> bool:
        """Return whether the mean is the target at every value of a stretch."""
        inside = (self.values >= one.low) & (self.values <= one.high)
        return bool((self.curve.mean[inside] == self.target).all())

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
        for value, one, count in zip(self.values, self.responses, map(len, self.found), strict=True):
            numbers = (one.mean, one.low, one.high, one.error, self.target)
            yield (f"{value:.12g}", *(f"{number:.6g}" for number in numbers), count)

    def answer_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield each answer and each stretch, the heading first; an empty end lies beyond the range."""
        yield (
            *("parameter", "what", "value", "low (90%)", "high (90%)"),
            *("nine in ten replications from", "to", "response rises"),
        )
        for one in self.answers:
            ends = (one.value, one.low, one.high, one.first, one.last)
            yield (self.axis.name, "crosses", *map(_cell, ends), "yes" if one.rising else "no")
        for flat in self.stretches:
            yield (self.axis.name, "met from", *map(_cell, (flat.low, flat.before, flat.low)), "", "", "")
            yield (self.axis.name, "met to", *map(_cell, (flat.high, flat.high, flat.after)), "", "", "")


def _cell(end: End) -> str:
    return "" if end is None else f"{end:.6g}"
