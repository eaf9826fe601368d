"""Differences between two runs, replication by replication: each child had the same luck in both."""

from __future__ import annotations

from demandsim.problems import Problem, UserError
from demandsim.results.measures import Measure, Year
from demandsim.results.store import Results
from demandsim.results.uncertainty import Estimate, estimate


def difference(one: Results, other: Results, measure: Measure, year: int) -> Estimate:
    """Return a measure of one run less that of the other, over their common replications.

    Args:
        one: a run.
        other: another with the same seed and the same years.
        measure: what to compare.
        year: place of the financial year in the tables.

    Raises:
        UserError: the runs can't be compared replication by replication.
    """
    mine, theirs = one.manifest, other.manifest
    for what in ("seed", "replications", "first_year", "years"):
        if getattr(mine, what) != getattr(theirs, what):
            raise UserError(
                Problem(
                    str(other.folder),
                    f"manifest.json: {what}",
                    str(getattr(theirs, what)),
                    f"{getattr(mine, what)}, as in {one.folder}",
                    f"demandsim run {theirs.scenario} with the same seed, years and replications",
                )
            )
    return estimate(measure.of(Year(one.tables, year)) - measure.of(Year(other.tables, year)))
