"""The small pathway in salabim: a component for each case; its own monitors are off, which is quicker."""

from __future__ import annotations

from collections.abc import Callable, Generator

import salabim
from small import WORKERS, Tally, cases, run

salabim.yieldless(False)


def simulate(seed: int, days: float) -> Callable[[], Tally]:
    drawn = [column.tolist() for column in cases(seed, days)]
    environment = salabim.Environment()
    workers = salabim.Resource("workers", capacity=WORKERS, monitor=False)
    tally = Tally()

    class Case(salabim.Component):
        def setup(self, times: list[float]) -> None:
            self.before, self.work, self.after = times

        def process(self) -> Generator:
            yield self.hold(self.before)
            asked = environment.now()
            yield self.request(workers)
            tally.begun += 1
            tally.waited += environment.now() - asked
            yield self.hold(self.work)
            self.release(workers)
            yield self.hold(self.after)
            tally.closed += 1

    class Cases(salabim.Component):
        def process(self) -> Generator:
            for comes, *times in zip(*drawn, strict=True):
                yield self.hold(comes - environment.now())
                Case(times=times)

    Cases()
    environment.run(till=days)
    return lambda: tally


if __name__ == "__main__":
    run("salabim", simulate)
