"""A run by processes that are killed, by Dask, and by simulations that fail, as a user meets it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Command, quiet, surroundings

RUN = (
    "run",
    "baseline",
    "--set",
    "population.children=2000",
    "--years",
    "1",
    "--replications",
    "4",
    "--no-pictures",
    "--point",
)

#: The command, with something changed in it first.
CHANGED = "import os, signal, sys\n{}\nfrom demandsim.cli.main import main\nmain()"
FAILING = """
import demandsim.experiment.parts as parts
simulate = parts.simulate
def failing(scenario, seed, replication, *others):
    if replication == 1:
        return 1 / 0
    if replication == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate(scenario, seed, replication, *others)
parts.simulate = failing
"""
ONLY_WHAT_FAILED = FAILING.replace("== 1", "in (0, 3)").replace("== 2", "> 3")


def _changed(change: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHANGED.format(change), *arguments],
        cwd=folder,
        env=surroundings(),
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def _bytes(results: Path) -> dict[str, bytes]:
    (folder,) = results.iterdir()
    assert not folder.name.endswith(".partial")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def test_whoever_does_the_work_the_tables_are_the_same(separate: Command, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    for executor in ("serial", "dask"):
        done = separate(*RUN, "--executor", executor, "--jobs", "2", "--out", executor)
        assert done.returncode == 0, done.stderr
        assert quiet(done.stderr)
    assert _bytes(tmp_path / "dask") == _bytes(tmp_path / "serial")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds workers in /proc")
def test_a_worker_that_is_killed_is_replaced_and_the_tables_are_the_same(demandsim: Command, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "demandsim", *RUN, "--jobs", "2", "--out", "killed"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    workers: list[str] = []
    while len(workers) < 2 and process.poll() is None:
        time.sleep(0.005)
        workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(workers[0]), signal.SIGKILL)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 0, stderr
    assert "was lost (1 of 3 tries)" in stderr
    assert demandsim(*RUN, "--jobs", "1", "--out", "left_alone").returncode == 0
    assert _bytes(tmp_path / "killed") == _bytes(tmp_path / "left_alone")


@contextmanager
def _dask(port: int, workers: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run a scheduler and workers, as on a cluster; gives their processes, the scheduler's first."""
    address = f"tcp://127.0.0.1:{port}"
    of_one = ("--nthreads", "1", "--no-dashboard", "--no-nanny")
    commands = [("dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")]
    commands += [("dask_worker", address, *of_one)] * workers
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [
        subprocess.Popen([sys.executable, "-m", f"distributed.cli.{one}", *rest], **quiet) for one, *rest in commands
    ]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.wait()


def _parts(results: Path) -> int:
    return len(list(results.glob("*.partial/part-*.months.arrow")))


def _once_there_are_more(results: Path, process: subprocess.Popen[str]) -> None:
    before = _parts(results)
    while process.poll() is None and _parts(results) <= before:
        time.sleep(0.005)
    assert process.poll() is None, process.communicate()[1]


@pytest.mark.skipif(sys.platform == "win32", reason="kills processes by SIGKILL")
def test_a_cluster_may_lose_its_scheduler_and_then_a_worker(demandsim: Command, tmp_path: Path) -> None:
    """After the first the same command simulates what is missing; the second changes nothing."""
    pytest.importorskip("distributed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    longer, out = (*RUN, "--replications", "12", "--seed", "3"), tmp_path / "dask"
    command = [sys.executable, "-m", "demandsim", *longer, "--scheduler", f"tcp://127.0.0.1:{port}", "--out", "dask"]

    def started() -> subprocess.Popen[str]:
        return subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    with _dask(port, 2) as (scheduler, *_):
        process = started()
        _once_there_are_more(out, process)
        scheduler.kill()
        _, stderr = process.communicate(timeout=120)
        assert process.returncode == 1, stderr
        assert "Traceback" not in stderr
        assert "a scheduler that went away" in stderr
    assert 0 < _parts(out) < 12
    with _dask(port, 2) as (_, worker, _):
        process = started()
        _once_there_are_more(out, process)
        worker.kill()
        _, stderr = process.communicate(timeout=120)
        assert process.returncode == 0, stderr
    assert demandsim(*longer, "--executor", "serial", "--out", "serial").returncode == 0
    assert _bytes(out) == _bytes(tmp_path / "serial")


@pytest.mark.skipif(sys.platform != "linux", reason="needs workers that inherit the change, and SIGKILL")
def test_what_fails_is_reported_and_the_rest_is_kept(demandsim: Command, tmp_path: Path) -> None:
    done = _changed(FAILING, tmp_path, *RUN, "--jobs", "2")
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    for words in ("2 problems", "seed 2015, replication 1: found ZeroDivisionError", "replication 2: found each of 3"):
        assert words in done.stderr, done.stderr
    assert "--executor serial" in done.stderr
    (partial,) = (tmp_path / "results").iterdir()
    assert partial.name.endswith(".partial")
    assert {path.name for path in partial.glob("part-*.months.arrow")} == {
        f"part-0000{number}.months.arrow" for number in (0, 3)
    }
    kept = (partial / "failed-00001.txt").read_text(encoding="utf-8")
    assert "seed 2015, replication 1" in kept
    assert "Traceback" in kept

    again = _changed(ONLY_WHAT_FAILED, tmp_path, *RUN, "--executor", "serial")
    assert again.returncode == 0, again.stderr
    assert demandsim(*RUN, "--jobs", "1", "--out", "whole").returncode == 0
    assert _bytes(tmp_path / "results") == _bytes(tmp_path / "whole")


def test_england_is_run_and_shown_like_an_authority(demandsim: Command, tmp_path: Path) -> None:
    few = "import demandsim.experiment.england as england\nengland.AUTHORITIES = 3"
    done = _changed(few, tmp_path, *RUN[: RUN.index("--replications")], "--no-pictures", "--england")
    assert done.returncode == 0, done.stderr
    for words in ("England as 3 authorities", "1 replication)", "3 authorities added up", "there are no intervals"):
        assert words in done.stdout
    (folder,) = (tmp_path / "results").iterdir()
    assert (folder / "authorities.csv").is_file()
    shown = demandsim("show", str(folder))
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.strip() in done.stdout


def test_dask_that_is_not_installed(tmp_path: Path) -> None:
    done = _changed("sys.modules['distributed'] = None", tmp_path, *RUN, "--executor", "dask")
    assert done.returncode == 1
    assert 'pip install "demandsim[dask]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_options_that_do_not_go_together(demandsim: Command) -> None:
    for options in (("--executor", "serial"), ("--jobs", "2")):
        done = demandsim(*RUN, "--scheduler", "tcp://127.0.0.1:8786", *options)
        assert done.returncode == 2
        assert options[0] in done.stderr


def test_a_worker_of_another_version_is_refused(tmp_path: Path) -> None:
    older = "import demandsim.experiment.parts as parts\nparts.__version__ = '0.0.1'"
    done = _changed(older, tmp_path, *RUN, "--executor", "serial")
    assert done.returncode == 1
    assert "found demandsim 0.0.1" in done.stderr
