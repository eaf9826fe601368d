"""PRIM finds a box that is known, and says little where there is none."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from demandsim.results.prim import CHANCE, LEAST, PEEL, Limits, chance_of, found_box, peeled, screened


def _points(seed: int, count: int = 400, columns: int = 30) -> np.ndarray:
    return np.random.default_rng(seed).random((count, columns))


def test_a_known_box_is_found_among_thirty_columns_with_one_label_in_twenty_wrong() -> None:
    fresh = _points(99, 20_000)
    truth = (fresh[:, 3] > 0.6) & (fresh[:, 7] < 0.5)
    for seed in range(5):
        values = _points(seed)
        cases = (values[:, 3] > 0.6) & (values[:, 7] < 0.5)
        cases ^= np.random.default_rng(1000 + seed).random(len(values)) < 0.05
        box = found_box(values, cases)
        assert {3, 7} <= set(box.columns), seed
        inside = box.holds(fresh)
        assert truth[inside].mean() > 0.8, "density"
        assert truth[inside].sum() / truth.sum() > 0.6, "coverage"
        assert abs(box.low[3] - 0.6) < 0.1
        assert box.high[3] == np.inf


def test_peeling_takes_a_small_share_of_what_helps_least() -> None:
    values = np.linspace(0, 1, 201)[:, np.newaxis]
    cases = values[:, 0] > 0.5
    boxes = list(peeled(values, cases))
    counts = [int(box.holds(values).sum()) for box in boxes]
    for before, after in pairwise(counts):
        assert 0 < before - after <= np.ceil(PEEL * before) + 1
    densities = [cases[box.holds(values)].mean() for box in boxes]
    assert densities == sorted(densities)
    assert densities[-1] == 1.0
    assert counts[-1] >= LEAST * len(values)
    assert all(box.high[0] == np.inf for box in boxes)
    assert boxes[-1].low[0] == pytest.approx(0.5, abs=0.05)


def test_peeling_is_that_of_the_ema_workbench() -> None:
    """Coverage, density and mass at every fifth step, of ema_workbench 2.5.3 with its original objective."""
    rng = np.random.default_rng(4)
    values = rng.random((1000, 4))
    cases = ((values[:, 0] > 0.6) & (values[:, 2] < 0.5)) ^ (rng.random(1000) < 0.05)
    theirs = [
        (1.0, 0.228, 1.0),
        (0.943, 0.278, 0.772),
        (0.904, 0.346, 0.595),
        (0.882, 0.439, 0.458),
        (0.855, 0.552, 0.353),
        (0.829, 0.697, 0.271),
        (0.811, 0.889, 0.208),
        (0.658, 0.943, 0.159),
        (0.5, 0.942, 0.121),
    ]
    inside = [box.holds(values) for box in peeled(values, cases)][::5]
    ours = [(cases[one].sum() / cases.sum(), cases[one].mean(), one.mean()) for one in inside]
    assert np.array(ours) == pytest.approx(np.array(theirs), abs=0.0006)


def test_a_limit_that_means_nothing_is_dropped_and_one_that_does_stays() -> None:
    values = _points(5, 400, 2)
    cases = values[:, 0] > 0.5
    box = Limits(np.array([0.5, 0.3]), np.array([np.inf, np.inf]))
    assert chance_of(box, 0, values, cases) < 1e-6
    assert chance_of(box, 1, values, cases) > CHANCE
    assert found_box(values, cases).columns == [0]


def test_without_a_pattern_few_columns_pass_the_screen() -> None:
    counts = [len(screened(_points(seed), np.random.default_rng(50 + seed).random(400) < 0.3)) for seed in range(20)]
    # One column in twenty by chance: 1.5 of 30 on average, with a standard error of 0.3.
    assert np.mean(counts) < 2.6


def test_edges_belong_to_the_box() -> None:
    box = Limits(np.array([0.2]), np.array([0.4]))
    assert box.holds(np.array([[0.2], [0.4], [0.41]])).tolist() == [True, True, False]
    assert box.without(0).columns == []
