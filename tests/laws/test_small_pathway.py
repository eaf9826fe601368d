"""The model's way of scheduling gives, case for case, what SimPy's processes and resource give with the same draws."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from conftest import ROOT

WEEKS = 300


def answer(tool: str) -> tuple[int, float]:
    """Return the cases closed and the mean wait for a worker in the benchmark's small pathway."""
    command = [sys.executable, str(ROOT / "benchmarks" / "pathway" / tool), "1", str(7 * WEEKS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    _, closed, wait, _ = json.loads(done.stdout)
    return closed, wait


def test_cases_close_and_wait_as_with_simpy_processes() -> None:
    closed, wait = answer("ours.py")
    assert wait > 0
    assert (closed, pytest.approx(wait, rel=1e-9)) == answer("plain_simpy.py")
