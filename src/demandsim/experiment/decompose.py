"""What each loop adds: the scenario as it is, against the same with that loop switched off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from demandsim.results.measure import Measure
from demandsim.results.measures import MEASURES
from demandsim.results.paired import difference
from demandsim.results.store import Results
from demandsim.results.uncertainty import Estimate
from demandsim.scenario.parameters import LOOPS

#: What the loops act on, and what people ask about.
DECOMPOSED = ("looked_after", "children_in_need", "spend_intervention")


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one loop adds to one measure in the last year.

    Attributes:
        loop: its name in `loop.*` parameters.
        measure: what it adds to.
        added: with the loop less without it, for one authority.
    """

    loop: str
    measure: Measure
    added: Estimate


def decompose(results: Results, run_without: Callable[[str], Results]) -> Sequence[Contribution]:
    """Return what each loop contributes in the last year of a run.

    Args:
        results: with every loop as the scenario has it.
        run_without: returns the run with the loop of that name off; same seed and replications.
    """
    last = results.manifest.years - 1
    contributions = []
    for loop in LOOPS:
        without = run_without(loop)
        contributions += [
            Contribution(loop, MEASURES[name], difference(results, without, MEASURES[name], last))
            for name in DECOMPOSED
        ]
    return contributions
