"""The years of a scenario in expected values, a month at a time."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray

from demandsim.meanfield import looked_after
from demandsim.meanfield.budget import month_of_spend
from demandsim.meanfield.demand import against_2013_14, families_in_month, growth_of_children
from demandsim.meanfield.episodes import Episodes
from demandsim.meanfield.full import Spilled
from demandsim.meanfield.grid import AGES, NEEDS, nothing
from demandsim.meanfield.help import positive_part
from demandsim.meanfield.kernels import MONTH
from demandsim.meanfield.law import Law
from demandsim.meanfield.looked_after import Outcomes
from demandsim.meanfield.pathway import Entering, Pathway
from demandsim.meanfield.places import Places, conferences_a_week
from demandsim.meanfield.plans import LAGS as PLAN_LAGS
from demandsim.meanfield.pressure import Load, pressure_of
from demandsim.meanfield.resources import ExpectedBudget, ExpectedPractice, ExpectedTeam
from demandsim.meanfield.rules import Rules, Values
from demandsim.meanfield.seeds import clustering, first_contacts, known_children, long_stays, needs
from demandsim.meanfield.siblings import joining
from demandsim.meanfield.workforce import hours_wanted, visits_due
from demandsim.model.arrivals import BURN_IN_YEARS
from demandsim.model.simulate import calendar_of, levers_of
from demandsim.model.warm_up import FILLING_MONTHS, SEED_YEARS
from demandsim.records import Count, Stock
from demandsim.results.tables import YEARS_BEFORE
from demandsim.scenario.scenario import Scenario
from demandsim.state.world import WEEK
from demandsim.vocabulary import LeavingRoute, Need, Placement, SpendCause, State

Array = NDArray[np.float64]

_YEAR = 12
FIRST_MONTH = _YEAR * SEED_YEARS
_FIRST_REAL = _YEAR * (SEED_YEARS - BURN_IN_YEARS)
#: Months before the pathway runs in which what little comes of long stays is followed through all of it.
_RUN_UP = 12
#: Days after which a case has waited long.
_LONG = 7.0
FIRST_KEPT = FIRST_MONTH - _YEAR * YEARS_BEFORE


class Run:
    """One authority's children's services in expected values, from long before the start of the scenario to its end.

    Args:
        scenario: which.
        over_again: how many times its last year is lived through again after its end.

    Attributes:
        index: of the month, among all that are lived through.
        month: of the calendar; those of the last year come again and again.
        counts, stocks, states, spend: of every month, for the tables.
        followed: what those who became looked after come to, of every month.
    """

    first_month = FIRST_MONTH
    rules: Rules
    law: Law

    def __init__(self, scenario: Scenario, over_again: int = 0) -> None:
        self.calendar = calendar_of(scenario.start, scenario.years)
        self.levers = levers_of(scenario, self.calendar)
        self._last_year = FIRST_MONTH + _YEAR * (scenario.years - 1)
        self.months = self._last_year + _YEAR * (1 + over_again)
        self.index = self.month = 0
        self.month_end = self.calendar.month_starts[1]
        self.pathway = Pathway(self.months, Episodes())
        self._take(self.levers.base, None)
        children = self.values["population.children"]
        self.team = ExpectedTeam(self.values, children)
        self.practice = ExpectedPractice(FIRST_MONTH)
        self.load = Load(self.values["pressure.reference"])
        self.budget = ExpectedBudget(self.levers.at(0), children)
        self.places, self.spilled, self.staying_on = Places(), Spilled(), looked_after.StayingOn(self.months)
        self.counts = np.zeros((self.months, Count.words.size))
        self.entered = np.zeros((self.months, NEEDS, AGES))
        self.followed = np.zeros((self.months, looked_after.ROWS))
        self.states = np.zeros((self.months, State.words.size))
        self.state_days_of = np.zeros_like(self.states)
        self.placed_days_of = np.zeros((self.months, Placement.words.size))
        self.spend = np.zeros((self.months, SpendCause.words.size))
        self.stocks = np.zeros((self.months, Stock.words.size))
        #: Chances that a review whose day is set in the month will be late, and reviews held for a plan open so long.
        self.late, self.reviewed_by_lag = np.zeros(self.months), np.zeros((self.months, PLAN_LAGS))
        self.plans_by_lag = np.zeros((self.months, PLAN_LAGS))
        #: Of every month that is counted: children referred, and what was true.
        self.referred: list[Array] = []
        self.laws: list[Law] = []
        #: Returns home in each month, those of them that break down within five years, and the breakdowns of returns
        #: home in the same year.
        self.home = np.zeros((self.months, 3))
        self._care_seeds, self._disabled_seeds = long_stays(self.values)
        self._known = known_children(self.values)
        self._new = np.zeros(self.months)  # children first contacted about
        #: Part of those who became looked after in each month who did with a sibling.
        self.joined = np.zeros(self.months)
        self._joining = joining(self.law, self.values)

    # -- what the ledger asks of a world ----------------------------------------------------------------------------

    @property
    def now(self) -> float:
        """Return the moment that is looked at: the month's end, when its money is counted."""
        return self.month_end

    @property
    def placed_days(self) -> Sequence[float]:
        return self.placed_days_of[self.index].tolist()

    @property
    def state_days(self) -> Sequence[float]:
        return self.state_days_of[self.index].tolist()

    def _readiness(self, values: Values) -> float:
        """Return how readily enquiries are made this month, as a ratio to 2013-14."""
        return against_2013_14(values, "enquiry", self.month - FIRST_MONTH)

    def growth(self) -> float:
        return growth_of_children(self.values, self.now)

    # -- months -----------------------------------------------------------------------------------------------------

    def to_end(self) -> None:
        """Let every month pass."""
        top_up, came_back = 0.0, 0.0
        none = nothing()
        while self.index < self.months:
            month, pathway = self.index, self.pathway
            past_end = max(0, month - self._last_year)
            self.month = month - past_end + past_end % _YEAR
            self.month_end = self.calendar.month_starts[self.month + 1]
            pathway.counting = month >= FIRST_KEPT
            if month >= FIRST_MONTH:
                self._open()
            else:
                self._look_back()
            if month < _FIRST_REAL:
                step = pathway.long_stays if month < _FIRST_REAL - _RUN_UP else pathway.month
                self._note(step(self.law, Entering(none, self._care_seeds, self._disabled_seeds)))
                continue
            first = self._first_contacts()
            new = float(first.sum())
            contacts, seeded = first, 0.0
            if month < FIRST_MONTH:
                seeded = self._seeded(new, came_back)
                contacts = first + seeded * self._known
            self._new[month] = new
            latest = self._new[month - len(self._joining) + 1 : month + 1]
            with_siblings = (latest[::-1] @ self._joining).tolist()
            seeds = (top_up * self._care_seeds, top_up * self._disabled_seeds)
            entering = Entering(contacts, *seeds, joining=(with_siblings[0], with_siblings[1], with_siblings[2]))
            care = pathway.month(self.law, entering)
            self.joined[month] = sum(with_siblings) / max(1e-12, float(care.sum()))
            came_back = pathway.contacts - float(contacts.sum())
            top_up = self._short(float(care.sum())) if month - _FIRST_REAL < FILLING_MONTHS else 0.0
            self._note(care)

    def _look_back(self) -> None:
        """Let enquiries be made as readily as they were before the start."""
        readiness = self._readiness(self.values)
        if readiness != self.rules.readiness:
            self.rules = Rules(self.values, readiness=readiness)
            self.law = self.law.at(self.rules)

    def _first_contacts(self) -> Array:
        start, month = self.calendar.month_starts[self.month], self.month - FIRST_MONTH
        families = families_in_month(self.values, month, start, growth_of_children(self.values, start))
        return families * self._a_family

    def _seeded(self, new: float, came_back: float) -> float:
        """Return the contacts about known children that the pathway can't supply yet; see `model.past`."""
        values = self.values
        a_year = values["start.contacts"] * values["population.children"] / 1e4
        missing = a_year * values["demand.monthly_shape"][self.month % _YEAR] - new - came_back
        return positive_part(missing, float(np.sqrt(self.law.clustering * new + came_back)))

    def _short(self, started: float) -> float:
        """Return what is short of the starts of care that the parameters say, as a share of them."""
        expected = float(self._care_seeds.sum())
        return positive_part(expected - started, float(np.sqrt(started))) / max(expected, 1e-12)

    def _take(self, values: Values, rules: Rules | None) -> None:
        """Let values be in force, from scratch."""
        self.values = values
        self.rules = rules or Rules(values)
        self.law = Law(self.rules, clustering(values))
        other = 1.0 - float(needs(values)[1])
        self._outcomes = Outcomes(self.rules, self.law.stays, values["demand.need"][Need.BEHAVIOUR] / max(other, 1e-12))
        self._a_family = first_contacts(values, 1.0)

    def _open(self) -> None:
        """Let staff, courts and money have moved, and take from them what they do to this month's work."""
        month, start = self.index, self.calendar.month_starts[self.month]
        values = self.levers.at(start)
        children = values["population.children"] * growth_of_children(values, start)
        if month == FIRST_MONTH:
            self._start()
        before = self.followed[month - 1]
        heard = max(values["court.capacity"] * children / 1e4, 1.0)
        waiting = float(before[looked_after.BEFORE_COURT]) * self.apart(month - 1)
        court = 1.0 + positive_part(waiting / heard - 1.0, np.sqrt(waiting) / heard)
        pressure = pressure_of(values, self.load, self.practice, month, 1.0 - self.budget.cut, court)
        rules = Rules(values, pressure, self._readiness(values))
        if month % _YEAR == 0 or values != self.values:
            self._take(values, rules)
        else:
            self.rules = rules
            self.law = self.law.at(rules)
        if month == FIRST_MONTH:
            self.places.open_doors(values, children)
        else:
            self.places.month(values, before[looked_after.PLACED :].tolist())
        # The last in a week is booked while part of its place is left.
        self.pathway.most_conferences = ceil(conferences_a_week(values, children)) / WEEK * MONTH
        self.team.set_posts(values, children)
        self.team.month(month, self.team.leave_rate(pressure.turnover), self.budget.frozen)

    def _start(self) -> None:
        """Settle what becomes of those looked after at the start."""
        self.pathway.history = self.law
        followed = self._outcomes.follow(self.entered[:FIRST_MONTH], self.months)
        self.followed += followed
        for month in range(FIRST_KEPT - 1, FIRST_MONTH):
            self.states[month, State.LOOKED_AFTER] = followed[month, looked_after.PLACED :].sum()

    # -- counting ---------------------------------------------------------------------------------------------------

    def _note(self, care: Array) -> None:
        """Count a month; of one after the start, its hours and money as well."""
        month, pathway = self.index, self.pathway
        self.entered[month] = care.sum(axis=(0, 2))
        self.counts[month] = pathway.count
        states = self.states[month]
        states[State.ASSESSMENT] = pathway.assessing.inside.sum() + pathway.unallocated.inside.sum()
        states[State.ENQUIRY] = pathway.enquiring.inside.sum() + pathway.booked_later.inside.sum()
        states[State.CHILD_IN_NEED] = pathway.need.open.sum() + pathway.at_home
        states[State.PROTECTION_PLAN] = pathway.plans.stock
        self.home[month, 0] = pathway.went_home.sum()
        self.home[month, 1] = pathway.destined
        # The latest returns, month by month, first; those before the year's first month are left out.
        self.home[month, 2] = pathway.broken_by_lag[: month % _YEAR].sum()
        self.counts[month, Count.REFERRAL] = pathway.referrals
        if pathway.counting:
            self.referred.append(pathway.referred)
            self.laws.append(self.law)
            self.late[month] = self.law.rules.review_late
            self.reviewed_by_lag[month] = self.law.reviews.of_open
            self.plans_by_lag[month] = pathway.plans.by_lag[::-1]
        if month >= FIRST_MONTH:
            self.followed[month] += self._outcomes.after(self.entered[FIRST_MONTH : month + 1])
            self._place(self.followed[month])
            row = self.followed[month]
            left = row[looked_after.ROUTES : looked_after.LENGTHS].sum() - row[LeavingRoute.HOME]
            pathway.in_care = float(row[looked_after.PLACED :].sum())
            pathway.left_care = max(0.0, float(left - row[looked_after.LEAVERS]))
            self.counts[month, Count.NEED_ENDED_BAND : Count.NEED_ENDED_BAND + 5] = pathway.ended_by_length
            states[State.LOOKED_AFTER] = self.followed[month, looked_after.PLACED :].sum()
            self._close()
        self._stocks()
        self.index += 1

    def apart(self, month: int) -> float:
        """Return applications to court, one a family, for each child about whom there is one."""
        started = max(1e-12, float(self.entered[month].sum()))
        in_court = self.followed[month, looked_after.APPLIED] / started
        # A sibling adds an application if there is none about the child it came with.
        return float(1.0 - self.joined[month] * in_court)

    def _place(self, row: Array) -> None:
        """Let children live elsewhere where places are full, move on from there sooner, and leave care later."""
        ages, wanted = row[looked_after.CARE_AGE : looked_after.THREE_PLACES], row[looked_after.PLACED :]
        children, over_five = max(1e-12, float(wanted.sum())), float(ages[2:].sum() / max(1e-12, ages.sum()))
        sooner = 1.0 + (self.rules.spill_moves - 1.0) * self.spilled.living.sum() / children
        row[looked_after.MOVES] *= sooner
        # A move, and within the year another.
        row[looked_after.THREE_PLACES] *= sooner ** (1.0 + self.rules.move_time.shape)
        anew = float(self.entered[self.index].sum() + row[looked_after.MOVES])
        row[looked_after.PLACED :], full = self.spilled.step(wanted, self.places.limit, anew, over_five)
        self.counts[self.index, Count.PLACED_FIRST_FULL] = full
        elsewhere = float(self.spilled.living.sum()) / children
        self.staying_on.step(row, self.rules.spill_delay / MONTH, full / max(anew, 1e-12), elsewhere)

    def _unallocated(self, cases: float, days: float) -> None:
        """Count cases beyond what the team can hold: they wait, but for no longer than the longest wait.

        Who has waited that long is looked for once a week.
        """
        row, longest = self.stocks[self.index], self.values["workforce.longest_wait"] + WEEK / 2
        begun = float(self.counts[self.index, Count.ASSESSMENT_STARTED])
        most = begun / days * longest
        # Cases vary as the number that come in the time that one lasts.
        beyond = positive_part(cases - self.team.room, float(np.sqrt(self.law.clustering * cases)))
        waiting = self.pathway.no_worker = row[Stock.UNALLOCATED] = most * -np.expm1(-beyond / max(most, 1e-12))
        row[Stock.UNALLOCATED_LONG] = waiting * max(0.0, 1.0 - _LONG / max(longest, _LONG))
        self.counts[self.index, Count.UNALLOCATED_DAYS] = waiting * days

    def _stocks(self) -> None:
        """Write down the stocks of the month's end that are not of children in care."""
        row, pathway, team = self.stocks[self.index], self.pathway, self.team
        row[Stock.EARLY_HELP] = pathway.help.helped
        row[Stock.EARLY_HELP_WAITING] = pathway.help.waiting.sum() + pathway.just_asked
        row[Stock.POSTS], row[Stock.IN_POST] = team.posts, team.in_post
        row[Stock.NEWLY_QUALIFIED], row[Stock.AGENCY_WORKERS] = team.newly_qualified, team.agency
        row[Stock.CASES_ROOM] = team.room
        row[Stock.RESERVES], row[Stock.FORECAST] = self.budget.reserves, self.budget.forecast
        row[Stock.PLACES_OWN : Stock.PLACES_OWN + 3] = self.places.offered()

    def _close(self) -> None:
        """Balance the month's hours, and its money; as the simulation does."""
        month, values, count = self.index, self.values, self.counts[self.index]
        days = self.month_end - self.calendar.month_starts[self.month]
        self.state_days_of[month] = (self.states[month - 1] + self.states[month]) / 2 * days
        placed = self.followed[month - 1 : month + 1, looked_after.PLACED :]
        self.placed_days_of[month] = placed.mean(axis=0) * days
        count[Count.APPLICATION] = self.followed[month, looked_after.APPLIED] * self.apart(month)
        count[Count.INTERVIEWED] = self.followed[month, looked_after.MISSING] * values["missing.interviewed"]
        supplied = self.team.hours(days)
        wanted = hours_wanted(values, count.tolist(), self.state_days)
        cases = float(self.states[month, State.ASSESSMENT : State.LOOKED_AFTER + 1].sum())
        self.load.note(wanted, supplied, cases / max(self.team.room, 1.0))
        count[Count.HOURS_SUPPLIED], count[Count.HOURS_WANTED] = supplied, wanted
        count[Count.HOURS_USED] = min(wanted, supplied)
        due = count[Count.VISIT_DUE] = visits_due(self.state_days)
        count[Count.VISIT_MISSED] = due * (1.0 - self.load.speed)
        count[Count.STAFF_LEFT], count[Count.STAFF_JOINED] = self.team.left, self.team.joined
        self._unallocated(cases, days)
        spent = month_of_spend(self)
        self.spend[month] = spent
        self.budget.month(self, spent)
        count[Count.PREVENTION_CUT] = self.budget.withheld
