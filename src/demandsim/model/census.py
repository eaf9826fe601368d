"""What is written down at each month's end and on 31 March, on the returns' counting rules."""

from __future__ import annotations

from demandsim.engine.compiling import compiled, entry
from demandsim.engine.event_calendar import NOBODY
from demandsim.engine.record import Singles
from demandsim.model.cases import BAND_ENDS, band
from demandsim.model.cohorts import REFERRED_YEARS
from demandsim.model.early_help import waiting
from demandsim.model.homes import record_homes
from demandsim.model.places import LIMITED, before_the_court
from demandsim.records import Census, Stock
from demandsim.state.children import NEVER, Care, Child, Plan, age_group
from demandsim.state.office import Year
from demandsim.state.world import Whole, World, cares_of, children_of, months_of, plans_of, queue_of, years_of
from demandsim.vocabulary import DAYS_A_YEAR, FIRST_REVIEW_LIMIT, USUAL_MIX, Placement, State

#: Days after which a case without a worker has waited long.
_LONG_WAIT = 7.0
#: Years of a childhood.
_CHILDHOOD = 18


@entry
def record_month(whole: Whole) -> None:
    """Write the month's counts, and the stocks of its last moment."""
    world: World = whole[0]
    tally, month = world.tally, months_of(world)[world.clock.month]
    month.count[:] = tally.count
    month.spend[:] = tally.spent
    month.state_days[:] = tally.state_days
    month.placed_days[:] = tally.placed_days
    _record_children(world, month.stock)
    _record_resources(world, month.stock)
    record_homes(world, month.stock)
    tally.count[:] = 0.0


@compiled
def _record_children(world: World, row: Singles) -> None:
    tally, help = world.tally, world.help
    stock, placed = tally.stock, tally.placed
    in_need = 0
    for state in range(State.ASSESSMENT, State.CARE_LEAVER + 1):
        in_need += stock[state]
    row[Stock.IN_NEED] = in_need
    row[Stock.AWAITING] = stock[State.ASSESSMENT]
    row[Stock.ENQUIRY] = stock[State.ENQUIRY]
    row[Stock.NEED_PLAN] = stock[State.CHILD_IN_NEED]
    row[Stock.PLAN] = stock[State.PROTECTION_PLAN]
    row[Stock.CARE] = stock[State.LOOKED_AFTER]
    row[Stock.LEAVER] = stock[State.CARE_LEAVER]
    row[Stock.EARLY_HELP] = help.helped
    row[Stock.EARLY_HELP_WAITING] = waiting(world)
    row[Stock.UNALLOCATED] = world.team.unallocated
    row[Stock.UNALLOCATED_LONG] = _waiting_long(world)
    row[Stock.FAR] = tally.far
    for placement in range(len(placed)):
        row[Stock.PLACED + placement] = placed[placement]


@compiled
def _waiting_long(world: World) -> int:
    """Return how many of those listed have waited long for a worker."""
    team, now, number = world.team, world.clock.now, 0
    for nth in range(team.queue_size):
        place = queue_of(world)[(team.queue_first + nth) % world.queue.length]
        child: Child = children_of(world)[place.row]
        number += child.id == place.id and child.unallocated and now - child.opened > _LONG_WAIT
    return number


@compiled
def _record_resources(world: World, row: Singles) -> None:
    team, money, provision = world.team, world.money, world.provision
    row[Stock.POSTS] = team.posts
    row[Stock.IN_POST] = team.in_post
    row[Stock.NEWLY_QUALIFIED] = team.newly_qualified
    row[Stock.AGENCY_WORKERS] = team.agency
    row[Stock.CASES_ROOM] = team.holds
    row[Stock.PROCEEDINGS] = before_the_court(world)
    row[Stock.RESERVES] = money.reserves
    row[Stock.FORECAST] = money.forecast
    row[Stock.JUDGED : Stock.JUDGED + len(USUAL_MIX)] = 0.0
    row[Stock.JUDGED + world.inspection.judged] = 1.0
    row[Stock.PRACTICE] = world.inspection.practice
    for place in range(len(LIMITED)):
        limit = provision.limit[LIMITED[place]]
        # None before the first day, when nothing limits them.
        row[Stock.PLACES_OWN + place] = 0.0 if limit == NEVER else limit


