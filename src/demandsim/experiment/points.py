"""Simulate many points with the same random draws: what is kept is read, what is missing is simulated and kept."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from demandsim import __version__
from demandsim.experiment.measured import measured_runs
from demandsim.experiment.options import RunOptions
from demandsim.results.lock import alone
from demandsim.results.points import FOLDER, Array, Asked, keep_point, read_point, taken
from demandsim.results.store import FORMAT
from demandsim.scenario.scenario import Scenario

#: Seconds between two writings of the same points; at most so much is lost when the power goes.
_PATIENCE = 1.0


class Points:
    """Values of scenarios, replication by replication, each with the same random draws in every scenario.

    Args:
        questions: what to return of each.
        options: seed, folder, who does the work and whether to simulate again; points are kept in one folder inside it.
        what: they are for, for who is told how far it is.
    """

    def __init__(self, questions: tuple[Asked, ...], options: RunOptions, what: str = "Simulating") -> None:
        self._questions = questions
        self._options = options
        self._seed = options.seed
        self._folder = options.out / FOLDER
        self._again = options.rerun
        self._what = what
        self._found: dict[Path, dict[int, Array]] = {}
        self._stale: set[Path] = set()  # points to be simulated again, whose files are as they were
        self._written = 0.0

    def values(self, scenario: Scenario, replications: int | range) -> Array:
        """Return (replication, year, question) of a scenario that was brought."""
        found = self._found[self._path(scenario)]
        return np.stack([found[number] for number in _numbers(replications)])

    def there(self, wanted: Sequence[tuple[Scenario, int | range]]) -> tuple[int, int]:
        """Return how many replications of those wanted are kept by now, and how many are wanted."""
        found = of = 0
        for scenario, replications in wanted:
            kept = read_point(self._path(scenario))
            found += sum(number in kept for number in _numbers(replications))
            of += len(_numbers(replications))
        return found, of

    def bring(self, wanted: Sequence[tuple[Scenario, int | range]]) -> None:
        """Have replications of each scenario: read them, and simulate those that are missing.

        Args:
            wanted: scenarios, and how many replications of each from the first on, or which ones.

        Raises:
            UserError: the points can't be written.
        """
        every: dict[tuple[Path, int], Scenario] = {}
        for scenario, replications in wanted:
            path = self._path(scenario)
            if path not in self._found:
                kept = {} if self._again else read_point(path)
                if not kept and not self._again and path.exists():
                    self._options.notice(f"{path} is damaged; the point is simulated again.")
                self._stale |= {path} if self._again else set()
                self._found[path] = {number: taken(values, self._questions) for number, values in kept.items()}
            every |= {(path, number): scenario for number in _numbers(replications)}
        missing = [key for key in every if key[1] not in self._found[key[0]]]
        done = len(every) - len(missing)
        self._options.on_progress(self._what, done, len(every))
        fresh: dict[Path, dict[int, Array]] = {}
        runs = [(every[key], key[1]) for key in missing]
        try:
            with closing(measured_runs(runs, self._seed, self._options.workers)) as results:
                for place, values in results:
                    path, number = missing[place]
                    fresh.setdefault(path, {})[number] = values
                    self._found[path][number] = taken(values, self._questions)
                    done += 1
                    self._options.on_progress(self._what, done, len(every))
                    if time.monotonic() - self._written > _PATIENCE:
                        self._write(fresh)
        finally:
            self._write(fresh)

    def _write(self, fresh: dict[Path, dict[int, Array]]) -> None:
        while fresh:
            path, found = fresh.popitem()
            with alone(path):  # another sweep may add to the same point
                before = read_point(path) if path not in self._stale else {}
                self._stale.discard(path)
                keep_point(path, {**before, **found})
        self._written = time.monotonic()

    def _path(self, scenario: Scenario) -> Path:
        key = f"{scenario.digest()} {self._seed} {__version__} {FORMAT}"
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:12]}.parquet"


def _numbers(replications: int | range) -> range:
    return range(replications) if isinstance(replications, int) else replications
