"""What is computed does not hang on how many cores there are."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from threadpoolctl import threadpool_info

from demandsim.threads import on_one_thread

_SUMS = """
import hashlib
import numpy as np
from demandsim.threads import on_one_thread

matrix = np.random.default_rng(1).standard_normal((200, 170))
singular = on_one_thread(np.linalg.svd)(matrix)
print(hashlib.sha256(b"".join(part.tobytes() for part in singular)).hexdigest())
"""


def _threads() -> list[int]:
    return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]


def test_linear_algebra_has_one_thread_and_then_as_many_as_before() -> None:
    before = _threads()
    within = on_one_thread(_threads)()
    assert within
    assert set(within) == {1}
    assert _threads()[: len(before)] == before


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core has one thread")
def test_the_same_bits_with_any_number_of_threads() -> None:
    found = [
        subprocess.run(
            [sys.executable, "-c", _SUMS],
            env={**os.environ, "OPENBLAS_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    ]
    assert found[0] == found[1]
