"""How much an event of the model costs, against SimPy doing as many events and nothing else, in the same run.

    python benchmarks/kernel.py      about a minute

The bare loop is plain SimPy as its documentation shows it: processes that yield timeouts of random length. Several of
them, because SimPy's cost depends on how many events wait: one process alone (the cheapest SimPy there is), as many as
the model has open cases, and as many as events wait in the model (children who may come back are scheduled too), which
is what a process for each child would cost. Machines are noisy: each part is run several times, in turn, the
processor's time is taken, which other work disturbs less than the clock's, and medians and ratios are printed.
"""

from __future__ import annotations

import gc
import random
import resource
import statistics
import time

import simpy

from demandsim.model.simulate import count_events, simulate
from demandsim.scenario.read import read_scenario

ROUNDS = 5
OPEN_CASES = 2_600


def bare(events: int, processes: int) -> float:
    """Return the processor's seconds that plain SimPy takes for as many timeouts, shared among processes.

    The processes have begun before and do not end, so that nothing but timeouts is in it.
    """
    environment = simpy.Environment()
    draw = random.Random(1).expovariate

    def waits() -> object:
        while True:
            yield environment.timeout(draw(1.0))

    for _ in range(processes):
        environment.process(waits())
    environment.run(until=1e-9)
    gc.collect()
    start = time.process_time()
    environment.run(until=events / processes)
    return time.process_time() - start


def model(children: float, replication: int) -> float:
    scenario = read_scenario("baseline", [f"population.children={children}"])
    gc.collect()
    start = time.process_time()
    simulate(scenario, 1, replication)
    return time.process_time() - start


def kernel() -> None:
    events, waiting = count_events(read_scenario("baseline"), 1, 0)
    loops = (1, OPEN_CASES, round(waiting))
    rows = [(model(75_500, 0), *(bare(events, processes) for processes in loops)) for _ in range(ROUNDS)]
    names = (
        "model, ten years of one authority",
        "SimPy, one process",
        *(f"SimPy, {processes:,} processes" for processes in loops[1:]),
    )
    print(f"{events:,} events in a run, each finds {waiting:,.0f} waiting; medians of {ROUNDS} rounds")
    medians = [statistics.median(column) for column in zip(*rows, strict=True)]
    for name, seconds in zip(names, medians, strict=True):
        print(f"  {name:36} {seconds:6.2f} s  {1e6 * seconds / events:6.2f} microseconds an event")
    for place, name in enumerate(names[1:], 1):
        ratio = statistics.median(row[0] / row[place] for row in rows)
        print(f"  ratio of the model to {name}: {ratio:.2f}")
    print(f"  peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    kernel()
