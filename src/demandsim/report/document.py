"""What a report is made of: sections of text, tables and pictures. Each kind of file has its own writer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from demandsim.plots.style import Picture
from demandsim.results.manifest import Manifest
from demandsim.results.uncertainty import Estimate

Cell = str | float | Estimate | None
#: Where a row has no number: why, in the shorthand of the Analysis Function.
NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"


class Kind(StrEnum):
    """How the cells of a column are shown."""

    TEXT = "text"
    LEVEL = "level"  #: a number
    CHANGE = "change"  #: a number with its sign
    SHARE = "share"  #: a share from 0 to 1, shown as a percentage


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        heading: with its unit; no other column of the table has the same.
        kind: of its cells, which may be estimates where it is a number.
    """

    heading: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers with a title.

    Attributes:
        name: in a workbook, unlike any other's; letters and underscores.
        title: what it shows, of whom and when.
        columns: from the left.
        rows: cells in their order. None where there is nothing to say.
        note: how to read it.
        small: long reference tables are set in small type.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    small: bool = False


def in_parts(table: Table, each: int, most: int) -> list[Table]:
    """Return a table as several that fit a page: each has the first column, and those of some what-ifs.

    Args:
        table: with a column of its own, then those of what-ifs.
        each: columns of a what-if.
        most: what-ifs in a table.
    """
    count = (len(table.columns) - 1) // each
    if count <= most:
        return [table]
    parts = []
    for number, first in enumerate(range(0, count, most), start=1):
        span = slice(1 + each * first, 1 + each * min(count, first + most))
        columns = (table.columns[0], *table.columns[span])
        rows = [[row[0], *row[span]] for row in table.rows]
        parts.append(replace(table, name=f"{table.name}_part{number}", columns=columns, rows=rows))
    return parts


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    words: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with bullets."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Commands:
    """What to type, a command a line."""

    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with the run it shows.

    Attributes:
        picture: what is drawn.
        manifest: of the run.
        numbers: where the numbers behind it stand.
    """

    picture: Picture
    manifest: Manifest
    numbers: str = "in the table below"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    words: str


Block = Text | Listing | Commands | Figure | Heading | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report.

    Attributes:
        id: for links to it.
        title: its heading.
        blocks: from the top.
        appendix: whether it belongs to the quality assurance pack.
        wide: whether it is printed on its side.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    appendix: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report.

    Attributes:
        title: what was asked.
        under: against what, of whom and when.
        facts: labels and values at its head.
        points: what was found, a sentence each.
        sections: in the order they are read.
        data: long tables that only a workbook has.
    """

    title: str
    under: str
    facts: tuple[tuple[str, str], ...]
    points: tuple[str, ...]
    sections: tuple[Section, ...]
    data: tuple[Table, ...] = ()

    def number_of(self, section: Section) -> str:
        """Return what stands before the title of a section: 1. or Annex A."""
        same = [one for one in self.sections if one.appendix == section.appendix]
        place = same.index(section)
        return f"Annex {chr(ord('A') + place)}." if section.appendix else f"{place + 1}."

    def tables(self) -> Iterator[tuple[Section, Table]]:
        """Yield every table with its section."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    yield section, block
