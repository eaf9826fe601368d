"""Practice from one year to the next: thresholds and readiness move for reasons that no scenario knows.

Rates of one authority change far more from year to year than chance in its children makes them. Nothing is moved in the
base year, to which an authority is fitted. Of each change a part is left a year on. England's totals hardly move, so
the baseline has none of it; `demandsim localise` writes it for a council.
"""

from __future__ import annotations

from demandsim.distributions import normal
from demandsim.draws import Stage
from demandsim.engine.compiling import compiled
from demandsim.engine.philox import draw
from demandsim.state.office import MONTHS_A_YEAR
from demandsim.state.world import World


@compiled
def year_passes(world: World) -> None:
    """Let a financial year begin: each threshold moves by a draw of its own, the same in every scenario."""
    values, clock, moved = world.values, world.clock, world.practice.moved
    if clock.month <= clock.first_month:
        moved[:] = 0.0
        return
    for place in range(len(moved)):
        shaken = normal(draw(clock.key, 0, Stage.YEAR_TO_YEAR, clock.month // MONTHS_A_YEAR, place))
        moved[place] = values.practice_kept_a_year * moved[place] + values.practice_moves_a_year[place] * shaken
