"""Virtual environments for the peers, made the first time, in `benchmarks/.peers`; delete it to make them again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CACHE = HERE / ".peers"


class MissingPeerError(Exception):
    """A peer that can't be had on this machine, and why."""


def python_with(packages: list[str], versions: tuple[str, ...] = ()) -> Path:
    """Return the Python of an environment that holds the packages.

    Args:
        packages: with their versions, as pip wants them.
        versions: of Python, that they run on; this one unless given.
    """
    base, number = _interpreter(versions)
    folder = CACHE / "-".join([*packages, f"python{number}"]).replace("=", "")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    finished = folder / "finished"
    if not finished.exists():
        print(f"Installing {', '.join(packages)} into {folder.relative_to(HERE.parent)}", file=sys.stderr, flush=True)
        _checked([base, "-m", "venv", "--clear", "--without-pip", str(folder)])
        # Built wheels only: where there is none for this Python, pip says so at once and compiles nothing.
        _checked([_with_pip(), "-m", "pip", "--python", str(python), "install", "--only-binary", ":all:", *packages])
        finished.touch()
    return python


def measured(command: list[Any], environment: dict[str, str] | None = None) -> Any:
    """Run a command in a process of its own and return what its last line says in JSON."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise RuntimeError(f"{command} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def _interpreter(versions: tuple[str, ...]) -> tuple[str, str]:
    this = f"{sys.version_info.major}.{sys.version_info.minor}"
    if not versions or this in versions:
        return sys.executable, this
    for number in versions:
        found = shutil.which(f"python{number}")
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return found, number
    raise MissingPeerError(f"needs Python {' or '.join(versions)}, which is not on the path")


def _with_pip() -> str:
    """Return a Python that has pip: the environment that `try.py` makes has none, the Python it was made from has."""
    for python in (
        sys.executable,
        str(getattr(sys, "_base_executable", "")),
        *map(shutil.which, ("python3", "python")),
    ):
        if (
            python
            and subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
        ):
            return python
    raise MissingPeerError("no Python with pip was found: python -m ensurepip adds it")


def _checked(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise MissingPeerError(f"could not be installed: {errors[-1] if errors else command}")
