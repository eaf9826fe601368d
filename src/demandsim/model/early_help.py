"""Early help: places that prevention spend buys, and a queue that families give up on.

Places come free and are filled once a week, as panels do it, so a case costs no event of its own. A child that would
not come back whatever happens is only a place taken for a while: it is never made.
"""

from __future__ import annotations

from collections import deque
from operator import itemgetter

from demandsim.draws import Episode
from demandsim.model.child import Asking, Child
from demandsim.model.world import WEEK, World
from demandsim.records import Count
from demandsim.vocabulary import Closure


class EarlyHelp:
    """The early help service of one authority.

    Args:
        world: whose children are helped, whose rules give the places.
    """

    __slots__ = ("_coming", "_ending", "_waiting", "helped", "world")

    def __init__(self, world: World) -> None:
        self.world = world
        self.helped = 0
        self._waiting: list[Asking] = []
        self._coming: deque[tuple[float, Asking]] = deque()
        self._ending: dict[int, int] = {}

    def expect(self, month: list[tuple[float, Asking]]) -> None:
        """Take a month's first contacts and their moments, to be put on the waiting list as those pass."""
        self._coming.extend(sorted(month, key=itemgetter(0)))

    def ask(self, child: Child) -> None:
        """Put a child known before on the waiting list."""
        world, row = self.world, child.row
        world.count[Count.EARLY_HELP_ASKED] += 1
        gives_up_at = world._now + world.rules.patience.of(row[Episode.PATIENCE])
        self._waiting.append((gives_up_at, row[Episode.HELP_WORKS], child))

    @property
    def waiting(self) -> int:
        """Return how many children wait whose families have not given up."""
        now = self.world.now
        return sum(gives_up_at > now for gives_up_at, _, _ in self._waiting)

    def weekly(self) -> None:
        """End cases that are due, let families go that have given up, and fill places in order of asking."""
        world = self.world
        now, count, rules, waiting = world._now, world.count, world.rules, self._waiting
        week = int(now // WEEK)
        self.helped -= self._ending.pop(week, 0)
        coming, asked = self._coming, len(self._coming)
        while coming and coming[0][0] <= now:
            waiting.append(coming.popleft()[1])
        count[Count.EARLY_HELP_ASKED] += asked - len(coming)
        given_up = [asking for asking in waiting if asking[0] <= now]
        still = [asking for asking in waiting if asking[0] > now]
        room = max(0, int(rules.help_places - self.helped))
        helped, self._waiting = still[:room], still[room:]
        for gives_up_at, _, child in given_up:
            if child:
                world.worsen(child)
                world.may_return(child, Closure.EARLY_HELP_UNMET, since=gives_up_at)
        effective = 0
        for _, luck, child in helped:
            works = luck < rules.help_works
            effective += works
            if child:
                world.may_return(child, Closure.EARLY_HELP_COMPLETED, rules.help_relative_risk if works else 1.0)
        started = len(helped)
        self.helped += started
        count[Count.EARLY_HELP_UNMET] += len(given_up)
        count[Count.EARLY_HELP_STARTED] += started
        count[Count.EARLY_HELP_WORKED] += effective
        if started:
            ends = week + max(1, round(rules.help_days / WEEK))
            self._ending[ends] = self._ending.get(ends, 0) + started
