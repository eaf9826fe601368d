"""What is kept of an authority besides its children. Moments are days from the origin."""

from __future__ import annotations

from typing import Annotated

from demandsim.engine.event_calendar import Time
from demandsim.engine.record import Bits, Floats, Record, Singles, Wholes
from demandsim.records import Census, Count, Stock
from demandsim.vocabulary import Moved, Placement, SpendCause, State, Tier

MONTHS_A_YEAR = 12
_COUNTS, _STOCKS, _CENSUS = Count.words.size, Stock.words.size, Census.words.size
_STATES, _PLACEMENTS, _CAUSES = State.words.size, Placement.words.size, SpendCause.words.size
_TIERS, _MOVED = Tier.words.size, Moved.words.size


class Clock(Time):
    """Time, in months and financial years too."""

    month: int  # index of the present month
    first_month: int  # of the scenario, and of the years in which the whole pathway runs
    first_real_month: int
    month_start: float  # of the present month
    month_end: float  # of the present month
    year_start: float  # of its financial year
    key: Bits  # of the replication's draws
    children: float  # in the authority at the month's start; before the first day, on that day
    spells: int  # noted so far
    keep_spells: bool  # note every spell


class People(Record):
    """The rows of children: the first without one, and how many there are."""

    free: int  # first row without a child
    free_rows: int  # how many there are


class Tally(Record):
    """What is counted in the present month, and who stands where."""

    count: Annotated[Floats, (_COUNTS,)]  # by `Count`
    stock: Annotated[Wholes, (_STATES,)]  # children in each `State` and `Placement`
    placed: Annotated[Wholes, (_PLACEMENTS,)]
    far: int  # of those placed, how many over 20 miles from home
    state_days: Annotated[Floats, (_STATES,)]  # child-days of the month; what a child adds is settled when it moves
    placed_days: Annotated[Floats, (_PLACEMENTS,)]
    spent: Annotated[Floats, (_CAUSES,)]  # pence by `SpendCause`
    care_at_year_start: int  # children looked after then


class Team(Record):
    """Social workers and the cases they hold."""

    room: float  # cases that they may hold; without limit before the first day
    holds: float  # cases that those there can hold
    open_cases: int  # children with an open case
    unallocated: int  # of them, referred children who wait for a worker
    queue_first: int  # of the list of those; some of those listed may have stopped waiting since
    queue_size: int
    posts: float  # as in `Stock`
    in_post: float
    newly_qualified: float
    agency: float
    strength: float  # the workers there, agency cover included, those in their first year at what they carry
    workers: int  # length of the list of posts
    left: int  # in the last month
    joined: int


class Help(Record):
    """Early help, and places in programmes that are there to be taken."""

    edge_of_care: float  # family group conferences
    reunification: float  # supported returns home
    fdac: float  # families at the Family Drug and Alcohol Court
    fdac_family: int  # the first id of the last family that took one, and when
    fdac_at: float
    allowances: int  # for relatives: promised or paid
    reached: float  # children on plans in programmes
    threshold: float  # severity above which early help was offered at first: who lacks it is counted by that
    helped: int  # children receiving it
    waiting: int  # how many wait, some of whom have given up since the last panel


class Provision(Record):
    """Courts, conferences and places."""

    applications: int  # made to the court and not decided by the day it was last looked at
    looked_at: int  # index of that day
    applied_at: float  # when the last application was made, and for which family
    applied_for: int
    conferences_a_week: float  # how many children conferences can be held on; infinite before the first day
    homes: int  # how many children's homes the authority uses
    usually_unmanaged: float  # share of homes without a manager, and with that or judged inadequate, in 2013-14
    usually_troubled: float
    admitting: float  # share of places in homes open to another child, against then
    limit: Annotated[Floats, (_PLACEMENTS,)]  # places of each `Placement`; infinite before the first day


class Money(Record):
    """The year's money."""

    reserves: float  # put aside; below nothing, overspends not paid for
    cut: float  # share of prevention spend withheld
    frozen: float  # vacant posts are left unfilled: 0 or 1
    forecast: float  # what the year will come to, less its budget
    withheld: float  # in the last month
    owed: float  # overspends of earlier years beyond what reserves may go down to, taken off this year's budget
    # pence spent in each month of the year so far, of which there are `months_passed`
    months: Annotated[Floats, (MONTHS_A_YEAR,)]
    months_passed: int
    new_posts: bool  # whether a scenario is given the money for those that are new
    base_posts: float  # what there was
    base_tiers: Annotated[Floats, (_TIERS,)]
    new_tiers: Annotated[Floats, (_TIERS,)]  # 1 where a scenario is given the money for what is new in a `Tier`


