"""Returns in XML: each element that is a row of a table, with the columns of the rows around it."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from demandsim.localise.content import MOST_ROWS, Content, wrong
from demandsim.localise.rules import Kind, aliases, kinds
from demandsim.localise.table import Table
from demandsim.text_files import MOST_CELL

_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
#: Elements inside one another; those of the returns are seven deep.
DEEPEST = 30
#: Elements whose text says what the file is of.
_ABOUT = {"lea": "authority", "year": "year", "collection": "collection", "referencedate": "reference"}
#: Elements that number the rows within them, so that rows of other tables can say which they belong to.
_NUMBERED = {"child": "", "cindetails": "case", "childprotectionplans": "plan"}


@dataclass(slots=True)
class _Reading:
    content: Content
    rows: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    about: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    child: str = ""
    records: int = 0


def xml_tables(content: Content) -> list[Table]:
    """Return the tables of an XML return.

    Raises:
        UserError: it is no XML, defines entities, or is larger or deeper than any return.
    """
    reading = _Reading(content)
    stack: list[str] = []
    try:
        # The text is decoded already: what the file says of its encoding no longer holds.
        text = _DECLARED.sub("", content.text, count=1)
        events = iterparse(io.BytesIO(text.encode()), events=("start", "end"), forbid_dtd=True)
        for event, element in events:
            name = _local(element.tag)
            if event == "start":
                stack.append(name)
                reading.counts[name] += name in _NUMBERED
                if len(stack) > DEEPEST:
                    raise wrong(content.path, f"elements more than {DEEPEST} deep in one another")
                continue
            stack.pop()
            _end(reading, name, stack[-1] if stack else "", element)
    except DefusedXmlException:
        raise wrong(content.path, "XML with a document type or entities, which no return has") from None
    except (ParseError, ValueError, LookupError) as error:
        place = getattr(error, "position", None)
        where = f"line {place[0]}" if place else ""
        raise wrong(content.path, "XML that is not well formed, or cut off", key=where) from None
    return list(_tables(reading))


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2].lower()


def _end(reading: _Reading, name: str, parent: str, element: Element) -> None:
    text = (element.text or "").strip()
    if len(text) > MOST_CELL:
        raise wrong(reading.content.path, f"an element with more than {MOST_CELL:,} characters")
    if name in _ABOUT and parent in ("collectiondetails", "source"):
        reading.about[_ABOUT[name]] = text
    if aliases().get(name, name) == "child" and not len(element):
        reading.child = text
    kind = _kinds_by_element().get(name)
    if kind and (len(element) or kind.element in kind.columns):
        _row(reading, kind, name, text, element)
    if name in ("child", "cswwworker") and len(element):
        element.clear()
        _fill_in(reading)


def _row(reading: _Reading, kind: Kind, name: str, text: str, element: Element) -> None:
    row = {name: text} if kind.element in kind.columns else {}
    for inner in element:
        if not len(inner):
            column = _local(inner.tag)
            row[aliases().get(column, column)] = (inner.text or "").strip()
    if kind.columns.isdisjoint(row):
        return  # another element of that name
    for column in _NUMBERED.values():
        if column and column in kind.columns:
            row[column] = str(reading.counts[{"case": "cindetails", "plan": "childprotectionplans"}[column]])
    reading.rows[kind.id].append(row)
    reading.records += 1
    reading.numbers[kind.id].append(reading.records)
    if reading.records > MOST_ROWS:
        raise wrong(reading.content.path, f"more than {MOST_ROWS:,} rows")


def _fill_in(reading: _Reading) -> None:
    """Give the rows of a child that is finished its id: it may stand after them."""
    for name, rows in reading.rows.items():
        if "child" in kinds()[name].columns:
            for row in reversed(rows):
                if "\0" in row:
                    break
                row.setdefault("child", reading.child)
                row["\0"] = ""
    reading.child = ""


def _kinds_by_element() -> dict[str, Kind]:
    return {kind.element: kind for kind in kinds().values() if kind.element}


def _tables(reading: _Reading) -> Iterator[Table]:
    content = reading.content
    for name, rows in reading.rows.items():
        kind = kinds()[name]
        columns = {column: [row.get(column, "") for row in rows] for column in sorted(kind.columns)}
        yield Table(
            kind,
            content.name,
            content.sha256,
            str(content.path),
            columns,
            reading.numbers[name],
            about={**reading.about, "form": "xml"},
        )
