"""One run's results on disk: one folder, finished when its checksums say so.

While a run goes on, each finished simulation is a part in a folder ending in `.partial`, written by the worker that
made it. When all are there they are put together in a folder inside it, which then gets its final name. The parts go
last. Whatever stops a run, the same command goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from demandsim.problems import Problem, UserError
from demandsim.results.atomic_write import (
    UNFINISHED,
    give_name,
    remove,
    write_csv,
    write_parquet,
    write_table,
    write_text,
    writing,
)
from demandsim.results.checksums import damage, seal
from demandsim.results.manifest import FILE, FORMAT, Manifest, Results, manifest_text, read_manifest
from demandsim.results.parts import Part, Parts
from demandsim.results.reading import arrays_of, read_results, read_tables
from demandsim.results.tables import MONTHLY, YEARLY, Tables, columns_of, meanings

__all__ = [
    "FORMAT",
    "Manifest",
    "Results",
    "Rows",
    "Store",
    "put_in_place",
    "read_results",
    "read_tables",
    "write_parquet",
    "write_table",
    "write_text",
    "writing",
]

#: Makes the rows of a table, the heading first, from the folder of a run.
Rows = Callable[[Path], Iterable[Sequence[Any]]]


class Store:
    """Where one run's results go.

    Args:
        out: the folder that holds results folders.
        manifest: of the run.

    Attributes:
        final: the folder of finished results.
        partial: the folder of a run that goes on.
    """

    def __init__(self, out: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self.final = out / manifest.folder
        self.partial = out / f"{manifest.folder}.partial"
        self._parts = Parts(self.partial, manifest.run, manifest.kinds)

    @property
    def finished(self) -> bool:
        """Return whether the finished results are there, as they were written."""
        return read_manifest(self.final).get("format") == FORMAT and not damage(self.final)

    def absolute(self) -> Store:
        """Return the same, for workers that may be in another folder."""
        return Store(self.final.parent.absolute(), self.manifest)

    def open(self, wanted: Iterable[Part], rerun: bool = False) -> tuple[set[Part], list[Part]]:
        """Make ready for parts; return those that are there from an earlier try, and those that were damaged.

        Args:
            wanted: all parts of the run.
            rerun: what another version has left goes.

        Raises:
            UserError: nothing can be written there, or the parts there are of another version.
        """
        with writing(self.partial):
            if rerun and self._others():
                remove(self.partial)
            self.partial.mkdir(parents=True, exist_ok=True)
            if self._others():
                raise self._of_another_version()
            write_text(self.partial / FILE, manifest_text(self.manifest))
            for leftover in (*self.partial.glob(f"*{UNFINISHED}"), *self.partial.glob("failed-*.txt")):
                leftover.unlink(missing_ok=True)
            return self._parts.sort_out(wanted)

    def _others(self) -> dict[str, Any]:
        """Return the manifest of what lies there, if another version made it, or other libraries."""
        content, ours = read_manifest(self.partial), self.manifest.content
        readable = isinstance(content.get("made_with"), dict) and "version" in content
        same = all(content.get(name) == ours[name] for name in ("format", "version", "made_with"))
        return content if readable and not same else {}

    def _of_another_version(self) -> UserError:
        content = self._others()
        found = [f"demandsim {content['version']}", *(f"{name} {one}" for name, one in content["made_with"].items())]
        return UserError(
            Problem(
                str(self.partial),
                "manifest.json",
                f"an unfinished run of {', '.join(found)}",
                self.manifest.made_by(),
                "the same command with --again, which begins it again, or --out with another folder",
            )
        )

    def has_receipt(self, part: Part) -> bool:
        """Return whether a part was written, as far as can be seen without reading it."""
        return self._parts.has_receipt(part)

    def count(self) -> int:
        """Return about how many parts are there, without reading them."""
        return len(list(self.partial.glob("part-*.json")))

    def write_part(self, part: Part, tables: Tables, spells: Sequence[tuple[Any, ...]] | None) -> None:
        """Write one part, if the run still goes on there: its command may have been killed, and another finished it.

        Raises:
            UserError: it can't be written.
        """
        replication = part.replication
        found = {
            "months": _wide(replication, tables, MONTHLY, "month"),
            "years": _wide(replication, tables, YEARLY, "year"),
        }
        if spells is not None:
            found["spells"] = spell_table(replication, spells)
        if (self.partial / FILE).is_file():
            with writing(self.partial):
                self._parts.write(part, found)

    def read_authorities(self, replication: int) -> Tables:
        """Return the tables of one replication of England as arrays of (authority, month or year, column).

        Raises:
            LostPartError: a part is not there as it was written.
        """
        parts = [Part(replication, number + 1) for number in range(self.manifest.authorities)]
        months, years = (
            pa.concat_tables(self._parts.read(part, kind) for part in parts) for kind in ("months", "years")
        )
        return arrays_of(months, years, len(parts))

    def failure(self, part: Part) -> Path:
        """Return where it is said why a part could not be simulated."""
        return self.partial / f"{part.stem.replace('part', 'failed')}.txt"

    def write_failure(self, part: Part, text: str) -> None:
        """Write why a part could not be simulated."""
        with writing(self.partial):
            write_text(self.failure(part), text)

    def finish(self, parts: Sequence[Part], texts: Mapping[str, str], tables: Mapping[str, Rows]) -> Results:
        """Put the parts together, write what goes with them, and give the folder its name.

        Args:
            parts: all that the run asks for.
            texts: files to write as they are: the scenario with every value in it, as TOML.
            tables: files to write, each with what makes its rows.

        Raises:
            LostPartError: a part is not there as it was written; nothing has changed.
            UserError: it can't be written.
        """
        folder = self.partial / "finished"
        with writing(folder):
            remove(folder)
            folder.mkdir(parents=True)
            for kind in self.manifest.kinds:
                write_parquet(folder / f"{kind}.parquet", pa.concat_tables(self._parts.put_together(parts, kind)))
            months = pq.read_table(folder / "months.parquet")
            write_csv(folder / "months.csv", _readable(months, self.manifest))
            for name, rows in tables.items():
                write_table(folder / name, rows(folder))
            write_table(folder / "columns.csv", [("column", "kind", "unit", "meaning"), *meanings()])
            for name, text in {**texts, FILE: manifest_text(self.manifest)}.items():
                write_text(folder / name, text)
            seal(folder)
            put_in_place(folder, self.final, self.partial)
        return read_results(self.final)

    def clear(self) -> None:
        """Remove the parts of a run that is finished, as far as that goes: another version's stay."""
        if self.partial.exists() and not self._others():
            _remove_as_far_as_it_goes(self.partial)


