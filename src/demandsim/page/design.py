"""Where to simulate: settings that fill the space of the levers, and settings to try the emulator on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from demandsim.page.levers import Lever

#: The most levers of a setting that moves few: that is how sliders are used.
FEW = 3


@dataclass(frozen=True, slots=True)
class Setting:
    """Levers at some values from a year on.

    Attributes:
        values: one for each lever.
        start: place of the year from which they act.
        few: whether only a few levers move.
    """

    values: tuple[float, ...]
    start: int
    few: bool


def training(levers: Sequence[Lever], count: int, seed: int) -> list[Setting]:
    """Return settings to learn from: in turn all levers move, and one to three. More of them begin with the same."""
    return _settings(levers, count, np.random.default_rng([seed, 1]), lambda few: 0)


def checks(levers: Sequence[Lever], each: int, years: int, seed: int) -> list[Setting]:
    """Return settings to try the emulator on, as many that move few levers as that move all.

    Half of those that move few act from a later year, no later than half-way.
    """
    generator = np.random.default_rng([seed, 2])
    latest = max(1, years // 2)

    def start(few: bool) -> int:
        return int(generator.integers(0, latest + 1)) * int(few and generator.random() < 0.5)

    return _settings(levers, 2 * each, generator, start)


def _settings(
    levers: Sequence[Lever], count: int, generator: np.random.Generator, start: Callable[[bool], int]
) -> list[Setting]:
    every = qmc.Sobol(len(levers), rng=generator)
    some = qmc.Sobol(FEW, rng=generator)
    found = []
    for number in range(count):
        few = number % 2 == 1
        values = [lever.now for lever in levers]
        if few:
            many = int(generator.integers(1, min(FEW, len(levers)) + 1))
            places, at = generator.permutation(len(levers))[:many], some.random()[0]
        else:
            places, at = np.arange(len(levers)), every.random()[0]
        for place, share in zip(places, at, strict=False):
            values[place] = _between(levers[place], float(share))
        found.append(Setting(tuple(values), start(few), few))
    return found


def _between(lever: Lever, share: float) -> float:
    """Return a value within a lever's slider, to as many figures as a scenario needs."""
    return float(f"{lever.low + share * (lever.high - lever.low):.6g}")
