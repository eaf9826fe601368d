"""Files of parts: read as written, added up without loss, whole or not there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from demandsim.results.parts import Part, parts_there, put_together, read_part_table, write_part_table
from demandsim.results.replacing import replacing


def table(replication: int, value: float) -> pa.Table:
    values = pa.array(np.full(2, value, dtype=np.float32))
    return pa.table({"replication": [replication] * 2, "month": [0, 1], "count: referrals": values})


@pytest.mark.parametrize("compression", ["none", "zstd"])
def test_a_part_is_read_as_it_was_written(tmp_path: Path, compression: str) -> None:
    written = table(3, 0.1)
    write_part_table(tmp_path / "part", written, compression)
    assert read_part_table(tmp_path / "part").equals(written)


def test_authorities_are_added_up_by_replication_beyond_the_precision_of_one(tmp_path: Path) -> None:
    many = 2.0**24  # the next whole number is not one of single precision
    parts = {Part(1, 2): 2.0, Part(0, 1): 5.0, Part(1, 10): many, Part(1, 1): 1.0}
    for part, value in parts.items():
        write_part_table(part.file(tmp_path, "months"), table(part.replication, value))
    there = parts_there(tmp_path, "months")
    assert list(there) == sorted(parts)
    first, second = put_together(there)
    assert first["count: referrals"].to_pylist() == [5.0, 5.0]
    assert second["replication"].to_pylist() == [1, 1]
    assert second["count: referrals"].to_pylist() == [many + 3, many + 3]


def test_a_file_that_fails_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_bytes(b"whole")

    def fails() -> None:
        with replacing(path) as stream:
            stream.write(b"ha")
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fails()
    assert path.read_bytes() == b"whole"
