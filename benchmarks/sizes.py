"""Sizes beside studies whose effects were no input: `python benchmarks/sizes.py`.

Each row changes something for one authority, in pairs with the same random numbers, and measures what the study
measured. Nothing is fitted to these. Some three minutes of the processor; writes a table into docs/reference/trials.md
(`--quick`: a few pairs, printed only).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pages import fill, table

from demandsim.model.simulate import get_ready, simulate
from demandsim.results.measures import MEASURES
from demandsim.results.year import Year
from demandsim.scenario.read import read_scenario

Array = NDArray[np.float64]
#: (replication, year) of each measure.
Found = Mapping[str, Array]
SEED = 2015
TIERS = ("prevention.universal", "prevention.targeted")
CUT, TARGETED_UP = 0.9, 1.1
#: Pounds a child, and children of 16 and 17 among all children.
TEN_POUNDS, OLDEST = 10.0, 2 / 18
WANTED = (
    *("children_in_need", "care_started", "care_started_age_5", "contacts_again", "exposure"),
    *("spend_intervention", "spend_prevention"),
)


def _spend(name: str) -> float:
    value = read_scenario("baseline").settings[name].value
    assert isinstance(value, float | int)
    return float(value)


def _times(by: float, *names: str) -> tuple[str, ...]:
    return tuple(f"{name}={_spend(name) * by:.6g}" for name in names)


def _elasticity(year: int, before: Found, after: Found) -> Array:
    in_need = "children_in_need"
    return np.log(after[in_need][:, year - 1] / before[in_need][:, year - 1]) / log(CUT)


def _oldest(found: Found) -> Array:
    """Return starts of care at 16 and over in the second year for each 100,000 of that age."""
    starts = found["care_started"][:, 1] * found["care_started_age_5"][:, 1] / 100
    return starts / (_spend("population.children") * OLDEST) * 1e5


def _entering(before: Found, after: Found) -> Array:
    return _oldest(after) - _oldest(before)


def _ratio(measure: str, year: int, before: Found, after: Found) -> Array:
    return after[measure][:, year - 1] / before[measure][:, year - 1]


def _back(before: Found, after: Found) -> Array:
    """Return what of each pound more for targeted help comes back over ten years, in %."""
    more = (after["spend_prevention"] - before["spend_prevention"]).sum(axis=1)
    return -100 * (after["spend_intervention"] - before["spend_intervention"]).sum(axis=1) / more


class Size(NamedTuple):
    """What is changed, from what, and what is made of it; what was published, and its interval."""

    what: str
    evidence: str
    changes: tuple[str, ...]
    setting: tuple[str, ...]
    years: int
    pairs: int
    of: Callable[[Found, Found], Array]
    value: float
    low: float
    high: float


def sizes() -> list[Size]:
    """Return the rows; their changes are made from the values of the baseline."""
    tenth = _times(CUT, *TIERS)
    ten_pounds = _times(1 - TEN_POUNDS / sum(map(_spend, TIERS)), *TIERS)
    churn = ("workforce.turnover=0.23",), ("workforce.turnover=0.09",)
    need = "elasticity of children in need to all prevention"
    again = "turnover of 23% against 9%: "
    return [
        Size(f"{need}, a year later", "V043", tenth, (), 6, 64, partial(_elasticity, 2), -0.097, -0.165, -0.024),
        Size(f"{need}, in the sixth year", "V043", tenth, (), 6, 64, partial(_elasticity, 6), -0.097, -0.165, -0.024),
        Size(
            "£10 a child less: starts of care at 16 and over, the next year, for each 100,000",
            *("O131", ten_pounds, (), 2, 400, _entering, 1.9, 0.7, 2.9),
        ),
        Size(
            "of each pound more for targeted help, what comes back in ten years, %",
            *("V046", _times(TARGETED_UP, TIERS[1]), (), 10, 96, _back, 30, 10, 50),
        ),
        Size(f"{again}contacts again", "V061", *churn, 6, 32, partial(_ratio, "contacts_again", 6), 1.47, 1.0, 2.5),
        Size(f"{again}modelled exposure", "V061", *churn, 6, 32, partial(_ratio, "exposure", 6), 1.47, 1.0, 2.5),
    ]


def measured(changes: tuple[str, ...], years: int, replication: int) -> list[Array]:
    """Return each wanted measure by year."""
    scenario = read_scenario("baseline", list(changes), years)
    tables = {key: one[None] for key, one in simulate(scenario, SEED, replication)[0].items()}
    return [np.array([MEASURES[name].of(Year(tables, year + 1))[0] for year in range(years)]) for name in WANTED]


def found(pool: ProcessPoolExecutor, changes: tuple[str, ...], years: int, pairs: int) -> Found:
    """Return (replication, year) of each wanted measure."""
    runs = np.array(list(pool.map(partial(measured, changes, years), range(pairs), chunksize=8)))
    return {name: runs[:, place] for place, name in enumerate(WANTED)}


def main() -> None:
    quick = "--quick" in sys.argv
    get_ready()
    lines = []
    with ProcessPoolExecutor() as pool:
        for row in sizes():
            pairs = 4 if quick else row.pairs
            kept = tuple(one for one in row.setting if one.partition("=")[0])
            before, after = (found(pool, changes, row.years, pairs) for changes in (kept, row.changes))
            each = row.of(before, after)
            mean, error = float(each.mean()), float(each.std(ddof=1) / pairs**0.5)
            inside = row.low <= mean <= row.high
            near = row.low - 2 * error <= mean <= row.high + 2 * error
            verdict = "inside" if inside else "not told apart" if near else "**outside**"
            published = f"{row.value:g} ({row.low:g} to {row.high:g})"
            lines.append([row.what, row.evidence, published, f"{mean:.3g} ± {error:.2g}", verdict])
            print(*lines[-1], sep=" | ", flush=True)
    if not quick:
        fill("trials.md", sizes=table(["what", "evidence", "published", "model ± error", ""], lines))


if __name__ == "__main__":
    main()
