"""Commands that want the same results take turns: one makes them, the others wait and show how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from demandsim.experiment.options import RunOptions
from demandsim.experiment.workers import Workers
from demandsim.results.lock import alone


@contextmanager
def in_turn(
    folder: Path, options: RunOptions, there: Callable[[], tuple[int, int]], what: str = "Simulating"
) -> Iterator[None]:
    """Be the only command that makes the results of a folder.

    Args:
        folder: of the results; need not be there.
        options: who does the work, whether to wait for another command, and who is told of it.
        there: returns how many simulations are kept by now, and of how many.
        what: the other command makes, for who is told how far it is.

    Raises:
        UserError: another command makes them and there was to be no waiting; or nothing can be written there.
    """
    said = False

    def waiting() -> None:
        nonlocal said
        if not said:
            options.notice(f"Another command is writing {folder}; this one waits for it (--no-wait would not).")
            said = True
        options.on_progress(what, *there())

    workers = options.workers
    with alone(folder, not isinstance(workers, Workers) or workers.wait, waiting):
        yield
