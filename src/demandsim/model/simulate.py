"""One run: a scenario, a seed and a replication in, tables out. Nothing else goes in or comes out."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from datetime import date
from functools import cache

import numpy as np
from simpy.events import Timeout

from demandsim.calendars import Calendar
from demandsim.draws import replication_key
from demandsim.engine.compiling import compile_once
from demandsim.model.authority import Authority
from demandsim.model.past import Pasts, shared_until
from demandsim.model.spells import SPELL_COLUMNS, Spells, every_spell
from demandsim.model.warm_up import SEED_YEARS
from demandsim.results.tables import YEARS_BEFORE, Tables
from demandsim.scenario.ensemble import future
from demandsim.scenario.levers import Levers, Path
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario

#: Children of the authority that is simulated to have the model compiled.
_FEW = 2_000


def simulate(
    scenario: Scenario,
    seed: int,
    replication: int,
    spells: bool = False,
    authority: int = 0,
    pasts: Pasts | None = None,
) -> tuple[Tables, Spells | None]:
    """Simulate one authority once.

    Args:
        scenario: what to simulate; of an ensemble, the replication takes its member.
        seed: master seed; the same seed and replication give a child the same random draws in every scenario.
        replication: number of the replication, from 0.
        spells: also return every spell of every child, from contacts to periods of care.
        authority: number of the authority where a replication is of many, from 1; each has random draws of its own.
        pasts: those of the scenarios simulated before; one that this scenario shares is not simulated again.

    Returns:
        tables: arrays of (month or year, column) for the year before the start and every year after it.
        spells: None unless asked for.
    """
    get_ready()
    key = replication_key(seed, replication, authority)
    simulated = _authority(future(scenario, replication), key, spells, Authority if pasts is None else pasts.authority)
    simulated.run()
    memory = simulated.memory
    months, years = memory.months[12 * (SEED_YEARS - YEARS_BEFORE) : -1], memory.years[SEED_YEARS - YEARS_BEFORE :]
    tables = {name: months[name] for name in ("count", "stock", "state_days", "placed_days", "spend")}
    tables["census"] = years["census"]
    return tables, every_spell(memory, scenario.start) if spells else None


def pasts_of(scenarios: Sequence[Scenario]) -> Pasts | None:
    """Return what the simulations of a replication of some scenarios share; of one by itself nothing."""
    if len(scenarios) == 1:
        return None
    levers = [levers_of(scenario, calendar_of(scenario.start, scenario.years)) for scenario in scenarios]
    return Pasts(asked=len(scenarios), until=shared_until(levers))


def get_ready() -> None:
    """Have the model compiled, if no process of this machine has done so yet."""
    compile_once(_smallest)


def _smallest() -> None:
    """Run what calls every function that Python calls."""
    _authority(read_scenario("baseline", [f"population.children={_FEW}"], 1), 0, False).run()


def count_events(scenario: Scenario, seed: int, replication: int) -> tuple[int, float]:
    """Return how many events are handled in a run, and how many others one of them finds waiting; for the benchmark."""
    authority = _authority(scenario, replication_key(seed, replication), False)
    handled, waiting = [0], [0]

    def look() -> Generator[Timeout]:
        while True:
            yield authority.environment.timeout(30.0)
            handled.append(authority.handled)
            waiting.append(authority.memory.waiting_events())

    authority.environment.process(look())
    authority.run()
    return authority.handled, float(np.average(waiting[1:], weights=np.diff(handled)))


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
        later={name: [(calendar.day(day), value) for day, value in steps] for name, steps in scenario.later().items()},
        within_budget=scenario.within_budget(),
    )


def _authority(scenario: Scenario, key: int, spells: bool, begin: Callable[..., Authority] = Authority) -> Authority:
    calendar = calendar_of(scenario.start, scenario.years)
    return begin(levers_of(scenario, calendar), key, calendar, scenario.years, spells)


__all__ = ["SPELL_COLUMNS", "Spells", "count_events", "simulate"]
