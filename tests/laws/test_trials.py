"""Trials whose effects are inputs come back from inside the model: a short version of `benchmarks/trials.py`.

Few replications: what is held is that each lies within its published interval, give or take three of its own errors.
"""

from __future__ import annotations

import sys

import numpy as np
import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

from trial_rows import ROWS, found_of
from trials import run

#: Replications of each, so that all take some twelve seconds of the processor.
NUMBERS = {
    "early help": 2,
    "programmes on open cases": 2,
    "family group conference": 7,
    "reunification support": 3,
    "Family Drug and Alcohol Court": 4,
}


@pytest.mark.parametrize("trial", NUMBERS)
def test_a_trial_comes_back_within_its_interval(trial: str) -> None:
    found = run(trial, NUMBERS[trial])
    held = [row for row in ROWS if row.trial == trial and row.what == "circular"]
    assert held
    for row in held:
        one = found[row.outcome]
        low, high = (0.6, 1.0) if row.low is None or row.high is None else (row.low, row.high)
        assert low - 3 * one.error < one.ratio < high + 3 * one.error, row.outcome
        # Help of which nothing came would lie inside some of these intervals too.
        if row.value is not None and row.value > 1:
            assert one.ratio + 3 * one.error > 1.0
        else:
            assert one.ratio - 3 * one.error < 1.0
        assert 0 < one.error < 0.2


def test_ratios_are_of_pooled_shares_and_their_error_falls_with_replications() -> None:
    few = np.array([[8.0, 100.0, 10.0, 100.0], [9.0, 100.0, 10.0, 100.0]])
    assert found_of(few).ratio == pytest.approx(0.85)
    assert found_of(np.tile(few, (8, 1))).error < 0.5 * found_of(few).error
