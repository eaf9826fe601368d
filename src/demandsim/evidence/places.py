"""Where each published or derived value of the baseline stands: table and page, link, and whether anybody read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from demandsim.evidence import _rows, effects, register

#: Stands among the rows of a place for the children in need tables that ship.
TABLES = "DFE"
NOT_CHECKED = "not checked"
_LINK = re.compile(r"https?://\S+")
#: How the note of a row in the register begins if somebody read the figure; and if it is arithmetic or our own choice.
_READ = ("Found in the text", "official figure", "report figure")
_OURS = ("derived", "ASSUMPTION")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands.

    Attributes:
        place: document, table and page, in words.
        rows: of the register and of the effects, which have the links.
    """

    place: str
    rows: tuple[str, ...]

    @property
    def links(self) -> list[str]:
        """Return each link that is kept, with the rows that have it."""
        found: dict[str, list[str]] = {}
        for row in self.rows:
            if link := _link(row):
                found.setdefault(link, []).append(row)
        return [f"{link} ({', '.join(rows)})" for link, rows in found.items()]

    @property
    def unread(self) -> list[str]:
        """Return the rows that nobody has opened."""
        return [row for row in self.rows if not _read(row)]

    def lines(self) -> list[str]:
        """Return what `demandsim explain` prints of it."""
        links = self.links or ["none kept; the document is known by its name"]
        lines = [f"  place   {self.place}", *(f"  link    {link}" for link in links)]
        if not self.rows:
            return lines[:1]
        if TABLES in self.rows:
            lines.append("  tables  DfE's rows for England are in the package: evidence/dfe_cin_england_2013_2014.csv")
        if self.unread:
            return [*lines, f"  {NOT_CHECKED}: nobody has opened {', '.join(map(_named, self.unread))}"]
        return [*lines, "  checked yes: seen where it is said to stand"]


@cache
def places() -> dict[str, Place]:
    """Return where each published or derived value of the baseline stands, by the name of its parameter."""
    return {row["parameter"]: Place(row["place"], tuple(row["rows"].split())) for row in _rows("places.csv")}


def _link(row: str) -> str:
    if row in effects():
        text = effects()[row].read_at
    elif row in register():
        text = f"{register()[row].where} {register()[row].note}"
    else:
        return ""
    found = _LINK.search(text)
    return found[0].rstrip(";,.") if found else ""


def _read(row: str) -> bool:
    if row in effects():
        return effects()[row].read_at.startswith("READ")
    return row == TABLES or register()[row].note.startswith((*_READ, *_OURS))


def _named(row: str) -> str:
    source = effects()[row].source if row in effects() else register()[row].source
    return f"{row} ({source})"
