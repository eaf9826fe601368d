"""Workers on this machine: processes, each a pool of one."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from typing import Any


class Processes:
    """Worker processes, begun when they are first needed.

    A pool that loses one of its processes breaks, and every call in it is lost. So each process has a pool of its own:
    no other call is touched, and there is no doubt which call it was lost with. A worker that is lost gets a successor.

    Args:
        count: processes.
    """

    lost: tuple[type[BaseException], ...] = (BrokenExecutor,)
    tries = 1

    def __init__(self, count: int) -> None:
        self._count = count
        self._idle: list[ProcessPoolExecutor] = []
        self._busy: dict[Future[Any], ProcessPoolExecutor] = {}

    def width(self) -> int:
        return self._count

    def submit(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Future[Any]:
        self._look_round()
        while True:
            worker = self._idle.pop() if self._idle else _begin()
            try:
                future = worker.submit(function, *arguments)
            except BrokenExecutor:
                continue  # killed while it had nothing to do
            self._busy[future] = worker
            return future

    def _look_round(self) -> None:
        """See which workers have come back, and forget those that are lost."""
        for future in [future for future in self._busy if future.done()]:
            worker = self._busy.pop(future)
            if isinstance(future.exception(), BrokenExecutor):
                worker.shutdown(wait=False)
            else:
                self._idle.append(worker)

    def close(self, finished: bool) -> None:
        for worker in (*self._idle, *self._busy.values()):
            processes = list((worker._processes or {}).values())
            worker.shutdown(wait=finished, cancel_futures=True)
            if not finished:
                # Else leaving early (Ctrl-C, a full disk) would wait for the calls under way.
                for process in processes:
                    process.terminate()


def _begin() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, initializer=_begin_worker)


def _begin_worker() -> None:
    """Leave Ctrl-C to the parent, and end when it is no longer there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
