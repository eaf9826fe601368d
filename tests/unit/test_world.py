"""The world's weeks have SimPy's own events happen in SimPy's order: by moment, urgency and turn."""

from __future__ import annotations

import random
from collections.abc import Generator
from datetime import date
from typing import Any

import pytest
import simpy

from demandsim.calendars import Calendar
from demandsim.draws import NO_DRAWS, Draws
from demandsim.model.child import Child
from demandsim.model.world import WEEK, World

HORIZON = 80.0
#: Waits that often meet: at once, at the end of a week, and just before it.
WAITS = (0.0, 0.5, 1.0, WEEK / 2, WEEK - 1e-9, WEEK, 2 * WEEK, 5 * WEEK)


def world() -> World:
    return World(None, Draws(1), Calendar(date(2013, 4, 1), 1, 1), 0.0, HORIZON)  # type: ignore[arg-type]


def story(environment: simpy.Environment, seed: int) -> list[tuple[float, str]]:
    """Let processes wait, start others, wake each other up and interrupt each other; note who is when at what."""
    luck, told = random.Random(seed), []
    sleeping: list[Any] = []

    def process(name: str, depth: int) -> Generator[simpy.Event]:
        for step in range(12):
            told.append((environment.now, f"{name}.{step}"))
            try:
                yield environment.timeout(luck.choice(WAITS))
            except simpy.Interrupt:
                told.append((environment.now, f"{name} interrupted"))
            if depth and luck.random() < 0.3:
                sleeping.append(environment.process(process(f"{name}/{step}", depth - 1)))
            asleep = [other for other in sleeping if other.is_alive and other is not environment.active_process]
            if asleep and luck.random() < 0.2:
                luck.choice(asleep).interrupt()

    sleeping.extend(environment.process(process(str(number), 2)) for number in range(4))
    return told


@pytest.mark.parametrize("seed", range(20))
def test_processes_take_their_turns_as_in_simpy(seed: int) -> None:
    plain, here = simpy.Environment(), world()
    expected, told = story(plain, seed), story(here, seed)
    plain.run(until=HORIZON)
    here.run_to_horizon()
    assert len(told) > 50
    assert told == expected


def test_children_due_at_the_same_moment_come_in_the_order_of_scheduling() -> None:
    here, told = world(), []
    moments = [0.0, WEEK, WEEK, 3.0, WEEK, 3.0, 3 * WEEK, 3 * WEEK, HORIZON, HORIZON - 1e-9]
    for number, moment in enumerate(moments):
        child = Child(number, 6000.0, 0.0, 1.0, 0, NO_DRAWS)
        here.call_at(moment, child, lambda child: told.append((here.now, child.id)))
    here.run_to_horizon()
    assert told == sorted((moment, number) for number, moment in enumerate(moments) if moment < HORIZON)


def test_a_failure_inside_a_process_ends_the_run() -> None:
    here = world()

    def fails() -> Generator[simpy.Event]:
        yield here.timeout(2 * WEEK)
        raise ArithmeticError("as it happens")

    here.process(fails())
    with pytest.raises(ArithmeticError, match="as it happens"):
        here.run_to_horizon()
