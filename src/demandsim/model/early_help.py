"""Early help: places that prevention spend buys, and a queue that families give up on.

Places come free and are filled once a week, as panels do it, so a case costs no event of its own. A child that would
not come back whatever happens is only a place taken for a while: it is never made.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from demandsim.draws import Episode
from demandsim.model.child import Child
from demandsim.model.world import World
from demandsim.records import Count
from demandsim.vocabulary import Closure

WEEK = 7.0


class Asking(NamedTuple):
    """A child for whom early help is asked.

    Attributes:
        asked: when, in days.
        patience: draw of the time after which the family gives up.
        works: draw of whether the case is effectively planned.
        child: None when it is known that nothing can bring the child back.
    """

    asked: float
    patience: int
    works: int
    child: Child | None


class EarlyHelp:
    """The early help service of one authority.

    Args:
        world: whose children are helped, whose rules give the places.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.helped = 0
        self.waiting: deque[tuple[float, Asking]] = deque()
        self._coming: deque[Asking] = deque()
        self._ending: dict[int, int] = {}

    def expect(self, month: Iterable[Asking]) -> None:
        """Take a month's first contacts, to be put on the waiting list as their moments pass."""
        self._coming.extend(sorted(month, key=_when))

    def ask(self, child: Child) -> None:
        """Put a child known before on the waiting list."""
        row = child.row
        self._join(Asking(self.world.now, row[Episode.PATIENCE], row[Episode.HELP_WORKS], child))

    def _join(self, asking: Asking) -> None:
        self.world.count[Count.EARLY_HELP_ASKED] += 1
        self.waiting.append((asking.asked + self.world.rules.patience.of(asking.patience), asking))

    def weekly(self) -> None:
        """End cases that are due, drop families that gave up, and fill places in order of asking."""
        world = self.world
        now, count, rules = world.now, world.count, world.rules
        week = int(now // WEEK)
        self.helped -= self._ending.pop(week, 0)
        while self._coming and self._coming[0].asked <= now:
            self._join(self._coming.popleft())
        room = int(rules.help_places - self.helped)
        still_waiting: deque[tuple[float, Asking]] = deque()
        started = 0
        for gives_up_at, asking in self.waiting:
            child = asking.child
            if gives_up_at <= now:
                count[Count.EARLY_HELP_UNMET] += 1
                if child and now < child.adult_at:
                    world.worsen(child)
                    world.may_return(child, Closure.EARLY_HELP_UNMET)
            elif started < room:
                started += 1
                works = asking.works < rules.help_works
                count[Count.EARLY_HELP_WORKED] += works
                if child:
                    world.may_return(child, Closure.EARLY_HELP_COMPLETED, rules.help_relative_risk if works else 1.0)
            else:
                still_waiting.append((gives_up_at, asking))
        self.waiting = still_waiting
        self.helped += started
        count[Count.EARLY_HELP_STARTED] += started
        if started:
            ends = week + max(1, round(rules.help_days / WEEK))
            self._ending[ends] = self._ending.get(ends, 0) + started


def _when(asking: Asking) -> float:
    return asking.asked
