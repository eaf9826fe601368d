"""An ensemble that agrees with the figures: an ensemble smoother with multiple data assimilation (ES-MDA).

Emerick and Reynolds, Computers & Geosciences 55 (2013): the members are moved towards the figures several times, each
time as if these were less exact than they are, so that all the times together count once.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Correlations weaker than this many times what chance gives in an ensemble of its size are taken for chance.
_BY_CHANCE = 2.0


def assimilated(units: Array, gaps: Array, inflation: float, noise: Array, generator: Generator) -> Array:
    """Return the members moved towards the figures, once.

    Args:
        units: (members, unknowns).
        gaps: (members, outputs): output less what was published, in standard deviations of what was published.
        inflation: the figures are taken to be this many times less exact, in variance; inverses add up to 1 over all
            times.
        noise: of each output, the variance that luck has in the gaps; it makes up part of the inexactness.
        generator: of the perturbations.
    """
    known = ~np.isnan(gaps).any(axis=0) & (gaps.std(axis=0) > 1e-9)
    gaps, inexact = gaps[:, known], np.maximum(inflation - noise[known], 0.0)
    away, apart = units - units.mean(axis=0), gaps - gaps.mean(axis=0)
    members = len(units)
    among = apart.T @ apart / (members - 1)
    across = away.T @ apart / (members - 1)
    across *= _believed(across, away.std(axis=0, ddof=1), apart.std(axis=0, ddof=1), members)
    gain = np.linalg.solve(among + np.diag(inexact), across.T)
    perturbed = generator.standard_normal(gaps.shape) * np.sqrt(inexact)
    moved: Array = units - (gaps + perturbed) @ gain
    return moved


def _believed(across: Array, of_units: Array, of_gaps: Array, members: int) -> Array:
    """Return 1 where a correlation is more than chance, less where it may be chance, 0 where it is most likely."""
    correlation = np.abs(across) / np.maximum(np.outer(of_units, of_gaps), 1e-12)
    limit = _BY_CHANCE / np.sqrt(members)
    believed: Array = np.clip((correlation - 0.5 * limit) / (0.5 * limit), 0.0, 1.0)
    return believed
