"""Ids of children across the tables of a return: the same child whatever a spreadsheet did to its id."""

from __future__ import annotations

import re
from collections.abc import Sequence

from demandsim.localise.quality import Quality
from demandsim.localise.table import Table
from demandsim.problems import Problem, UserError

#: An id that a spreadsheet took for a number, of which most digits are lost.
_CUT = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]+")


def join_ids(tables: Sequence[Table], quality: Quality) -> None:
    """Make ids of one child the same in every table, in place, and drop rows without one.

    Ids that differ by blanks and case are the same. Those that differ by leading zeros or a spreadsheet's `.0` are, as
    long as no table tells two of them apart.

    Raises:
        UserError: a spreadsheet has cut ids.
    """
    for table in tables:
        table.columns["child"] = [text.strip().upper() for text in table.text("child")]
        if any(_CUT.fullmatch(text) for text in table.columns["child"]):
            found, expected = (
                "ids as 1.23E+05: a spreadsheet has cut them",
                "the file as it was first exported",
            )
            raise UserError(Problem(table.file, "child", found, expected, "docs/how-to/localise.md"))
        kept = [bool(text) for text in table.columns["child"]]
        for line, stays in zip(table.lines, kept, strict=True):
            if not stays:
                quality.note(table.file, table.words, "no_id", line)
        table.keep(kept)
    if not all(_one_to_one(table) for table in tables):
        return
    forms: dict[str, set[str]] = {}
    for table in tables:
        for text in set(table.columns["child"]):
            forms.setdefault(_plain(text), set()).add(text)
    for table in tables:
        ids = table.columns["child"]
        joined = sum(len(forms[_plain(text)]) > 1 for text in set(ids))
        if joined:
            quality.note(table.file, table.words, "ids_joined", rows=joined)
        table.columns["child"] = [_plain(text) for text in ids]


def _one_to_one(table: Table) -> bool:
    texts = set(table.columns["child"])
    return len({_plain(text) for text in texts}) == len(texts)


def _plain(text: str) -> str:
    whole = text.removesuffix(".0")
    return (whole.lstrip("0") or "0") if whole.isdigit() else text
