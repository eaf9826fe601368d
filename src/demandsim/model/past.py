"""Years before the first day that several scenarios share, simulated once for all of them."""

from __future__ import annotations

from typing import Any

from demandsim.calendars import Calendar
from demandsim.model.authority import Authority
from demandsim.scenario.levers import Levers

#: What tells pasts apart: the replication's key, the calendar, how many years follow, whether spells are kept, and the
#: values before.
_Told = tuple[int, Calendar, int, bool, Any]


class Pasts:
    """Authorities as they are on the first day, from which scenarios go on that differ in nothing before it.

    Args:
        most: how many to keep, some 17 MB each of a typical authority; the one that was asked for longest ago goes.
        asked: how often one will be asked for, if that is known: the last scenario then takes its past as it is,
            without a copy.
    """

    def __init__(self, most: int = 1, asked: int | None = None) -> None:
        self._most, self._asked = most, asked
        self._kept: list[tuple[_Told, Authority]] = []

    def authority(self, levers: Levers, key: int, calendar: Calendar, years: int, keep_spells: bool) -> Authority:
        """Return an authority on its first day; arguments are those of `Authority`."""
        told = (key, calendar, years, keep_spells, levers.base)
        found = next((past for one, past in self._kept if one == told), None)
        if found is None:
            self._kept = self._kept[max(0, len(self._kept) - self._most + 1) :]  # room, before there is one more
            found = Authority(levers, key, calendar, years, keep_spells)
            found.run(until=0.0)
        self._kept = [(one, past) for one, past in self._kept if past is not found]
        if self._asked is not None:
            self._asked -= 1
        last = self._asked == 0
        if not last:
            self._kept = [*self._kept, (told, found)][-self._most :]
        return found.going_on(levers, last)
