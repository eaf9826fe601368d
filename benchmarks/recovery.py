"""Does calibration find what is true, and is it as sure as it may be? Simulated figures, fitted blind.

python benchmarks/recovery.py [REPEATS] [MEMBERS]

Each repeat draws the truth from what is thought beforehand, simulates the figures there with a luck of their own, adds
to each an error as large as its tolerance allows for, and fits them with another seed. What is counted: how often nine
in ten members of the ensemble lie around the truth, for numbers the figures pin, know partly or say nothing of; and how
far off the nearest values and the middle of the ensemble are, in standard deviations beforehand.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from demandsim.evidence import targets
from demandsim.experiment.assimilate import assimilate
from demandsim.experiment.nearest import nearest
from demandsim.experiment.observed import Observed
from demandsim.experiment.run import default_jobs
from demandsim.fit.identified import Known, known
from demandsim.results.fit_rows import Row, rows_of
from demandsim.scenario.read import read_scenario
from demandsim.scenario.unknowns import fitted, uncertain

#: Futures from which the true figures are known; rounds of the search and futures in each.
FUTURES, ROUNDS, REPLICATIONS = 24, 5, 16


def _silent(what: str, finished: int, wanted: int) -> None:
    """Say nothing of how far it is."""


def _figures(scenario, rows, drawn, truth, number: int) -> list[Row]:  # type: ignore[no-untyped-def]
    """Return the rows with figures that are true there, but for an error within tolerance."""
    with tempfile.TemporaryDirectory() as out:
        observed = Observed(scenario, rows, 70_000 + number, Path(out), default_jobs(), _silent)
        (gaps,) = observed.simulated("Truth", [observed.at(drawn, truth)], [range(FUTURES)])
    error = np.random.default_rng([number, 1]).standard_normal(len(rows))
    found = np.nanmean(gaps, axis=0) + error
    return [
        replace(row, target=replace(row.target, value=max(row.target.value + gap * row.deviation, 0.0)))
        for row, gap in zip(rows, found, strict=True)
    ]


def main(repeats: int, members: int) -> None:
    scenario = read_scenario("baseline")
    rows = rows_of(targets(), scenario.circular_targets(), scenario.scale_to_england)
    unknowns = fitted(scenario)
    drawn = tuple(dict.fromkeys((*unknowns, *uncertain(scenario))))
    held: dict[Known, list[bool]] = {word: [] for word in Known}
    off: dict[Known, list[tuple[float, float]]] = {word: [] for word in Known}
    started = time.perf_counter()
    for number in range(repeats):
        truth = np.random.default_rng([number, 2]).standard_normal(len(drawn))
        figures = _figures(scenario, rows, drawn, truth, number)
        with tempfile.TemporaryDirectory() as out:
            observed = Observed(scenario, figures, 1 + number, Path(out), default_jobs(), _silent)
            point = nearest(observed, unknowns, ROUNDS, REPLICATIONS)
            found = assimilate(observed, drawn, point, unknowns, members, 1 + number, check=False)
        low, middle, high = np.quantile(found.after, [0.05, 0.5, 0.95], axis=0)
        left = found.after.std(axis=0, ddof=1) / found.before.std(axis=0, ddof=1)
        for place in range(len(unknowns)):
            word = known(float(left[place]))
            held[word].append(bool(low[place] <= truth[place] <= high[place]))
            off[word].append((point.units[place] - truth[place], middle[place] - truth[place]))
        print(f"{number + 1} of {repeats}, {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    print(f"{repeats} repeats, {members} members, {len(rows)} figures, {len(unknowns)} of {len(drawn)} numbers fitted")
    print("known    numbers  truth within 90%  nearest off by  ensemble off by  (root mean square; beforehand 1)")
    for word in Known:
        if held[word]:
            nearest_off, middle_off = np.sqrt(np.mean(np.square(off[word]), axis=0))
            share = 100 * np.mean(held[word])
            print(f"{word!s:8} {len(held[word]):7} {share:16.0f}% {nearest_off:15.2f} {middle_off:16.2f}")
    every = [one for word in Known for one in held[word]]
    print(f"all      {len(every):7} {100 * np.mean(every):16.0f}%")


if __name__ == "__main__":
    main(*(int(one) for one in (*sys.argv[1:], *("20", "50")[len(sys.argv) - 1 :])))
