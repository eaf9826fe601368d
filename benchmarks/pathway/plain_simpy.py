"""The small pathway in plain SimPy: a process for each case, a `Resource` of workers."""

from __future__ import annotations

from collections.abc import Callable, Generator

import simpy
from small import A_DAY, AFTER, BEFORE, WORK, WORKERS, Tally, draws, run


def simulate(seed: int, days: float) -> Callable[[], Tally]:
    between, within = draws(seed)
    environment = simpy.Environment()
    workers = simpy.Resource(environment, WORKERS)
    tally = Tally()

    def case() -> Generator[simpy.Event]:
        yield environment.timeout(within(1 / BEFORE))
        asked = environment.now
        with workers.request() as worker:
            yield worker
            tally.begun += 1
            tally.waited += environment.now - asked
            yield environment.timeout(within(1 / WORK))
        yield environment.timeout(within(1 / AFTER))
        tally.closed += 1

    def cases() -> Generator[simpy.Event]:
        while True:
            yield environment.timeout(between(A_DAY))
            environment.process(case())

    environment.process(cases())
    environment.run(until=days)
    return lambda: tally


if __name__ == "__main__":
    run("simpy", simulate)
