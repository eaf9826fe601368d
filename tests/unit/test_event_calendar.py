"""Children's events happen by moment and turn; one that something else overtakes does not happen."""

from __future__ import annotations

import random
from datetime import date

import numpy as np
import pytest

from demandsim.calendars import Calendar
from demandsim.engine.compiling import entry
from demandsim.engine.event_calendar import NOBODY
from demandsim.state.kept import Memory
from demandsim.state.world import Whole, cancel, children_of, new_child, next_due, schedule

HORIZON = 80.0
STEP = 3


@entry
def _begin(whole: Whole, number: int) -> None:
    for id in range(number):
        new_child(whole[0], 4 * id, 6000.0, (0.0, 0.0, 0.0), 0, 0)


@entry
def _schedule(whole: Whole, row: int, when: float) -> bool:
    return schedule(whole[0], children_of(whole[0])[row], STEP, when)


@entry
def _cancel(whole: Whole, row: int) -> None:
    cancel(whole[0], children_of(whole[0])[row])


@entry
def _next(whole: Whole, until: float) -> int:
    return next_due(whole[0], until)


def calendar_for(number: int) -> Memory:
    memory = Memory(Calendar(date(2013, 4, 1), 0, 1), HORIZON, 8.0 * number)
    _begin(memory.world, number)
    return memory


def rows_due(memory: Memory, until: float) -> list[int]:
    found = []
    while (row := _next(memory.world, until)) != NOBODY:
        found.append(row)
    return found


def test_events_come_by_moment_and_those_of_one_moment_in_the_order_of_scheduling() -> None:
    moments = [0.0, 7.0, 7.0, 3.0, 7.0, 3.0, 21.0, 21.0, HORIZON, HORIZON - 1e-9]
    memory = calendar_for(len(moments))
    will = [_schedule(memory.world, row, moment) for row, moment in enumerate(moments)]
    assert will == [moment < HORIZON for moment in moments]
    due = sorted((moment, row) for row, moment in enumerate(moments) if moment < HORIZON)
    assert rows_due(memory, HORIZON) == [row for _, row in due]


def test_only_what_is_due_before_a_moment_is_handed_out() -> None:
    memory = calendar_for(4)
    for row, moment in enumerate((1.5, 2.0, 2.0 + 1e-9, 40.0)):
        _schedule(memory.world, row, moment)
    assert rows_due(memory, 2.0) == [0]
    assert rows_due(memory, 3.0) == [1, 2]
    assert rows_due(memory, HORIZON) == [3]


@pytest.mark.parametrize("before", [0.5, 30.5])
@pytest.mark.parametrize("after", [0.5, 30.5, 30.6])
def test_a_cancelled_event_never_happens_and_what_takes_its_place_happens_once(before: float, after: float) -> None:
    memory = calendar_for(3)
    for row in range(3):
        _schedule(memory.world, row, before)
    _cancel(memory.world, 1)
    _cancel(memory.world, 1)
    _schedule(memory.world, 1, after)
    assert sorted(rows_due(memory, HORIZON)) == [0, 1, 2]
    assert rows_due(memory, HORIZON) == []


@pytest.mark.parametrize("seed", range(10))
def test_any_story_of_scheduling_and_cancelling_gives_the_order_of_a_sorted_list(seed: int) -> None:
    story, number = random.Random(seed), 60
    memory = calendar_for(number)
    pending: dict[int, tuple[float, int]] = {}
    now, turn = 0.0, 0
    for _ in range(2000):
        row = story.randrange(number)
        if row in pending:
            if story.random() < 0.2:
                _cancel(memory.world, row)
                del pending[row]
        else:
            # Moments that often meet, many of them on the present day.
            moment = now + story.choice((0.0, 0.25, 0.5, 1.0, 1.0, 3.5, 7.0, 20.0))
            turn += 1
            if _schedule(memory.world, row, moment):
                pending[row] = (moment, turn)
        if story.random() < 0.1:
            until = min(now + story.choice((0.25, 1.0, 2.0)), HORIZON)
            expected = sorted((due, row) for row, due in pending.items() if due[0] < until)
            assert rows_due(memory, until) == [row for _, row in expected]
            for _, row in expected:
                del pending[row]
            now = until
    assert turn > 300


def test_nothing_is_lost_when_rows_are_added() -> None:
    memory = calendar_for(300)
    draw = np.random.default_rng(3).uniform(0, HORIZON, 300)
    for row, moment in enumerate(draw.tolist()):
        _schedule(memory.world, row, moment)
    first = rows_due(memory, 20.0)
    memory.room_for_children(5000)
    assert [*first, *rows_due(memory, HORIZON)] == np.argsort(draw).tolist()
