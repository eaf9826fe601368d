"""What a month begins with: its place in time, the rules in force, and child-days counted from nothing."""

from __future__ import annotations

from math import exp

from demandsim.engine.compiling import entry
from demandsim.model.arrivals import against_2013_14, demand_in_month, growth_of_children
from demandsim.model.assessment import settle_assessment
from demandsim.model.partners import settle_partners
from demandsim.model.practice import neutral, press
from demandsim.model.year_to_year import year_passes
from demandsim.state.compiled_parameters import compile_rules
from demandsim.state.office import MONTHS_A_YEAR
from demandsim.state.world import Whole, World, months_of
from demandsim.vocabulary import Moved, State


@entry
def turn_to(whole: Whole, month: int) -> None:
    """Turn the clock to a month, whose parameters are in force."""
    world: World = whole[0]
    clock, tally = world.clock, world.tally
    clock.month = month
    clock.now = clock.month_start = months_of(world)[month].start
    clock.month_end = months_of(world)[month + 1].start
    if month % MONTHS_A_YEAR == 0:
        clock.year_start = clock.now
        tally.care_at_year_start = tally.stock[State.LOOKED_AFTER]
        year_passes(world)
    values = world.values
    if month >= clock.first_month:
        clock.children = values.population_children * growth_of_children(values, clock.now)
    since = month - clock.first_month
    world.practice.demand = demand_in_month(values, since, clock.now)
    world.practice.readiness = values.enquiry_readiness * against_2013_14(
        values.enquiry_before, values.enquiry_after, since
    )
    world.practice.readiness *= world.inspection.caution * exp(world.practice.moved[Moved.ENQUIRY])


@entry
def readiness(whole: Whole) -> float:
    """Return how readily enquiries are made this month, as a ratio to 2013-14."""
    ratio: float = whole[0].practice.readiness
    return ratio


@entry
def settle_rules(whole: Whole, court: float, enquiry_threshold: float) -> None:
    """Compile the month's rules under what presses on the work; nothing does before the first day.

    Args:
        whole: the world, at the month's start.
        court: applications before the court over its capacity.
        enquiry_threshold: severity seen above which a referral becomes an enquiry at once.
    """
    world: World = whole[0]
    clock, tally = world.clock, world.tally
    if clock.month < clock.first_month:
        neutral(world.practice)
    else:
        press(world, court)
    settle_partners(world)
    settle_assessment(world)
    compile_rules(world)
    world.rules.enquiry_threshold = enquiry_threshold
    # Child-days as if nobody moved; whoever does settles the difference.
    length = clock.month_end - clock.month_start
    for state in range(len(tally.stock)):
        tally.state_days[state] = tally.stock[state] * length
    for placement in range(len(tally.placed)):
        tally.placed_days[placement] = tally.placed[placement] * length
