"""One run: a scenario, a seed and a replication in, tables out. Nothing else goes in or comes out."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache

import numpy as np
from simpy.events import Timeout

from demandsim.calendars import Calendar
from demandsim.draws import Draws, replication_key
from demandsim.model.journey import SEED_YEARS, Journey
from demandsim.model.levers import Levers, Path
from demandsim.model.spells import SPELL_COLUMNS, Spells
from demandsim.results.tables import YEARS_BEFORE, Tables
from demandsim.scenario.ensemble import future
from demandsim.scenario.scenario import Scenario


def simulate(
    scenario: Scenario, seed: int, replication: int, spells: bool = False, authority: int = 0
) -> tuple[Tables, Spells | None]:
    """Simulate one authority once.

    Args:
        scenario: what to simulate; of an ensemble, the replication takes its member.
        seed: master seed; the same seed and replication give a child the same luck in every scenario.
        replication: number of the replication, from 0.
        spells: also return every episode, plan, care period and placement.
        authority: number of the authority where a replication is of many, from 1; each has luck of its own.

    Returns:
        tables: arrays of (month or year, column) for the year before the start and every year after it.
        spells: None unless asked for.
    """
    world = _journey(future(scenario, replication), replication_key(seed, replication, authority), spells)
    with _no_collection():
        world.run_to_horizon()
    first = SEED_YEARS - YEARS_BEFORE
    tables = {name: table[first if name == "census" else 12 * first :] for name, table in world.tables.items()}
    kept = world.finished_spells() if spells else None
    world.dissolve()
    return tables, kept


def count_events(scenario: Scenario, seed: int, replication: int) -> tuple[int, float]:
    """Return how many events are handled in a run, and how many others one of them finds waiting; for the benchmark."""
    world = _journey(scenario, replication_key(seed, replication), False)
    handled, waiting = [0], [0]

    def look() -> Generator[Timeout]:
        while True:
            yield world.timeout(30.0)
            handled.append(world.handled)
            waiting.append(sum(map(len, world.weeks)))

    world.process(look())
    with _no_collection():
        world.run_to_horizon()
    of_looking = len(handled)  # beginning included
    return world.handled - of_looking, float(np.average(waiting[1:], weights=np.diff(handled)))


@cache
def calendar_of(start: date, years: int) -> Calendar:
    """Return the calendar of a run; the same for every replication."""
    return Calendar(start, SEED_YEARS, years)


def levers_of(scenario: Scenario, calendar: Calendar) -> Levers:
    """Return a scenario's parameter values at any day of a calendar."""
    history, first_day = scenario.history(), scenario.at_start()
    return Levers(
        base=history,
        start={name: value for name, value in first_day.items() if value != history[name]},
        paths={
            name: Path(tuple((calendar.day(day), value) for day, value in points))
            for name, points in scenario.paths().items()
        },
        within_budget=scenario.within_budget(),
    )


def _journey(scenario: Scenario, key: int, spells: bool) -> Journey:
    calendar = calendar_of(scenario.start, scenario.years)
    return Journey(levers_of(scenario, calendar), Draws(key), calendar, scenario.years, keep_spells=spells)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep Python from looking for reference cycles: children come and go without any, and looking costs a fifth."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


__all__ = ["SPELL_COLUMNS", "Spells", "count_events", "simulate"]
