"""Both sides of a sign, in pairs with common random numbers; what several rows need is simulated once."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy import stats
from sign_rows import Sign

from demandsim.model.past import Pasts
from demandsim.model.simulate import simulate
from demandsim.results.measures import MEASURES
from demandsim.results.year import Year
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario

SEED = 2015
#: Years that most rows ask for; the first are the same however many follow, and the years before the first day are
#: shared by what is simulated for as many.
YEARS = 6
#: Some 500 MB.
PASTS = Pasts(most=24)


def values_of(scenario: str, changes: tuple[str, ...], measure: str, year: int, pairs: int) -> np.ndarray:
    """Return a measure of one year of every replication."""
    runs = [_tables(scenario, changes, max(year, YEARS), number) for number in range(pairs)]
    return np.array([float(MEASURES[measure].of(Year(tables, year))[0]) for tables in runs])


@cache
def _tables(scenario: str, changes: tuple[str, ...], years: int, number: int) -> dict[str, np.ndarray]:
    tables, _ = simulate(_read(scenario, changes, years), SEED, number, pasts=PASTS)
    return {name: table[None] for name, table in tables.items()}


@cache
def _read(scenario: str, changes: tuple[str, ...], years: int) -> Scenario:
    return read_scenario(scenario, list(changes), years)


def differences_of(row: Sign) -> tuple[np.ndarray, float]:
    level = values_of("baseline", row.setting, row.measure, row.year, row.pairs)
    names = {change.partition("=")[0] for change in row.changes}
    kept = tuple(change for change in row.setting if change.partition("=")[0] not in names)
    changed = values_of(row.scenario, (*kept, *row.changes), row.measure, row.year, row.pairs)
    return changed - level, float(np.nanmean(level))


def hold(row: Sign) -> None:
    """Say whether a policy moves what a row says, and which way."""
    differences, level = differences_of(row)
    mean, error = differences.mean(), differences.std(ddof=1) / row.pairs**0.5
    sigmas = stats.t.ppf(0.95, row.pairs - 1)
    if row.moves == "up":
        assert mean - sigmas * error > 0
    elif row.moves == "down":
        assert mean + sigmas * error < 0
    elif row.moves == "notdown":
        assert mean - sigmas * error > -row.within * level
    else:
        assert abs(mean) + stats.t.ppf(0.975, row.pairs - 1) * error < row.within * level
