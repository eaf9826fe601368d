"""Carry out many independent calls, here, in processes or on a cluster, and hand back each result as it comes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import replace
from typing import Any, Protocol

from demandsim.experiment.workers import Workers
from demandsim.model.simulate import get_ready
from demandsim.problems import Problem, UserError

#: How many workers a call may lose before it is set aside.
TRIES = 3
#: Seconds to wait for results before it is looked round again.
_LISTENS = 0.5

#: Told the number of a call whose worker was lost, and how many it has lost by now.
Lost = Callable[[int, int], None]


class SetAsideError(UserError):
    """Some calls lost their worker at every try. All others have been carried out.

    Attributes:
        numbers: of these calls.
    """

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = sorted(numbers)
        super().__init__(
            Problem(
                f"task {number}",
                "",
                f"each of {TRIES} workers given it was lost, as if killed",
                "a worker that comes back",
                "the same command with --executor serial, to see it happen",
            )
            for number in self.numbers
        )


def not_there(workers: Workers, found: str) -> UserError:
    """Return what to say when a scheduler does not answer, or does no more."""
    return UserError(
        Problem(
            workers.scheduler or f"--executor {workers.executor}",
            "",
            found,
            "a Dask scheduler with workers",
            "dask scheduler, dask worker --nthreads 1 ADDRESS, and the same command: what is finished is kept",
        )
    )


class Pool(Protocol):
    """Workers that carry out calls.

    Attributes:
        lost: what a call's future raises when its worker is lost.
        tries: how many tries that counts for.
    """

    lost: tuple[type[BaseException], ...]
    tries: int

    def width(self) -> int:
        """Return how many calls may be under way."""

    def submit(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Future[Any]:
        """Begin a call."""

    def close(self, finished: bool) -> None:
        """Let the workers go; those still at work, if not finished, at once."""


def execute(
    function: Callable[..., Any],
    calls: Sequence[tuple[Any, ...]],
    jobs: int | Workers,
    lost: Lost = lambda number, tries: None,
) -> Generator[tuple[int, Any]]:
    """Yield (number of the call, its result) in the order in which they finish.

    Close it to stop early: calls under way are given up. `contextlib.closing` does so whatever happens.

    Args:
        function: can be pickled; its result depends on its arguments alone, so that it can be called again.
        calls: arguments of each call.
        jobs: processes, or who else carries them out; 1 runs everything here.
        lost: told of each worker that is lost, killed by the system or by the call itself. Its call is tried again.

    Raises:
        SetAsideError: in the end, if calls lost their worker `TRIES` times.
        UserError: there are no such workers, or none any more.
    """
    workers = jobs if isinstance(jobs, Workers) else Workers(jobs)
    if calls:
        get_ready()
    if workers.here or not calls:
        for number, arguments in enumerate(calls):
            yield number, function(*arguments)
        return
    pool = _pool(workers, len(calls))
    aside: list[int] = []
    finished = False
    try:
        yield from _carried_out(pool, function, calls, lost, aside)
        finished = True
    except CancelledError:
        raise not_there(workers, "a scheduler that went away") from None
    finally:
        pool.close(finished)
    if aside:
        raise SetAsideError(aside)


def _pool(workers: Workers, most: int) -> Pool:
    """Return workers, no more than there are calls."""
    jobs = min(workers.jobs, most)
    if workers.executor == "dask":
        from demandsim.experiment.cluster import Cluster

        return Cluster(replace(workers, jobs=jobs))
    from demandsim.experiment.processes import Processes

    return Processes(jobs)


def _carried_out(
    pool: Pool, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]], lost: Lost, aside: list[int]
) -> Generator[tuple[int, Any]]:
    """Yield results as they come; note the numbers of the calls that are given up in `aside`.

    A call that lost its worker goes to the end of the queue. Its last try it has alone, as under Dask a worker may have
    held another call, whose fault it was.
    """
    waiting = deque(range(len(calls)))
    losses = [0] * len(calls)
    under_way: dict[Future[Any], int] = {}
    while waiting or under_way:
        width = pool.width()
        while waiting and len(under_way) < width:
            last_try = losses[waiting[0]] >= TRIES - 1
            if last_try and under_way:
                break
            number = waiting.popleft()
            under_way[pool.submit(function, calls[number])] = number
            if last_try:
                break
        # Not for ever at once: until it is over, no Ctrl-C is heard on Windows.
        done, _ = wait(under_way, timeout=_LISTENS, return_when=FIRST_COMPLETED)
        for future in sorted(done, key=under_way.__getitem__):
            number = under_way.pop(future)
            try:
                result = future.result()
            except pool.lost:
                losses[number] += pool.tries
                lost(number, losses[number])
                (waiting if losses[number] < TRIES else aside).append(number)
            else:
                yield number, result
