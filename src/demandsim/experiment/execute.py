"""Carry out many independent calls, in this process or in several, and hand back each result as it comes."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from types import TracebackType
from typing import Any, Self


class Workers:
    """Processes that carry out calls, started when first needed and used again for the next calls.

    Use it in `with`: on leaving early (Ctrl-C, a full disk) calls under way are given up, not waited for.

    Args:
        jobs: processes; 1 runs everything in this one.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    def each(self, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> Generator[tuple[int, Any]]:
        """Yield (number of the call, its result) in the order in which they finish.

        Args:
            function: can be pickled; its result depends on its arguments alone.
            calls: arguments of each call.
        """
        if self._jobs <= 1 or len(calls) <= 1:
            for number, arguments in enumerate(calls):
                yield number, function(*arguments)
            return
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._jobs, initializer=_begin_worker, initargs=(os.getpid(),))
        pending: dict[Future[Any], int] = {
            self._pool.submit(function, *arguments): number for number, arguments in enumerate(calls)
        }
        while pending:
            done, _ = wait(pending, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=pending.__getitem__):
                yield pending.pop(future), future.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is None:
            return
        workers = list((self._pool._processes or {}).values())
        self._pool.shutdown(wait=kind is None, cancel_futures=True)
        if kind is not None:
            for worker in workers:
                worker.terminate()


def execute(function: Callable[..., Any], calls: Sequence[tuple[Any, ...]], jobs: int) -> Generator[tuple[int, Any]]:
    """Yield (number of the call, its result) in the order in which they finish, from processes of their own.

    Close it to stop early: calls under way are given up. `contextlib.closing` does so whatever happens.

    Args:
        function: can be pickled; its result depends on its arguments alone.
        calls: arguments of each call.
        jobs: processes; 1 runs everything here.
    """
    with Workers(min(jobs, len(calls))) as workers:
        yield from workers.each(function, calls)


def _begin_worker(parent: int) -> None:
    """Leave Ctrl-C to the parent, and end when it is no longer there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    if os.name != "nt":  # there a process keeps its parent's number when the parent has gone
        threading.Thread(target=watch, daemon=True).start()
