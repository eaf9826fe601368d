"""What was there before the pathway is simulated, so that it starts full and not from nothing.

Nobody's whole history since birth is simulated. For thirteen years only those enter who may still be there at the
start: children who start care, and disabled children on long plans. Then, for five years, the whole pathway runs. While
it fills, two streams make up what it does not supply yet: contacts about children known from before, and starts of
care. Both dry up as the pathway's own children take their place.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from math import exp, log
from typing import TYPE_CHECKING

from demandsim.draws import NORMAL_QUANTILES, SLICES, Seed, Stage
from demandsim.model.child import Child, Handler
from demandsim.model.demand import seed_id
from demandsim.model.rules import cumulative
from demandsim.records import Count
from demandsim.vocabulary import AGE_BANDS, DAYS_A_YEAR, Need

if TYPE_CHECKING:
    from demandsim.model.journey import Journey

#: Mean severity of children in care and of those who come back, against first contacts. Judgements; they come true in
#: the simulated years and are only the start of these children's stories.
CARE_SEVERITY, KNOWN_SEVERITY = 0.8, 0.5
#: Mean years between a known child's first contact and the one that is seeded.
YEARS_KNOWN = 2.0
#: Months in which the pathway does not yet supply the published number of starts of care.
FILLING_MONTHS = 24
_EDGES = [*(float(first) for _, first, _ in AGE_BANDS), 18.0]
_WIDTHS = [end - start for start, end in pairwise(_EDGES)]
_CARE, _DISABLED, _KNOWN = 0, 1, 2


class Past:
    """The seeds of one run.

    Args:
        world: the journey they enter.
    """

    def __init__(self, world: Journey) -> None:
        self.world = world
        self.on_care_seeded: Handler = self._care_seeded
        self.on_plan_seeded: Handler = self._plan_seeded
        self._came_back = 0
        self._not_back = 0  # of this month's contacts: first ones, and those seeded

    def long_stays(self, month: int, now: float, share: float) -> None:
        """Let children start care, and disabled children plans, in a month; `share` of what the parameters say."""
        values = self.world.values
        days = self.world.month_end - self.world.calendar.month_starts[month]
        expected = self._a_day("start.care_starts") * share * days
        number = self._arrivals(month, _CARE, expected)
        ages = values["start.care_ages"]
        self._enter(number, month, _CARE, now, ages, CARE_SEVERITY, Need.ABUSE_OR_NEGLECT, self.on_care_seeded)
        expected = self._a_day("start.disabled_starts") * share * days
        number = self._arrivals(month, _DISABLED, expected)
        ages = values["demand.age"]
        self._enter(number, month, _DISABLED, now, ages, 0.0, Need.DISABILITY, self.on_plan_seeded)

    def known_children(self, month: int, first_contacts: int) -> None:
        """Seed the month's contacts about known children that the pathway can't supply yet."""
        world, values = self.world, self.world.values
        season = values["demand.monthly_shape"][month % 12]
        missing = round(self._a_day("start.contacts") * DAYS_A_YEAR * season - first_contacts - self._came_back)
        self._not_back = first_contacts + max(missing, 0)
        if missing <= 0:
            return
        ages, now = values["demand.age"], world.now
        children = self._enter(
            missing, month, _KNOWN, now, ages, KNOWN_SEVERITY, Need.FAMILY, world.on_contact_returned
        )
        for child in children:
            draw = world.draws.row(child.id, Stage.SEED, 0)[Seed.KNOWN]
            if draw < values["start.known"]:
                child.last_referral = world.now - 2 * DAYS_A_YEAR
            child.plans = int(draw < values["start.planned"])

    def month_passed(self, month: int) -> None:
        """Note what the pathway supplied of its own, and top up starts of care while it fills."""
        world = self.world
        self._came_back = int(world.count[Count.CONTACT]) - self._not_back
        filling = month - world.first_real_month
        if filling < FILLING_MONTHS:
            days = world.month_end - world.calendar.month_starts[month]
            expected = self._a_day("start.care_starts") * days
            short = expected - world.count[Count.CARE_STARTED]
            if short > 0:
                self.long_stays(month, world.now, short / expected)

    def _a_day(self, name: str) -> float:
        """Return a rate per 10,000 children a year as a rate of this authority a day."""
        values = self.world.values
        return float(values[name] * values["population.children"] / 1e4 / DAYS_A_YEAR)

    def _arrivals(self, month: int, kind: int, expected: float) -> int:
        """Return how many arrive in a month in which so many are expected: a Poisson process, gap by gap."""
        number, passed = 0, 0.0
        while True:
            passed -= log(1.0 - self.world.draws.row(seed_id(month, kind, number), Stage.SEED, 0)[Seed.GAP])
            if passed > expected:
                return number
            number += 1

    def _enter(
        self,
        number: int,
        month: int,
        kind: int,
        now: float,
        shares: list[float],
        severity: float,
        need: int,
        handler: Handler,
    ) -> list[Child]:
        """Make children whose ages have those shares and let the handler have them during the rest of the month."""
        world = self.world
        totals = cumulative(shares)
        children = []
        for place in range(number):
            name = seed_id(month, kind, place)
            row = world.draws.row(name, Stage.SEED, 0)
            band = bisect_right(totals, row[Seed.BAND])
            age = _EDGES[band] + row[Seed.WITHIN] * _WIDTHS[band]
            if kind == _KNOWN:
                age += -YEARS_KNOWN * log(1.0 - row[Seed.YEARS_KNOWN])
            if age >= 18:
                continue
            moment = now + max(1.0, world.month_end - now) * row[Seed.MOMENT]
            value = severity + NORMAL_QUANTILES[int(row[Seed.SEVERITY] * SLICES)]
            risk = exp(world.rules.risk_slope * value)
            episode = world.draws.row(name, Stage.EPISODE, 0)
            child = Child(name, moment + (18 - age) * DAYS_A_YEAR, value, risk, need, episode)
            world.call_at(moment, child, handler)
            children.append(child)
        return children

    def _care_seeded(self, child: Child) -> None:
        self.world.family_looked_after(child)

    def _plan_seeded(self, child: Child) -> None:
        self.world.open_episode(child)
        self.world.need_found(child)
        self.world.start_need_plan(child)
