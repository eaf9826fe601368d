"""Early help in the mean field: places, and a queue that shrinks as families give up."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from demandsim.meanfield.grid import nothing
from demandsim.meanfield.kernels import MONTH
from demandsim.meanfield.rules import Rules
from demandsim.state.world import WEEK

Array = NDArray[np.float64]


def positive_part(mean: float, deviation: float) -> float:
    """Return the mean of what lies above nothing, of a normal quantity."""
    if deviation <= 0.0 or mean == -inf:
        return max(0.0, mean)
    at = mean / deviation
    return float(mean * ndtr(at) + deviation * np.exp(-(at**2) / 2) / np.sqrt(2 * np.pi))


class Helped(NamedTuple):
    """Children whose help begins in a month, and those whose families gave up."""

    started: Array
    unmet: Array


class Help:
    """Early help of the mean field.

    Attributes:
        helped: children receiving help at the end of the month.
        waiting: those who wait, by kind.
    """

    def __init__(self) -> None:
        self.helped = 0.0
        self.waiting = nothing()
        self._started: list[float] = []

    def _ending(self, months: float) -> float:
        """Return cases that end in the present month, a time of so many months after their start."""
        whole = int(months)
        part, known = months - whole, len(self._started)

        def ago(lag: int) -> float:
            return self._started[known - lag] if lag <= known else 0.0

        return (1 - part) * ago(whole) + part * ago(whole + 1)

    def step(self, asked: Array, rules: Rules, clustering: float) -> Helped:
        """Let a month pass; `clustering` is the variance of those who ask, over their mean."""
        patience = rules.patience.mean
        # Panels meet once a week, and until then nobody is helped.
        lost = 1.0 - patience / WEEK * -np.expm1(-WEEK / patience)
        length = max(1.0, rules.help_days / MONTH)
        ending = self._ending(length)
        places = max(0.0, rules.help_places - self.helped + ending)
        waiting, new = float(self.waiting.sum()), float(asked.sum()) * (1 - lost)
        gives_up = MONTH / patience
        stays = float(np.exp(-gives_up))
        part = (1 - stays) / gives_up
        surplus = waiting * stays + (new - places) * part
        left = positive_part(surplus, float(np.sqrt(clustering * new)) * part)
        unmet = min(gives_up * (waiting + left) / 2, waiting + new - left)
        started = waiting + new - left - unmet
        kinds = self.waiting + asked * (1 - lost)
        kinds = kinds / max(waiting + new, 1e-12)
        self.waiting = kinds * left
        self.helped += started - ending
        self._started.append(started)
        return Helped(kinds * started, kinds * unmet + asked * lost)


class Shares(Help):
    """Early help that serves a given part of all who ask: for following a few children among many.

    Args:
        served: the part.
    """

    def __init__(self, served: float) -> None:
        super().__init__()
        self._served = served

    def step(self, asked: Array, rules: Rules, clustering: float) -> Helped:
        return Helped(asked * self._served, asked * (1 - self._served))
