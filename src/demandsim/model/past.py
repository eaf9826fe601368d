"""Years that several scenarios share, before and after the first day, simulated once for all of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import combinations

from demandsim.calendars import Calendar
from demandsim.model.authority import Authority
from demandsim.scenario.levers import Levers

#: What tells pasts apart beside parameter values: the replication's key, the calendar, how many years follow, and
#: whether spells are kept.
_Told = tuple[int, Calendar, int, bool]


def shared_until(every: Iterable[Levers]) -> float:
    """Return the day until which those levers say the same that do so before the start; 0 if no two do."""
    partings = [one.part_from(other) for one, other in combinations(every, 2)]
    return min((day for day in partings if day >= 0), default=0.0)


class Pasts:
    """Authorities as they are at the start of a month, from which scenarios go on that differ in nothing before it.

    Args:
        most: how many to keep, some 17 MB each of a typical authority; the one that was asked for longest ago goes.
        asked: how often one will be asked for, if that is known: the last scenario then takes its past as it is,
            without a copy.
        until: the day until which the scenarios that will ask are alike, see `shared_until`.
    """

    def __init__(self, most: int = 1, asked: int | None = None, until: float = 0.0) -> None:
        self._most, self._asked, self._until = most, asked, until
        self._kept: list[tuple[_Told, Authority]] = []

    def authority(self, levers: Levers, key: int, calendar: Calendar, years: int, keep_spells: bool) -> Authority:
        """Return an authority whose shared years have passed; arguments are those of `Authority`."""
        told = (key, calendar, years, keep_spells)
        found = next((past for one, past in self._kept if one == told and past.has_past_of(levers)), None)
        if found is None:
            self._kept = self._kept[max(0, len(self._kept) - self._most + 1) :]  # room, before there is one more
            found = Authority(levers, key, calendar, years, keep_spells)
            found.run(until=_month_from(calendar, self._until))
        self._kept = [(one, past) for one, past in self._kept if past is not found]
        if self._asked is not None:
            self._asked -= 1
        last = self._asked == 0
        if not last:
            self._kept = [*self._kept, (told, found)][-self._most :]
        return found.going_on(levers, last)


def _month_from(calendar: Calendar, day: float) -> float:
    """Return the start of the first month from a day on, of the last one at the latest."""
    *starts, _ = calendar.month_starts
    return starts[min(bisect_left(starts, day), len(starts) - 1)]
