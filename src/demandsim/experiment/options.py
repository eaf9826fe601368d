"""What every experiment may be told: how many replications, with which draws, where to and by whom."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict

from demandsim.draws import REPLICATIONS_A_DRAW
from demandsim.experiment.workers import Workers
from demandsim.scenario.draws_from import draws_of
from demandsim.scenario.ensemble import in_pairs, with_ensemble
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.sets_of_values import Ensemble

DEFAULT_SEED = 2015
#: Replications with point values, and posterior draws without them, each with two replications.
DEFAULT_REPLICATIONS, DEFAULT_DRAWS = 20, 100

#: Called with a line on something that went wrong, after which the run goes on.
Notice = Callable[[str], None]
#: Called with (what is being simulated, finished, wanted).
OnProgress = Callable[[str, int, int], None]


def default_jobs() -> int:
    return os.cpu_count() or 1


def _silent(what: str, finished: int, wanted: int) -> None:
    """Say nothing of how far it is."""


def _unheard(text: str) -> None:
    """Say nothing of what goes wrong."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to simulate.

    Attributes:
        replications: of each scenario; two of each of 100 posterior draws unless given, 20 with point values.
        seed: master seed.
        years: to simulate, if not the scenario's own; of scenarios given by name or file.
        out: folder in which results folders are made; all workers must see it.
        jobs: processes, or who else does the work; all cores unless given.
        ensemble: posterior draws, their file, or "baseline" for those that ship; those that a scenario names unless
            given.
        point: give every parameter its one value instead.
        rerun: simulate even what was simulated before.
        on_progress: told what is being simulated and how far it is.
        notice: told of lost workers, of simulations that fail and of what was damaged, as it happens.
    """

    replications: int | None = None
    seed: int = DEFAULT_SEED
    years: int | None = None
    out: Path = Path("results")
    jobs: int | Workers | None = None
    ensemble: str | Path | Ensemble | None = None
    point: bool = False
    rerun: bool = False
    on_progress: OnProgress = _silent
    notice: Notice = _unheard

    @property
    def workers(self) -> int | Workers:
        """Return who does the work."""
        return self.jobs or default_jobs()

    def scenario(self, given: str | Path | Scenario) -> Scenario:
        """Return a scenario with its posterior draws, if it is to have any.

        One that was read already has the draws it was read with. One given by name or file takes those asked for, else
        those that it names, or what it extends; with `point` none.

        Raises:
            UserError: the scenario is wrong, or the draws don't fit it.
        """
        if isinstance(given, Scenario):
            return replace(given, ensemble=None) if self.point else with_ensemble(given, self.ensemble)
        return self.drawn(read_scenario(given, years=self.years))

    def drawn(self, read: Scenario) -> Scenario:
        """Return a scenario as it was read from its file with the posterior draws that it is to have, if any.

        Raises:
            UserError: the draws can't be read, or don't fit it.
        """
        if self.point:
            return read
        return with_ensemble(read, draws_of(read) if self.ensemble is None else self.ensemble)

    def replications_of(self, scenario: Scenario) -> int:
        """Return how many replications a scenario gets: with posterior draws as many of each."""
        if self.replications is not None:
            return in_pairs(scenario, self.replications)
        return usual_replications(scenario.ensemble)


class Changes(TypedDict, total=False):
    """The options, as keywords of a call."""

    replications: int | None
    seed: int
    years: int | None
    out: Path
    jobs: int | Workers | None
    ensemble: str | Path | Ensemble | None
    point: bool
    rerun: bool
    on_progress: OnProgress
    notice: Notice


def options_of(options: RunOptions | None, changes: Changes) -> RunOptions:
    """Return options with those given as keywords in place of others."""
    return replace(options or RunOptions(), **changes)


def usual_replications(ensemble: Ensemble | None) -> int:
    """Return how many replications there are unless told: two of each of some posterior draws, if there are any."""
    if ensemble is None:
        return DEFAULT_REPLICATIONS
    return REPLICATIONS_A_DRAW * min(DEFAULT_DRAWS, len(ensemble.members))
