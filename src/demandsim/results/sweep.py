"""A sweep: levels and paired differences at each point, and when enough replications have been simulated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from demandsim.results.points import Array, Asked
from demandsim.results.presented import Presented
from demandsim.results.store import Manifest
from demandsim.results.uncertainty import PARTS, Estimate, estimate

#: Posterior draws that every point has before precision may stop it.
FEWEST_DRAWS = 10


def precise(differences: Array, allowed: float, members: int = 0) -> bool:
    """Return whether a mean difference is known well enough.

    Args:
        differences: paired, one for each replication.
        allowed: half the 90% interval of the mean difference may be so much.
        members: of the ensemble; 0 where the parameters have one value.
    """
    return bool(estimate(differences, members).error <= allowed)


def allowed_error(means: Sequence[float], usual: float, precision: float, against: bool) -> float:
    """Return how much half the 90% interval of a mean difference may be.

    A share of the difference itself would never be reached near no difference.

    Args:
        means: differences at every point.
        usual: level of the scenario as it is.
        precision: a share: of that level; against a reference, of the largest difference at any point.
        against: whether there is a reference.
    """
    known = [abs(mean) for mean in means if mean == mean]
    return precision * (max(known, default=0.0) if against else abs(usual))


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
        reference: the same of what it is set against.
    """

    values: tuple[float, ...]
    found: Array
    reference: Array

    @property
    def replications(self) -> int:
        return len(self.found)


@dataclass(frozen=True, repr=False)
class Sweep(Presented):
    """Points set against the scenario as it is; or what-ifs against a reference, with the same values in both.

    Attributes:
        manifest: names the scenario, the seed, the most replications of any point, and the sweep by its digest.
        axes: parameters that take other values.
        questions: what was asked; precision is that of the first.
        labels: of the simulated years.
        year: place of the year asked about among them.
        as_it_is: the scenario with its own values.
        points: in the order given.
        precision: share that half the interval of a difference was to come within: of the level as it is, or of the
            largest difference from the reference.
        most: replications at which a point stops whether it is precise or not.
        against: title of the reference; empty where points are set against the scenario as it is.
    """

    manifest: Manifest
    axes: tuple[Axis, ...]
    questions: tuple[Asked, ...]
    labels: list[str]
    year: int
    as_it_is: Point
    points: tuple[Point, ...]
    precision: float
    most: int
    against: str = ""

    def level(self, point: Point, question: int, year: int) -> float:
        """Return the mean level: that of the scenario as it is, and the difference.

        The two have different numbers of replications; a mean of the point's own would not differ by the difference.
        Against a reference it is the point's own.
        """
        if self.against:
            return estimate(point.found[:, year, question], self.manifest.members).mean
        return self.usual(question, year).mean + self.difference(point, question, year).mean

    def usual(self, question: int, year: int) -> Estimate:
        """Return the level of the scenario as it is; against a reference, its difference from that."""
        if self.against:
            return self.difference(self.as_it_is, question, year)
        return estimate(self.as_it_is.found[:, year, question], self.manifest.members)

    def difference(self, point: Point, question: int, year: int) -> Estimate:
        """Return the paired difference from the scenario as it is, or from the reference."""
        return estimate(self._differences(point, question, year), self.manifest.members)

    def _differences(self, point: Point, question: int, year: int) -> Array:
        change: Array = point.found[:, year, question] - point.reference[: point.replications, year, question]
        return change

    @property
    def fewest_members(self) -> int:
        """Return how many members of the ensemble there are at the point with the fewest."""
        fewest = min(point.replications for point in self.points)
        return replace(self.manifest, replications=fewest).members_used

    @property
    def allowed(self) -> float:
        """Return how much half the 90% interval of a difference of the first question may be."""
        means = [self.difference(point, 0, self.year).mean for point in self.points]
        return allowed_error(means, self.usual(0, self.year).mean, self.precision, bool(self.against))

    def imprecise(self) -> list[Point]:
        """Return the points that stopped at the most replications before they were precise."""
        allowed, members = self.allowed, self.manifest.members
        return [point for point in self.points if not precise(self._differences(point, 0, self.year), allowed, members)]

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
                        *(question.id, question.label, question.unit, label),
                        *(f"{number:.6g}" for number in numbers),
                        *change.parts,
                        f"{change.error:.6g}",
                        point.replications,
                    )
