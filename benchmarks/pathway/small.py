"""The small pathway that every tool runs: a delay, one of 20 workers for a while, a delay. All times are exponential.

Each of the other files here is that pathway as its tool's own documentation would write it, and is run by `all.py` as
`python TOOL.py SEED DAYS` in a process of its own.
"""

from __future__ import annotations

import gc
import json
import math
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import NamedTuple

import numpy as np

#: Cases that come in a day, and mean days: until a worker is asked for, of a worker's time, until the case is closed.
A_DAY, BEFORE, WORK, AFTER = 1.8, 10.0, 10.0, 10.0
WORKERS = 20


class Cases(NamedTuple):
    """When each case comes, and its own three times, so that tools which take them must give the same answer."""

    comes: np.ndarray
    before: np.ndarray
    work: np.ndarray
    after: np.ndarray


def cases(seed: int, days: float) -> Cases:
    """Draw the cases of so many days, and some more."""
    generator = np.random.default_rng(seed)
    number = int(A_DAY * days + 10 * math.sqrt(A_DAY * days) + 100)
    times = (generator.exponential(mean, number) for mean in (1 / A_DAY, BEFORE, WORK, AFTER))
    gaps, before, work, after = times
    return Cases(np.cumsum(gaps), before, work, after)


class Tally:
    """What every tool must find out: how many cases were closed, and how long they waited for a worker."""

    def __init__(self) -> None:
        self.closed = 0
        self.begun = 0
        self.waited = 0.0


def exact_wait() -> float:
    """Return the mean wait in days by Erlang's C formula: cases come to the workers as a Poisson process."""
    load = A_DAY * WORK
    all_busy = load**WORKERS / math.factorial(WORKERS) / (1 - load / WORKERS)
    some_free = sum(load**busy / math.factorial(busy) for busy in range(WORKERS))
    return all_busy / (some_free + all_busy) / (WORKERS / WORK - A_DAY)


def run(tool: str, simulate: Callable[[int, float], Callable[[], Tally]], prepare: Callable[[], None] = int) -> None:
    """Time a tool and print what it found; preparing it and reading the answer out of it are not timed.

    Processor time: each tool is one thread that waits for nothing, and what else the machine does counts less.
    """
    seed, days = int(sys.argv[1]), float(sys.argv[2])
    prepare()
    gc.collect()
    start = time.process_time()
    answer = simulate(seed, days)
    seconds = time.process_time() - start
    tally = answer()
    print(json.dumps([seconds, tally.closed, tally.waited / tally.begun, version(tool)]))
