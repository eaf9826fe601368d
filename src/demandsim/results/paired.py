"""Differences between two runs, replication by replication: each child had the same random draws in both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demandsim.problems import Problem, UserError
from demandsim.results.measure import Measure
from demandsim.results.store import Results
from demandsim.results.uncertainty import Estimate, estimate
from demandsim.results.year import Year

#: What two runs must share to be compared replication by replication, and how to get there.
_SHARED = {
    "seed": "run both with the same --seed",
    "replications": "run both with the same --replications",
    "version": "run the older one again with this version (--again)",
    "scale_to_england": "give both the same population.children",
    "first_year": "start both in the same year",
    "years": "run both with the same --years",
    "ensemble_digest": "run both with the same --ensemble",
}


def check_comparable(one: Results, others: list[Results]) -> None:
    """Refuse runs that can't be compared replication by replication.

    Raises:
        UserError: with everything in which they differ.
    """
    problems = [
        Problem(
            str(other.folder),
            f"manifest.json: {what}",
            str(getattr(other.manifest, what)) or "none",
            f"{getattr(one.manifest, what) or 'none'}, as in {one.folder}",
            remedy,
        )
        for other in others
        for what, remedy in _SHARED.items()
        if getattr(other.manifest, what) != getattr(one.manifest, what)
    ]
    if problems:
        raise UserError(problems)


def paired(one: Results, other: Results, measure: Measure, year: int) -> NDArray[np.float64]:
    """Return a measure of one run less that of the other, one number for each replication.

    Args:
        one: a run.
        other: another that can be compared with it.
        measure: what to compare.
        year: place of the financial year in the tables.
    """
    found: NDArray[np.float64] = measure.of(Year(one.tables, year)) - measure.of(Year(other.tables, year))
    return found


def difference(one: Results, other: Results, measure: Measure, year: int) -> Estimate:
    """Return the estimate of `paired`.

    Raises:
        UserError: the runs can't be compared replication by replication.
    """
    check_comparable(one, [other])
    return estimate(paired(one, other, measure, year), one.manifest.members)
