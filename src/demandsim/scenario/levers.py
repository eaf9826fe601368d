"""Parameter values over time: what each parameter is worth at a given day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Path:
    """A value that moves: straight lines between points, level after the last, the base value before the first.

    Attributes:
        points: (day, value) in order of day.
    """

    points: tuple[tuple[float, float], ...]

    def at(self, day: float, before: float) -> float:
        if day < self.points[0][0]:
            return before
        for (start, low), (end, high) in zip(self.points, self.points[1:], strict=False):
            if day < end:
                return low + (high - low) * (day - start) / (end - start)
        return self.points[-1][1]


@dataclass(frozen=True, slots=True)
class Levers:
    """Values of every parameter at any day.

    Attributes:
        base: values before the start, and of what never changes.
        start: values from day 0 on that differ from the base: levers set to one new value.
        paths: parameters that move over time.
        later: lists that hold from a later day on, (day, list) in order of day.
        within_budget: levers whose cost is not added to the budget.
    """

    base: Values
    start: Values = field(default_factory=dict)
    paths: Mapping[str, Path] = field(default_factory=dict)
    later: Mapping[str, Sequence[tuple[float, Any]]] = field(default_factory=dict)
    within_budget: frozenset[str] = frozenset()

    def at(self, day: float) -> Values:
        """Return every value in force on a day; the very same object while nothing differs from the base."""
        if day < 0 or not (self.start or self.paths or self.later):
            return self.base
        now = {**self.base, **self.start}
        now.update((name, path.at(day, now[name])) for name, path in self.paths.items())
        now.update((name, value) for name, steps in self.later.items() for since, value in steps if day >= since)
        return now
