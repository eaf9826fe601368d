"""Whether each sign of the table holds over what is not known of the parameters: `python benchmarks/signs.py`.

Fifty posterior draws of the ensemble that ships, two paired replications of each. What stochastic variation makes of
the differences is taken out of their variance, so that what is left is the parameters'. Printed: the share of draws in
which the sign holds, if effects are normal over draws. Some five minutes on two cores.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from scipy.special import ndtr

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "laws"))

from test_policy_signs import TABLE, Sign

from demandsim.draws import FUTURES_A_MEMBER
from demandsim.model.simulate import get_ready, simulate
from demandsim.results.measures import MEASURES
from demandsim.results.uncertainty import spread
from demandsim.results.year import Year
from demandsim.scenario.ensemble import with_ensemble
from demandsim.scenario.read import read_scenario

DRAWS, SEED = 50, 2015
#: A scenario, what is changed of it, and the years to simulate.
Case = tuple[str, tuple[str, ...], int]


def measured(case: Case, wanted: tuple[str, ...], replication: int) -> list[float]:
    """Return measures of the last year of one replication, which has the values of its draw."""
    name, changes, years = case
    scenario = with_ensemble(read_scenario(name, list(changes), years), "baseline")
    tables = {key: table[None] for key, table in simulate(scenario, SEED, replication)[0].items()}
    return [float(MEASURES[one].of(Year(tables, years))[0]) for one in wanted]


def sides(row: Sign) -> tuple[Case, Case]:
    """Return what a row compares."""
    changed = {change.partition("=")[0] for change in row.changes}
    kept = tuple(change for change in row.setting if change.partition("=")[0] not in changed)
    return ("baseline", row.setting, row.year), (row.scenario, (*kept, *row.changes), row.year)


def holds(row: Sign, differences: np.ndarray, level: float) -> tuple[float, float]:
    """Return the mean difference, and the share of draws in which the sign holds."""
    found = spread(differences, DRAWS)
    mean, sd = float(np.nanmean(differences)), max(found.parameters, 0.0) ** 0.5
    edge = {"up": 0.0, "down": 0.0, "notdown": -row.within * level}.get(row.moves)
    if edge is None:
        within = row.within * level
        return mean, float(abs(mean) < within if not sd else ndtr((within - mean) / sd) - ndtr((-within - mean) / sd))
    sign = -1.0 if row.moves == "down" else 1.0
    return mean, float(sign * (mean - edge) > 0 if not sd else ndtr(sign * (mean - edge) / sd))


def main() -> None:
    get_ready()
    wanted: dict[Case, set[str]] = defaultdict(set)
    for row in TABLE:
        for case in sides(row):
            wanted[case].add(row.measure)
    values: dict[tuple[Case, str], np.ndarray] = {}
    with ProcessPoolExecutor() as pool:
        for case, names in wanted.items():
            order = tuple(sorted(names))
            runs = list(pool.map(partial(measured, case, order), range(DRAWS * FUTURES_A_MEMBER), chunksize=10))
            values |= {(case, name): np.array(runs)[:, place] for place, name in enumerate(order)}
    print("| what | expected | tag | difference at year | of draws |\n| --- | --- | --- | --- | --- |")
    for row in TABLE:
        before, after = ((case, row.measure) for case in sides(row))
        mean, share = holds(row, values[after] - values[before], float(np.nanmean(values[before])))
        within = f" within {row.within:.0%}" if row.within else ""
        expected = f"{row.measure} {row.moves}{within}"
        print(f"| {row.whatif} | {expected} | {row.tag} | {mean:+.3g} in year {row.year} | {share:.0%} |")


if __name__ == "__main__":
    main()
