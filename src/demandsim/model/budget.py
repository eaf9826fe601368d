"""Money: a ledger of what happened times unit costs, a forecast of the year, and spending controls.

Placements are led by demand and can't be refused; prevention and posts can be cut. Every penny in the ledger belongs to
one cause and one month, and every cause to one line of the Section 251 outturn.
"""

from __future__ import annotations

from typing import Any

from demandsim.engine.compiling import compiled, entry
from demandsim.model.arrivals import growth_of_children
from demandsim.records import Count
from demandsim.state.compiled_parameters import HELPED_MONTHS, Values
from demandsim.state.office import MONTHS_A_YEAR
from demandsim.state.world import Whole, World
from demandsim.vocabulary import DAYS_A_YEAR, LINE_OF_CAUSE, Placement, SpendCause, State, Tier

#: A forecast needs as many months of the year as this.
_MONTHS_TO_FORECAST = 3
_LINE_OF_CAUSE = tuple(LINE_OF_CAUSE)
_CAUSES = len(_LINE_OF_CAUSE)


@entry
def month_of_spend(whole: Whole) -> None:
    """Write the month's ledger: whole pence, one amount for each `SpendCause`."""
    world: World = whole[0]
    values, team, tally, clock = world.values, world.team, world.tally, world.clock
    pounds, placed = tally.spent, tally.placed_days
    pounds[SpendCause.FOSTER_IN_HOUSE] = placed[Placement.FOSTER_IN_HOUSE] / 7 * values.cost_foster_in_house
    pounds[SpendCause.FOSTER_AGENCY] = placed[Placement.FOSTER_AGENCY] / 7 * values.cost_foster_agency
    pounds[SpendCause.KINSHIP] = placed[Placement.KINSHIP] / 7 * values.cost_kinship
    pounds[SpendCause.CHILDRENS_HOME] = placed[Placement.CHILDRENS_HOME] / 7 * values.cost_childrens_home
    pounds[SpendCause.OTHER_PLACEMENT] = placed[Placement.OTHER] / 7 * values.cost_other_placement
    pounds[SpendCause.SPOT] = placed[Placement.SPOT] / 7 * values.cost_spot_placement
    year = (clock.month_end - clock.month_start) / DAYS_A_YEAR
    children = values.population_children * growth_of_children(values, clock.now)
    care = tally.state_days[State.LOOKED_AFTER]
    pounds[SpendCause.CARE_OTHER] = care / DAYS_A_YEAR * values.cost_looked_after_other
    pounds[SpendCause.LEAVING_CARE] = _leaving_care(world, year)
    pounds[SpendCause.POSTS] = year * team.in_post * values.cost_social_worker
    dearer = 1 + values.workforce_agency_premium
    pounds[SpendCause.AGENCY] = year * team.agency * values.cost_social_worker * dearer
    # The residual holds what improvement costs on average; the rest is what this authority's differs by.
    other = max(0.0, values.cost_intervention_other + world.inspection.money)
    pounds[SpendCause.INTERVENTION_OTHER] = year * children * other
    _prevention_spend(world, pounds, year, children)
    _into_pence(world)


@compiled
def _leaving_care(world: World, year: float) -> float:
    """Return what a month of supporting care leavers costs: homes and grants, advisers, and foster carers after 18."""
    values, tally = world.values, world.tally
    leavers = tally.state_days[State.CARE_LEAVER] / DAYS_A_YEAR
    each = values.cost_leaver + values.cost_personal_adviser / values.leaver_for_each_adviser
    weeks = tally.count[Count.STAYING_PUT] * year * DAYS_A_YEAR / 7
    pounds: float = leavers * each + weeks * values.cost_staying_put
    return pounds


@compiled
def _prevention_spend(world: World, pounds: Any, year: float, children: float) -> None:
    """Services for all cost what is budgeted; the rest what is given: a place that nobody takes is not paid for."""
    values, help, count = world.values, world.help, world.tally.count
    pounds[SpendCause.UNIVERSAL] = year * children * values.prevention_universal * world.practice.universal
    cases = help.helped * year * DAYS_A_YEAR / values.early_help_duration
    pounds[SpendCause.TARGETED] = cases * values.early_help_unit_cost
    pounds[SpendCause.OPEN_CASES] = (
        help.reached * year * MONTHS_A_YEAR / HELPED_MONTHS * values.prevention_open_cases_cost
    )
    pounds[SpendCause.EDGE_OF_CARE] = count[Count.EDGE_OFFERED] * values.prevention_edge_of_care_cost
    pounds[SpendCause.REUNIFICATION] = count[Count.RETURN_SUPPORTED] * values.prevention_reunification_cost
    pounds[SpendCause.FDAC] = count[Count.FDAC_FAMILY] * values.prevention_fdac_cost
    weeks = count[Count.ALLOWANCE_PAID] * year * DAYS_A_YEAR / 7
    pounds[SpendCause.KINSHIP_ALLOWANCES] = weeks * values.prevention_kinship_allowances_cost


@compiled
def _into_pence(world: World) -> None:
    """Turn pounds into whole pence at the prices of the month."""
    values, spent = world.values, world.tally.spent
    since = max(0.0, world.clock.now / DAYS_A_YEAR - 1)
    # In the order of `SpendLine`.
    rises = (
        values.inflation_fostering,
        values.inflation_residential,
        values.inflation_care_other,
        values.inflation_social_work,
        values.inflation_other,
        values.inflation_prevention,
    )
    for cause in range(_CAUSES):
        price = (1 + rises[_LINE_OF_CAUSE[cause]] / 100) ** since
        spent[cause] = round(100 * spent[cause] * price)


