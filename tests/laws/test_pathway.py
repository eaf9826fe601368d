"""The table of steps is the pathway: what children do is in it, and what is in it is done by children."""

from __future__ import annotations

from collections import Counter
from importlib import import_module

import numpy as np
import pytest
from conftest import UNBOUND, authority_of, small

from demandsim.model.simulate import calendar_of
from demandsim.pathway import BOXES, FLOWS, NAMES, Flow, Step, may_follow
from demandsim.scenario.read import read_scenario
from demandsim.state.world import WEEK

CHILDREN = ["population.children=60000"]
#: Between them children do all that can be done: as it was, nothing scarce, everything scarce.
SCENARIOS = [
    read_scenario("baseline", CHILDREN, 3),
    read_scenario("vacancy_crisis", CHILDREN, 3),
    read_scenario("higher_thresholds", CHILDREN, 3),
    small(60_000, 3, **UNBOUND),
]


@pytest.fixture(scope="module")
def taken() -> np.ndarray:
    """How often one step followed another, of all scenarios."""
    total = np.zeros((len(NAMES), len(NAMES)), np.int64)
    for seed, scenario in enumerate(SCENARIOS, start=1):
        authority = authority_of(scenario, seed)
        authority.run()
        total += authority.memory.here.taken
    return total


def named(step: int, following: int) -> str:
    return f"{NAMES[step]} -> {NAMES[following]}"


def test_children_take_no_step_that_the_table_does_not_allow(taken: np.ndarray) -> None:
    found = [(int(step), int(following)) for step, following in zip(*np.nonzero(taken), strict=True)]
    assert len(found) > len(NAMES)
    assert [named(*pair) for pair in found if not may_follow(*pair)] == []


def test_every_step_that_the_table_allows_is_taken_by_some_child(taken: np.ndarray) -> None:
    handled = [(step, one.then) for step, one in enumerate(Step.table.all)]
    declared = [(step, NAMES.index(name)) for step, then in handled for name in then]
    assert [named(*pair) for pair in declared if not taken[pair]] == []


def test_names_and_handlers_of_the_table_exist() -> None:
    for step in Step.table.all:
        assert step.box in BOXES
        assert set(step.then) <= set(NAMES)
        assert len(set(step.then)) == len(step.then)
        if step.handler:
            file, _, name = step.handler.partition(".")
            assert callable(getattr(import_module(f"demandsim.model.{file}"), name))


def test_only_steps_that_a_process_follows_up_have_no_handler() -> None:
    assert [name for name in NAMES if not Step.table.all[getattr(Step, name)].handler] == [
        "GONE",
        "MONTH",
        "AT_HOME",
        "EARLY_HELP",
    ]


def boxes_after(box: str) -> set[str]:
    """Return the boxes that a child of one may come to next."""
    names = [name for step in Step.table.all if step.box == box for name in step.then]
    return {Step.table.all[NAMES.index(name)].box for name in names}


#: What a month may bring to a child at home, wherever it stands.
IN_A_MONTH = {Step.table.all[NAMES.index(name)].box for name in Step.table.all[Step.MONTH].then}


#: Ends that the picture shows as boxes of their own, where nothing more happens to the child.
ENDS = {"no action": "closed", "adoption": "closed", "guardianship": "closed", "other": "closed"}


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: f"{flow.source} to {flow.target}")
def test_every_flow_of_the_picture_is_a_step_out_of_its_box(flow: Flow) -> None:
    assert ENDS.get(flow.target, flow.target) in boxes_after(flow.source) | (IN_A_MONTH - {"closed"})


def test_whoever_the_panel_takes_off_its_list_is_helped_or_asks_no_more() -> None:
    """No step has the panel for its handler, so what it does is looked up each week, before anything else happens."""
    scenario, found = small(60_000, 1), Counter[str]()
    authority, first = authority_of(scenario), calendar_of(scenario.start, scenario.years).month_starts[0]
    for week in range(int(-first / WEEK), int((365 - first) / WEEK)):
        authority.run(until=first + WEEK * week)
        memory = authority.memory
        before = {(int(one["row"]), int(one["id"])) for one in memory.asking[: memory.here.help.waiting]}
        authority.environment.run(until=first + WEEK * week + 1e-6)
        after = {(int(one["row"]), int(one["id"])) for one in memory.asking[: memory.here.help.waiting]}
        for row, id in before - after:
            child = memory.children[row]
            if child["id"] == id:
                assert not child["asking"]
                found["helped" if child["help_ends"] > first + WEEK * week else "not"] += 1
    assert found["helped"] > 100
    assert found["not"] > 20
