"""A scenario that has been read: every value checked, and where each came from."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from demandsim.scenario.schema import Basis, Local, Role
from demandsim.scenario.sets_of_values import Ensemble

#: A parameter that moves: (date, value) points.
Points = tuple[tuple[date, float], ...]
#: The baseline's open cases are those of 31 March of this year.
_START_OF_THE_FIGURES = 2013
#: How a source says that a value was set from the very figure of a target.
_CIRCULAR = re.compile(r"circular: (T\d\d(?: [a-z][a-z_]+)?)")


@dataclass(frozen=True, slots=True)
class Setting:
    """One parameter's value and its provenance.

    Attributes:
        value: number or list of numbers; where there is a path, the value before it begins.
        path: dates and values if it moves over time; empty if not.
        since: the day from which a list holds, if that is not the first; until then it is that of `before`.
        source: for a declared value its source, for a changed one the reason given.
        file: the file, or `--set`, that settled it.
        before: the setting this one replaced; None for a declaration.
        within_budget: the money it takes or frees is not added to the budget or taken from it.
        old_name: what the file calls it, if that is a name it had once.
        local: the records it was counted from, where its basis is local.
    """

    value: float | tuple[float, ...]
    unit: str
    range: tuple[float, float] | None
    role: Role
    basis: Basis
    source: str
    file: str
    path: Points = ()
    since: date | None = None
    before: Setting | None = None
    within_budget: bool = False
    old_name: str = ""
    local: Local | None = None

    @property
    def declared(self) -> Setting:
        """Return the setting as first declared, under every change."""
        return self.before.declared if self.before else self

    @property
    def of_old(self) -> Setting:
        """Return the setting that held before the start: a lever's last fitted or local one, else its declaration."""
        if self.before is None:
            return self
        if self.since is not None:
            return self.before.of_old
        if self.role != Role.LEVER:
            return self
        return self if self.basis in (Basis.FITTED, Basis.LOCAL) else self.before.of_old

    @property
    def first(self) -> Setting:
        """Return the setting in force on the first day."""
        return self.before.first if self.since is not None and self.before else self

    def steps(self) -> list[tuple[date, list[float]]]:
        """Return from which day which list holds; what comes later in the files outdoes what it follows."""
        if self.since is None or self.before is None:
            return []
        earlier = [(day, value) for day, value in self.before.steps() if day < self.since]
        return [*earlier, (self.since, list(self.value) if isinstance(self.value, tuple) else [self.value])]

    @property
    def last_local(self) -> Setting | None:
        """Return what the authority's own records show, under every later change; None if they show nothing."""
        if self.basis == Basis.LOCAL or self.before is None:
            return self if self.basis == Basis.LOCAL else None
        return self.before.last_local

    @property
    def stands(self) -> bool:
        """Return whether somebody set it, so that an ensemble leaves it alone: "what if it is 1" means 1."""
        return self.before is not None and self.basis != Basis.FITTED


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything a run needs to know.

    Attributes:
        name: short name, from the file's.
        title, why: as in the file.
        start: the first day.
        years: years to simulate.
        settings: one for each parameter of the model.
        lineage: files read, from this one to the one it rests on.
        ensemble: sets of values of what is uncertain, which the replications take in turn; None if it has one value.
        draws_from: file of the posterior draws that it names, or what it extends; empty if nothing does.
        targets_from: file of the figures that it is set beside, in the same way.
    """

    name: str
    title: str
    why: str
    start: date
    years: int
    settings: dict[str, Setting]
    lineage: tuple[str, ...]
    ensemble: Ensemble | None = None
    draws_from: str = ""
    targets_from: str = ""

    @staticmethod
    def read(
        given: str | Path,
        overrides: Sequence[str] = (),
        years: int | None = None,
        ensemble: str | Path | Ensemble | None = None,
    ) -> Scenario:
        """Read a scenario file, or a shipped scenario by name; see `demandsim.scenario.read.read_scenario`.

        With an ensemble, its file, or `"baseline"` for the one that ships, replications draw what is uncertain from it.
        """
        from demandsim.scenario.ensemble import with_ensemble
        from demandsim.scenario.read import read_scenario

        return with_ensemble(read_scenario(given, overrides, years), ensemble)

    def history(self) -> dict[str, Any]:
        """Return the values that hold before the start: levers as declared, local or fitted, the rest as changed."""
        return {name: _plain(setting.of_old.value) for name, setting in self.settings.items()}

    def at_start(self) -> dict[str, Any]:
        """Return the values in force on the first day, before any path."""
        return {name: _plain(setting.first.value) for name, setting in self.settings.items()}

    def later(self) -> dict[str, list[tuple[date, list[float]]]]:
        """Return the lists that hold from a later day on, in order of day."""
        return {name: setting.steps() for name, setting in self.settings.items() if setting.since is not None}

    def paths(self) -> dict[str, Points]:
        return {name: setting.path for name, setting in self.settings.items() if setting.path}

    def within_budget(self) -> frozenset[str]:
        """Return the levers that cost money and must be paid for from the budget as it is."""
        return frozenset(name for name, setting in self.settings.items() if setting.within_budget)

    def changes(self) -> dict[str, Setting]:
        """Return the settings that differ from how they were declared."""
        return {name: setting for name, setting in self.settings.items() if setting.before}

    def circular_targets(self, free: Sequence[str] = ()) -> frozenset[str]:
        """Return the targets from whose very figures some value was set, as its source says.

        An id stands for all rows of it; an id and a measure for that row.

        Args:
            free: parameters that are fitted to targets instead, whatever they were counted from.
        """
        local = [setting.local for name, setting in self.settings.items() if setting.local and name not in free]
        counted = {target for one in local for target in one.circular}
        # A fit moves a value within the range that its declaration gave: that it was set from a figure stays true.
        here = [setting.source for setting in self.settings.values()]
        fitted = [one.declared.source for one in self.settings.values() if one.basis is Basis.FITTED]
        return circular_in([*here, *fitted]) | counted

    @property
    def local_values(self) -> int:
        """Return how many values the authority's own records show."""
        found = (setting.last_local for setting in self.settings.values())
        return sum(one is not None and one.local is not None and not one.local.repriced for one in found)

    @property
    def scale_to_england(self) -> float:
        """Return how many of this authority make England, by children aged 0 to 17."""
        values = self.at_start()
        return float(values["population.england"] / values["population.children"])

    def digest(self) -> str:
        """Return 12 characters that change whenever anything that matters to a result does."""
        content = {
            "start": self.start.isoformat(),
            "years": self.years,
            "history": self.history(),
            "values": self.at_start(),
            "paths": {
                name: [(day.isoformat(), value) for day, value in points] for name, points in self.paths().items()
            },
            "within_budget": sorted(self.within_budget()),
            **({"later": self.later()} if self.later() else {}),
            **self._of_ensemble(),
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:12]

    def _of_ensemble(self) -> dict[str, Any]:
        """Return what matters of an ensemble: what it holds, and what it leaves alone even if the value is the same."""
        if self.ensemble is None:
            return {}
        standing = sorted(name for name, setting in self.settings.items() if setting.stands)
        return {"ensemble": self.ensemble.digest, "standing": standing}


