"""Social workers: posts, the people in them, how many cases they can hold, and the hours they have.

Workers are case managers, not servers: each holds many open cases. So there are two limits. Allocation: a case waits
until the team has room for one more. Hours: when the work of a month is more than the hours there are, everything slows
and visits are missed.
"""

from __future__ import annotations

from collections.abc import Sequence

from demandsim.meanfield.rules import Values
from demandsim.records import Count
from demandsim.vocabulary import DAYS_A_YEAR, State

MONTHS_A_YEAR = 12.0
UNLIMITED = float("inf")
#: A worker's first year of practice, in months.
FIRST_YEAR = 12
#: Visits due each week: to a child on a plan every ten working days; to others every six weeks.
_PLAN_VISITS, _OTHER_VISITS = 0.5, 1 / 6


class Team:
    """The social workers of one authority."""

    workers: list[int | None]
    posts: float
    left: float
    joined: float

    def set_posts(self, values: Values, children: float) -> None:
        """Open or delete posts so that there are as many as the scenario pays for; vacant ones are deleted first."""
        self.values = values
        self.posts = posts = round(values["workforce.posts"] * children / 1e4)
        while len(self.workers) < posts:
            self.workers.append(None)
        surplus = len(self.workers) - posts
        if surplus:
            for post in range(len(self.workers) - 1, -1, -1):
                if surplus and self.workers[post] is None:
                    del self.workers[post]
                    surplus -= 1
            del self.workers[posts:]
        self.in_post = self._there()

    def _count(self, most_agency: float = UNLIMITED) -> None:
        """Count who is there; a freeze brings in no more agency workers than there were."""
        values = self.values
        self.in_post = self._there()
        self.newly_qualified = self._first_year()
        self.agency = min(most_agency, values["workforce.agency_cover"] * (self.posts - self.in_post))
        self.room = values["workforce.caseload"] * self.strength

    def _there(self) -> float:
        return len(self.workers) - self.workers.count(None)

    def _first_year(self) -> float:
        return sum(worker is not None and worker < FIRST_YEAR for worker in self.workers)

    @property
    def strength(self) -> float:
        """Return the workers there, agency cover included, those in their first year at what they carry."""
        lighter = 1.0 - self.values["workforce.newly_qualified_load"]
        return float(self.in_post - lighter * self.newly_qualified + self.agency)

    def hours(self, days: float) -> float:
        """Return the client-related hours of so many days."""
        well = 1.0 - self.values["workforce.sickness"]
        return float(self.strength * self.values["workforce.hours"] * well * days / DAYS_A_YEAR)

    def leave_rate(self, pressure: float) -> float:
        return float(self.values["workforce.turnover"] * pressure)


def hours_wanted(values: Values, count: Sequence[float], state_days: Sequence[float]) -> float:
    """Return the hours that a month's work needs: so much for each event, and for each month of a plan or of care."""
    month = DAYS_A_YEAR / MONTHS_A_YEAR
    events = (
        values["hours.contact"] * count[Count.CONTACT]
        + values["hours.referral"] * count[Count.REFERRAL]
        + values["hours.assessment"] * count[Count.ASSESSMENT_STARTED]
        + values["hours.enquiry"] * count[Count.ENQUIRY]
        + values["hours.conference"] * (count[Count.CONFERENCE] + count[Count.REVIEW])
        + values["hours.proceedings"] * count[Count.APPLICATION]
        + values["hours.interview"] * count[Count.INTERVIEWED]
    )
    held = (
        values["hours.need_month"] * state_days[State.CHILD_IN_NEED]
        + values["hours.plan_month"] * state_days[State.PROTECTION_PLAN]
        + values["hours.care_month"] * state_days[State.LOOKED_AFTER]
    )
    return float(events + held / month)


def visits_due(state_days: Sequence[float]) -> float:
    """Return the visits due in a month."""
    others = state_days[State.CHILD_IN_NEED] + state_days[State.LOOKED_AFTER]
    return (_PLAN_VISITS * state_days[State.PROTECTION_PLAN] + _OTHER_VISITS * others) / 7.0
