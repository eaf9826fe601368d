"""One authority's children's services, from long before the start of the scenario to its horizon.

SimPy keeps the world's time: courts, places, staff, families, money and records are processes that act at the start and
the end of each month, early help's panel one that acts each week. Before any of them acts, the children's events up to
that moment are handled.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from copy import copy
from datetime import date
from importlib import import_module
from math import inf

import simpy

from demandsim.calendars import Calendar
from demandsim.engine.compiling import entry
from demandsim.engine.loop import Handler, advancer, performer
from demandsim.model import (
    arrivals,
    budget,
    census,
    circumstances,
    early_help,
    guardians,
    homes,
    months,
    places,
    practice,
    warm_up,
    workforce,
)
from demandsim.model.warm_up import SEED_YEARS
from demandsim.pathway import Step
from demandsim.scenario.levers import Levers, Values
from demandsim.scenario.parameters import TIERS
from demandsim.state.compiled_parameters import take, threshold_for
from demandsim.state.kept import Memory
from demandsim.state.world import MOST_SIBLINGS, WEEK, Whole, children_of, has_room, next_due, settle

#: What is recorded at a month's end is the state of its last day, a hair before the next month.
_HAIR = 1e-6


def _handlers() -> list[tuple[int, Handler]]:
    """Return the number and handler of each declared step that has one."""
    found = []
    for number, step in enumerate(Step.table.all):
        if step.handler:
            file, _, name = step.handler.partition(".")
            found.append((number, getattr(import_module(f"demandsim.model.{file}"), name)))
    return found


_advance = advancer(performer(_handlers()), next_due, children_of, settle, has_room)


@entry
def advance(whole: Whole, until: float) -> bool:
    """Handle every event of children before a moment; return whether there was room for all of them."""
    return _advance(whole[0], until)


class Authority:
    """One authority.

    Args:
        levers: parameter values at any date.
        key: of the replication, from `draws.replication_key`.
        calendar: covers the seed years to the horizon.
        years: years after the origin.
        keep_spells: note every spell of every child.

    Attributes:
        environment: SimPy's, in which everything but the children's events happens.
        memory: the state of the authority.
    """

    def __init__(self, levers: Levers, key: int, calendar: Calendar, years: int, keep_spells: bool = False) -> None:
        self._levers, self._calendar, self._keep_spells = levers, calendar, keep_spells
        self._horizon = calendar.day(date(calendar.origin.year + years, calendar.origin.month, 1))
        self._first_month = 12 * SEED_YEARS
        self._first_real_month = self._first_month - 12 * arrivals.BURN_IN_YEARS
        self._court, self._handled_to = 0.0, -inf
        values = self._in_force = levers.at(calendar.month_starts[0])
        self.memory = Memory(calendar, self._horizon, values["population.children"])
        self._world, self._here = self.memory.world, self.memory.here
        take(self._here.values, values)
        self._begin(key, keep_spells)
        self._begin_time(0)

    def going_on(self, levers: Levers, for_the_last_time: bool = False) -> Authority:
        """Return another authority with the same past, for which time goes on from here, the start of a month.

        Args:
            levers: whose past it is too: see `has_past_of`.
            for_the_last_time: it may have the memory of this one, which is of no use then.
        """
        month = self._calendar.month_starts.index(self.environment.now)
        other = copy(self)
        other._levers, other._in_force = levers, levers.at(self._calendar.month_starts[month - 1])
        other.memory = self.memory if for_the_last_time else self.memory.copy()
        other._world, other._here = other.memory.world, other.memory.here
        other._note_who_pays()
        other._begin_time(month)
        return other

    def has_past_of(self, levers: Levers) -> bool:
        """Return whether all was until now as it would have been with other levers."""
        return self._levers.part_from(levers) >= self.environment.now

    def _begin_time(self, month: int) -> None:
        """Let time begin with a month."""
        self._month = month
        self.environment = simpy.Environment(initial_time=self._calendar.month_starts[month])
        self._begins, self._ends = self.environment.event(), self.environment.event()
        for at_start, at_end in (
            (self._courts, None),
            (self._rules, None),
            (self._places, None),
            (self._staff, self._hours),
            (None, self._money),
            (self._families, self._fill),
            (None, self._record),
        ):
            self.environment.process(self._each_month(at_start, at_end))
        self.environment.process(self._weeks())
        self.environment.process(self._months())

    def run(self, until: float | None = None) -> None:
        """Let time pass to a moment, to the horizon if none is given."""
        self.environment.run(until=self._horizon if until is None else until)
        self._handle_events()

    @property
    def handled(self) -> int:
        """Return how many events of children have been handled."""
        return int(self._here.clock.handled)

    def _begin(self, key: int, keep_spells: bool) -> None:
        clock = self._here.clock
        clock.key = key
        clock.keep_spells = keep_spells
        clock.first_month, clock.first_real_month = self._first_month, self._first_real_month
        clock.children = self._here.values.population_children
        self._give_money(self._in_force)
        practice.begin(self._world)
        self.memory.room_for_homes(homes.homes_used(self._world))
        self.memory.room_for_posts(workforce.count_posts(self._world))
        workforce.first_team(self._world)

    def _give_money(self, values: Values) -> None:
        """Put reserves aside, and note what is paid for already."""
        self._here.money.reserves = values["budget.reserves"] * self._here.values.population_children
        self._note_who_pays()

    def _note_who_pays(self) -> None:
        """Note which posts and prevention there were, and what pays for those that are new."""
        levers, money = self._levers, self._here.money
        money.base_posts = levers.base["workforce.posts"]
        for tier, name in enumerate(TIERS):
            money.base_tiers[tier] = levers.base[f"prevention.{name}"]
            money.new_tiers[tier] = f"prevention.{name}" not in levers.within_budget
        money.new_posts = "workforce.posts" not in levers.within_budget

    def _months(self) -> Generator[simpy.Event]:
        """Let each month begin and end."""
        starts = self._calendar.month_starts
        for month in range(self._month, len(starts) - 1):
            self._turn_to(month)
            self._begins = self._happens(self._begins)
            yield self.environment.timeout(starts[month + 1] - _HAIR - self.environment.now)
            self._ends = self._happens(self._ends)
            yield self.environment.timeout(starts[month + 1] - self.environment.now)

    def _happens(self, event: simpy.Event) -> simpy.Event:
        """Let an event happen, and return one for the next time."""
        event.succeed()
        return self.environment.event()

    def _each_month(
        self, at_start: Callable[[], None] | None, at_end: Callable[[], None] | None
    ) -> Generator[simpy.Event]:
        """Act at the start and at the end of each month; several processes do so in the order in which they began."""
        while True:
            for event, act in ((self._begins, at_start), (self._ends, at_end)):
                yield event
                if act:
                    self._handle_events()
                    act()

    def _weeks(self) -> Generator[simpy.Event]:
        """Hold early help's panel each week, counted from the very first day."""
        began, panel = self.environment.now, float(self._here.clock.first)
        while (panel := panel + WEEK) < self._horizon:
            if panel < began:
                continue
            if panel > began:
                yield self.environment.timeout(panel - self.environment.now)
            self._handle_events()
            if self._keep_spells:  # asked here, as reading a field from Python takes longer than a quiet week
                self.memory.room_for_spells(int(self._here.help.waiting))
            early_help.week_passes(self._world)

    def _handle_events(self) -> None:
        """Handle the children's events before the present moment, if no other process has had them handled yet."""
        now = self.environment.now
        if now == self._handled_to:
            return
        while not advance(self._world, now):
            self.memory.room_in_lists()
        self._handled_to = now

    def _turn_to(self, month: int) -> None:
        """Begin a month with the parameters in force."""
        self._handle_events()
        self._month = month
        if self._started:
            values = self._levers.at(self.environment.now)
            if values is not self._in_force:
                take(self._here.values, values, self._in_force)
                self._in_force = values
        if month == self._first_month:
            self._give_money(self._in_force)
        months.turn_to(self._world, month)

    @property
    def _started(self) -> bool:
        """Return whether the first day has come; nothing binds before it."""
        return self._month >= self._first_month

    def _courts(self) -> None:
        if self._started:
            self._court = places.courts_month(self._world)

    def _rules(self) -> None:
        readiness = months.readiness(self._world)
        values = self._in_force
        threshold = threshold_for(values["referral.enquiry_threshold"], values["severity.observation_noise"], readiness)
        months.settle_rules(self._world, self._court, threshold)

    def _places(self) -> None:
        if self._started:
            places.places_month(self._world)
            homes.homes_month(self._world)

    def _staff(self) -> None:
        if self._started:
            self.memory.room_for_posts(workforce.count_posts(self._world))
            workforce.workforce_month(self._world)
            early_help.places_in_programmes(self._world)
            guardians.offer_allowances(self._world)

    def _families(self) -> None:
        """Let a month come to all children known, and those be known who come to notice."""
        if self._keep_spells:
            self.memory.room_for_spells(len(self.memory.children))
        circumstances.look_at_everybody(self._world)
        if self._month < self._first_real_month:
            self._seed_long_stays(1.0)
        else:
            remand, alone = warm_up.entrants_wanted(self._world)
            self.memory.room_for_children(remand + alone)
            warm_up.entrants(self._world, remand, alone)
        families = arrivals.candidate_families(self._world)
        self.memory.room_for_children(MOST_SIBLINGS * families)
        if self._keep_spells:
            self.memory.room_for_spells(MOST_SIBLINGS * families)
        arrivals.first_contacts(self._world)

    def _fill(self) -> None:
        """Top up starts of care while the pathway does not yet supply them."""
        if self._month >= self._first_real_month:
            share = warm_up.short_of_care(self._world)
            if share > 0:
                self._seed_long_stays(share)

    def _seed_long_stays(self, share: float) -> None:
        care, disabled = warm_up.long_stays_wanted(self._world, share)
        self.memory.room_for_children(care + disabled)
        warm_up.long_stays(self._world, care, disabled)

    def _hours(self) -> None:
        if self._started:
            workforce.balance_hours(self._world)

    def _money(self) -> None:
        budget.month_of_spend(self._world)
        if self._started:
            budget.balance_money(self._world)

    def _record(self) -> None:
        census.record_month(self._world)
        if self._month % 12 == 11:
            census.record_year(self._world)
