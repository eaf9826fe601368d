"""Whatever value a scenario may give a parameter, the model runs with it and its results are finite."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from conftest import tables_of

from demandsim.problems import UserError
from demandsim.scenario.parameters import PARAMETERS, Parameter
from demandsim.scenario.read import read_scenario

#: Their bounds are sizes that no test can wait for.
SIZES = ("population.children", "population.england")


def _ends(parameter: Parameter) -> Iterator[str]:
    """Yield each bound as a value; for shares, all of it in the first and in the last column."""
    count = len(parameter.columns)
    if parameter.sums_to_one:
        for place in (0, count - 1):
            yield str([1.0 * (column == place) for column in range(count)])
        return
    for end in (parameter.low, parameter.high):
        yield str([end] * count) if count else str(end)


@pytest.mark.parametrize("group", sorted({parameter.group for parameter in PARAMETERS.values()}))
def test_every_bound_can_be_simulated(group: str) -> None:
    ran = 0
    for name, parameter in PARAMETERS.items():
        if parameter.group != group or name in SIZES:
            continue
        for value in _ends(parameter):
            try:
                scenario = read_scenario("baseline", ["population.children=1000", f"{name}={value}"], 1)
            except UserError:
                continue  # not possible together with the rest, and explained
            for table in tables_of(scenario).values():
                assert np.isfinite(table).all(), (name, value)
            ran += 1
    assert ran
