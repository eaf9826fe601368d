"""Inspection, leadership and directors: practice moves and averages to what it was, judgements follow it."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from conftest import authority_of, small

from demandsim.evidence import register
from demandsim.model.practice import begin, press
from demandsim.records import Count
from demandsim.vocabulary import USUAL_MIX

AUTHORITIES, YEARS = 300, 6
INADEQUATE = 2
FOUND = tuple(Count.FOUND + place for place in range(3))
COUNTED = (*FOUND, Count.IMPROVED, Count.IMPROVED_MONTHS, Count.DIRECTOR_CHANGED, Count.DIRECTOR_YEAR)


class Lives(NamedTuple):
    """What became of many authorities: arrays of (authority, month), and counts of each."""

    practice: np.ndarray
    judged: np.ndarray
    effects: np.ndarray
    counts: dict[int, np.ndarray]


@cache
def _lives(**changes: float) -> Lives:
    """Return the lives of authorities, the same but for changes of their values after the first day."""
    memory = authority_of(small()).memory
    usual = {name: memory.world[0]["values"][name] for name in changes}
    world, first = memory.world[0], memory.world[0]["clock"]["first_month"]
    months = 12 * YEARS
    practice, effects = np.empty((AUTHORITIES, months)), np.empty((AUTHORITIES, months, 3))
    judged = np.empty((AUTHORITIES, months), int)
    counts = {column: np.empty((AUTHORITIES, months)) for column in COUNTED}
    for key in range(AUTHORITIES):
        world["clock"]["key"] = 1 + key
        for name, value in usual.items():
            world["values"][name] = value
        begin(memory.world)
        for name, value in changes.items():
            world["values"][name] = value
        for month in range(months):
            world["clock"]["month"] = first + month
            world["tally"]["count"][:] = 0.0
            press(world, 0.0)
            inspection = world["inspection"]
            practice[key, month], judged[key, month] = inspection["practice"], inspection["judged"]
            effects[key, month] = inspection["agency"], inspection["caution"] - 1.0, inspection["money"]
            for column in COUNTED:
                counts[column][key, month] = world["tally"]["count"][column]
    return Lives(practice, judged, effects, counts)


def _error(values: np.ndarray) -> float:
    """Return the standard error of a mean over authorities, whose months hang together."""
    return float(values.reshape(AUTHORITIES, -1).mean(axis=1).std(ddof=1) / AUTHORITIES**0.5)


def test_practice_and_what_follows_average_to_what_was_fitted() -> None:
    lives = _lives()
    assert lives.practice.mean() == pytest.approx(0.0, abs=4 * _error(lives.practice) + 0.05)
    # Support of the worst brings authorities nearer to one another, by a little.
    assert lives.practice.std() == pytest.approx(0.95, abs=0.08)
    for place in range(3):
        effect = lives.effects[:, :, place]
        # By no more than a tenth of what a judgement of inadequate brings.
        assert abs(effect.mean()) < 0.1 * np.ptp(effect) + 4 * _error(effect)


def test_judgements_are_spread_as_published_and_not_always_of_the_same_authorities() -> None:
    lives = _lives()
    judged, found = lives.judged, np.array([lives.counts[place].sum() for place in FOUND])
    for place, share in enumerate(USUAL_MIX):
        error = (share * (1 - share) / found.sum()) ** 0.5
        assert found[place] / found.sum() == pytest.approx(share, abs=3 * error + 0.02)
    moved = [(judged[:, 12 * year] != judged[:, 12 * year + 11]).mean() for year in range(YEARS)]
    assert min(moved) > 0.05
    assert max(moved) < 0.35
    # Some decline: inadequate now, and better than that four years before.
    inadequate_now = judged[:, -1] == INADEQUATE
    assert (judged[inadequate_now, -49] != INADEQUATE).mean() > 0.5


def test_a_judgement_follows_practice() -> None:
    lives = _lives()
    means = [lives.practice[:, 0][lives.judged[:, 0] == place].mean() for place in range(3)]
    assert means[0] > means[1] + 0.5 > means[2] + 1.0


def test_directors_change_in_a_third_of_authorities_a_year_and_sooner_where_judged_inadequate() -> None:
    lives = _lives()
    changed = lives.counts[Count.DIRECTOR_YEAR]
    assert 12 * changed.mean() == pytest.approx(0.33, abs=0.03)
    left = lives.counts[Count.DIRECTOR_CHANGED]
    assert left[lives.judged == INADEQUATE].mean() > 1.1 * left[lives.judged == 0].mean()


def test_authorities_are_inspected_as_often_as_published_and_inadequate_ones_sooner() -> None:
    lives = _lives()
    a_year = 12 * sum(lives.counts[place].mean() for place in FOUND)
    years = float(register()["R101"].value)
    assert 1 / years < a_year < 1.6 / years
    improved = lives.counts[Count.IMPROVED].sum()
    months = lives.counts[Count.IMPROVED_MONTHS].sum() / improved
    assert improved > 20
    assert 14 < months < 48


def test_found_inadequate_brings_support_and_practice_improves() -> None:
    usual, found = _lives(), _lives(inspection_inadequate_after=1.0)
    assert (found.judged[:, 12] == INADEQUATE).all()
    assert (usual.practice[:, :12] == found.practice[:, :12]).all()
    better = found.practice[:, 30] - usual.practice[:, 30]
    assert better.mean() > 4 * _error(better)
    assert (found.effects[:, 12] >= usual.effects[:, 12]).all()


def test_directors_who_stay_move_practice_up_by_degrees() -> None:
    usual, stay = _lives(), _lives(practice_director_changes=0.1)
    gained = [(stay.practice[:, month] - usual.practice[:, month]).mean() for month in (11, 35, 71)]
    assert 0 < gained[0] < gained[1] < gained[2]
