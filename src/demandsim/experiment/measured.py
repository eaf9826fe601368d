"""Simulate scenarios and return what is measured of each; those alike for some years share them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing

from demandsim.experiment.execute import execute
from demandsim.experiment.workers import Workers
from demandsim.model.simulate import pasts_of, simulate
from demandsim.results.points import Array, measured
from demandsim.scenario.scenario import Scenario

#: Scenarios that a worker simulates one after another: more would share their past too, and be told of later.
_TOGETHER = 8


def measured_runs(
    runs: Sequence[tuple[Scenario, int]], seed: int, workers: int | Workers
) -> Generator[tuple[int, Array]]:
    """Yield (place of the run, every measure of every year) in the order in which they finish.

    Args:
        runs: scenarios and replications; those of the same replication are best near each other.
        seed: master seed.
        workers: who carries them out.
    """
    width = workers if isinstance(workers, int) else workers.jobs
    # Where there are more workers than groups, smaller groups are sooner done.
    groups = _groups([replication for _, replication in runs], max(1, min(_TOGETHER, len(runs) // width)))
    calls = [([runs[place][0] for place in group], seed, runs[group[0]][1]) for group in groups]
    with closing(execute(_simulated, calls, workers)) as results:
        for number, values in results:
            yield from zip(groups[number], values, strict=True)


def _groups(replications: Sequence[int], most: int) -> list[list[int]]:
    """Return places in groups of the same replication, none larger than the most, in the order in which each comes."""
    same: dict[int, list[int]] = {}
    for place, replication in enumerate(replications):
        same.setdefault(replication, []).append(place)
    return [places[first : first + most] for places in same.values() for first in range(0, len(places), most)]


def _simulated(scenarios: Sequence[Scenario], seed: int, replication: int) -> list[Array]:
    pasts = pasts_of(scenarios)
    return [measured(simulate(one, seed, replication, pasts=pasts)[0]) for one in scenarios]
