"""One run's results on disk: one folder, one manifest, nothing half-written.

While a run goes on, each finished replication is a part in a folder ending in `.partial`. When all are there they are
put together and the folder gets its final name. Whatever stops a run, the same command picks up the parts.
"""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from demandsim.problems import Problem, UserError
from demandsim.results.tables import MONTHLY, YEARLY, Tables, columns_of, meanings

FORMAT = 2
_MANIFEST = "manifest.json"


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
        scale_to_england: how many of this authority make England.
        made_with: versions of Python and of the libraries that numbers can depend on.
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
        first = self.manifest.first_year
        return [f"{year}-{(year + 1) % 100:02d}" for year in range(first, first + self.manifest.years)]


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
        self.final = out / f"{manifest.scenario}-{manifest.digest}"
        self.partial = out / f"{manifest.scenario}-{manifest.digest}.partial"

    @property
    def finished(self) -> bool:
        return (self.final / _MANIFEST).is_file()

    def open(self) -> set[int]:
        """Make ready for parts and return the replications that are there from an earlier try."""
        with writing(self.partial):
            self.final.parent.mkdir(parents=True, exist_ok=True)
            self.partial.mkdir(exist_ok=True)
            marker = self.partial / _MANIFEST
            if marker.exists() and _read_json(marker) != asdict(self.manifest):
                shutil.rmtree(self.partial)
                self.partial.mkdir()
            _write_atomically(marker, json.dumps(asdict(self.manifest), indent=2) + "\n")
            for leftover in self.partial.glob("*.tmp"):
                leftover.unlink()
        return {int(path.name[5:10]) for path in self.partial.glob("part-*.months.parquet")}

    def write_part(self, replication: int, tables: Tables, spells: Sequence[tuple[Any, ...]] | None) -> None:
        """Write one replication. Its monthly table comes last, so a part with one is whole."""
        stem = self.partial / f"part-{replication:05d}"
        with writing(self.partial):
            if spells is not None:
                write_parquet(stem.with_suffix(".spells.parquet"), spell_table(replication, spells))
            write_parquet(stem.with_suffix(".years.parquet"), _wide(replication, tables, YEARLY, "year"))
            write_parquet(stem.with_suffix(".months.parquet"), _wide(replication, tables, MONTHLY, "month"))

    def finish(self, resolved: str, summary: Callable[[Path], Iterable[Sequence[Any]]]) -> Results:
        """Put the parts together, write what goes with them, and give the folder its name.

        Args:
            resolved: the scenario with every value in it, as TOML.
            summary: makes the rows of the yearly summary, the heading first, from the folder's tables.
        """
        folder = self.partial
        with writing(folder):
            for kind in ("months", "years", "spells"):
                parts = sorted(folder.glob(f"part-*.{kind}.parquet"))
                if parts:
                    whole = pa.concat_tables([pq.read_table(part) for part in parts])
                    write_parquet(folder / f"{kind}.parquet", whole)
            months = pq.read_table(folder / "months.parquet")
            write_table(folder / "months.csv", _readable(months, self.manifest))
            write_table(folder / "summary.csv", summary(folder))
            write_table(folder / "columns.csv", [("column", "kind", "unit", "meaning"), *meanings()])
            _write_atomically(folder / "resolved.toml", resolved)
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
    tables: Tables = {}
    for kind, kinds, index in (("months", MONTHLY, "month"), ("years", YEARLY, "year")):
        table = pq.read_table(folder / f"{kind}.parquet")
        replications = len(set(table["replication"].to_pylist()))
        for name, (words, labels) in kinds.items():
            columns = [table[f"{words}: {label}"].to_numpy() for label in labels]
            array = np.stack(columns, axis=1).reshape(replications, -1, len(labels))
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
        raise UserError(
            Problem(
                str(folder),
                "",
                "a run that was stopped",
                "a finished one",
                "the same run command, which goes on from there",
            )
        )
    if not path.is_file():
        inside = sorted(child.parent.name for child in folder.glob(f"*/{_MANIFEST}"))
        if inside:
            raise UserError(
                Problem(
                    str(folder),
                    "",
                    "a folder of results",
                    "one of: " + ", ".join(inside),
                    f"demandsim show {folder / inside[0]}",
                )
            )
        raise UserError(
            Problem(
                str(folder), "", "no results", f"a folder with a {_MANIFEST}, as a run makes", "demandsim run baseline"
            )
        )
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
        raise UserError(
            Problem(
                str(folder),
                "",
                f"damaged results ({error})",
                "the files a run writes",
                "demandsim run SCENARIO --again",
            )
        ) from None


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


def _write_atomically(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, path)


def write_parquet(path: Path, table: pa.Table) -> None:
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as stream:
        pq.write_table(table, stream, compression="zstd")
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, path)


def write_table(path: Path, rows: Iterable[Sequence[Any]]) -> None:
    temporary = path.with_name(path.name + ".tmp")
    # A byte order mark, so that Excel reads the pound sign.
    with temporary.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
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
