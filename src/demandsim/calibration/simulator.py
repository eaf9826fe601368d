"""From parameters to targets: many draws simulated, what is finished kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demandsim.calibration.priors import Prior, at
from demandsim.experiment.execute import execute
from demandsim.experiment.workers import Workers
from demandsim.model.simulate import simulate
from demandsim.results.atomic_write import atomic_write
from demandsim.results.fit_rows import Row
from demandsim.results.points import Asked, asked, measured, taken
from demandsim.results.store import writing
from demandsim.scenario.scenario import Scenario

Array = NDArray[np.float64]
#: Called with (finished, wanted) simulations.
Progress = Callable[[int, int], None]
#: Called with the name of a batch, units (draws, parameters) and replications; returns (draws, targets).
Simulator = Callable[[str, Array, range], Array]

#: Replications of a calibration are numbered from here on, so that no run shares their random draws: what is validated
#: later was not fitted by chance.
_APART = 1_000_000
#: Draws that a worker takes at once, and that a file of the checkpoint holds.
_CHUNK = 25


class Simulations:
    """Simulates the targets of draws, each draw with one replication.

    A draw's replication number is its place, the same in every batch: common random numbers. The first recorded year
    and the one before it are simulated.

    Args:
        scenario: from which the parameters move.
        priors: the parameters.
        rows: the targets.
        seed: master seed.
        folder: of the checkpoint; what is finished is read from there.
        workers: who does the work.
        total: simulations that there will be, for the progress.
        on_progress: told how many of them are finished.
    """

    def __init__(
        self,
        scenario: Scenario,
        priors: Sequence[Prior],
        rows: Sequence[Row],
        seed: int,
        folder: Path,
        workers: int | Workers,
        total: int,
        on_progress: Progress,
    ) -> None:
        self._scenario, self._priors, self._rows = replace(scenario, years=1), tuple(priors), rows
        self._questions = asked(row.target.measure for row in rows)
        self._copies = np.array([row.copies for row in rows])
        self._seed, self._folder, self._workers = seed, folder, workers
        self._total, self._finished, self._on_progress = total, 0, on_progress

    def __call__(self, name: str, units: Array, replications: range) -> Array:
        """Return (draws, targets) in the measures' units and of the targets' size; not a number where there is none.

        Args:
            name: of the batch, for its files.
            units: (draws, parameters), in standard units.
            replications: one for each draw.

        Raises:
            UserError: a file of the checkpoint can't be written.
        """
        found = np.full((len(units), len(self._rows)), np.nan)
        chunks = [slice(first, min(first + _CHUNK, len(units))) for first in range(0, len(units), _CHUNK)]
        files = [self._file(name, units[chunk], replications[chunk]) for chunk in chunks]
        missing = []
        for number, chunk in enumerate(chunks):
            kept = _read(files[number], (chunk.stop - chunk.start, len(self._rows)))
            if kept is None:
                missing.append(number)
            else:
                found[chunk] = kept
                self._advance(len(kept))
        calls = [self._call(units[chunks[number]], replications[chunks[number]]) for number in missing]
        with closing(execute(_simulated, calls, self._workers)) as results:
            for place, values in results:
                chunk = chunks[missing[place]]
                found[chunk] = values
                self._keep(files[missing[place]], values)
                self._advance(len(values))
        return np.asarray(found * self._copies)

    def _call(self, units: Array, replications: range) -> tuple[object, ...]:
        apart = tuple(number + _APART for number in replications)
        return self._scenario, self._priors, units, self._seed, apart, self._questions

    def _advance(self, simulations: int) -> None:
        self._finished += simulations
        self._on_progress(self._finished, self._total)

    def _file(self, name: str, units: Array, replications: range) -> Path:
        """Return a file named for what it holds, so that nothing is taken for what it is not."""
        digest = hashlib.sha256(units.tobytes() + repr(replications).encode()).hexdigest()[:12]
        return self._folder / f"{name}-{replications.start:07}-{digest}.npy"

    def _keep(self, path: Path, values: Array) -> None:
        with writing(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(path, durable=False) as stream:
                np.save(stream, values, allow_pickle=False)


def _read(path: Path, shape: tuple[int, int]) -> Array | None:
    """Return what is kept in a file; None if it is not there, or damaged."""
    try:
        values: Array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return values if values.shape == shape and values.dtype == np.float64 else None


def _simulated(
    scenario: Scenario,
    priors: Sequence[Prior],
    units: Array,
    seed: int,
    replications: Sequence[int],
    questions: tuple[Asked, ...],
) -> Array:
    """Return (draws, questions) of the first year; not a number where the model can't go on with a draw's values."""
    found = np.full((len(units), len(questions)), np.nan)
    for place, (draw, number) in enumerate(zip(units, replications, strict=True)):
        with suppress(ArithmeticError):
            found[place] = taken(measured(simulate(at(scenario, priors, draw), seed, number)[0]), questions)[0]
    return found
