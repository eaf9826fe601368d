"""One command at a time for each folder of results; another one that wants the same waits."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path

from filelock import FileLock, Timeout

from demandsim.problems import Problem, UserError
from demandsim.results.atomic_write import UNFINISHED, writing

#: Seconds between two looks at how far the other one is.
_LOOK = 0.5
#: Characters, from its end, of a folder's name in the name of its lock.
_KEPT = 120


@contextmanager
def alone(folder: Path, wait: bool = True, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Be the only one, of all processes that see the disk, to write a folder.

    Whatever is written in a folder of results is written like this: whoever comes next removes what is half-written.
    The same thread may hold it several times over. It is free when the command has ended, however it ended.

    Args:
        folder: to be written; need not be there.
        wait: for another command that holds it.
        waiting: called now and then while another one holds it.

    Raises:
        UserError: another one holds it and there was to be no waiting; or nothing can be written there.
    """
    with writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder.with_name(f".{folder.name[-_KEPT:]}.lock"), is_singleton=True)
        _acquire(lock, folder, wait, waiting)
    try:
        if lock.lock_counter == 1:
            _clear(folder)
        yield
    finally:
        if lock.lock_counter == 1:
            # While it is held: one who waits for this very file sees that it has no name any more, and begins again.
            with suppress(OSError):
                Path(lock.lock_file).unlink()
        lock.release()


def _acquire(lock: FileLock, folder: Path, wait: bool, waiting: Callable[[], None]) -> None:
    timeout = 0.0
    while True:
        try:
            lock.acquire(timeout=timeout, poll_interval=0.05)
        except Timeout:
            if not wait:
                raise _taken(folder) from None
            waiting()
            timeout = _LOOK
        except OSError as error:
            if error.errno != errno.ESTALE:  # deleted by its holder on another machine
                raise
        else:
            return


def _clear(folder: Path) -> None:
    """Remove what a writer that was killed left half-written."""
    inside = (*folder.glob(f"*{UNFINISHED}"), *folder.glob(f"*/*{UNFINISHED}"))
    of_a_file = folder.parent.glob(f"{escape(folder.name)}.*{UNFINISHED}")
    for leftover in (*inside, *of_a_file):
        with suppress(OSError):  # another program may look at it; it does no harm
            leftover.unlink(missing_ok=True)


def _taken(folder: Path) -> UserError:
    return UserError(
        Problem(
            str(folder),
            "",
            "another command that is writing it",
            "no other one",
            "the same command without --no-wait, which waits for it and shows its progress",
        )
    )
