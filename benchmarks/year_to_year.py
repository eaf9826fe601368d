"""How far the rates of one authority change from a year to the next, beside what was published.

    python benchmarks/year_to_year.py                          as localise writes them
    python benchmarks/year_to_year.py --moves 0.2 0.1 0.2 0.15 0.15

The median over authorities and years of the absolute change of the rates of referrals, children in need, enquiries,
plans and children looked after: published, by chance alone, and with practice that moves (`practice.moves_a_year`).
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from demandsim.localise.writing import KEPT_A_YEAR, MOVES_A_YEAR
from demandsim.model.simulate import simulate
from demandsim.results.measures import MEASURES
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.year import Year
from demandsim.scenario.read import read_scenario

#: Median change of an authority's rate in a year, in per cent, over some 150 authorities (the Department's tables).
PUBLISHED = {"referrals": 14.0, "children_in_need": 8.5, "enquiries": 18.0, "plans": 15.0, "looked_after": 4.7}
#: Log standard deviation of the change over five years.
FIVE_YEARS = {"referrals": 0.36, "children_in_need": 0.24, "plans": 0.34}
YEARS = 8


def rates(moves: tuple[float, ...], kept: float, number: int) -> np.ndarray:
    """Return the rates of one authority, (measure, year) from the base year on."""
    changes = [f"practice.moves_a_year=[{','.join(map(str, moves))}]", f"practice.kept_a_year={kept}"]
    tables, _ = simulate(read_scenario("baseline", changes, YEARS), 77, number)
    whole = {name: table[None] for name, table in tables.items()}
    years = range(YEARS_BEFORE, YEARS_BEFORE + YEARS)
    return np.array([[float(MEASURES[name].of(Year(whole, year))[0]) for year in years] for name in PUBLISHED])


def _of(job: tuple[tuple[float, ...], float, int]) -> np.ndarray:
    return rates(*job)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moves", type=float, nargs=5, default=MOVES_A_YEAR, help="as practice.moves_a_year")
    parser.add_argument("--kept", type=float, default=KEPT_A_YEAR, help="as practice.kept_a_year")
    parser.add_argument("--authorities", type=int, default=120)
    given = parser.parse_args()
    moves = tuple(given.moves)
    found = {}
    with ProcessPoolExecutor() as pool:
        for words, these in (("by chance", (0.0,) * 5), ("with moves", moves)):
            jobs = [(these, given.kept, number) for number in range(given.authorities)]
            found[words] = np.log(np.array(list(pool.map(_of, jobs))))
    print(f"moves {moves}, {given.kept:.0%} kept a year, {given.authorities} authorities of {YEARS} years")
    print(
        f"{'':18}{'published':>12}"
        + "".join(f"{words:>12}" for words in found)
        + f"{'five years':>14}{'published':>12}"
    )
    for place, name in enumerate(PUBLISHED):
        cells = [100 * np.median(np.abs(np.expm1(np.diff(one[:, place])))) for one in found.values()]
        five = (found["with moves"][:, place, 5] - found["with moves"][:, place, 0]).std(ddof=1)
        wanted = f"{FIVE_YEARS[name]:.2f}" if name in FIVE_YEARS else ""
        print(
            f"{name:18}{PUBLISHED[name]:11.1f}%"
            + "".join(f"{cell:11.1f}%" for cell in cells)
            + f"{five:14.2f}{wanted:>12}"
        )


if __name__ == "__main__":
    main()
