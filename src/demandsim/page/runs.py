"""Simulations behind a page: every measure of every year of each, kept as they finish, so that a page can go on."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from demandsim import __version__
from demandsim.experiment.measured import measured_runs
from demandsim.experiment.options import Notice
from demandsim.experiment.workers import Workers
from demandsim.results.atomic_write import write_parquet, writing
from demandsim.results.measures import MEASURES
from demandsim.results.store import FORMAT
from demandsim.scenario.scenario import Scenario

Array = NDArray[np.float64]

#: Called with (finished, wanted) as simulations finish.
Progress = Callable[[int, int], None]

#: Seconds between two writings; at most so much is lost when the power goes.
_PATIENCE = 5.0


class Run(NamedTuple):
    """One simulation."""

    scenario: Scenario
    replication: int


class Runs:
    """Simulations that are kept in a folder.

    Args:
        folder: of the page's simulations.
        seed: master seed.
        workers: processes, or who else carries them out.
        again: simulate what is kept once more.
        notice: told of files that are damaged.
    """

    def __init__(
        self,
        folder: Path,
        seed: int,
        workers: int | Workers,
        again: bool = False,
        notice: Notice = lambda text: None,
    ) -> None:
        self._folder, self._seed, self._workers = folder, seed, workers
        #: By identity: a scenario is kept as long as its digest is.
        self._digests: dict[int, tuple[Scenario, str]] = {}
        self._found: dict[str, Array] = {} if again else _kept(folder, notice)

    def bring(self, runs: Sequence[Run], progress: Progress) -> None:
        """Have some simulations: those that are kept are there, the others are carried out and kept.

        Raises:
            UserError: they can't be written.
        """
        keys = {self._key(run): run for run in runs}
        missing = [key for key in keys if key not in self._found]
        done = len(keys) - len(missing)
        progress(done, len(keys))
        fresh: dict[str, Array] = {}
        written = time.monotonic()
        try:
            with closing(measured_runs([keys[key] for key in missing], self._seed, self._workers)) as results:
                for place, values in results:
                    fresh[missing[place]] = values
                    done += 1
                    progress(done, len(keys))
                    if time.monotonic() - written > _PATIENCE:
                        self._write(fresh)
                        written = time.monotonic()
        finally:
            self._write(fresh)

    def values(self, runs: Sequence[Run]) -> Array:
        """Return every measure of every year of some simulations that were brought: (run, year, measure)."""
        return np.stack([self._found[self._key(run)] for run in runs])

    def _key(self, run: Run) -> str:
        scenario = run.scenario
        if id(scenario) not in self._digests:
            self._digests[id(scenario)] = (scenario, scenario.digest())
        text = f"{self._digests[id(scenario)][1]} {run.replication} {self._seed} {__version__} {FORMAT}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _write(self, fresh: dict[str, Array]) -> None:
        if not fresh:
            return
        keys = list(fresh)
        values = np.stack([fresh[key] for key in keys]).astype(np.float32)
        name = hashlib.sha256(" ".join(keys).encode()).hexdigest()[:12]
        table = pa.table(
            {"key": keys, "values": pa.array(values.reshape(len(keys), -1).tolist(), pa.list_(pa.float32()))}
        )
        with writing(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_parquet(self._folder / f"{name}.parquet", table)
        self._found |= {key: value.astype(np.float64) for key, value in zip(keys, values, strict=True)}
        fresh.clear()


def _kept(folder: Path, notice: Notice) -> dict[str, Array]:
    """Return what is kept in a folder, by key."""
    found: dict[str, Array] = {}
    for path in sorted(folder.glob("*.parquet")):
        try:
            table = pq.read_table(path)
            keys, lists = table["key"].to_pylist(), table["values"].to_pylist()
            found |= {
                key: np.array(values, dtype=np.float64).reshape(-1, len(MEASURES))
                for key, values in zip(keys, lists, strict=True)
            }
        except (OSError, ValueError, KeyError, pa.ArrowException):
            notice(f"{path} is damaged; what was in it is simulated again.")
    return found
