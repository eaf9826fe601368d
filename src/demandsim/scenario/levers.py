"""Parameter values over time: what each parameter is worth at a given day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
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

    def part_from(self, other: Levers) -> float:
        """Return the first day on which anything may differ from what others say; before the start, minus infinity."""
        if self.base != other.base:
            return -inf
        names = {name for one in (self, other) for name in one._moved if self._course(name) != other._course(name)}
        return min((one._moves_from(name) for one in (self, other) for name in names), default=inf)

    @property
    def _moved(self) -> set[str]:
        return {*self.start, *self.paths, *self.later}

    def _course(self, name: str) -> tuple[Any, ...]:
        """Return all that is said of a parameter from the start on; who pays matters once it differs from the base."""
        return self.start.get(name), self.paths.get(name), self.later.get(name), name in self.within_budget

    def _moves_from(self, name: str) -> float:
        """Return the first day on which a parameter may differ from its base value."""
        if name in self.start:
            return 0.0
        path = self.paths[name].points[0][0] if name in self.paths else inf
        return min(path, self.later[name][0][0] if name in self.later else inf)
