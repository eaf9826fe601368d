"""Make a page: simulate what it needs, fit the emulator, try it, and put everything into one file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

from demandsim import __version__
from demandsim.experiment.options import Notice, RunOptions
from demandsim.experiment.turns import in_turn
from demandsim.experiment.workers import Workers
from demandsim.page.answers import Answer, Answers, learn
from demandsim.page.design import Setting, checks, training
from demandsim.page.levers import Lever, moved
from demandsim.page.outputs import outputs, scale_of_indices, taken
from demandsim.page.runs import Run, Runs
from demandsim.page.trial import Checked, Trial, trial
from demandsim.page.what_ifs import Expressed, expressed, paid_back, simulated_answer
from demandsim.results.checksums import short_digest
from demandsim.scenario.scenario import Scenario

Array = NDArray[np.float64]
Stages = Callable[[str, int, int], None]

#: Most replications of the reference, of which each setting has one; of each check; and of each what-if.
REFERENCE, OF_A_CHECK, OF_A_WHAT_IF = 100, 10, 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is made of.

    Attributes:
        scenario: the reference, over its posterior draws if it has any.
        levers: that can be moved.
        what_ifs: presets.
        settings: to learn from.
        checks: to try the emulator on, of each kind.
        seed: master seed.
    """

    scenario: Scenario
    levers: tuple[Lever, ...]
    what_ifs: tuple[Scenario, ...]
    settings: int
    checks: int
    seed: int

    @property
    def replications(self) -> int:
        """Return how many replications the reference has."""
        return min(REFERENCE, self.settings)


@dataclass(frozen=True, slots=True)
class Preset:
    """A what-if on a page.

    Attributes:
        scenario: the what-if.
        sliders: how sliders express it; None if they can't.
        because: why they can't.
        answer: simulated, if they can't.
        back: share of replications that have paid back by the end.
    """

    scenario: Scenario
    sliders: Expressed | None
    because: str = ""
    answer: Answer | None = None
    back: float = 0.0


@dataclass(frozen=True, slots=True)
class Made:
    """A page before it is written.

    Attributes:
        asked: what it is made of.
        answers: the emulator, with the reference.
        trial: how far off it is.
        presets: what-ifs.
        ends: what each lever comes to at either end of its slider, alone.
        scale: what measures are multiplied by, so that indices are 100 in the reference.
        low, high: between which nearly all simulated values lie: (measure,).
        simulations: how many are behind it.
    """

    asked: Asked
    answers: Answers
    trial: Trial
    presets: tuple[Preset, ...]
    ends: tuple[Answer, ...]
    scale: Array
    low: Array
    high: Array
    simulations: int


@dataclass(frozen=True, slots=True)
class _Wanted:
    """All simulations of a page.

    Attributes:
        reference: its runs.
        learn, try_on: settings, each with its runs.
        what_ifs: those that sliders can't express, with their runs.
    """

    reference: list[Run]
    learn: list[tuple[Setting, Run]]
    try_on: list[tuple[Setting, list[Run]]]
    what_ifs: list[tuple[Scenario, str, list[Run]]]

    def every(self) -> list[Run]:
        return [
            *self.reference,
            *(run for _, run in self.learn),
            *(run for _, runs in self.try_on for run in runs),
            *(run for _, _, runs in self.what_ifs for run in runs),
        ]


def folder_of(asked: Asked, results: Path) -> Path:
    """Return the folder in which the simulations of a page are kept."""
    digest = short_digest([asked.scenario.digest(), str(asked.seed), __version__])
    return results / f"page-{asked.scenario.name}-{digest}"


def make(
    asked: Asked,
    folder: Path,
    workers: int | Workers,
    again: bool,
    tell: Stages,
    notice: Notice = lambda text: None,
) -> Made:
    """Return a page. What was simulated is kept in a folder, so that the same command goes on where it was stopped.

    Args:
        asked: what it is made of.
        folder: for simulations.
        workers: processes, or who else carries out the simulations.
        again: simulate once more what is kept.
        tell: told what is being done, how much is done, and of how much.
        notice: told of what was damaged.

    Raises:
        UserError: nothing can be written there.
    """
    runs = Runs(folder, asked.seed, workers, again, notice)
    wanted = _wanted(asked)
    every = wanted.every()
    with in_turn(folder, RunOptions(jobs=workers, on_progress=tell, notice=notice), lambda: (0, len(every)), "Waiting"):
        runs.bring(every, lambda done, of: tell("Simulating", done, of))
    with catch_warnings():
        # A share of nothing, in every replication of a small authority, is no number; the page shows a dash.
        simplefilter("ignore", RuntimeWarning)
        return _fitted(asked, runs, wanted, tell)


