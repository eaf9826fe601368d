"""Children's homes: what they are judged, whether they have a manager, and which close (report, paragraphs 83 to 88).

Each home is inspected fully once a year. Without a Registered Manager it is judged inadequate more often. A home that
is inadequate, or has no manager, takes in fewer children, who move on from it sooner; of those judged inadequate some
close. What was fitted holds for the homes of 2013-14, so all this acts against how they were then.
"""

from __future__ import annotations

from demandsim.draws import Home as Draw
from demandsim.draws import Stage
from demandsim.engine.compiling import compiled, entry
from demandsim.engine.event_calendar import NOBODY
from demandsim.engine.philox import draw, uniforms
from demandsim.engine.record import Singles
from demandsim.model.cases import wait_in_care
from demandsim.model.distance import against_the_mean
from demandsim.records import Count, Stock
from demandsim.state.children import Care, Child
from demandsim.state.compiled_parameters import Values
from demandsim.state.office import MONTHS_A_YEAR
from demandsim.state.world import (
    Home,
    Whole,
    World,
    cancel,
    cares_of,
    children_of,
    homes_of,
    schedule,
)
from demandsim.vocabulary import DAYS_A_YEAR, Judgement, Placement, State

#: Fewer homes than this would make one that closes too great a part of them.
_FEWEST = 12
#: Of homes not judged inadequate in 2013-14, those judged adequate, and those or good (register R126, R127, R130).
_ADEQUATE, _OR_GOOD = 0.25 / 0.93, 0.81 / 0.93
#: A share too small to compare with.
_HARDLY_ANY = 1e-9
_WEEKS_A_MONTH = DAYS_A_YEAR / 7 / MONTHS_A_YEAR


@entry
def homes_used(whole: Whole) -> int:
    """Return how many homes the authority's children live in, the same throughout a run."""
    world: World = whole[0]
    values, provision = world.values, world.provision
    places = values.placement_places[2] * world.clock.children / 1e4
    provision.homes = max(_FEWEST, round(places / values.homes_places))
    gaps, filled = _monthly(values)
    provision.usually_unmanaged = gaps / (gaps + filled) if gaps > 0.0 else 0.0
    inadequate = values.placement_homes_inadequate * (1.0 - values.placement_inadequate_close)
    provision.usually_troubled = 1.0 - (1.0 - provision.usually_unmanaged) * (1.0 - inadequate)
    provision.admitting = 1.0
    number: int = provision.homes
    return number


@compiled
def _monthly(values: Values) -> tuple[float, float]:
    """Return how likely it is in a month that a manager leaves a gap, and that a gap is filled."""
    return min(1.0, values.homes_manager_gaps / MONTHS_A_YEAR), min(1.0, _WEEKS_A_MONTH / values.homes_gap_weeks)


@compiled
def _judged(world: World, home: Home, uniform: float) -> int:
    """Return what a home is judged to be; likelier inadequate without a manager, as many as in 2013-14 on average."""
    values, provision = world.values, world.provision
    times = against_the_mean(values.homes_without_manager, home.unmanaged > 0, provision.usually_unmanaged)
    inadequate = min(1.0, values.placement_homes_inadequate * times)
    if uniform < inadequate:
        return Judgement.INADEQUATE
    rest = (uniform - inadequate) / (1.0 - inadequate)
    if rest < _ADEQUATE:
        return Judgement.ADEQUATE
    return Judgement.GOOD if rest < _OR_GOOD else Judgement.OUTSTANDING