@entry
def record_year(whole: Whole) -> None:
    """Look at every open case on 31 March and count what the stocks alone can't tell."""
    world: World = whole[0]
    clock = world.clock
    year: Year = years_of(world)[clock.month // 12]
    for row in range(world.children.length):
        child: Child = children_of(world)[row]
        if child.id != NOBODY and child.opened != NEVER:
            year.census[Census.NEED_OPEN_BAND + band(BAND_ENDS, clock.now - child.opened)] += 1
            year.census[Census.NEED_FOUND] += child.need_known
            year.census[Census.NEED_NEED + int(child.need)] += 1
            year.census[Census.NEED_AGE + age_group(child, clock.now)] += 1
            if child.state == State.PROTECTION_PLAN:
                year.census[Census.PLAN_AGE + age_group(child, clock.now)] += 1
                _count_plan(world, plans_of(world)[row], year.census)
            elif child.state == State.LOOKED_AFTER:
                _count_looked_after(world, child, cares_of(world)[row], year.census)
            elif child.state == State.CARE_LEAVER:
                year.census[Census.LEAVERS] += child.adult_at <= clock.now
    year.census[Census.CARE_ANY_TIME] = world.tally.care_at_year_start
    _read_cohorts(world, year.census)
    # Before, children are taken for new whose first years were not simulated.
    if clock.month + 1 - clock.first_real_month >= 12 * (_CHILDHOOD + 1):
        _read_firsts(world, year)


@compiled
def _years_ago(world: World, number: int) -> Year:
    year: Year = years_of(world)[max(world.clock.month // 12 - number, 0)]
    return year


@compiled
def _read_cohorts(world: World, row: Singles) -> None:
    """Read who came back, of the years whose children have all had time to."""
    one, three, five = _years_ago(world, 1), _years_ago(world, 3), _years_ago(world, 5)
    four = _years_ago(world, REFERRED_YEARS)
    row[Census.HOME_COHORT], row[Census.HOME_COHORT_BACK] = five.went_home, five.back
    row[Census.LEFT_1], row[Census.LEFT_1_BACK] = one.left, one.left_back_soon
    row[Census.LEFT_5], row[Census.LEFT_5_BACK] = five.left, five.left_back
    row[Census.REFERRED_4], row[Census.REFERRED_4_BACK] = four.referred, four.referred_back
    row[Census.CLOSED_3], row[Census.CLOSED_3_BACK] = three.closed, three.closed_back


@compiled
def _read_firsts(world: World, year: Year) -> None:
    """Read what has happened to children for the first time in their lives."""
    row = year.census
    row[Census.ONE_AGE] = world.clock.children / _CHILDHOOD
    row[Census.FIRST_REFERRED], row[Census.FIRST_ASSESSED] = year.first_referred, year.first_assessed
    row[Census.FIRST_IN_NEED], row[Census.FIRST_PLAN] = year.first_in_need, year.first_plan


@compiled
def _count_plan(world: World, plan: Plan, row: Singles) -> None:
    clock = world.clock
    row[Census.PLAN_OPEN_BAND + band(BAND_ENDS, clock.now - plan.started)] += 1
    if clock.now - plan.started >= FIRST_REVIEW_LIMIT:
        row[Census.PLAN_REVIEWABLE] += 1
        # A late review that is due later hides the one before.
        due = plan.late_review_due if plan.late_review_due <= clock.now else plan.late_before_due
        row[Census.PLAN_REVIEWED] += due < clock.year_start


@compiled
def _count_looked_after(world: World, child: Child, care: Care, row: Singles) -> None:
    now = world.clock.now
    row[Census.CARE_AGE + age_group(child, now)] += 1
    row[Census.CARE_NEED + int(child.need)] += 1
    # The present placement, the one before and the one before that, whatever periods of care they belong to (SSDA903).
    row[Census.CARE_TWO_PLACEMENTS] += care.last_left >= world.clock.year_start
    row[Census.CARE_THREE_PLACEMENTS] += care.left_before >= world.clock.year_start
    row[Census.PLACED_3_MONTHS] += now - care.placed_at < DAYS_A_YEAR / 4
    row[Census.PLACED_2_YEARS] += now - care.placed_at > 2 * DAYS_A_YEAR
    row[Census.HOME_AWAY] += care.out_of_area and care.placement == Placement.CHILDRENS_HOME
