"""Linear algebra on one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def on_one_thread(function: Callable[P, R]) -> Callable[P, R]:
    """Let BLAS use one thread within a function.

    The last bits of its results hang on how many threads there are, so that another number of cores would give another
    ensemble. And matrices here are so small that threads only get in the way of other processes.
    """

    @wraps(function)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        with _limited():
            return function(*args, **kwargs)

    return alone


_lock = Lock()
_limits: list[Any] = []


@contextmanager
def _limited() -> Iterator[None]:
    """Limit BLAS, which a process has once, for as long as any thread of it is in here: the last one out lifts it."""
    with _lock:
        _limits.append(_limits[-1] if _limits else _libraries().limit(limits=1, user_api="blas"))
    try:
        yield
    finally:
        with _lock:
            limit = _limits.pop()
            if not _limits:
                limit.restore_original_limits()


@cache
def _libraries() -> Any:
    # It finds what is loaded: NumPy and SciPy bring a BLAS each.
    import scipy.linalg  # noqa: F401
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
