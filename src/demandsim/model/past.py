"""What was there before the pathway is simulated, so that it starts full and not from nothing.

Nobody's whole history since birth is simulated. For thirteen years only those enter who may still be there at the
start: children who start care, and disabled children on long plans. Then, for five years, the whole pathway runs. While
it fills, two streams make up what it does not supply yet: contacts about children known from before, and starts of
care. Both dry up as the pathway's own children take their place.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator

from demandsim.draws import EPISODE_WIDTH, Stage, lucks, separate
from demandsim.model.child import Child, Handler
from demandsim.model.demand import seed_id
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
_EDGES = np.array([first for _, first, _ in AGE_BANDS] + [18])
_WIDTHS = np.diff(_EDGES)
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
        generator = self.world.draws.stream(Stage.SEED, month)
        number = int(generator.poisson(self._a_day("start.care_starts") * share * days))
        ages = self._ages(generator, values["start.care_ages"], number)
        self._enter(generator, month, _CARE, now, ages, CARE_SEVERITY, Need.ABUSE_OR_NEGLECT, self.on_care_seeded)
        number = int(generator.poisson(self._a_day("start.disabled_starts") * share * days))
        ages = self._ages(generator, values["demand.age"], number)
        self._enter(generator, month, _DISABLED, now, ages, 0.0, Need.DISABILITY, self.on_plan_seeded)

    def known_children(self, month: int, first_contacts: int) -> None:
        """Seed the month's contacts about known children that the pathway can't supply yet."""
        world, values = self.world, self.world.values
        season = values["demand.monthly_shape"][month % 12]
        missing = round(self._a_day("start.contacts") * DAYS_A_YEAR * season - first_contacts - self._came_back)
        self._not_back = first_contacts + max(missing, 0)
        if missing <= 0:
            return
        generator = world.draws.stream(Stage.SEED, month)
        ages = self._ages(generator, values["demand.age"], missing) + generator.exponential(YEARS_KNOWN, missing)
        children = self._enter(
            generator, month, _KNOWN, world.now, ages, KNOWN_SEVERITY, Need.FAMILY, world.on_contact_returned
        )
        for child, luck in zip(children, generator.random(len(children)).tolist(), strict=True):
            if luck < values["start.known"]:
                child.last_referral = world.now - 2 * DAYS_A_YEAR
            child.plans = int(luck < values["start.planned"])

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

    def _ages(self, generator: Generator, shares: list[float], number: int) -> np.ndarray:
        # What `Generator.choice` does, but for its checks.
        totals = np.cumsum(shares)
        bands = (totals / totals[-1]).searchsorted(generator.random(number), side="right")
        ages: np.ndarray = _EDGES[bands] + generator.random(number) * _WIDTHS[bands]
        return ages

    def _enter(
        self,
        generator: Generator,
        month: int,
        kind: int,
        now: float,
        ages: np.ndarray,
        severity: float,
        need: int,
        handler: Handler,
    ) -> list[Child]:
        """Make children of those ages and let the handler have them during the rest of the month."""
        world = self.world
        number = len(ages)
        moments = now + max(1.0, world.month_end - now) * generator.random(number)
        latent = severity + generator.standard_normal(number)
        rows = separate(lucks(generator, number, EPISODE_WIDTH))
        children = []
        for place, (moment, age, value, row) in enumerate(
            zip(moments.tolist(), ages.tolist(), latent.tolist(), rows, strict=True)
        ):
            if age >= 18:
                continue
            risk = exp(world.rules.risk_slope * value)
            child = Child(seed_id(month, kind, place), moment + (18 - age) * DAYS_A_YEAR, value, risk, need, row)
            world.call_at(moment, child, handler)
            children.append(child)
        return children

    def _care_seeded(self, child: Child) -> None:
        self.world.family_looked_after(child)

    def _plan_seeded(self, child: Child) -> None:
        self.world.open_episode(child)
        self.world.need_found(child)
        self.world.start_need_plan(child)
