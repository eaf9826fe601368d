"""The most likely point: outputs near what was published, unknowns near what is thought of them beforehand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def misfit(gaps: Array, units: Array) -> float:
    """Return what is to be least: squared gaps, in standard deviations, and squared distance from the prior.

    Args:
        gaps: of the outputs; those that are not a number count for nothing.
        units: of the unknowns.
    """
    return float(np.nansum(gaps**2) + np.sum(units**2))


def step(slopes: Array, gaps: Array, units: Array, longest: float) -> Array:
    """Return the point with the least misfit, were the outputs straight lines (a Gauss-Newton step).

    Args:
        slopes: (outputs, unknowns), in standard deviations of the output for one unit of the unknown.
        gaps: output less what was published, in its standard deviations.
        units: where the outputs are those.
        longest: no unknown moves further than this.
    """
    known = ~np.isnan(gaps) & ~np.isnan(slopes).any(axis=1)
    rows = np.vstack([slopes[known], np.eye(len(units))])
    wanted = np.concatenate([-gaps[known], -units])
    move: Array = np.linalg.lstsq(rows, wanted, rcond=None)[0]
    return units + move * min(1.0, longest / max(float(np.abs(move).max()), 1e-12))


def corrected(slopes: Array, moved: Array, changed: Array) -> Array:
    """Return slopes that give the change that was seen (Broyden's correction, the least that does).

    Args:
        slopes: as believed.
        moved: of the unknowns.
        changed: of the outputs.
    """
    surprise = np.nan_to_num(changed - slopes @ moved)
    better: Array = slopes + np.outer(surprise, moved) / max(float(moved @ moved), 1e-12)
    return better
