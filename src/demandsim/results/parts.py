"""The files of a run that goes on: one part for each finished simulation, written by the worker that made it.

They are Parquet files, read and deleted in the end; so they are kept plain, which is written and read sooner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from demandsim.results.replacing import replacing


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
        return folder / f"{self.stem}.{kind}.parquet"


def parts_there(folder: Path, kind: str) -> dict[Part, Path]:
    """Return the parts that have a table of one kind, in order, and where it lies."""
    paths = sorted(folder.glob(f"part-*.{kind}.parquet"))
    return {Part(*map(int, path.name.split(".")[0].split("-")[1:])): path for path in paths}


def write_part_table(path: Path, table: pa.Table, compression: str = "none") -> None:
    with replacing(path) as stream:
        pq.write_table(table, stream, compression=compression, use_dictionary=False, write_statistics=False)


def read_part_table(path: Path) -> pa.Table:
    with path.open("rb") as stream:
        return pq.ParquetFile(pa.py_buffer(stream.read())).read(use_threads=False)


def put_together(parts: dict[Part, Path]) -> Iterator[pa.Table]:
    """Yield the table of each replication, its authorities added up: one of them at a time in memory."""
    for _, group in groupby(parts, key=lambda part: part.replication):
        first, *others = (parts[part] for part in group)
        yield _sum(first, others) if others else read_part_table(first)


def _sum(first: Path, others: Sequence[Path]) -> pa.Table:
    table = read_part_table(first)
    index, names = table.columns[:2], table.column_names
    # A month of England is too large for the whole numbers that an authority's precision holds.
    sums = [column.to_numpy().astype(np.float64) for column in table.columns[2:]]
    for path in others:
        for total, column in zip(sums, read_part_table(path).columns[2:], strict=True):
            total += column.to_numpy()
    return pa.table([*index, *sums], names=names)
