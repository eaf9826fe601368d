"""What is written down at each month's end and on 31 March, on the returns' counting rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from demandsim.model.world import BAND_ENDS
from demandsim.records import Census
from demandsim.vocabulary import DAYS_A_YEAR, DURATION_BANDS, FIRST_REVIEW_LIMIT, OPEN_CASE, Placement, State, age_band

if TYPE_CHECKING:
    from demandsim.model.journey import Journey

Tables = dict[str, np.ndarray]
#: Days after which a case without a worker has waited long; after longer it is given one, room or no room.
_LONG_WAIT = 7.0


def record_month(world: Journey, tables: Tables, month: int) -> None:
    """Write the month's counts, and the stocks of its last moment."""
    tables["count"][month] = world.count
    stock, team = world.stock, world.team
    row = [
        sum(stock[state] for state in OPEN_CASE),
        stock[State.ASSESSMENT],
        stock[State.ENQUIRY],
        stock[State.CHILD_IN_NEED],
        stock[State.PROTECTION_PLAN],
        stock[State.LOOKED_AFTER],
        stock[State.CARE_LEAVER],
        world.early_help.helped,
        world.early_help.waiting,
        world.unallocated,
        sum(child.unallocated and world.now - child.opened > _LONG_WAIT for child in world.waiting),  # type: ignore[operator]
        team.posts,
        team.in_post,
        team.newly_qualified,
        team.agency,
        team.room,
        world.court.open_at(world.now),
        world.budget.reserves,
        world.budget.forecast,
        *world.places.offered(),
        *world.placed,
    ]
    tables["stock"][month] = row
    tables["state_days"][month] = world.state_days
    tables["placed_days"][month] = world.placed_days


def record_year(world: Journey, tables: Tables, year: int) -> None:
    """Look at every open case on 31 March and count what the stocks alone can't tell."""
    row = [0.0] * Census.words.size
    now, year_start = world.now, world.year_start
    cases = world.open.values()
    _count_lengths(row, Census.NEED_OPEN_BAND, [now - child.opened for child in cases])  # type: ignore[operator]
    plans = [child.protection for child in cases if child.state == State.PROTECTION_PLAN]
    _count_lengths(row, Census.PLAN_OPEN_BAND, [now - plan.plan_started for plan in plans])
    reviewable = [plan for plan in plans if now - plan.plan_started >= FIRST_REVIEW_LIMIT]
    row[Census.PLAN_REVIEWABLE] = len(reviewable)
    row[Census.PLAN_REVIEWED] = sum(not year_start <= plan.late_review_due <= now for plan in reviewable)
    for child in cases:
        if child.state == State.LOOKED_AFTER:
            care = child.care
            row[Census.CARE_AGE + age_band(child.age(now))] += 1
            row[Census.CARE_THREE_PLACEMENTS] += care.period_placements >= 3 and care.previous_placed_at >= year_start
            placed = now - care.placed_at
            row[Census.PLACED_3_MONTHS] += placed < DAYS_A_YEAR / 4
            row[Census.PLACED_2_YEARS] += placed > 2 * DAYS_A_YEAR
            row[Census.HOME_AWAY] += care.out_of_area and care.placement == Placement.CHILDRENS_HOME
    row[Census.CARE_ANY_TIME] = world.care_at_year_start
    cohort = world.home_cohorts.get(year - 5, (0, 0))
    row[Census.HOME_COHORT], row[Census.HOME_COHORT_BACK] = cohort
    tables["census"][year] = row


def _count_lengths(row: list[float], first: int, lengths: list[float]) -> None:
    """Count lengths in days by `DURATION_BANDS`, in the columns from the first on."""
    bands = np.searchsorted(BAND_ENDS, lengths, side="right")
    row[first : first + len(DURATION_BANDS)] = np.bincount(bands, minlength=len(DURATION_BANDS)).tolist()
