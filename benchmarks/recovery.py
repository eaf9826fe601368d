"""Does calibration find what is true, and is it as sure as it may be? Simulated targets, fitted blind.

python benchmarks/recovery.py [REPEATS] [BUDGET]

Each repeat draws the truth from the priors, simulates the targets there with random draws of its own, adds to each an
error as large as its tolerance allows for, and fits them with another seed (simulation-based calibration: Talts and
others, 2018). Truths are spread evenly over the priors (a Latin hypercube). What is counted, for parameters that are
well, partly and not identified: how often the 90% interval of the posterior holds the truth, in which fifth of the
posterior the truth lies, which is each fifth of the time if the posterior is right, and how far off its mean is, in
prior standard deviations.

What each repeat finds goes into benchmarks/recovery.csv, a row for each parameter that is fitted; a repeat that is
there is not made again. Delete the file when calibration has changed.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import norm
from scipy.stats.qmc import LatinHypercube

from demandsim.calibration.calibrate import BUDGET
from demandsim.calibration.simulator import Simulations
from demandsim.calibration.waves import fit, plan_of
from demandsim.evidence import targets
from demandsim.experiment.options import default_jobs
from demandsim.results.fit_rows import Row, rows_of
from demandsim.results.identified import Identified, identified
from demandsim.results.store import write_table
from demandsim.scenario.priors import Prior, fitted, uncertain
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario
from demandsim.threads import on_one_thread

Array = NDArray[np.float64]

REPEATS = 10
#: Replications from which the true targets are known, and posterior draws, which the check does not use.
REPLICATIONS, DRAWS = 60, 20
KEPT = Path(__file__).with_name("recovery.csv")
#: Half of nine in ten, in standard deviations.
HALF = 1.645


@dataclass(frozen=True, slots=True)
class Found:
    """What a repeat found of one parameter: a row of the file. All but names in prior standard deviations.

    Attributes:
        truth: from which the targets were simulated.
        mean, deviation: of the posterior.
        inside: of how many targets the true value lies within tolerance of the simulated mean at the point estimate.
    """

    repeat: int
    budget: int
    parameter: str
    truth: float
    mean: float
    deviation: float
    inside: int

    @property
    def below(self) -> float:
        """Return the share of the posterior that lies below the truth."""
        return float(ndtr((self.truth - self.mean) / self.deviation))

    @property
    def holds(self) -> bool:
        return abs(self.truth - self.mean) <= HALF * self.deviation


NAMES = tuple(field.name for field in fields(Found))


def _simulations(scenario: Scenario, drawn: Sequence[Prior], rows: Sequence[Row], seed: int, out: str) -> Simulations:
    return Simulations(scenario, drawn, rows, seed, Path(out), default_jobs(), 1, lambda finished, wanted: None)


def _shown(simulated: Array, rows: Sequence[Row], number: int) -> list[Row]:
    """Return the rows with values that are true, but for an error as large as their tolerance allows for.

    Monte Carlo error in them is part of that error, and where it is more than that, the tolerance is as wide.
    """
    deviation = np.array([row.deviation for row in rows])
    chance = np.nanstd(simulated, axis=0, ddof=1) / np.sqrt(len(simulated))
    more = np.sqrt(np.maximum(deviation**2 - chance**2, 0.0))
    values = np.nanmean(simulated, axis=0) + more * np.random.default_rng([number, 1]).standard_normal(len(rows))
    tolerances = 2 * np.maximum(deviation, chance)
    return [
        replace(row, target=replace(row.target, value=max(value, 0.0), tolerance=tolerance))
        for row, value, tolerance in zip(rows, values.tolist(), tolerances.tolist(), strict=True)
    ]


@on_one_thread
def _repeat(
    scenario: Scenario, rows: Sequence[Row], drawn: Sequence[Prior], truth: Array, budget: int, number: int
) -> list[Found]:
    moved = np.array([one in fitted(scenario) for one in drawn])
    with tempfile.TemporaryDirectory() as out:
        true = _simulations(scenario, drawn, rows, 70_000 + number, out)
        seen = true("truth", np.tile(truth, (REPLICATIONS, 1)), range(REPLICATIONS))
    shown = _shown(seen, rows, number)
    with tempfile.TemporaryDirectory() as out:
        simulate = _simulations(scenario, drawn, shown, 1 + number, out)
        # All is free: the truth is not at the declared value of what is only drawn.
        everything = np.ones(len(drawn), dtype=bool)
        plan = plan_of(budget, DRAWS, len(drawn))
        found = fit(simulate, shown, scenario.scale_to_england, everything, plan, 1 + number)
    gaps = np.abs(found.after.mean(axis=0) - np.nanmean(seen, axis=0))
    inside = int(np.sum(gaps <= [row.target.tolerance for row in shown]))
    deviation = np.sqrt(np.diag(found.posterior.covariance))
    columns = np.array([truth, found.posterior.mean, deviation]).round(4)
    return [
        Found(number, budget, drawn[place].key, *columns[:, place].tolist(), inside) for place in np.flatnonzero(moved)
    ]


def main(repeats: int, budget: int) -> None:
    scenario = read_scenario("baseline")
    rows = rows_of(targets(), scenario.circular_targets(), scenario.scale_to_england)
    drawn = tuple(dict.fromkeys((*fitted(scenario), *uncertain(scenario))))
    truths = norm.ppf(LatinHypercube(len(drawn), rng=np.random.default_rng(2)).random(repeats))
    started = time.perf_counter()
    found = [one for one in _kept() if one.budget == budget and one.repeat < repeats]
    for number in sorted(set(range(repeats)) - {one.repeat for one in found}):
        of_repeat = _repeat(scenario, rows, drawn, truths[number], budget, number)
        found += of_repeat
        write_table(KEPT, [NAMES, *(astuple(one) for one in found)])
        held = np.mean([one.holds for one in of_repeat if identified(one.deviation) != Identified.NOT])
        said = f"repeat {number + 1} of {repeats}: {100 * held:.0f}% held, {of_repeat[0].inside} of {len(rows)} inside"
        print(f"{said}, {time.perf_counter() - started:.0f} s", file=sys.stderr)
    print(f"{repeats} repeats, {budget:,} simulations each, {len(rows)} targets, {len(drawn)} parameters drawn")
    _print(found)


def _kept() -> list[Found]:
    if not KEPT.exists():
        return []
    with KEPT.open(newline="", encoding="utf-8-sig") as file:
        return [
            Found(
                *(int(row[name]) for name in NAMES[:2]),
                row["parameter"],
                *(float(row[name]) for name in NAMES[3:6]),
                int(row["inside"]),
            )
            for row in csv.DictReader(file)
        ]


def _print(found: Sequence[Found]) -> None:
    print(
        "| identified | parameters times repeats | truth within 90% | in each fifth of the posterior, % | mean off by |"
    )
    print("| --- | --- | --- | --- | --- |")
    every = {name.value: {name} for name in Identified}
    every |= {"well or partly": {Identified.WELL, Identified.PARTLY}, "all": set(Identified)}
    for name, kinds in every.items():
        chosen = [one for one in found if identified(one.deviation) in kinds]
        if not chosen:
            continue
        share = np.bincount([min(4, int(5 * one.below)) for one in chosen], minlength=5) / len(chosen)
        spread = " ".join(f"{100 * one:.0f}" for one in share)
        off = np.sqrt(np.mean([(one.mean - one.truth) ** 2 for one in chosen]))
        print(f"| {name} | {len(chosen)} | {_inside(chosen)} | {spread} | {off:.2f} |")


def _inside(chosen: Sequence[Found]) -> str:
    """Return how often the truth is held, with a standard error: parameters of one repeat hang together."""
    inside = float(np.mean([one.holds for one in chosen]))
    repeats = sorted({one.repeat for one in chosen})
    more = [sum(one.holds - inside for one in chosen if one.repeat == repeat) for repeat in repeats]
    error = float(np.std(more, ddof=1)) * np.sqrt(len(repeats)) / len(chosen) if len(repeats) > 1 else np.nan
    return f"{100 * inside:.0f}% ± {100 * error:.0f}"


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    main(*(given + [REPEATS, BUDGET][len(given) :]))
