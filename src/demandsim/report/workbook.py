"""A report's tables as a workbook to the Analysis Function's checklist: cover, notes, a table a sheet, real numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table as Marked
from openpyxl.worksheet.table import TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from demandsim.problems import one_line
from demandsim.report.document import NOT_APPLICABLE, NOT_AVAILABLE, Cell, Column, Document, Kind, Table
from demandsim.results.uncertainty import Estimate

COVER, CONTENTS, NOTES = "Cover", "Contents", "Notes"
_FORMATS = {Kind.LEVEL: "#,##0.00", Kind.CHANGE: "+#,##0.00;-#,##0.00;0.00", Kind.SHARE: "0%"}
_WHOLE = "#,##0"
_ENDS = ("mean", "low (5%)", "high (95%)")
#: Names of Excel's own styles, by which a screen reader knows a title.
_TITLE, _HEADING = "Headline 1", "Headline 2"
#: Widths of columns, in characters.
_NARROWEST, _WIDEST = 12, 60
#: A cell may have no more characters.
_LONGEST = 32_000
#: Height of a line of text, in points.
_LINE = 16.0
_FONT = Font(name="Arial", size=12)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One table with its place in the workbook."""

    name: str
    table: Table
    note: str


def workbook(document: Document) -> bytes:
    """Return the tables of a report as an XLSX file."""
    book = Workbook()
    notes = list(dict.fromkeys(table.note for table in _tables(document) if table.note))
    sheets = [
        _Sheet(f"Table_{number}", table, f"note {notes.index(table.note) + 1}" if table.note else "")
        for number, table in enumerate((one for one in _tables(document) if one.rows), start=1)
    ]
    cover = book.active
    assert isinstance(cover, Worksheet)
    _cover(cover, document)
    _contents(book.create_sheet(CONTENTS), sheets)
    _notes(book.create_sheet(NOTES), notes)
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), sheet)
    about = book.properties
    about.title, about.creator, about.language = one_line(document.title), "demandsim", "en-GB"
    about.subject, about.keywords = one_line(document.under), "children's social care; simulation; what-ifs"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _tables(document: Document) -> Iterator[Table]:
    yield from (table for _, table in document.tables())
    yield from document.data


def _cover(sheet: Worksheet, document: Document) -> None:
    sheet.title = COVER
    _words(sheet, 1, document.title, _TITLE)
    lines: list[tuple[str, str]] = [
        (document.under, ""),
        ("Main points", _HEADING),
        *((point, "") for point in document.points),
        ("About these tables", _HEADING),
        *((f"{name}: {value}", "") for name, value in document.facts),
        ("Where a number has a 90% interval, nine in ten replications lie between its low and its high end.", ""),
        (f"Shorthand: {NOT_AVAILABLE} is not available; {NOT_APPLICABLE} is not applicable.", ""),
        ("Every child is synthetic: small numbers disclose nobody.", ""),
        (f"The {CONTENTS} worksheet lists the tables; the {NOTES} worksheet says how to read them.", ""),
        ("Contact", _HEADING),
        ("Whoever publishes this workbook writes a name and an address here.", ""),
    ]
    for row, (text, style) in enumerate(lines, start=2):
        _words(sheet, row, text, style)
    sheet.column_dimensions["A"].width = 100
    for row in range(1, sheet.max_row + 1):
        _make_room(sheet, row, 1)
    _fit_to_paper(sheet, "portrait")


def _contents(sheet: Worksheet, sheets: Sequence[_Sheet]) -> None:
    _words(sheet, 1, "Contents", _TITLE)
    _words(sheet, 2, "This worksheet contains one table. It lists the worksheets with tables.")
    columns = [Column("Worksheet"), Column("What it shows")]
    rows = [(NOTES, "How to read the tables"), *((one.name, one.table.title) for one in sheets)]
    _mark_up(sheet, 3, "contents", columns, rows)
    for row, (name, _) in enumerate(rows, start=4):
        _link(sheet, row, name)


def _notes(sheet: Worksheet, notes: Sequence[str]) -> None:
    _words(sheet, 1, "Notes", _TITLE)
    _words(sheet, 2, "This worksheet contains one table. Its numbers are named in the titles of the tables.")
    columns = [Column("Note number"), Column("Note")]
    _mark_up(sheet, 3, "notes", columns, [(f"note {place}", note) for place, note in enumerate(notes, start=1)])


def _fill(sheet: Worksheet, one: _Sheet) -> None:
    """Write one table: its title, what the sheet holds, the way back, then the table."""
    _words(sheet, 1, f"{one.table.title} [{one.note}]" if one.note else one.table.title, _TITLE)
    _words(
        sheet, 2, "This worksheet contains one table." + (f" Its note is on the {NOTES} worksheet." if one.note else "")
    )
    _words(sheet, 3, f"Back to {CONTENTS}")
    _link(sheet, 3, CONTENTS)
    columns, rows = _numbers(one.table)
    _mark_up(sheet, 4, one.table.name, columns, rows)


