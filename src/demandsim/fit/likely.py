"""Most likely points: outputs near what was published, unknowns near what is thought of them beforehand.

One point, or many at once that are each held to a beginning and drawn to figures of its own. So draws by straight lines
of numbers are carried to where the outputs are what the lines said: as randomised maximum likelihood does with draws
from what is thought beforehand. Oliver, He and Reynolds, ECMOR V (1996); Chen and Oliver, Mathematical Geosciences 44
(2012).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

Array = NDArray[np.float64]

METHOD = "Hamiltonian Monte Carlo on straight lines of the numbers"
#: Longest step of one unknown in standard units; it grows after a step that gained and shrinks after one that did not.
_FIRST, _LONGEST, _GROWS, _SHRINKS = 1.0, 3.0, 1.5, 0.4


def misfit(gaps: Array, away: Array) -> Array:
    """Return what is to be least: squared gaps, in standard deviations, and squared distance from the beginning.

    Args:
        gaps: (..., outputs); those that are not a number count for nothing.
        away: (..., unknowns), in standard units.
    """
    found: Array = np.nansum(gaps**2, axis=-1) + np.sum(away**2, axis=-1)
    return found


def together(figures: int) -> float:
    """Return the misfit that so many figures exceed in one case of a hundred, if they can be met together."""
    return float(chi2.ppf(0.99, figures))


def birge(misfit: float, figures: int) -> float:
    """Return how many times as large errors are as was thought, if so many figures can't be met together; else 1.

    Birge's ratio (Physical Review 40, 1932): then either figures or the model are wrong by more than was thought, or
    the nearest point was not found, and what agrees with the figures is known so much less.
    """
    return (misfit / figures) ** 0.5 if misfit > together(figures) else 1.0


class Members:
    """Points on their way to where each agrees best: each steps by slopes of its own, corrected by what it saw.

    Args:
        beginnings: (members, unknowns): what each is held to, in standard units.
        errors: (members, outputs): what is added to the gaps of each, for a spread of 1.
        slopes: (outputs, unknowns) where steepness is 1: standard deviations of the output for one unit.
        gaps: (outputs,) or (members, outputs) at the start; an output that is not a number is left out.
        steepness: given units, returns how many times as steep each unknown makes all slopes there.
        start: (unknowns,) or (members, unknowns): where they begin their way; at nothing unless given.
        spread: (outputs,): standard deviations of the errors; 1 unless given.
        leap: whether the first step is as long as it likes, and taken whatever it brings.

    Attributes:
        units: (members, unknowns): where they are.
        misfits: of each there.
        gained: whether the last step of each was taken.
    """

    def __init__(
        self,
        beginnings: Array,
        errors: Array,
        slopes: Array,
        gaps: Array,
        steepness: Callable[[Array], Array] = np.ones_like,
        start: Array | None = None,
        spread: Array | None = None,
        leap: bool = False,
    ) -> None:
        members = len(beginnings)
        self._known = ~np.isnan(np.atleast_2d(gaps)).any(axis=0)
        self._beginnings, self._errors = beginnings, errors[:, self._known]
        self.units = np.zeros_like(beginnings) if start is None else np.broadcast_to(start, beginnings.shape)
        self._steepness = steepness
        self._straight = np.nan_to_num(slopes[self._known])
        self._corrections = np.zeros((members, *self._straight.shape))
        self._spread = np.ones(len(self._straight)) if spread is None else spread[self._known]
        self._longest = np.full(members, np.inf if leap else _FIRST)
        self._gaps = np.broadcast_to(gaps[..., self._known], self._errors.shape)
        self.misfits = np.full(members, np.inf) if leap else self._misfits(self._gaps, self.units)
        self.gained = np.ones(members, dtype=bool)

    def _slopes(self) -> Array:
        """Return (members, outputs, unknowns) where the members are, as they are believed now."""
        slopes: Array = self._straight * self._steepness(self.units)[:, None, :] + self._corrections
        return slopes

    @property
    def gaps(self) -> Array:
        """Return (members, outputs) at the points; not a number for outputs left out."""
        every = np.full((len(self.units), self._known.size), np.nan)
        every[:, self._known] = self._gaps
        return every

    @property
    def off(self) -> Array:
        """Return (members,): mean square by which outputs differ from what each is drawn to, in errors."""
        off: Array = np.mean((self._gaps / self._spread + self._errors) ** 2, axis=1)
        return off

    def proposed(self) -> Array:
        """Return where each goes next: were outputs straight lines, its best point (a Gauss-Newton step)."""
        home, slopes = self._beginnings - self.units, self._slopes() / self._spread[:, None]
        among = slopes @ slopes.transpose(0, 2, 1) + np.eye(slopes.shape[1])
        wanted = self._gaps / self._spread + self._errors + np.einsum("jok,jk->jo", slopes, home)
        step = home - np.einsum("jok,jo->jk", slopes, np.linalg.solve(among, wanted[..., None])[..., 0])
        furthest = np.maximum(np.abs(step).max(axis=1), 1e-12)
        proposed: Array = self.units + step * np.minimum(1.0, self._longest / furthest)[:, None]
        return proposed

    def seen(self, units: Array, gaps: Array) -> None:
        """Take the outputs at the points proposed: correct the slopes (Broyden), and go there where it is better."""
        gaps = np.where(np.isnan(gaps[:, self._known]), self._gaps, gaps[:, self._known])
        moved = units - self.units
        surprise = gaps - self._gaps - np.einsum("jok,jk->jo", self._slopes(), moved)
        length = np.maximum(np.sum(moved**2, axis=1), 1e-12)
        self._corrections += surprise[:, :, None] * moved[:, None, :] / length[:, None, None]
        misfits = self._misfits(gaps, units)
        self.gained = misfits < self.misfits
        self.units = np.where(self.gained[:, None], units, self.units)
        self._gaps = np.where(self.gained[:, None], gaps, self._gaps)
        self.misfits = np.minimum(misfits, self.misfits)
        longest = np.where(np.isinf(self._longest), _FIRST / _GROWS, self._longest)
        self._longest = np.where(self.gained, np.minimum(longest * _GROWS, _LONGEST), longest * _SHRINKS)

    def _misfits(self, gaps: Array, units: Array) -> Array:
        return misfit(gaps / self._spread + self._errors, units - self._beginnings)


def carrying(
    units: Array,
    outputs: Array,
    drawn_to: Array,
    slopes: Array,
    spread: Array,
    steepness: Callable[[Array], Array] = np.ones_like,
) -> Members:
    """Return members held to where they are and drawn to outputs: they go no further than that takes.

    The first step goes by what the outputs are thought to be, and is taken whatever it brings.

    Args:
        units: (members, unknowns): where they are, in standard units.
        outputs: (members, outputs): gaps as they are thought to be there.
        drawn_to: (members, outputs): gaps that each is to have.
        slopes: (outputs, unknowns) where steepness is 1.
        spread: (outputs,): standard deviations of the gaps' errors.
        steepness: given units, returns how many times as steep each unknown makes all slopes there.
    """
    return Members(units, -drawn_to / spread, slopes, outputs, steepness, units, spread, leap=True)
