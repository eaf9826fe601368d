"""The pictures of behaviour: a title that their lines bear out, and rows that say in full what they are."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from demandsim.plots.style import title_lines
from demandsim.results.uncertainty import Estimate

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def behaviour() -> ModuleType:
    spec = importlib.util.spec_from_file_location("behaviour", ROOT / "tools" / "behaviour.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _moved(mean: float, error: float, half: float) -> dict[str, Estimate]:
    return {"looked_after": Estimate(mean, mean - half, mean + half, error)}


def test_a_title_names_the_test_that_moves_most_and_calls_a_tie_a_tie(behaviour: ModuleType) -> None:
    found = {"A": _moved(-47, 3, 10), "B": _moved(-20, 3, 10), "C": _moved(-60, 3, 70), "D": _moved(30, 3, 10)}
    title = behaviour.title_of("Lowest", -1, ("looked_after",), found, "2017-18")
    assert title == "Lowest in 2017-18: children looked after with A (-47)"
    title = behaviour.title_of("Highest", 1, ("looked_after",), found, "2017-18")
    assert title == "Highest in 2017-18: children looked after with D (+30)"
    found["E"] = _moved(-43, 3, 10)
    title = behaviour.title_of("Lowest", -1, ("looked_after",), found, "2017-18")
    assert title == "Lowest in 2017-18: children looked after with 2 tests, not told apart"
    title = behaviour.title_of("Highest", 1, ("looked_after",), {"C": found["C"]}, "2017-18")
    assert title == "Highest in 2017-18: children looked after not told apart"


def test_a_title_has_room_whichever_test_it_names(behaviour: ModuleType) -> None:
    names = sorted((test.name for test in behaviour.TESTS), key=len)
    for word, side, told, _ in behaviour.DRAWN.values():
        longest = Estimate(side * 88.8, side * 88.8, side * 88.8, 1)
        found = {names[-1]: dict.fromkeys(told, longest)}
        assert (
            len(title_lines(behaviour.title_of(word, side, told, found, "2017-18"), behaviour.SIZE[0]))
            <= behaviour.LINES
        )


def test_each_row_says_in_full_what_it_changes(behaviour: ModuleType) -> None:
    names = [test.name for test in behaviour.TESTS]
    assert len(set(names)) == len(names)
    assert not [name for name in names if "the same" in name or "of them" in name]
