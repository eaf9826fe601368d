"""The expected years of a scenario, in the tables that a simulation gives: no draws, no events, a fifth of a second."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demandsim.meanfield import looked_after
from demandsim.meanfield.again import referred_again
from demandsim.meanfield.plans import open_bands
from demandsim.meanfield.run import FIRST_KEPT, Run
from demandsim.records import Census, Count, Stock
from demandsim.scenario.scenario import Scenario
from demandsim.threads import on_one_thread
from demandsim.vocabulary import LeaverActivity, LeavingRoute, State

Array = NDArray[np.float64]

_YEAR = 12
#: Months for which a care leaver is supported after 18, and longer if in education.
_SUPPORTED, _IN_EDUCATION = 36, 84
#: Months within which the first review is due, and each later one.
_FIRST_REVIEW, _LATER_REVIEW = 3, 6
#: What the mean field has no number for.
_UNKNOWN_COUNTS = ((Count.CARE_ENDED_MOVES, 3),)
_LEFT = (Count.LEFT_HOME, Count.LEFT_ADOPTION, Count.LEFT_GUARDIANSHIP, Count.LEFT_OTHER, Count.LEFT_EIGHTEEN)


@on_one_thread
def mean_field_of(scenario: Scenario) -> dict[str, Array]:
    """Return the tables of the expected path of a scenario, with a leading axis of length 1.

    They are those of `model.simulate.simulate`, one year before the start included. Not a number where the mean field
    has no answer: placements of those who leave care, how long placements have lasted, and how far away they are.

    Args:
        scenario: what to follow; an ensemble's is followed at its values as declared.
    """
    run = Run(scenario)
    run.to_end()
    return {name: table[None] for name, table in tables_of(run).items()}


def tables_of(run: Run) -> dict[str, Array]:
    """Return the tables of a run that has come to its end."""
    _count_care(run)
    _count_again(run)
    _stock_care(run)
    kept = slice(FIRST_KEPT, None)
    return {
        "count": run.counts[kept],
        "stock": run.stocks[kept],
        "state_days": run.state_days_of[kept],
        "placed_days": run.placed_days_of[kept],
        "spend": run.spend[kept],
        "census": _census(run)[FIRST_KEPT // _YEAR :],
    }


def _count_care(run: Run) -> None:
    """Count what follows from who became looked after: leaving, moves, going missing, and support after care."""
    counts, followed, rows = run.counts, run.followed, looked_after
    routes = followed[:, rows.ROUTES : rows.LENGTHS]
    counts[:, list(_LEFT)] = routes
    counts[:, Count.CARE_ENDED] = routes.sum(axis=1)
    counts[:, Count.CARE_ENDED_BAND : Count.CARE_ENDED_BAND + 6] = followed[:, rows.LENGTHS : rows.ADOPTED]
    counts[:, Count.ADOPTED_AGE : Count.ADOPTED_AGE + 4] = followed[:, rows.ADOPTED : rows.CARE_AGE]
    counts[:, Count.MOVE], counts[:, Count.MISSING] = followed[:, rows.MOVES], followed[:, rows.MISSING]
    counts[:, Count.INTERVIEWED] = followed[:, rows.MISSING] * run.values["missing.interviewed"]
    apart = np.array([run.apart(month) for month in range(run.months)])
    counts[:, Count.APPLICATION] = followed[:, rows.APPLIED] * apart
    leavers = followed[:, rows.LEAVERS]
    activity = np.array(run.values["leaver.activity"])
    nineteen = _later(leavers, _YEAR)
    counts[:, Count.LEAVER_NINETEEN] = nineteen
    counts[:, Count.LEAVER_ACTIVITY : Count.LEAVER_ACTIVITY + len(activity)] = nineteen[:, None] * activity
    studying = activity[LeaverActivity.EDUCATION]
    ended = (1 - studying) * _later(leavers, _SUPPORTED) + studying * _later(leavers, _IN_EDUCATION)
    counts[:, Count.LEAVER_ENDED] = ended
    run.states[:, State.CARE_LEAVER] = np.cumsum(leavers - ended)
    home = routes[:, LeavingRoute.HOME]
    counts[:, Count.NEED_ENDED_BAND + 4] += ended
    counts[:, Count.NEED_ENDED] += routes.sum(axis=1) - home - leavers + ended
    counts[:, Count.CARE_IN_YEAR] = counts[:, Count.CARE_STARTED] - run.home[:, 2]
    for first, columns in _UNKNOWN_COUNTS:
        counts[:, first : first + columns] = np.nan


def _later(flow: Array, months: int) -> Array:
    """Return a flow so many months later."""
    return np.concatenate([np.zeros(months), flow])[: len(flow)]


def _count_again(run: Run) -> None:
    """Count re-referrals: of the referrals of a year before, the part that was referred again in each month."""
    counts = run.counts
    first = run.months - len(run.referred)
    again = np.zeros(_YEAR + 1)
    for start in range(FIRST_KEPT, run.months, _YEAR):
        year = slice(start, start + _YEAR)
        if start > FIRST_KEPT or run.months == FIRST_KEPT + _YEAR:
            again = _again_in(run, start, first)
            if start == FIRST_KEPT + _YEAR:
                _re_referrals(counts, slice(FIRST_KEPT, start), again)
        _re_referrals(counts, year, again)


def _again_in(run: Run, start: int, first: int) -> Array:
    counts = run.counts
    months = range(start - first, start - first + _YEAR)
    referred = np.sum([run.referred[month] for month in months], axis=0)
    asked = float(counts[start : start + _YEAR, Count.EARLY_HELP_ASKED].sum())
    served = float(counts[start : start + _YEAR, Count.EARLY_HELP_STARTED].sum()) / max(asked, 1e-12)
    return referred_again(referred, run.laws[months[_YEAR // 2]], min(1.0, served))


def _re_referrals(counts: Array, year: slice, again: Array) -> None:
    referrals = np.convolve(counts[:, Count.REFERRAL], again)[: len(counts)]
    counts[year, Count.RE_REFERRAL] = referrals[year]


def _stock_care(run: Run) -> None:
    stocks, states, rows = run.stocks, run.states, looked_after
    placed = run.followed[:, rows.PLACED :]
    states[:, State.LOOKED_AFTER] = placed.sum(axis=1)
    stocks[:, Stock.PLACED : Stock.PLACED + placed.shape[1]] = placed
    apart = np.array([run.apart(month) for month in range(run.months)])
    stocks[:, Stock.PROCEEDINGS] = run.followed[:, rows.BEFORE_COURT] * apart
    of_state = {
        Stock.AWAITING: State.ASSESSMENT,
        Stock.ENQUIRY: State.ENQUIRY,
        Stock.NEED_PLAN: State.CHILD_IN_NEED,
        Stock.PLAN: State.PROTECTION_PLAN,
        Stock.CARE: State.LOOKED_AFTER,
        Stock.LEAVER: State.CARE_LEAVER,
    }
    stocks[:, list(of_state)] = states[:, list(of_state.values())]
    stocks[:, Stock.IN_NEED] = states[:, list(of_state.values())].sum(axis=1)


def _in_time(run: Run, end: int) -> Array:
    """Return the part of plans open at the end of a month of which no review of the last year was late, by months.

    Whether a review is late is settled when its day is set, which is at the one before.
    """
    lags = np.arange(run.reviewed_by_lag.shape[1])
    since_set = np.where(lags < (_FIRST_REVIEW + _LATER_REVIEW) / 2, _FIRST_REVIEW, _LATER_REVIEW)
    part = np.ones(len(lags))
    for back in range(_YEAR):
        late = run.late[np.maximum(end - back - since_set, FIRST_KEPT)] * run.reviewed_by_lag[end - back]
        part[back:] *= 1.0 - late[: len(late) - back]
    return part


def _census(run: Run) -> Array:
    """Return what is counted on 31 March of each year."""
    ends = np.arange(_YEAR - 1, run.months, _YEAR)
    census = np.full((len(ends), Census.words.size), np.nan)
    lengths = open_bands(run.plans_by_lag.shape[1])
    census[:, Census.PLAN_OPEN_BAND : Census.PLAN_OPEN_BAND + lengths.shape[1]] = run.plans_by_lag[ends] @ lengths
    reviewable = run.plans_by_lag[ends] * (np.arange(run.plans_by_lag.shape[1]) >= _FIRST_REVIEW)
    census[:, Census.PLAN_REVIEWABLE] = reviewable.sum(axis=1)
    census[:, Census.PLAN_REVIEWED] = (reviewable * np.array([_in_time(run, int(end)) for end in ends])).sum(axis=1)
    ages = run.followed[ends, looked_after.CARE_AGE : looked_after.CARE_AGE + 5]
    census[:, Census.CARE_AGE : Census.CARE_AGE + 5] = ages
    census[:, Census.CARE_THREE_PLACEMENTS] = run.followed[ends, looked_after.THREE_PLACES]
    census[1:, Census.CARE_ANY_TIME] = run.states[ends[:-1], State.LOOKED_AFTER]
    by_year = run.home.reshape(-1, _YEAR, 3).sum(axis=1)
    census[5:, Census.HOME_COHORT], census[5:, Census.HOME_COHORT_BACK] = by_year[:-5, 0], by_year[:-5, 1]
    return census
