"""Inspection, leadership and directors: practice moves and averages to what it was, judgements follow it."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from conftest import authority_of, small

from demandsim.evidence import register
from demandsim.model.practice import begin, press
from demandsim.records import Count
from demandsim.vocabulary import USUAL_MIX

AUTHORITIES, YEARS = 600, 8
INADEQUATE = 2


class Lives(NamedTuple):
    """What became of many authorities: arrays of (authority, month), and counts of each."""

    practice: np.ndarray
    judged: np.ndarray
    effects: np.ndarray
    counts: np.ndarray


@cache
def _lives(**changes: Any) -> Lives:
    memory = authority_of(small(), **changes).memory
    world, first = memory.world[0], memory.world[0]["clock"]["first_month"]
    months = 12 * YEARS
    practice, effects = np.empty((AUTHORITIES, months)), np.empty((AUTHORITIES, months, 3))
    judged, counts = np.empty((AUTHORITIES, months), int), np.empty((AUTHORITIES, months, Count.words.size))
    for key in range(AUTHORITIES):
        world["clock"]["key"] = 1 + key
        begin(memory.world)
        for month in range(months):
            world["clock"]["month"] = first + month
            world["tally"]["count"][:] = 0.0
            press(world, 0.0)
            inspection = world["inspection"]
            practice[key, month], judged[key, month] = inspection["practice"], inspection["judged"]
            effects[key, month] = inspection["agency"], inspection["caution"] - 1.0, inspection["money"]
            counts[key, month] = world["tally"]["count"]
    return Lives(practice, judged, effects, counts)


def _error(values: np.ndarray) -> float:
    """Return the standard error of a mean over authorities, whose months hang together."""
    return float(values.reshape(AUTHORITIES, -1).mean(axis=1).std(ddof=1) / AUTHORITIES**0.5)


def test_practice_and_what_follows_average_to_what_was_fitted() -> None:
    lives = _lives()
    assert lives.practice.mean() == pytest.approx(0.0, abs=4 * _error(lives.practice) + 0.05)
    assert lives.practice.std() == pytest.approx(1.0, abs=0.08)
    for place in range(3):
        effect = lives.effects[:, :, place]
        # By no more than a tenth of what a judgement of inadequate brings.
        assert abs(effect.mean()) < 0.1 * np.ptp(effect) + 4 * _error(effect)


def test_judgements_are_spread_as_published_and_not_always_of_the_same_authorities() -> None:
    judged = _lives().judged
    for place, share in enumerate(USUAL_MIX):
        for year in (0, YEARS - 1):
            found = (judged[:, 12 * year] == place).mean()
            assert found == pytest.approx(share, abs=4 * (share * (1 - share) / AUTHORITIES) ** 0.5 + 0.03)
    moved = [(judged[:, 12 * year] != judged[:, 12 * year + 11]).mean() for year in range(YEARS)]
    assert 0.05 < min(moved)
    assert max(moved) < 0.35
    # Some decline rapidly: inadequate now, and better than that four years before.
    now_inadequate = judged[:, -1] == INADEQUATE
    assert (judged[now_inadequate, -49] != INADEQUATE).mean() > 0.3


def test_a_judgement_follows_practice() -> None:
    lives = _lives()
    means = [lives.practice[:, 0][lives.judged[:, 0] == place].mean() for place in range(3)]
    assert means[0] > means[1] + 0.5 > means[2] + 1.0


def test_directors_change_in_a_third_of_authorities_a_year_and_sooner_where_judged_inadequate() -> None:
    lives = _lives()
    changed = lives.counts[:, :, Count.DIRECTOR_YEAR]
    assert 12 * changed.mean() == pytest.approx(0.33, abs=0.03)
    left = lives.counts[:, :, Count.DIRECTOR_CHANGED]
    assert left[lives.judged == INADEQUATE].mean() > 1.1 * left[lives.judged == 0].mean()


def test_authorities_are_inspected_as_often_as_published_and_inadequate_ones_sooner() -> None:
    lives = _lives()
    a_year = 12 * lives.counts[:, :, Count.INSPECTED].mean()
    years = float(register()["R101"].value)
    assert 1 / years < a_year < 1.6 / years
    improved = lives.counts[:, :, Count.IMPROVED].sum()
    months = lives.counts[:, :, Count.IMPROVED_MONTHS].sum() / improved
    assert improved > 20
    assert 14 < months < 48


def test_found_inadequate_brings_support_and_practice_improves() -> None:
    usual, found = _lives(), _lives(inspection__inadequate_after=1.0)
    assert (found.judged[:, 12] == INADEQUATE).all()
    assert (usual.practice[:, :12] == found.practice[:, :12]).all()
    better = found.practice[:, 30] - usual.practice[:, 30]
    assert better.mean() > 4 * _error(better)
    assert (found.effects[:, 12] >= usual.effects[:, 12]).all()


def test_directors_who_stay_move_practice_up_by_degrees() -> None:
    usual, stay = _lives(), _lives(practice__director_changes=0.1)
    gained = [(stay.practice[:, month] - usual.practice[:, month]).mean() for month in (23, 47, 95)]
    assert 0 < gained[0] < gained[1] < gained[2]
