"""The files of a run that goes on: one part for each finished simulation, written by the worker that made it.

They are read and deleted in the end; so they are as Arrow has them in memory, which takes a tenth of what Parquet takes
to write and read. Beside them lies a receipt, written last, that says what they are: a part counts if it is there, and
the files match it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from demandsim.results.atomic_write import atomic_write, remove, write_text

#: Spells are many.
_COMPRESSION = {"spells": "zstd"}


class Part(NamedTuple):
    """What one worker simulates at once.

    Attributes:
        replication: its number, from 0.
        authority: its number, from 1, in a run of England; else 0.
    """

    replication: int
    authority: int = 0

    @property
    def stem(self) -> str:
        """Return how the names of its files begin."""
        return f"part-{self.replication:05d}" + (f"-{self.authority:03d}" if self.authority else "")

    @property
    def words(self) -> str:
        return f"replication {self.replication}" + (f", authority {self.authority}" if self.authority else "")

    def file(self, folder: Path, kind: str) -> Path:
        """Return where its table of one kind lies."""
        return folder / f"{self.stem}.{kind}.arrow"

    def receipt(self, folder: Path) -> Path:
        """Return where its receipt lies."""
        return folder / f"{self.stem}.json"


class LostPartError(Exception):
    """A part that was there is missing or damaged: it has to be simulated again.

    Attributes:
        part: which one.
    """

    def __init__(self, part: Part) -> None:
        self.part = part
        super().__init__(part.words)


class Parts:
    """The parts of one run in its folder.

    Args:
        folder: where they lie.
        run: digest of everything that makes the run what it is.
        kinds: of tables that each part has.
    """

    def __init__(self, folder: Path, run: str, kinds: Sequence[str]) -> None:
        self.folder = folder
        self._run = run
        self._kinds = tuple(kinds)

    def write(self, part: Part, tables: dict[str, pa.Table]) -> None:
        """Write one part, its receipt last.

        Raises:
            OSError: it can't be written.
        """
        sums = {
            kind: write_part_table(part.file(self.folder, kind), tables[kind], _COMPRESSION.get(kind))
            for kind in self._kinds
        }
        receipt = {"run": self._run, "part": part, "sha256": sums}
        # If the power goes it may be torn: then the part is simulated again.
        write_text(part.receipt(self.folder), json.dumps(receipt) + "\n", durable=False)

    def has_receipt(self, part: Part) -> bool:
        """Return whether the receipt of a part of this run is there, without reading its tables."""
        return self._sums(part) is not None

    def read(self, part: Part, kind: str) -> pa.Table:
        """Return one table of a part.

        Raises:
            LostPartError: it is not there as it was written.
        """
        sums = self._sums(part)
        if sums is None:
            raise LostPartError(part)
        try:
            return read_part_table(part.file(self.folder, kind), sums[kind])
        except (OSError, ValueError, pa.ArrowException):
            raise LostPartError(part) from None

    def sort_out(self, parts: Iterable[Part]) -> tuple[set[Part], list[Part]]:
        """Return which of some parts are there and whole, and which were there and are not whole; remove those.

        Raises:
            OSError: what is damaged can't be removed.
        """
        # Looked up by the list of what is there: a shared disk may remember for a while that a file was not there.
        receipts = {path.name for path in self.folder.glob("part-*.json")}
        there = [part for part in parts if part.receipt(self.folder).name in receipts]
        whole = {part for part in there if self._whole(part)}
        damaged = [part for part in there if part not in whole]
        for part in damaged:
            for file in (part.receipt(self.folder), *(part.file(self.folder, kind) for kind in self._kinds)):
                remove(file)
        return whole, damaged

    def _whole(self, part: Part) -> bool:
        sums = self._sums(part) or {}
        try:
            return bool(sums) and all(
                hashlib.sha256(part.file(self.folder, kind).read_bytes()).hexdigest() == sums[kind] for kind in sums
            )
        except OSError:
            return False

    def _sums(self, part: Part) -> dict[str, str] | None:
        """Return the checksums in the receipt of a part; None if there is none of this run."""
        try:
            receipt: Any = json.loads(part.receipt(self.folder).read_bytes())
            if receipt["run"] != self._run or Part(*receipt["part"]) != part:
                return None
            return {kind: str(receipt["sha256"][kind]) for kind in self._kinds}
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def put_together(self, parts: Iterable[Part], kind: str) -> Iterator[pa.Table]:
        """Yield the table of each replication, its authorities added up: one of them at a time in memory.

        Raises:
            LostPartError: one of them is not there as it was written.
        """
        for _, group in groupby(sorted(parts), key=lambda part: part.replication):
            first, *others = group
            yield self._sum(first, others, kind) if others else self.read(first, kind)

    def _sum(self, first: Part, others: Sequence[Part], kind: str) -> pa.Table:
        table = self.read(first, kind)
        index, names = table.columns[:2], table.column_names
        # A month of England is too large for the whole numbers that an authority's precision holds.
        sums = [column.to_numpy().astype(np.float64) for column in table.columns[2:]]
        for part in others:
            for total, column in zip(sums, self.read(part, kind).columns[2:], strict=True):
                total += column.to_numpy()
        return pa.table([*index, *sums], names=names)


def write_part_table(path: Path, table: pa.Table, compression: str | None = None) -> str:
    """Write a table and return the SHA-256 of the file."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as stream:
        stream.write_table(table)
    content = sink.getvalue()
    with atomic_write(path) as stream:
        stream.write(content)
    return hashlib.sha256(content).hexdigest()


def read_part_table(path: Path, sha256: str) -> pa.Table:
    """Return a table that `write_part_table` wrote.

    Raises:
        ValueError: it is not the one with that SHA-256.
        OSError: it can't be read.
    """
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"{path.name} is not as it was written")
    with pa.ipc.open_stream(content) as stream:
        return stream.read_all()
