"""How much quicker a run is with more workers, by processes and by Dask on this machine, and where that ends.

    python benchmarks/workers.py              24 replications, up to twice as many workers as cores (ten minutes)
    python benchmarks/workers.py --england    England's ten years with one worker for each core (ten minutes)

The first also draws docs/images/workers.png. Each time is that of the command from beginning to end, beginning and
ending the workers included. The parts run in turn, three times; medians are printed, and medians of ratios in a round.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
EXECUTORS = {"processes": "processes", "dask": "Dask"}
REPLICATIONS, ROUNDS = 24, 3

#: Seconds of each round, by executor and number of workers.
Times = dict[tuple[str, int], list[float]]


def seconds(executor: str, jobs: int, words: Sequence[str]) -> float:
    """Time one run of the baseline from the command line."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "demandsim", "run", "baseline", "--no-pictures", "--out", folder, *words]
        start = time.perf_counter()
        subprocess.run([*command, "--executor", executor, "--jobs", str(jobs)], capture_output=True, check=True)
        return time.perf_counter() - start


def measured(numbers: Sequence[int], rounds: int, words: Sequence[str]) -> Times:
    times: Times = {(executor, jobs): [] for jobs in numbers for executor in EXECUTORS}
    for _ in range(rounds):
        for (executor, jobs), found in times.items():
            found.append(seconds(executor, jobs, words))
    return times


def rows_of(times: Times) -> list[list[str | float]]:
    """Return for each executor and number of workers the seconds, and how they compare with what came first."""
    fewest = min(jobs for _, jobs in times)
    rows: list[list[str | float]] = []
    for (executor, jobs), found in times.items():
        quicker = median(one / other for one, other in zip(times["processes", fewest], found, strict=True))
        over = median(one / other for one, other in zip(found, times["processes", jobs], strict=True))
        rows.append([EXECUTORS[executor], jobs, median(found), quicker, over])
    return rows


HEADER = ("workers", "at a time", "seconds", "times as quick as the first", "time over that of as many processes")


def draw(rows: Sequence[Sequence[str | float]], cores: int) -> None:
    import matplotlib.pyplot as plt

    from demandsim.plots.style import GREY, MAIN, SECOND, house_style

    with house_style():
        figure, axes = plt.subplots(figsize=(5.2, 3.4))
        most = max(int(row[1]) for row in rows)
        axes.plot([1, most], [1, most], color=GREY, linestyle=":", linewidth=1)
        axes.annotate("as many times as workers", (most, most), (-14, 0), textcoords="offset points", ha="right")
        for name, colour, marker in (("processes", MAIN, "o"), ("Dask", SECOND, "s")):
            points = [(int(jobs), float(quicker)) for what, jobs, _, quicker, _ in rows if what == name]
            axes.plot(*zip(*points, strict=True), color=colour, marker=marker, linewidth=2)
            axes.annotate(name, points[-1], (6, -3), textcoords="offset points", color=colour, annotation_clip=False)
        axes.axvline(cores, color=GREY, linewidth=0.8)
        axes.annotate(f"cores of this machine: {cores}", (cores, 0), (5, 6), textcoords="offset points", color=GREY)
        axes.set(xlabel="workers", ylabel="times as quick as one process", ylim=(0, most + 0.4), xlim=(0.8, most + 0.2))
        axes.set_xticks(range(1, most + 1))
        axes.set_title(f"{REPLICATIONS} replications of the baseline: quicker as far as there are cores")
        note = f"Medians of {ROUNDS} rounds, beginning and ending the workers included. python benchmarks/workers.py"
        figure.text(0.012, 0.02, note, fontsize=6.5, color="#444444")
        figure.tight_layout(rect=(0, 0.05, 1, 1))
        figure.savefig(IMAGES / "workers.png", dpi=160, metadata={"Software": None})
        plt.close(figure)
    with (IMAGES / "workers.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--england", action="store_true")
    cores = os.cpu_count() or 1
    if parser.parse_args().england:
        rows = rows_of(measured([cores], ROUNDS, ["--england"]))
    else:
        rows = rows_of(measured(range(1, 2 * cores + 1), ROUNDS, ["--replications", str(REPLICATIONS)]))
        draw(rows, cores)
    print(f"| {' | '.join(HEADER)} |\n|{' --- |' * len(HEADER)}")
    for what, jobs, took, *ratios in rows:
        print(f"| {what} | {jobs} | {took:.1f} | {' | '.join(f'{ratio:.2f}' for ratio in ratios)} |")


if __name__ == "__main__":
    main()
