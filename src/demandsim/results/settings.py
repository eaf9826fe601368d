"""What a finished run was told: the values of its scenario, as its folder keeps them."""

from __future__ import annotations

import tomllib
from typing import Any

from demandsim.problems import Problem, UserError
from demandsim.results.manifest import Results

#: The file of a run's folder that says so.
SCENARIO_FILE = "resolved.toml"


def settings_of(results: Results) -> dict[str, Any]:
    """Return the scenario of a run as its file has it.

    Raises:
        UserError: it can't be read.
    """
    path = results.folder / SCENARIO_FILE
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        expected = "the scenario of the run"
        raise UserError(
            Problem(str(path), "", "a file that can't be read", expected, "demandsim run SCENARIO --again")
        ) from None


def changed(reference: Results, run: Results) -> frozenset[str]:
    """Return the parameters that somebody set otherwise in a run than in its reference."""
    one, other = (_set(results) for results in (reference, run))
    return frozenset(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _set(results: Results) -> dict[str, Any]:
    content = settings_of(results)
    given = content.get("set", {})
    declared = {name: table.get("value") for name, table in content.get("parameter", {}).items()}
    return {
        name: (table.get("value", declared.get(name)), table.get("path"))
        for name, table in given.items()
        if "path" in table or table.get("value") != declared.get(name)
    }
