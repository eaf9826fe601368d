"""What follows from who became looked after and when: who is in care, where, and who leaves by which way."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from demandsim.meanfield.grid import AGES, DISABLED, EDGES, MONTHS_A_YEAR
from demandsim.meanfield.kernels import MONTH
from demandsim.meanfield.placements import in_bands, kinds, moves, spread_over, thrice
from demandsim.meanfield.plans import triangle
from demandsim.meanfield.rules import Rules
from demandsim.meanfield.stays import LAGS, Stays
from demandsim.model.leaving import CARE_LENGTHS, QUALIFYING_DAYS
from demandsim.model.placements import FIRST_CHOICE
from demandsim.vocabulary import LeavingRoute, Placement

Array = NDArray[np.float64]
Spectrum = NDArray[np.complex128]

#: What is made of those who became looked after: where each begins among the rows.
ROUTES = 0
LENGTHS = ROUTES + LeavingRoute.words.size
ADOPTED = LENGTHS + len(CARE_LENGTHS) + 1
CARE_AGE = ADOPTED + 4
THREE_PLACES = CARE_AGE + 5
MOVES = THREE_PLACES + 1
MISSING = MOVES + 1
APPLIED = MISSING + 1
BEFORE_COURT = APPLIED + 1
LEAVERS = BEFORE_COURT + 1
PLACED = LEAVERS + 1
ROWS = PLACED + Placement.words.size


@cache
def _length_bands() -> Array:
    edges = np.array([-1e9, *(days / MONTH for days in CARE_LENGTHS), 1e9])
    return np.diff(triangle(edges - np.arange(LAGS)[:, None]), axis=1)


@cache
def _adopted_ages() -> Array:
    parts = spread_over((-1.0, 1.0, 2.0, 6.0, 18.0), LAGS)
    return np.asarray(parts / np.maximum(parts.sum(axis=2, keepdims=True), 1e-12), dtype=np.float64)


def _qualifies(parts: Array) -> Array:
    """Return the part of children of each age who, if in care until 18, are owed support as care leavers."""
    late = 18.0 - QUALIFYING_DAYS / MONTH / MONTHS_A_YEAR
    return parts * np.clip((late - EDGES[:-1]) / np.diff(EDGES), 0.0, 1.0)


class Outcomes:
    """Rows of what a child who becomes looked after adds in each later month, by its age at the start.

    Args:
        rules: of the moment.
        stays: as they follow from them.
        behaviour: part of children not disabled whose need is unacceptable behaviour.

    Attributes:
        rows: (rows, lags, ages).
        disabled: of the rows from `PLACED` on, those of a disabled child.
    """

    def __init__(self, rules: Rules, stays: Stays, behaviour: float) -> None:
        self.rows = rows = np.zeros((ROWS, LAGS, AGES))
        leaves = stays.leaves
        rows[ROUTES:LENGTHS] = leaves
        by_length = leaves.sum(axis=0) * _length_bands().T[:, :, None]
        # Who leaves within a fortnight does so in the month of the start or the next.
        early = by_length[0] + by_length[1]
        by_length[0], by_length[1] = 0.0, early
        by_length[0, 0] += stays.two_weeks
        by_length[1, 0] -= stays.two_weeks
        rows[LENGTHS:ADOPTED] = by_length
        rows[ADOPTED:CARE_AGE] = leaves[LeavingRoute.ADOPTION] * _adopted_ages().transpose(2, 0, 1)
        rows[CARE_AGE:THREE_PLACES] = stays.there * in_bands(LAGS).transpose(2, 0, 1)
        self._placed(rules, stays, behaviour)
        rate = np.array([rules.missing_rate[year] for year in (0, 1, 5, 10, 16)]) * MONTH
        at_start = np.tensordot(in_bands(1)[0], rate, axes=1) > 0
        mean = rules.frailty.mean
        rows[MISSING] = mean * stays.there * (in_bands(LAGS) @ rate) * at_start
        rows[APPLIED, 0] = stays.in_court
        rows[BEFORE_COURT] = stays.in_court * stays.before_court[:, None]
        in_touch = rules.in_touch
        rows[LEAVERS] = in_touch * _qualifies(leaves[LeavingRoute.EIGHTEEN])
        # Those who leave by another way after 16 are care leavers as well.
        rows[LEAVERS] += in_touch * leaves[LeavingRoute.OTHER] * _after_sixteen()

    def _placed(self, rules: Rules, stays: Stays, behaviour: float) -> None:
        ordinary = np.maximum(stays.there - stays.with_parents - stays.for_adoption, 0.0)
        self.disabled = np.zeros((ROWS - PLACED, LAGS, AGES))
        for rows, shares in zip((self.rows[PLACED:], self.disabled), kinds(rules, LAGS, behaviour), strict=True):
            for place, kind in enumerate(FIRST_CHOICE):
                rows[kind] = ordinary * shares[place]
            rows[Placement.WITH_PARENTS] = stays.with_parents
            rows[Placement.FOR_ADOPTION] = stays.for_adoption
        self.rows[THREE_PLACES] = ordinary * thrice(rules, LAGS)
        self.rows[MOVES] = ordinary * moves(rules, LAGS) + stays.last_phase_begins

    def after(self, entered: Array) -> Array:
        """Return what those who became looked after come to in the last month; entered is (months, need, ages)."""
        lags = min(len(entered), LAGS)
        latest = entered[: -lags - 1 : -1]
        total = np.tensordot(self.rows[:, :lags], latest.sum(axis=1), axes=2)
        more = self.disabled[:, :lags] - self.rows[PLACED:, :lags]
        total[PLACED:] += np.tensordot(more, latest[:, DISABLED], axes=2)
        return total

    def follow(self, entered: Array, months: int) -> Array:
        """Return what those who became looked after come to in each month; (months, rows)."""
        size = 1 << (months + LAGS).bit_length()
        came = np.fft.rfft(entered, size, axis=0)

        def spectrum(rows: Array, who: Spectrum) -> Spectrum:
            product: Spectrum = np.einsum("fa,rfa->rf", who, np.fft.rfft(rows, size, axis=1))
            return product

        product = spectrum(self.rows, came.sum(axis=1))
        product[PLACED:] += spectrum(self.disabled - self.rows[PLACED:], came[:, DISABLED])
        return np.asarray(np.fft.irfft(product, size, axis=1)[:, :months].T, dtype=np.float64)


class StayingOn:
    """Children who leave care later than they would, as their first choice of placement was full.

    Args:
        months: of the whole run.
    """

    def __init__(self, months: int) -> None:
        self._back = np.zeros((months + 1, CARE_AGE))
        self._month, self._more = 0, 0.0

    def step(self, row: Array, later: float, refused: float, elsewhere: float) -> None:
        """Let a month pass: who leaves, and who is looked after, in a row of what was expected without.

        Args:
            row: of `ROWS`; changed.
            later: months by which they leave later.
            refused: part of placements made for which the first choice was full.
            elsewhere: part of children who live elsewhere because of that.
        """
        parts = np.full(CARE_AGE, elsewhere)
        parts[LENGTHS] = refused  # who leaves within a fortnight was placed in this month
        lengths = slice(LENGTHS, ADOPTED)
        leaving = float(row[lengths].sum())
        parts[:LENGTHS] = float(parts[lengths] @ row[lengths]) / max(leaving, 1e-12)
        # Nobody stays beyond 18, and with those who adopt them children live before it is done.
        parts[LeavingRoute.EIGHTEEN] = parts[LeavingRoute.ADOPTION] = parts[ADOPTED:] = 0.0
        away = parts * row[:CARE_AGE]
        back = away.copy()
        longer = min(1.0, later / (CARE_LENGTHS[0] / MONTH)) * back[LENGTHS]
        back[LENGTHS : LENGTHS + 2] += -longer, longer
        first = self._month + int(later)
        for month, part in ((first, 1.0 - later % 1.0), (first + 1, later % 1.0)):
            if month < len(self._back):
                self._back[month] += part * back
        row[:CARE_AGE] += self._back[self._month] - away
        self._more += float((away - self._back[self._month])[:LENGTHS].sum())
        self._month += 1
        for some in (row[CARE_AGE:MOVES], row[PLACED:]):
            some *= 1.0 + self._more / max(float(some.sum()), 1e-12)


@cache
def _after_sixteen() -> Array:
    """Return, of those under 18 so many months after the start, the part over 16 by as long as support asks for."""
    owed = 16.0 + QUALIFYING_DAYS / MONTH / MONTHS_A_YEAR
    parts = spread_over((-1.0, owed, 18.0), LAGS)
    whole = np.maximum(parts.sum(axis=2), 1e-12)
    chosen = parts[:, :, 1] / whole
    chosen[: int(QUALIFYING_DAYS / MONTH)] = 0.0
    return np.asarray(chosen, dtype=np.float64)
