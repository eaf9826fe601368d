"""Writing returns: CSV as council systems export it, and XML as the Department takes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

#: An element of a return: its name, and text or elements.
Node = tuple[str, "str | list[Node]"]


@dataclass(slots=True)
class Sheet:
    """A table of a return, to be written.

    Attributes:
        name: of its file, without the ending.
        heading: its columns.
        rows: text of each.
    """

    name: str
    heading: Sequence[str]
    rows: list[list[str]]


def british(day: date | None) -> str:
    """Return a date as the looked after return has it."""
    return f"{day:%d/%m/%Y}" if day else ""


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def csv_text(sheet: Sheet) -> str:
    """Return a table as CSV."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows([sheet.heading, *sheet.rows])
    return stream.getvalue()


def xml_text(root: Node) -> str:
    """Return elements as an XML document."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    _write(root, "", lines)
    return "\n".join(lines) + "\n"


def _write(node: Node, indent: str, lines: list[str]) -> None:
    name, content = node
    if isinstance(content, str):
        lines.append(f"{indent}<{name}>{escape(content)}</{name}>")
        return
    lines.append(f"{indent}<{name}>")
    for inner in content:
        _write(inner, indent + " ", lines)
    lines.append(f"{indent}</{name}>")


def filled(values: Mapping[str, Any]) -> list[Node]:
    """Return an element for each value that is not blank."""
    return [(name, str(value)) for name, value in values.items() if value not in ("", None)]
