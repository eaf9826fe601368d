"""How far England's authorities differ, and how their rates go together: published, and as simulated.

python benchmarks/england.py                     one replication of 152 authorities; writes docs/reference/scaling.md
python benchmarks/england.py --replications 4    more of them
python benchmarks/england.py --quick             prints only
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from numpy.typing import NDArray
from pages import fill, table

from demandsim.evidence import register
from demandsim.experiment.england import AUTHORITIES, authority
from demandsim.model.simulate import get_ready, simulate
from demandsim.results.measures import MEASURES
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.year import Year
from demandsim.scenario.read import read_scenario

Array = NDArray[np.float64]
#: Each rate, and the row of the register with its published spread.
RATES = {
    "referrals": "K017",
    "children_in_need": "K018",
    "enquiries": "K019",
    "plans": "K019",
    "looked_after": "K019",
}
#: Of these the fewest and the most for each 10,000 children are published.
ENDS = {"referrals": ("K014", "K015"), "children_in_need": ("O008", "O009")}
CHILDREN = 75_500
SEED = 1
LEAST, MOST, SHARED = "K020", "K021", "K022"


def simulated(replications: int, jobs: int) -> Array:
    """Return the logarithm of each rate of 2013-14, (replication, authority, rate)."""
    every = [(replication, number) for replication in range(replications) for number in range(1, AUTHORITIES + 1)]
    get_ready()
    with ProcessPoolExecutor(jobs) as workers:
        found = list(workers.map(_rates, every, chunksize=4))
    return np.log(found).reshape(replications, AUTHORITIES, -1)


def _rates(one: tuple[int, int]) -> list[float]:
    replication, number = one
    scenario = authority(read_scenario("baseline", (), 1), number, AUTHORITIES)
    tables, _ = simulate(scenario, SEED, replication, authority=number)
    year = Year({name: table[np.newaxis] for name, table in tables.items()}, YEARS_BEFORE)
    return [float(MEASURES[name].of(year)[0]) for name in RATES]


def spread_of(rates: Array) -> tuple[Array, Array, float]:
    """Return, over authorities, the spread of each rate, their correlations and what one level would explain."""
    spread = rates.std(axis=1, ddof=1).mean(axis=0)
    together = np.mean([np.corrcoef(one.T) for one in rates], axis=0)
    return spread, together, float(np.linalg.eigvalsh(together)[-1] / len(together))


def tables_of(rates: Array) -> tuple[str, str]:
    """Return the table of what is published beside what is simulated, and that of the simulated correlations."""
    spread, together, shared = spread_of(rates)
    labels = [MEASURES[name].label.lower() for name in RATES]
    value = {row: register()[row].value for row in (*RATES.values(), LEAST, MOST, SHARED)}
    apart = together[np.triu_indices(len(labels), 1)]
    rows = [
        [f"{label}: log standard deviation", value[row], f"{one:.2f}"]
        for (label, row), one in zip(zip(labels, RATES.values(), strict=True), spread, strict=True)
    ]
    rows.append(["correlations", f"{value[LEAST]} to {value[MOST]}", f"{apart.min():.2f} to {apart.max():.2f}"])
    rows.append(["variance that one level explains", f"{value[SHARED]}%", f"{100 * shared:.0f}%"])
    for place, (name, (low, high)) in enumerate(ENDS.items()):
        ends = np.exp(rates[:, :, place]) / CHILDREN * 1e4
        fewest, middle, most = (found.mean() for found in (ends.min(axis=1), np.median(ends, axis=1), ends.max(axis=1)))
        label = f"{MEASURES[name].label.lower()} for each 10,000 children, fewest to most"
        known = f"{float(register()[low].value):,.0f} to {float(register()[high].value):,.0f}"
        rows.append([label, known, f"{fewest:,.0f} to {most:,.0f}; in the middle {middle:,.0f}"])
    pairs = [[label, *(f"{one:.2f}" for one in row)] for label, row in zip(labels, together, strict=True)]
    return table(["", "published", "simulated"], rows), table(["correlation", *labels], pairs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    spread, together = tables_of(simulated(asked.replications, asked.jobs))
    print(spread, together, sep="\n\n")
    if not asked.quick:
        fill("scaling.md", spread=spread, together=together)


if __name__ == "__main__":
    main()
