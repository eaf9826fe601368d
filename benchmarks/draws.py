"""Do members lie as far apart as what is not known lets them, where nothing else can be wrong?

python benchmarks/draws.py [REPEATS] [SEED]                                  half a minute, and ten seconds a repeat

As `recovery.py`, but for what simulations add. Figures are straight lines of the numbers, with the slopes that the mean
field has at the declared values; numbers bend with their standard units, as they do in a calibration. So there is no
luck, nothing is foretold wrongly, the nearest point is found exactly, and what is known of the truth is known but for
arithmetic. Two ways to draw members from it are compared:

* by lines: as if figures were straight lines of the units, around the nearest point;
* by chains: as `demandsim calibrate` does, from there by Hamiltonian Monte Carlo.

What is counted are numbers that are fitted: how often nine in ten members lie around the truth, for those that are
pinned or partly known, and for all; how far members lie apart there, as a share of that beforehand; and how far off
figures are at the median member, squared and in what is not known of them. Which numbers are known as many other chains
say: by members' own spread those would be chosen that lie too close together by chance.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray
from recovery import PAIRS, _drawn, _observed

from demandsim.evidence import targets
from demandsim.experiment.assimilate import THROWN
from demandsim.experiment.run import default_jobs
from demandsim.fit.chains import Straight, drawn, scattered
from demandsim.fit.identified import PARTLY
from demandsim.fit.likely import Members
from demandsim.results.fit_rows import rows_of
from demandsim.scenario.read import read_scenario
from demandsim.scenario.unknowns import fitted
from demandsim.threads import on_one_thread

Array = NDArray[np.float64]

#: Standard deviation of what is not known of a figure, in those that tolerances allow for: about that of calibrations.
SPREAD = 1.2
MEMBERS = 59
#: Steps to the nearest point.
STEPS = 100


def _nearest(straight: Straight) -> Array:
    """Return (unknown,) of the most likely point."""
    nothing, none = np.zeros((1, straight.slopes.shape[1])), np.zeros((1, len(straight.level)))
    steepness = straight.bend.steepness
    point = Members(nothing, none, straight.slopes, straight.level, steepness, spread=straight.spread)
    for _ in range(STEPS):
        units = point.proposed()
        point.seen(units, straight(units))
    found: Array = point.units[0]
    return found


@on_one_thread
def main(repeats: int, seed: int) -> None:
    scenario = read_scenario("baseline")
    unknowns, numbers = _drawn(scenario), len(fitted(scenario))
    rows = rows_of(targets(), scenario.circular_targets(), scenario.scale_to_england)
    with tempfile.TemporaryDirectory() as out:
        observed = _observed(scenario, rows, 1, out, default_jobs())
        slopes, bend = observed.slopes(unknowns, PAIRS, 1), observed.bend(unknowns)
    found = defaultdict(list)
    for number in range(repeats):
        generator = np.random.default_rng([seed, number])
        truth = generator.standard_normal(len(unknowns))
        published = slopes @ bend.moved(truth) + SPREAD * generator.standard_normal(len(rows))
        straight = Straight(-published, slopes, np.full(len(rows), SPREAD), bend)
        middle = _nearest(straight)
        lines = scattered(straight, middle, 2 * MEMBERS, generator)
        chains = drawn(straight, middle, lines, generator, THROWN[1])
        known = chains[MEMBERS:, :numbers].std(axis=0, ddof=1) < PARTLY
        for way, units in {"by lines": lines[:MEMBERS], "by chains": chains[:MEMBERS]}.items():
            low, high = np.quantile(units[:, :numbers], [0.05, 0.95], axis=0, method="weibull")
            holds = (low <= truth[:numbers]) & (truth[:numbers] <= high)
            spread = units[:, :numbers].std(axis=0, ddof=1)
            off = np.median(np.mean((straight(units) / SPREAD) ** 2, axis=1))
            found[way].append((holds[known].mean(), holds.mean(), spread[known].mean(), off))
        print(f"{number + 1} of {repeats}", file=sys.stderr)
    print("| way | pinned or partly: truth within 90% | all | as far apart as beforehand | squared gaps a figure |")
    print("| --- | --- | --- | --- | --- |")
    for way, each in found.items():
        middle, error = np.mean(each, axis=0), np.std(each, axis=0, ddof=1) / np.sqrt(repeats)
        held = (f"{100 * one:.1f}% ± {100 * off:.1f}" for one, off in zip(middle[:2], error[:2], strict=True))
        print(f"| {way} | {' | '.join(held)} | {middle[2]:.3f} | {middle[3]:.1f} |")


if __name__ == "__main__":
    main(*(int(one) for one in (*sys.argv[1:], *("20", "1")[len(sys.argv) - 1 :])))
