"""Calls carried out by others: the same results whoever does the work, and whatever happens to them."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from itertools import islice
from pathlib import Path

import pytest

from demandsim.experiment.execute import TRIES, SetAsideError, execute
from demandsim.experiment.workers import EXECUTORS, Workers
from demandsim.problems import Problem, UserError

needs_kill = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


def _square(number: int) -> int:
    return number * number


def _dangerous(number: int, folder: Path) -> int:
    """Number 1 kills its first worker, number 2 every one, after the others had the time to begin."""
    with (folder / str(number)).open("a") as tries:
        tries.write("x")
    if number == 2 or (number == 1 and (folder / "1").stat().st_size == 1):
        time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.02)
    return number * number


def _wrong(number: int) -> int:
    if number == 1:
        raise UserError(Problem("a file", "a key", "one thing", "another"))
    return number


def _workers(executor: str) -> Workers:
    if executor == "dask":
        pytest.importorskip("distributed")
    return Workers(2, executor)


@pytest.mark.parametrize("executor", EXECUTORS[:2])
def test_every_call_gives_its_result(executor: str) -> None:
    calls = [(number,) for number in range(7)]
    assert dict(execute(_square, calls, _workers(executor))) == {number: number**2 for number in range(7)}
    assert dict(execute(_square, [], _workers(executor))) == {}


def test_a_number_of_jobs_will_do() -> None:
    assert sorted(execute(_square, [(2,), (3,)], 2)) == [(0, 4), (1, 9)]


@needs_kill
@pytest.mark.parametrize("executor", ["processes", "dask"])
@pytest.mark.filterwarnings("ignore")
def test_a_call_whose_worker_is_lost_is_tried_again_and_set_aside_after_three(executor: str, tmp_path: Path) -> None:
    told: list[int] = []
    calls = [(number, tmp_path) for number in range(6)]
    carried_out = execute(_dangerous, calls, _workers(executor), lambda number, times: told.append(number))
    assert dict(islice(carried_out, 5)) == {number: number**2 for number in (0, 1, 3, 4, 5)}
    with pytest.raises(SetAsideError, match="task 2") as caught:
        next(carried_out)
    assert caught.value.numbers == [2]
    assert told.count(2) == TRIES
    if executor == "processes":  # where each call has a worker to itself
        assert told.count(1) == 1
        assert [(tmp_path / str(number)).stat().st_size for number in range(6)] == [1, 2, 3, 1, 1, 1]


@needs_kill
def test_a_single_call_does_not_take_the_command_with_it(tmp_path: Path) -> None:
    with pytest.raises(SetAsideError):
        list(execute(_dangerous, [(2, tmp_path)], 2))


class _LostError(Exception):
    """What has become of a worker that two calls shared."""


class _OneBoat:
    """Two calls at a time, and number 2 takes the other with it."""

    lost: tuple[type[BaseException], ...] = (_LostError,)
    tries = 1

    def __init__(self) -> None:
        self.aboard: list[Future[int]] = []

    def width(self) -> int:
        return 2

    def submit(self, function: Callable[..., int], arguments: tuple[int]) -> Future[int]:
        future: Future[int] = Future()
        self.aboard.append(future)
        sinks = arguments == (2,)
        threading.Timer(0.02 if sinks else 0.2, self._ends, (future, sinks, function(*arguments))).start()
        return future

    def _ends(self, future: Future[int], sinks: bool, result: int) -> None:
        for one in [one for one in self.aboard if not one.done()]:
            if sinks:
                one.set_exception(_LostError())
            elif one is future:
                one.set_result(result)

    def close(self, finished: bool) -> None:
        pass


def test_no_call_is_set_aside_for_what_another_did(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("demandsim.experiment.execute._pool", lambda workers, most: _OneBoat())
    carried_out = execute(_square, [(number,) for number in range(6)], 2)
    assert dict(islice(carried_out, 5)) == {number: number**2 for number in (0, 1, 3, 4, 5)}
    with pytest.raises(SetAsideError) as caught:
        next(carried_out)
    assert caught.value.numbers == [2]


def test_what_is_wrong_for_the_user_arrives_as_it_was() -> None:
    with pytest.raises(UserError) as caught:
        list(execute(_wrong, [(0,), (1,)], 2))
    assert caught.value.problems == [Problem("a file", "a key", "one thing", "another")]
    assert str(caught.value) == str(caught.value.problems[0])
