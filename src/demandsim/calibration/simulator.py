"""From parameters to targets: many draws simulated, what is finished kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demandsim.experiment.execute import execute
from demandsim.experiment.workers import Workers
from demandsim.model.simulate import simulate
from demandsim.results.atomic_write import atomic_write, writing
from demandsim.results.checksums import short_digest
from demandsim.results.fit_rows import Row
from demandsim.results.points import Asked, asked, measured, taken
from demandsim.scenario.priors import Prior, at
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


@dataclass(slots=True)
class Simulations:
    """Simulates the targets of draws, each draw with one replication.

    A draw's replication number is its place, the same in every batch: common random numbers. The first recorded year
    and the one before it are simulated.

    Attributes:
        scenario, priors: from whose values draws are measured, and what moves.
        rows: the targets.
        folder: of the checkpoint; what is finished is read from there.
        total: simulations that there will be, for the progress.
        on_progress: told how many of them are finished.
    """

    scenario: Scenario
    priors: Sequence[Prior]
    rows: Sequence[Row]
    seed: int
    folder: Path
    workers: int | Workers
    total: int
    on_progress: Progress
    _finished: int = field(default=0, init=False)

    def __call__(self, name: str, units: Array, replications: range) -> Array:
        """Return (draws, targets) in the measures' units and of the targets' size; not a number where there is none.

        Args:
            name: of the batch, for its files.
            units: (draws, parameters), in standard units.
            replications: one for each draw.

        Raises:
            UserError: a file of the checkpoint can't be written.
        """
        found = np.full((len(units), len(self.rows)), np.nan)
        missing = []
        for first in range(0, len(units), _CHUNK):
            chunk = slice(first, first + _CHUNK)
            file = self._file(name, units[chunk], replications[chunk])
            kept = _read(file, found[chunk].shape)
            if kept is None:
                missing.append((chunk, file))
            else:
                found[chunk] = kept
                self._advance(len(kept))
        scenario, questions = replace(self.scenario, years=1), asked(row.target.measure for row in self.rows)
        same = scenario, self.priors, self.seed, questions
        calls = [(*same, units[chunk], replications[chunk]) for chunk, _ in missing]
        with closing(execute(_simulated, calls, self.workers)) as results:
            for place, values in results:
                chunk, file = missing[place]
                found[chunk] = values
                _keep(file, values)
                self._advance(len(values))
        return np.asarray(found * [row.copies for row in self.rows])

    def _advance(self, simulations: int) -> None:
        self._finished += simulations
        self.on_progress(self._finished, self.total)

    def _file(self, name: str, units: Array, replications: range) -> Path:
        """Return a file named for what it holds, so that nothing is taken for what it is not."""
        digest = short_digest([units.tobytes().hex(), repr(replications)])
        return self.folder / f"{name}-{replications.start:07}-{digest}.npy"


def _keep(path: Path, values: Array) -> None:
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path, durable=False) as stream:
            np.save(stream, values, allow_pickle=False)


def _read(path: Path, shape: tuple[int, ...]) -> Array | None:
    """Return what is kept in a file; None if it is not there, or damaged."""
    try:
        values: Array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return values if values.shape == shape and values.dtype == np.float64 else None


def _simulated(
    scenario: Scenario,
    priors: Sequence[Prior],
    seed: int,
    questions: tuple[Asked, ...],
    units: Array,
    replications: Sequence[int],
) -> Array:
    """Return (draws, questions) of the first year; not a number where the model can't go on with a draw's values."""
    found = np.full((len(units), len(questions)), np.nan)
    for place, (draw, number) in enumerate(zip(units, replications, strict=True)):
        with suppress(ArithmeticError):
            tables, *_ = simulate(at(scenario, priors, draw), seed, _APART + number)
            found[place] = taken(measured(tables), questions)[0]
    return found
