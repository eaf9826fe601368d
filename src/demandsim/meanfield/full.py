"""Placements that are full, in the mean field: how often a first choice is, and where children live instead."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from demandsim.vocabulary import Placement

Array = NDArray[np.float64]

_OWN, _AGENCY, _HOMES = Placement.FOSTER_IN_HOUSE, Placement.FOSTER_AGENCY, Placement.CHILDRENS_HOME
#: A child is placed while part of a place is left, half a one on average; and whole numbers reach half beyond theirs.
_WHOLE = 1.0
LIMITED = (_OWN, _AGENCY, _HOMES)


def chance_full(wanted: float, places: float) -> float:
    """Return how often all of so many places are taken, where so many children would be placed if there were no limit.

    Erlang's loss formula for many places: the number placed varies as a Poisson number, cut at the places.
    """
    if wanted <= 0.0:
        return 0.0
    spread = float(np.sqrt(wanted))
    room = (places + _WHOLE - wanted) / spread
    density = np.exp(-(room**2) / 2 - log_ndtr(room)) / np.sqrt(2 * np.pi)
    return min(1.0, float(density) / spread)


class Spilled:
    """Children who live elsewhere because their first choice was full when they were placed.

    Attributes:
        of: how many, by first choice, in the order of `LIMITED`.
    """

    def __init__(self) -> None:
        self.of: Array = np.zeros(len(LIMITED))

    def step(self, wanted: Array, limit: Sequence[float], placed_anew: float, over_five: float) -> tuple[Array, float]:
        """Let a month pass; return children by placement, and placements made where the first choice was full.

        Args:
            wanted: children by placement, if there were no limits.
            limit: places of each type.
            placed_anew: placements made in the month, of children looked after.
            over_five: part of children old enough for a home.
        """
        full = {kind: chance_full(float(wanted[kind]), limit[kind]) for kind in LIMITED}
        share = placed_anew / max(float(wanted.sum()), 1e-12)
        chosen = np.array([wanted[kind] for kind in LIMITED])
        refused = np.array([full[kind] for kind in LIMITED])
        # Only who is placed anew is refused, and only who leaves its placement lives elsewhere no more.
        self.of = self.of + min(1.0, share) * (chosen * refused - self.of)
        placed = wanted.copy()
        placed[list(LIMITED)] -= self.of
        own, agency, homes = self.of.tolist()
        left = homes
        for count, instead in ((own, _AGENCY), (agency, _OWN)):
            there = count * (1 - full[instead])
            in_home = (count - there) * over_five * (1 - full[_HOMES])
            placed[instead] += there
            placed[_HOMES] += in_home
            left += count - there - in_home
        placed[Placement.SPOT] += left
        return placed, float(share * (chosen * refused).sum())
