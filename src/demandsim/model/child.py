"""A child, which is also the event that SimPy has in its queue: what next happens to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from demandsim.draws import Row
from demandsim.vocabulary import State

NEVER = float("inf")
Handlers = tuple[Callable[[Any], None]]


@dataclass(slots=True, eq=False)
class Child:
    """One child and its history with the authority. Times are days from the origin.

    A child has at most one pending event: the earliest of all that may come next. So it is its own event, which costs
    no object and no look-up. It has what SimPy's loop asks of an event, and nothing of the rest: no process ever waits
    for a child.

    Attributes:
        id: place in the fixed grid of candidate arrivals; keys every draw.
        adult_at: the eighteenth birthday.
        severity: latent, standard normal among first contacts.
        risk: exp(risk slope x severity), so handlers multiply instead of exponentiating.
        need: primary need.
        row: the draws of the present episode.
    """

    id: int
    adult_at: float
    severity: float
    risk: float
    need: int
    row: Row

    # The pending event: its handlers, None if there is none, as for any event of SimPy; and minus the moment when it is
    # due. It never fails, which the loop sees soonest in a field, and carries no value.
    callbacks: Any = field(init=False, default=None)
    soonness: float = field(init=False)
    _ok: bool = field(init=False, default=True)
    _value: ClassVar[None] = None

    state: int = State.CLOSED
    opened: float | None = None  # when the open case began
    known: bool = False  # referred in an earlier episode
    need_known: bool = False  # the open case has been found to be one of need
    first_plan_drawn: bool = False  # the row's child in need plan columns are used up
    need_end: float = -NEVER  # of the present or interrupted child in need plan
    unallocated: bool = False  # waits for a worker
    breakdown_at: float = NEVER  # when the return home will fail
    last_referral: float = -NEVER
    last_left_care: float = -NEVER
    went_home: float = -NEVER

    # How often so far; they also key the draws.
    episodes: int = 0
    need_plans: int = 0
    enquiries: int = 0
    plans: int = 0
    periods: int = 0
    placements: int = 0
    missing: int = 0

    # Set when the stage they belong to begins.
    need_plan_row: Row = field(init=False)
    enquiry_row: Row = field(init=False)
    enquiry_started: float = field(init=False)
    plan_started: float = field(init=False)
    plan_care_at: float = field(init=False)
    review_row: Row = field(init=False)
    review_number: int = field(init=False)
    review_set_at: float = field(init=False)
    late_review_due: float = field(init=False)
    care_row: Row = field(init=False)
    care_started: float = field(init=False)
    route: int = field(init=False)
    exit_at: float = field(init=False)
    phase_at: float = field(init=False)
    final_placement: int = field(init=False)
    frailty: float = field(init=False)
    placement_row: Row = field(init=False)
    placement: int = field(init=False)
    placed_at: float = field(init=False)
    previous_placed_at: float = field(init=False)
    period_placements: int = field(init=False)
    out_of_area: bool = field(init=False)
    move_at: float = field(init=False)
    missing_row: Row = field(init=False)
    missing_at: float = field(init=False)

    def age(self, now: float) -> int:
        """Return the age in whole years; 0 before birth. Nobody is asked for it after 18."""
        return int(18.0 - (self.adult_at - now) / 365.25)
