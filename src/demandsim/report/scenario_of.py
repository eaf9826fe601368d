"""The scenario of a run as its folder keeps it, read as it is written: old results name parameters that are no more."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from demandsim.problems import one_line
from demandsim.results.manifest import Results
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.resolved import ENSEMBLE_FILE, RESOLVED
from demandsim.scenario.scenario import circular_in


@dataclass(frozen=True, slots=True)
class Assumption:
    """One parameter as a run has it.

    Attributes:
        name, meaning, unit: of the parameter; no meaning where this version does not know it.
        value: in words; a path as dates and values.
        range, role: of the declaration.
        basis, source: of the value in force.
        before: the declared value, where another one is set; else empty.
        moves: whether it moves over time: then its value says from where to where.
    """

    name: str
    meaning: str
    unit: str
    value: str
    range: str
    role: str
    basis: str
    source: str
    before: str = ""
    moves: bool = False

    @property
    def words(self) -> str:
        """Return how it was changed, and why."""
        what = f"{self.meaning} ({self.name}), " if self.meaning else f"{self.name}, "
        change = f"{self.before} becomes {self.value}"
        if self.moves:
            known = self.value.startswith(f"from {self.before} on ")
            change = self.value if known else f"{self.before} before; {self.value}"
        return f"{what}{self.unit}: {change}. Because: {self.source}"


@lru_cache(maxsize=64)
def _content(folder: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads((folder / f"{RESOLVED}.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def drawn_in(folder: Path) -> list[str]:
    """Return the names of the numbers that the posterior draws of a run have; none if it has none."""
    try:
        lines = (folder / ENSEMBLE_FILE).read_text(encoding="utf-8-sig").splitlines()
    except OSError:
        return []
    heading = next((line for line in lines if not line.startswith("#")), "")
    return next(iter(csv.reader([heading])), [])[1:]


def why_of(run: Results) -> str:
    """Return what the scenario of a run asks, in its own words."""
    return one_line(str(_content(run.folder).get("scenario", {}).get("why", "")))


def assumptions_of(run: Results) -> list[Assumption]:
    """Return every parameter of a run with its value, basis and source, in the order of its file."""
    content = _content(run.folder)
    local, changes = content.get("local", {}), content.get("set", {})
    return [
        _assumption(name, _counted(given, local.get(name)), changes.get(name))
        for name, given in content.get("parameter", {}).items()
    ]


def circular_targets_of(run: Results) -> frozenset[str]:
    """Return the targets from whose very figures some value of a run was set."""
    local = _content(run.folder).get("local", {})
    counted = {target for table in local.values() for target in table.get("circular", ())}
    return circular_in(one.source for one in assumptions_of(run)) | counted


def _counted(given: Mapping[str, Any], local: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return a declaration with what the authority's own records show in its place."""
    if local is None:
        return given
    source = f"{local['rule']}; {local['file']}, about {local['records']:,} records"
    # Where only its prices are of another year it is known as England's is.
    basis = given["basis"] if local.get("repriced") else "local"
    return {**given, "value": local["value"], "basis": basis, "source": source}


def changes_of(run: Results, reference: Results) -> list[Assumption]:
    """Return the parameters that a run sets and its reference does not have so."""
    usual = {one.name: one for one in assumptions_of(reference)}
    changed = []
    for one in assumptions_of(run):
        before = usual.get(one.name)
        if before is not None and before.value != one.value:
            changed.append(_changed(one, before))
    return changed


def _changed(one: Assumption, before: Assumption) -> Assumption:
    return replace(one, before=before.value)


def _assumption(name: str, given: Mapping[str, Any], change: Mapping[str, Any] | None) -> Assumption:
    parameter = PARAMETERS.get(name)
    ends = given.get("range")
    names = parameter.columns if parameter and parameter.unit == "order" else ()
    declared = _value(given["value"], names)
    now = _changed_value(change, names) if change else declared
    return Assumption(
        name,
        parameter.meaning if parameter else "",
        str(given.get("unit", "")),
        now,
        f"{ends[0]:g} to {ends[1]:g}" if ends else "",
        str(given.get("role", "")),
        str((change or given).get("basis", "")),
        one_line(str(change["because"] if change else given.get("source", ""))),
        declared if change else "",
        change is not None and "path" in change,
    )


def _changed_value(change: Mapping[str, Any], names: Sequence[str]) -> str:
    """Return a value that is set; of a path, that straight lines join its points."""
    if "path" not in change:
        return _value(change["value"], names)
    first = f"{_value(change['value'])} at first; " if "value" in change else ""
    points = [f"{value:g} on {day}" for day, value in change["path"]]
    return f"{first}from {points[0]}" + "".join(f" in a straight line to {point}" for point in points[1:])


def _value(value: Any, names: Sequence[str] = ()) -> str:
    """Return a value as it is read: numbers that put names in order as the names."""
    if names and isinstance(value, list) and not any(isinstance(one, str) for one in value):
        chosen = sorted((place, name) for place, name in zip(value, names, strict=False) if place > 0)
        return ", ".join(name for _, name in chosen) or "none"
    if isinstance(value, list):
        return "[" + ", ".join(one if isinstance(one, str) else f"{one:.4g}" for one in value) + "]"
    return f"{value:.6g}"
