"""What is kept of an authority besides its children. Moments are days from the origin."""

from __future__ import annotations

from typing import Annotated

from demandsim.record import Bits, Floats, Record, Singles, Wholes
from demandsim.records import Census, Count, Stock
from demandsim.vocabulary import Placement, SpendCause, State

MONTHS_A_YEAR = 12
_COUNTS, _STOCKS, _CENSUS = Count.words.size, Stock.words.size, Census.words.size
_STATES, _PLACEMENTS, _CAUSES = State.words.size, Placement.words.size, SpendCause.words.size


class Clock(Record):
    """Time, and the calendar of events.

    Attributes:
        now: the present moment.
        first, horizon: the run's first and last moments.
        month: index of the present month.
        month_start, month_end, year_start: its bounds, and the start of its financial year.
        first_month, first_real_month: of the scenario, and of the years in which the whole pathway runs.
        key: of the replication's draws.
        children: in the authority at the month's start; before the first day, on that day.
        order: turns given so far.
        handled: events handled so far.
        today: index of the day whose events are sorted; `today_end` is its end.
        due_today: how many they are.
        free, free_rows: first row without a child, and how many there are.
        day_zero: index of the origin among the days of the calendar.
        keep_spells: note every spell.
        spells: noted so far.
    """

    now: float
    first: float
    horizon: float
    month: int
    month_start: float
    month_end: float
    year_start: float
    first_month: int
    first_real_month: int
    key: Bits
    children: float
    order: int
    handled: int
    today: int
    today_end: float
    due_today: int
    free: int
    free_rows: int
    day_zero: int
    keep_spells: bool
    spells: int


class Tally(Record):
    """What is counted in the present month, and who stands where.

    Attributes:
        count: by `Count`.
        stock, placed: children in each `State` and `Placement`.
        state_days, placed_days: child-days of the month; what a child adds is settled when it moves.
        spent: pence by `SpendCause`.
        care_at_year_start: children looked after then.
    """

    count: Annotated[Floats, (_COUNTS,)]
    stock: Annotated[Wholes, (_STATES,)]
    placed: Annotated[Wholes, (_PLACEMENTS,)]
    state_days: Annotated[Floats, (_STATES,)]
    placed_days: Annotated[Floats, (_PLACEMENTS,)]
    spent: Annotated[Floats, (_CAUSES,)]
    care_at_year_start: int


class Team(Record):
    """Social workers and the cases they hold.

    Attributes:
        room: cases that they may hold; without limit before the first day.
        holds: cases that those there can hold.
        open_cases: children with an open case.
        unallocated: of them, referred children who wait for a worker.
        queue_first, queue_size: of the list of those; some of those listed may have stopped waiting since.
        posts, in_post, newly_qualified, agency: as in `Stock`.
        strength: the workers there, agency cover included, those in their first year at what they carry.
        workers: length of the list of posts.
        left, joined: in the last month.
    """

    room: float
    holds: float
    open_cases: int
    unallocated: int
    queue_first: int
    queue_size: int
    posts: float
    in_post: float
    newly_qualified: float
    agency: float
    strength: float
    workers: int
    left: int
    joined: int


class Help(Record):
    """Early help.

    Attributes:
        helped: children receiving it.
        waiting: how many wait, some of whom have given up since the last panel.
        coming_first, coming: this month's first contacts that have not been put on the list yet.
    """

    helped: int
    waiting: int
    coming_first: int
    coming: int


class Provision(Record):
    """Courts, conferences and places.

    Attributes:
        applications: made to the court and not decided by the day it was last looked at.
        looked_at: index of that day.
        decided_at: the end of the care proceedings begun last.
        conferences_a_week: how many children conferences can be held on; infinite before the first day.
        limit: places of each `Placement`; infinite before the first day.
    """

    applications: int
    looked_at: int
    decided_at: float
    conferences_a_week: float
    limit: Annotated[Floats, (_PLACEMENTS,)]


class Money(Record):
    """The year's money.

    Attributes:
        reserves: put aside; below nothing, overspends not paid for.
        cut: share of prevention spend withheld.
        frozen: vacant posts are left unfilled: 0 or 1.
        forecast: what the year will come to, less its budget.
        withheld: in the last month.
        months: pence spent in each month of the year so far, of which there are `months_passed`.
        new_posts, new_prevention: whether a scenario is given the money for those that are new.
        base_posts, base_prevention: what there was.
    """

    reserves: float
    cut: float
    frozen: float
    forecast: float
    withheld: float
    months: Annotated[Floats, (MONTHS_A_YEAR,)]
    months_passed: int
    new_posts: bool
    new_prevention: bool
    base_posts: float
    base_prevention: float


class Practice(Record):
    """How load, money and the quality of practice press on the work. The multipliers are neutral until the first day.

    Attributes:
        felt: load as it is felt, a mean that follows the months.
        speed: how fast work gets done, from the last month: 1 while hours suffice.
        quality: the authority's draw of the quality of its practice.
        dips_until: the month until which practice dips, as the director has changed.
        readiness: how readily enquiries are made, as a ratio to 2013-14.
        slow: how much longer an assessment takes, and how far visits and reviews slip.
        relapse, drift, turnover: multiply hazards of coming back, times in care and the rate of leaving.
        court: multiplies the length of care proceedings.
        threshold: added to the referral threshold, in standard deviations.
        help_works: multiplies how often early help works.
        prevention: part of prevention spend that is not withheld.
    """

    felt: float
    speed: float
    quality: float
    dips_until: int
    readiness: float
    slow: float
    relapse: float
    drift: float
    court: float
    threshold: float
    turnover: float
    help_works: float
    prevention: float


class Warm(Record):
    """The warm-up's account of contacts.

    Attributes:
        came_back: contacts of the last month that the pathway supplied of its own.
        not_back: of this month's contacts: first ones, and those seeded.
    """

    came_back: float
    not_back: float


class Month(Record):
    """A month's first day, and what is recorded at its end."""

    start: float
    spend: Annotated[Floats, (_CAUSES,)]
    count: Annotated[Singles, (_COUNTS,)]
    stock: Annotated[Singles, (_STOCKS,)]
    state_days: Annotated[Singles, (_STATES,)]
    placed_days: Annotated[Singles, (_PLACEMENTS,)]


class Year(Record):
    """What is recorded on 31 March; how many children went home in the year, and how many are back."""

    census: Annotated[Singles, (_CENSUS,)]
    went_home: int
    back: int
