"""The whole journey: every step's handler bound once, and the processes that make months and weeks pass."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

import numpy as np

from demandsim.calendars import Calendar
from demandsim.draws import EPISODE_WIDTH, LUCKS, Draws, Stage
from demandsim.model import census
from demandsim.model.child import Child, Timer
from demandsim.model.demand import Mix, ids_of_seeds, month_of_contacts
from demandsim.model.early_help import WEEK, Asking, EarlyHelp
from demandsim.model.front_door import FrontDoorSteps
from demandsim.model.levers import Levers
from demandsim.model.rules import Rules, Values, cumulative
from demandsim.model.world import PILE, empty_tables, seed_child
from demandsim.records import Count
from demandsim.vocabulary import DAYS_A_YEAR, Need, State

#: The pathway itself runs for these years before the start; before them, only long stays are seeded.
BURN_IN_YEARS = 5
#: Long stays enter from this many years before the start: nobody stays in children's services longer than 18.
SEED_YEARS = 18
#: While the pathway fills, seeds make up what it does not yet supply.
_TOP_UP_MONTHS = 24
#: Children in care before the model's years are more severe than first contacts; a judgement.
_SEED_SEVERITY = 0.8


class Journey(FrontDoorSteps):
    """One authority's children's services, from long before the start of the scenario to its horizon.

    Args:
        levers: parameter values at any date.
        draws: the replication's uniforms.
        calendar: covers the seed years to the horizon.
        years: years after the origin.
    """

    def __init__(self, levers: Levers, draws: Draws, calendar: Calendar, years: int) -> None:
        first = calendar.month_starts[0]
        horizon = calendar.day(date(calendar.origin.year + years, calendar.origin.month, 1))
        self.levers = levers
        self.values: Values = levers.at(first)
        super().__init__(Rules(self.values), draws, calendar, first, horizon)
        self.early_help = EarlyHelp(self)
        self.first_real_month = 12 * (SEED_YEARS - BURN_IN_YEARS)
        self.recorded_from = self.first_real_month
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
            "care_seeded",
            "plan_seeded",
        ):
            setattr(self, f"on_{name}", (getattr(self, name),))
        self.on_leaving_care = (self.left_care,)
        self.on_last_phase = (self.last_phase_began,)
        self.on_leaver_nineteen = (self.leaver_turned_nineteen,)
        self.on_leaver_ended = (self.leaver_support_ended,)
        self.process(self._months())
        self.process(self._weeks())

    def simulate(self) -> None:
        self.run(until=self.horizon)

    # -- time passing ---------------------------------------------------------------------------------------------

    def _months(self) -> Iterator[Any]:
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

    def _weeks(self) -> Iterator[Any]:
        """Turn the pile of events every fourth week, and let early help fill its places."""
        weeks_a_pile = round(PILE / WEEK)
        for week in count(1):
            yield self.timeout(WEEK)
            if week % weeks_a_pile == 0:
                self.turn_pile()
            self.early_help.weekly()

    def _open_month(self) -> None:
        now, month = self._now, self.month
        if month % 12 == 0:
            self.year_start = now
            self.care_at_year_start = self.stock[State.LOOKED_AFTER]
        values = self.levers.at(now)
        if values is not self.values:
            self.values = values
            self.rules = Rules(values)
        length = self.month_end - now
        self.state_days = [held * length for held in self.stock]
        self.placed_days = [held * length for held in self.placed]
        if month < self.first_real_month:
            self._seed(month, now, 1.0)
        else:
            self._first_contacts(month, now)

    def _close_month(self) -> None:
        month = self.month
        if self.first_real_month <= month < self.first_real_month + _TOP_UP_MONTHS:
            expected = self.values["start.care_starts"] * (self.month_end - self.calendar.month_starts[month]) / DAYS_A_YEAR
            short = expected - self.count[Count.CARE_STARTED]
            if short > 0:
                self._seed(month, self._now - 1.0, short / expected)
        census.record_month(self, self.tables, month)
        if month % 12 == 11 and month >= 12 * (SEED_YEARS - 1):
            census.record_year(self, self.tables, month // 12)
        self.count = [0] * len(self.count)

    # -- children coming in ---------------------------------------------------------------------------------------

    def _first_contacts(self, month: int, now: float) -> None:
        values = self.values
        mix = Mix(
            families_a_day=self._families_a_day(month, now),
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
        families: dict[int, list[Child]] = {}
        for moment, *who in arrivals.referred:
            self.call_at(moment, _sibling(families, Child(*who)).timer, self.on_referral_received)
        for moment, *who in arrivals.back:
            self.call_at(moment, _sibling(families, Child(*who)).timer, self.on_contact_returned)
        self.early_help.expect(
            Asking(moment, patience, works, _sibling(families, Child(*who)) if who else None)
            for moment, patience, works, who in arrivals.help_asked
        )

    def _families_a_day(self, month: int, now: float) -> float:
        """Return new families a day: the level of 2013-14, its history or growth, the season, and the lever."""
        values = self.values
        since = now / DAYS_A_YEAR
        year = month // 12 - SEED_YEARS
        population = values["population.children"] * (1 + values["population.growth"] / 100) ** since
        rate = values["demand.new_families"] * population / 1e4 * values["demand.level"]
        if year < 0:
            rate *= values["demand.before"][BURN_IN_YEARS + year]
        elif year > 0:
            rate *= (1 + values["demand.growth"] / 100) ** (since - 1)
        season = values["demand.monthly_shape"][month % 12]
        return float(rate * season / (self.month_end - now))

    # -- children who were there before ---------------------------------------------------------------------------

    def _seed(self, month: int, now: float, share: float) -> None:
        """Let children start care and long plans who came before the pathway is simulated."""
        values = self.values
        generator = self.draws.stream(Stage.SEED, month)
        length = max(1.0, self.month_end - now)
        for ages, key, handlers, need, severity in (
            (values["start.care_ages"], "start.care_starts", self.on_care_seeded, Need.ABUSE_OR_NEGLECT, _SEED_SEVERITY),
            (values["demand.age"], "start.disabled_starts", self.on_plan_seeded, Need.DISABILITY, 0.0),
        ):
            whole_month = self.month_end - self.calendar.month_starts[month]
            number = int(generator.poisson(values[key] * share * whole_month / DAYS_A_YEAR))
            bands = generator.choice(5, size=number, p=ages)
            edges = np.array([0, 1, 5, 10, 16, 18])
            age = edges[bands] + generator.random(number) * np.diff(edges)[bands]
            moments = now + length * generator.random(number)
            rows = generator.integers(LUCKS, size=(number, EPISODE_WIDTH), dtype=np.uint32)
            latent = severity + generator.standard_normal(number)
            offset = 0 if need == Need.ABUSE_OR_NEGLECT else 1 << 15
            for identity, moment, years, row, value in zip(
                ids_of_seeds(month, number, offset), moments.tolist(), age.tolist(), rows.tolist(), latent.tolist(), strict=True
            ):
                child = seed_child(identity, moment, years, value, float(np.exp(self.rules.risk_slope * value)), need, row)
                self.call_at(moment, child.timer, handlers)

    def care_seeded(self, timer: Timer) -> None:
        if self._now < timer.child.adult_at:
            self.family_looked_after(timer.child)

    def plan_seeded(self, timer: Timer) -> None:
        if self._now < timer.child.adult_at:
            self.open_episode(timer.child)
            self.need_found(timer.child)
            self.start_need_plan(timer.child)


def _sibling(families: dict[int, list[Child]], child: Child) -> Child:
    """Put a child with its brothers and sisters: ids differ in the last two bits."""
    child.family = families.setdefault(child.id >> 2, [])
    child.family.append(child)
    return child
