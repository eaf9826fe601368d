"""Social workers: posts, the people in them, how many cases they can hold, and the hours they have.

Workers are case managers, not servers: each holds many open cases. So there are two limits. Allocation: a case waits
until the team has room for one more. Hours: when the work of a month is more than the hours there are, everything slows
and visits are missed.

A post is keyed by its number, so that more posts leave the draws of the others alone.
"""

from __future__ import annotations

from demandsim.draws import Staff, Stage
from demandsim.engine.compiling import compiled, entry
from demandsim.engine.philox import uniforms
from demandsim.model.allocation import allocate, allocated
from demandsim.model.distance import more_far_than_usual
from demandsim.model.practice import feel_churn, feel_load
from demandsim.records import Count
from demandsim.state.children import LONG_AGO, NEVER
from demandsim.state.office import MONTHS_A_YEAR
from demandsim.state.world import Whole, World, workers_of
from demandsim.vocabulary import DAYS_A_YEAR, State

#: A worker's first year of practice, in months.
FIRST_YEAR = 12
VACANT = -1
#: Visits due each week: to a child on a plan every ten working days; to others every six weeks.
_PLAN_VISITS, _OTHER_VISITS = 0.5, 1 / 6


@entry
def count_posts(whole: Whole) -> int:
    """Return how many posts the scenario pays for."""
    return posts_wanted(whole[0])


@compiled
def posts_wanted(world: World) -> int:
    posts: int = round(world.values.workforce_posts * world.clock.children / 1e4)
    return posts


