"""What was read, kept, mended and dropped, and why; never what stood in a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from demandsim.localise.rules import Reason, reasons

#: So many lines are named for a reason.
_LINES_TOLD = 20
#: Effects after which a row counts no more.
GONE = ("dropped", "left out", "superseded")


@dataclass(slots=True)
class Note:
    """How often something happened in a table.

    Attributes:
        file: name of the file.
        table: what people call the table.
        reason: why.
        rows: how many.
        lines: of the file, the first ones.
        about: name of a column, if the note is of one.
    """

    file: str
    table: str
    reason: Reason
    rows: int = 0
    lines: list[int] = field(default_factory=list)
    about: str = ""


class Quality:
    """Collects what happened to rows.

    Attributes:
        read: rows read, by file and table.
    """

    def __init__(self) -> None:
        self.read: dict[tuple[str, str], int] = defaultdict(int)
        self._notes: dict[tuple[str, str, str, str], Note] = {}

    def note(self, file: str, table: str, reason: str, line: int = 0, about: str = "", rows: int = 1) -> None:
        """Note what happened to a row, or to a table where there is no line."""
        key = (file, table, reason, about)
        if key not in self._notes:
            self._notes[key] = Note(file, table, reasons()[reason], about=about)
        found = self._notes[key]
        found.rows += rows
        if line and len(found.lines) < _LINES_TOLD:
            found.lines.append(line)

    @property
    def notes(self) -> Sequence[Note]:
        """Return everything noted, by file and table, the gravest first."""
        order = ("dropped", "mended", "left out", "superseded", "absent", "noted")
        return sorted(
            self._notes.values(), key=lambda one: (one.file, one.table, order.index(one.reason.effect), one.reason.id)
        )

    def rows(self, reason: str) -> int:
        """Return to how many rows something happened, in all files."""
        return sum(note.rows for note in self._notes.values() if note.reason.id == reason)

    def effect(self, file: str, table: str, *effects: str) -> int:
        """Return how many rows of a table met one of some effects."""
        return sum(
            note.rows
            for note in self._notes.values()
            if note.file == file and note.table == table and note.reason.effect in effects
        )

    def kept(self, file: str, table: str) -> int:
        """Return how many rows of a table count."""
        return self.read[file, table] - self.effect(file, table, *GONE)