def _numbers(table: Table) -> tuple[list[Column], list[list[Cell]]]:
    """Return a table with three columns for each of estimates, so that each cell has one number."""
    columns: list[Column] = []
    parts: list[list[list[Cell]]] = []
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in table.rows]
        if any(isinstance(cell, Estimate) for cell in cells):
            columns += [Column(f"{column.heading}: {end}", column.kind) for end in _ENDS]
            parts.append([_three(cell) for cell in cells])
        else:
            columns.append(column)
            parts.append([[cell] for cell in cells])
    return _apart(columns), [[cell for part in row for cell in part] for row in zip(*parts, strict=True)]


def _three(cell: Cell) -> list[Cell]:
    return [cell.mean, cell.low, cell.high] if isinstance(cell, Estimate) else [cell, NOT_AVAILABLE, NOT_AVAILABLE]


def _apart(columns: Sequence[Column]) -> list[Column]:
    """Return columns with headings unlike one another, as a table must have them."""
    found: list[Column] = []
    for column in columns:
        heading, number = one_line(column.heading), 1
        while any(one.heading.lower() == heading.lower() for one in found):
            number += 1
            heading = f"{one_line(column.heading)} ({number})"
        found.append(Column(heading, column.kind))
    return found


def _mark_up(
    sheet: Worksheet, first: int, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]
) -> None:
    """Write a table with its header in row `first`, marked up as one."""
    for place, column in enumerate(columns, start=1):
        _write(sheet, first, place, column.heading).font = Font(name="Arial", size=12, bold=True)
    for number, row in enumerate(rows, start=first + 1):
        for place, (cell, column) in enumerate(zip(row, columns, strict=True), start=1):
            _write(sheet, number, place, cell, column.kind)
    span = f"A{first}:{get_column_letter(len(columns))}{first + len(rows)}"
    marked = Marked(displayName=name, ref=span)
    marked.tableStyleInfo = TableStyleInfo(name=None, showRowStripes=False)
    # Columns that are named here get no filter, which the checklist advises against.
    marked._initialise_columns()
    for one, column in zip(marked.tableColumns, columns, strict=True):
        one.name = column.heading
    marked.autoFilter = None
    sheet.add_table(marked)
    for place, column in enumerate(columns, start=1):
        longest = max(
            [len(column.heading) / 2, *(len(str(row[place - 1])) for row in rows if column.kind == Kind.TEXT)]
        )
        sheet.column_dimensions[get_column_letter(place)].width = min(_WIDEST, max(_NARROWEST, longest + 2))
    for number in range(first, first + len(rows) + 1):
        _make_room(sheet, number, len(columns))
    _fit_to_paper(sheet, "landscape")


def _fit_to_paper(sheet: Worksheet, way: str) -> None:
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = way, 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _make_room(sheet: Worksheet, row: int, columns: int) -> None:
    """Make a row as high as its wrapped text: not every program does so when it opens a file."""
    widths = [sheet.column_dimensions[get_column_letter(place)].width for place in range(1, columns + 1)]
    cells = [sheet.cell(row, place).value for place in range(1, columns + 1)]
    texts = [cell if isinstance(cell, str) else "" for cell in cells]
    lines = max(ceil(1.15 * len(text) / width) for text, width in zip(texts, widths, strict=True))
    sheet.row_dimensions[row].height = _LINE * max(1, lines) + 2


def _write(sheet: Worksheet, row: int, place: int, cell: Cell, kind: Kind = Kind.TEXT):  # type: ignore[no-untyped-def]
    """Write one cell: a number as one, words as words even where they begin as a formula does."""
    if isinstance(cell, Estimate) or cell is None or cell != cell:
        cell = NOT_AVAILABLE
    at = sheet.cell(row, place)
    at.font = _FONT
    if isinstance(cell, str):
        at.value = one_line(cell)[:_LONGEST]
        at.data_type = "s"
        right = kind != Kind.TEXT
        at.alignment = Alignment(wrap_text=True, vertical="top", horizontal="right" if right else "left")
    else:
        at.value = float(cell) if not isinstance(cell, int) else cell
        at.number_format = _WHOLE if isinstance(cell, int) else _FORMATS.get(kind, "General")
        at.alignment = Alignment(wrap_text=True, vertical="top")
    return at


def _words(sheet: Worksheet, row: int, text: str, style: str = "") -> None:
    at = _write(sheet, row, 1, text)
    if style:
        at.style = style
        at.font = Font(name="Arial", size=16 if style == _TITLE else 14, bold=True)
        at.border = None
    # A title of a table may run on over empty cells beside it; wrapped in a narrow column it would be a tower.
    at.alignment = Alignment(wrap_text=sheet.title == COVER, vertical="top")


def _link(sheet: Worksheet, row: int, name: str) -> None:
    """Make the first cell of a row a link to a sheet of this workbook."""
    at = sheet.cell(row, 1)
    at.hyperlink = f"#'{name}'!A1"
    at.font = Font(name="Arial", size=12, color="0563C1", underline="single")
