"""The file of a page: whether it can be written, and writing it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from demandsim.page.make import Made
from demandsim.page.write import page_html
from demandsim.problems import Problem, UserError
from demandsim.results.atomic_write import write_text, writing


def check_file(path: Path) -> None:
    """Refuse a file that can't be written, before anything is simulated; make its folder if it has none.

    Raises:
        UserError: with what is wrong.
    """
    if path.suffix.lower() not in (".html", ".htm"):
        raise UserError(Problem(str(path), "", "a name without .html", "a file that a browser opens, as page.html"))
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass


def write_page(path: Path, made: Made, command: str) -> int:
    """Write a page and return how many bytes it has.

    Raises:
        UserError: it can't be written.
    """
    text = page_html(made, command)
    with writing(path.parent):
        write_text(path, text)
    return len(text.encode())