def put_in_place(finished: Path, final: Path, work: Path) -> None:
    """Give a finished folder its name. What had it, and the folder it was made in, go after that.

    Args:
        finished: the folder, inside `work`.
        final: its name from now on.
        work: holds all that the folder was made from; whole until the folder is in its place.

    Raises:
        OSError: it can't be done; both are as they were.
    """
    replaced = work / "replaced"
    if final.exists():
        remove(replaced)
        give_name(final, replaced)
    try:
        give_name(finished, final)
    except OSError:
        if replaced.exists():
            give_name(replaced, final)
        raise
    _remove_as_far_as_it_goes(work)


def _remove_as_far_as_it_goes(work: Path) -> None:
    """Remove a work folder, what it is marked by first; what can't be removed does no harm."""
    try:
        (work / FILE).unlink(missing_ok=True)
        remove(work)
    except OSError:
        pass


def spell_table(replication: int, spells: Sequence[tuple[Any, ...]]) -> pa.Table:
    names = ("child", "family", "kind", "detail", "start_day", "end_day", "ended_by", "born", "need", "basis")
    types = (*(pa.int64(),) * 2, *(pa.string(),) * 2, *(pa.float64(),) * 2, *(pa.string(),) * 4)
    columns = list(zip(*spells, strict=True)) or [()] * len(names)
    arrays = [pa.array(column, type=kind) for column, kind in zip(columns, types, strict=True)]
    arrays.insert(0, pa.array([replication] * len(spells), type=pa.int32()))
    return pa.table(arrays, names=["replication", *names])


def _wide(replication: int, tables: Tables, kinds: dict[str, tuple[str, list[str]]], index: str) -> pa.Table:
    length = len(tables[next(iter(kinds))])
    arrays = [pa.array([replication] * length, type=pa.int32()), pa.array(range(length), type=pa.int32())]
    for name in kinds:
        arrays += [pa.array(np.ascontiguousarray(tables[name][:, column])) for column in range(tables[name].shape[1])]
    return pa.table(arrays, names=["replication", index, *columns_of(kinds)])


def _readable(months: pa.Table, manifest: Manifest) -> pa.Table:
    """Return the monthly table for a spreadsheet: dates instead of numbers of months."""
    place = months.column_names.index("month")
    numbers = months["month"].to_pylist()
    names = {
        number: f"{manifest.first_year + (number + 3) // 12}-{(number + 3) % 12 + 1:02d}" for number in set(numbers)
    }
    return months.set_column(place, "month", pa.array([names[number] for number in numbers]))
