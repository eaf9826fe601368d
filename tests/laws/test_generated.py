"""Scenarios made at random, as `benchmarks/fuzz.py` makes them: read or refused, and possible if they are run."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

from fuzz import faults_in, try_case
from generated import KINDS, case

#: Files of each block; blocks, so that processes share them.
MANY, BLOCKS = 25, 6


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_generated_scenario_ends_in_a_traceback_or_gives_what_cannot_be(tmp_path: Path, block: int) -> None:
    wrong = {}
    for number in range(block * MANY, (block + 1) * MANY):
        found = try_case(case(2015, number, largest=3_000), tmp_path)
        if found.wrong:
            wrong[number] = found.wrong
    assert not wrong


def test_the_generator_makes_every_kind_and_most_values_are_accepted(tmp_path: Path) -> None:
    cases = [case(2015, number) for number in range(MANY * BLOCKS)]
    assert {one.kind for one in cases} == set(KINDS)
    assert cases[3] == case(2015, 3)
    kinds = Counter(one.kind for one in cases)
    assert kinds["corner"] + kinds["pair"] > 0.4 * len(cases)


def test_the_generator_sees_a_fault(tmp_path: Path) -> None:
    from conftest import small

    from demandsim.model.simulate import simulate

    tables, _ = simulate(small(children=1_000), 1, 0)
    assert not list(faults_in(tables))
    tables["placed_days"][3, 2] = -1
    tables["count"][5, 30] += 1
    assert len(list(faults_in(tables))) >= 1
