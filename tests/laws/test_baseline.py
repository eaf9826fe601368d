"""The baseline reproduces what it was fitted to, by mechanism and within tolerance, and says where it does not."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from demandsim.evidence import Target, targets
from demandsim.experiment.options import DEFAULT_REPLICATIONS, DEFAULT_SEED
from demandsim.model.simulate import simulate
from demandsim.results.measures import MEASURES
from demandsim.results.tables import Tables
from demandsim.results.year import Year
from demandsim.scenario.read import read_scenario

#: Groups of targets that this version promises: all that are fitted.
PROMISED = {
    f"T{number:02d}" for number in (*range(1, 8), 10, *range(13, 19), 20, 21, 23, *range(24, 27), 28, 29, 30, 32)
}
PROMISED |= {"T34", "T35", "T36", "T55", "T56", *(f"T{number}" for number in (39, 40, 42, 43, 44, *range(46, 53)))}
ROWS = [target for target in targets() if target.id in PROMISED and target.use == "calibrate"]


#: More than the default, so that chance hides less.
REPLICATIONS = 60


@pytest.fixture(scope="module")
def tables() -> Tables:
    scenario = read_scenario("baseline", years=1)
    with ProcessPoolExecutor() as pool:
        futures = [pool.submit(simulate, scenario, DEFAULT_SEED, number) for number in range(REPLICATIONS)]
        runs = [future.result()[0] for future in futures]
    return {name: np.stack([run[name] for run in runs]) for name in runs[0]}


def _values(tables: Tables, target: Target) -> np.ndarray:
    """Return the measure of 2013-14, for England where it scales, one for each replication."""
    measure = MEASURES[target.measure]
    return measure.of(Year(tables, 1)) * (read_scenario("baseline").scale_to_england if measure.scales else 1.0)


@pytest.mark.parametrize("target", ROWS, ids=lambda target: f"{target.id}-{target.measure}")
def test_a_fitted_row_is_within_its_tolerance_but_for_chance(tables: Tables, target: Target) -> None:
    values = _values(tables, target)
    error = np.nanstd(values, ddof=1) / len(values) ** 0.5
    assert target.tolerance is not None
    assert np.nanmean(values) == pytest.approx(target.value, abs=target.tolerance + 2 * error)


@pytest.mark.parametrize("target", ROWS, ids=lambda target: f"{target.id}-{target.measure}")
def test_the_default_run_shows_it_within_a_twentieth_but_for_chance(tables: Tables, target: Target) -> None:
    shown = _values({name: table[:DEFAULT_REPLICATIONS] for name, table in tables.items()}, target)
    error = np.nanstd(shown, ddof=1) / DEFAULT_REPLICATIONS**0.5
    assert target.tolerance is not None
    near = max(target.tolerance, 0.05 * target.value)
    assert np.nanmean(shown) == pytest.approx(target.value, abs=near + 2 * error)


def test_nothing_that_is_promised_is_left_out() -> None:
    assert len({target.id for target in ROWS}) == len(PROMISED)
