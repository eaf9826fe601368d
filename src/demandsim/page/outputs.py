"""What a page answers: its measures, how each is turned into a number to learn, and how near the answer must come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.results.measure import Quantity
from demandsim.results.measures import MEASURES
from demandsim.vocabulary import SpendLine

Array = NDArray[np.float64]

_COLUMN = {name: place for place, name in enumerate(MEASURES)}
#: Added to a count before its logarithm is taken, as a count may be nothing.
_COUNT_OFFSET = 1.0


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the page and the measures under it.

    Attributes:
        title: as printed.
        measures: ids, in order.
        folded: whether it is closed at first.
    """

    title: str
    measures: tuple[str, ...]
    folded: bool = False


#: The lines of spend, which add up to all of it.
SPEND = (
    "spend_prevention",
    "spend_social_work",
    "spend_fostering",
    "spend_residential",
    "spend_care_other",
    "spend_residual",
)
assert len(SPEND) == SpendLine.words.size
SECTIONS = (
    Section("Children", ("looked_after", "children_in_need", "plans")),
    Section("Demand, harm and unmet need", ("referrals", "exposure", "unserved")),
    Section("Social workers", ("workload", "unallocated", "caseload")),
    Section("Spend by line", SPEND),
    Section(
        "More on the front door and protection",
        (
            "re_referrals",
            "contacts_again",
            "assessed_in_time",
            "enquiries",
            "conferences_in_time",
            "plans_started",
            "plans_repeat",
        ),
        folded=True,
    ),
    Section(
        "More on care, placements and staff",
        (
            "care_started",
            "care_emergency",
            "care_ended",
            "left_home",
            "adoptions",
            "back_in_care",
            "fostered",
            "childrens_homes",
            "three_placements",
            "social_workers",
            "vacancy_rate",
        ),
        folded=True,
    ),
)
#: A line that has no measure of its own: what these two leave of the first.
_LEFT_OVER = {"spend_care_other": ("spend_looked_after", "spend_fostering", "spend_residential")}
_WORDS = {
    "spend_care_other": ("Looked after, other (residual)", "£ million a year"),
    "caseload": ("Cases for each worker", ""),
    "workload": ("Workload", "% of capacity"),
    "unallocated": ("Unallocated cases", ""),
    "spend_prevention": ("Prevention", ""),
    "spend_social_work": ("Social work", ""),
    "spend_fostering": ("Fostering", ""),
    "spend_residential": ("Children's homes and residential", ""),
    "spend_residual": ("Other intervention (residual)", ""),
    "back_in_care": ("Back in care within 5 years", ""),
    "unserved": ("Above early help threshold, no service", ""),
    "contacts_again": ("Contacts again within 12 months", ""),
}
_INDEX = "index, reference = 100"
_IN_TIME = frozenset({"assessed_in_time", "conferences_in_time"})
#: Shares that may go above 100: of what there is, not of what happens.
_OPEN_SHARES = frozenset({"workload", "contacts_again"})
#: How near the emulator's mean must come to the simulation's: a share of it, or points for shares in time.
_NEAR, _NEAR_RARE, _POINTS = 0.05, 0.10, 5.0
#: Of these there are few.
_RARE = frozenset({"adoptions", "plans_repeat", "back_in_care"})


@dataclass(frozen=True, slots=True)
class Output:
    """One measure of a page.

    Attributes:
        id, label, quantity, unit, definition: as the measure has them.
        share: whether it is a share between 0 and 100, learned in points; else its logarithm is.
        offset: added before the logarithm is taken.
        near: how near its mean must come: a share of the mean, or points.
        indexed: whether it is told as an index, 100 in the reference of the same year.
        withheld_by: parameters that act on something it leaves out: where they move, it is not told.
    """

    id: str
    label: str
    quantity: Quantity
    unit: str
    definition: str
    share: bool
    offset: float
    near: float
    indexed: bool = False
    withheld_by: tuple[str, ...] = ()

    @property
    def in_points(self) -> bool:
        """Return whether nearness is in points."""
        return self.id in _IN_TIME

    def learned(self, values: Array) -> Array:
        """Return values as they are learned."""
        return values if self.share else np.log(np.maximum(0.0, values) + self.offset)


def outputs() -> tuple[Output, ...]:
    """Return the measures of a page, in order."""
    return tuple(_output(name) for section in SECTIONS for name in section.measures)


def _output(name: str) -> Output:
    of = MEASURES[_LEFT_OVER[name][0] if name in _LEFT_OVER else name]
    label, unit = _WORDS.get(name, ("", ""))
    share = of.quantity is Quantity.SHARE and name not in _OPEN_SHARES
    near = _POINTS if name in _IN_TIME else _NEAR_RARE if name in _RARE or share else _NEAR
    offset = _COUNT_OFFSET if of.scales and of.quantity is not Quantity.MONEY else 0.01
    unit = _INDEX if of.indexed else unit or of.unit
    told = (name, label or of.label, of.quantity, unit, of.definition)
    return Output(*told, share, offset, near, of.indexed, of.withheld_by)


def taken(values: Array) -> Array:
    """Return the measures of a page from all measures, along the last axis. A share of nothing is not a number."""
    columns = []
    for one in outputs():
        if one.id in _LEFT_OVER:
            first, *rest = (values[..., _COLUMN[name]] for name in _LEFT_OVER[one.id])
            columns.append(first - sum(rest))
        else:
            columns.append(values[..., _COLUMN[one.id]])
    return np.stack(columns, axis=-1)


def scale_of_indices(reference: Array) -> Array:
    """Return what to multiply measures by, so that indices are 100 in the reference's mean: (year, measure)."""
    mean = np.nanmean(reference, axis=0)
    indexed = np.array([one.indexed for one in outputs()])
    return np.where(indexed & (mean > 0), 100 / np.where(mean > 0, mean, 1.0), 1.0)
