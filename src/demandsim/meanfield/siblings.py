"""Brothers and sisters who become looked after with a child.

What one child's family shares with it is the moment of the first contact and part of the severity. Given that part, the
children of a family are followed apart: so the chance that one becomes looked after while another's case is open is the
mean, over what families share, of the product of the two. Ages are left out: means over them are taken as they go by.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from demandsim.meanfield.chances import LONG, STEPPED
from demandsim.meanfield.grid import (
    BANDS,
    FIRST,
    KNOWN,
    NEW,
    OTHER,
    SEVERITY,
    older,
    severity_moves,
    siblings_by_age,
    under_eighteen,
    with_siblings,
)
from demandsim.meanfield.law import Law

Array = NDArray[np.float64]

#: Months since the first contact after which families are followed no longer.
_MONTHS = 60
_POINTS = len(SEVERITY)


class _Month(NamedTuple):
    """Parts of children, by severity at the first contact: who becomes looked after, and whose case is open."""

    cared: Array
    assessed: Array
    in_need: Array
    on_plans: Array


class _Followed:
    """Children from their first contact on, by severity then and now; means over ages."""

    def __init__(self, law: Law, ages: Array) -> None:
        chances = self.chances = law.chances
        self._ages = ages
        self._grow()
        self._plan_ends = 1.0 / (0.5 + float(law.reviews.left.sum()))
        self.need = np.zeros((STEPPED + 1, _POINTS, _POINTS))
        self.plan = np.zeros((_POINTS, _POINTS))
        self._last, self._before = np.zeros((_POINTS, _POINTS)), np.zeros((_POINTS, _POINTS))
        self._long = np.zeros((len(chances.returns.stays), _POINTS, _POINTS))

    def _grow(self) -> None:
        """Let a month pass in the ages on which falling into care depends."""
        chances, ages = self.chances, self._ages / self._ages.sum()
        self._falls = (ages @ chances.need_to_care) * chances.risk[:, 0]
        self._plan_falls = chances.plan_to_care @ ages
        self._assessed_falls = chances.assessment_to_care @ ages
        self._enquired_falls = chances.enquiry_to_care @ ages
        self._ages = self._ages @ older(1.0)

    def _of(self, table: Array, history: int) -> Array:
        return np.asarray(table[history, 0, :, 0], dtype=np.float64)

    def month(self, contacts: Array, history: int) -> _Month:
        """Let a month pass; contacts are by severity at the first and now."""
        chances = self.chances
        referred = contacts * self._of(chances.referred, history)
        assessed = referred * self._of(chances.assessed, history)
        enquired = referred * self._of(chances.enquired_at_once, history)
        # What was begun goes on first: child in need plans, and child protection plans.
        ends = chances.plan_ends[: STEPPED + 1, None, None]
        concerns = chances.concerns[0, KNOWN, :, 0]
        leave = ends + concerns + self._falls
        out = self.need * -np.expm1(-leave)
        fell, raised = (out / leave * self._falls).sum(axis=0), (out / leave * concerns).sum(axis=0)
        closed = (out / leave * ends).sum(axis=0)
        self.need -= out
        leave_plan = self._plan_ends + self._plan_falls
        out_plan = self.plan * -np.expm1(-leave_plan)
        fell_plan = out_plan / leave_plan * self._plan_falls
        ended = out_plan - fell_plan
        self.plan -= out_plan
        # Then assessments and enquiries, which take about a month.
        planned = self._of(chances.planned_for, history)
        by_enquiry = (enquired + raised) * self._enquired_falls
        through = enquired + raised - by_enquiry
        unfounded = enquired * (1 - self._enquired_falls) * (1 - chances.substantiated)
        judged = assessed + unfounded
        by_assessment = judged * planned * self._assessed_falls
        begun = judged * planned - by_assessment + raised * (1 - self._enquired_falls) * (1 - chances.substantiated)
        self.plan += through * chances.substantiated * chances.conference_plan
        begun += through * chances.substantiated * (1 - chances.conference_plan)
        self.need[: LONG + 1] += chances.begun_as[: LONG + 1, OTHER, None, None] * begun
        self.need[STEPPED] += ended * (1 - chances.closed_outright)
        self._close(contacts, referred, closed + ended * chances.closed_outright, judged, history)
        self._grow()
        cared = fell + fell_plan + by_enquiry + by_assessment
        in_need = self.need.sum(axis=0).sum(axis=1)
        return _Month(cared.sum(axis=1), (assessed + enquired).sum(axis=1), in_need, self.plan.sum(axis=1))

    def _close(self, contacts: Array, referred: Array, closed: Array, judged: Array, history: int) -> None:
        chances = self.chances
        coming = contacts * self._of(chances.no_action, history) * chances.back_no_action[:, 0]
        asked = contacts * self._of(chances.asks_for_help, history)
        asked = asked + judged * self._of(chances.stepped_down, history)
        coming += asked * chances.back_helped[:, 0]
        coming += referred * self._of(chances.not_acted_on, history) * chances.back_referral[:, 0]
        coming += judged * self._of(chances.not_in_need, history) * chances.back_not_in_need[:, 0]
        coming += closed * chances.back_closed[KNOWN, 0, :, 0]
        law = chances.returns
        self._long = law.stays[:, None, None] * self._long + law.weights[:, None, None] * self._before
        self._before, self._last = self._last, coming @ chances.moves

    def back(self) -> Array:
        law: Any = self.chances.returns
        long = np.tensordot(1 - law.stays, self._long, axes=1)
        return np.asarray(long + law.first[0] * self._last + law.first[1] * self._before, dtype=np.float64)


def joining(law: Law, values: Mapping[str, Any]) -> Array:
    """Return how many become looked after with a sibling, for each child first contacted about, by months since.

    Those being assessed, those on child in need plans and those on child protection plans are apart; (months, three).
    """
    present = _present(values)
    ages = np.einsum("oa->a", present) / present.sum()
    followed = _Followed(law, ages)
    months = [followed.month(np.eye(_POINTS), NEW)]
    months += [followed.month(followed.back(), KNOWN) for _ in range(_MONTHS - 1)]
    cared, assessed, *at_home = (np.array(part) for part in zip(*months, strict=True))
    share = severity_moves(float(np.sqrt(values["severity.sibling_correlation"])))
    # Within a month one child's assessment ends before the other's, or after it: half of each.
    with_assessed = (cared @ share.T) * (assessed @ share.T) / 2
    joined = [with_assessed @ FIRST]
    for there in at_home:
        over_month = (there + np.concatenate([np.zeros((1, _POINTS)), there[:-1]])) / 2
        joined.append(((cared @ share.T) * (over_month @ share.T)) @ FIRST)
    others = _others(values, present)
    joins = law.rules.siblings_join * others[:, None]
    return np.asarray(joins * np.stack(joined, axis=1), dtype=np.float64)


def _others(values: Mapping[str, Any], present: Array) -> Array:
    """Return how many siblings under 18 a child has that becomes looked after, by months since the first contact.

    More of those who do are very young or over 16 than of others, so that counts for what it does to their chances.
    """
    order = np.arange(len(present))
    as_large = np.array(values["demand.family_size"])[::-1].cumsum()[::-1]
    falls = np.array(values["care.age_effect"])[BANDS]
    each = np.tensordot(values["demand.age"], with_siblings(), axes=1) @ falls
    both = each * as_large[np.maximum(order[:, None], order)] * (order[:, None] != order)
    whole = float((present @ falls).sum())
    # Of a pair, the older is the first to turn 18.
    older_ones = order @ present
    if not whole or not older_ones.sum():
        return np.zeros(_MONTHS)  # nobody becomes looked after, or no child has a sibling
    first = float(both.sum()) / whole
    return np.asarray(first * (under_eighteen(_MONTHS) @ older_ones) / older_ones.sum(), dtype=np.float64)


def _present(values: Mapping[str, Any]) -> Array:
    """Return children under 18 of a family first contacted about, by order of birth and age bin."""
    young, old = siblings_by_age()
    as_large = np.array(values["demand.family_size"])[::-1].cumsum()[::-1]
    return np.asarray(as_large[:, None] * np.tensordot(young + old, values["demand.age"], axes=([1], [0])))
