"""Does an authority come back from its returns? Simulated authorities, exported, localised and calibrated.

    python benchmarks/localise_recovery.py --authorities 20 --children 20000

Each has thresholds, readiness and everything else that is uncertain drawn from the priors. One replication of it is
exported as four returns, which `localise` reads, suppressed and rounded; `calibrate --free` fits what it says. Counted:
how often the 90% interval of a parameter that is well or partly identified holds the value that the returns came from.

What each authority gives goes into a file, a row for each parameter; one that is there is not made again.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.stats import norm
from scipy.stats.qmc import LatinHypercube

from demandsim.calibration.calibrate import BUDGET, calibrate
from demandsim.cli.localise import FREE
from demandsim.experiment.run import run
from demandsim.localise.export import RETURNS, export
from demandsim.localise.localise import localise
from demandsim.localise.output import write
from demandsim.problems import UserError
from demandsim.results.calibration import ParameterFit
from demandsim.results.fit_rows import read_targets
from demandsim.results.identified import Identified
from demandsim.results.store import write_table
from demandsim.scenario.priors import Prior, at, fitted, priors_in, uncertain
from demandsim.scenario.read import read_scenario

NAMES = ("authority", "parameter", "free", "identified", "truth", "low", "high")
Row = tuple[int, str, int, str, float, float, float]


def recovered(number: int, units: np.ndarray, drawn: Sequence[Prior], children: float, budget: int) -> list[Row]:
    """Return a row for each parameter that is fitted to the returns of one authority."""
    england = read_scenario("baseline", [f"population.children={children}"], 2)
    truth = at(england, drawn, units)
    values = truth.at_start()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = run(truth, replications=1, seed=1000 + number, out=folder / "runs", spells=True)
        for which in RETURNS:
            export(made.folder, which, folder / "returns")
        scenario = write(localise("999", 2013, [folder / "returns"], children=children, accept=True), folder / "local")
        targets = read_targets(folder / "local" / "targets.csv")
        done = calibrate(
            read_scenario(scenario), targets, free=FREE, budget=budget, draws=50, seed=1 + number, out=folder / "fits"
        )
    return [_row(number, one, values) for one in done.fit.parameters if one.fitted]


def _row(number: int, one: ParameterFit, values: dict[str, object]) -> Row:
    name, _, place = one.key.partition("[")
    of = values[name]
    truth = float(of[int(place.rstrip("]"))] if place else of)  # type: ignore[index, arg-type]
    return number, one.key, int(name in FREE), one.known.value, round(truth, 6), *(round(end, 6) for end in one.after)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--authorities", type=int, default=20)
    parser.add_argument("--children", type=float, default=20_000)
    parser.add_argument("--budget", type=int, default=BUDGET)
    parser.add_argument("--kept", type=Path, default=Path(__file__).with_name("localise_recovery.csv"))
    given = parser.parse_args()
    england = read_scenario("baseline")
    drawn = tuple(dict.fromkeys((*priors_in(england, FREE), *fitted(england), *uncertain(england))))
    sets = norm.ppf(LatinHypercube(len(drawn), rng=np.random.default_rng(5)).random(given.authorities))
    rows, started = _kept(given.kept), time.perf_counter()
    for number in sorted(set(range(given.authorities)) - {row[0] for row in rows}):
        try:
            rows += recovered(number, sets[number], drawn, given.children, given.budget)
        except UserError as error:
            print(f"authority {number}: {error}", file=sys.stderr)
            continue
        write_table(given.kept, [NAMES, *rows])
        print(f"authority {number}: {_said([row for row in rows if row[0] == number])}", file=sys.stderr, end="")
        print(f", {time.perf_counter() - started:.0f} s", file=sys.stderr)
    for words, chosen in (
        ("levers freed", [row for row in rows if row[2]]),
        ("other parameters fitted", [row for row in rows if not row[2]]),
        ("all", rows),
    ):
        print(f"{words}: {_said(chosen)}")


def _kept(path: Path) -> list[Row]:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8-sig") as file:
        return [
            (int(a), name, int(free), known, float(truth), float(low), float(high))
            for a, name, free, known, truth, low, high in list(csv.reader(file))[1:]
        ]


def _said(rows: Sequence[Row]) -> str:
    """Return how many intervals hold the truth, of what is identified."""
    known = [row for row in rows if row[3] != Identified.NOT.value]
    held = sum(low <= truth <= high for *_, truth, low, high in known)
    return f"{held} of {len(known)} identified ({100 * held / max(len(known), 1):.0f}%)"


if __name__ == "__main__":
    main()
