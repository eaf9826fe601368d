"""Periods of being looked after in the mean field: how long, how they end, and where the child lives meanwhile.

Whoever becomes looked after has its way of leaving settled then, so all that follows is a table: for each age at the
start and each month since, how many are still there, how many leave by each route, and in which kind of placement.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demandsim.distributions import Lognormal
from demandsim.meanfield.grid import AGES, BANDS, under_eighteen
from demandsim.meanfield.kernels import (
    CELLS,
    convolve,
    exponential,
    halfway,
    leaving,
    left_after,
    left_of,
    masses,
    passed,
)
from demandsim.meanfield.rules import Rules
from demandsim.vocabulary import AGE_BANDS, LeavingRoute

Array = NDArray[np.float64]

#: Nobody stays longer than 18 years and the months before birth.
LAGS = 222
_POINTS = LAGS * CELLS + 1
_SIZE = 2048  # of a transform, twice as many and more
_ROUTES = LeavingRoute.words.size
_FIRST_YEARS = [first for _, first, _ in AGE_BANDS]


class Stays:
    """What becomes of children who become looked after, by months since and age at the start.

    Attributes:
        there: the part still looked after at the end of each month; (lags, ages).
        leaves: the part that leaves in each month by each route; (routes, lags, ages).
        with_parents, for_adoption: the part in a last phase at the end of each month.
        last_phase_begins: the part that moves to one in each month.
        two_weeks: the part that has left within two weeks; (ages,).
        in_court: chances of care proceedings by age.
        before_court: the part of applications not decided at the end of each month; (lags,).
    """

    def __init__(self, rules: Rules) -> None:
        laws = _Laws(rules)
        bands = [laws.of_band(year) for year in _FIRST_YEARS]
        # By band of the age at the start, then spread over the bins.
        stays = np.array([[band[route] for band in bands] for route in range(_ROUTES)])[:, BANDS].transpose(0, 2, 1)
        under = under_eighteen(LAGS)
        stays[LeavingRoute.EIGHTEEN] = laws.shares[LeavingRoute.EIGHTEEN][BANDS]
        self.there = stays.sum(axis=0) * under
        shares = laws.shares[:, None, BANDS]
        past = np.concatenate([shares, stays[:, :-1]], axis=1)
        was_under = np.concatenate([np.ones((1, AGES)), under[:-1]])
        self.leaves = (past - stays) * (was_under + under) / 2
        self.leaves[LeavingRoute.EIGHTEEN] += ((past + stays) / 2 * (was_under - under)).sum(axis=0)
        self.with_parents = np.array([laws.with_parents_phase * share for share in laws.with_parents_share])
        self.with_parents = self.with_parents[BANDS].T * under
        self.for_adoption = np.array([laws.adoption_phase[place] for place in range(len(bands))])[BANDS].T * under
        self.last_phase_begins = laws.phase_begins[BANDS].T * under
        self.two_weeks = laws.two_weeks[BANDS]
        self.in_court = laws.in_court[BANDS]
        self.before_court = laws.before_court


class _Laws:
    """Times in care by route, made of their parts."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.shares = np.array([np.diff([0.0, *rules.care_route[year]]) for year in _FIRST_YEARS]).T
        court = list(rules.proceedings)
        self.in_court = self.shares.T @ np.array(court)
        days = halfway(_POINTS)
        self._court = np.fft.rfft(_masses(rules.court_time), _SIZE)
        self.before_court = left_of(_masses(rules.court_time), LAGS)

        # Home: a short stay, a longer one, or after court, and then perhaps a while with parents under the order.
        share = court[LeavingRoute.HOME]
        short = (1 - share) * rules.short_share
        self._home_stay = _masses(rules.home_stay)
        decided = self._after_court(self._home_stay)
        parents = rules.with_parents
        phase = masses(1 - np.exp(-days / rules.with_parents_time.mean))
        whole = convolve(decided, phase)
        self._home = (
            short * left_after(exponential(rules.short_stay.mean), LAGS)
            + (1 - share - short) * left_of(self._home_stay, LAGS)
            + share * (1 - parents) * left_of(decided, LAGS)
            + share * parents * left_of(whole, LAGS)
        )
        self.with_parents_phase = share * parents * (left_of(whole, LAGS) - left_of(decided, LAGS))
        self.with_parents_share = self.shares[LeavingRoute.HOME]
        self.phase_begins = np.outer(self.shares[LeavingRoute.HOME], share * parents * leaving(left_of(decided, LAGS)))
        gone_early = short * -np.expm1(-14.0 / rules.short_stay.mean)
        gone_early += (1 - share - short) * float(passed(rules.home_stay, np.array([14.0]))[0])
        self.two_weeks = gone_early * self.shares[LeavingRoute.HOME]

        self._guardianship = self._perhaps_court(_masses(rules.guardianship_time), court[LeavingRoute.GUARDIANSHIP])
        self._other = self._perhaps_court(_masses(rules.other_time), court[LeavingRoute.OTHER])
        order = _masses(rules.adoption_order_time)
        self._adoption, self.adoption_phase = [], []
        share = court[LeavingRoute.ADOPTION]
        for place, year in enumerate(_FIRST_YEARS):
            adopted = self.shares[LeavingRoute.ADOPTION][place]
            if adopted <= 0.0:
                self._adoption.append(np.zeros(LAGS))
                self.adoption_phase.append(np.zeros(LAGS))
                continue
            matching = _masses(rules.matching_time[year])
            matched = share * self._after_court(matching) + (1 - share) * matching
            searching, whole_time = left_of(matched, LAGS), left_of(convolve(matched, order), LAGS)
            self._adoption.append(whole_time)
            self.phase_begins[place] += adopted * leaving(searching)
            self.adoption_phase.append(adopted * (whole_time - searching))

    def _after_court(self, parts: Array) -> Array:
        size = _SIZE
        return np.asarray(np.fft.irfft(np.fft.rfft(parts, size) * self._court, size)[:_POINTS], dtype=np.float64)

    def _perhaps_court(self, parts: Array, share: float) -> Array:
        return left_of(share * self._after_court(parts) + (1 - share) * parts, LAGS)

    def of_band(self, year: int) -> list[Array]:
        """Return for each route what is left at the end of each month of those who start at an age and take it."""
        place = _FIRST_YEARS.index(year)
        laws = [self._home, self._adoption[place], self._guardianship, self._other, np.ones(LAGS)]
        return [share * law for share, law in zip(self.shares[:, place], laws, strict=True)]


def _masses(law: Lognormal) -> Array:
    return masses(passed(law, halfway(_POINTS)))
