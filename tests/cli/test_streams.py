"""Where standard output or error is closed, full or narrow, a command ends with what it did and no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Command

TITLE = '[scenario]\ntitle = "Café → £"\nextends = "baseline"\n'
SMALL = "--years 1 --replications 1 --set population.children=500 --no-pictures --jobs 1 --point"
#: What cmd.exe has no way to say, or a disk of Windows no way to hold.
not_on_windows = pytest.mark.skipif(sys.platform == "win32", reason="nothing of the kind on Windows")
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")


def _shell(folder: Path, arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "café.toml").write_text(TITLE, encoding="utf-8")
    return subprocess.run(
        f'"{sys.executable}" -m demandsim {arguments}',
        shell=True,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=300,
    )


@needs_full
@pytest.mark.parametrize("what", ["check baseline", "--help", "explain baseline", f"run café.toml {SMALL}"])
def test_a_full_disk_under_standard_output_is_said_on_the_side(tmp_path: Path, what: str) -> None:
    done = _shell(tmp_path, f"{what} >/dev/full")
    assert done.returncode == 1
    assert "standard output: found a disk without room left" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@not_on_windows
@pytest.mark.parametrize("closed", ["2>&-", ">&-"])
def test_a_run_with_a_stream_closed_writes_its_results(tmp_path: Path, closed: str) -> None:
    done = _shell(tmp_path, f"run café.toml {SMALL} {closed}")
    assert done.returncode == 0
    assert "Traceback" not in done.stdout + done.stderr
    (summary,) = tmp_path.glob("results/*/summary.csv")
    assert summary.read_text(encoding="utf-8-sig").startswith("measure,")


@not_on_windows
@pytest.mark.parametrize("what", ["check nothing 2>&-", "check nothing 2>&- >&-"])
def test_a_problem_that_cannot_be_said_still_fails(tmp_path: Path, what: str) -> None:
    assert _shell(tmp_path, what).returncode == 1


def test_a_narrow_encoding_loses_no_run(tmp_path: Path) -> None:
    done = _shell(tmp_path, f"run café.toml {SMALL}", PYTHONIOENCODING="latin-1:strict")
    assert done.returncode == 0, done.stderr
    assert "\\u2192" in done.stdout
    assert list(tmp_path.glob("results/caf*/summary.csv"))


@not_on_windows
def test_a_name_that_is_no_text_here_is_refused_before_anything_is_simulated(tmp_path: Path) -> None:
    narrow = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = _shell(tmp_path, f"run café.toml {SMALL}", **narrow)
    assert done.returncode == 1
    assert "PYTHONUTF8=1" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "results").exists()


@not_on_windows
def test_control_characters_in_a_name_or_a_title_do_not_reach_the_terminal(demandsim: Command, tmp_path: Path) -> None:
    (tmp_path / "\x1b[31mred.toml").write_text(TITLE.replace("Café", "\\u001b[2J"), encoding="utf-8")
    for arguments in (["\x1b[31mred.toml"], ["baseline", "--set", "\x1b[2J=3"], ["\x1b]0;title\x07"]):
        done = demandsim("check", *arguments)
        assert done.returncode == 1
        assert "\x1b" not in done.stdout + done.stderr
        assert "\\x1b" in done.stderr


@pytest.mark.parametrize("name", ["", ".", "..", "n" * 300, "\x1b[31m", "what:if", "which?", "nul", "aux.toml"])
def test_a_new_scenario_without_a_name_is_refused(demandsim: Command, name: str) -> None:
    done = demandsim("new", name)
    assert done.returncode == 1
    assert "my_scenario" in done.stderr
    assert "Traceback" not in done.stderr


@not_on_windows
def test_a_new_scenario_with_quotes_in_its_name_is_good(demandsim: Command) -> None:
    assert demandsim("new", 'a"b').returncode == 0
    assert demandsim("check", 'a"b.toml').returncode == 0


def test_a_name_of_three_hundred_letters_is_no_file(demandsim: Command) -> None:
    done = demandsim("check", "n" * 300)
    assert done.returncode == 1
    assert "no such file" in done.stderr
