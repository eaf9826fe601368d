"""Whether each sign of the table holds over what is not known of the parameters: `python benchmarks/signs.py`.

Fifty posterior draws of the ensemble that ships, two paired replications of each. Effects are relative: the logarithm
of what is with the change over what is without, so that a draw with twice the harm has the same effect and not twice
the effect. What stochastic variation makes of them is taken out of their variance; what is left is the parameters'.
Printed: the share of draws in which the sign holds, if relative effects are normal over draws, and where that is less
than 90%, the parameters that they follow most. Twenty minutes on two cores.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from scipy.special import ndtr
from scipy.stats import spearmanr

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "laws"))

from sign_rows import TABLE, Sign

from demandsim.draws import REPLICATIONS_A_DRAW
from demandsim.model.simulate import get_ready, simulate
from demandsim.results.measures import MEASURES
from demandsim.results.uncertainty import spread
from demandsim.results.year import Year
from demandsim.scenario.ensemble import read_ensemble, with_ensemble
from demandsim.scenario.read import read_scenario

DRAWS, SEED = 50, 2015
#: Of parameters that an effect follows, as many as are named; the largest of a hundred rank correlations of unrelated
#: values is below this in 19 of 20 tries.
MOST, BY_CHANCE = 3, 0.46
#: What may come so near to nothing, as a share of its mean, has no ratio that says anything.
NEAR_NOTHING = 0.05
#: The bar: in so many draws a sign should hold.
ENOUGH = 0.9
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


def effects(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return the effect of each replication: relative where all are well above nothing, else as a share of the mean."""
    if min(before.min(), after.min()) > NEAR_NOTHING * abs(float(np.nanmean(before))):
        return np.asarray(np.log(after / before))
    return np.asarray((after - before) / max(float(np.nanmean(before)), 1e-12))


def holds(row: Sign, found: np.ndarray) -> float:
    """Return the share of draws in which the sign holds."""
    mean, sd = float(np.nanmean(found)), max(spread(found, DRAWS).parameters, 0.0) ** 0.5
    low, high = {
        "up": (0.0, np.inf),
        "down": (-np.inf, 0.0),
        "notdown": (-row.within, np.inf),
    }.get(row.moves, (-row.within, row.within))
    if not sd:
        return float(low < mean < high)
    return float(ndtr((high - mean) / sd) - ndtr((low - mean) / sd))


def turns_on(found: np.ndarray) -> str:
    """Return the parameters that effects of draws follow most, with rank correlations; those of chance are left out."""
    ensemble = read_ensemble("baseline")
    values = np.array(ensemble.members)[:DRAWS]
    ranks = spearmanr(np.column_stack([found.reshape(DRAWS, REPLICATIONS_A_DRAW).mean(axis=1), values])).statistic[
        0, 1:
    ]
    told = sorted(zip(ensemble.names, ranks, strict=True), key=lambda one: -abs(one[1]))[:MOST]
    return ", ".join(f"{name} ({rank:+.2f})" for name, rank in told if abs(rank) > BY_CHANCE) or "no one parameter"


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
            runs = list(pool.map(partial(measured, case, order), range(DRAWS * REPLICATIONS_A_DRAW), chunksize=10))
            values |= {(case, name): np.array(runs)[:, place] for place, name in enumerate(order)}
    print("| what | expected | tag | relative effect in year | of draws | turns on |\n" + "| --- " * 6 + "|")
    for row in TABLE:
        before, after = (values[case, row.measure] for case in sides(row))
        found = effects(before, after)
        share = holds(row, found)
        expected = f"{row.measure} {row.moves}" + (f" within {row.within:.0%}" if row.within else "")
        told = "" if share >= ENOUGH else turns_on(found)
        effect = f"{np.nanmean(found):+.1%} in {row.year}"
        print(f"| {row.whatif} | {expected} | {row.tag} | {effect} | {share:.0%} | {told} |", flush=True)


if __name__ == "__main__":
    main()
