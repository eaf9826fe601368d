"""Files of parts: read as written, added up without loss, counted only if they are what their receipts say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from demandsim.results.atomic_write import atomic_write
from demandsim.results.parts import LostPartError, Part, Parts, read_part_table, write_part_table

KINDS = ("months", "years")


def table(replication: int, value: float) -> pa.Table:
    values = pa.array(np.full(2, value, dtype=np.float32))
    return pa.table({"replication": [replication] * 2, "month": [0, 1], "count: referrals": values})


def written(folder: Path, *parts: Part, run: str = "this run") -> Parts:
    kept = Parts(folder, run, KINDS)
    for part in parts:
        kept.write(part, {"months": table(part.replication, 1), "years": table(part.replication, 2)})
    return kept


@pytest.mark.parametrize("compression", [None, "zstd"])
def test_a_part_is_read_as_it_was_written(tmp_path: Path, compression: str | None) -> None:
    one = table(3, 0.1)
    digest = write_part_table(tmp_path / "part", one, compression)
    assert read_part_table(tmp_path / "part", digest).equals(one)


def test_authorities_are_added_up_by_replication_beyond_the_precision_of_one(tmp_path: Path) -> None:
    many = 2.0**24  # the next whole number is not one of single precision
    parts = {Part(1, 2): 2.0, Part(0, 1): 5.0, Part(1, 10): many, Part(1, 1): 1.0}
    kept = Parts(tmp_path, "this run", ["months"])
    for part, value in parts.items():
        kept.write(part, {"months": table(part.replication, value)})
    first, second = kept.put_together(parts, "months")
    assert first["count: referrals"].to_pylist() == [5.0, 5.0]
    assert second["replication"].to_pylist() == [1, 1]
    assert second["count: referrals"].to_pylist() == [many + 3, many + 3]


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


@pytest.mark.parametrize("harm", [_empty, _cut, _flip, Path.unlink])
@pytest.mark.parametrize("file", ["part-00001.months.arrow", "part-00001.years.arrow", "part-00001.json"])
def test_a_part_that_is_not_whole_does_not_count(tmp_path: Path, file: str, harm: object) -> None:
    parts = [Part(0), Part(1), Part(2)]
    kept = written(tmp_path, *parts)
    harm(tmp_path / file)  # type: ignore[operator]
    with pytest.raises(LostPartError, match="replication 1"):
        list(kept.put_together(parts, "months") if "years" not in file else kept.put_together(parts, "years"))
    whole, _ = kept.sort_out(parts)
    assert whole == {Part(0), Part(2)}


def test_parts_that_were_swapped_or_are_of_another_run_do_not_count(tmp_path: Path) -> None:
    kept = written(tmp_path, Part(0), Part(1))
    for kind in (*KINDS, ""):
        one, other = (part.file(tmp_path, kind) if kind else part.receipt(tmp_path) for part in (Part(0), Part(1)))
        one.rename(tmp_path / "aside")
        other.rename(one)
        (tmp_path / "aside").rename(other)
    assert kept.sort_out([Part(0), Part(1)]) == (set(), [Part(0), Part(1)])
    written(tmp_path, Part(0), run="another")
    written(tmp_path, Part(1))
    assert kept.sort_out([Part(0), Part(1)])[0] == {Part(1)}
    receipt = json.loads(Part(1).receipt(tmp_path).read_text())
    assert receipt["part"] == [1, 0]


def test_a_file_that_fails_half_way_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_bytes(b"whole")

    def fails() -> None:
        with atomic_write(path) as stream:
            stream.write(b"ha")
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fails()
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]
