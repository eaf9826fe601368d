"""Social workers: posts, the people in them, how many cases they can hold, and the hours they have.

Workers are case managers, not servers: each holds many open cases. So there are two limits. Allocation: a case waits
until the team has room for one more. Hours: when the work of a month is more than the hours there are, everything slows
and visits are missed.
"""

from __future__ import annotations

from collections.abc import Sequence

from demandsim.draws import Draws, Stage
from demandsim.model.rules import Values
from demandsim.records import Count
from demandsim.vocabulary import DAYS_A_YEAR, State

MONTHS_A_YEAR = 12.0
UNLIMITED = float("inf")
#: A worker's first year of practice, in months.
FIRST_YEAR = 12
#: Visits due each week: to a child on a plan every ten working days; to others every six weeks.
_PLAN_VISITS, _OTHER_VISITS = 0.5, 1 / 6


class Team:
    """The social workers of one authority.

    A post is keyed by its number, so that more posts leave the luck of the others alone.

    Args:
        draws: the replication's draws.
        values: parameters in force.
        children: in the authority on the first day.
    """

    __slots__ = (
        "_draws",
        "agency",
        "in_post",
        "joined",
        "left",
        "newly_qualified",
        "posts",
        "room",
        "values",
        "workers",
    )

    def __init__(self, draws: Draws, values: Values, children: float) -> None:
        self._draws = draws
        self.values = values
        #: Months in post of each post's worker; None where it is vacant. Long in post is more than a first year.
        self.workers: list[int | None] = []
        self.posts: float = 0
        self.left: float = 0
        self.joined: float = 0
        self.newly_qualified: float = 0
        self.set_posts(values, children)
        # In their first year are those recruited newly qualified within it: turnover, spread evenly over the year.
        first_year = values["workforce.turnover"] * values["workforce.newly_qualified"]
        for post in range(len(self.workers)):
            vacant, new, months, _ = draws.row(post, Stage.STAFF, 0)
            if vacant >= values["workforce.vacancies"]:
                self.workers[post] = int(months * FIRST_YEAR) if new < first_year else FIRST_YEAR
        self._count()

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

    def month(self, month: int, turnover: float, freeze: float) -> None:
        """Let a month pass: workers leave at a yearly rate of `turnover`; vacant posts are filled, unless a freeze
        holds them back, up to as many as it may leave vacant.
        """
        values = self.values
        frozen = freeze > 0 and self.posts - self.in_post < values["budget.most_vacant"] * self.posts
        leaves = 1.0 - (1.0 - min(turnover, 0.999)) ** (1 / MONTHS_A_YEAR)
        joins = 0.0 if frozen else min(1.0, 1.0 / values["workforce.recruitment_months"])
        rows = [self._draws.row(post, Stage.STAFF, month)[:3] for post in range(len(self.workers))]
        newly_qualified = values["workforce.newly_qualified"]
        self.left = self.joined = 0
        for post, ((leaving, joining, new), worker) in enumerate(zip(rows, self.workers, strict=True)):
            if worker is None:
                if joining < joins:
                    self.workers[post] = 0 if new < newly_qualified else FIRST_YEAR
                    self.joined += 1
            elif leaving < leaves:
                self.workers[post] = None
                self.left += 1
            else:
                self.workers[post] = worker + 1
        self._count(self.agency if frozen else UNLIMITED)

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
