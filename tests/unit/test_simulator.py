"""Draws simulated in chunks, what is finished kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from demandsim.calibration import simulator
from demandsim.calibration.simulator import Simulations
from demandsim.evidence import targets
from demandsim.results.fit_rows import rows_of
from demandsim.scenario.priors import Prior
from demandsim.scenario.read import read_scenario

SMALL = read_scenario("baseline", ["population.children=2000"])
ROWS = rows_of(targets(), SMALL.circular_targets(), SMALL.scale_to_england)
PRIORS = (Prior("demand.new_families"), Prior("early_help.relative_risk"))
UNITS = np.array([[0.0, 0.0], [1.0, 0.0], [-1.0, 0.5], [0.0, 0.0], [0.5, 0.5]])


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulator, "_CHUNK", 2)


def _simulations(folder: Path, told: list[int] | None = None) -> Simulations:
    heard = [] if told is None else told
    return Simulations(SMALL, PRIORS, ROWS, 7, folder, 1, 5, lambda finished, wanted: heard.append(finished))


def test_draws_with_the_same_values_and_replication_are_the_same_and_of_englands_size(tmp_path: Path) -> None:
    simulate = _simulations(tmp_path)
    found = simulate("a", UNITS, range(5))
    again = simulate("b", UNITS[[0, 0]], range(0, 6, 3))
    assert np.array_equal(again, found[[0, 3]], equal_nan=True)
    assert not np.array_equal(found[0], found[3], equal_nan=True)
    referrals = next(place for place, row in enumerate(ROWS) if row.target.measure == "referrals")
    assert found[0, referrals] == pytest.approx(ROWS[referrals].target.value, rel=0.4)
    assert found[1, referrals] > found[2, referrals]


def test_what_is_kept_is_not_simulated_again_and_what_is_damaged_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _simulations(tmp_path)("a", UNITS, range(5))
    files = sorted(tmp_path.glob("a-*.npy"))
    assert len(files) == 3
    files[1].write_bytes(files[1].read_bytes()[:100])
    files[2].unlink()
    calls, before = [], simulator.simulate
    monkeypatch.setattr(simulator, "simulate", lambda *given: calls.append(given[2]) or before(*given))
    told: list[int] = []
    assert np.array_equal(_simulations(tmp_path, told)("a", UNITS, range(5)), found, equal_nan=True)
    assert calls == [1_000_002, 1_000_003, 1_000_004]
    assert told == [2, 4, 5]


def test_a_checkpoint_of_other_draws_is_not_taken_for_these(tmp_path: Path) -> None:
    simulate = _simulations(tmp_path)
    first, other = simulate("a", UNITS[:2], range(2)), simulate("a", UNITS[1:3], range(2))
    assert not np.array_equal(first, other, equal_nan=True)
