"""A report's workbook holds to the Analysis Function's checklist for spreadsheets. Each essential item has its test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from demandsim.report.build import build
from demandsim.report.document import NOT_APPLICABLE, NOT_AVAILABLE, Column, Document, Kind, Table
from demandsim.report.results_given import read_given
from demandsim.report.workbook import workbook
from demandsim.results.uncertainty import Estimate

SHORTHAND = (NOT_AVAILABLE, NOT_APPLICABLE)


@pytest.fixture(scope="module")
def document(compared: Path) -> Document:
    return build(read_given([compared]))


@pytest.fixture(scope="module")
def content(document: Document) -> bytes:
    return workbook(document)


@pytest.fixture(scope="module")
def book(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def marked(book: Workbook) -> Iterator[tuple[Worksheet, list[list[object]], tuple[int, int, int, int]]]:
    """Yield every sheet that has a table, the table's cells, the header first, and where it lies."""
    for sheet in book.worksheets[1:]:
        (table,) = sheet.tables.values()
        left, top, right, bottom = range_boundaries(table.ref)
        cells = sheet.iter_rows(top, bottom, left, right, values_only=True)
        yield sheet, [list(row) for row in cells], (left, top, right, bottom)


def test_every_table_is_marked_up_alone_on_its_sheet_and_has_a_name(book: Workbook) -> None:
    names = [name for sheet in book.worksheets[1:] for name in sheet.tables]
    assert len(names) == len(set(names)) == len(book.worksheets) - 1
    assert all(re.fullmatch(r"[a-z][a-z0-9_]+", name) for name in names)


def test_no_cells_are_merged(book: Workbook) -> None:
    assert not [sheet.title for sheet in book if sheet.merged_cells.ranges]


def test_no_row_column_or_cell_of_a_table_is_empty(book: Workbook) -> None:
    empty = [sheet.title for sheet, rows, _ in marked(book) for row in rows for cell in row if cell in (None, "")]
    assert not empty


def test_every_table_has_one_header_row_of_words_unlike_one_another(book: Workbook) -> None:
    for sheet, rows, _ in marked(book):
        heads = rows[0]
        assert all(isinstance(head, str) for head in heads), sheet.title
        assert len({head.lower() for head in heads}) == len(heads), sheet.title
        (table,) = sheet.tables.values()
        assert table.headerRowCount == 1
        assert [column.name for column in table.tableColumns] == heads


def test_text_is_wrapped_within_cells_of_tables(book: Workbook) -> None:
    for sheet, _, (left, top, right, bottom) in marked(book):
        cells = [cell for row in sheet.iter_rows(top, bottom, left, right) for cell in row]
        assert all(cell.alignment.wrap_text for cell in cells), sheet.title


def test_notes_are_named_in_words_and_stand_on_the_notes_sheet(book: Workbook, content: bytes) -> None:
    (notes,) = [rows for sheet, rows, _ in marked(book) if sheet.title == "Notes"]
    known = {row[0] for row in notes[1:]}
    used = {one for sheet in book for one in re.findall(r"\[(note \d+)\]", str(sheet["A1"].value))}
    assert used == known
    with ZipFile(BytesIO(content)) as archive:
        assert b"superscript" not in b"".join(archive.read(name) for name in archive.namelist())


def test_shorthand_is_explained_on_the_cover(book: Workbook) -> None:
    cover = " ".join(str(cell.value) for cell in book["Cover"]["A"])
    assert all(one in cover for one in SHORTHAND)


def test_links_say_where_they_lead_and_lead_there(book: Workbook) -> None:
    links = [(sheet, cell) for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert len(links) >= 2 * (len(book.worksheets) - 3)
    for _, cell in links:
        target = cell.hyperlink.location or cell.hyperlink.target.lstrip("#")
        name = target.split("!")[0].strip("'")
        assert name in book.sheetnames
        assert name in cell.value


def test_every_sheet_has_a_title_that_is_marked_as_one(book: Workbook) -> None:
    for sheet in book:
        assert sheet["A1"].value, sheet.title
        assert sheet["A1"].style == "Headline 1", sheet.title


def test_there_are_no_headers_footers_boxes_pictures_or_macros(book: Workbook, content: bytes) -> None:
    for sheet in book:
        assert not any((sheet.HeaderFooter.oddHeader.center.text, sheet.HeaderFooter.oddFooter.center.text))
    with ZipFile(BytesIO(content)) as archive:
        wrong = [name for name in archive.namelist() if re.search("drawing|media|vba", name)]
        sheets = b"".join(archive.read(name) for name in archive.namelist() if "sheet" in name)
    assert not wrong
    assert b"<headerFooter>" not in sheets


def test_colour_carries_nothing(book: Workbook) -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.fill.fill_type is None for cell in row), sheet.title
    assert all(one.conditional_formatting is not None and not list(one.conditional_formatting) for one in book)


def test_sheets_have_names_unlike_one_another_and_none_is_empty(book: Workbook) -> None:
    assert len(set(book.sheetnames)) == len(book.sheetnames)
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    assert all(sheet.max_row > 2 for sheet in book)


def test_tables_lie_at_the_left_edge_with_nothing_below(book: Workbook) -> None:
    for sheet, _, (left, top, right, bottom) in marked(book):
        assert left == 1, sheet.title
        assert (sheet.max_row, sheet.max_column) == (bottom, right), sheet.title
        assert all(sheet.cell(row, 1).value for row in range(1, top)), sheet.title


def test_nothing_is_hidden_frozen_or_filtered(book: Workbook) -> None:
    for sheet in book:
        assert sheet.sheet_state == "visible"
        assert sheet.freeze_panes is None
        assert all(table.autoFilter is None for table in sheet.tables.values())
        assert not any(one.hidden for one in (*sheet.column_dimensions.values(), *sheet.row_dimensions.values()))


def test_the_document_says_what_it_is(book: Workbook) -> None:
    about = book.properties
    assert all((about.title, about.creator, about.subject, about.keywords))
    assert about.language == "en-GB"


def test_it_opens_at_the_first_cell_of_the_cover(book: Workbook) -> None:
    assert book.active.title == "Cover"
    assert book.active.sheet_view.selection[0].activeCell == "A1"


def test_numbers_are_numbers_and_those_of_the_report(book: Workbook, document: Document) -> None:
    listed = {rows[0]: rows for rows in (tuple(one.iter_rows(4, values_only=True)) for one in book.worksheets[3:])}
    tables = [*(table for _, table in document.tables() if table.rows), *document.data]
    assert len(tables) == len(book.worksheets) - 3
    for table, sheet in zip(tables, book.worksheets[3:], strict=True):
        expected = [
            part
            for row in table.rows
            for cell in row
            for part in ((cell.mean, cell.low, cell.high) if isinstance(cell, Estimate) else (cell,))
            if isinstance(part, float | int) and part == part
        ]
        found = [one for row in sheet.iter_rows(5, values_only=True) for one in row if isinstance(one, float | int)]
        assert found == pytest.approx(expected), table.name
    assert listed


def test_words_that_begin_as_a_formula_are_words() -> None:
    columns = (Column("=A1"), Column("Number", Kind.LEVEL))
    table = Table("odd", "=1+1 [title]", columns, [("=cmd|' /C calc'!A0", 1.5), ("+44", None), ("@x", float("nan"))])
    made = load_workbook(BytesIO(workbook(Document("=title", "@under", (), (), (), (table,)))))
    cells = [cell for sheet in made for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert made["Table_1"]["B6"].value == made["Table_1"]["B7"].value == NOT_AVAILABLE
