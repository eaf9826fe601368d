"""The small pathway in salabim: a component for each case; its own monitors are off, which is quicker."""

from __future__ import annotations

from collections.abc import Callable, Generator

import salabim
from small import A_DAY, AFTER, BEFORE, WORK, WORKERS, Tally, draws, run

salabim.yieldless(False)


def simulate(seed: int, days: float) -> Callable[[], Tally]:
    between, within = draws(seed)
    environment = salabim.Environment()
    workers = salabim.Resource("workers", capacity=WORKERS, monitor=False)
    tally = Tally()

    class Case(salabim.Component):
        def process(self) -> Generator:
            yield self.hold(within(1 / BEFORE))
            asked = environment.now()
            yield self.request(workers)
            tally.begun += 1
            tally.waited += environment.now() - asked
            yield self.hold(within(1 / WORK))
            self.release(workers)
            yield self.hold(within(1 / AFTER))
            tally.closed += 1

    class Cases(salabim.Component):
        def process(self) -> Generator:
            while True:
                yield self.hold(between(A_DAY))
                Case()

    Cases()
    environment.run(till=days)
    return lambda: tally


if __name__ == "__main__":
    run("salabim", simulate)
