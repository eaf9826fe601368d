"""Checksums of a folder's files: the last file written, so a folder that has it, and matches it, is finished."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from demandsim.results.atomic_write import UNFINISHED, write_text

FILE = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  ([^/\\]+)")


def _last(count: int) -> str:
    """Return the line that ends the file: without it the list was cut."""
    return f"# {count} files; to check them: sha256sum -c {FILE}"


def short_digest(parts: Iterable[str]) -> str:
    """Return 8 characters that change whenever one of the parts does: by them folders of results are named."""
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:8]


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal.

    Raises:
        OSError: it can't be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def seal(folder: Path, names: Iterable[str] | None = None) -> None:
    """Write the checksums of the files in a folder: of all not in a folder inside it, unless some are named."""
    if names is None:
        files = [path for path in folder.iterdir() if path.is_file() and path.suffix != UNFINISHED]
        names = [path.name for path in files if path.name != FILE]
    names = sorted(names)
    lines = [f"{sha256(folder / name)}  {name}" for name in names]
    write_text(folder / FILE, "\n".join([*lines, _last(len(lines))]) + "\n")


def sealed(folder: Path) -> bool:
    """Return whether a folder has checksums, right or wrong."""
    return (folder / FILE).is_file()


def read_checksums(folder: Path) -> dict[str, str]:
    """Return the checksum of each file by name, as they are written down; nothing if that can't be read."""
    try:
        *lines, last, end = (folder / FILE).read_bytes().decode().split("\n")
    except (OSError, ValueError):
        return {}
    matches = [_LINE.fullmatch(line) for line in lines]
    sums = {match[2]: match[1] for match in matches if match}
    return sums if (len(sums), last, end) == (len(lines), _last(len(lines)), "") else {}


def damage(folder: Path) -> list[str]:
    """Return what is wrong with the files of a folder, in a phrase each; nothing if all match their checksums."""
    sums = read_checksums(folder)
    if not sums:
        return [f"{FILE} is {'not as it was written' if sealed(folder) else 'missing'}"]
    wrong = []
    for name, expected in sums.items():
        path = folder / name
        try:
            found = sha256(path)
        except OSError:
            wrong.append(f"{name} is {'not readable' if path.exists() else 'missing'}")
        else:
            if found != expected:
                wrong.append(f"{name} is not as it was written")
    return wrong
