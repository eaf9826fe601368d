"""Compiled or not, at once or in pieces, a run gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from conftest import authority_of, small

from demandsim.model.simulate import simulate


def digests() -> dict[str, str]:
    """Return what tells the bytes of every table and spell of a small authority from others."""
    tables, spells = simulate(small(1_000, 1), 1, 0, spells=True)
    assert spells
    found = {name: hashlib.sha256(np.ascontiguousarray(table).tobytes()).hexdigest() for name, table in tables.items()}
    return {**found, "spells": hashlib.sha256(repr(list(spells)).encode()).hexdigest()}


def test_an_authority_uncompiled_gives_the_same_bytes_as_compiled() -> None:
    uncompiled = subprocess.run(
        [sys.executable, "-c", "import json; from test_compiling import digests; print(json.dumps(digests()))"],
        env={
            **os.environ,
            "NUMBA_DISABLE_JIT": "1",
            "PYTHONPATH": os.pathsep.join(map(str, (Path(__file__).parent, Path(__file__).parent.parent))),
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert json.loads(uncompiled.stdout) == digests()


def test_time_that_passes_in_pieces_gives_the_same_as_at_once() -> None:
    scenario = small(8_000, 1)
    whole, pieces = authority_of(scenario), authority_of(scenario)
    whole.run()
    for moment in (-4_000.0, -4_000.0 + 1e-7, -31.0, -0.5, 0.0, 0.25, 31.0, 200.125):
        pieces.run(until=moment)
        assert pieces.environment.now == moment
    pieces.run()
    assert pieces.handled == whole.handled > 10_000
    for name in ("months", "years", "spells"):
        assert getattr(pieces.memory, name).tobytes() == getattr(whole.memory, name).tobytes()
    assert np.array_equal(pieces.memory.here.taken, whole.memory.here.taken)
