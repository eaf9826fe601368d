"""Children in need plans at home in the mean field, and children who wait to be contacted about again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from demandsim.meanfield.chances import DISABILITY, PLAN_KINDS, Chances
from demandsim.meanfield.grid import AGES, DISABLED, HISTORIES, OTHER, SEVERITY, SHAPE, aged, nothing, older

Array = NDArray[np.float64]

_MONTH_OLDER = older(1.0)
_PLANS = (PLAN_KINDS, HISTORIES, len(SEVERITY), AGES)


def of_plans(flow: Array, begun_as: Array) -> Array:
    """Return a flow by kind of need as one by kind of plan."""
    plans: Array = begun_as[:, OTHER, None, None, None] * flow[:, OTHER]
    plans[DISABILITY] = flow[:, DISABLED]
    return plans


def of_needs(plans: Array) -> Array:
    """Return a flow by kind of plan as one by kind of need."""
    flow = nothing()
    flow[:, OTHER] = plans[:DISABILITY].sum(axis=0)
    flow[:, DISABLED] = plans[DISABILITY]
    return flow


class PlansEnd(NamedTuple):
    """Who leaves child in need plans in a month, by kind of plan."""

    closed: Array
    concerns: Array
    to_care: Array


class NeedPlans:
    """Child in need plans: each ends at a rate, unless a concern is raised or the child becomes looked after first.

    The fall into care was settled by the age at the plan's start, so beside the children it carries what those of each
    age and kind have of it on average.
    """

    def __init__(self) -> None:
        self.open = np.zeros(_PLANS)
        self._falls = np.zeros(_PLANS)  # children times their falls into care a month at average severity
        self._late, self._late_falls = np.zeros(_PLANS), np.zeros(_PLANS)
        #: How many turned 18 in the month.
        self.eighteen = 0.0

    def step(self, begun: Array, chances: Chances, joining: float = 0.0) -> PlansEnd:
        """Let a month pass for those there at its start and those who begin in it.

        Args:
            begun: plans begun.
            chances: of the month.
            joining: children who become looked after because a sibling does.
        """
        ends = chances.plan_ends[:, None, None, None]
        leave = ends + chances.concerns
        stays = np.exp(-leave)
        part = (1 - stays) / leave
        here = (1 - part) / leave
        falls = chances.need_to_care
        # Child-months: of last month's late beginnings as well, who were then only let end.
        through = self.open * part + begun * here
        exposed = through + self._late
        to_care = chances.risk * (self._falls * part + begun * (here * falls) + self._late_falls)
        if joining > 0.0:
            likely = self.open * chances.risk
            to_care += likely * min(1.0, joining / max(1e-12, float(likely.sum())))
        concerns = chances.concerns * exposed
        late = chances.concerns * self._late + to_care
        self.open = self.open * stays + begun * part - late
        self._falls = self._falls * stays + begun * (part * falls) - late * falls
        return PlansEnd(ends * through, concerns, to_care)

    def late(self, begun: Array, chances: Chances) -> Array:
        """Take those who begin late in the month, and return those of them who end in it; then all grow older."""
        ends = chances.plan_ends[:, None, None, None]
        part = -np.expm1(-ends) / ends
        falls = chances.need_to_care
        self.open += begun * part
        self._falls += begun * (part * falls)
        self._late = begun * ((1 - part) / ends)
        self._late_falls = self._late * falls
        before = float(self.open.sum())
        self.open, self._falls = aged(self.open, _MONTH_OLDER), aged(self._falls, _MONTH_OLDER)
        self.eighteen = before - float(self.open.sum())
        return begun * (1 - part)


class Waiting:
    """Children without an open case who will be contacted about again, by the severity they will then have."""

    def __init__(self) -> None:
        self._last, self._before = nothing(), nothing()
        self._long: Array = np.zeros((0, *SHAPE))

    def step(self, chances: Chances) -> Array:
        """Return who is contacted about again in a month."""
        law = chances.returns
        if not len(self._long):
            self._long = np.zeros((len(law.stays), *SHAPE))
        flat = self._long.reshape(len(law.stays), -1)
        back = ((1 - law.stays) @ flat).reshape(SHAPE)
        back += law.first[0] * self._last + law.first[1] * self._before
        flat *= law.stays[:, None]
        flat += law.weights[:, None] * self._before.ravel()
        return back

    def join(self, closed: Array, unmet: Array, chances: Chances) -> None:
        """Take those who will come back; `unmet` are those who gave up waiting for help. Then all grow older."""
        joining = chances.moves.T @ closed + chances.moves_worse.T @ unmet
        self._before = aged(self._last, _MONTH_OLDER)
        self._last = aged(joining, _MONTH_OLDER)
        self._long = aged(self._long, _MONTH_OLDER)
