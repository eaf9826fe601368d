"""What is compiled, and where that is kept: the one place that knows Numba.

`compiled` turns a plain function over arrays and records into machine code when it is first called; `entry` does so
with functions that Python calls, and keeps the code for every later process. With `NUMBA_DISABLE_JIT=1` both leave
functions as they are: slow, and good for debuggers and coverage.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from filelock import FileLock
from platformdirs import user_cache_dir

from demandsim.first_start import announce
from demandsim.problems import Problem, UserError

try:
    import llvmlite.binding
    import numba
except ImportError as error:
    raise UserError(
        Problem(
            f"Python {platform.python_version()} on {platform.machine()}",
            "",
            f"no Numba that works here ({error})",
            "a Python that Numba has a wheel for: 3.11 to 3.14 on Windows, macOS or Linux",
            "python -m pip install numba, or the same command with such a Python",
        )
    ) from error

#: Numba's settings.
config: Any = numba.config
_typeof: Any = vars(numba)["typeof"]
F = TypeVar("F", bound=Callable[..., Any])
#: Whether functions are compiled at all.
COMPILING = not config.DISABLE_JIT
#: Versions of the code that are kept beside each other, so that going back and forth costs nothing.
_KEPT = 8
_MARKER = "compiled"


def _digest() -> str:
    """Return what tells one version of everything that is compiled from another, and one copy of it from another.

    Numba itself looks at the file of a function only: a constant or a function of another file would go unseen. What it
    kept for a file it uses neither for a copy of it elsewhere nor after the file was written again.
    """
    package = Path(__file__).parent.parent
    parts = ("*.py", "engine/*.py", "state/*.py", "model/*.py", "scenario/parameters.py")
    files = [file for part in parts for file in package.glob(part)]
    processor = llvmlite.binding.get_host_cpu_name()
    settings = f"{numba.__version__} {platform.python_version()} {processor} {bool(config.BOUNDSCHECK)} {config.OPT}"
    found = hashlib.sha256(f"{settings} {package}".encode())
    for file in sorted(files):
        found.update(file.read_bytes())
        found.update(str(file.stat().st_mtime_ns).encode())
    return found.hexdigest()[:16]


def _kept_in() -> Path | None:
    """Return a folder that can be written for what is compiled, or None if there is none."""
    wanted = os.environ.get("NUMBA_CACHE_DIR")
    homes = [Path(wanted)] if wanted else [Path(user_cache_dir("demandsim")), Path(tempfile.gettempdir()) / "demandsim"]
    for home in homes:
        folder = home / f"compiled-{_digest()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError:
            continue
    return None


#: Where what is compiled is kept; None if nowhere.
FOLDER = _kept_in() if COMPILING else None
if FOLDER:
    config.CACHE_DIR = str(FOLDER)


def compiled(function: F) -> F:
    """Compile a function that only compiled functions, and tests, call."""
    made: F = numba.njit(function)
    return made


def inlined(function: F) -> F:
    """Compile a function into each that calls it: for what is done for every child known, where a call takes as long as
    what it does, and for loops whose calls the processor can then make for several rows at once.
    """
    return cast("F", numba.njit(forceinline=True)(function))


def entry(function: F) -> F:
    """Compile a function that Python calls, always with arguments of the same types, and keep what was compiled."""
    if not COMPILING:
        return function
    _entries.append(_Entry(numba.njit(cache=FOLDER is not None)(function)))
    return cast("F", _entries[-1])


class _Entry:
    """Calls what was compiled without asking for the types of its arguments again.

    Numba would, at each call; of a record of some hundred fields that takes sixty times as long as the call itself.
    """

    def __init__(self, dispatcher: Any) -> None:
        self._dispatcher = dispatcher
        self._call = self._first
        self.__doc__, self.__name__ = dispatcher.__doc__, dispatcher.__name__

    def __call__(self, *arguments: Any) -> Any:
        return self._call(*arguments)

    def _first(self, *arguments: Any) -> Any:
        self._dispatcher.compile(tuple(_type_of(argument) for argument in arguments))
        (compilation,) = self._dispatcher.overloads.values()
        self._call = compilation.entry_point
        if _compiling_now:
            announce(sum(one.used for one in _entries), len(_entries))
        return self._call(*arguments)

    @property
    def used(self) -> bool:
        return self._call != self._first


def _type_of(argument: Any) -> Any:
    """Return Numba's type of an argument; of records once only, as that takes as long as loading a function."""
    if not isinstance(argument, np.ndarray):
        return _typeof(argument)
    key = (argument.dtype, argument.ndim, argument.flags.num)
    if key not in _types:
        _types[key] = _typeof(argument)
    return _types[key]


_types: dict[tuple[Any, ...], Any] = {}
_entries: list[_Entry] = []
_compiling_now: list[bool] = []


def compile_once(use: Callable[[], None]) -> None:
    """Have everything compiled, by one process of this machine; others wait until it has done so.

    Args:
        use: calls every entry.
    """
    if not COMPILING or (FOLDER and (FOLDER / _MARKER).exists()):
        return
    if FOLDER is None:
        if not _compiling_now and not any(one.used for one in _entries):
            _compile(use)
        return
    with FileLock(FOLDER / "lock"):
        if not (FOLDER / _MARKER).exists():
            _compile(use)
            (FOLDER / _MARKER).touch()
            _clear(FOLDER)


def _compile(use: Callable[[], None]) -> None:
    _compiling_now.append(True)
    announce(0, len(_entries))
    try:
        use()
    finally:
        _compiling_now.clear()
    announce(len(_entries), len(_entries))


def _clear(folder: Path) -> None:
    """Let go of what was compiled from versions of the code that have not been used for long."""
    others = sorted(folder.parent.glob("compiled-*"), key=lambda other: other.stat().st_mtime, reverse=True)
    for other in others[_KEPT:]:
        shutil.rmtree(other, ignore_errors=True)
