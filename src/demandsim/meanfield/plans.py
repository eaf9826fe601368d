"""Child protection plans in the mean field: they end at reviews, or when the child becomes looked after."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from demandsim.meanfield.grid import AGES, older, under_eighteen
from demandsim.meanfield.kernels import MONTH, halfway, leaving, left_after, left_of, masses
from demandsim.meanfield.rules import Rules
from demandsim.model.allocation import LAST_WEEK
from demandsim.model.protection import LATE_BY
from demandsim.vocabulary import (
    ASSESSMENT_LIMIT,
    CONFERENCE_LIMIT,
    DAYS_A_YEAR,
    DURATION_BANDS,
    FIRST_REVIEW_LIMIT,
    LATER_REVIEW_LIMIT,
)

Array = NDArray[np.float64]

#: Months after which every plan has ended.
LAGS = 72
_NOBODY = 1e-6
#: Less than this of a day, or of plans, is as good as nothing; nothing itself can't be divided by.
_LEAST = 1e-3
#: Cells in a month: reviews bunch just before their limits. Room for 128 months, so that what is left of plans then
#: does not come round again.
_CELLS, _POINTS = 12, 1536
#: Days that working days take, bank holidays counted.
WORKING = DAYS_A_YEAR / 252.9
#: A time of so many working days ends at a fraction of a day, which is not stretched.
_FRACTION = 0.5
#: Whoever sets out at a weekend counts from Friday, but has the less of it before them: a fifth of a day on average.
_WEEKEND = 0.2
_SHORTER = _FRACTION * (WORKING - 1) + _WEEKEND


def _working(days: Array) -> Array:
    return (days + _SHORTER) / WORKING


def assessments(rules: Rules, lags: int) -> tuple[Array, Array]:
    """Return parts of assessments that end in each month: of continuous ones, and of those with an initial one."""

    def continuous(days: Array) -> Array:
        worked = _working(days)
        effort = rules.deadline_effort
        left = np.exp(-((np.maximum(worked, 0.0) / rules.slow / law.scale) ** law.shape))
        chased = effort * np.exp(-((ASSESSMENT_LIMIT / rules.slow / law.scale) ** law.shape))
        inside = left - chased * np.clip((worked - ASSESSMENT_LIMIT + LAST_WEEK) / LAST_WEEK, 0.0, 1.0)
        return np.where(worked < ASSESSMENT_LIMIT, inside, (1 - effort) * left)

    def initial(days: Array) -> Array:
        first = rules.initial_time
        return np.exp(-((np.maximum(_working(days), 0.0) / rules.slow / first.scale) ** first.shape))

    law = rules.assessment_time
    return tuple(_all(leaving(left_after(time, lags))) for time in (continuous, initial))  # type: ignore[return-value]


def assessed_in_time(rules: Rules, waited: float) -> float:
    """Return the part of continuous assessments within the limit, which is counted in whole days.

    Args:
        rules: by which they are made.
        waited: days from referral until one begins.
    """
    law, effort, waited = rules.assessment_time, rules.deadline_effort, waited / WORKING

    def late(limit: float) -> float:
        return float(np.exp(-((max(limit, 0.0) / rules.slow / law.scale) ** law.shape)))

    # Those that are chased end in the week before the limit, as counted from when they begin.
    chased = effort * late(ASSESSMENT_LIMIT + _FRACTION) * max(0.0, 1 - waited / LAST_WEEK)
    return 1 - late(ASSESSMENT_LIMIT + _FRACTION - waited) + chased


def enquiries(rules: Rules, lags: int) -> Array:
    """Return parts of enquiries that end in each month, but for waits for conferences."""
    left = _booked_after(rules)
    return _all(leaving(left_after(lambda days: left(_working(days)), lags)))


def conferred_in_time(rules: Rules, waited: float) -> float:
    """Return the part of conferences within the limit, where each is booked so many days later than it would be."""
    limit = CONFERENCE_LIMIT + _FRACTION - waited / WORKING
    return float(1 - _booked_after(rules)(np.array([limit]))[0])


def _booked_after(rules: Rules) -> Callable[[Array], Array]:
    """Return what says which part of enquiries end after so many working days."""
    slips, mean = rules.slips, rules.slip.mean
    first, width = rules.booked_from, max(CONFERENCE_LIMIT - rules.booked_from, _LEAST)

    def left(worked: Array) -> Array:
        share = np.clip((worked - first) / width, 0.0, 1.0)
        over = np.maximum(worked - first, 0.0)
        # Of those that slip: booked on a day so far spread evenly, and then an exponential time.
        still = 1 - share + mean / width * (np.exp(-(over - share * width) / mean) - np.exp(-over / mean))
        return np.asarray((1 - slips) * (1 - share) + slips * still, dtype=np.float64)

    return left


def _all(parts: Array) -> Array:
    """Let those who would still be there after the last month leave in it."""
    parts[-1] += 1.0 - parts.sum()
    return parts


def _gap(rules: Rules, limit: float, forward: float) -> Array:
    """Return the time to a review, as masses on the fine grid."""
    days = halfway(_POINTS, _CELLS)
    late = rules.review_late

    def between(low: float, high: float) -> Array:
        return np.clip((days / limit - low) / (high - low), 0.0, 1.0)

    over = np.where(days > limit, 1 - np.exp(-np.maximum(days - limit, 0.0) / LATE_BY), 0.0)
    gone = late * over + (1 - late) * (forward * between(0.4, 0.8) + (1 - forward) * between(0.8, 1.0))
    return masses(gone)


_AT = np.arange(_POINTS) / _CELLS
#: Of times on the fine grid, the part that ends so many months after the month of the start.
_ENDS_AT_LAG = np.maximum(0.0, 1.0 - np.abs(_AT - np.arange(LAGS)[:, None]))
_BAND_ENDS = [end / MONTH for _, end in DURATION_BANDS[:-1]]
#: Of times on the fine grid, the part of each length; what lies on a limit is half on either side.
_OF_LENGTH: Array = np.mean(
    [
        np.searchsorted(_BAND_ENDS, _AT + side, side="right")[:, None] == np.arange(len(DURATION_BANDS))
        for side in (-1e-6, 1e-6)
    ],
    axis=0,
)


class Reviews:
    """When plans are reviewed and end, if the child does not become looked after first.

    Attributes:
        left: parts of plans left at the end of each month.
        ends: of plans open at its start, the part that a review ends in each month.
        bands: of those that a review ends in each month, the part of each length; (months, bands).
        of_open: reviews held in each month, for a plan open at its start.
    """

    def __init__(self, rules: Rules) -> None:
        ends = list(rules.ends_at_review)
        first = np.fft.rfft(_gap(rules, FIRST_REVIEW_LIMIT, 0.0))
        later = np.fft.rfft(_gap(rules, LATER_REVIEW_LIMIT, rules.review_forward))
        ended = held = 0.0 * first
        coming = first
        for number in range(3):
            held, ended = held + coming, ended + ends[number] * coming
            coming = (1 - ends[number]) * coming * later
        # From here on every review is like the one before.
        ends[3] = max(ends[3], _LEAST)  # were it nothing, reviews would go on without end
        last = coming / (1 - (1 - ends[3]) * later)
        held, ended = held + last, ended + ends[3] * last
        parts = np.fft.irfft(ended)
        self.left = left_of(parts, LAGS, _CELLS)
        by_length = (_ENDS_AT_LAG * parts) @ _OF_LENGTH
        whole = by_length.sum(axis=1, keepdims=True)
        self.bands = np.divide(by_length, whole, out=np.zeros_like(by_length), where=whole > _NOBODY)
        held_by_lag = leaving(left_of(np.fft.irfft(held), LAGS, _CELLS))
        before = np.concatenate([[1.0], self.left[:-1]])
        there = before > _NOBODY
        self.ends = np.where(there, 1.0 - self.left / np.where(there, before, 1.0), 1.0)
        self.of_open = np.where(there, held_by_lag / np.where(there, before, 1.0), 0.0)


def stay_bands(lags: int) -> Array:
    """Return the part of those who leave so many months after they came whose stay was of each length."""
    edges = np.array([-1e9, *(end / MONTH for _, end in DURATION_BANDS[:-1]), 1e9])
    lag = np.arange(lags)[:, None]
    # The stay is spread as a triangle: both days are spread evenly over their months.
    return np.diff(triangle(edges - lag), axis=1)


def open_bands(lags: int) -> Array:
    """Return the part of those there since so many months, having come evenly over a month, of each length so far."""
    edges = np.array([-1e9, *(end / MONTH for _, end in DURATION_BANDS[:-1]), 1e9])
    return np.diff(np.clip(edges - np.arange(lags)[:, None], 0.0, 1.0), axis=1)


def triangle(x: Array) -> Array:
    """Return the part of the difference of two moments, each spread evenly over a month, that is below x months."""
    low, high = np.clip(x, -1.0, 0.0), np.clip(x, 0.0, 1.0)
    return np.asarray((1 + low) ** 2 / 2 + high - high**2 / 2, dtype=np.float64)


class Leaving(NamedTuple):
    """Who leaves plans in a month: at a review and to care, at their age then, and how many at 18; and counts."""

    ended: Array
    to_care: Array
    eighteen: float = 0.0
    reviews: float = 0.0
    bands: Array = np.zeros(len(DURATION_BANDS))


class Protection:
    """Children on plans, by the month in which the plan started.

    Args:
        rows: kinds of children other than age.
        months: of the whole run.
    """

    def __init__(self, rows: int, months: int) -> None:
        self._plans = np.zeros((months + LAGS, rows, AGES))
        self._month = 0
        self._under = under_eighteen(LAGS)[::-1]
        #: Children on plans at the end of the month; and by months since the plan's start, the longest first.
        self.stock = 0.0
        self.by_lag: Array = np.zeros(LAGS)

    def step(self, starting: Array, reviews: Reviews, to_care: Array, counting: bool) -> Leaving:
        """Let a month pass.

        Args:
            starting: plans started in it; (rows, ages).
            reviews: when they end.
            to_care: falls into care a month; of the same shape.
            counting: whether anything but who leaves is wanted.
        """
        plans = self._plans[self._month + 1 : self._month + LAGS + 1]  # the longest open first
        plans[-1] = starting
        self._month += 1
        ends = reviews.ends[::-1]
        before = plans.sum(axis=1) if counting else None
        # In the month of the start there is half a month in which to become looked after.
        first, falls = -np.expm1(-to_care / 2), -np.expm1(-to_care)
        begun = plans[-1].copy()
        ended = _aged(plans, ends, 1 - falls / 2)
        through = 1 - ends / 2
        through[-1] = 0.0
        cared = _aged(plans, through, falls) + begun * (1 - ends[-1] / 2) * first
        plans *= (1 - ends)[:, None, None]
        plans *= 1 - falls
        plans[-1] = begun * (1 - ends[-1]) * (1 - first)
        self.stock = float((plans.sum(axis=1) * self._under).sum())
        if before is None:
            return Leaving(ended, cared)
        return self._counted(Leaving(ended, cared), reviews, before, plans)

    def _counted(self, leaving: Leaving, reviews: Reviews, before: Array, plans: Array) -> Leaving:
        """Count those who leave, and those who stay."""
        after, under = plans.sum(axis=1), self._under
        self.by_lag = (after * under).sum(axis=1)
        there = (before * under).sum(axis=1)
        at_review = there * reviews.ends[::-1]
        otherwise = np.maximum(((before - after) * under).sum(axis=1) - at_review, 0.0)
        return leaving._replace(
            eighteen=float(((under[1:] - under[:-1]) * after[:-1]).sum()),
            reviews=float(there @ reviews.of_open[::-1]),
            bands=at_review @ reviews.bands[::-1] + otherwise @ _BANDS[::-1],
        )


_BANDS = stay_bands(LAGS)
_GROUP = 6
_OLDER = np.array([older(first + (_GROUP - 1) / 2) for first in range(LAGS - _GROUP, -1, -_GROUP)])


def _aged(plans: Array, weights: Array, part: Array) -> Array:
    """Return a part of plans, by kind and age at their start, times a weight by the month of the start; aged to now."""
    groups = weights.reshape(-1, 1, _GROUP) @ plans.reshape(LAGS // _GROUP, _GROUP, -1)
    of_kind = groups.reshape(-1, *plans.shape[1:]) * part
    return np.asarray((of_kind @ _OLDER).sum(axis=0), dtype=np.float64)
