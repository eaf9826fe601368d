"""Whether the interval of a difference is right: how often the 90% interval covers a difference that is zero.

A small authority is compared with itself, with other random draws. Nothing is changed: the true difference is zero. 100
comparisons of 10 replications: about a minute.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor

import numpy as np
from scipy.stats import binom

from demandsim.model.simulate import get_ready, simulate
from demandsim.results.measures import MEASURES
from demandsim.results.uncertainty import estimate
from demandsim.results.year import Year
from demandsim.scenario.read import read_scenario

REPEATS, REPLICATIONS, YEARS = 100, 10, 2
MEASURED = ("plans_started", "looked_after", "care_started", "spend_intervention")
SMALL = ["population.children=7550"]


def differences(repeat: int) -> list[list[float]]:
    """Return, for each measure, the difference in the last year in each replication of one comparison."""
    scenario = read_scenario("baseline", SMALL, YEARS)
    found: list[list[float]] = [[] for _ in MEASURED]
    for replication in range(REPLICATIONS):
        # The number of an authority gives it random draws of its own.
        usual, other = (simulate(scenario, repeat, replication, authority=number)[0] for number in (1, 2))
        years = [Year({name: table[None] for name, table in tables.items()}, YEARS) for tables in (usual, other)]
        for place, name in enumerate(MEASURED):
            one, two = (MEASURES[name].of(year)[0] for year in years)
            found[place].append(float(two - one))
    return found


def main() -> None:
    get_ready()
    with ProcessPoolExecutor() as pool:
        repeats = np.array(list(pool.map(differences, range(REPEATS))))
    low, high = binom.interval(0.95, REPEATS, 0.9)
    print(f"{REPEATS} comparisons of {REPLICATIONS} replications; of 100 intervals, {low:.0f} to {high:.0f} is chance")
    print("measure              mean difference   spread   intervals that cover zero")
    for place, name in enumerate(MEASURED):
        values = repeats[:, place]
        covered = sum(abs(one.mean) <= one.error for one in map(estimate, values))
        print(f"{name:20} {values.mean():15.3f}   {values.std():6.2f}   {covered:4d} of {REPEATS}")


if __name__ == "__main__":
    main()
