"""The rules of the returns: tables, codes, marks, reasons and authorities, read from data files beside this one."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """A table of a return.

    Attributes:
        id: its name in the rules.
        words: what people call it.
        of: the return it belongs to.
        required: columns that tell it.
        columns: every column it may have.
        dates: columns of dates; `starts` of those are needed in each row.
        element: the XML element that is a row of it.
        aliases: names of columns that only this table has otherwise.
    """

    id: str
    words: str
    of: str
    required: tuple[str, ...]
    columns: frozenset[str]
    dates: tuple[str, ...]
    starts: tuple[str, ...]
    element: str
    aliases: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is not read as it stands.

    Attributes:
        id: its name in the rules.
        effect: mended, dropped, left out, superseded, absent or noted.
        rule: number of the Department's validation rule; empty if there is none.
        words: what people read.
    """

    id: str
    effect: str
    rule: str
    words: str


def _text(name: str) -> str:
    return files(__package__).joinpath("rules").joinpath(name).read_text(encoding="utf-8")


@cache
def rows_of(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a CSV file of rules."""
    return tuple(csv.DictReader(StringIO(_text(name))))


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(_text("tables.toml"))


@cache
def kinds() -> dict[str, Kind]:
    """Return every table that is known, by its name."""
    return {
        name: Kind(
            name,
            given["words"],
            given["return"],
            tuple(given["required"]),
            frozenset((*given["required"], *given["optional"])),
            tuple(given["dates"]),
            tuple(given["starts"]),
            given["element"],
            given.get("aliases", {}),
        )
        for name, given in _tables()["tables"].items()
    }


@cache
def aliases() -> dict[str, str]:
    """Return the names that columns of any table have otherwise, in lower case."""
    return dict(_tables()["aliases"])


@cache
def codes(of: str) -> dict[str, Any]:
    """Return the codes of a part of the rules: `care` or `need`."""
    return dict(tomllib.loads(_text("codes.toml"))[of])


@cache
def reasons() -> dict[str, Reason]:
    """Return every reason for which a row is not read as it stands."""
    return {row["id"]: Reason(row["id"], row["effect"], row["rule"], row["words"]) for row in rows_of("reasons.csv")}


@cache
def marks() -> dict[str, str]:
    """Return the reason that each mark in a published table stands for."""
    return {row["mark"]: row["reason"] for row in rows_of("marks.csv")}
