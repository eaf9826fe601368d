"""Do members lie as far apart as what is not known lets them, where nothing else can be wrong?

python benchmarks/draws.py [REPEATS] [SEED]                                  half a minute, and half a minute a repeat

As `recovery.py`, but for what simulations add. Figures are straight lines of the numbers, with the slopes that the mean
field has at the declared values; numbers bend with their standard units, as they do in a calibration. So there is no
luck, nothing is foretold wrongly, the nearest point is found exactly, and what is known of the truth is known but for
arithmetic. Three ways to draw members from it are compared:

* leapt: where straight lines of the units at the nearest point would have each be best;
* carried: from there to where figures are what those lines said, as `demandsim calibrate` does;
* drawn: by Hamiltonian Monte Carlo (Duane and others, 1987; Neal, 2011), which is exact if its chains are long enough.

What is counted are numbers that are fitted: how often nine in ten members lie around the truth, for those that a way
says are pinned or partly known, and for all; and how far members lie apart, as a share of that beforehand, for those
that are pinned or partly known by leaping.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from recovery import PAIRS, _drawn, _observed
from scipy.special import ndtr

from demandsim.evidence import targets
from demandsim.experiment.assimilate import _TIGHTER, ROUNDS
from demandsim.experiment.run import default_jobs
from demandsim.fit.identified import PARTLY
from demandsim.fit.likely import Members, carrying
from demandsim.results.fit_rows import rows_of
from demandsim.scenario.read import read_scenario
from demandsim.scenario.unknowns import fitted
from demandsim.threads import on_one_thread

Array = NDArray[np.float64]

#: Standard deviation of what is not known of a figure, in those that tolerances allow for: about that of calibrations.
SPREAD = 1.2
MEMBERS = 59
#: Of the chains: how many times each is thrown anew, steps between, and how long a step is. Where numbers are near an
#: end of their range a figure says little of them, and chains take long to get there and back.
_THROWN, _STEPS, _STEP = 500, 40, 0.07
_SMALL = 0.1


class Straight:
    """Figures that are straight lines of numbers, around a truth.

    Args:
        slopes: (figure, unknown) at the declared values.
        steepness: given units, how many times as fast numbers move there as at the declared values.
    """

    def __init__(self, slopes: Array, steepness: Callable[[Array], Array]) -> None:
        self.slopes, self.steepness = slopes, steepness
        small = steepness(np.full((1, slopes.shape[1]), _SMALL))[0]
        self._straight = small == 1.0
        #: Standard units from the middle of its range to where a number is declared; see `scenario.unknowns.steepness`.
        self._start = np.where(self._straight, 0.0, -np.log(small) / _SMALL - _SMALL / 2)

    def __call__(self, units: Array) -> Array:
        """Return (point, figure) of figures, in deviations from those at the declared values."""
        steepest = np.exp(-(self._start**2) / 2) / np.sqrt(2 * np.pi)
        bent = (ndtr(self._start + units) - ndtr(self._start)) / steepest
        return np.where(self._straight, units, bent) @ self.slopes.T


def _nearest(straight: Straight, published: Array) -> Array:
    """Return (unknown,) of the most likely point."""
    nothing = np.zeros((1, straight.slopes.shape[1]))
    none = np.zeros((1, len(published)))
    spread = np.full(len(published), SPREAD)
    point = Members(nothing, none, straight.slopes, -published, straight.steepness, spread=spread)
    for _ in range(100):
        units = point.proposed()
        point.seen(units, straight(units) - published)
    return point.units[0]


def _carried(moving: Members, straight: Straight, published: Array) -> Array:
    for time in range(ROUNDS[1]):
        units = moving.proposed()
        moving.seen(units, straight(units) - published)
        if time > 0:
            moving.tighten(_TIGHTER)
    return moving.units


def _drawn_exactly(
    units: Array, straight: Straight, published: Array, nearest: Array, generator: np.random.Generator
) -> Array:
    """Return members moved along chains that begin there, of a shape that lines at the nearest point give."""
    there = straight.slopes * straight.steepness(nearest[None])[0] / SPREAD
    shape = np.linalg.cholesky(np.linalg.inv(there.T @ there + np.eye(len(nearest))))

    def height(units: Array) -> tuple[Array, Array]:
        gaps = (straight(units) - published) / SPREAD
        slope = gaps @ straight.slopes * straight.steepness(units) / SPREAD + units
        return (np.sum(gaps**2, axis=1) + np.sum(units**2, axis=1)) / 2, slope

    now, slope = height(units)
    for _ in range(_THROWN):
        pace = generator.standard_normal(units.shape)
        step = _STEP * generator.uniform(0.5, 1.2)
        before = now + np.sum(pace**2, axis=1) / 2
        moved, pace = units, pace - step / 2 * slope @ shape
        for _ in range(_STEPS):
            moved = moved + step * pace @ shape.T
            after, steep = height(moved)
            pace = pace - step * steep @ shape
        pace = pace + step / 2 * steep @ shape
        taken = np.log(generator.uniform(size=len(units))) < before - after - np.sum(pace**2, axis=1) / 2
        units = np.where(taken[:, None], moved, units)
        slope = np.where(taken[:, None], steep, slope)
        now = np.where(taken, after, now)
    return units


@on_one_thread
def main(repeats: int, seed: int) -> None:
    scenario = read_scenario("baseline")
    unknowns, numbers = _drawn(scenario), len(fitted(scenario))
    rows = rows_of(targets(), scenario.circular_targets(), scenario.scale_to_england)
    with tempfile.TemporaryDirectory() as out:
        observed = _observed(scenario, rows, 1, out, default_jobs())
        straight = Straight(observed.slopes(unknowns, PAIRS, 1), observed.steepness(unknowns))
    found = defaultdict(list)
    for number in range(repeats):
        generator = np.random.default_rng([seed, number])
        truth = generator.standard_normal(len(unknowns))
        published = straight(truth[None])[0] + SPREAD * generator.standard_normal(len(rows))
        nearest = _nearest(straight, published)
        beginnings = generator.standard_normal((MEMBERS, len(unknowns)))
        errors = generator.standard_normal((MEMBERS, len(rows)))
        slopes = straight.slopes * straight.steepness(nearest[None])
        gaps = straight(nearest[None])[0] - published
        drawn = beginnings, errors, slopes, gaps, straight.steepness, nearest, np.full(len(rows), SPREAD)
        leapt = Members(*drawn, leap=True).proposed()
        ways = {
            "leapt": leapt,
            "carried": _carried(carrying(*drawn), straight, published),
            "drawn": _drawn_exactly(leapt, straight, published, nearest, generator),
        }
        by_leaping = leapt[:, :numbers].std(axis=0, ddof=1) < PARTLY
        for way, units in ways.items():
            low, high = np.quantile(units[:, :numbers], [0.05, 0.95], axis=0, method="weibull")
            holds = (low <= truth[:numbers]) & (truth[:numbers] <= high)
            spread = units[:, :numbers].std(axis=0, ddof=1)
            found[way].append((holds[spread < PARTLY].mean(), holds.mean(), spread[by_leaping].mean()))
        print(f"{number + 1} of {repeats}", file=sys.stderr)
    print("| way | pinned or partly: truth within 90% | all | members as far apart as beforehand |")
    print("| --- | --- | --- | --- |")
    for way, each in found.items():
        middle, error = np.mean(each, axis=0), np.std(each, axis=0, ddof=1) / np.sqrt(repeats)
        held = (f"{100 * one:.1f}% ± {100 * off:.1f}" for one, off in zip(middle[:2], error[:2], strict=True))
        print(f"| {way} | {' | '.join(held)} | {middle[2]:.3f} |")


if __name__ == "__main__":
    main(*(int(one) for one in (*sys.argv[1:], *("20", "1")[len(sys.argv) - 1 :])))
