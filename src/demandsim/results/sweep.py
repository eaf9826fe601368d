"""A sweep: levels and paired differences at each point, and when enough replications have been simulated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from demandsim.results.points import Array, Asked
from demandsim.results.presented import Presented
from demandsim.results.store import Manifest
from demandsim.results.uncertainty import PARTS, Estimate, estimate


def precise(differences: Array, reference: Array, share: float, members: int = 0) -> bool:
    """Return whether a mean difference is known to within a share of the reference's level.

    Args:
        differences: paired, one for each replication.
        reference: levels of the reference in the same replications.
        share: half the 90% interval of the mean difference may be so much of the reference's mean level. A share of
            the difference itself would never be reached near no difference.
        members: of the ensemble; 0 where the parameters have one value.
    """
    return bool(estimate(differences, members).error <= share * abs(estimate(reference).mean))


@dataclass(frozen=True, slots=True)
class Axis:
    """A parameter that takes several values.

    Attributes:
        name, meaning, unit: of the parameter.
        now: its value in the scenario as it is.
        basis: how that value is known: published, derived, fitted or judgement.
    """

    name: str
    meaning: str
    unit: str
    now: float
    basis: str

    @property
    def label(self) -> str:
        """What a chart calls it."""
        return f"{self.name} ({self.unit})"


@dataclass(frozen=True, slots=True)
class Point:
    """One combination of values.

    Attributes:
        values: of each parameter, in the order of the axes.
        found: (replication, year, question).
    """

    values: tuple[float, ...]
    found: Array

    @property
    def replications(self) -> int:
        return len(self.found)


@dataclass(frozen=True, repr=False)
class Sweep(Presented):
    """Points set against the scenario as it is.

    Attributes:
        manifest: names the scenario, the seed, the most replications of any point, and the sweep by its digest.
        axes: parameters that take other values.
        questions: what was asked; precision is that of the first.
        labels: of the simulated years.
        year: place of the year asked about among them.
        reference: (replication, year, question) of the scenario as it is.
        points: in the order given.
        precision: share of the reference's level that half the interval of a difference was to come within.
        most: replications at which a point stops whether it is precise or not.
    """

    manifest: Manifest
    axes: tuple[Axis, ...]
    questions: tuple[Asked, ...]
    labels: list[str]
    year: int
    reference: Array
    points: tuple[Point, ...]
    precision: float
    most: int

    def level(self, point: Point, question: int, year: int) -> float:
        """Return the mean level: that of the scenario as it is, and the difference.

        The two have different numbers of replications; a mean of the point's own would not differ by the difference.
        """
        return self.usual(question, year).mean + self.difference(point, question, year).mean

    def usual(self, question: int, year: int) -> Estimate:
        """Return the level of the scenario as it is."""
        return estimate(self.reference[:, year, question], self.manifest.members)

    def difference(self, point: Point, question: int, year: int) -> Estimate:
        """Return the paired difference from the scenario as it is."""
        change = point.found[:, year, question] - self.reference[: point.replications, year, question]
        return estimate(change, self.manifest.members)

    @property
    def fewest_members(self) -> int:
        """Return how many members of the ensemble there are at the point with the fewest."""
        fewest = min(point.replications for point in self.points)
        return replace(self.manifest, replications=fewest).members_used

    def imprecise(self) -> list[Point]:
        """Return the points that stopped at the most replications before they were precise."""
        usual = self.reference[:, self.year, 0]
        return [
            point
            for point in self.points
            if not precise(
                point.found[:, self.year, 0] - usual[: point.replications],
                usual[: point.replications],
                self.precision,
                self.manifest.members,
            )
        ]

    def grid(self) -> tuple[list[float], list[float]] | None:
        """Return the values across and up if the points are all combinations of two parameters' values, else None."""
        if len(self.axes) != 2:
            return None
        across, up = (sorted({point.values[place] for point in self.points}) for place in (0, 1))
        whole = len(across) > 1 and len(up) > 1 and len(self.points) == len(across) * len(up)
        return (across, up) if whole else None

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield every question of every year at every point, the heading first."""
        yield (
            *(axis.name for axis in self.axes),
            *("measure", "label", "unit", "year", "mean", "mean difference"),
            *("low (5%)", "high (95%)", *PARTS, "error of the mean difference (90%)", "replications"),
        )
        for point in self.points:
            for place, question in enumerate(self.questions):
                for year, label in enumerate(self.labels):
                    change = self.difference(point, place, year)
                    numbers = (self.level(point, place, year), change.mean, change.low, change.high)
                    yield (
                        *(f"{value:.12g}" for value in point.values),
                        *(*question, label),
                        *(f"{number:.6g}" for number in numbers),
                        *change.parts,
                        f"{change.error:.6g}",
                        point.replications,
                    )
