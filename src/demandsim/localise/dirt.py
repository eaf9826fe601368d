"""Mistakes as real returns have them, put into clean ones on purpose: how many of each is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from demandsim.localise.written import Sheet

#: Rows of a table that a mistake is put into: one in so many.
_ONE_IN = 150
#: A mistake, and what makes it of a row in place: whether it could.
_Mistake = Callable[[list[str], Sequence[str], Random], bool]


def soil(sheets: Sequence[Sheet], seed: str) -> tuple[list[Sheet], list[tuple[str, str, int]]]:
    """Return tables with mistakes in them, and how many of each there are.

    A row gets one mistake at most. The same seed makes the same mistakes.
    """
    draw = Random(f"dirt {seed}")
    soiled, told = [], []
    for sheet in sheets:
        rows = [list(row) for row in sheet.rows]
        free = list(range(len(rows)))
        draw.shuffle(free)
        added: list[list[str]] = []
        for name, (column, make) in _MISTAKES.items():
            if column not in sheet.heading:
                continue
            wanted, done = max(1, len(rows) // _ONE_IN), 0
            while free and done < wanted:
                done += make(rows[free.pop()], sheet.heading, draw)
            told.append((sheet.name, name, done))
        if sheet.name in ("episodes", "CINdetails"):
            twice = [rows[place] for place in free[: max(1, len(rows) // _ONE_IN)]]
            added = [list(row) for row in twice]
            told.append((sheet.name, "the same row twice", len(added)))
        soiled.append(Sheet(sheet.name, sheet.heading, [*rows, *added]))
    return soiled, told


def _set(column: str, change: Callable[[str], str]) -> _Mistake:
    def make(row: list[str], heading: Sequence[str], draw: Random) -> bool:
        place = list(heading).index(column)
        before = row[place]
        row[place] = change(before) if before else before
        return row[place] != before

    return make


def _child(heading: Sequence[str]) -> str:
    return "CHILD" if "CHILD" in heading else "LAchildID"


def _no_id(row: list[str], heading: Sequence[str], draw: Random) -> bool:
    row[list(heading).index(_child(heading))] = ""
    return True


def _backwards(row: list[str], heading: Sequence[str], draw: Random) -> bool:
    """End an episode years before it started."""
    start, end = list(heading).index("DECOM"), list(heading).index("DEC")
    if not row[end]:
        return False
    row[end] = row[start][:6] + str(int(row[start][6:]) - 3)
    return True


#: Mistakes by name: the column a table must have, and what makes them.
_MISTAKES: dict[str, tuple[str, _Mistake]] = {
    "an id in lower case and blanks around it": ("CHILD", _set("CHILD", lambda text: f" {text.lower()} ")),
    "no id": ("DECOM", _no_id),
    "a day that does not exist": ("DECOM", _set("DECOM", lambda text: "31/06/" + text[6:])),
    "an end before the start": ("DEC", _backwards),
    "a year of two digits": ("DECOM", _set("DECOM", lambda text: text[:6] + text[8:])),
    "no date of birth": ("ETHNIC", _set("DOB", lambda text: "")),
    "a referral that is no date": ("CINreferralDate", _set("CINreferralDate", lambda text: text[:-2] + "32")),
}
