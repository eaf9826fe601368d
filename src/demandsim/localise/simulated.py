"""The spells of one replication of a run, with dates, for those who write them as returns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from demandsim.problems import Problem, UserError, typed
from demandsim.results.reading import read_results
from demandsim.results.store import Results

_CHILD_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Spell:
    """A spell of a simulated child, by day.

    Attributes:
        child: an id made for the export, that no real child has.
        kind, detail, ended_by, need, basis: as in `spells.parquet`.
        start, end: days; no end if it is unfinished.
        at, until: the moments, as days from the start of the run.
        born: day of birth.
    """

    child: str
    kind: str
    detail: str
    start: date
    end: date | None
    at: float
    until: float | None
    ended_by: str
    born: date
    need: str
    basis: str


@dataclass(slots=True)
class Simulated:
    """One replication of a run.

    Attributes:
        results: of the run.
        replication: its place.
        spells: of each kind and child, in order of time.
        first, last: calendar years in which the first and the last simulated financial year start.
    """

    results: Results
    replication: int
    spells: dict[str, dict[str, list[Spell]]]
    first: int
    last: int

    def of(self, kind: str) -> list[Spell]:
        """Return the spells of a kind, child by child."""
        return [spell for of_child in self.spells.get(kind, {}).values() for spell in of_child]


def read_run(folder: Path, replication: int, needs_spells: bool) -> Simulated:
    """Read one replication of a run.

    Args:
        folder: of the run.
        replication: from 1.
        needs_spells: whether children are wanted, and not tables alone.

    Raises:
        UserError: there is no such run, it has fewer replications, or it kept no spells.
    """
    results = read_results(folder)
    manifest = results.manifest
    if not 1 <= replication <= manifest.replications:
        expected = f"a number from 1 to {manifest.replications}, the replications of the run"
        raise UserError(Problem("--replication", "", str(replication), expected, "demandsim export --help"))
    path = folder / "spells.parquet"
    if needs_spells and not path.is_file():
        hint = typed("demandsim", "run", folder / "resolved.toml", "--replications", 1, "--spells")
        raise UserError(Problem(str(folder), "", "a run that kept no spells", "spells.parquet in its folder", hint))
    start = date.fromisoformat(manifest.start)
    spells = _spells(path, replication - 1, start, manifest.seed) if needs_spells else {}
    # Years before the start are simulated in full for five years; what is recorded of them is one.
    return Simulated(
        results, replication - 1, spells, manifest.first_year + 1, manifest.first_year + manifest.years - 1
    )


def _spells(path: Path, replication: int, origin: date, seed: int) -> dict[str, dict[str, list[Spell]]]:
    table = pq.read_table(path)
    columns = table.filter(pc.equal(table["replication"], replication)).drop(["replication"]).to_pydict()
    names = _new_names(sorted(set(columns["child"])), seed + replication)
    found: dict[str, dict[str, list[Spell]]] = defaultdict(lambda: defaultdict(list))

    def day(moment: float) -> date:
        return origin + timedelta(days=floor(moment + _HAIR))

    rows = zip(
        *(columns[name] for name in ("child", "kind", "detail", "start_day", "end_day", "ended_by")),
        *(columns[name] for name in ("born", "need", "basis")),
        strict=True,
    )
    for child, kind, detail, at, until, ended_by, born, need, basis in rows:
        end = None if until is None else day(until)
        spell = Spell(
            *(names[child], kind, detail, day(at), end, at, until, ended_by, date.fromisoformat(born), need, basis)
        )
        found[kind][spell.child].append(spell)
    for of_kind in found.values():
        for of_child in of_kind.values():
            of_child.sort(key=lambda one: (one.at, one.until is None))
    return found


#: A year's tables are written this long before midnight: what happens then belongs to the next day.
_HAIR = 2e-6


def _new_names(children: Sequence[Any], seed: int) -> dict[Any, str]:
    """Return an id for each child, in an order that says nothing."""
    numbers = Random(seed).sample(range(10**_CHILD_DIGITS), len(children))
    return {child: f"S{number:0{_CHILD_DIGITS}d}" for child, number in zip(children, numbers, strict=True)}
