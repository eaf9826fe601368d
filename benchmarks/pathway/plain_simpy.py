"""The small pathway in plain SimPy: a process for each case, a `Resource` of workers."""

from __future__ import annotations

from collections.abc import Callable, Generator

import simpy
from small import WORKERS, Tally, cases, run


def simulate(seed: int, days: float) -> Callable[[], Tally]:
    drawn = [column.tolist() for column in cases(seed, days)]
    environment = simpy.Environment()
    workers = simpy.Resource(environment, WORKERS)
    tally = Tally()

    def case(before: float, work: float, after: float) -> Generator[simpy.Event]:
        yield environment.timeout(before)
        asked = environment.now
        with workers.request() as worker:
            yield worker
            tally.begun += 1
            tally.waited += environment.now - asked
            yield environment.timeout(work)
        yield environment.timeout(after)
        tally.closed += 1

    def opened() -> Generator[simpy.Event]:
        for comes, *times in zip(*drawn, strict=True):
            yield environment.timeout(comes - environment.now)
            environment.process(case(*times))

    environment.process(opened())
    environment.run(until=days)
    return lambda: tally


if __name__ == "__main__":
    run("simpy", simulate)
