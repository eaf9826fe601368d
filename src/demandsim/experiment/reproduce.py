"""Remake a finished run from what its folder says, and compare every byte."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Unpack

import pyarrow as pa
import pyarrow.parquet as pq

from demandsim.experiment.options import Changes, RunOptions, options_of
from demandsim.experiment.run import run
from demandsim.problems import Problem, UserError
from demandsim.results.atomic_write import remove
from demandsim.results.checksums import read_checksums
from demandsim.results.manifest import FILE, Manifest, Results
from demandsim.results.reading import read_results
from demandsim.scenario.ensemble import read_ensemble, with_ensemble
from demandsim.scenario.read import read_scenario
from demandsim.scenario.resolved import ENSEMBLE_FILE, RESOLVED
from demandsim.scenario.scenario import Scenario

SCENARIO_FILE = f"{RESOLVED}.toml"
#: What the folder of a run of 0.1.0 has, which kept no list of it.
_FILES = ("columns.csv", "months.csv", "months.parquet", SCENARIO_FILE, "summary.csv", "years.parquet")


@dataclass(frozen=True, slots=True)
class Reproduction:
    """A run and the same run made again.

    Attributes:
        kept: the run as it was found.
        made: the folder of the new one, which is there no more if both are the same.
        same: names of the files that are the same to the last byte.
        different: of each other file, its name and in what it differs.
        surroundings: versions and platforms that differ, as (what, then, now).
    """

    kept: Results
    made: Path
    same: tuple[str, ...]
    different: tuple[tuple[str, str], ...]
    surroundings: tuple[tuple[str, str, str], ...]


def reproduce(
    folder: Path, into: Path | None = None, options: RunOptions | None = None, **changes: Unpack[Changes]
) -> Reproduction:
    """Make a finished run again, from the scenario in its folder and its manifest, and compare every file.

    Args:
        folder: of a finished run; it is not changed.
        into: folder in which the new one is made; the one that holds `folder` unless given.
        options: who does the work, and who is told of it.
        changes: options in place of those above.

    Raises:
        UserError: the folder holds no finished run, is damaged, or its scenario can't be read; or nothing can be
            written in `into`.
    """
    kept = read_results(folder)
    scenario = scenario_of(kept)
    work = (into or folder.absolute().parent) / f"reproduced-{folder.absolute().name}"
    manifest = kept.manifest
    spells = manifest.spells or (folder / "spells.parquet").exists()
    again = replace(
        options_of(options, changes), replications=manifest.replications, seed=manifest.seed, out=work, rerun=True
    )
    made = run(scenario, again, spells=spells, authorities=manifest.authorities)
    names = _names(folder) | _names(made.folder)
    pairs = {name: (folder / name, made.folder / name) for name in sorted(names)}
    same = tuple(name for name, (then, now) in pairs.items() if _content(then) == _content(now))
    different = tuple((name, _how(*pair)) for name, pair in pairs.items() if name not in same and name != FILE)
    if not different:
        with suppress(OSError):  # the verdict stands, whatever still holds a file
            remove(work)
    return Reproduction(kept, made.folder, same, different, _surroundings(manifest, made.manifest))


def scenario_of(kept: Results) -> Scenario:
    """Return the scenario of a finished run, as it was.

    Raises:
        UserError: it can't be read.
    """
    folder, manifest = kept.folder, kept.manifest
    path = folder / SCENARIO_FILE
    if not path.is_file():
        raise UserError(Problem(str(folder), "", f"no {SCENARIO_FILE}", "the scenario, as a run keeps it"))
    scenario = replace(read_scenario(path), name=manifest.scenario)
    if manifest.ensemble_digest:
        ensemble = replace(read_ensemble(folder / ENSEMBLE_FILE), file=manifest.ensemble)
        scenario = with_ensemble(scenario, ensemble)
    return scenario


def _names(folder: Path) -> set[str]:
    """Return the names of the files that a run wrote."""
    written = read_checksums(folder) or [name for name in _FILES if (folder / name).exists()]
    return {*written, FILE}


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _how(then: Path, now: Path) -> str:
    """Return in what two files differ."""
    for path, words in ((then, "only made now"), (now, "not made now")):
        if not path.exists():
            return words
    if then.suffix == ".parquet":
        return _how_tables(pq.read_table(then), pq.read_table(now))
    lines = [path.read_bytes().splitlines() for path in (then, now)]
    others = sum(one != other for one, other in zip(*lines, strict=False)) + abs(len(lines[0]) - len(lines[1]))
    return f"{others:,} of {max(map(len, lines)):,} lines"


def _how_tables(then: pa.Table, now: pa.Table) -> str:
    if (then.column_names, then.num_rows) != (now.column_names, now.num_rows):
        return f"{then.num_rows:,} rows of {then.num_columns} columns then, {now.num_rows:,} of {now.num_columns} now"
    others = [name for name in then.column_names if not _equal(then[name], now[name])]
    if not others:
        return "the same values, written in another way"
    return f"{len(others)} of {then.num_columns} columns, {others[0]!r} the first"


def _equal(then: pa.ChunkedArray, now: pa.ChunkedArray) -> bool:
    return bool(then.type == now.type and then.to_pylist() == now.to_pylist())


def _surroundings(then: Manifest, now: Manifest) -> tuple[tuple[str, str, str], ...]:
    """Return the versions and platforms that differ."""
    both: Sequence[dict[str, str]] = [
        {"demandsim": one.version, "layout": str(one.format), **one.made_with, "platform": one.platform or "unknown"}
        for one in (then, now)
    ]
    names = dict.fromkeys([*both[0], *both[1]])
    rows = [(name, both[0].get(name, "none"), both[1].get(name, "none")) for name in names]
    return tuple(row for row in rows if row[1] != row[2])
