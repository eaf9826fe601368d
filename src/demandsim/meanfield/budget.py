"""Money: a ledger of what happened times unit costs, a forecast of the year, and the brakes on an overspend.

Placements are led by demand and can't be refused; prevention and posts can be cut. Every penny in the ledger belongs to
one cause and one month, and every cause to one line of the Section 251 outturn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from demandsim.calendars import Calendar
from demandsim.meanfield.rules import Rules, Values
from demandsim.meanfield.workforce import Team
from demandsim.scenario.levers import Levers
from demandsim.vocabulary import DAYS_A_YEAR, LINE_OF_CAUSE, Placement, SpendCause, State


class Ledgered(Protocol):
    """What a month's money follows from, in a simulation or in expected values."""

    values: Values
    rules: Rules
    levers: Levers
    calendar: Calendar
    month: int
    month_end: float
    first_month: int

    @property
    def team(self) -> Team: ...
    @property
    def now(self) -> float: ...
    @property
    def placed_days(self) -> Sequence[float]: ...
    @property
    def state_days(self) -> Sequence[float]: ...
    def growth(self) -> float: ...


_WEEKLY = (
    (Placement.FOSTER_IN_HOUSE, SpendCause.FOSTER_IN_HOUSE, "cost.foster_in_house"),
    (Placement.FOSTER_AGENCY, SpendCause.FOSTER_AGENCY, "cost.foster_agency"),
    (Placement.KINSHIP, SpendCause.KINSHIP, "cost.kinship"),
    (Placement.CHILDRENS_HOME, SpendCause.CHILDRENS_HOME, "cost.childrens_home"),
    (Placement.OTHER, SpendCause.OTHER_PLACEMENT, "cost.other_placement"),
    (Placement.SPOT, SpendCause.SPOT, "cost.spot_placement"),
)
#: The inflation of each line, in the order of `SpendLine`.
_INFLATION = ("fostering", "residential", "care_other", "social_work", "other", "prevention")
_MONTHS = 12
#: A forecast needs as many months of the year as this.
_MONTHS_TO_FORECAST = 3


def month_of_spend(world: Ledgered) -> list[int]:
    """Return the month's ledger: whole pence, one amount for each `SpendCause`."""
    values, team = world.values, world.team
    pounds = [0.0] * SpendCause.words.size
    for placement, cause, cost in _WEEKLY:
        pounds[cause] = world.placed_days[placement] / 7 * values[cost]
    year = (world.month_end - world.calendar.month_starts[world.month]) / DAYS_A_YEAR
    children = values["population.children"] * world.growth()
    pounds[SpendCause.CARE_OTHER] = (
        world.state_days[State.LOOKED_AFTER] / DAYS_A_YEAR * values["cost.looked_after_other"]
    )
    pounds[SpendCause.POSTS] = year * team.in_post * values["cost.social_worker"]
    dearer = 1 + values["workforce.agency_premium"]
    pounds[SpendCause.AGENCY] = year * team.agency * values["cost.social_worker"] * dearer
    pounds[SpendCause.INTERVENTION_OTHER] = year * children * values["cost.intervention_other"]
    pounds[SpendCause.PREVENTION] = year * children * values["budget.prevention"] * world.rules.prevention
    since = max(0.0, world.now / DAYS_A_YEAR - 1)
    prices = [(1 + values[f"inflation.{name}"] / 100) ** since for name in _INFLATION]
    return [round(100 * amount * prices[LINE_OF_CAUSE[cause]]) for cause, amount in enumerate(pounds)]


class Budget:
    """The year's money: what there is, what will have been spent, and what is held back.

    Args:
        values: parameters in force on the first day.
        children: in the authority on the first day.
    """

    __slots__ = ("_months", "cut", "forecast", "frozen", "reserves", "withheld")

    def __init__(self, values: Values, children: float) -> None:
        self.reserves: float = values["budget.reserves"] * children
        #: Share of prevention spend withheld, and the chance that vacant posts are left unfilled: none or certain.
        self.cut = 0.0
        self.frozen = 0.0
        #: What the year will have come to as it goes, less its budget; and what was withheld in the last month.
        self.forecast = 0.0
        self.withheld = 0.0
        self._months: list[int] = []

    def of_year(self, world: Ledgered) -> float:
        """Return the year's budget in pounds: what there was, and what pays for posts and prevention that are new.

        A scenario that changes either is given the money, or gives it up, unless it says what pays for it.
        """
        values, levers = world.values, world.levers
        posts, prevention = (
            0.0 if name in levers.within_budget else values[name] - levers.base[name]
            for name in ("workforce.posts", "budget.prevention")
        )
        years = max(0, world.month - world.first_month) // _MONTHS
        grown = (1 + values["budget.growth"] / 100) ** years
        a_child = values["budget.total"] * grown + posts / 1e4 * values["cost.social_worker"] + prevention
        return float(a_child * values["population.children"] * world.growth())

    def month(self, world: Ledgered, spent: list[int]) -> None:
        """Note a month's spend, forecast the year, and pull or release the brakes for the next month."""
        self._months.append(sum(spent))
        self.withheld = self._saving(world, spent, self.cut)
        budget = self.of_year(world)
        if len(self._months) == _MONTHS:
            self.reserves += budget - sum(self._months) / 100
            self._months = []
        if len(self._months) >= _MONTHS_TO_FORECAST:
            self._brake(world, budget, spent)

    def _brake(self, world: Ledgered, budget: float, spent: list[int]) -> None:
        values = world.values
        left = _MONTHS - len(self._months)
        held_back = self._saving(world, spent, self.cut) * left
        # What the year would come to if nothing were held back any more.
        forecast = (sum(self._months) + left * sum(self._months[-3:]) / 3) / 100 + held_back
        over = self.forecast = forecast - budget
        brakes = values["budget.brakes"]
        self.frozen = 0.0
        self.cut = 0.0
        for order in (1, 2, 3):
            if brakes[0] == order:
                over -= max(0.0, self.reserves)
            elif brakes[1] == order:
                self.frozen = self._freezes(world, spent, over)
                # Posts that fall vacant stay so, half of the time that is left on average.
                stay = world.team.in_post * values["workforce.turnover"] * (left / _MONTHS) ** 2 / 2
                over -= self.frozen * stay * values["cost.social_worker"]
            elif brakes[2] == order:
                whole = self._prevention(world, spent) * left
                # The loop's strength: how much of an overspend prevention is made to bear.
                wanted = values["loop.reactive_trap"] * max(0.0, over) / whole if whole > 0 else 0.0
                self.cut = min(values["budget.deepest_cut"], wanted)
                over -= self.cut * whole

    def _freezes(self, world: Ledgered, spent: list[int], over: float) -> float:
        """Return the chance of a freeze, none or certain, where so many pounds are left uncovered."""
        return float(over > 0)

    def _prevention(self, world: Ledgered, spent: list[int]) -> float:
        """Return a month of prevention spend in pounds, as it is before any cut."""
        uncut = world.rules.prevention
        return spent[SpendCause.PREVENTION] / 100 / uncut if uncut > 0 else 0.0

    def _saving(self, world: Ledgered, spent: list[int], cut: float) -> float:
        return cut * self._prevention(world, spent)
