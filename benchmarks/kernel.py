"""What a run of the model costs: beside SimPy doing as many events and nothing else, and by the size of the authority.

    python benchmarks/kernel.py                       about two minutes; compiles first if need be
    python benchmarks/kernel.py --against 5e15f2c     beside the model of a commit too
    python benchmarks/kernel.py --against 5e15f2c --only england
    python benchmarks/kernel.py --sizes 1 4 16 64     sizes of the authority; slope up to 16 times

The bare loop is plain SimPy as its documentation shows it: processes that yield timeouts of random length. Several of
them, because SimPy's cost depends on how many events wait: one process alone (the cheapest SimPy there is), as many as
the model has open cases, and as many as events wait in the model (children who may come back are scheduled too), which
is what a process for each child would cost. Machines are noisy: what is compared is run several times, in turn, the
processor's time is taken, which other work disturbs less than the clock's, and medians and ratios are printed.
"""

from __future__ import annotations

import argparse
import gc
import io
import math
import os
import random
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import simpy
from environments import HERE, measured

from demandsim.model.simulate import count_events, get_ready, pasts_of, simulate
from demandsim.scenario.read import read_scenario

ROUNDS = 5
OPEN_CASES = 2_600
CHILDREN = 75_500
#: Of England's authorities, from the fewest referrals to the most, as many as are timed: one in so many.
ONE_IN = 19
#: Above so many times the size of an authority the slope is printed, and not judged.
JUDGED = 16

#: The most that a process has held in memory, in megabytes. What `resource` knows begins with what its parent held.
PEAK = """
def peak(): return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024
"""
#: What both versions can run in a process of its own: seconds of the processor, and megabytes at most in memory, for
#: authorities of these sizes one after the other. The first run is small and is not timed.
RUNS = f"""{PEAK}
import gc, json, sys, time
from demandsim.model.simulate import simulate
from demandsim.scenario.read import read_scenario
found = [[0.0, peak()]]
for children in [2000.0, *map(float, sys.argv[1:])]:
    scenario = read_scenario("baseline", [f"population.children={{children}}"])
    gc.collect()
    start = time.process_time()
    simulate(scenario, 1, 0)
    found.append([time.process_time() - start, peak()])
print(json.dumps(found))
"""


def bare(events: int, processes: int) -> float:
    """Return the processor's seconds that plain SimPy takes for as many timeouts, shared among processes.

    The processes have begun before and do not end, so that nothing but timeouts is in it.
    """
    environment = simpy.Environment()
    draw = random.Random(1).expovariate

    def waits() -> object:
        while True:
            yield environment.timeout(draw(1.0))

    for _ in range(processes):
        environment.process(waits())
    environment.run(until=1e-9)
    gc.collect()
    start = time.process_time()
    environment.run(until=events / processes)
    return time.process_time() - start


def model(children: float, replication: int) -> float:
    scenario = read_scenario("baseline", [f"population.children={children}"])
    gc.collect()
    start = time.process_time()
    simulate(scenario, 1, replication)
    return time.process_time() - start


def simpy_alone() -> None:
    events, waiting = count_events(read_scenario("baseline"), 1, 0)
    loops = (1, OPEN_CASES, round(waiting))
    model(2_000, 0)
    rows = [(model(CHILDREN, 0), *(bare(events, processes) for processes in loops)) for _ in range(ROUNDS)]
    names = (
        "model, ten years of one authority",
        "SimPy, one process",
        *(f"SimPy, {processes:,} processes" for processes in loops[1:]),
    )
    print(f"{events:,} events in a run, each finds {waiting:,.0f} waiting; medians of {ROUNDS} rounds")
    medians = [statistics.median(column) for column in zip(*rows, strict=True)]
    for name, seconds in zip(names, medians, strict=True):
        print(f"  {name:36} {seconds:6.2f} s  {1e6 * seconds / events:6.2f} microseconds an event")
    for place, name in enumerate(names[1:], 1):
        ratio = statistics.median(row[0] / row[place] for row in rows)
        print(f"  ratio of the model to {name}: {ratio:.2f}")


def shared_past() -> None:
    """Print what a second scenario costs that shares the years until it differs, beside one by itself."""
    reference, what_if = read_scenario("baseline"), read_scenario("shift_to_prevention")
    alone, shared = [], []
    for replication in range(2 * ROUNDS):
        pasts = pasts_of([reference, what_if])
        simulate(reference, 1, replication, pasts=pasts)
        for found, given in ((shared, pasts), (alone, None)):
            start = time.process_time()
            simulate(what_if, 1, replication, pasts=given)
            found.append(time.process_time() - start)
    second, one = statistics.median(shared), statistics.median(alone)
    print(f"  a scenario by itself {one:.3f} s, after another with the same past {second:.3f} s: {second / one:.2f}")