def circular_in(sources: Iterable[str]) -> frozenset[str]:
    """Return the targets from whose very figures values were set, as their sources say."""
    return frozenset(name for source in sources for name in _CIRCULAR.findall(source))


def notes_on(scenario: Scenario) -> list[tuple[str, str]]:
    """Return what may surprise of a scenario, by name: values out of the ordinary, changes within a month."""
    found = []
    if scenario.start.year != _START_OF_THE_FIGURES:
        found.append(("scenario.start", "moves dates and working days: what has no [local] table is still of 2013-14"))
    for name, setting in scenario.settings.items():
        if setting.old_name:
            found.append((setting.old_name, f"is called {name} now; the old name goes with the next version"))
    for name, setting in scenario.changes().items():
        if late := [day for day in _steps_of(setting) if day.day > 1]:
            found.append((name, f"changes on {late[0]}: read on each month's first day, it acts from the next on"))
        if setting.range is None:
            continue
        numbers = [*setting.value] if isinstance(setting.value, tuple) else [setting.value]
        numbers += [value for _, value in setting.path]
        low, high = setting.range
        if any(not low <= number <= high for number in numbers):
            found.append((name, f"goes outside its range of {low:g} to {high:g} {setting.unit}"))
    return found


def _steps_of(setting: Setting) -> list[date]:
    """Return the days on which a value changes at once: from one day to the next, or without a path."""
    days = [day for day, _ in setting.path]
    jumps = [new for old, new in pairwise(days) if new - old == timedelta(days=1)]
    single = days if len(days) == 1 else []
    return [*single, *jumps, *([setting.since] if setting.since else [])]


def _plain(value: float | tuple[float, ...]) -> float | list[float]:
    return list(value) if isinstance(value, tuple) else value
