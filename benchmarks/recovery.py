"""Does calibration find what is true, and is it as sure as it may be? Simulated figures, fitted blind.

python benchmarks/recovery.py [REPEATS] [MEMBERS]        about two minutes a repeat on two cores

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
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TextIO

import numpy as np

from demandsim.evidence import Target, targets
from demandsim.experiment.assimilate import assimilate
from demandsim.experiment.nearest import nearest
from demandsim.experiment.observed import Observed
from demandsim.experiment.run import default_jobs
from demandsim.fit.identified import Known, known
from demandsim.results.fit_rows import Row, rows_of
from demandsim.scenario.read import read_scenario
from demandsim.scenario.unknowns import fitted, uncertain

#: Futures from which the true figures are known; rounds of the search and futures in each; pairs for slopes.
FUTURES, ROUNDS, REPLICATIONS, PAIRS = 40, 5, 24, 120


def _silent(what: str, finished: int, wanted: int) -> None:
    """Say nothing of how far it is."""


def _observed(scenario, rows, seed: int, out: str) -> Observed:  # type: ignore[no-untyped-def]
    return Observed(scenario, rows, seed, Path(out), default_jobs(), _silent)


def _figures(scenario, rows, drawn, truth, number: int) -> list[Row]:  # type: ignore[no-untyped-def]
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


def main(repeats: int, members: int) -> None:
    scenario = read_scenario("baseline")
    rows = rows_of(targets(), scenario.circular_targets(), scenario.scale_to_england)
    unknowns = fitted(scenario)
    drawn = tuple(dict.fromkeys((*unknowns, *uncertain(scenario))))
    inside: dict[Known, list[bool]] = {word: [] for word in Known}
    fifths: dict[Known, list[int]] = {word: [] for word in Known}
    off: dict[Known, list[tuple[float, float]]] = {word: [] for word in Known}
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as out:
        # The slopes at the declared values do not hang on the figures.
        slopes = _observed(scenario, rows, 1, out).slopes(drawn, PAIRS, 1)
    for number in range(repeats):
        truth = np.random.default_rng([number, 2]).standard_normal(len(drawn))
        figures = _figures(scenario, rows, drawn, truth, number)
        with tempfile.TemporaryDirectory() as out:
            observed = _observed(scenario, figures, 1 + number, out)
            point = nearest(observed, drawn, slopes, ROUNDS, REPLICATIONS)
            found = assimilate(observed, drawn, point, members, 1 + number, check=False)
        low, middle, high = np.quantile(found.after, [0.05, 0.5, 0.95], axis=0)
        left = found.after.std(axis=0, ddof=1) / found.before.std(axis=0, ddof=1)
        below = (found.after < truth).mean(axis=0)
        for place in range(len(unknowns)):
            word = known(float(left[place]))
            inside[word].append(bool(low[place] <= truth[place] <= high[place]))
            fifths[word].append(min(4, int(5 * below[place])))
            off[word].append((point.units[place] - truth[place], middle[place] - truth[place]))
        print(np.round(point.misfits), np.round(np.quantile(found.misfits, [0.1, 0.5, 0.9])), file=sys.stderr)
        print(f"{number + 1} of {repeats}, {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
        _print(inside, fifths, off, sys.stderr)
    print(f"{repeats} repeats, {members} members, {len(rows)} figures, {len(unknowns)} of {len(drawn)} numbers fitted")
    _print(inside, fifths, off, sys.stdout)


def _print(
    inside: dict[Known, list[bool]],
    fifths: dict[Known, list[int]],
    off: dict[Known, list[tuple[float, float]]],
    where: TextIO,
) -> None:
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
    main(*(int(one) for one in (*sys.argv[1:], *("20", "50")[len(sys.argv) - 1 :])))
