"""The model beside what it might be compared with, everything in one run: prints Markdown tables.

    python benchmarks/all.py                  about fifteen minutes
    python benchmarks/all.py --quick          about three: fewer rounds, no very large authority
    python benchmarks/all.py --only start_up  one part; may be given again for another
    python benchmarks/all.py --json FILE      also writes the tables there

Needs demandsim installed. The peers are installed into environments of their own the first time (see
`environments.py`); one that can't be is left out, and the table says why. Machines are noisy: what is compared runs in
turn, several times; a time is the median of its rounds and a ratio the median of the ratios within a round. Where one
thread is held against another, what is timed is the processor's time. Ends with an error if the tools disagree about
the small pathway.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import workers
from environments import HERE, MissingPeerError, measured, python_with
from kernel import OPEN_CASES, PEAK, bare, model
from pathway.small import exact_wait

from demandsim.model.simulate import count_events
from demandsim.scenario.read import read_scenario

PATHWAY = HERE / "pathway"
SIMULATORS = ["ciw==3.2.7", "salabim==26.0.9"]
FORECASTER = ["cs-demand-model==0.5.1"]
#: It wants pandas before 2, for which there are builds for these.
FORECASTER_RUNS_ON = ("3.11", "3.10")
CHILDREN = 75_500
#: Of the small pathway; whole weeks, so that every tool stops at the same moment.
DAYS = 7 * 1565
#: Means further apart than this many standard errors of their difference are different answers.
STANDARD_ERRORS = 3.0


@dataclass
class Table:
    title: str
    header: list[str]
    rows: list[list[Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: bool = False

    def markdown(self) -> str:
        lines = [self.header, ["---"] * len(self.header), *([_shown(cell) for cell in row] for row in self.rows)]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return "\n\n".join([f"### {self.title}", table, *self.notes]) + "\n"


def _shown(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.3g}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _in_turn(parts: list[Callable[[], Any]], rounds: int) -> list[list[Any]]:
    """Return for each part what its rounds gave; in a round each part runs once."""
    return [list(column) for column in zip(*([part() for part in parts] for _ in range(rounds)), strict=True)]


def _ratio(these: list[float], those: list[float]) -> float:
    return median(one / other for one, other in zip(these, those, strict=True))


def _timed(*words: Any) -> float:
    """Time a Python command from outside, so that Python's own start counts."""
    command = [sys.executable, *map(str, words)]
    start = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - start


def _processor(work: Callable[[], Any], whose: int) -> float:
    """Return the processor seconds of some work in this process (`RUSAGE_SELF`) or in those it starts."""
    before = resource.getrusage(whose)
    work()
    after = resource.getrusage(whose)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def event_cost(quick: bool) -> Table:
    events, waiting = count_events(read_scenario("baseline"), 1, 0)
    loops = {
        "one for each event that waits in the model": round(waiting),
        "one for each open case": OPEN_CASES,
        "the least SimPy can cost": 1,
    }
    names = ("the model", *(f"bare SimPy, {processes:,} processes: {why}" for why, processes in loops.items()))
    parts = [lambda: model(CHILDREN, 0)]
    parts += [lambda processes=processes: bare(events, processes) for processes in loops.values()]
    times = _in_turn(parts, 3 if quick else 7)
    table = Table(
        f"An event: ten years of one authority, {events:,} events", ["", "microseconds an event", "model's ratio to it"]
    )
    for name, column in zip(names, times, strict=True):
        table.rows.append([name, 1e6 * median(column) / events, _ratio(times[0], column)])
    return table


def small_pathway(quick: bool) -> Table:
    table = Table(
        "The small pathway: a delay, 20 workers, a delay",
        ["", "version", "cases a second", "ours is so many times as quick", "mean wait, days", "its answer"],
    )
    commands = {"demandsim's kernel": [sys.executable, PATHWAY / "ours.py"]}
    commands["SimPy with `Resource`"] = [sys.executable, PATHWAY / "plain_simpy.py"]
    try:
        python = python_with(SIMULATORS)
        commands |= {name: [python, PATHWAY / f"in_{name.lower()}.py"] for name in ("Ciw", "salabim")}
    except MissingPeerError as missing:
        table.notes.append(f"Ciw and salabim left out: {missing}.")
    runs: dict[str, list[Any]] = {name: [] for name in commands}
    for seed in range(1, 1 + (4 if quick else 9)):
        for name, command in commands.items():
            runs[name].append(measured([*command, seed, DAYS]))
    ours = runs["demandsim's kernel"]
    for name, found in runs.items():
        agrees, answer = _verdict(found, ours)
        table.failed |= not agrees
        speed = median(closed / seconds for seconds, closed, _, _ in found)
        ratio = _ratio([run[0] / run[1] for run in found], [run[0] / run[1] for run in ours])
        mean, error = _mean([run[2] for run in found])
        table.rows.append([name, found[0][3], speed, ratio, f"{mean:.2f} ± {error:.2f}", answer])
    table.notes.append(
        f"About {ours[0][1]:,} cases a run, {len(ours)} runs each. Erlang's formula: {exact_wait():.2f} days."
    )
    return table


def _mean(values: list[float]) -> tuple[float, float]:
    return statistics.fmean(values), statistics.stdev(values) / math.sqrt(len(values))