class Practice(Record):
    """How load, money and the quality of practice press on the work; multipliers are neutral until the first day."""

    felt: float  # load as it is felt, a mean that follows the months
    speed: float  # how fast work gets done, from the last month: 1 while hours suffice
    usual_changes: float  # changes of director a year, as they were when what was fitted held
    usual_interviews: float  # share of missing episodes with a return interview, then
    usual_staying_put: float  # share of those fostered until 18 who stayed put, then
    usual_leavers: float  # care leavers for each personal adviser, then
    dips_until: int  # the month until which practice dips, as the director has changed
    demand: float  # contacts of the month for each child, as a ratio to a mean month of 2013-14
    readiness: float  # how readily enquiries are made, as a ratio to 2013-14
    slow: float  # how much longer an assessment takes, and how far visits and reviews slip
    sooner: float  # how much sooner plans are closed
    delivered: float  # part of the help of an open case that reaches the family
    churn: float  # workers who left lately as a share a year, and agency workers among those there
    drift: float  # multiplies times in care
    court: float  # multiplies the length of care proceedings
    threshold: float  # added to the referral threshold, in standard deviations
    moved: Annotated[Floats, (_MOVED,)]  # since the base year, by `Moved`: a threshold, and logarithms of ratios
    turnover: float  # multiplies the rate of leaving
    help: float  # multiplies what help does, by the quality of practice
    noise: float  # and the noise in what a worker sees
    universal: float  # parts of spend on universal and on targeted prevention that are not withheld
    targeted: float
    noticed: float  # how readily children are noticed, as universal services make it


class Partners(Record):
    """What schools, health, police and others do beside the council; ratios are 1 at the partnership of 2013-14."""

    help: float  # multiplies what early help does
    helped: float  # of that, the partners' share
    seen: float  # multiplies harm seen outside open cases
    saw: float  # of that, the partners' share
    contacts: float  # the partners' share of contacts by severity
    passed: float  # multiplies contacts that say nothing of need


class Assessment(Record):
    """How what a worker sees differs from a child's severity."""

    centre: Annotated[Floats, (2,)]  # mean severity of those contacted about, and of those referred
    scale: float  # multiplies what is seen above it, so that it is as spread out as ever
    noise: float  # standard deviation
    shift: Annotated[Floats, (2,)]  # by whether the need is neglect
    usual_history: float  # share of assessments that analysed history when what was fitted held
    level: float  # severity from which a child is to be protected: what an enquiry asked for at first


class Inspection(Record):
    """The authority's practice as it moves, its last judgement, and what follows from one that is inadequate.

    What follows is against the mean over authorities in 2013-14, so that it adds up to nothing over all of them.
    """

    practice: float  # latent quality: standard normal over authorities
    judged: int  # the last judgement's place in `JUDGEMENTS`
    judged_at: int  # month of the inspection that first found it
    next_at: int  # month of the next
    director_since: int  # month in which the director came
    director_changed: bool  # in this financial year
    agency: float  # added to the share of vacancies that agency workers cover
    caution: float  # multiplies how readily enquiries are made
    money: float  # for improvement, spent and given, in pounds a child a year


class Month(Record):
    """A month's first day, and what is recorded at its end."""

    start: float
    spend: Annotated[Floats, (_CAUSES,)]
    count: Annotated[Singles, (_COUNTS,)]
    stock: Annotated[Singles, (_STOCKS,)]
    state_days: Annotated[Singles, (_STATES,)]
    placed_days: Annotated[Singles, (_PLACEMENTS,)]


class Year(Record):
    """What is recorded on 31 March; how many went home, left care or were referred in the year, and are back."""

    census: Annotated[Singles, (_CENSUS,)]
    went_home: int
    back: int
    left: int  # care, before 18 and not adopted; how many were back within five years, and within one
    left_back: int
    left_back_soon: int
    referred: int  # children, each once; how many were referred again
    referred_back: int
    closed: int  # cases, without long-term work; after how many the child was referred again
    closed_back: int
    first_referred: int  # children to whom that happened for the first time
    first_assessed: int
    first_in_need: int
    first_plan: int
