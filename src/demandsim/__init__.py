"""demandsim: what happens to caseloads, waits, children in care and spend when policy, staffing or demand changes.

In a notebook:

    from demandsim import Scenario, compare, run

    results = run(Scenario.read("baseline"))
    comparison = compare("baseline", Scenario.read("baseline", ["demand.level=1.1"]))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from demandsim.experiment.compare import compare as compare
    from demandsim.experiment.run import run as run
    from demandsim.scenario.scenario import Scenario as Scenario

__version__ = "0.1.0"

#: Where each public name lives; imported when it is first used, so that `demandsim --help` stays instant.
_HOME = {
    "Scenario": "demandsim.scenario.scenario",
    "run": "demandsim.experiment.run",
    "compare": "demandsim.experiment.compare",
}
__all__ = ["Scenario", "__version__", "compare", "run"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