@entry
def homes_month(whole: Whole) -> None:
    """Let a month pass in every home: managers go and come, one in twelve is inspected, some close."""
    world: World = whole[0]
    clock, provision = world.clock, world.provision
    if clock.month == clock.first_month:
        _as_they_are_at_first(world)
        return
    gaps, filled = _monthly(world.values)
    troubled = 0
    for number in range(provision.homes):
        home: Home = homes_of(world)[number]
        gap, fill, judged, closes = uniforms(clock.key, number, Stage.HOME, clock.month, Draw.GAP // 4)
        if home.unmanaged > 0:
            home.unmanaged = 0 if fill < filled else home.unmanaged + 1
        elif gap < gaps:
            home.unmanaged = 1
        if (clock.month + number) % MONTHS_A_YEAR == 0:
            _inspect(world, number, judged, closes)
        troubled += _troubled(home)
    fewer = world.values.homes_fewer_admissions
    usual = 1.0 - fewer * provision.usually_troubled
    # Where no home would usually take anybody, what is usual is no measure.
    provision.admitting = (1.0 - fewer * troubled / provision.homes) / usual if usual > _HARDLY_ANY else 1.0


@compiled
def _as_they_are_at_first(world: World) -> None:
    """Let homes be as they were in 2013-14: those inadequate are those that have not closed."""
    provision, key = world.provision, world.clock.key
    for number in range(provision.homes):
        home: Home = homes_of(world)[number]
        gap, _, judged, closes = uniforms(key, number, Stage.HOME, 0, Draw.GAP // 4)
        home.unmanaged = 1 if gap < provision.usually_unmanaged else 0
        home.judgement = _judged(world, home, judged)
        if home.judgement == Judgement.INADEQUATE and closes < world.values.placement_inadequate_close:
            home.judgement = Judgement.GOOD


@compiled
def _inspect(world: World, number: int, judged: float, closes: float) -> None:
    """Judge a home; if it is inadequate it may close, and another one, new, takes its place in the list."""
    home: Home = homes_of(world)[number]
    home.judgement = _judged(world, home, judged)
    world.tally.count[Count.HOME_JUDGED + int(home.judgement)] += 1
    if home.judgement == Judgement.INADEQUATE and closes < world.values.placement_inadequate_close:
        provision, count = world.provision, world.tally.count
        lost = provision.limit[Placement.CHILDRENS_HOME] / provision.homes
        provision.limit[Placement.CHILDRENS_HOME] -= lost
        count[Count.HOME_CLOSED] += 1
        count[Count.PLACES_CLOSED] += lost
        home.unmanaged, home.judgement = 0, Judgement.GOOD
        _must_move(world, number)


@compiled
def _must_move(world: World, number: int) -> None:
    """Let the children of a home that closes move on within the month."""
    clock = world.clock
    for row in range(world.children.length):
        child: Child = children_of(world)[row]
        if child.id == NOBODY or child.state != State.LOOKED_AFTER:
            continue
        care: Care = cares_of(world)[row]
        if care.placement == Placement.CHILDRENS_HOME and care.home == number:
            moment = draw(clock.key, child.id, Stage.HOME_CLOSES, clock.month, 0)
            care.move_at = min(care.move_at, clock.now + (clock.month_end - clock.now) * moment)
            cancel(world, child)
            step, when = wait_in_care(world, child)
            schedule(world, child, step, when)


@compiled
def moves_in_home(world: World, number: int) -> float:
    """Return what the state of a home multiplies the hazard of moving on from it by."""
    clock, values = world.clock, world.values
    if clock.month < clock.first_month:
        return 1.0
    troubled = _troubled(homes_of(world)[number])
    return against_the_mean(values.homes_moves, troubled, world.provision.usually_troubled)


@compiled
def _troubled(home: Home) -> bool:
    return bool(home.unmanaged > 0 or home.judgement == Judgement.INADEQUATE)


@compiled
def record_homes(world: World, row: Singles) -> None:
    """Write down how many homes there are, and how many have no manager."""
    provision, unmanaged = world.provision, 0
    for number in range(provision.homes):
        unmanaged += homes_of(world)[number].unmanaged > 0
    row[Stock.HOMES] = provision.homes
    row[Stock.HOMES_UNMANAGED] = unmanaged
