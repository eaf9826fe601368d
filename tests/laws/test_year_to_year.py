"""Practice moves from one year to the next by what was asked for, after the base year and for all scenarios alike."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from conftest import authority_of, small, tables_of

from demandsim.draws import replication_key
from demandsim.model.months import turn_to
from demandsim.results.measures import MEASURES
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.year import Year
from demandsim.vocabulary import Moved

AUTHORITIES, YEARS, PAIRS = 600, 8, 6
SPREAD, KEPT = (0.2, 0.4, 0.3, 0.25, 0.1), 0.9
#: Five numbers of 600 authorities lie within so many standard errors of what they should be.
SIGMAS = 4


def _moves(keys: Iterable[int], years: int) -> np.ndarray:
    """Return what has moved, (authority, year from the base year, decision)."""
    memory = authority_of(small(), practice__moves_a_year=SPREAD, practice__kept_a_year=KEPT).memory
    world, found = memory.world, []
    first = world[0]["clock"]["first_month"]
    for key in keys:
        world[0]["clock"]["key"] = key
        for year in range(years):
            turn_to(world, first + 12 * year)
            found.append(world[0]["practice"]["moved"].copy())
    return np.array(found).reshape(-1, years, len(SPREAD))


@pytest.fixture(scope="module")
def moved() -> np.ndarray:
    return _moves(range(1, AUTHORITIES + 1), YEARS)


def test_nothing_has_moved_in_the_base_year(moved: np.ndarray) -> None:
    assert (moved[:, 0] == 0).all()
    assert (moved[:, 1:] != 0).all()


def test_moves_spread_as_asked_for_and_are_forgotten_by_degrees(moved: np.ndarray) -> None:
    for year in range(1, YEARS):
        expected = np.array(SPREAD) * np.sqrt((1 - KEPT ** (2 * year)) / (1 - KEPT**2))
        found = moved[:, year].std(axis=0, ddof=1)
        assert np.abs(found / expected - 1).max() < SIGMAS / np.sqrt(2 * AUTHORITIES)
        assert np.abs(moved[:, year].mean(axis=0) / expected).max() < SIGMAS / np.sqrt(AUTHORITIES)
    before, after = (
        moved[:, 4].ravel() / np.tile(SPREAD, AUTHORITIES),
        moved[:, 5].ravel() / np.tile(SPREAD, AUTHORITIES),
    )
    slope = (before @ after) / (before @ before)
    assert abs(slope - KEPT) < SIGMAS / np.sqrt(before @ before)


def test_decisions_move_apart_from_one_another(moved: np.ndarray) -> None:
    together = np.corrcoef(moved[:, -1].T) - np.eye(len(SPREAD))
    assert np.abs(together).max() < SIGMAS / np.sqrt(AUTHORITIES)


@pytest.mark.parametrize(
    ("decision", "measure", "way"),
    [
        (Moved.REFERRAL, "referrals", -1),
        (Moved.LENGTH, "children_in_need", 1),
        (Moved.ENQUIRY, "enquiries", 1),
        (Moved.SUBSTANTIATED, "plans_started", 1),
        (Moved.CARE, "care_started", 1),
    ],
)
def test_each_move_moves_what_it_decides_and_nothing_before_the_second_year(
    decision: int, measure: str, way: int
) -> None:
    spread = [0.5 * (place == decision) for place in range(len(SPREAD))]
    still, moving = (
        tables_of(small(30_000, 2, practice__moves_a_year=values), PAIRS) for values in ([0.0] * len(SPREAD), spread)
    )
    first = 12 * (YEARS_BEFORE + 1)
    for name in ("count", "stock"):
        assert (still[name][:, :first] == moving[name][:, :first]).all()
    level, other = (MEASURES[measure].of(Year(tables, YEARS_BEFORE + 1)) for tables in (still, moving))
    drawn = _moves([replication_key(1, number) for number in range(PAIRS)], 2)[:, 1, decision]
    assert np.corrcoef(way * drawn, other - level)[0, 1] > 0.7
