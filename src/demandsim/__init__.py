"""demandsim: what happens to caseloads, waits, children in care and spend when policy, staffing or demand changes.

In a notebook:

    from demandsim import Scenario, compare, run, solve, sweep

    results = run("baseline")
    comparison = compare("baseline", Scenario.read("baseline", ["demand.level=1.1"]))
    swept = sweep("baseline", {"demand.level": [0.9, 1.0, 1.1]})
    answer = solve("baseline", "demand.level", target="-10%")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from demandsim.experiment.compare import compare as compare
    from demandsim.experiment.run import run as run
    from demandsim.experiment.solve import solve as solve
    from demandsim.experiment.sweep import sweep as sweep
    from demandsim.scenario.scenario import Scenario as Scenario

__version__ = "0.2.0"

#: Where each public name lives; imported when it is first used, so that `demandsim --help` stays instant.
_HOME = {
    "Scenario": "demandsim.scenario.scenario",
    "run": "demandsim.experiment.run",
    "compare": "demandsim.experiment.compare",
    "sweep": "demandsim.experiment.sweep",
    "solve": "demandsim.experiment.solve",
}
__all__ = ["Scenario", "__version__", "compare", "run", "solve", "sweep"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
