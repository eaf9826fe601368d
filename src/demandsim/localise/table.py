"""A table as it was read: text by column, and the line of each row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from demandsim.localise.rules import Kind


@dataclass(slots=True)
class Table:
    """Rows of a return or of a published release.

    Attributes:
        kind: what it is; None for a published table.
        file: name of its file, without the folder.
        sha256: checksum of the file.
        group: its folder, or the file itself if that holds a whole return; tables of one return share it.
        columns: text of each column, in lower case and by its usual name.
        lines: line of each row, or its number among the records of an XML file.
        dates: columns of dates, read.
        about: what the file says of itself: `authority`, `year`, `preamble`; and its `form`, where that is XML.
    """

    kind: Kind | None
    file: str
    sha256: str
    group: str
    columns: dict[str, list[str]]
    lines: list[int]
    dates: dict[str, list[date | None]] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def words(self) -> str:
        return self.kind.words if self.kind else "published table"

    @property
    def is_whole(self) -> bool:
        """Return whether what the return has no row of is none: of XML all tables stand in one file."""
        return self.about.get("form") == "xml"

    def text(self, column: str) -> list[str]:
        """Return the text of a column; blank where the table has none of that name."""
        return self.columns.get(column) or [""] * len(self)

    def days(self, column: str) -> list[date | None]:
        """Return the dates of a column; none where the table has none of that name."""
        return self.dates.get(column) or [None] * len(self)

    def keep(self, kept: list[bool]) -> None:
        """Leave out rows."""
        for columns in (self.columns, self.dates):
            for name, cells in columns.items():
                columns[name] = [cell for cell, stays in zip(cells, kept, strict=True) if stays]  # type: ignore[misc]
        self.lines = [line for line, stays in zip(self.lines, kept, strict=True) if stays]
