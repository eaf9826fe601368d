"""Kills, races and damages, a few of the cases of `benchmarks/robustness.py`, which has hundreds."""

from __future__ import annotations

import subprocess
import sys
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from conftest import ROOT, Command

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills groups of processes, and finds them in /proc")


@pytest.fixture(scope="module")
def robustness() -> ModuleType:
    spec = spec_from_file_location("robustness", ROOT / "benchmarks" / "robustness.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_after_a_kill_the_same_command_ends_with_the_bytes_of_an_undisturbed_one(robustness: ModuleType) -> None:
    assert list(robustness.kills([0, 5, 13])) == [[]] * 3


def test_identical_commands_at_once_all_end_well_with_the_same_tables(robustness: ModuleType) -> None:
    assert list(robustness.races([3, 2])) == [[]] * 2


def test_damage_is_refused_by_show_and_made_right_by_run(robustness: ModuleType) -> None:
    assert list(robustness.damages([26, 7])) == [[]] * 2


def test_a_command_that_is_not_to_wait_leaves_with_one_problem(demandsim: Command, tmp_path: Path) -> None:
    run = ("run", "baseline", "--set", "population.children=9000", "--years", "1", "--replications", "400")
    process = subprocess.Popen([sys.executable, "-m", "demandsim", *run], cwd=tmp_path, stdout=subprocess.DEVNULL)
    try:
        while process.poll() is None and not list(tmp_path.glob("results/*.partial/part-*.json")):
            time.sleep(0.01)
        done = demandsim(*run, "--no-wait")
    finally:
        process.kill()
        process.wait()
    assert done.returncode == 1
    assert done.stderr.count("found another command that is writing it") == 1
    assert "1 problem\n" in done.stderr
