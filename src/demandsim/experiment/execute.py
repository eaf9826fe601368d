"""Carry out many independent calls, in this process or in several, and hand back each result as it comes."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from typing import Any


def execute(function: Callable[..., Any], calls: Sequence[tuple[Any, ...]], jobs: int) -> Generator[tuple[int, Any]]:
    """Yield (number of the call, its result) in the order in which they finish.

    Close it to stop early: calls under way are given up. `contextlib.closing` does so whatever happens.

    Args:
        function: can be pickled; its result depends on its arguments alone.
        calls: arguments of each call.
        jobs: processes; 1 runs everything here.
    """
    if jobs <= 1 or len(calls) <= 1:
        for number, arguments in enumerate(calls):
            yield number, function(*arguments)
        return
    pool = ProcessPoolExecutor(min(jobs, len(calls)), initializer=_begin_worker, initargs=(os.getpid(),))
    finished = False
    try:
        pending: dict[Future[Any], int] = {
            pool.submit(function, *arguments): number for number, arguments in enumerate(calls)
        }
        while pending:
            done, _ = wait(pending, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=pending.__getitem__):
                yield pending.pop(future), future.result()
        finished = True
    finally:
        workers = list((pool._processes or {}).values())
        pool.shutdown(wait=finished, cancel_futures=True)
        if not finished:
            # Else leaving early (Ctrl-C, a full disk) would wait for the calls under way.
            for worker in workers:
                worker.terminate()


def _begin_worker(parent: int) -> None:
    """Leave Ctrl-C to the parent, and end when it is no longer there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    if os.name != "nt":  # there a process keeps its parent's number when the parent has gone
        threading.Thread(target=watch, daemon=True).start()
