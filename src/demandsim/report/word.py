"""A report as a Word document, with Word's own headings and tables, to be edited further."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from docx import Document as Empty
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.text.paragraph import Paragraph

from demandsim.plots.style import caption_of, drawing
from demandsim.problems import one_line
from demandsim.report.cells import shown
from demandsim.report.document import Block, Commands, Document, Figure, Heading, Kind, Listing, Section, Table, Text

Progress = Callable[[int, int], None]
_A4, _MARGIN = (Cm(21.0), Cm(29.7)), Cm(1.8)
_GREY = RGBColor(0x50, 0x5A, 0x5F)
_SMALL, _USUAL = Pt(7), Pt(8)


def word(document: Document, progress: Progress = lambda written, wanted: None) -> bytes:
    """Return a report as a DOCX file.

    Args:
        document: the report.
        progress: told how many sections are written.
    """
    made = Empty()
    made.styles["Normal"].font.name, made.styles["Normal"].font.size = "Arial", Pt(10)
    made.styles["Caption"].font.color.rgb, made.styles["Caption"].font.bold = _GREY, False
    about = made.core_properties
    about.title, about.author, about.language = one_line(document.title)[:255], "demandsim", "en-GB"
    _page(made.sections[0], wide=False)
    made.add_heading(one_line(document.title), 0)
    made.add_paragraph(one_line(document.under))
    for name, value in document.facts:
        made.add_paragraph(f"{name}: {one_line(value)}")
    made.add_heading("Main points", 1)
    for point in document.points:
        made.add_paragraph(one_line(point), style="List Bullet")
    before, figures = False, 0
    for number, section in enumerate(document.sections, start=1):
        if section.wide != before:
            _page(made.add_section(), section.wide)
            before = section.wide
        made.add_heading(f"{document.number_of(section)} {section.title}", 1)
        for block in section.blocks:
            figures += isinstance(block, Figure)
            _block(made, block, figures, section)
        progress(number, len(document.sections))
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def _page(section: Any, wide: bool) -> None:
    width, height = reversed(_A4) if wide else _A4
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = width, height
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN


def _block(made: Any, block: Block, figure: int, section: Section) -> None:
    if isinstance(block, Text):
        made.add_paragraph(one_line(block.words))
    elif isinstance(block, Heading):
        made.add_heading(one_line(block.words), 2)
    elif isinstance(block, Listing):
        for item in block.items:
            made.add_paragraph(one_line(item), style="List Bullet")
    elif isinstance(block, Commands):
        for line in block.lines:
            made.add_paragraph(one_line(line)).runs[0].font.name = "Consolas"
    elif isinstance(block, Figure):
        _figure(made, block, figure)
    else:
        _table(made, block, section.wide)


def _figure(made: Any, block: Figure, number: int) -> None:
    picture = block.picture
    made.add_heading(f"Figure {number}: {one_line(picture.title)}", 2)
    drawn = made.add_picture(BytesIO(drawing(picture, block.manifest, "png")), width=_A4[0] - 2 * _MARGIN)
    # What a screen reader says of it.
    drawn._inline.docPr.set("descr", one_line(picture.title))
    made.add_paragraph(f"{caption_of(picture, block.manifest)} The numbers stand {block.numbers}.").style = "Caption"


def _table(made: Any, table: Table, wide: bool) -> None:
    title = made.add_paragraph()
    title.add_run(one_line(table.title)).bold = True
    title.paragraph_format.keep_with_next = True
    size = _SMALL if table.small else _USUAL
    heads = [one_line(column.heading) for column in table.columns]
    rows = [[_words(cell, column.kind) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows]
    written = made.add_table(1 + len(rows), len(heads), style="Table Grid")
    # python-docx looks cells up one by one in time that grows with the table; its rows' own cells are quick.
    for place, (texts, row) in enumerate(zip([heads, *rows], written._tbl.tr_lst, strict=True)):
        for text, cell, column in zip(texts, row.tc_lst, table.columns, strict=True):
            paragraph = cell.p_lst[0]
            run = paragraph.add_r()
            run.text = text
            _look(made, paragraph, size, bold=not place, right=column.kind != Kind.TEXT)
    _set_widths(written, _widths([heads, *rows]), wide)
    header = written._tbl.tr_lst[0].get_or_add_trPr()
    header.append(header.makeelement(qn("w:tblHeader"), {}))
    if table.note:
        made.add_paragraph(one_line(table.note)).style = "Caption"


def _widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Return the share of the page that each column gets: by how much text is in it, within limits."""
    weights = []
    for column in zip(*rows, strict=True):
        longest_word = max(len(word) for text in column for word in text.split() or [""])
        mean = sum(map(len, column)) / len(column)
        weights.append(max(min(longest_word, 18), min(mean, 45), 5))
    return [weight / sum(weights) for weight in weights]


def _set_widths(written: Any, shares: Sequence[float], wide: bool) -> None:
    across = _A4[wide] - 2 * _MARGIN
    written.autofit = False
    grid = written._tbl.tblGrid.gridCol_lst
    for column, share in zip(grid, shares, strict=True):
        column.w = Emu(int(across * share))
    for row in written._tbl.tr_lst:
        for cell, share in zip(row.tc_lst, shares, strict=True):
            cell.width = Emu(int(across * share))


def _words(cell: Any, kind: Kind) -> str:
    words, interval = shown(cell, kind)
    return f"{one_line(words)} ({interval})" if interval else one_line(words)


def _look(made: Any, element: Any, size: Pt, bold: bool, right: bool) -> None:
    paragraph = Paragraph(element, made)
    paragraph.paragraph_format.space_after = Pt(0)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for run in paragraph.runs:
        run.font.size, run.font.bold = size, bold
