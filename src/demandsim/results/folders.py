"""What lies in a folder of results: runs, comparisons, sweeps and the rest, newest first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from demandsim.problems import one_line
from demandsim.results.atomic_write import write_text, writing
from demandsim.results.checksums import FILE as CHECKSUMS
from demandsim.results.checksums import sealed
from demandsim.results.kept_comparison import FILE as COMPARISON
from demandsim.results.lock import alone
from demandsim.results.manifest import FILE as MANIFEST
from demandsim.results.manifest import read_manifest

#: What a command printed, kept in the folder that it made.
TEXT = "summary.txt"
PARTIAL = ".partial"


@dataclass(frozen=True, slots=True)
class Kept:
    """One folder of results.

    Attributes:
        folder: where it lies.
        kind: run, comparison, sweep, solve, calibration, ...
        title: what it is of, in words.
        finished: when it was written.
    """

    folder: Path
    kind: str
    title: str
    finished: datetime


def kind_of(folder: Path) -> str:
    """Return what a folder holds; empty if these are no results."""
    if (folder / MANIFEST).is_file():
        return "unfinished run" if folder.name.endswith(PARTIAL) else "run"
    if (folder / COMPARISON).is_file():
        return "comparison"
    if (folder / "fit.json").is_file():
        return "calibration"
    if sealed(folder) or (folder / TEXT).is_file():
        return folder.name.partition("-")[0]
    return ""


def kept_in(folder: Path) -> list[Kept]:
    """Return the results in a folder, the newest first."""
    found = []
    for inside in folder.iterdir() if folder.is_dir() else ():
        kind = kind_of(inside) if inside.is_dir() else ""
        if kind:
            files = [path for path in (inside / CHECKSUMS, inside / MANIFEST, inside / TEXT, inside) if path.exists()]
            found.append(Kept(inside, kind, _title(inside), datetime.fromtimestamp(files[0].stat().st_mtime)))
    return sorted(found, key=lambda one: (one.finished, one.folder.name), reverse=True)


def _title(folder: Path) -> str:
    content = read_manifest(folder)
    if content.get("title"):
        return one_line(str(content["title"]))
    try:
        if (folder / COMPARISON).is_file():
            runs: Sequence[str] = json.loads((folder / COMPARISON).read_text(encoding="utf-8"))["runs"]
            titles = [str(read_manifest(folder / run).get("title", "a run that is gone")) for run in runs]
            return one_line(f"{'; '.join(titles[1:])} against {titles[0]}")
        if (folder / TEXT).is_file():
            text = (folder / TEXT).read_text(encoding="utf-8").strip()
            return one_line(text.split("\n")[0])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return ""


def keep_text(folder: Path, text: str) -> None:
    """Keep what a command printed beside its tables, so that it can be shown again."""
    with alone(folder), writing(folder):
        write_text(folder / TEXT, text + "\n")