def growth(sizes: list[float]) -> None:
    """Print how the time of a run grows with the authority: the slope of log seconds on log children.

    Of the fastest rounds as well: other work on the machine takes of the cache that large authorities live on.
    """
    model(2_000, 0)
    rows = list(zip(*([model(CHILDREN * size, 0) for size in sizes] for _ in range(ROUNDS)), strict=True))
    for name, of in (("median", statistics.median), ("fastest", min)):
        seconds = [of(found) for found in rows]
        print(f"  {name} of {ROUNDS} rounds")
        for size, took in zip(sizes, seconds, strict=True):
            children = CHILDREN * size
            print(f"  {children:12,.0f} children {took:8.2f} s {1e6 * took / children:8.2f} microseconds each")
        for what, most in ((f"up to {JUDGED} times", JUDGED), ("of all", math.inf)):
            logs = [(math.log(size), math.log(took)) for size, took in zip(sizes, seconds, strict=True) if size <= most]
            if len(logs) > 1:
                print(f"  slope {what}: {statistics.linear_regression(*zip(*logs, strict=True)).slope:.3f}")


def memory_and_numba(other: Path | None) -> None:
    """Print what memory a run takes beyond the package alone, and what Numba adds to starting."""
    for name, path in (("the model", None), ("the commit", other)):
        if name == "the model" or path:
            (_, imported), (_, loaded), (_, run) = _runs(path, [CHILDREN])
            print(
                f"  {name}: {imported:.0f} MB with the package imported, {loaded:.0f} after a small run, "
                f"{run:.0f} after one of {CHILDREN:,} children"
            )
    start = "import time; start = time.process_time(); {}; took = time.process_time() - start\n"
    tell = PEAK + "print([took, peak()])"
    for what, code in (
        ("numpy imported", "import numpy"),
        ("Numba imported", "import numpy, numba"),
        ("the model imported", "from demandsim.model.simulate import simulate"),
        (
            "and what was compiled loaded (a small run)",
            "from demandsim.model import simulate; simulate.get_ready(); simulate._smallest()",
        ),
    ):
        runs = [measured([sys.executable, "-c", start.format(code) + tell]) for _ in range(3)]
        print(f"  {what}: {statistics.median(run[0] for run in runs):.2f} s, {runs[0][1]:.0f} MB")


def ten_years(other: Path | None) -> None:
    """Print the time of a run against a commit's, both in turn."""
    if not other:
        return
    rows = [(_runs(None, [CHILDREN])[-1][0], _runs(other, [CHILDREN])[-1][0]) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(column) for column in zip(*rows, strict=True))
    ratio = statistics.median(one / two for one, two in rows)
    print(f"  ten years of one authority: {ours:.3f} s; the commit {theirs:.3f} s; ratio {ratio:.3f}")


def england(other: Path | None) -> None:
    """Print the time of some of England's authorities, spread evenly over all, against a commit's."""
    from demandsim.experiment.differences import differences
    from demandsim.experiment.england import AUTHORITIES

    sizes = [CHILDREN * one.level for one in differences(AUTHORITIES)[ONE_IN // 2 :: ONE_IN]]
    versions = {"the model": None, **({"the commit": other} if other else {})}
    seconds = {name: sum(run[0] for run in _runs(path, sizes)[2:]) for name, path in versions.items()}
    for name, took in seconds.items():
        print(f"  {len(sizes)} of England's {AUTHORITIES} authorities, {name}: {took:.2f} s")
    if other:
        print(f"  ratio {seconds['the model'] / seconds['the commit']:.3f}")


def _runs(path: Path | None, sizes: list[float]) -> Any:
    """Run authorities of these sizes in a process of their own, by this version or the one in a folder."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", **({"PYTHONPATH": str(path / "src")} if path else {})}
    return measured([sys.executable, "-c", RUNS, *sizes], environment)


def _checked_out(commit: str, folder: Path) -> Path:
    """Put the files of a commit into a folder."""
    packed = subprocess.run(["git", "archive", commit], cwd=HERE.parent, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(folder, filter="data")
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", metavar="COMMIT")
    parser.add_argument("--sizes", type=float, nargs="+", default=[1, 2, 4, 8, 16])
    names = ["simpy_alone", "shared_past", "growth", "memory_and_numba", "ten_years", "england"]
    parser.add_argument("--only", choices=names, action="append", default=[])
    options = parser.parse_args()
    get_ready()
    print(f"load {os.getloadavg()[0]:.1f} at the start", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        other = _checked_out(options.against, Path(folder)) if options.against else None
        parts: dict[str, Callable[[], None]] = {
            "simpy_alone": simpy_alone,
            "shared_past": shared_past,
            "growth": lambda: growth(options.sizes),
            "memory_and_numba": lambda: memory_and_numba(other),
            "ten_years": lambda: ten_years(other),
            "england": lambda: england(other),
        }
        for name in options.only or names:
            print(name, flush=True)
            parts[name]()


if __name__ == "__main__":
    main()
