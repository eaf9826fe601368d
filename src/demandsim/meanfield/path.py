"""A stand-in while the mean field is built: the mean of two simulations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demandsim.model.simulate import simulate
from demandsim.scenario.scenario import Scenario


def mean_field_of(scenario: Scenario) -> dict[str, NDArray[np.float64]]:
    """Return the tables of a simulation, with a leading axis of 1."""
    tables = [simulate(scenario, 5, replication)[0] for replication in range(2)]
    return {name: np.mean([one[name] for one in tables], axis=0, dtype=float)[None] for name in tables[0]}
