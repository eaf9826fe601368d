"""One run's results on disk: one folder, one manifest, nothing half-written.

While a run goes on, each finished simulation is a part in a folder ending in `.partial`, written by the worker that
made it. When all are there they are put together and the folder gets its final name. Whatever stops a run, the same
command picks up the parts.
"""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from demandsim.draws import FUTURES_A_MEMBER
from demandsim.problems import Problem, UserError
from demandsim.results.parts import Part, parts_there, put_together, read_part_table, write_part_table
from demandsim.results.replacing import replacing
from demandsim.results.tables import MONTHLY, YEARLY, Tables, columns_of, meanings
from demandsim.text_files import safe_cells

FORMAT = 2
_MANIFEST = "manifest.json"

#: Makes the rows of a table, the heading first, from the folder of a run.
Rows = Callable[[Path], Iterable[Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What made a results folder.

    Attributes:
        format: version of the layout of the folder.
        version: of the program.
        scenario, digest: name of the scenario, and what it held.
        title: of the scenario.
        start: first day, as a date.
        first_year: calendar year in which the first recorded financial year starts.
        years: financial years recorded, one before the start among them.
        seed, replications: of the run.
        scale_to_england: how many of what is in the tables make England.
        made_with: versions of Python and of the libraries that numbers can depend on.
        authorities: how many the tables add up; none but in a run of England.
        ensemble, ensemble_digest: file of the ensemble whose members the replications have, and what it held; else
            empty.
        members: how many it has; 0 where the parameters have one value.
    """

    format: int
    version: str
    scenario: str
    digest: str
    title: str
    start: str
    first_year: int
    years: int
    seed: int
    replications: int
    scale_to_england: float
    made_with: dict[str, str]
    authorities: int = 0
    ensemble: str = ""
    ensemble_digest: str = ""
    members: int = 0

    @property
    def members_used(self) -> int:
        """Return how many members of the ensemble some replication has."""
        return min(self.members, -(-self.replications // FUTURES_A_MEMBER))

    @property
    def intervals(self) -> str:
        """Return what intervals are intervals of."""
        used = self.members_used
        return f"parameters and chance, {used} member{'s' if used > 1 else ''}" if used else "chance alone"

    @property
    def folder(self) -> str:
        """Return the name of the results folder."""
        return f"{'england-' if self.authorities else ''}{self.scenario}-{self.digest}"

    def year_labels(self) -> list[str]:
        return [f"{year}-{(year + 1) % 100:02d}" for year in range(self.first_year, self.first_year + self.years)]


@dataclass(frozen=True, slots=True)
class Results:
    """A finished run read back.

    Attributes:
        folder: where it lies.
        manifest: what made it.
        tables: arrays of (replication, month or year, column).
    """

    folder: Path
    manifest: Manifest
    tables: Tables

    def year_labels(self) -> list[str]:
        return self.manifest.year_labels()


class Store:
    """Where one run's results go.

    Args:
        out: the folder that holds results folders.
        manifest: of the run.

    Raises:
        UserError: the folder can't be written, or holds what another version made.
    """

    def __init__(self, out: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self.final = out / manifest.folder
        self.partial = out / f"{manifest.folder}.partial"

    @property
    def finished(self) -> bool:
        return (self.final / _MANIFEST).is_file()

    def absolute(self) -> Store:
        """Return the same, for workers that may be in another folder."""
        return Store(self.final.parent.absolute(), self.manifest)

    def open(self) -> set[Part]:
        """Make ready for parts and return those that are there from an earlier try."""
        with writing(self.partial):
            self.final.parent.mkdir(parents=True, exist_ok=True)
            self.partial.mkdir(exist_ok=True)
            marker = self.partial / _MANIFEST
            if marker.exists() and _read_json(marker) != asdict(self.manifest):
                shutil.rmtree(self.partial)
                self.partial.mkdir()
            write_text(marker, json.dumps(asdict(self.manifest), indent=2) + "\n")
            for leftover in (*self.partial.glob("*.tmp"), *self.partial.glob("failed-*.txt")):
                leftover.unlink()
        return set(parts_there(self.partial, "months"))

    def holds(self, part: Part) -> bool:
        return part.file(self.partial, "months").is_file()

    def write_part(self, part: Part, tables: Tables, spells: Sequence[tuple[Any, ...]] | None) -> None:
        """Write one part. Its monthly table comes last, so a part with one is whole."""
        replication = part.replication

        def file(kind: str) -> Path:
            return part.file(self.partial, kind)

        with writing(self.partial):
            if spells is not None:
                write_part_table(file("spells"), spell_table(replication, spells), "zstd")
            write_part_table(file("years"), _wide(replication, tables, YEARLY, "year"))
            write_part_table(file("months"), _wide(replication, tables, MONTHLY, "month"))

    def read_authorities(self, replication: int) -> Tables:
        """Return the tables of one replication of England as arrays of (authority, month or year, column)."""
        parts = [Part(replication, number + 1) for number in range(self.manifest.authorities)]
        months, years = (
            pa.concat_tables(read_part_table(part.file(self.partial, kind)) for part in parts)
            for kind in ("months", "years")
        )
        return _arrays(months, years, len(parts))

    def failure(self, part: Part) -> Path:
        """Return where it is said why a part could not be simulated."""
        return self.partial / f"{part.stem.replace('part', 'failed')}.txt"

    def write_failure(self, part: Part, text: str) -> None:
        with writing(self.partial):
            write_text(self.failure(part), text)

    def finish(self, texts: Mapping[str, str], tables: Mapping[str, Rows]) -> Results:
        """Put the parts together, write what goes with them, and give the folder its name.

        Args:
            texts: files to write as they are: the scenario with every value in it, as TOML.
            tables: files to write, each with what makes its rows.
        """
        folder = self.partial
        with writing(folder):
            for kind in ("months", "years", "spells"):
                parts = parts_there(folder, kind)
                if parts:
                    write_parquet(folder / f"{kind}.parquet", pa.concat_tables(put_together(parts)))
            months = pq.read_table(folder / "months.parquet")
            write_table(folder / "months.csv", _readable(months, self.manifest))
            for name, rows in tables.items():
                write_table(folder / name, rows(folder))
            write_table(folder / "columns.csv", [("column", "kind", "unit", "meaning"), *meanings()])
            for name, text in texts.items():
                write_text(folder / name, text)
            for part in folder.glob("part-*"):
                part.unlink()
            if self.final.exists():
                # Simulated anew: what was there goes only now that there is something to take its place.
                shutil.rmtree(self.final)
            os.replace(folder, self.final)
        return read_results(self.final)


def spell_table(replication: int, spells: Sequence[tuple[Any, ...]]) -> pa.Table:
    names = ("child", "family", "kind", "detail", "start_day", "end_day", "ended_by")
    types = (pa.int64(), pa.int64(), pa.string(), pa.string(), pa.float64(), pa.float64(), pa.string())
    columns = list(zip(*spells, strict=True)) or [()] * len(names)
    arrays = [pa.array(column, type=kind) for column, kind in zip(columns, types, strict=True)]
    arrays.insert(0, pa.array([replication] * len(spells), type=pa.int32()))
    return pa.table(arrays, names=["replication", *names])


def read_tables(folder: Path) -> Tables:
    """Return the recorded tables of a folder as arrays of (replication, month or year, column)."""
    months, years = pq.read_table(folder / "months.parquet"), pq.read_table(folder / "years.parquet")
    return _arrays(months, years, len(set(months["replication"].to_pylist())))


def _arrays(months: pa.Table, years: pa.Table, runs: int) -> Tables:
    tables: Tables = {}
    for table, kinds, index in ((months, MONTHLY, "month"), (years, YEARLY, "year")):
        for name, (words, labels) in kinds.items():
            columns = [table[f"{words}: {label}"].to_numpy() for label in labels]
            array = np.stack(columns, axis=1).reshape(runs, -1, len(labels))
            tables[name] = array
        assert index in table.column_names
    return tables


def read_results(folder: Path) -> Results:
    """Read a finished run.

    Raises:
        UserError: no results there, or made by a version that laid them out in another way.
    """
    path = folder / _MANIFEST
    if folder.name.endswith(".partial"):
        raise _unread(
            folder, "a run that was stopped", "a finished one", "the same run command, which goes on from there"
        )
    if not path.is_file():
        raise _not_there(folder)
    content = _read_json(path)
    if content.get("format") != FORMAT:
        raise UserError(
            Problem(
                str(folder),
                "manifest.json: format",
                f"{content.get('format')!r}, made by version {content.get('version', 'unknown')}",
                f"{FORMAT}, which this version reads",
                "demandsim run SCENARIO --again, or --out with another folder",
            )
        )
    try:
        return Results(folder, Manifest(**content), read_tables(folder))
    except (OSError, KeyError, TypeError, ValueError, pa.ArrowException) as error:
        found = f"damaged results ({error})"
        raise _unread(folder, found, "the files a run writes", "demandsim run SCENARIO --again") from None


def _not_there(folder: Path) -> UserError:
    inside = sorted(child.parent.name for child in folder.glob(f"*/{_MANIFEST}"))
    if inside:
        return _unread(
            folder, "a folder of results", "one of: " + ", ".join(inside), f"demandsim show {folder / inside[0]}"
        )
    return _unread(folder, "no results", f"a folder with a {_MANIFEST}, as a run makes", "demandsim run baseline")


def _unread(folder: Path, found: str, expected: str, hint: str) -> UserError:
    return UserError(Problem(str(folder), "", found, expected, hint))


# -- writing ----------------------------------------------------------------------------------------------------------


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Say in one line why a folder can't be written."""
    try:
        yield
    except OSError as error:
        room = error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
        raise UserError(
            Problem(
                str(error.filename or folder),
                "",
                "a disk without room left" if room else f"a place that can't be written ({error.strerror})",
                "some 10 MB of room" if room else "a folder that can be written",
                "the same command once there is room: finished replications are kept"
                if room
                else "--out with another folder",
            )
        ) from None


def write_text(path: Path, text: str) -> None:
    with replacing(path) as stream:
        stream.write(text.encode())


def write_parquet(path: Path, table: pa.Table) -> None:
    with replacing(path) as stream:
        pq.write_table(table, stream, compression="zstd")


def write_table(path: Path, rows: Iterable[Sequence[Any]]) -> None:
    temporary = path.with_name(path.name + ".tmp")
    # A byte order mark, so that Excel reads the pound sign.
    with temporary.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(safe_cells(rows))
    os.replace(temporary, path)


def _wide(replication: int, tables: Tables, kinds: dict[str, tuple[str, list[str]]], index: str) -> pa.Table:
    length = len(tables[next(iter(kinds))])
    arrays = [pa.array([replication] * length, type=pa.int32()), pa.array(range(length), type=pa.int32())]
    for name in kinds:
        arrays += [pa.array(np.ascontiguousarray(tables[name][:, column])) for column in range(tables[name].shape[1])]
    return pa.table(arrays, names=["replication", index, *columns_of(kinds)])


def _readable(months: pa.Table, manifest: Manifest) -> Iterator[list[Any]]:
    """Yield the monthly table for a spreadsheet: dates instead of numbers of months, short numbers."""
    yield months.column_names
    for row in zip(*(column.to_pylist() for column in months.columns), strict=True):
        year, month = divmod(row[1] + 3, 12)
        yield [row[0], f"{manifest.first_year + year}-{month + 1:02d}", *(f"{value:.8g}" for value in row[2:])]


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
