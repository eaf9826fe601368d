"""Places for looked after children, conferences and courts: what there is, and what happens when they are full."""

from __future__ import annotations

from math import floor

from demandsim.engine.compiling import compiled, entry
from demandsim.records import Count
from demandsim.state.children import NEVER
from demandsim.state.office import MONTHS_A_YEAR
from demandsim.state.world import WEEK, Whole, World, days_of, weeks_of
from demandsim.vocabulary import DAYS_A_YEAR, Placement

#: The types of placement whose places are limited: relatives, parents, adopters, other placements and those bought on
#: the spot are not, as a placement can't be refused.
LIMITED = (Placement.FOSTER_IN_HOUSE, Placement.FOSTER_AGENCY, Placement.CHILDRENS_HOME)
_YOUNGEST_IN_A_HOME = 5
#: Providers add places where they fill, and are slower to give up those they have.
_SLOWER_DOWN = 0.25


@compiled
def has_place(world: World, placement: int) -> bool:
    """Return whether a type has room; nobody is moved out when places are lost, they are not filled again."""
    limit = world.provision.limit[placement]
    if placement == Placement.CHILDRENS_HOME:
        limit *= world.provision.admitting
    return world.tally.placed[placement] < limit


@compiled
def find_room(world: World, first: int, age: int) -> int:
    """Return the first choice if there is room in it, else the next type with room that suits the age.

    Homes take no young children. When all that suits is full, a place is bought on the spot: dearer, farther, less
    stable.
    """
    if has_place(world, first):
        return first
    if first == Placement.FOSTER_IN_HOUSE or first == Placement.FOSTER_AGENCY:
        other = Placement.FOSTER_AGENCY if first == Placement.FOSTER_IN_HOUSE else Placement.FOSTER_IN_HOUSE
        if has_place(world, other):
            return other
        if has_place(world, Placement.CHILDRENS_HOME) and age >= _YOUNGEST_IN_A_HOME:
            return Placement.CHILDRENS_HOME
    return Placement.SPOT


@entry
def places_month(whole: Whole) -> None:
    """Open doors on the first day; later let a month pass: own carers stop and are recruited, agencies and homes follow
    use. Which homes close is settled in `homes`.
    """
    world: World = whole[0]
    values, limit, placed = world.values, world.provision.limit, world.tally.placed
    children = world.clock.children
    if world.clock.month == world.clock.first_month:
        for place in range(len(LIMITED)):
            limit[LIMITED[place]] = values.placement_places[place] * children / 1e4
        return
    change = values.placement_carers_recruited - values.placement_carers_lost
    limit[Placement.FOSTER_IN_HOUSE] *= max(0.0, 1 + change / MONTHS_A_YEAR)
    for placement in (Placement.FOSTER_AGENCY, Placement.CHILDRENS_HOME):
        missing = placed[placement] / values.placement_occupancy - limit[placement]
        speed = values.placement_supply_response * (1.0 if missing > 0 else _SLOWER_DOWN)
        limit[placement] += min(1.0, speed / MONTHS_A_YEAR) * missing


@compiled
def book_conference(world: World, when: float) -> float:
    """Return the moment of an initial conference wanted at that moment. When chairs can hold no more in a week, the
    next with room is booked. Parts of a conference that a week has room for add up over weeks.
    """
    a_week = world.provision.conferences_a_week
    if a_week == NEVER:
        return when
    week = int(when // WEEK) - int(world.clock.first // WEEK)
    while week < world.weeks.length and weeks_of(world)[week].booked >= int((week + 1) * a_week) - int(week * a_week):
        week += 1
        when += WEEK
    if week < world.weeks.length:
        weeks_of(world)[week].booked += 1
    return when


@compiled
def apply_to_court(world: World, family: int, decided_at: float) -> None:
    """Take an application that will be decided then: one for all children of a family that are of one day."""
    clock, provision = world.clock, world.provision
    if provision.applied_at == clock.now and provision.applied_for == family:
        return
    provision.applied_at, provision.applied_for = clock.now, family
    world.tally.count[Count.APPLICATION] += 1
    provision.applications += 1
    day = floor(decided_at - world.clock.first)
    if day < world.days.length:
        days_of(world)[day].decided += 1


@compiled
def before_the_court(world: World) -> int:
    """Return how many applications are before the court."""
    provision = world.provision
    today = round(world.clock.now - world.clock.first)
    while provision.looked_at < today:
        provision.applications -= days_of(world)[provision.looked_at].decided
        provision.looked_at += 1
    applications: int = provision.applications
    return applications


@entry
def courts_month(whole: Whole) -> float:
    """Let chairs hold as many conferences as they can now, and return applications over the court's capacity."""
    world: World = whole[0]
    values, children = world.values, world.clock.children
    capacity = values.conference_capacity * children / 1e4 / DAYS_A_YEAR * WEEK
    world.provision.conferences_a_week = max(1.0, capacity)
    load: float = before_the_court(world) / max(values.court_capacity * children / 1e4, 1.0)
    return load