@compiled
def budget_of_year(world: World) -> float:
    """Return the year's budget in pounds: what there was, and what pays for posts and prevention that are new.

    A scenario that changes either is given the money, or gives it up, unless it says what pays for it. What is for
    improvement after an inspection is given.
    """
    values, money, clock = world.values, world.money, world.clock
    posts = values.workforce_posts - money.base_posts if money.new_posts else 0.0
    prevention = 0.0
    for tier in range(len(money.base_tiers)):
        prevention += money.new_tiers[tier] * (_tier(values, tier) - money.base_tiers[tier])
    years = max(0, clock.month - clock.first_month) // MONTHS_A_YEAR
    grown = (1 + values.budget_growth / 100) ** years
    a_child = values.budget_total * grown + posts / 1e4 * values.cost_social_worker + prevention
    a_child += world.inspection.money
    # Posts given up may have cost more than all that there is; nobody has less than nothing to spend.
    budget: float = max(0.0, a_child) * values.population_children * growth_of_children(values, clock.now)
    return budget


@compiled
def _tier(values: Values, tier: int) -> float:
    """Return the money for one tier of prevention, in pounds a child a year."""
    pounds: float = values.prevention_universal
    if tier == Tier.TARGETED:
        pounds = values.prevention_targeted
    elif tier == Tier.OPEN_CASES:
        pounds = values.prevention_open_cases
    elif tier == Tier.EDGE_OF_CARE:
        pounds = values.prevention_edge_of_care
    elif tier == Tier.REUNIFICATION:
        pounds = values.prevention_reunification
    elif tier == Tier.KINSHIP_ALLOWANCES:
        pounds = values.prevention_kinship_allowances
    elif tier == Tier.FDAC:
        pounds = values.prevention_fdac
    return pounds


@entry
def balance_money(whole: Whole) -> None:
    """Note a month's spend, forecast the year, and apply or lift spending controls for the next month."""
    world: World = whole[0]
    money, spent = world.money, 0.0
    for cause in range(_CAUSES):
        spent += world.tally.spent[cause]
    money.months[money.months_passed] = spent
    money.months_passed += 1
    money.withheld = money.cut * _prevention(world)
    budget = budget_of_year(world) - money.owed
    if money.months_passed == MONTHS_A_YEAR:
        _end_the_year(world, budget)
        budget = budget_of_year(world) - money.owed
    if money.months_passed >= _MONTHS_TO_FORECAST:
        _control(world, budget)
    world.tally.count[Count.PREVENTION_CUT] += money.withheld


@compiled
def _end_the_year(world: World, budget: float) -> None:
    """Take the year's overspend from reserves; what they may not bear is taken off the next year's budget.

    No more than so much of it: what is beyond falls on the rest of the council, which pays once and for all.
    """
    money, count = world.money, world.tally.count
    floor = world.values.budget_reserves_floor * world.clock.children
    money.reserves += budget - _so_far(world, 0) / 100
    short = max(0.0, floor - money.reserves)
    money.owed = min(short, world.values.budget_most_owed * budget_of_year(world))
    money.reserves += short
    count[Count.OWED] += money.owed
    count[Count.RELIEVED] += short - money.owed
    money.months_passed = 0


@compiled
def _so_far(world: World, first: int) -> float:
    """Return the pence spent in the year from a month on."""
    money = world.money
    total = 0.0
    for month in range(first, money.months_passed):
        total += money.months[month]
    return total


@compiled
def _control(world: World, budget: float) -> None:
    values, money = world.values, world.money
    left = MONTHS_A_YEAR - money.months_passed
    held_back = money.cut * _prevention(world) * left
    # What the year would come to if nothing were held back any more.
    lately = _so_far(world, money.months_passed - _MONTHS_TO_FORECAST)
    forecast = (_so_far(world, 0) + left * lately / _MONTHS_TO_FORECAST) / 100 + held_back
    money.forecast = forecast - budget
    over = money.forecast
    controls = values.budget_spending_controls
    money.frozen = money.cut = 0.0
    for order in (1, 2, 3):
        if controls[0] == order:
            over -= max(0.0, money.reserves - values.budget_reserves_floor * world.clock.children)
        elif controls[1] == order:
            money.frozen = 1.0 if over > 0 else 0.0
            # Posts that fall vacant stay so, half of the time that is left on average.
            stay = world.team.in_post * values.workforce_turnover * (left / MONTHS_A_YEAR) ** 2 / 2
            over -= money.frozen * stay * values.cost_social_worker
        elif controls[2] == order:
            whole = _prevention(world) * left
            # The loop's strength: how much of an overspend prevention is made to bear.
            wanted = values.loop_reactive_trap * max(0.0, over) / whole if whole > 0 else 0.0
            # Where earlier years are to be paid back, contracts protect less of it.
            deepest = values.budget_deepest_cut if money.owed == 0.0 else values.budget_emergency_cut
            money.cut = min(deepest, wanted)
            over -= money.cut * whole


@compiled
def _prevention(world: World) -> float:
    """Return a month of what a cut can fall on, in pounds, as it is before any cut."""
    values = world.values
    a_child: float = values.prevention_universal + values.prevention_targeted
    children = values.population_children * growth_of_children(values, world.clock.now)
    return a_child * children * (world.clock.month_end - world.clock.month_start) / DAYS_A_YEAR
