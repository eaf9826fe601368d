"""Does calibration find what is true, and is it as sure as it may be? Simulated figures, fitted blind.

python benchmarks/recovery.py [REPEATS] [MEMBERS]        10 minutes a repeat on a core, 20 on a slow one

What each repeat finds goes into benchmarks/recovery.csv, a row for each number that is fitted; a repeat that is there
is not made again, so a stopped check goes on. Delete the file when calibration has changed.

Each repeat draws the truth from what is thought beforehand, simulates the figures there with a luck of their own, adds
to each an error as large as its tolerance allows for, and fits them with another seed (simulation-based calibration:
Talts and others, 2018). Twenty truths in a row are spread evenly over what is thought (a Latin hypercube), so that it
is no luck in the truths that makes intervals look too narrow or too wide. What is counted, for numbers that the figures
pin, know partly or say nothing of: how often nine in ten members of the ensemble lie around the truth; in which fifth
of the members the truth lies, which is each fifth of the time if the ensemble is right; and how far off the nearest
values and the middle of the ensemble are, in standard deviations beforehand.
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
from demandsim.experiment.assimilate import assimilate
from demandsim.experiment.nearest import nearest
from demandsim.experiment.observed import Observed
from demandsim.fit.identified import Known
from demandsim.fit.identified import known as how_well
from demandsim.scenario.unknowns import Unknown, fitted, uncertain
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats.qmc import LatinHypercube

from demandsim.evidence import Target, targets
from demandsim.experiment.execute import execute
from demandsim.experiment.run import default_jobs
from demandsim.results.fit_rows import Row, rows_of
from demandsim.results.store import write_table
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario
from demandsim.threads import on_one_thread

Array = NDArray[np.float64]

#: Futures from which the true figures are known; rounds of the search, as many as a calibration has for all that is
#: drawn, and futures in each; pairs for slopes; simulations of each member that goes ahead.
FUTURES, ROUNDS, REPLICATIONS, PAIRS, TEACH = 40, 7, 24, 70, 4
#: Repeats over which truths are spread evenly.
TOGETHER = 20
#: What repeats have found.
KEPT = Path(__file__).with_name("recovery.csv")


@dataclass(frozen=True, slots=True)
class Found:
    """What a repeat found of one number: a row of the file. All but names and shares in standard deviations beforehand.

    Attributes:
        nearest: the value nearest to the figures.
        low, middle, high: around which, and between which, half and nine in ten of the members lie.
        left: the members' spread as a share of that beforehand.
        known: the same of the members that went ahead. They tell how well the number is known: told by the very members
            that are to hold the truth, chance would take in some that lie too close together.
        below: share of the members that lie below the truth.
    """

    repeat: int
    members: int
    number: str
    truth: float
    nearest: float
    low: float
    middle: float
    high: float
    left: float
    known: float
    below: float

    @property
    def holds(self) -> bool:
        return self.low <= self.truth <= self.high


NAMES = tuple(field.name for field in fields(Found))


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


@on_one_thread
def _repeat(
    scenario: Scenario, rows: Sequence[Row], slopes: Array, members: int, number: int
) -> tuple[list[Found], str]:
    """Return what was found of each number that is fitted, and how near to the figures it came."""
    drawn = _drawn(scenario)
    truth = _truth(len(drawn), number)
    figures = _figures(scenario, rows, drawn, truth, number)
    with tempfile.TemporaryDirectory() as out:
        observed = _observed(scenario, figures, 1 + number, out)
        point = nearest(observed, drawn, slopes, ROUNDS, REPLICATIONS)
        ensemble = assimilate(observed, drawn, point, members, 1 + number, TEACH, check=False)
    # Of 59 members, the third lowest and the third highest: nine in ten, if all are right.
    of_number = np.quantile(ensemble.units, [0.05, 0.5, 0.95], axis=0, method="weibull")
    left, known = (units.std(axis=0, ddof=1) for units in (ensemble.units, ensemble.ahead))
    below = (ensemble.units < truth).mean(axis=0)
    columns = np.array([truth, point.units, *of_number, left, known, below]).round(4)
    found = [
        Found(number, members, drawn[place].key, *columns[:, place].tolist()) for place in range(len(fitted(scenario)))
    ]
    gaps = np.quantile(np.nansum(ensemble.foretold**2, axis=1), [0.25, 0.5, 0.75])
    misfits = (" ".join(f"{each:.0f}" for each in many) for many in (point.misfits, gaps))
    return found, "misfit {}, squared gaps of members {}".format(*misfits)


def _truth(unknowns: int, number: int) -> Array:
    """Return the truth of a repeat: `TOGETHER` in a row have each unknown once in each of as many equal parts."""
    many, place = divmod(number, TOGETHER)
    shares = LatinHypercube(unknowns, seed=np.random.default_rng([many, 2])).random(TOGETHER)
    return np.asarray(norm.ppf(shares[place]))


def _drawn(scenario: Scenario) -> tuple[Unknown, ...]:
    return tuple(dict.fromkeys((*fitted(scenario), *uncertain(scenario))))


def main(repeats: int, members: int) -> None:
    scenario = read_scenario("baseline")
    rows = rows_of(targets(), scenario.circular_targets(), scenario.scale_to_england)
    started = time.perf_counter()
    numbers = len(fitted(scenario))
    found = [one for one in _kept() if one.members == members and one.repeat < repeats]
    missing = sorted(set(range(repeats)) - {one.repeat for one in found})
    if missing:
        with tempfile.TemporaryDirectory() as out:
            # The slopes at the declared values do not hang on the figures.
            slopes = _observed(scenario, rows, 1, out, default_jobs()).slopes(_drawn(scenario), PAIRS, 1)
        calls = [(scenario, rows, slopes, members, number) for number in missing]
        for place, (of_repeat, said) in execute(_repeat, calls, default_jobs()):
            _keep(of_repeat)
            found += of_repeat
            print(f"{missing[place] + 1} of {repeats}: {said}, {time.perf_counter() - started:.0f} s", file=sys.stderr)
    print(f"{repeats} repeats, {members} members, {len(rows)} figures, {numbers} numbers fitted")
    _print(found)


def _kept() -> list[Found]:
    if not KEPT.exists():
        return []
    with KEPT.open(newline="", encoding="utf-8-sig") as file:
        return [_found(row) for row in csv.DictReader(file)]


def _found(row: dict[str, str]) -> Found:
    repeat, members, number, *rest = (row[name] for name in NAMES)
    return Found(int(repeat), int(members), number, *(float(one) for one in rest))


def _keep(found: Sequence[Found]) -> None:
    """Write what was kept before and this, all or nothing."""
    again = {(one.members, one.repeat) for one in found}
    others = [one for one in _kept() if (one.members, one.repeat) not in again]
    write_table(KEPT, [NAMES, *(astuple(one) for one in (*others, *found))])


def _print(found: Sequence[Found]) -> None:
    heads = ("known", "numbers times repeats", "truth within 90%", "in each fifth of the members, %")
    print(f"| {' | '.join(heads)} | nearest off by | middle off by |")
    print("| --- | --- | --- | --- | --- | --- |")
    every = {name.value: {name} for name in Known}
    every |= {"identified: pinned or partly": {Known.PINNED, Known.PARTLY}, "all": set(Known)}
    for name, kinds in every.items():
        chosen = [one for one in found if how_well(one.known) in kinds]
        if not chosen:
            continue
        share = np.bincount([min(4, int(5 * one.below)) for one in chosen], minlength=5) / len(chosen)
        spread = " ".join(f"{100 * one:.0f}" for one in share)
        by_nearest = np.sqrt(np.mean([(one.nearest - one.truth) ** 2 for one in chosen]))
        by_middle = np.sqrt(np.mean([(one.middle - one.truth) ** 2 for one in chosen]))
        print(f"| {name} | {len(chosen)} | {_inside(chosen)} | {spread} | {by_nearest:.2f} | {by_middle:.2f} |")


def _inside(chosen: Sequence[Found]) -> str:
    """Return how often the truth is held, with a standard error: numbers of one repeat hang together, repeats don't."""
    inside = float(np.mean([one.holds for one in chosen]))
    repeats = sorted({one.repeat for one in chosen})
    more = [sum(one.holds - inside for one in chosen if one.repeat == repeat) for repeat in repeats]
    error = float(np.std(more, ddof=1)) * np.sqrt(len(repeats)) / len(chosen) if len(repeats) > 1 else np.nan
    return f"{100 * inside:.0f}% ± {100 * error:.0f}"


if __name__ == "__main__":
    main(*(int(one) for one in (*sys.argv[1:], *("20", "59")[len(sys.argv) - 1 :])))
