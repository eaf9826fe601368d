"""How large a file may be: beyond this it is a mistake, or would keep the reader busy for minutes."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath
from typing import Any

from demandsim.problems import Problem, printable
from demandsim.scenario.parameters import PARAMETERS

#: Bytes of a scenario file; the baseline, which declares everything, has 60,000.
MOST_BYTES = 2_000_000
#: Entries of one table of a scenario file: no scenario sets a parameter twice.
MOST_ENTRIES = 2 * len(PARAMETERS)
#: Lists and tables inside one another; the deepest that means something is a path.
DEEPEST = 8
#: Files that extend one another.
LONGEST_CHAIN = 20
#: Characters of a file's name that every system can hold, with what is added to it.
LONGEST_NAME = 100
#: Characters that Windows does not let a name have, or takes for something else.
_NOT_IN_NAMES = "<>:|?*"


def problem_of_name(path: Path) -> Problem | None:
    """Return what keeps a new scenario file from being called so; None if nothing does."""
    stem = path.name.removesuffix(".toml")
    found = ""
    if not stem.strip(". "):
        found = "no name"
    elif not stem.isprintable():
        found = f"a name with control characters or bytes that are no text ({printable(stem)})"
    elif wrong := "".join(one for one in _NOT_IN_NAMES if one in stem):
        found = f"a name with {wrong}, which no file on Windows can have"
    elif PureWindowsPath(path.name).is_reserved():
        found = "a name that Windows keeps for a device"
    elif len(stem.encode()) > LONGEST_NAME:
        found = f"a name of {len(stem)} characters"
    expected = f"a name of 1 to {LONGEST_NAME} letters, digits and the like, as my_scenario"
    return Problem(str(path), "", found, expected, "demandsim new my_scenario") if found else None


def too_much_in(where: str, content: Any) -> list[Problem]:
    """Return what shows that a parsed file is no scenario: too deep, or too many entries in one table."""
    if (depth := _depth(content)) > DEEPEST:
        found = f"values {depth} deep in one another"
        return [Problem(where, "", found, f"lists and tables at most {DEEPEST} deep", "demandsim new my_scenario")]
    tables = {"": content, **{key: table for key, table in content.items() if isinstance(table, dict)}}
    return [
        Problem(
            where,
            key,
            f"{len(table):,} entries",
            f"at most {MOST_ENTRIES}: the model has {len(PARAMETERS)} parameters",
            "demandsim explain baseline",
        )
        for key, table in tables.items()
        if len(table) > MOST_ENTRIES
    ]


def _depth(content: Any) -> int:
    deepest, waiting = 0, [(content, 0)]
    while waiting:
        item, depth = waiting.pop()
        deepest = max(deepest, depth)
        if isinstance(item, dict):
            waiting += [(inner, depth + 1) for inner in item.values()]
        elif isinstance(item, list):
            waiting += [(inner, depth + 1) for inner in item]
    return deepest
