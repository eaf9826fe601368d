"""Slopes of outputs that only simulations know: least squares on the few unknowns that matter.

Of many unknowns each output hangs on a handful. They are taken in one at a time, the one that explains most first
(orthogonal matching pursuit), for as long as that foretells what was left out of the fit better (cross-validation), and
by more than chance would make of it: of those that foretell as well, but for one standard error, the line on fewest
(Breiman and others, 1984). Where luck hides what differs, the best by its own measure is on unknowns that luck chose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Unknowns that one output may hang on at most, and parts that are left out in turn.
_MOST, _FOLDS = 20, 5


@dataclass(frozen=True, slots=True)
class Lines:
    """Outputs as straight lines.

    Attributes:
        level: (outputs,) at units of nothing.
        slopes: (outputs, unknowns).
        errors: (outputs,): mean squares of what samples differ by that were left out of the fit.
    """

    level: Array
    slopes: Array
    errors: Array

    def __call__(self, units: Array) -> Array:
        """Return (samples, outputs)."""
        found: Array = self.level + units @ self.slopes.T
        return found


def sparse_lines(units: Array, outputs: Array) -> Lines:
    """Return the lines that foretell outputs best.

    Args:
        units: (samples, unknowns).
        outputs: (samples, outputs), with luck in them.
    """
    level, slopes, errors = zip(*(_line(units, output) for output in outputs.T), strict=True)
    return Lines(np.array(level), np.array(slopes), np.array(errors))


def _line(units: Array, output: Array) -> tuple[float, Array, float]:
    fold = np.arange(len(units)) % _FOLDS
    most = min(_MOST, units.shape[1], len(units) // 2)
    errors = np.zeros((most + 1, len(units)))
    for out in range(_FOLDS):
        kept = fold != out
        for number, (start, slopes) in enumerate(_pursuit(units[kept], output[kept], most)):
            errors[number, ~kept] = (output[~kept] - start - units[~kept] @ slopes) ** 2
    worse = errors - errors[np.argmin(errors.mean(axis=1))]
    chance = worse.std(axis=1) / np.sqrt(len(units))
    fewest = int(np.argmax(worse.mean(axis=1) <= chance))
    return *_pursuit(units, output, most)[fewest], float(errors[fewest].mean())


def _pursuit(units: Array, output: Array, most: int) -> list[tuple[float, Array]]:
    """Return the lines on no unknown, on one, on two and so on up to the most."""
    middle, level = units.mean(axis=0), float(output.mean())
    away, left = units - middle, output - level
    size = np.maximum(np.sqrt((away**2).sum(axis=0)), 1e-12)
    chosen: list[int] = []
    lines = [(level, np.zeros(units.shape[1]))]
    for _ in range(most):
        explains = np.abs(away.T @ left) / size
        explains[chosen] = -1.0
        chosen.append(int(np.argmax(explains)))
        weights = np.linalg.lstsq(away[:, chosen], output - level, rcond=None)[0]
        left = output - level - away[:, chosen] @ weights
        slopes = np.zeros(units.shape[1])
        slopes[chosen] = weights
        lines.append((level - float(middle @ slopes), slopes))
    return lines
