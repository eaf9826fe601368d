"""Files that are whole or not there, and one clear message when they can't be written."""

from __future__ import annotations

import codecs
import csv
import errno
import io
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from demandsim.problems import Problem, UserError
from demandsim.text_files import safe_cells

#: How the names of files end that are being written; a writer that was killed leaves one.
UNFINISHED = ".tmp"
#: Characters of a file's name that its unfinished one has, so that a long name stays within what a disk allows.
_KEPT = 40
#: Seconds between tries to rename what another program holds, and how Windows says that one does.
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
_HELD = (5, 32)


@contextmanager
def atomic_write(path: Path, durable: bool = True) -> Iterator[BinaryIO]:
    """Open a file that gets its name, and replaces what had it, when all is written.

    Two may write the same file at once: the last one's stays, whole.

    Args:
        path: of the file.
        durable: wait until it is on the disk, so that it is whole even if the power goes.
    """
    temporary = path.with_name(f"{path.name[:_KEPT]}.{secrets.token_hex(4)}{UNFINISHED}")
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
        give_name(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def give_name(made: Path, name: Path) -> None:
    """Give a finished file or folder its name; a file takes the place of what had it.

    On Windows nothing can be renamed while another program looks at it: one that checks for viruses does so for some
    milliseconds, so it is tried again for a second or two.

    Raises:
        OSError: it can't be done.
    """
    for pause in (*_PAUSES, None):
        try:
            os.replace(made, name)
            return
        except OSError as error:
            if pause is None or getattr(error, "winerror", None) not in _HELD:
                raise
            time.sleep(pause)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Say in one line why a folder can't be written."""
    try:
        yield
    except OSError as error:
        raise UserError(_not_written(error, folder)) from None


def _not_written(error: OSError, folder: Path) -> Problem:
    if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        hint = "the same command once there is room: finished replications are kept"
        return Problem(str(error.filename or folder), "", "a disk without room left", "some 10 MB of room", hint)
    if getattr(error, "winerror", None) in _HELD and error.filename2:
        found = f"another program that has it open ({error.strerror})"
        hint = "close it there (Excel?), then the same command: finished replications are kept"
        return Problem(str(error.filename2), "", found, "a file or folder that no other program holds", hint)
    found = f"a place that can't be written ({error.strerror or error})"
    return Problem(
        str(error.filename or folder), "", found, "a folder that can be written", "--out with another folder"
    )


def write_text(path: Path, text: str, durable: bool = True) -> None:
    """Write a text as UTF-8."""
    with atomic_write(path, durable) as stream:
        stream.write(text.encode())


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a table as Parquet, packed."""
    with atomic_write(path) as stream:
        pq.write_table(table, stream, compression="zstd")


def write_table(path: Path, rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as CSV, with a byte order mark so that Excel reads the pound sign."""
    with atomic_write(path) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
        csv.writer(text).writerows(safe_cells(rows))
        text.flush()
        text.detach()


def write_csv(path: Path, table: pa.Table) -> None:
    """Write a large table of numbers as CSV, as `write_table` does a small one."""
    with atomic_write(path) as stream:
        stream.write(codecs.BOM_UTF8)
        pa_csv.write_csv(table, stream, pa_csv.WriteOptions(quoting_style="needed"))


def remove(path: Path) -> None:
    """Remove a file or a folder with all that is in it, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