@entry
def first_team(whole: Whole) -> None:
    """Fill the posts of the first day; there is room for them."""
    world: World = whole[0]
    values, clock = world.values, world.clock
    _set_posts(world)
    # In their first year are those recruited newly qualified within it: turnover, spread evenly over the year.
    first_year = values.workforce_turnover * values.workforce_newly_qualified
    for post in range(world.team.workers):
        vacant, new, months, _ = uniforms(clock.key, post, Stage.STAFF, 0, Staff.LEAVES // 4)
        if vacant >= values.workforce_vacancies:
            workers_of(world)[post] = int(months * FIRST_YEAR) if new < first_year else FIRST_YEAR
    _count(world, NEVER)


@compiled
def _set_posts(world: World) -> None:
    """Open or delete posts so that there are as many as the scenario pays for; vacant ones are deleted first."""
    team, workers = world.team, workers_of(world)
    posts = posts_wanted(world)
    team.posts = posts
    for post in range(team.workers, posts):
        workers[post] = VACANT
    team.workers = max(team.workers, posts)
    surplus = team.workers - posts
    post = team.workers - 1
    while surplus and post >= 0:
        if workers[post] == VACANT:
            for later in range(post, team.workers - 1):
                workers[later] = workers[later + 1]
            team.workers -= 1
            surplus -= 1
        post -= 1
    team.workers = posts
    team.in_post = _there(world)


@entry
def workforce_month(whole: Whole) -> None:
    """Let workers leave and join, and give those who wait for one a worker, if there is room now."""
    world: World = whole[0]
    _set_posts(world)
    staff_month(world, world.values.workforce_turnover * world.practice.turnover, world.money.frozen)
    world.team.room = world.team.holds
    allocate(world, LONG_AGO)


@compiled
def staff_month(world: World, turnover: float, freeze: float) -> None:
    """Let workers leave at a yearly rate, and vacant posts be filled, unless a freeze holds them back: up to as many as
    it may leave vacant.
    """
    team, values, workers, clock = world.team, world.values, workers_of(world), world.clock
    frozen = freeze > 0 and team.posts - team.in_post < values.budget_most_vacant * team.posts
    leaves = 1.0 - (1.0 - min(turnover, 0.999)) ** (1 / MONTHS_A_YEAR)
    joins = 0.0 if frozen else min(1.0, 1.0 / values.workforce_recruitment_months)
    team.left = team.joined = 0
    for post in range(team.workers):
        leaving, joining, new, _ = uniforms(clock.key, post, Stage.STAFF, clock.month, Staff.LEAVES // 4)
        if workers[post] == VACANT:
            if joining < joins:
                workers[post] = 0 if new < values.workforce_newly_qualified else FIRST_YEAR
                team.joined += 1
        elif leaving < leaves:
            workers[post] = VACANT
            team.left += 1
        else:
            workers[post] += 1
    _count(world, team.agency if frozen else NEVER)


@compiled
def _there(world: World) -> int:
    there = 0
    for post in range(world.team.workers):
        there += workers_of(world)[post] != VACANT
    return there


@compiled
def _count(world: World, most_agency: float) -> None:
    """Count who is there; a freeze brings in no more agency workers than there were."""
    team, values, first_year = world.team, world.values, 0
    for post in range(team.workers):
        first_year += VACANT < workers_of(world)[post] < FIRST_YEAR
    team.in_post = _there(world)
    team.newly_qualified = first_year
    cover = min(1.0, max(0.0, values.workforce_agency_cover + world.inspection.agency))
    team.agency = min(most_agency, cover * (team.posts - team.in_post))
    # Those in their first year count as what they carry.
    lighter = 1.0 - values.workforce_newly_qualified_load
    team.strength = team.in_post - lighter * team.newly_qualified + team.agency
    team.holds = values.workforce_caseload * team.strength


@compiled
def hours_supplied(world: World, days: float) -> float:
    """Return the client-related hours of so many days."""
    values = world.values
    well = 1.0 - values.workforce_sickness
    hours: float = world.team.strength * values.workforce_hours * well * days / DAYS_A_YEAR
    return hours


@compiled
def _more_interviews_from_home(world: World) -> float:
    """Return how many more are held than at the share of 2013-14: those are in the hours of all other work."""
    count = world.tally.count
    more: float = count[Count.INTERVIEWED_HOME] - world.practice.usual_interviews * count[Count.MISSING_HOME]
    return more


@compiled
def hours_wanted(world: World) -> float:
    """Return the hours that a month's work needs: so much for each event, and for each month of a plan or of care."""
    values, count, state_days = world.values, world.tally.count, world.tally.state_days
    month = DAYS_A_YEAR / MONTHS_A_YEAR
    events = (
        values.hours_contact * count[Count.CONTACT]
        + values.hours_referral * count[Count.REFERRAL]
        + values.hours_assessment * count[Count.ASSESSMENT_STARTED]
        + values.hours_enquiry * count[Count.ENQUIRY]
        + values.hours_conference * (count[Count.CONFERENCE] + count[Count.REVIEW])
        + values.hours_proceedings * count[Count.APPLICATION]
        + values.hours_interview * (count[Count.INTERVIEWED] + _more_interviews_from_home(world))
    )
    held = (
        values.hours_need_month * state_days[State.CHILD_IN_NEED]
        + values.hours_plan_month * state_days[State.PROTECTION_PLAN]
        + values.hours_care_month * state_days[State.LOOKED_AFTER]
    )
    travel = values.hours_far_month * more_far_than_usual(world)
    # Less travel and fewer interviews than usual save no more hours than there are.
    hours: float = max(0.0, events + held / month + travel)
    return hours


@entry
def balance_hours(whole: Whole) -> None:
    """At a month's end, count hours, visits and workers, and let the load be felt."""
    world: World = whole[0]
    clock, team, practice = world.clock, world.team, world.practice
    count, state_days = world.tally.count, world.tally.state_days
    supplied, wanted = hours_supplied(world, clock.month_end - clock.month_start), hours_wanted(world)
    feel_churn(practice, team.left / max(team.in_post, 1.0), team.agency / max(team.in_post + team.agency, 1.0))
    feel_load(practice, wanted, supplied, (allocated(world) + team.unallocated) / max(team.room, 1.0))
    count[Count.HOURS_SUPPLIED] += supplied
    count[Count.HOURS_WANTED] += wanted
    count[Count.HOURS_USED] += min(wanted, supplied)
    others = state_days[State.CHILD_IN_NEED] + state_days[State.LOOKED_AFTER]
    due = (_PLAN_VISITS * state_days[State.PROTECTION_PLAN] + _OTHER_VISITS * others) / 7.0
    count[Count.VISIT_DUE] += due
    count[Count.VISIT_MISSED] += due * (1.0 - practice.speed)
    count[Count.STAFF_LEFT] += team.left
    count[Count.STAFF_JOINED] += team.joined
