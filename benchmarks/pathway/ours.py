"""The small pathway as the model is written: cases are events with handlers, months are a process.

`World` does the scheduling (`call_at`, its weeks, `run_to_horizon`) and keeps the room and the waiting list,
as it does for the model; `Case` stands where the model has a child and its timer.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import date
from itertools import pairwise

from simpy import Event
from small import A_DAY, AFTER, BEFORE, WORK, WORKERS, Tally, draws, run

from demandsim.calendars import Calendar
from demandsim.model.world import World


class Case:
    __slots__ = ("asked", "handler", "soonness")


class Pathway(World):
    def __init__(self, seed: int, days: float) -> None:
        calendar = Calendar(date(2013, 4, 1), 0, int(days / 365.25) + 1)
        super().__init__(None, None, calendar, 0.0, days)  # without the model's rules and draws
        self.between, self.within = draws(seed)
        self.room = WORKERS
        self.tally = Tally()
        self.on_worker_wanted = self.worker_wanted
        self.on_work_done = self.work_done
        self.on_case_closed = self.case_closed
        self.on_case_opened = self.case_opened
        self.process(self._months())

    def _months(self) -> Generator[Event]:
        """Draw each month's cases on its first day."""
        when = self._now + self.between(A_DAY)
        for start, end in pairwise(self.calendar.month_starts):
            while when < end:
                self.call_at(when, Case(), self.on_case_opened)
                when += self.between(A_DAY)
            yield self.timeout(end - start)

    def case_opened(self, case: Case) -> None:
        self.call_at(self._now + self.within(1 / BEFORE), case, self.on_worker_wanted)

    def worker_wanted(self, case: Case) -> None:
        case.asked = self._now
        if self.room:
            self.room -= 1
            self.begin(case)
        else:
            self.waiting.append(case)

    def begin(self, case: Case) -> None:
        tally, now = self.tally, self._now
        tally.begun += 1
        tally.waited += now - case.asked
        self.call_at(now + self.within(1 / WORK), case, self.on_work_done)

    def work_done(self, case: Case) -> None:
        self.call_at(self._now + self.within(1 / AFTER), case, self.on_case_closed)
        if self.waiting:
            self.begin(self.waiting.popleft())
        else:
            self.room += 1

    def case_closed(self, case: Case) -> None:
        self.tally.closed += 1


def simulate(seed: int, days: float) -> Callable[[], Tally]:
    pathway = Pathway(seed, days)
    pathway.run_to_horizon()
    return lambda: pathway.tally


if __name__ == "__main__":
    run("demandsim", simulate)
