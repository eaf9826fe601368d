"""Children in need plans at home in the mean field, and children who wait to be contacted about again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from demandsim.meanfield.chances import DISABILITY, PLAN_KINDS, Chances
from demandsim.meanfield.grid import (
    APRIL_AGES,
    DISABLED,
    HISTORIES,
    NEXT_APRIL,
    OTHER,
    SEVERITY,
    SHAPE,
    after_april,
    aged,
    in_april,
    nothing,
    older,
)

Array = NDArray[np.float64]

_MONTH_OLDER = older(1.0)
#: Shape of plans: by kind, history, severity, and age on 1 April.
_PLANS = (PLAN_KINDS, HISTORIES, len(SEVERITY), APRIL_AGES)
_YEAR = 12
#: Of the most severe some would fall sooner than in a month; no more than this share of those who are there do.
_MOST = 0.95


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

    The fall into care was settled by the age at the plan's start. So beside the children their falls are carried, and
    the squares of these: those who fall sooner leave sooner. Plans are kept by the age on the last 1 April, as some
    last for years.
    """

    def __init__(self) -> None:
        # Children, and children times their falls into care a month at average severity, and times the squares.
        self._moments, self._late = np.zeros((3, *_PLANS)), np.zeros((3, *_PLANS))
        self._highest = 0.0  # of all falls so far
        self._month = 0  # since 1 April
        #: How many turned 18 in the month.
        self.eighteen = 0.0

    @property
    def open(self) -> Array:
        """Return the children on plans at the end of the month, by age on 1 April."""
        children: Array = self._moments[0]
        return children

    def step(self, begun: Array, chances: Chances, joining: float = 0.0) -> PlansEnd:
        """Let a month pass for those there at its start and those who begin in it.

        Args:
            begun: plans begun.
            chances: of the month.
            joining: children who become looked after because a sibling does.
        """
        moments, starting = self._moments, self._by_april(begun, chances)
        ends = chances.plan_ends[:, None, None, None]
        leave = ends + chances.concerns
        stays = np.exp(-leave)
        part = (1 - stays) / leave
        through = moments * part + starting * ((1 - part) / leave)
        # Child-months: of last month's late beginnings as well, who were then only let end.
        exposed = through + self._late
        to_care = chances.risk * exposed[1]
        falling = chances.risk * exposed[2]
        mean, spread = self._over(moments[1], moments[0]), self._over(moments[2], moments[1])
        moments = np.maximum(0.0, moments * stays + starting * part - chances.concerns * self._late)
        gone = np.minimum(np.stack([to_care, falling, falling * spread]), _MOST * moments)
        to_care = gone[0]
        moments -= gone
        if joining > 0.0:
            likely = self.open * chances.risk
            with_sibling = likely * min(1.0, joining / max(1e-12, float(likely.sum())))
            gone = np.minimum(with_sibling * np.stack([np.ones_like(mean), mean, mean * spread]), _MOST * moments)
            to_care = to_care + gone[0]
            moments -= gone
        self._moments = moments
        leaving = (ends * through[0], chances.concerns * exposed[0], to_care)
        return PlansEnd(*(aged(flow, after_april(self._month + 0.5)) for flow in leaving))

    def late(self, begun: Array, chances: Chances) -> Array:
        """Take those who begin late in the month, and return those of them who end in it; then all grow older."""
        ends = chances.plan_ends[:, None, None, None]
        part = -np.expm1(-ends) / ends
        starting = self._by_april(begun, chances)
        self._moments = self._moments + starting * part
        self._late = starting * ((1 - part) / ends)
        self._grow_older()
        return begun * (1 - part)

    def _by_april(self, begun: Array, chances: Chances) -> Array:
        """Return plans begun in the month by age on 1 April: children, their falls into care, and the squares."""
        falls = chances.need_to_care
        self._highest = max(self._highest, float(falls.max()))
        return aged(np.stack([begun, begun * falls, begun * falls**2]), in_april(self._month + 0.5))

    def _over(self, these: Array, those: Array) -> Array:
        """Return a mean of falls, which is not above the highest; nothing where there is nobody."""
        return np.minimum(np.divide(these, those, out=np.zeros_like(these), where=those > 0), self._highest)

    def _grow_older(self) -> None:
        """Let those turn 18 whose birthday is in the month; after a year's last month, April begins anew."""
        left = _YEAR - self._month
        self.eighteen = float(self.open[..., -1].sum()) / left
        self._moments[..., -1] *= 1 - 1 / left
        self._month += 1
        if self._month == _YEAR:
            self._month = 0
            self._moments, self._late = aged(self._moments, NEXT_APRIL), aged(self._late, NEXT_APRIL)


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
