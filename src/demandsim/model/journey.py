"""The whole journey: every step's handler bound once, and the processes that make months and weeks pass."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date

import numpy as np
from simpy.events import Event

from demandsim.calendars import Calendar
from demandsim.draws import Draws
from demandsim.model import census
from demandsim.model.budget import Budget, month_of_spend
from demandsim.model.demand import (
    BURN_IN_YEARS,
    Mix,
    against_2013_14,
    families_in_month,
    growth_of_children,
    month_of_contacts,
)
from demandsim.model.early_help import EarlyHelp
from demandsim.model.front_door import FrontDoorSteps
from demandsim.model.levers import Levers
from demandsim.model.past import Past
from demandsim.model.places import conferences_a_week
from demandsim.model.pressure import Load, Practice, pressure_of
from demandsim.model.rules import Rules, Values, cumulative
from demandsim.model.spells import SpellBook, Spells
from demandsim.model.workforce import Team, hours_wanted, visits_due
from demandsim.model.world import WEEK, empty_tables
from demandsim.records import Count
from demandsim.vocabulary import State

#: Long stays enter from this many years before the start: nobody stays in children's services longer than 18.
SEED_YEARS = 18


class Journey(FrontDoorSteps):
    """One authority's children's services, from long before the start of the scenario to its horizon.

    Args:
        levers: parameter values at any date.
        draws: the replication's uniforms.
        calendar: covers the seed years to the horizon.
        years: years after the origin.
        keep_spells: note every spell of every child.
    """

    __slots__ = (
        "budget",
        "early_help",
        "first_month",
        "first_real_month",
        "levers",
        "load",
        "past",
        "practice",
        "tables",
        "team",
        "values",
    )

    def __init__(self, levers: Levers, draws: Draws, calendar: Calendar, years: int, keep_spells: bool = False) -> None:
        first = calendar.month_starts[0]
        horizon = calendar.day(date(calendar.origin.year + years, calendar.origin.month, 1))
        self.levers = levers
        self.values: Values = levers.at(first)
        super().__init__(Rules(self.values), draws, calendar, first, horizon)
        children = self.values["population.children"]
        self.early_help = EarlyHelp(self)
        self.team = Team(draws, self.values, children)
        self.load = Load(self.values["pressure.reference"])
        self.practice = Practice(draws)
        self.budget = Budget(levers.at(0), children)
        self.book = SpellBook() if keep_spells else None
        self.past = Past(self)
        self.first_real_month = 12 * (SEED_YEARS - BURN_IN_YEARS)
        self.first_month = 12 * SEED_YEARS
        months = 12 * SEED_YEARS + 12 * years
        self.tables = empty_tables(months, months // 12)
        for name in (
            "contact_returned",
            "referral_received",
            "assessment_completed",
            "enquiry_concluded",
            "plan_reviewed",
            "plan_failed",
            "need_plan_ended",
            "need_plan_failed",
            "concern_raised",
            "turned_eighteen",
            "went_missing",
            "placement_ended",
            "home_broke_down",
        ):
            setattr(self, f"on_{name}", getattr(self, name))
        self.on_leaving_care = self.left_care
        self.on_last_phase = self.last_phase_began
        self.on_leaver_nineteen = self.leaver_turned_nineteen
        self.on_leaver_ended = self.leaver_support_ended
        self.process(self._months())
        self.process(self._weeks())

    def finished_spells(self) -> Spells:
        """Return the spells kept, those open at the horizon among them without an end."""
        assert self.book is not None
        self.book.note_open(self)
        return self.book.spells

    # -- time passing ---------------------------------------------------------------------------------------------

    def _months(self) -> Generator[Event]:
        """Open each month: set the levers, bring in its first contacts; at its end, record it."""
        starts = self.calendar.month_starts
        while True:
            self._open_month()
            # A hair before the next month, so that what is recorded is the state of the last day.
            yield self.timeout(starts[self.month + 1] - 1e-6 - self._now)
            self._close_month()
            if self.month + 1 >= len(self.tables["count"]):
                return
            yield self.timeout(starts[self.month + 1] - self._now)
            self.month += 1
            self.month_end = starts[self.month + 1]

    def _weeks(self) -> Generator[Event]:
        """Let early help fill its places each week, and give cases that waited long a worker."""
        while self._now + WEEK < self.horizon:
            yield self.timeout(WEEK)
            self.early_help.weekly()
            if self.unallocated:
                self.count[Count.UNALLOCATED_DAYS] += WEEK * self.unallocated
                if self.team.strength:
                    self.allocate(self._now - self.values["workforce.longest_wait"])

    def _open_month(self) -> None:
        now, month = self._now, self.month
        if month % 12 == 0:
            self.year_start = now
            self.care_at_year_start = self.stock[State.LOOKED_AFTER]
        values = self.levers.at(now)
        if month >= self.first_month:
            self.values = values
            self._open_constraints(month)
        elif (readiness := self._readiness()) != self.rules.readiness:
            self.rules = Rules(values, readiness=readiness)
        length = self.month_end - now
        self.state_days = [held * length for held in self.stock]
        self.placed_days = [held * length for held in self.placed]
        if month < self.first_real_month:
            self.past.long_stays(month, now, 1.0)
        else:
            before = self.count[Count.CONTACT]
            self._first_contacts(month, now)
            if month < 12 * SEED_YEARS:
                self.past.known_children(month, int(self.count[Count.CONTACT] - before))

    def _open_constraints(self, month: int) -> None:
        """Let staff, places, courts and money have moved, and take from them what they do to this month's work."""
        values, team = self.values, self.team
        children = values["population.children"] * self.growth()
        self.practice.month(month, values)
        court = self.court.open_at(self._now) / max(values["court.capacity"] * children / 1e4, 1.0)
        self.conferences.a_week = conferences_a_week(values, children)
        pressure = pressure_of(values, self.load, self.practice, month, 1.0 - self.budget.cut, court)
        self.rules = Rules(values, pressure, self._readiness())
        if month == self.first_month:
            self.places.open_doors(values, children)
        else:
            self.places.month(values, self.placed)
        team.set_posts(values, children)
        team.month(month, team.leave_rate(pressure.turnover), self.budget.frozen)
        self.room = team.room
        self.allocate()

    def _close_constraints(self) -> None:
        """Balance the month's hours, and its money."""
        count, values = self.count, self.values
        supplied = self.team.hours(self.month_end - self.calendar.month_starts[self.month])
        wanted = hours_wanted(values, count, self.state_days)
        self.load.note(wanted, supplied, (self.allocated + self.unallocated) / max(self.room, 1.0))
        count[Count.HOURS_SUPPLIED] += supplied
        count[Count.HOURS_WANTED] += wanted
        count[Count.HOURS_USED] += min(wanted, supplied)
        due = visits_due(self.state_days)
        count[Count.VISIT_DUE] += due
        count[Count.VISIT_MISSED] += due * (1.0 - self.load.speed)
        count[Count.STAFF_LEFT] += self.team.left
        count[Count.STAFF_JOINED] += self.team.joined

    def _readiness(self) -> float:
        """Return how readily enquiries are made this month, as a ratio to 2013-14."""
        return against_2013_14(self.values, "enquiry", self.month - self.first_month)

    def growth(self) -> float:
        """Return the number of children against that of the first day."""
        return growth_of_children(self.values, self._now)

    def _close_month(self) -> None:
        month = self.month
        if month >= self.first_month:
            self._close_constraints()
        spent = month_of_spend(self)
        self.tables["spend"][month] = spent
        if month >= self.first_month:
            self.budget.month(self, spent)
            self.count[Count.PREVENTION_CUT] += self.budget.withheld
        if month >= self.first_real_month:
            self.past.month_passed(month)
        census.record_month(self, self.tables, month)
        if month % 12 == 11 and month >= 12 * (SEED_YEARS - 1):
            census.record_year(self, self.tables, month // 12)
        self.count = [0] * len(self.count)

    # -- children coming in ---------------------------------------------------------------------------------------

    def _first_contacts(self, month: int, now: float) -> None:
        values = self.values
        mix = Mix(
            families_a_day=families_in_month(values, month - self.first_month, now, self.growth())
            / (self.month_end - now),
            police_teenage=values["demand.police_teenage"],
            size=np.array(cumulative(values["demand.family_size"])),
            age=np.array(cumulative(values["demand.age"])),
            need=np.array(cumulative(values["demand.need"])),
            source=np.array(cumulative(values["demand.source"])),
            sibling_correlation=values["severity.sibling_correlation"],
        )
        arrivals = month_of_contacts(
            self.draws, month, now, self.month_end, self.horizon, values["population.children"], mix, self.rules
        )
        self.count[Count.CONTACT] += arrivals.contacts
        self.count[Count.CONTACT_NO_ACTION] += arrivals.no_action
        for moment, child in arrivals.referred:
            self.call_at(moment, child, self.on_referral_received)
        for moment, child in arrivals.back:
            self.call_at(moment, child, self.on_contact_returned)
        self.early_help.expect(arrivals.help_asked)
