"""A child that something else overtakes: what was to happen does not, and what happens instead does, once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from demandsim.calendars import Calendar
from demandsim.draws import NO_DRAWS, Draws
from demandsim.model.child import Child
from demandsim.model.world import WEEK, World

SOON, LATER = WEEK / 2, 3.5 * WEEK


def world() -> Any:
    return World(None, Draws(1), Calendar(date(2013, 4, 1), 1, 1), 0.0, 100.0)  # type: ignore[arg-type]


@pytest.mark.parametrize("before", [SOON, LATER])
@pytest.mark.parametrize("after", [SOON, LATER, LATER + 1.0])
def test_an_interrupted_event_never_happens(before: float, after: float) -> None:
    here, child, happened = world(), Child(1, 6000.0, 0.0, 1.0, 0, NO_DRAWS), []
    here.call_at(before, child, lambda _: happened.append("before"))
    here.interrupt(child)
    here.interrupt(child)
    here.call_at(after, child, lambda _: happened.append(here.now))
    here.run_to_horizon()
    assert happened == [after]


def test_a_child_whose_event_happens_now_has_nothing_to_forget() -> None:
    here, child, happened = world(), Child(1, 6000.0, 0.0, 1.0, 0, NO_DRAWS), []

    def overtaken(child: Child) -> None:
        here.interrupt(child)
        here.call_at(LATER, child, lambda _: happened.append(here.now))

    here.call_at(SOON, child, overtaken)
    here.run_to_horizon()
    assert happened == [LATER]
