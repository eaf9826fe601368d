"""The bytes of a file: within limits, of a known encoding, and of a kind that can be read."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from demandsim.problems import Problem, UserError
from demandsim.text_files import MOST_CELL

#: Bytes of a file; six years of a large authority's episodes have 30 million.
MOST_BYTES = 200_000_000
#: Cells of a row, and rows of a file.
MOST_COLUMNS, MOST_ROWS = 400, 3_000_000
_HELP = "docs/how-to/localise.md"
_EXPECTED = "a CSV or XML file of a return or a published table"
_PACKED = {
    b"PK": "a spreadsheet or an archive: open it and save the sheet as CSV",
    b"\x1f\x8b": "a packed file: unpack it first",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet: open it and save the sheet as CSV",
    b"%PDF": "a PDF: its tables come as CSV beside it",
    b"PAR1": "a Parquet file",
    b"SQLi": "a database",
}


@dataclass(frozen=True, slots=True)
class Content:
    """A file as text.

    Attributes:
        path: of the file.
        name: of the file, with its folder's if several files have the same.
        sha256: of its bytes.
        text: decoded.
        encoding: utf-8, utf-16 or cp1252.
    """

    path: Path
    name: str
    sha256: str
    text: str
    encoding: str

    @property
    def is_xml(self) -> bool:
        return self.text.lstrip()[:1] == "<"


class UnknownTableError(UserError):
    """A CSV file is no table that is known."""


def wrong(path: Path, found: str, expected: str = _EXPECTED, key: str = "", hint: str = _HELP) -> UserError:
    """Return what keeps a file from being read; `found` says nothing of what stands in a row."""
    return UserError(Problem(path.name, key, found, expected, hint))


def read_content(path: Path, name: str) -> Content:
    """Read a file that is called so.

    Raises:
        UserError: it can't be read, is too large, or is of a kind that holds no table.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise wrong(path, f"a file that can't be read ({getattr(error, 'strerror', None) or 'no such name'})") from None
    if len(raw) > MOST_BYTES:
        raise wrong(path, f"more than {MOST_BYTES / 1e6:,.0f} MB")
    for start, what in _PACKED.items():
        if raw.startswith(start):
            raise wrong(path, what)
    if not raw.strip():
        raise wrong(path, "an empty file")
    text, encoding = _decoded(path, raw)
    return Content(path, name, hashlib.sha256(raw).hexdigest(), text, encoding)


def _decoded(path: Path, raw: bytes) -> tuple[str, str]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-16"), "utf-16"
        except UnicodeDecodeError:
            raise wrong(path, "text that begins as UTF-16 and goes on as something else") from None
    if b"\x00" in raw:
        raise wrong(path, "bytes that are no text")
    try:
        return raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace"), "cp1252"


def csv_rows(content: Content, delimiter: str = "") -> list[tuple[int, list[str]]]:
    """Return the rows of a CSV file that are not blank, each with its line, cells without blanks around them.

    Args:
        content: of the file.
        delimiter: between cells; the one that the first line has most of unless given.

    Raises:
        UserError: it is no CSV, or larger than any return.
    """
    first = content.text.lstrip("\r\n").partition("\n")[0]
    delimiter = delimiter or max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(content.text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            trimmed = [cell.strip() for cell in cells]
            if any(trimmed):
                rows.append((reader.line_num, trimmed))
            if len(cells) > MOST_COLUMNS or len(rows) > MOST_ROWS:
                raise wrong(content.path, f"more than {MOST_COLUMNS} columns or {MOST_ROWS:,} rows")
            if max(map(len, trimmed), default=0) > MOST_CELL:
                raise wrong(
                    content.path, f"a cell of more than {MOST_CELL:,} characters", key=f"line {reader.line_num}"
                )
    except csv.Error:
        raise wrong(
            content.path, "quotes that don't match, or text that is not CSV", key=f"line {reader.line_num}"
        ) from None
    return rows
