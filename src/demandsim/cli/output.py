"""What commands print: tables that fit a terminal, and progress that hardly shows where nobody watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from demandsim.cli.streams import aside, out
from demandsim.cli.tables import table as table
from demandsim.results.words import number as number
from demandsim.results.words import signed as signed

if TYPE_CHECKING:
    from rich.progress import TaskID

    from demandsim.plots.style import Picture
    from demandsim.results.store import Manifest

Progress = Callable[[int, int], None]
Stages = Callable[[str, int, int], None]

#: Seconds between two lines of progress where stderr is no terminal: a log of a long run shows that it goes on.
_SELDOM = 30.0


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """Show progress and the time left on a terminal; elsewhere say a line now and then."""
    with stages() as tell:
        yield lambda done, wanted: tell(what, done, wanted)


@contextmanager
def stages() -> Iterator[Stages]:
    """Show how far one thing after another is: called with what is being done, how much is done, and of how much."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield _now_and_then()
        return
    with _bar() as tell:
        _shown.append(tell)
        try:
            yield tell
        finally:
            _shown.pop()


#: What shows progress on the terminal at the moment; there can be one.
_shown: list[Stages] = []


def compiling(done: int, wanted: int) -> None:
    """Say that the model is compiled, which happens once on a machine and takes up to a minute."""
    from demandsim.engine.compiling import FOLDER

    what = "Compiling the model, once"
    if FOLDER is None and done == 0:
        warn("No folder can be written to keep the compiled model: set NUMBA_CACHE_DIR, or each start takes a minute.")
    if _shown:
        _shown[-1](what, done, wanted)
    elif done == 0:
        warn(f"{what}: up to a minute")


@contextmanager
def _bar() -> Iterator[Stages]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("elapsed"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, wanted: int) -> None:
            if what not in tasks:
                for earlier in tasks.values():
                    bar.update(earlier, visible=False)
                tasks[what] = bar.add_task(what, total=None)
            bar.update(tasks[what], completed=done, total=wanted, visible=True)

        yield tell


def _now_and_then() -> Stages:
    started = last = time.monotonic()

    def tell(what: str, done: int, wanted: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _SELDOM:
            last = now
            warn(f"{what}: {done:,} of {wanted:,}, {now - started:.0f} s so far")

    return tell


@contextmanager
def stopping(kept: str) -> Iterator[None]:
    """Turn Ctrl-C into a line that says what is kept, and end with the code shells use for it."""
    try:
        yield
    except KeyboardInterrupt:
        say()
        say(f"Stopped. {kept}")
        raise SystemExit(130) from None


def stopping_keeps(folder: Path) -> AbstractContextManager[None]:
    """Turn Ctrl-C into a line that says that the same command goes on from what a folder keeps."""
    return stopping(f"What is finished is kept in {folder}; the same command goes on from there.")


def draw(pictures: Sequence[Picture], folder: Path, manifest: Manifest, inside: Path | None = None) -> None:
    """Save pictures and their numbers in a folder, or in one inside the folder of a run, with progress."""
    from demandsim.plots.style import save
    from demandsim.results.lock import alone

    with alone(inside or folder), progress("Drawing") as bar:
        for finished, picture in enumerate(pictures, start=1):
            save(picture, folder, manifest)
            bar(finished, len(pictures))


def warn(text: str) -> None:
    """Say on the side, in a pipe as well, that something went wrong and the command goes on."""
    aside(text)


def say(text: str = "") -> None:
    if _captured:
        _captured[-1].append(text)
    else:
        out(text)


#: Lines that are said while somebody captures them; the last one takes them.
_captured: list[list[str]] = []


@contextmanager
def captured() -> Iterator[list[str]]:
    """Take what is said instead of printing it."""
    lines: list[str] = []
    _captured.append(lines)
    try:
        yield lines
    finally:
        _captured.pop()


def say_and_keep(folder: Path, say_it: Callable[[], None]) -> None:
    """Print what something says, and keep it in a folder for `demandsim show`."""
    from demandsim.results.folders import keep_text

    with captured() as lines:
        say_it()
    text = "\n".join(lines)
    say(text)
    keep_text(folder, text.strip("\n"))
