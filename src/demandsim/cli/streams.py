"""Standard output and error as they come: closed, full, or of an encoding without the letters that are printed."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence

import click

from demandsim.problems import Problem, UserError, printable

_STANDARD = 2


def prepare() -> None:
    """Make both streams take whatever is printed.

    Where one is closed, the next file to be opened would get its number, and what is printed would end in that file.
    """
    opened = os.open(os.devnull, os.O_RDWR)
    while opened <= _STANDARD:
        opened = os.dup(opened)
    os.close(opened)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A letter that the encoding does not have is written out; a run must not be lost over it.
            stream.reconfigure(errors="backslashreplace")


def check_letters(given: Sequence[str]) -> None:
    """Refuse names that hold bytes which are no letters here: results under them could not be written in the end.

    Raises:
        UserError: with the first of them.
    """
    for text in given:
        try:
            text.encode()
        except UnicodeEncodeError:
            expected = "letters that Python reads here: set LC_ALL=C.UTF-8, or PYTHONUTF8=1"
            raise UserError(
                Problem("command line", "", f"bytes that are no text ({text})", expected, "PYTHONUTF8=1 demandsim ...")
            ) from None


def out(text: str) -> None:
    """Print a line.

    Raises:
        UserError: standard output takes no more, as on a full disk.
    """
    try:
        click.echo(printable(text))
    except BrokenPipeError:
        raise
    except OSError as error:
        silence(1)
        raise UserError(unwritten(error)) from None


def aside(text: str) -> None:
    """Print a line on standard error; where that takes no more, nobody can be told."""
    try:
        click.echo(printable(text), err=True)
    except OSError:
        silence(_STANDARD)


def unwritten(error: OSError) -> Problem:
    """Return what to say where standard output can't be written."""
    room = error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
    found = "a disk without room left" if room else f"a place that can't be written ({error.strerror})"
    return Problem("standard output", "", found, "a terminal or a file with room", "the same command, to another file")


def silence(number: int) -> None:
    """Send what a stream still holds, and all that follows, nowhere; else Python fails as it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
