"""What the model makes of the figures to be fitted: simulated with common luck, or approximated by the mean field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demandsim.experiment.execute import Workers, execute
from demandsim.experiment.points import Points
from demandsim.fit.sparse import sparse_lines
from demandsim.results.fit_rows import Row, gaps
from demandsim.results.points import asked, measured, taken
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.unknowns import Bend, Unknown, at

Array = NDArray[np.float64]
#: Called with (what is being done, finished, wanted).
Telling = Callable[[str, int, int], None]

#: How far an unknown is moved to see what it does, in standard units: alone in the mean field, and with all others in
#: simulations, where it has to show beside luck.
STEP, _AWAY = 0.1, 0.7
#: Replications of a fit are numbered from here on, so that no run has their luck: what is held against the figures
#: later was not fitted to them by chance.
_APART = 1_000_000
#: Different lucks of the simulations from which slopes are taken.
_LUCKS = 16


class Observed:
    """Gaps between the figures and what the model gives, in standard deviations of the figures.

    Args:
        scenario: from which the unknowns move.
        rows: the figures.
        seed: master seed.
        out: folder in which simulations are kept, so that none is made twice.
        workers: who does the work.
        tell: told how it goes.

    Attributes:
        tell: as given.
    """

    def __init__(
        self, scenario: Scenario, rows: Sequence[Row], seed: int, out: Path, workers: int | Workers, tell: Telling
    ) -> None:
        self.scenario = replace(scenario, years=1)
        self.rows = rows
        self._questions = asked(row.target.measure for row in rows)
        self._points = Points(self._questions, seed, out, workers, again=False)
        self._workers = workers
        self.tell = tell

    def at(self, unknowns: Sequence[Unknown], units: Array) -> Scenario:
        """Return the scenario with its unknowns there."""
        return at(self.scenario, unknowns, units)

    def bend(self, unknowns: Sequence[Unknown]) -> Bend:
        """Return how the unknowns bend with their units."""
        return Bend(self.scenario, unknowns)

    def simulated(self, what: str, scenarios: Sequence[Scenario], replications: Sequence[range]) -> list[Array]:
        """Return (replication, row) for each scenario.

        Args:
            what: to say while it goes on.
            scenarios: to simulate.
            replications: which of each; a number stands for the same luck in all.
        """
        apart = [range(which.start + _APART, which.stop + _APART) for which in replications]
        wanted = list(zip(scenarios, apart, strict=True))
        self._points.bring(wanted, lambda finished, of: self.tell(what, finished, of))
        return [gaps(self.rows, self._points.values(one, which)[:, 0]) for one, which in wanted]

    def approximated(self, what: str, scenarios: Sequence[Scenario]) -> Array:
        """Return (scenario, row) of the mean field; not a number where it can't say."""
        found = np.full((len(scenarios), len(self.rows)), np.nan)
        # One takes less time than to begin a process.
        workers = self._workers if len(scenarios) > 1 else 1
        with closing(execute(_mean_field, [(one, self._questions) for one in scenarios], workers)) as results:
            for finished, (place, values) in enumerate(results, start=1):
                found[place] = gaps(self.rows, values)
                self.tell(what, finished, len(scenarios))
        return found

    def slopes(self, unknowns: Sequence[Unknown], pairs: int, seed: int) -> Array:
        """Return (row, unknown): change of a gap for one unit of an unknown from its declared value.

        By the mean field; where it can't say, by pairs of simulations with the same luck, on either side of the
        declared values, in all unknowns at once.

        Args:
            unknowns: that move.
            pairs: of simulations.
            seed: of the directions.
        """
        steps = np.concatenate([np.zeros((1, len(unknowns))), STEP * np.eye(len(unknowns))])
        found = self.approximated("Slopes by the mean field", [self.at(unknowns, step) for step in steps])
        moved: Array = (found[1:] - found[0]).T / STEP
        silent = np.isnan(moved).any(axis=1)
        if silent.any():
            moved[silent] = self._simulated_slopes(unknowns, pairs, seed)[silent]
        return moved

    def _simulated_slopes(self, unknowns: Sequence[Unknown], pairs: int, seed: int) -> Array:
        away = _AWAY * np.random.default_rng([seed, pairs]).standard_normal((pairs, len(unknowns)))
        both = [self.at(unknowns, side * one) for one in away for side in (1.0, -1.0)]
        lucks = [range(pair % _LUCKS, pair % _LUCKS + 1) for pair in range(pairs) for _ in range(2)]
        found = np.concatenate(self.simulated("Slopes by simulation", both, lucks)).reshape(pairs, 2, -1)
        return sparse_lines(away, (found[:, 0] - found[:, 1]) / 2).slopes


def silent(scenario: Scenario, rows: Sequence[Row]) -> bool:
    """Return whether there are figures that the mean field knows nothing of."""
    return bool(np.isnan(_mean_field(replace(scenario, years=1), asked(row.target.measure for row in rows))).any())


def _mean_field(scenario: Scenario, questions: tuple[object, ...]) -> Array:
    """Return the questions' answers for the first year."""
    from demandsim.meanfield.path import mean_field_of

    tables = {name: table[0] for name, table in mean_field_of(scenario).items()}
    first: Array = taken(measured(tables), questions)[0]  # type: ignore[arg-type]
    return first
