"""Living over 20 miles from home, and what that does to a child in care (report, paragraphs 71, 76 and 85).

The values fitted hold for the placements of 2013-14, near and far together. So distance acts against their mean: a
child far away moves on and goes missing more often than one near home, and both together as often as they did.
"""

from __future__ import annotations

from demandsim.engine.compiling import compiled
from demandsim.model.family_court import REUNITED
from demandsim.state.children import Care, Child
from demandsim.state.compiled_parameters import Values
from demandsim.state.world import World, cares_of
from demandsim.vocabulary import LeavingRoute, Placement

_PLACEMENTS = Placement.words.size


@compiled
def usually_far(values: Values, placement: int) -> float:
    """Return the share of a type of placement that was over 20 miles away in 2013-14."""
    if placement == Placement.WITH_PARENTS:
        return 0.0
    in_a_home = placement == Placement.CHILDRENS_HOME
    share: float = values.placement_out_of_area_home if in_a_home else values.placement_out_of_area_other
    return share


@compiled
def is_far(world: World, placement: int, uniform: float, full: bool) -> bool:
    """Return whether a placement is over 20 miles away; likelier where the first choice was full."""
    likely = usually_far(world.values, placement) * world.values.distance_level
    if full:
        likely += world.rules.spill_away
    return bool(uniform < likely)


@compiled
def against_the_mean(times: float, far: bool, usual: float) -> float:
    """Return what distance multiplies something by, against the mean of placements of which so many are far.

    Where the mean is nothing there is nothing to set it against, and distance changes nothing.
    """
    mean = 1.0 + (times - 1.0) * usual
    return (times if far else 1.0) / mean if mean > 0.0 else 1.0


@compiled
def moves_there(world: World, placement: int, far: bool) -> float:
    """Return what distance multiplies the hazard of moving on from a placement by."""
    values = world.values
    return against_the_mean(values.distance_moves, far, usually_far(values, placement))


@compiled
def missing_here(world: World, care: Care) -> float:
    """Return what distance multiplies the hazard of going missing by, where a child lives now."""
    values = world.values
    if care.period_placements == 0:
        return 1.0
    return against_the_mean(values.distance_missing, care.out_of_area, usually_far(values, care.placement))


@compiled
def help_here(world: World, child: Child) -> float:
    """Return what distance multiplies the help of care by: visits, and contact with the family to go home to."""
    care: Care = cares_of(world)[child.row]
    values = world.values
    return against_the_mean(values.distance_help, care.out_of_area, usually_far(values, care.placement))


@compiled
def stay_there(world: World, child: Child, care: Care, placement: int, far: bool) -> None:
    """Let the rest of a stay that ends at home be longer, or shorter, as the child lives far away or near.

    Who goes home because of a court goes on the day that it decides.
    """
    if care.route != LeavingRoute.HOME or care.exit_at >= child.adult_at or care.fdac == REUNITED:
        return
    values, now = world.values, world.clock.now
    times = against_the_mean(values.distance_stay, far, usually_far(values, placement))
    care.exit_at = min(now + (care.exit_at - now) * times / care.stretched, child.adult_at)
    care.phase_at = now + (care.phase_at - now) * times / care.stretched
    care.stretched = times


@compiled
def more_far_than_usual(world: World) -> float:
    """Return how many more children live far from home than if placements were where they were in 2013-14."""
    tally, usual = world.tally, 0.0
    for placement in range(_PLACEMENTS):
        usual += tally.placed[placement] * usually_far(world.values, placement)
    more: float = tally.far - usual
    return more
