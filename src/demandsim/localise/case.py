"""A referral with the case it opened, and a child protection plan, as the children in need census has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True)
class Plan:
    """A child protection plan.

    Attributes:
        start, end: no end if it is open.
        before: plans that the child had before; None where that is not said.
        reviews: days of review conferences, in order.
        vanished: whether the next census no longer has it, so that it ended on an unknown day.
    """

    start: date
    end: date | None
    before: int | None
    reviews: list[date] = field(default_factory=list)
    vanished: bool = False


@dataclass(slots=True)
class Case:
    """A referral, and the case it opened.

    Attributes:
        child: joined id.
        referred, closed: no closing day if it is open.
        source, need, reason: codes ReferralSource, PrimaryNeedCode, ReasonForClosure.
        no_action: whether nothing followed from the referral.
        of: year of its return.
        file, line: where it stands.
        assessments: start and authorisation of each; initial ones apart.
        enquiries: strategy discussion, and conference if there was one.
        conferences: days of initial conferences that stand at the case and at no enquiry.
        plans: child protection plans.
        concluded: whether an enquiry was, by a conference or without one.
        vanished: whether the next census no longer has it, so that it closed on an unknown day.
    """

    child: str
    referred: date
    closed: date | None
    source: str
    need: str
    reason: str
    no_action: bool
    of: int
    file: str
    line: int
    assessments: list[tuple[date, date | None]] = field(default_factory=list)
    initial: list[tuple[date, date | None]] = field(default_factory=list)
    enquiries: list[tuple[date, date | None]] = field(default_factory=list)
    conferences: list[date] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    concluded: bool = False
    vanished: bool = False

    @property
    def weighed_up(self) -> bool:
        """Return whether somebody had come to a result about the child's needs."""
        assessed = any(end for _, end in (*self.assessments, *self.initial))
        return bool(assessed or self.concluded or self.conferences or self.plans)
