"""Commands that want the same results take turns: one makes them, the others wait and show how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from demandsim.experiment.execute import Workers
from demandsim.experiment.parts import Notice, Progress
from demandsim.results.lock import alone


@contextmanager
def in_turn(
    folder: Path,
    jobs: int | Workers | None,
    there: Callable[[], tuple[int, int]],
    progress: Progress,
    notice: Notice,
) -> Iterator[None]:
    """Be the only command that makes the results of a folder.

    Args:
        folder: of the results; need not be there.
        jobs: who does the work, and whether to wait for another command.
        there: returns how many simulations are kept by now, and of how many.
        progress: told that while another command makes them.
        notice: told once that this one waits.

    Raises:
        UserError: another command makes them and there was to be no waiting; or nothing can be written there.
    """
    said = False

    def waiting() -> None:
        nonlocal said
        if not said:
            notice(f"Another command is writing {folder}; this one waits for it (--no-wait would not).")
            said = True
        progress(*there())

    with alone(folder, not isinstance(jobs, Workers) or jobs.wait, waiting):
        yield
