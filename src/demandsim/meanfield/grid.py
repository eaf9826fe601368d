"""What tells the children of the mean field apart: history, kind of need, severity and age.

Every flow and stock is an array with these four axes. Severity is a quadrature grid, on which means over the normal
distribution are exact for smooth functions; age is in bins, finer in the first year of life, where care depends on it
most.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from demandsim.model.arrivals import SIBLING_GAP
from demandsim.state.world import MOST_SIBLINGS
from demandsim.vocabulary import AGE_BANDS, age_band

Array = NDArray[np.float64]

MONTHS_A_YEAR = 12

#: Histories: not referred before, referred before, once on a plan, once looked after, both.
NEW, KNOWN, PLANNED, CARED, BOTH = range(5)
HISTORIES = 5
#: Kinds of need: that of most children, and disability, whose plans last longest.
OTHER, DISABLED = 0, 1
NEEDS = 2

_POINTS = 9
_nodes, _weights = np.polynomial.hermite_e.hermegauss(_POINTS)
#: Severities, and the part of first contacts at each.
SEVERITY: Array = np.asarray(_nodes, dtype=np.float64)
FIRST: Array = np.asarray(_weights / _weights.sum(), dtype=np.float64)

#: Edges of the age bins, in years; the first begins before birth, as contacts do.
EDGES: Array = np.array([-0.4, 0.0, 0.5, *range(1, 19)])
AGES = len(EDGES) - 1
_WIDTH: Array = np.diff(EDGES)
#: Completed years of age in each bin, and its band of the looked after children return.
YEARS: list[int] = [max(0, int(edge)) for edge in EDGES[:-1]]
BANDS: list[int] = [age_band(year) for year in YEARS]

#: Shape of a flow or a stock.
SHAPE = (HISTORIES, NEEDS, _POINTS, AGES)


def nothing(*first: int) -> Array:
    """Return an array of flows or stocks with nothing in it; more axes come first."""
    return np.zeros((*first, *SHAPE))


def severity_around(mean: float) -> Array:
    """Return the parts at each severity of children spread normally, with variance 1, around a mean."""
    parts = FIRST * np.exp(mean * SEVERITY - mean**2 / 2)
    return np.asarray(parts / parts.sum(), dtype=np.float64)


def severity_moves(persistence: float, shift: float = 0.0) -> Array:
    """Return the chances, from each severity to each, of what the next contact is about; `shift` comes before."""
    left = max(1e-3, 1.0 - persistence**2)
    mean = persistence * (SEVERITY[:, None] + shift)
    parts = FIRST * np.exp(-((SEVERITY - mean) ** 2) / (2 * left) + SEVERITY**2 / 2)
    return np.asarray(parts / parts.sum(axis=1, keepdims=True), dtype=np.float64)


def by_age(single_years: list[float]) -> Array:
    """Return for each age bin the value of a table by single years of age."""
    return np.array([single_years[year] for year in YEARS])


def _spread(edges: Array, over: Array) -> Array:
    """Return the parts of each bin, filled evenly, that lie in each of other bins; both are given by their edges."""
    overlap = np.minimum(edges[1:, None], over[None, 1:]) - np.maximum(edges[:-1, None], over[None, :-1])
    return np.asarray(np.maximum(overlap, 0.0) / np.diff(edges)[:, None], dtype=np.float64)


@cache
def older(months: float) -> Array:
    """Return the parts of each age bin that are in each bin so much later; who has turned 18 is in none."""
    return _spread(EDGES + months / MONTHS_A_YEAR, EDGES)


def aged(children: Array, matrix: Array) -> Array:
    """Return children, by age last, with each age spread as a matrix says; in one multiplication, which is faster."""
    return (children.reshape(-1, len(matrix)) @ matrix).reshape(*children.shape[:-1], matrix.shape[1])


#: Edges of the bins of ages that children had at the last 1 April, who may have been born since. A year on each bin is
#: another, or half of one: stocks that are kept so do not blur with the months as those by age do.
_APRIL_EDGES: Array = np.array([-1.5, -1.0, -0.5, 0.0, 0.5, *range(1, 19)])
APRIL_AGES = len(_APRIL_EDGES) - 1
#: A year later on 1 April.
NEXT_APRIL: Array = _spread(_APRIL_EDGES + 1.0, _APRIL_EDGES)


@cache
def in_april(months: float) -> Array:
    """Return the parts of each age bin, so many months after 1 April, that were in each bin of ages then."""
    parts = _spread(EDGES - months / MONTHS_A_YEAR, _APRIL_EDGES)
    return np.asarray(parts / parts.sum(axis=1, keepdims=True), dtype=np.float64)


@cache
def after_april(months: float) -> Array:
    """Return the parts of each bin of ages on 1 April that are in each age bin so many months later.

    Nobody is 18 yet, nor further from birth than contacts reach: whoever would be is in the last bin, or the first.
    """
    parts = _spread(_APRIL_EDGES + months / MONTHS_A_YEAR, EDGES)
    parts[:, 0] += np.where(_APRIL_EDGES[:-1] < EDGES[0], 1.0 - parts.sum(axis=1), 0.0)
    parts[:, -1] += 1.0 - parts.sum(axis=1)
    return parts


@cache
def under_eighteen(lags: int) -> Array:
    """Return the part of each age bin still under 18 at the end of each month, by months since; (lags, ages)."""
    steps = (np.arange(4) + 0.5) / 4
    later = (np.arange(lags)[:, None, None] + steps[None, :, None]) / MONTHS_A_YEAR
    parts = np.clip((18.0 - later - EDGES[:-1]) / _WIDTH, 0.0, 1.0)
    return np.asarray(parts.mean(axis=1), dtype=np.float64)


def bands_to_bins(first_edges: tuple[float, ...]) -> Array:
    """Return the parts of each age band, spread evenly, in each bin; bands are given by their edges."""
    return _spread(np.array(first_edges), EDGES)


#: Age bands of the parameters, as those of long stays and of known children are spread: from birth on.
SEED_AGES = bands_to_bins((*(float(first) for _, first, _ in AGE_BANDS), 18.0))
#: The same, as the youngest of a family that is first contacted about is spread.
YOUNGEST_EDGES = (-0.4, 1.0, 5.0, 10.0, 16.0, 18.0)


@cache
def with_siblings() -> Array:
    """Return (band of the youngest, order of birth, order of another, bin): the part of families of that size or more
    whose child of the first order is of that age, and whose child of the second is under 18 too.
    """
    steps = 60
    gaps = 2 * SIBLING_GAP * (np.arange(steps) + 0.5) / steps
    found = np.zeros((len(YOUNGEST_EDGES) - 1, MOST_SIBLINGS, MOST_SIBLINGS, AGES))
    for band, (low, high) in enumerate(pairwise(YOUNGEST_EDGES)):
        for youngest in low + (high - low) * (np.arange(steps) + 0.5) / steps:
            ages = youngest + np.arange(MOST_SIBLINGS)[:, None] * gaps
            present = (ages < 18).mean(axis=1)
            by_age = np.array([np.histogram(of_order, EDGES)[0] for of_order in ages]) / steps**2
            found[band] += by_age[:, None, :] * present[None, :, None]
    return found


@cache
def siblings_by_age() -> tuple[Array, Array]:
    """Return (order of birth, band of the youngest, bin): the part of families of that size or more whose sibling of
    that order, if under 18, is of that age; for youngest children under 13, and for those of 13 and over.
    """
    found = np.zeros((2, MOST_SIBLINGS, len(YOUNGEST_EDGES) - 1, AGES))
    steps = 200
    gaps = 2 * SIBLING_GAP * (np.arange(steps) + 0.5) / steps
    for band, (low, high) in enumerate(pairwise(YOUNGEST_EDGES)):
        youngest = low + (high - low) * (np.arange(steps) + 0.5) / steps
        for order in range(MOST_SIBLINGS):
            ages = youngest[:, None] + order * gaps[None, :]
            for old, chosen in enumerate((youngest < 13, youngest >= 13)):
                found[old, order, band] = np.histogram(ages[chosen], EDGES)[0] / steps**2
    return found[0], found[1]
