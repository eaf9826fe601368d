"""Scenarios made at random, as `benchmarks/fuzz.py` makes them: read or refused, and possible if they are run."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from conftest import ROOT, small

from demandsim.model.simulate import simulate
from demandsim.records import Count

sys.path.insert(0, str(ROOT / "benchmarks"))

from fuzz import faults_in, try_case
from generated import KINDS, case

#: Files of each block; blocks, so that processes share them.
MANY, BLOCKS = 18, 6


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_generated_scenario_ends_in_a_traceback_or_gives_what_cannot_be(tmp_path: Path, block: int) -> None:
    wrong = {}
    for number in range(block * MANY, (block + 1) * MANY):
        found = try_case(case(2015, number, largest=3_000), tmp_path)
        if found.wrong:
            wrong[number] = found.wrong
    assert not wrong


def test_the_generator_makes_every_kind_and_the_same_again() -> None:
    cases = [case(2015, number) for number in range(MANY * BLOCKS)]
    assert {one.kind for one in cases} == set(KINDS)
    assert cases[3] == case(2015, 3)
    kinds = Counter(one.kind for one in cases)
    assert kinds["corner"] + kinds["pair"] > 0.4 * len(cases)


def test_the_generator_sees_a_fault() -> None:
    tables, _ = simulate(small(children=1_000), 1, 0)
    assert not list(faults_in(tables))
    tables["placed_days"][3, 2] = -1
    tables["count"][5, Count.CARE_STARTED] += 1
    assert list(faults_in(tables)) == [
        "placed_days below nothing in columns [2]",
        "looked after children not conserved",
    ]