def _fitted(asked: Asked, runs: Runs, wanted: _Wanted, tell: Stages) -> Made:
    """Return the page that simulations make."""
    tell("Fitting the emulator", 0, 2)
    unscaled = taken(runs.values(wanted.reference))
    scale = scale_of_indices(unscaled)
    reference = unscaled * scale
    values = taken(runs.values([run for _, run in wanted.learn])) * scale
    scaled = np.array([_scaled(asked.levers, one.values) for one, _ in wanted.learn])
    answers = learn(outputs(), reference, scaled, values, [run.replication for _, run in wanted.learn], asked.seed)
    tell("Fitting the emulator", 1, 2)
    tried = trial(answers, [_checked(asked, runs, answers, scale, one) for one in wanted.try_on])
    ends = tuple(answers.answer(sign * direction, 0) for direction in np.eye(len(asked.levers)) for sign in (-1.0, 1.0))
    tell("Fitting the emulator", 2, 2)
    both = np.concatenate([values.reshape(-1, values.shape[-1]), reference.reshape(-1, values.shape[-1])])
    low, high = np.nanquantile(both, [0.01, 0.99], axis=0)
    return Made(
        asked,
        answers,
        tried,
        _presets(asked, wanted, runs, reference, scale),
        ends,
        scale,
        low,
        high,
        len(wanted.every()),
    )


def _wanted(asked: Asked) -> _Wanted:
    scenario, levers = asked.scenario, asked.levers
    learned = training(levers, asked.settings, asked.seed)
    tried = checks(levers, asked.checks, scenario.years, asked.seed)

    def numbers(first: int, count: int) -> list[int]:
        return [number % asked.replications for number in range(first, first + count)]

    def runs(one: Scenario, first: int, count: int) -> list[Run]:
        return [Run(one, number) for number in numbers(first, count)]

    others = [(one, expressed(scenario, levers, one)) for one in asked.what_ifs]
    return _Wanted(
        [Run(scenario, number) for number in range(asked.replications)],
        [
            (one, Run(moved(scenario, levers, one.values, one.start), place % asked.replications))
            for place, one in enumerate(learned)
        ],
        [
            (one, runs(moved(scenario, levers, one.values, one.start), OF_A_CHECK * place, OF_A_CHECK))
            for place, one in enumerate(tried)
        ],
        [(one, how, runs(one, 0, OF_A_WHAT_IF)) for one, how in others if isinstance(how, str)],
    )


def _scaled(levers: Sequence[Lever], values: Sequence[float]) -> list[float]:
    return [lever.scaled(value) for lever, value in zip(levers, values, strict=True)]


def _checked(asked: Asked, runs: Runs, answers: Answers, scale: Array, one: tuple[Setting, list[Run]]) -> Checked:
    setting, its_runs = one
    answer = answers.answer(np.array(_scaled(asked.levers, setting.values)), setting.start)
    usual = answers.reference.values[[run.replication for run in its_runs]]
    return Checked(answer, taken(runs.values(its_runs)) * scale, usual, setting.few, setting.start)


def _presets(asked: Asked, wanted: _Wanted, runs: Runs, reference: Array, scale: Array) -> tuple[Preset, ...]:
    simulated = {one.name: (because, its_runs) for one, because, its_runs in wanted.what_ifs}
    found = []
    for one in asked.what_ifs:
        if one.name not in simulated:
            how = expressed(asked.scenario, asked.levers, one)
            assert isinstance(how, Expressed)
            found.append(Preset(one, how))
            continue
        because, its_runs = simulated[one.name]
        values, usual = taken(runs.values(its_runs)) * scale, reference[[run.replication for run in its_runs]]
        answer, back = simulated_answer(outputs(), values, usual, reference), paid_back(outputs(), values, usual)
        found.append(Preset(one, None, because, answer, back))
    return tuple(found)
