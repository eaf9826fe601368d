"""Where looked after children live in the mean field: the age at the last move decides."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from demandsim.meanfield.grid import BANDS, EDGES, MONTHS_A_YEAR
from demandsim.meanfield.kernels import MONTH
from demandsim.meanfield.rules import Rules
from demandsim.vocabulary import AGE_BANDS, Need

Array = NDArray[np.float64]

_nodes, _weights = np.polynomial.hermite_e.hermegauss(9)
_FRAILTY_WEIGHTS: Array = _weights / _weights.sum()
_FIRST_YEARS = [first for _, first, _ in AGE_BANDS]


def spread_over(edges: tuple[float, ...], lags: int) -> Array:
    """Return the part of those of each age bin, so many months later, between ages; (lags, bins, bands)."""
    low = np.array(EDGES[:-1])[None, :, None] + np.arange(lags)[:, None, None] / MONTHS_A_YEAR
    high = np.array(EDGES[1:])[None, :, None] + np.arange(lags)[:, None, None] / MONTHS_A_YEAR
    over = np.minimum(high, np.array(edges[1:])) - np.maximum(low, np.array(edges[:-1]))
    return np.asarray(np.maximum(over, 0.0) / (high - low), dtype=np.float64)


@cache
def in_bands(lags: int) -> Array:
    """Return, of those still under 18 so many months later, the part in each age band; (lags, bins, bands)."""
    parts = spread_over((-1.0, *(float(first) for first in _FIRST_YEARS[1:]), 18.0), lags)
    whole = parts.sum(axis=2, keepdims=True)
    return np.asarray(np.divide(parts, whole, out=np.zeros_like(parts), where=whole > 0), dtype=np.float64)


def moves(rules: Rules, lags: int) -> Array:
    """Return moves a month of those in ordinary placements, by months since the start of care and age then."""
    by_band = np.array([_FRAILTY_WEIGHTS @ _moved(rules, lags, 1, ratio)[0] for ratio in _ratios(rules)])
    return _by_age_then(by_band)


def thrice(rules: Rules, lags: int) -> Array:
    """Return the part of those in ordinary placements who have lived in three or more within a year.

    By months since the start of care and age then. Theirs is a move within the year, of which the last move is the
    next: how often a move is made so many months ago, times how likely one more has followed, and no other.
    """
    found = []
    for ratio in _ratios(rules):
        made, left = _moved(rules, lags, 1, ratio)
        parts = np.diff(1 - left[:, :MONTHS_A_YEAR], prepend=0.0)
        twice = np.array([np.convolve(one, one)[:MONTHS_A_YEAR].cumsum() for one in parts])
        once = parts.cumsum(axis=1) - twice
        moved = [lfilter(one, [1.0], often) for one, often in zip(once, made, strict=True)]
        found.append(_FRAILTY_WEIGHTS @ np.array(moved))
    return _by_age_then(np.array(found))


def _by_age_then(by_band: Array) -> Array:
    """Return by months since the start and age at it, (lags, ages), what (band, lags) say of each age band."""
    return np.asarray(np.einsum("nab,bn->na", in_bands(by_band.shape[1]), by_band))


def _ratios(rules: Rules) -> list[float]:
    """Return how much sooner children move on by age band; that of the start of care counts for all of it."""
    return [rules.moves_by_age[year] for year in _FIRST_YEARS]


def _moved(rules: Rules, steps: int, months: int, ratio: float) -> tuple[Array, Array]:
    """Return moves made in each step of so many months, and the part that has not moved since; by frailty."""
    frailty = ratio * rules.frailty.median * np.exp(rules.frailty.sigma * _nodes)
    at = (np.arange(steps) + 0.5) * MONTH * months
    # Times to a move, as masses on whole steps.
    gone = 1 - np.exp(-((at * frailty[:, None] / rules.move_time.scale) ** rules.move_time.shape))
    # Within one step a child moves so many times at most: all of them at once would be without end.
    gone = np.minimum(gone, 1 - 1 / _MOST_AT_ONCE)
    parts = np.diff(gone, prepend=0.0)
    start = np.zeros(steps)
    start[0] = 1.0
    # One more or less moves on from wherever the last one was made: a sum of sums, which a filter adds up.
    made = [lfilter(one, np.concatenate([[1 - one[0]], -one[1:]]), start) for one in parts]
    return np.array(made), 1 - gone


def _last_moved(rules: Rules, steps: int, ratio: float) -> Array:
    """Return the part whose last move, or the start, was in each step, by steps since the start; (now, then)."""
    made, left = _moved(rules, steps, _STEP, ratio)
    since = np.arange(steps)[:, None] - np.arange(steps)
    stays = np.where(since >= 0, left[:, np.maximum(since, 0)], 0.0)
    last: Array = np.einsum("fv,fnv->nv", _FRAILTY_WEIGHTS[:, None] * made, stays)
    last[:, 0] += _FRAILTY_WEIGHTS @ left
    return last


#: Moves of one child within a step.
_MOST_AT_ONCE = 50
#: Months to a step in which the age at the last move is kept.
_STEP = 3


def kinds(rules: Rules, lags: int, behaviour: float) -> Array:
    """Return the part of children in each kind of placement, by need, kind, months since the start and age then.

    Args:
        rules: of the moment.
        lags: months.
        behaviour: part of children not disabled whose need is unacceptable behaviour.
    """
    then = in_bands(lags)[_STEP // 2 :: _STEP]
    bands = np.zeros_like(then)
    for band, ratio in enumerate(_ratios(rules)):
        bins = np.equal(BANDS, band)
        bands[:, bins] = np.tensordot(_last_moved(rules, lags // _STEP, ratio), then[:, bins], axes=1)
    bands /= np.maximum(bands.sum(axis=2, keepdims=True), 1e-12)
    choice = np.array([[np.diff([0.0, *by_age[year]]) for year in _FIRST_YEARS] for by_age in rules.placement_choice])
    usual = (1 - behaviour) * choice[Need.ABUSE_OR_NEGLECT] + behaviour * choice[Need.BEHAVIOUR]
    both = np.stack([usual, choice[Need.DISABILITY]])
    return np.repeat((bands[None] @ both[:, None]).transpose(0, 3, 1, 2), _STEP, axis=2)
