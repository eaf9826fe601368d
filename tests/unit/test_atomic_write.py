"""What another program holds is tried again, and said; nothing is lost in the meantime."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from demandsim.problems import UserError, typed
from demandsim.results import atomic_write
from demandsim.results.atomic_write import give_name, write_text, writing
from demandsim.results.store import put_in_place

WAIT = 20.0


class HeldError(PermissionError):
    """What Windows raises of a file that another program has open."""

    winerror = 32


class Holds:
    """Refuses the renaming of some files so many times, as a program that has them open does.

    Args:
        times: refusals.
        name: only of what gets this name; any unless given.
    """

    def __init__(self, times: int, name: str = "") -> None:
        self.left, self._name = times, name
        self._replace = os.replace

    def __call__(self, made: Path, name: Path) -> None:
        if self.left and self._name in ("", Path(name).name):
            self.left -= 1
            raise HeldError(13, "in use", str(made), None, str(name))
        self._replace(made, name)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_write, "_PAUSES", (0.0, 0.0, 0.0))


def test_a_file_that_is_held_for_a_moment_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    holds = Holds(3)
    monkeypatch.setattr(os, "replace", holds)
    write_text(tmp_path / "a.csv", "new")
    assert (holds.left, (tmp_path / "a.csv").read_text()) == (0, "new")


def test_what_is_refused_for_another_reason_is_not_tried_again(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(FileNotFoundError):
        give_name(tmp_path / "nothing", tmp_path / "a")
    assert time.monotonic() - began < 1


def test_a_file_that_stays_open_elsewhere_is_said_by_its_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "comparison.csv"
    kept.write_text("old")
    monkeypatch.setattr(os, "replace", Holds(99))
    with pytest.raises(UserError) as raised, writing(tmp_path):
        write_text(kept, "new")
    (problem,) = raised.value.problems
    assert problem.where == str(kept)
    assert "another program that has it open" in problem.found
    assert "close it there" in problem.next
    assert [file.name for file in tmp_path.iterdir()] == ["comparison.csv"]
    assert kept.read_text() == "old"


def test_results_that_cannot_be_replaced_stay_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    final, work = tmp_path / "run", tmp_path / "run.partial"
    for folder, text in ((final, "old"), (work / "finished", "new")):
        folder.mkdir(parents=True)
        (folder / "summary.csv").write_text(text)
    # The old folder can be moved away, and the new one not moved in, until it is given up.
    monkeypatch.setattr(os, "replace", Holds(4, final.name))
    with pytest.raises(PermissionError):
        put_in_place(work / "finished", final, work)
    assert (final / "summary.csv").read_text() == "old"
    assert (work / "finished" / "summary.csv").read_text() == "new"
    put_in_place(work / "finished", final, work)
    assert (final / "summary.csv").read_text() == "new"
    assert not work.exists()


@pytest.mark.parametrize("method", ["fork", "spawn"] if sys.platform == "linux" else ["spawn"])
def test_workers_end_when_the_command_is_killed(tmp_path: Path, method: str) -> None:
    script = tmp_path / "command.py"
    script.write_text(
        "import multiprocessing, os, time\n"
        "from demandsim.experiment.processes import Processes\n"
        "if __name__ == '__main__':\n"
        f"    multiprocessing.set_start_method({method!r})\n"
        "    pool = Processes(2)\n"
        "    calls = [pool.submit(os.getpid, ()) for _ in range(2)]\n"
        "    print(*(call.result() for call in calls), flush=True)\n"
        "    time.sleep(100)\n"
    )
    command = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert command.stdout
    workers = [psutil.Process(int(number)) for number in command.stdout.readline().split()]
    assert len(workers) == 2
    if sys.platform == "win32":
        command.kill()
    else:
        os.kill(command.pid, signal.SIGKILL)
    command.wait()
    command.stdout.close()
    _, alive = psutil.wait_procs(workers, timeout=WAIT)
    assert not [worker for worker in alive if worker.status() != psutil.STATUS_ZOMBIE]


def test_commands_are_quoted_as_every_shell_takes_them() -> None:
    words = ["demandsim", "check", "results/run-1/a.toml", "My Files/a b.toml", "--set", "x=[1, 2]"]
    assert typed(*words) == 'demandsim check results/run-1/a.toml "My Files/a b.toml" --set "x=[1, 2]"'
    assert shlex.split(typed(*words)) == words
    assert shlex.split(typed("demandsim", 'a"b.toml', "£5 $HOME")) == ["demandsim", 'a"b.toml', "£5 $HOME"]
    assert typed("demandsim", "show", r"results\run-1") == r"demandsim show results\run-1"
