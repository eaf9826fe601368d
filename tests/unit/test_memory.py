"""Arrays that a record points at: where they lie, and that nothing in them is lost as they grow."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import authority_of, small

NAMES = ("children", "plans", "cares", "today", "asking")


@pytest.mark.parametrize("name", NAMES)
def test_arrays_begin_on_a_line_of_the_cache_and_keep_what_is_in_them_as_they_grow(name: str) -> None:
    memory = authority_of(small(2_000)).memory
    before = vars(memory)[name].copy()
    memory.lengthen(name, 1_001)
    after, known = vars(memory)[name], getattr(memory.here, name)
    assert after.ctypes.data % 64 == 0
    assert (known.address, known.length) == (after.ctypes.data, len(before) + 1_001)
    assert np.array_equal(after[: len(before)], before)
    assert not np.frombuffer(after[len(before) :].tobytes(), np.uint8).any()
