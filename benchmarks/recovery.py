"""Does calibration find what is true, and is it as sure as it may be? Simulated figures, fitted blind.

python benchmarks/recovery.py [REPEATS] [MEMBERS]        about 200 seconds a repeat on two cores

Each repeat draws the truth from what is thought beforehand, simulates the figures there with a luck of their own, adds
to each an error as large as its tolerance allows for, and fits them with another seed (simulation-based calibration:
Talts and others, 2018). What is counted, for numbers that the figures pin, know partly or say nothing of: how often
nine in ten members of the ensemble lie around the truth; in which fifth of the members the truth lies, which is each
fifth of the time if the ensemble is right; and how far off the nearest values and the middle of the ensemble are, in
standard deviations beforehand.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from demandsim.evidence import Target, targets
from demandsim.experiment.assimilate import assimilate
from demandsim.experiment.execute import execute
from demandsim.experiment.nearest import nearest
from demandsim.experiment.observed import Observed
from demandsim.experiment.run import default_jobs
from demandsim.fit.identified import Known, known
from demandsim.results.fit_rows import Row, rows_of
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.unknowns import Unknown, fitted, uncertain

Array = NDArray[np.float64]

#: Futures from which the true figures are known; rounds of the search and futures in each; pairs for slopes.
FUTURES, ROUNDS, REPLICATIONS, PAIRS = 40, 5, 24, 120


@dataclass(frozen=True, slots=True)
class Repeat:
    """One truth, and what was found of it; of the numbers that are fitted.

    Attributes:
        truth, nearest: (number,), in standard units.
        before, after: (member, number).
        misfits: of the nearest point after each round; squared gaps of the members, at their quartiles.
    """

    truth: Array
    nearest: Array
    before: Array
    after: Array
    misfits: tuple[Array, Array]


def _observed(scenario: Scenario, rows: Sequence[Row], seed: int, out: str, jobs: int = 1) -> Observed:
    return Observed(scenario, rows, seed, Path(out), jobs, lambda what, finished, wanted: None)


def _figures(scenario: Scenario, rows: Sequence[Row], drawn: Sequence[Unknown], truth: Array, number: int) -> list[Row]:
    """Return the rows with figures that are true there, but for an error as large as their tolerance allows for.

    What luck is left in them is part of that error, and where it is more than that, the tolerance is as wide.
    """
    with tempfile.TemporaryDirectory() as out:
        observed = _observed(scenario, rows, 70_000 + number, out)
        (gaps,) = observed.simulated("Truth", [observed.at(drawn, truth)], [range(FUTURES)])
    luck = np.nanvar(gaps, axis=0, ddof=1) / FUTURES
    more = np.sqrt(np.maximum(1.0 - luck, 0.0))
    error = more * np.random.default_rng([number, 1]).standard_normal(len(rows))
    wider = np.sqrt(np.maximum(luck, 1.0))
    return [
        replace(row, target=_with(row, row.target.value + gap * row.deviation, 2 * row.deviation * wide))
        for row, gap, wide in zip(rows, np.nanmean(gaps, axis=0) + error, wider, strict=True)
    ]


def _with(row: Row, value: float, tolerance: float) -> Target:
    return replace(row.target, value=max(value, 0.0), tolerance=tolerance)


def _repeat(scenario: Scenario, rows: Sequence[Row], slopes: Array, members: int, number: int) -> Repeat:
    drawn = _drawn(scenario)
    truth = np.random.default_rng([number, 2]).standard_normal(len(drawn))
    figures = _figures(scenario, rows, drawn, truth, number)
    with tempfile.TemporaryDirectory() as out:
        observed = _observed(scenario, figures, 1 + number, out)
        point = nearest(observed, drawn, slopes, ROUNDS, REPLICATIONS)
        found = assimilate(observed, drawn, point, members, 1 + number, check=False)
    few = len(fitted(scenario))
    misfits = np.array(point.misfits), np.quantile(np.nansum(found.foretold**2, axis=1), [0.25, 0.5, 0.75])
    return Repeat(truth[:few], point.units[:few], found.before[:, :few], found.after[:, :few], misfits)


def _drawn(scenario: Scenario) -> tuple[Unknown, ...]:
    return tuple(dict.fromkeys((*fitted(scenario), *uncertain(scenario))))


def main(repeats: int, members: int) -> None:
    scenario = read_scenario("baseline")
    rows = rows_of(targets(), scenario.circular_targets(), scenario.scale_to_england)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as out:
        # The slopes at the declared values do not hang on the figures.
        slopes = _observed(scenario, rows, 1, out, default_jobs()).slopes(_drawn(scenario), PAIRS, 1)
    found: list[Repeat] = []
    calls = [(scenario, rows, slopes, members, number) for number in range(repeats)]
    for number, one in execute(_repeat, calls, default_jobs()):
        found.append(one)
        nearest_misfits, members_misfits = (" ".join(f"{each:.0f}" for each in many) for many in one.misfits)
        said = f"misfit {nearest_misfits}, squared gaps of members {members_misfits}"
        print(f"{number + 1} of {repeats}: {said}, {time.perf_counter() - started:.0f} s", file=sys.stderr)
        _print(found, sys.stderr)
    print(f"{repeats} repeats, {members} members, {len(rows)} figures, {found[0].truth.size} numbers fitted")
    _print(found, sys.stdout)


def _print(found: Sequence[Repeat], where: TextIO) -> None:
    inside: dict[Known, list[bool]] = defaultdict(list)
    fifths: dict[Known, list[int]] = defaultdict(list)
    off: dict[Known, list[tuple[float, float]]] = defaultdict(list)
    for one in found:
        low, middle, high = np.quantile(one.after, [0.05, 0.5, 0.95], axis=0, method="weibull")
        left = one.after.std(axis=0, ddof=1) / one.before.std(axis=0, ddof=1)
        below = (one.after < one.truth).mean(axis=0)
        for place, true in enumerate(one.truth):
            word = known(float(left[place]))
            inside[word].append(bool(low[place] <= true <= high[place]))
            fifths[word].append(min(4, int(5 * below[place])))
            off[word].append((one.nearest[place] - true, middle[place] - true))
    say = partial(print, file=where, flush=True)
    say("| known | numbers | truth within 90% | in each fifth of the members, % | nearest off by | middle off by |")
    say("| --- | --- | --- | --- | --- | --- |")
    for name, chosen in (*((str(word), [word]) for word in Known), ("all", list(Known))):
        held = [one for each in chosen for one in inside[each]]
        if not held:
            continue
        by_nearest, by_middle = np.sqrt(np.mean(np.square([one for each in chosen for one in off[each]]), axis=0))
        share = np.bincount([one for each in chosen for one in fifths[each]], minlength=5) / len(held)
        spread = " ".join(f"{100 * one:.0f}" for one in share)
        say(f"| {name} | {len(held)} | {100 * np.mean(held):.0f}% | {spread} | {by_nearest:.2f} | {by_middle:.2f} |")


if __name__ == "__main__":
    main(*(int(one) for one in (*sys.argv[1:], *("20", "59")[len(sys.argv) - 1 :])))
