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
        living: how many, by first choice in the order of `LIMITED`, and where: the same, and bought on the spot.
        full: how often each is full for who comes.
    """

    def __init__(self) -> None:
        self.living: Array = np.zeros((len(LIMITED), len(LIMITED) + 1))
        self.full = [0.0] * len(LIMITED)

    def step(self, wanted: Array, limit: Sequence[float], placed_anew: float, over_five: float) -> tuple[Array, float]:
        """Let a month pass; return children by placement, and placements made where the first choice was full.

        Args:
            wanted: children by placement, if there were no limits.
            limit: places of each type.
            placed_anew: placements made in the month, of children looked after.
            over_five: part of children old enough for a home.
        """
        chosen = wanted[list(LIMITED)]
        share = placed_anew / max(float(wanted.sum()), 1e-12)
        anew = min(1.0, share)
        # Only who is placed anew is refused, and only who leaves its placement lives elsewhere no more.
        self.living *= 1.0 - anew
        stay = (1.0 - anew) * chosen - self.living.sum(axis=1) + self.living[:, : len(LIMITED)].sum(axis=0)
        places = [limit[kind] for kind in LIMITED]

        def full(which: int, asking: float) -> float:
            free = places[which] - float(stay[which])
            # Where more stay than there are places, nobody is let in until so many have left.
            return min(1.0, max(chance_full(asking, places[which]), 1.0 - free / max(anew * asking, 1e-12), 0.0))

        own, agency, homes = chosen.tolist()
        no_own = full(0, own + agency * self.full[1])
        no_agency = full(1, agency + own * no_own)
        neither = over_five * no_own * no_agency
        no_home = full(2, homes + neither * (own + agency))
        self.full = [no_own, no_agency, no_home]
        in_home, bought = neither * (1 - no_home), no_own * no_agency - neither * (1 - no_home)
        lives = [
            [0.0, no_own * (1 - no_agency), in_home, bought],
            [no_agency * (1 - no_own), 0.0, in_home, bought],
            [0.0, 0.0, 0.0, no_home],
        ]
        self.living += anew * chosen[:, None] * np.array(lives)
        placed = wanted.copy()
        placed[list(LIMITED)] += self.living[:, : len(LIMITED)].sum(axis=0) - self.living.sum(axis=1)
        placed[Placement.SPOT] += self.living[:, len(LIMITED)].sum()
        return placed, float(share * (chosen * self.full).sum())
