"""How long episodes of need have lasted when they end: those open by months since their referral, step by step.

From each step go as many as the pathway says. Who goes is not asked how long it has been known: that is decided by the
kind of child in need plan and by the way it took.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from demandsim.meanfield.chances import PLAN_KINDS, STEPPED
from demandsim.meanfield.law import Law
from demandsim.meanfield.plans import stay_bands

Array = NDArray[np.float64]

#: Months that are told apart; who has been known for longer is in the last.
_LAGS = 36
_BANDS = stay_bands(_LAGS)
_NOBODY = 1e-12


def _none() -> Array:
    return np.zeros(PLAN_KINDS)


@dataclass(slots=True)
class Moved:
    """How many children made each step in a month. An array holds one number for each kind of child in need plan.

    Attributes:
        need_open, plan_open, care_open: who was there at the start of the month.
        assessed, enquired: new episodes that lead to child in need plans, after an assessment and after an enquiry.
        assessed_care, enquired_care, enquired_plan: that lead into care and to a child protection plan.
        need_closed, need_enquired, need_care: who leaves child in need plans.
        back, back_closed, back_care, back_plan: who was enquired into while on one, and goes on with it, is closed,
            becomes looked after and is put on a child protection plan.
        plan_closed, plan_stepped, plan_care: who leaves child protection plans.
        home, care_ended: who leaves care for home, and by another way.
        late_closed: of those stepped down to or returned home in the month, who is closed in it.
    """

    need_open: Array = field(default_factory=_none)
    plan_open: float = 0.0
    care_open: float = 0.0
    assessed: Array = field(default_factory=_none)
    enquired: Array = field(default_factory=_none)
    need_closed: Array = field(default_factory=_none)
    need_enquired: Array = field(default_factory=_none)
    need_care: Array = field(default_factory=_none)
    back: Array = field(default_factory=_none)
    assessed_care: float = 0.0
    enquired_care: float = 0.0
    enquired_plan: float = 0.0
    back_closed: float = 0.0
    back_care: float = 0.0
    back_plan: float = 0.0
    plan_closed: float = 0.0
    plan_stepped: float = 0.0
    plan_care: float = 0.0
    home: float = 0.0
    care_ended: float = 0.0
    late_closed: float = 0.0


class Episodes:
    """Open episodes of need by months since the referral: on plans, enquired into, and looked after."""

    def __init__(self) -> None:
        self._need = np.zeros((PLAN_KINDS, _LAGS))
        self._asked, self._plan, self._care = np.zeros(_LAGS), np.zeros(_LAGS), np.zeros(_LAGS)

    def step(self, moved: Moved, law: Law) -> Array:
        """Let a month pass; return the episodes that ended in it, by length."""
        for flow in (self._need, self._asked, self._plan, self._care):
            flow[..., -1] += flow[..., -2]
            flow[..., 1:-1] = flow[..., :-2].copy()
            flow[..., 0] = 0.0
        assessed, enquired = _since(law.assessments_end), _since(law.enquiries_end)
        # Who is enquired into comes back a month later.
        asked, plan, care = _shares(self._asked), _shares(self._plan), _shares(self._care)
        starting = moved.assessed[:, None] * assessed + moved.enquired[:, None] * enquired + moved.back[:, None] * asked
        need = self._need_plans(moved, starting, law.chances.plan_ends[:, None])
        late = moved.plan_stepped * plan + moved.home * care
        self._need[STEPPED] += late * (1.0 - moved.late_closed / max(float(late.sum()), moved.late_closed, _NOBODY))
        self._asked = moved.need_enquired @ need
        leave = moved.plan_closed + moved.plan_stepped + moved.plan_care
        self._plan = (
            _stay(self._plan, leave, moved.plan_open) + moved.enquired_plan * enquired + moved.back_plan * asked
        )
        self._care = _stay(self._care, moved.home + moved.care_ended, moved.care_open) + moved.need_care @ need
        self._care += moved.assessed_care * assessed + moved.enquired_care * enquired
        self._care += moved.back_care * asked + moved.plan_care * plan
        ended = moved.need_closed @ need + moved.back_closed * asked + moved.plan_closed * plan
        ended += moved.care_ended * care + moved.late_closed * _shares(late)
        return np.asarray(ended @ _BANDS)

    def _need_plans(self, moved: Moved, starting: Array, ends: Array) -> Array:
        """Let child in need plans go on for a month; return, by kind, shares of those who leave by months."""
        part = -np.expm1(-ends) / ends
        begun = (1.0 - part) / ends
        # Child-months of those there, and of those who begin in the month.
        exposed = self._need * part + starting * begun
        months = moved.need_open[:, None] * part + starting.sum(axis=1, keepdims=True) * begun
        leave = (moved.need_closed + moved.need_enquired + moved.need_care)[:, None] / np.maximum(months, _NOBODY)
        self._need = self._need * np.exp(-leave) + starting * np.exp(-leave / 2)
        return np.asarray(exposed / np.maximum(exposed.sum(axis=1, keepdims=True), _NOBODY))


def _shares(flow: Array) -> Array:
    return np.asarray(flow / max(_NOBODY, float(flow.sum())))


def _stay(flow: Array, leave: float, there: float) -> Array:
    """Return who stays of a step that so many leave of all who are there."""
    return np.asarray(flow * np.exp(-max(0.0, leave) / max(there, _NOBODY)))


def _since(parts: Array) -> Array:
    """Return the parts of an assessment or enquiry by the month it ends in, for all months that are told apart."""
    return np.concatenate([parts, np.zeros(_LAGS - len(parts))])