def _verdict(found: list[list[Any]], ours: list[list[Any]]) -> tuple[bool, str]:
    """Return whether a tool's answer is ours, and how that was seen; ours is held against Erlang's formula."""
    mean, error = _mean([run[2] for run in found])
    if found is ours:
        other, other_error, name = exact_wait(), 0.0, "the formula"
    elif all(a[1] == b[1] and math.isclose(a[2], b[2], rel_tol=1e-9) for a, b in zip(found, ours, strict=True)):
        return True, "ours, to the last case"
    else:
        other, other_error = _mean([run[2] for run in ours])
        name = "ours"
    apart = abs(mean - other) / math.hypot(error, other_error)
    agrees = apart < STANDARD_ERRORS
    return agrees, f"{apart:.1f} standard errors from {name}" + ("" if agrees else ": DISAGREES")


def ten_years(quick: bool) -> Table:
    """Time ten years' forecast by the one open forecaster of children looked after that installs, and by ours."""
    with tempfile.TemporaryDirectory() as folder:
        whole_run = ["-m", "demandsim", "run", "baseline", "--no-pictures", "--again", "--out", folder]
        parts = {
            "demandsim, one future": lambda: [_processor(lambda: model(CHILDREN, 0), resource.RUSAGE_SELF)],
            "demandsim, 20 replications and their summary, from the command line": lambda: [
                _processor(lambda: _timed(*whole_run), resource.RUSAGE_CHILDREN)
            ],
        }
        table = Table("Ten years of children looked after", ["", "processor seconds", "ratio to one future of ours"])
        try:
            python = python_with(FORECASTER, FORECASTER_RUNS_ON)
            for step, name in ((1, "a day at a time (its command)"), (90, "90 days at a time (its web page)")):
                command = [python, HERE / "looked_after.py", step]
                parts[f"cs-demand-model, {name}"] = lambda command=command: measured(command)
        except MissingPeerError as missing:
            table.notes.append(f"cs-demand-model left out: {missing}.")
        runs = dict(zip(parts, _in_turn(list(parts.values()), 1 if quick else 3), strict=True))
    first = [run[0] for run in runs["demandsim, one future"]]
    for name, found in runs.items():
        seconds = [run[0] for run in found]
        table.rows.append([name, median(seconds), _ratio(seconds, first)])
        if len(found[0]) > 1:
            table.notes.append(f"{name}: {found[0][1]:.1f} children at the end (version {found[0][2]}).")
    return table


def more_children(quick: bool) -> Table:
    table = Table(
        "More children, one replication", ["children", "processor seconds", "microseconds a child", "peak MB"]
    )
    for times in (1, 4) if quick else (1, 4, 16, 64):
        code = (
            f"import sys, time; sys.path.insert(0, {str(HERE)!r}); from kernel import model; model(2000, 0);"
            f"start = time.process_time(); model({CHILDREN * times}, 0); took = time.process_time() - start"
            f"{PEAK}print([took, peak()])"
        )
        runs = [measured([sys.executable, "-c", code]) for _ in range(3 if times < 16 else 1)]
        seconds = median(run[0] for run in runs)
        table.rows.append([CHILDREN * times, seconds, 1e6 * seconds / CHILDREN / times, runs[0][1]])
    logs = [(math.log(row[0]), math.log(row[1])) for row in table.rows]
    slope = statistics.linear_regression(*zip(*logs, strict=True)).slope
    table.notes.append(
        f"Slope of log seconds on log children: {slope:.2f}; 1 is twice the time for twice the children."
    )
    return table


def more_workers(quick: bool) -> Table:
    replications = 4 if quick else workers.REPLICATIONS
    numbers = sorted({1, 2, os.cpu_count() or 1})
    times = workers.measured(numbers, 1 if quick else workers.ROUNDS, ["--replications", str(replications)])
    title = f"More workers, {replications} replications from the command line"
    return Table(title, list(workers.HEADER), workers.rows_of(times))


def start_up(quick: bool) -> Table:
    commands = {
        "Python, nothing imported": ["-c", ""],
        "`import demandsim`": ["-c", "import demandsim"],
        "`from demandsim import run`": ["-c", "from demandsim import run"],
        "`demandsim --help`": ["-m", "demandsim", "--help"],
    }
    parts = [lambda command=command: _timed(*command) for command in commands.values()]
    times = _in_turn(parts, 5 if quick else 15)
    table = Table("Starting up", ["", "seconds", "more than Python alone"])
    for name, column in zip(commands, times, strict=True):
        more = median(one - other for one, other in zip(column, times[0], strict=True))
        table.rows.append([name, median(column), more])
    return table


def machine() -> str:
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    processor = names[0] if names else platform.processor() or platform.machine()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{processor}, {os.cpu_count()} cores, {python}; load {os.getloadavg()[0]:.1f} at the start"


PARTS = {part.__name__: part for part in (event_cost, small_pathway, ten_years, more_children, more_workers, start_up)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=PARTS, action="append", default=[])
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    where, tables = machine(), []
    print(where, end="\n\n", flush=True)
    for name in options.only or PARTS:
        tables.append(PARTS[name](options.quick))
        print(tables[-1].markdown(), flush=True)
    if options.json:
        what = {"machine": where, "tables": [asdict(table) for table in tables]}
        options.json.write_text(json.dumps(what, indent=1) + "\n")
    if any(table.failed for table in tables):
        raise SystemExit("The tools disagree about the small pathway.")


if __name__ == "__main__":
    main()
