"""What is said of the first start, in which the model is compiled: a listener, known without importing a compiler."""

from __future__ import annotations

from collections.abc import Callable

#: Told how many functions are compiled, and of how many.
Listener = Callable[[int, int], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Let a listener, and nobody else, be told how far compiling is."""
    _listeners[:] = [listener]


def announce(done: int, wanted: int) -> None:
    for listener in _listeners:
        listener(done, wanted)
