"""A child, and the timer that says when something next happens to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simpy.events import Event

from demandsim.vocabulary import ADULT, State

NEVER = float("inf")
Handlers = tuple[Callable[[Any], None]]


class Timer(Event):
    """A SimPy event that is used again and again for one child.

    A child has at most one pending event: the earliest of all that may come next. So the timer is rescheduled by its
    own handler and nothing is allocated per event. When something else overtakes it (a sibling is taken into care, an
    early help place comes free) the old timer is emptied of handlers and the child gets a new one.
    """

    __slots__ = ("callbacks", "child")
    # A timer never fails and carries no value. SimPy asks every event for both, so they stand on the class.
    _ok = True
    _value = None

    def __init__(self, child: Child) -> None:
        # Not Event.__init__: the fields it would set are the class's.
        self.child = child
        self.callbacks: Any = ()


class Child:
    """One child and its history with the authority. Times are days from the origin.

    Attributes:
        id: place in the fixed grid of candidate arrivals; keys every draw.
        adult_at: the eighteenth birthday.
        severity: latent, standard normal among first contacts.
        risk: exp(risk slope x severity), so handlers multiply instead of exponentiating.
        row: the draws of the present episode.
        first_plan_drawn: whether the row's child in need plan columns are used up.
        opened: when the open case began; None without one.
        need_known: whether that case has been found to be one of need.
        episodes, need_plans, enquiries, plans, periods, placements, missing: how often so far; they also key draws.
    """

    __slots__ = (
        "adult_at",
        "breakdown_at",
        "care_row",
        "care_started",
        "enquiries",
        "enquiry_row",
        "enquiry_started",
        "episodes",
        "exit_at",
        "family",
        "final_placement",
        "first_plan_drawn",
        "frailty",
        "id",
        "last_left_care",
        "last_referral",
        "late_review_due",
        "missing",
        "missing_at",
        "missing_row",
        "move_at",
        "need",
        "need_end",
        "need_known",
        "need_plan_row",
        "need_plans",
        "opened",
        "out_of_area",
        "period_placements",
        "periods",
        "phase_at",
        "placed_at",
        "placement",
        "placement_row",
        "placements",
        "plan_care_at",
        "plan_started",
        "plans",
        "previous_placed_at",
        "review_number",
        "review_row",
        "review_set_at",
        "risk",
        "route",
        "row",
        "severity",
        "state",
        "timer",
        "went_home",
    )

    def __init__(
        self, id: int, adult_at: float, severity: float, risk: float, need: int, row: tuple[int, ...]
    ) -> None:
        self.id = id
        self.adult_at = adult_at
        self.severity = severity
        self.risk = risk
        self.need = need
        self.row = row
        self.timer = Timer(self)
        self.family: list[Child] = []
        self.state: int = State.CLOSED
        self.first_plan_drawn = False
        self.need_known = False
        self.opened: float | None = None
        self.last_referral = -NEVER
        self.last_left_care = -NEVER
        self.went_home = -NEVER
        self.need_end = -NEVER
        self.breakdown_at = NEVER
        self.episodes = self.need_plans = self.enquiries = self.plans = 0
        self.periods = self.placements = self.missing = 0

    def age(self, now: float) -> int:
        """Return the age in whole years, at most 18."""
        years = int(18.0 - (self.adult_at - now) / 365.25)
        return 18 if years > 18 else 0 if years < 0 else years


def adult_at(now: float, age: float) -> float:
    """Return the day of the eighteenth birthday of a child of that age (years) now."""
    return now + ADULT - age * 365.25
