"""Two ways to calibrate by simulations alone, on a stand-in for the model whose truth is known.

pip install pyesmda==1.0.0
python benchmarks/methods.py [REPEATS]                  some minutes

The stand-in has as many parameters and targets as the baseline, and about as much Monte Carlo error in each target;
targets are sums of products of rates, and one in three bends where a queue would. Both methods get the same priors and
4,500 simulations. Ours: the waves of demandsim.calibration. The other: ES-MDA (Emerick and Reynolds, 2013) by pyesmda,
in four steps: 1,100 draws simulated once, or 275 simulated four times; the Monte Carlo error that is left counts as
error of the targets.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from demandsim.calibration.scales import scales_of
from demandsim.calibration.waves import fit, plan_of
from demandsim.evidence import targets
from demandsim.results.fit_rows import Row, rows_of
from demandsim.scenario.read import read_scenario

Array = NDArray[np.float64]

PARAMETERS, LATENT, BUDGET, DRAWS = 170, 30, 4500, 400
STEPS = 4
#: Prior standard deviation of a target and its Monte Carlo error in one simulation, in standard deviations of the
#: published value: from 20 to 80 and from 1 to 10 on the baseline.
MOVES, CHANCE = (3.0, 60.0), (0.5, 8.0)


class StandIn:
    """A pathway that is quick to simulate.

    Args:
        rows: the targets; their tolerances and units are used.
        seed: of its structure.
    """

    def __init__(self, rows: Sequence[Row], seed: int) -> None:
        generator = np.random.default_rng(seed)
        self._published = np.array([row.target.value for row in rows])
        self._share = np.array([row.measure.unit.startswith("%") for row in rows])
        self._steps = np.zeros((LATENT, PARAMETERS))
        for step in self._steps:
            step[generator.choice(PARAMETERS, 9, replace=False)] = generator.normal(size=9)
        self._steps /= np.linalg.norm(self._steps, axis=1, keepdims=True)
        shape = (len(rows), 3, LATENT)
        among = generator.random((len(rows), 1, LATENT)) < 5 / LATENT
        apart = 1.3 * generator.standard_normal(shape) * (generator.random(shape) < 2 / LATENT)
        self._ways = generator.standard_normal((len(rows), 1, LATENT)) * among + apart
        self._weights = generator.dirichlet(np.ones(3), len(rows))
        self._bent = np.arange(len(rows)) % 3 == 0
        deviation = np.array([row.deviation for row in rows])
        relative = deviation / np.where(self._share, self._published * (1 - self._published / 100), self._published)
        size = np.exp(generator.uniform(*np.log(MOVES), len(rows))) * relative
        self._size = np.minimum(size, 0.5) / np.sqrt(np.mean(np.sum(self._ways**2, axis=2), axis=1))
        self.noise = np.exp(generator.uniform(*np.log(CHANCE), len(rows))) * deviation

    def mean(self, units: Array) -> Array:
        """Return (draws, targets)."""
        moved = np.einsum("nl,jfl->njf", units @ self._steps.T, self._ways) * self._size[:, None]
        moved = np.log(np.einsum("jf,njf->nj", self._weights, np.exp(np.clip(moved, -6, 6))))
        moved = np.where(self._bent, moved + 0.8 * np.maximum(moved - 0.1, 0.0), moved)
        share = 100 * expit(logit(np.clip(self._published, 0.1, 99.9) / 100) + moved)
        return np.where(self._share, share, self._published * np.exp(moved))

    def simulator(self, seed: int) -> Callable[[str, Array, range], Array]:
        def simulate(name: str, units: Array, replications: range) -> Array:
            thrown = [np.random.default_rng([seed, one]).standard_normal(len(self.noise)) for one in replications]
            found = self.mean(units) + self.noise * np.array(thrown)
            return np.clip(found, 0.01, np.where(self._share, 99.99, np.inf))

        return simulate


def by_waves(stand: StandIn, rows: Sequence[Row], seed: int) -> tuple[Array, Array]:
    """Return the point estimate and draws."""
    plan = plan_of(BUDGET, 100, PARAMETERS)
    found = fit(stand.simulator(seed), rows, 152.0, np.ones(PARAMETERS, dtype=bool), plan, seed)
    return found.point, found.posterior.draws(DRAWS, np.random.default_rng(seed))


def by_esmda(stand: StandIn, rows: Sequence[Row], seed: int, often: int) -> tuple[Array, Array]:
    """Return the mean of the ensemble and the ensemble, whose draws are simulated so often."""
    from covmats import CovViaDiagonal
    from pyesmda import ESMDA

    simulate = stand.simulator(seed)
    members = 1100 // often
    start = np.random.default_rng(seed).standard_normal((members, PARAMETERS))
    scales = scales_of(rows, simulate("prior", start, range(members)))
    chance = scales(simulate("point", np.zeros((100, PARAMETERS)), range(100))).var(axis=0) / often

    def forward(ensemble: Array, **_: object) -> Array:
        every = simulate("", np.repeat(ensemble.T, often, axis=0), range(often * ensemble.shape[1]))
        return scales(every.reshape(ensemble.shape[1], often, -1).mean(axis=1)).T

    solver = ESMDA(
        scales.target,
        start.T,
        CovViaDiagonal(scales.variance + chance),
        forward,
        n_assimilations=STEPS,
        random_state=seed,
        m_bounds=np.tile([-5.0, 5.0], (PARAMETERS, 1)),
    )
    solver.solve()
    ensemble = np.asarray(solver.m_posterior).T
    return ensemble.mean(axis=0), ensemble


METHODS: dict[str, Callable[[StandIn, Sequence[Row], int], tuple[Array, Array]]] = {
    "waves": by_waves,
    "ES-MDA, draws simulated once": partial(by_esmda, often=1),
    "ES-MDA, four times": partial(by_esmda, often=4),
}


def main(repeats: int) -> None:
    scenario = read_scenario("baseline")
    rows = rows_of(targets(), scenario.circular_targets(), scenario.scale_to_england)
    print("| method | inside at the point | identified | their truth within 90% | all truths within 90% | s |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, method in METHODS.items():
        started, found = time.perf_counter(), []
        for seed in range(repeats):
            stand, generator = StandIn(rows, seed), np.random.default_rng([seed, 1])
            truth = generator.standard_normal(PARAMETERS)
            deviation = np.array([row.deviation for row in rows])
            true = stand.mean(truth[None])[0]
            values = np.maximum(true + deviation * generator.standard_normal(len(rows)), 0.1)
            shown = [
                replace(row, target=replace(row.target, value=float(value)))
                for row, value in zip(rows, values, strict=True)
            ]
            point, draws = method(stand, shown, seed)
            gaps = np.abs(stand.mean(point[None])[0] - true)
            low, high = np.quantile(draws, [0.05, 0.95], axis=0)
            held, known = (low <= truth) & (truth <= high), draws.std(axis=0) < 0.8
            found.append((np.sum(gaps <= 2 * deviation), known.sum(), held[known].mean(), held.mean()))
        inside, known, held, every = np.nanmean(found, axis=0)
        seconds = (time.perf_counter() - started) / repeats
        print(f"| {name} | {inside:.1f} of {len(rows)} | {known:.0f} | {held:.0%} | {every:.0%} | {seconds:.1f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
