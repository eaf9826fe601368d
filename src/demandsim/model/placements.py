"""Where looked after children live: finding a placement, and moving."""

from __future__ import annotations

from demandsim.distributions import weibull
from demandsim.draws import Place, Stage
from demandsim.engine.compiling import compiled
from demandsim.engine.philox import draw, uniforms
from demandsim.model.cases import first_above, wait_in_care
from demandsim.model.distance import is_far, missing_here, moves_there, stay_there
from demandsim.model.family_court import REUNITED
from demandsim.model.homes import moves_in_home
from demandsim.model.places import find_room
from demandsim.model.spells import note
from demandsim.records import Count, SpellKind
from demandsim.state.children import NEVER, Care, Child, age
from demandsim.state.world import MOST_SIBLINGS, World, cares_of, family_member, first_of_family
from demandsim.vocabulary import Placement, State

#: Placement types in the order of the `placement.*` parameters.
FIRST_CHOICE = (
    Placement.FOSTER_IN_HOUSE,
    Placement.FOSTER_AGENCY,
    Placement.KINSHIP,
    Placement.CHILDRENS_HOME,
    Placement.OTHER,
)


@compiled
def place(world: World, child: Child) -> tuple[int, float]:
    """Find a placement, settle when the child would move on from it, and wait for whatever comes first."""
    rules, clock = world.rules, world.clock
    care: Care = cares_of(world)[child.row]
    kind, time, away, home = uniforms(clock.key, child.id, Stage.PLACEMENT, care.placements, Place.TYPE // 4)
    found, full = _find(world, child, kind)
    far = is_far(world, found, away, full)
    moves = care.frailty * rules.moves_by_age[age(child, clock.now)] * moves_there(world, found, far)
    if full:
        moves *= rules.spill_moves
    if found == Placement.CHILDRENS_HOME:
        care.home = int(home * world.provision.homes)
        moves *= moves_in_home(world, care.home)
    care.move_at = clock.now + weibull(world.values.placement_scale_days, rules.move_power, time) / moves
    stay_there(world, child, care, found, far)
    _settle_in(world, child, found, far)
    return wait_in_care(world, child)


@compiled
def last_phase(world: World, child: Child) -> tuple[int, float]:
    """The child goes to live with adopters, or with a parent under the care order."""
    count = world.tally.count
    count[Count.MOVE] += 1
    leave_placement(world, child)
    care: Care = cares_of(world)[child.row]
    if care.final_placement == Placement.FOR_ADOPTION:
        count[Count.PLACED_FOR_ADOPTION] += 1
        count[Count.PLACED_FOR_ADOPTION_DAYS] += world.clock.now - care.started
    away = draw(world.clock.key, child.id, Stage.PLACEMENT, care.placements, Place.AREA)
    care.move_at = care.phase_at = NEVER
    _settle_in(world, child, care.final_placement, is_far(world, care.final_placement, away, False))
    return wait_in_care(world, child)


@compiled
def move(world: World, child: Child) -> tuple[int, float]:
    """A placement ends and the child moves to another."""
    world.tally.count[Count.MOVE] += 1
    leave_placement(world, child)
    return place(world, child)


@compiled
def _find(world: World, child: Child, uniform: float) -> tuple[int, bool]:
    """Return a type of placement with room, and whether the first choice was full; that delays leaving care."""
    years = age(child, world.clock.now)
    care: Care = cares_of(world)[child.row]
    first = FIRST_CHOICE[first_above(world.rules.placement_choice[child.need, years], uniform)]
    if care.period_placements == 0:
        first = _beside_a_sibling(world, child, first)
    kind = find_room(world, first, years)
    if kind == first:
        return kind, False
    world.tally.count[Count.PLACED_FIRST_FULL] += 1
    if care.fdac == REUNITED:
        return kind, True
    delay = world.rules.spill_delay
    care.exit_at = min(care.exit_at + delay, child.adult_at)
    care.phase_at += delay
    return kind, True


@compiled
def _fostered(placement: int) -> bool:
    return (
        placement == Placement.FOSTER_IN_HOUSE or placement == Placement.FOSTER_AGENCY or placement == Placement.KINSHIP
    )


@compiled
def _beside_a_sibling(world: World, child: Child, first: int) -> int:
    """Return the first choice: with a brother or sister who is fostered, where the child would be fostered."""
    if not _fostered(first):
        return first
    first_id = first_of_family(child.id)
    for id in range(first_id, first_id + MOST_SIBLINGS):
        sibling = family_member(world, child, id)
        if sibling.row != child.row and sibling.state == State.LOOKED_AFTER:
            theirs = cares_of(world)[sibling.row].placement
            if _fostered(theirs):
                first = theirs
    return first


@compiled
def _settle_in(world: World, child: Child, kind: int, far: bool) -> None:
    """Let a child live in a placement from now on."""
    clock, tally = world.clock, world.tally
    care: Care = cares_of(world)[child.row]
    before = missing_here(world, care)
    care.out_of_area = far
    care.placement = kind
    care.placed_at = clock.now
    care.placements += 1
    care.period_placements += 1
    care.missing_at = clock.now + (care.missing_at - clock.now) * before / missing_here(world, care)
    tally.placed[kind] += 1
    tally.placed_days[kind] += clock.month_end - clock.now
    tally.far += far


@compiled
def leave_placement(world: World, child: Child) -> None:
    clock, tally = world.clock, world.tally
    care: Care = cares_of(world)[child.row]
    tally.placed[care.placement] -= 1
    tally.far -= care.out_of_area
    tally.placed_days[care.placement] -= clock.month_end - clock.now
    care.left_before, care.last_left = care.last_left, clock.now
    note(world, child, SpellKind.PLACEMENT, care.placement, care.placed_at, clock.now, -1)
