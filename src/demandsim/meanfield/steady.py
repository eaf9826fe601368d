"""The balance that a scenario would come to if nothing changed any more."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demandsim.meanfield.path import tables_of
from demandsim.meanfield.run import Run
from demandsim.scenario.scenario import Scenario
from demandsim.threads import on_one_thread

Array = NDArray[np.float64]

#: Times that the last year comes again: nobody stays in children's services for longer than 25 years.
_YEARS = 30
#: Years of tables to give: one, and the one before it, which measures of change look at.
_KEPT = 2


@on_one_thread
def steady_state(scenario: Scenario) -> dict[str, Array]:
    """Return the tables of the year to which a scenario settles if its last year comes again and again.

    The number of children, demand for each child, prices, the budget and every lever stay as they are in that year;
    staff, places and early help find their balance. Measures read the second of the two years given, as
    `Year(steady_state(scenario), 1)`; they are alike.

    Args:
        scenario: whose last year stays.
    """
    run = Run(scenario, over_again=_YEARS)
    run.to_end()
    tables = tables_of(run)
    return {
        name: table[None, -_KEPT if name == "census" else -12 * _KEPT :].astype(np.float64)
        for name, table in tables.items()
    }
