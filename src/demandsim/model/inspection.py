"""Inspection, leadership and directors: practice moves, a judgement follows it with noise, and more follows from that.

Practice is latent and standard normal over authorities. It reverts over years and is shaken each month, so the best and
the worst are not always the same authorities. A director who stays moves it up by degrees. A judgement of inadequate
brings support, which does so too, money, agency workers, caution and changes of director. All of this happened in
2013-14: it acts as far as an authority differs from the mean of that year's.
"""

from __future__ import annotations

from math import erf, exp, log, sqrt

from demandsim.distributions import normal
from demandsim.draws import Inspection as Draws
from demandsim.draws import Stage
from demandsim.engine.compiling import compiled
from demandsim.engine.philox import draw, uniforms
from demandsim.records import Count
from demandsim.state.office import MONTHS_A_YEAR
from demandsim.state.world import World
from demandsim.vocabulary import USUAL_MIX

INADEQUATE = 2
#: An inspection comes at most so much sooner or later than usual.
_VARIES = 0.2


@compiled
def begin_inspection(world: World) -> None:
    """Settle practice at first, the same in every scenario, the judgement that stands, and the director."""
    inspection, clock, values = world.inspection, world.clock, world.values
    # The draw says how many authorities are better.
    inspection.practice = -normal(draw(clock.key, 0, Stage.PRACTICE, 0, 0))
    inspection.agency = inspection.money = 0.0
    inspection.caution = 1.0
    inspection.director_changed = False
    _, judged, when, tenure = uniforms(clock.key, 0, Stage.INSPECTION, 0, Draws.SHAKEN // 4)
    inspection.judged = _judgement(world, judged)
    ago, again = MONTHS_A_YEAR * when * values.inspection_years, MONTHS_A_YEAR * values.inspection_again
    if inspection.judged == INADEQUATE and ago >= again:
        # It was inspected again since then, and found better.
        inspection.judged = INADEQUATE - 1
        ago -= again
    inspection.judged_at = clock.first_month - int(ago)
    inspection.next_at = inspection.judged_at + round(_months_between(world))
    changes = max(values.practice_director_changes / MONTHS_A_YEAR, 1e-9)
    # The first who came so long ago that nobody asks.
    inspection.director_since = clock.first_month - int(min(-log(1.0 - tenure) / changes, 1e4))


@compiled
def quality_of(world: World, practice: float) -> int:
    """Return the quality that goes with a practice, by the share of authorities whose practice is better."""
    better, mix = 0.5 * (1.0 - erf(practice / sqrt(2.0))), world.values.practice_mix
    quality, total = 0, mix[0]
    while quality < INADEQUATE and better >= total:
        quality += 1
        total += mix[quality]
    return quality


@compiled
def _judgement(world: World, uniform: float) -> int:
    """Return what an inspection finds: practice, and noise."""
    noise = world.values.inspection_noise
    return quality_of(world, (world.inspection.practice + noise * normal(uniform)) / sqrt(1.0 + noise**2))


@compiled
def _months_between(world: World) -> float:
    """Return the months from the last inspection to the next: fewer where it found the authority inadequate."""
    values = world.values
    years = values.inspection_again if world.inspection.judged == INADEQUATE else values.inspection_years
    months: float = MONTHS_A_YEAR * years
    return months


@compiled
def _usually_inadequate(world: World) -> float:
    """Return the share of authorities whose judgement of inadequate stands: of those inspected, for as long as that."""
    values, found = world.values, USUAL_MIX[INADEQUATE]
    inadequate: float = found * values.inspection_again
    return inadequate / (inadequate + (1.0 - found) * values.inspection_years)


@compiled
def month_of_inspection(world: World) -> None:
    """Let the director leave, practice move and an inspection be held, if it comes to that; settle what follows."""
    _director(world)
    _practice_moves(world)
    inspection, clock, values = world.inspection, world.clock, world.values
    _, judged, varies, _ = uniforms(clock.key, 0, Stage.INSPECTION, clock.month, Draws.SHAKEN // 4)
    found = values.inspection_inadequate_after
    forced = found > 0.0 and clock.month - clock.first_month == round(MONTHS_A_YEAR * found)
    if forced or clock.month >= inspection.next_at:
        _inspected(world, INADEQUATE if forced else _judgement(world, judged))
        inspection.next_at = clock.month + max(1, round(_months_between(world) * (1.0 + _VARIES * (2 * varies - 1.0))))
    inadequate = (inspection.judged == INADEQUATE) - _usually_inadequate(world)
    inspection.agency = values.inspection_agency * inadequate
    inspection.money = values.inspection_money * inadequate
    inspection.caution = 1.0 + values.inspection_caution * inadequate


@compiled
def _director(world: World) -> None:
    """Let the director leave: sooner after a poor judgement, and as often as ever over all authorities."""
    inspection, values, clock, count = world.inspection, world.values, world.clock, world.tally.count
    effects, mean = values.inspection_director, 0.0
    for judged in range(len(USUAL_MIX)):
        mean += USUAL_MIX[judged] * effects[judged]
    leaves = values.practice_director_changes / MONTHS_A_YEAR * effects[inspection.judged] / max(mean, 1e-9)
    inspection.director_changed &= clock.month % MONTHS_A_YEAR != 0
    if draw(clock.key, 0, Stage.PRACTICE, clock.month, 0) >= min(leaves, 1.0):
        return
    world.practice.dips_until = clock.month + round(values.practice_director_months)
    inspection.director_since = clock.month
    count[Count.DIRECTOR_CHANGED] += 1
    count[Count.DIRECTOR_YEAR] += not inspection.director_changed
    inspection.director_changed = True


@compiled
def _practice_moves(world: World) -> None:
    """Move practice on: it reverts and is shaken; support and a director who has stayed for a year move it up."""
    inspection, values, clock = world.inspection, world.values, world.clock
    keeps = exp(-1.0 / (MONTHS_A_YEAR * values.practice_years))
    shaken = draw(clock.key, 0, Stage.INSPECTION, clock.month, Draws.SHAKEN)
    inspection.practice = keeps * inspection.practice + sqrt(1.0 - keeps**2) * normal(shaken)
    supported = (inspection.judged == INADEQUATE) - _usually_inadequate(world)
    stays = clock.month - inspection.director_since >= MONTHS_A_YEAR
    usually = (1.0 - min(world.practice.usual_changes / MONTHS_A_YEAR, 1.0)) ** MONTHS_A_YEAR
    a_year = values.inspection_improvement * supported + values.practice_leadership * (stays - usually)
    inspection.practice += a_year / MONTHS_A_YEAR


@compiled
def _inspected(world: World, judged: int) -> None:
    inspection, count, month = world.inspection, world.tally.count, world.clock.month
    count[Count.FOUND + judged] += 1
    if inspection.judged == INADEQUATE and judged != INADEQUATE:
        count[Count.IMPROVED] += 1
        count[Count.IMPROVED_MONTHS] += month - inspection.judged_at
    if judged != inspection.judged or judged != INADEQUATE:
        inspection.judged_at = month
    inspection.judged = judged
