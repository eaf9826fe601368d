"""Places for looked after children, conferences and courts: what there is, and what happens when they are full."""

from __future__ import annotations

from heapq import heappop, heappush
from math import inf

from demandsim.meanfield.rules import Values
from demandsim.vocabulary import DAYS_A_YEAR, Placement

_LIMITED = (Placement.FOSTER_IN_HOUSE, Placement.FOSTER_AGENCY, Placement.CHILDRENS_HOME)
#: Where a child goes when its first choice is full. Homes take no young children; when all that suits is full, a place
#: is bought on the spot: dearer, farther, less stable.
_INSTEAD: dict[int, tuple[int, ...]] = {
    Placement.FOSTER_IN_HOUSE: (Placement.FOSTER_AGENCY, Placement.CHILDRENS_HOME),
    Placement.FOSTER_AGENCY: (Placement.FOSTER_IN_HOUSE, Placement.CHILDRENS_HOME),
    Placement.CHILDRENS_HOME: (),
}
_YOUNGEST_IN_A_HOME = 5
_MONTHS_A_YEAR = 12
_WEEK = 7.0


class Places:
    """Places by type. Own carers, agency carers and homes are limited; relatives, parents, adopters, other placements
    and those bought on the spot are not: a placement can't be refused.

    Nobody is moved out when places are lost; they are not filled again.

    Attributes:
        limit: places of each `Placement`; infinite before the first day.
    """

    __slots__ = ("limit",)

    def __init__(self) -> None:
        self.limit = [inf] * Placement.words.size

    def open_doors(self, values: Values, children: float) -> None:
        """Limit places to those of the first day."""
        for place, placement in enumerate(_LIMITED):
            self.limit[placement] = values["placement.places"][place] * children / 1e4

    def month(self, values: Values, placed: list[int]) -> None:
        """Let a month pass: own carers stop and are recruited; agencies and homes follow use; bad homes close."""
        limit = self.limit
        change = values["placement.carers_recruited"] - values["placement.carers_lost"]
        limit[Placement.FOSTER_IN_HOUSE] *= max(0.0, 1 + change / _MONTHS_A_YEAR)
        for placement in (Placement.FOSTER_AGENCY, Placement.CHILDRENS_HOME):
            missing = placed[placement] / values["placement.occupancy"] - limit[placement]
            # Providers add places where they fill, and are slower to give up those they have.
            speed = values["placement.supply_response"] * (1.0 if missing > 0 else 0.25)
            limit[placement] += min(1.0, speed / _MONTHS_A_YEAR) * missing
        closing = values["placement.homes_inadequate"] * values["placement.inadequate_close"] / _MONTHS_A_YEAR
        limit[Placement.CHILDRENS_HOME] *= 1 - closing

    def offered(self) -> list[float]:
        """Return the places of each limited type; none before the first day, when nothing limits them."""
        return [0.0 if self.limit[placement] == inf else self.limit[placement] for placement in _LIMITED]

    def find(self, first: int, placed: list[int], age: int) -> int:
        """Return the first choice if there is room in it, else the next type with room that suits the age."""
        limit = self.limit
        if placed[first] < limit[first]:
            return first
        for other in _INSTEAD[first]:
            if placed[other] < limit[other] and (other != Placement.CHILDRENS_HOME or age >= _YOUNGEST_IN_A_HOME):
                return other
        return Placement.SPOT


def conferences_a_week(values: Values, children: float) -> float:
    """Return how many children conferences can be held on in a week, one at least."""
    capacity: float = values["conference.capacity"]
    return max(1.0, capacity * children / 1e4 / DAYS_A_YEAR * _WEEK)


class Conferences:
    """Initial child protection conferences by week. When chairs can hold no more in one, the next with room is booked.

    Attributes:
        a_week: how many children they can hold conferences on; infinite before the first day.
    """

    __slots__ = ("_booked", "a_week")

    def __init__(self) -> None:
        self.a_week = inf
        self._booked: dict[int, int] = {}

    def book(self, when: float) -> float:
        """Return the moment of a conference wanted at that moment."""
        if self.a_week == inf:
            return when
        week, booked = int(when // _WEEK), self._booked
        while booked.get(week, 0) >= self.a_week:
            week += 1
            when += _WEEK
        booked[week] = booked.get(week, 0) + 1
        return when


class Court:
    """Care applications before the court. More than it can hear at a time make all of them last longer."""

    __slots__ = ("_ends",)

    def __init__(self) -> None:
        self._ends: list[float] = []

    def apply(self, ends: float) -> None:
        """Take an application that will be decided at that moment."""
        heappush(self._ends, ends)

    def open_at(self, now: float) -> int:
        """Return how many applications are before the court."""
        while self._ends and self._ends[0] <= now:
            heappop(self._ends)
        return len(self._ends)
