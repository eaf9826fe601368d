"""A report as one HTML page: no script, no network, pictures inline; prints on A4."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from importlib.resources import files

from demandsim.plots.style import caption_of, drawing
from demandsim.problems import one_line
from demandsim.report.cells import shown
from demandsim.report.document import (
    Block,
    Commands,
    Document,
    Figure,
    Heading,
    Kind,
    Listing,
    Table,
    Text,
)

Progress = Callable[[int, int], None]

#: What an SVG file has before its drawing.
_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_SIZE = re.compile(
    r'(<svg[^>]*?) height="[^"]*"([^>]*?) width="[^"]*"|(<svg[^>]*?) width="[^"]*"([^>]*?) height="[^"]*"'
)
#: A name without blanks that is too long for a narrow column, and where it may break.
_LONG = re.compile(r"[\w./-]{13,}")
_JOINT = re.compile(r"[._/-](?=\w)|[0-9a-f]{16}(?=[0-9a-f])")
_ID = re.compile(r'\bid="([^"]+)"')
_REFERENCE = re.compile(r'(xlink:href="#|url\(#)([^")]+)')


def page(document: Document, progress: Progress = lambda drawn, wanted: None) -> str:
    """Return a report as an HTML page.

    Args:
        document: the report.
        progress: told how many pictures are drawn.
    """
    style = files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    drawn, wanted = 0, sum(isinstance(block, Figure) for one in document.sections for block in one.blocks)
    sections = []
    for section in document.sections:
        body = []
        for block in section.blocks:
            drawn += isinstance(block, Figure)
            body.append(_block(block, drawn))
            progress(drawn, wanted)
        title = f"{document.number_of(section)} {escape(section.title)}"
        wide = ' class="wide"' if section.wide else ""
        sections.append(f'<section id="{section.id}"{wide}>\n<h2>{title}</h2>\n' + "\n".join(body) + "\n</section>")
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en-GB">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_words(document.title)}</title>",
            f"<style>\n{style}</style>",
            "</head>",
            "<body>",
            '<a class="skip" href="#main">Skip to the main points</a>',
            _head(document),
            f'<main id="main">\n{_points(document)}\n' + "\n".join(sections) + "\n</main>",
            "</body>",
            "</html>\n",
        ]
    )


def _words(text: str) -> str:
    """Return words of a user as text of a page: markup is shown, not run."""
    return escape(one_line(text))


def _head(document: Document) -> str:
    facts = "".join(f"<div><dt>{_words(name)}</dt><dd>{_words(value)}</dd></div>" for name, value in document.facts)
    links = "".join(
        f'<li><a href="#{section.id}">{document.number_of(section)} {escape(section.title)}</a></li>'
        for section in document.sections
    )
    return (
        f'<header>\n<p class="kind">Simulation report</p>\n<h1>{_words(document.title)}</h1>\n'
        f'<p class="under">{_words(document.under)}</p>\n<dl>{facts}</dl>\n</header>\n'
        f'<nav aria-label="Contents">\n<h2>Contents</h2>\n<ol>{links}</ol>\n</nav>'
    )


def _points(document: Document) -> str:
    items = "".join(f"<li>{_words(point)}</li>" for point in document.points)
    return f'<section class="points" id="points">\n<h2>Main points</h2>\n<ul>{items}</ul>\n</section>'


def _block(block: Block, picture: int) -> str:
    if isinstance(block, Text):
        return f"<p>{_words(block.words)}</p>"
    if isinstance(block, Heading):
        return f"<h3>{_words(block.words)}</h3>"
    if isinstance(block, Listing):
        return "<ul>" + "".join(f"<li>{_words(item)}</li>" for item in block.items) + "</ul>"
    if isinstance(block, Commands):
        return "<pre>" + "\n".join(map(_words, block.lines)) + "</pre>"
    if isinstance(block, Figure):
        return _figure(block, picture)
    return _table(block)


def _figure(block: Figure, number: int) -> str:
    picture = block.picture
    title, under = _words(picture.title), _words(picture.beside or block.manifest.title)
    svg = inline(drawing(picture, block.manifest, "svg").decode(), f"picture{number}", picture.title)
    caption = _words(caption_of(picture, block.manifest))
    return (
        f'<figure>\n<h3>Figure {number}: {title}</h3>\n<p class="under">{under}</p>\n{svg}\n'
        f"<figcaption>{caption} The numbers stand {block.numbers}.</figcaption>\n</figure>"
    )


def inline(svg: str, key: str, title: str) -> str:
    """Return an SVG drawing for a page: named for whoever can't see it, its ids unlike those of any other."""
    drawn = _METADATA.sub("", _PROLOGUE.sub("", svg))
    drawn = _ID.sub(lambda match: f'id="{key}-{match[1]}"', drawn)
    drawn = _REFERENCE.sub(lambda match: f"{match[1]}{key}-{match[2]}", drawn)
    drawn = _SIZE.sub(lambda match: "".join(part or "" for part in match.groups()), drawn, count=1)
    return drawn.replace("<svg", f'<svg role="img" aria-label="{escape(one_line(title))}"', 1).strip()


def _table(table: Table) -> str:
    heads = "".join(
        f'<th scope="col"{_number_class(column.kind)}>{_words(column.heading)}</th>' for column in table.columns
    )
    rows = "\n".join(_row(row, table) for row in table.rows)
    note = f'\n<p class="note">{_words(table.note)}</p>' if table.note else ""
    small = " small" if table.small else ""
    return (
        f'<div class="table{small}" role="region" aria-label="{_words(table.title)}" tabindex="0"><table>\n'
        f"<caption>{_words(table.title)}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n"
        f"</table></div>{note}"
    )


def _row(row: Sequence[object], table: Table) -> str:
    cells = []
    for place, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
        words, interval = shown(cell, column.kind)  # type: ignore[arg-type]
        inside = _breakable(_words(words)) + (f' <span class="interval">{_words(interval)}</span>' if interval else "")
        cells.append(
            f'<th scope="row">{inside}</th>' if not place else f"<td{_number_class(column.kind)}>{inside}</td>"
        )
    return f"<tr>{''.join(cells)}</tr>"


def _breakable(text: str) -> str:
    """Return words of a table that may break where long names and checksums have joints."""
    return _LONG.sub(lambda match: _JOINT.sub(r"\g<0><wbr>", match[0]), text)


def _number_class(kind: Kind) -> str:
    return "" if kind == Kind.TEXT else ' class="number"'
