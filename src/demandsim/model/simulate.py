"""One run: a scenario, a seed and a replication in, tables out. Nothing else goes in or comes out."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from demandsim.calendars import Calendar
from demandsim.draws import Draws, replication_key
from demandsim.model.journey import SEED_YEARS, Journey
from demandsim.model.levers import Levers, Path
from demandsim.model.spells import SPELL_COLUMNS, Spells
from demandsim.results.tables import YEARS_BEFORE, Tables
from demandsim.scenario.scenario import Scenario


def simulate(scenario: Scenario, seed: int, replication: int, spells: bool = False) -> tuple[Tables, Spells | None]:
    """Simulate one authority once.

    Args:
        scenario: what to simulate.
        seed: master seed; the same seed and replication give a child the same luck in every scenario.
        replication: number of the replication, from 0.
        spells: also return every episode, plan, care period and placement.

    Returns:
        tables: arrays of (month or year, column) for the year before the start and every year after it.
        spells: None unless asked for.
    """
    world = _journey(scenario, seed, replication, spells)
    with _rare_collection():
        world.run_to_horizon()
    first = SEED_YEARS - YEARS_BEFORE
    tables = {name: table[first if name == "census" else 12 * first :] for name, table in world.tables.items()}
    return tables, world.finished_spells() if spells else None


def count_events(scenario: Scenario, seed: int, replication: int) -> int:
    """Return how many events SimPy handles in a run; for the benchmark."""
    world = _journey(scenario, seed, replication, False)
    with _rare_collection():
        world.run_to_horizon()
    return world.scheduled


def _journey(scenario: Scenario, seed: int, replication: int, spells: bool) -> Journey:
    calendar = Calendar(scenario.start, SEED_YEARS, scenario.years)
    history, first_day = scenario.history(), scenario.at_start()
    levers = Levers(
        base=history,
        start={name: value for name, value in first_day.items() if value != history[name]},
        paths={
            name: Path(tuple((calendar.day(day), value) for day, value in points))
            for name, points in scenario.paths().items()
        },
    )
    draws = Draws(replication_key(seed, replication))
    return Journey(levers, draws, calendar, scenario.years, keep_spells=spells)


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Let Python look for reference cycles seldom: children are many and live long, and looking costs a fifth."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


__all__ = ["SPELL_COLUMNS", "Spells", "count_events", "simulate"]
