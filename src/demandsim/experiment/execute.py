"""Carry out many independent calls, in this process or in several, and hand back each result as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from typing import Any


def execute(function: Callable[..., Any], calls: Sequence[tuple[Any, ...]], jobs: int) -> Iterator[tuple[int, Any]]:
    """Yield (number of the call, its result) in the order in which they finish.

    Args:
        function: can be pickled; its result depends on its arguments alone.
        calls: arguments of each call.
        jobs: processes; 1 runs everything here.
    """
    if jobs <= 1 or len(calls) <= 1:
        for number, arguments in enumerate(calls):
            yield number, function(*arguments)
        return
    with ProcessPoolExecutor(min(jobs, len(calls))) as pool:
        try:
            pending: dict[Future[Any], int] = {
                pool.submit(function, *arguments): number for number, arguments in enumerate(calls)
            }
            while pending:
                done, _ = wait(pending, return_when=FIRST_COMPLETED)
                for future in sorted(done, key=pending.__getitem__):
                    yield pending.pop(future), future.result()
        finally:
            # Without this, leaving early (Ctrl-C, a full disk) would wait for every call still queued.
            pool.shutdown(wait=False, cancel_futures=True)
