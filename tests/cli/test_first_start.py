"""The first start compiles the model once, whoever asks for it, and says so once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from demandsim.engine.compiling import FOLDER

SAID = "Compiling the model, once"
RUN = ["run", "baseline", "--years", "1", "--replications", "1", "--set", "population.children=500", "--no-pictures"]
#: What a command does before it simulates, with something quick in the place of compiling.
PREPARE = """
import time
from demandsim.cli.output import compiling as say
from demandsim.engine import compiling
from demandsim.first_start import listen
from demandsim.model import simulate
listen(say)
compiling.compile_once(lambda: (time.sleep(1.0), print("compiled")))
"""


def python(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def first_cache(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """Return a folder in which nothing is compiled, and what makes commands use it: that of all tests, if it is so."""
    if FOLDER and not (FOLDER / "compiled").exists():
        return FOLDER, {}
    return tmp_path / "cache", {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=600)
    return process.returncode, out, err


def test_two_first_starts_at_once_compile_the_model_once_and_a_later_start_says_nothing(tmp_path: Path) -> None:
    folder, cache = first_cache(tmp_path)
    both = [python("-m", "demandsim", *RUN, "--out", tmp_path / name, **cache) for name in ("one", "other")]
    first = [ended(process) for process in both]
    assert [code for code, _, _ in first] == [0, 0], first
    # In the cache of all tests another process may have been first.
    assert sum(err.count(SAID) for _, _, err in first) in ((1,) if cache else (0, 1)), first
    written = {file: file.stat().st_mtime_ns for file in folder.rglob("*.nb?")}
    assert written
    code, _, err = ended(python("-m", "demandsim", *RUN, "--out", tmp_path / "later", **cache))
    assert (code, err) == (0, "")
    assert {file: file.stat().st_mtime_ns for file in written} == written


def test_two_processes_at_once_use_what_one_of_them_compiled(tmp_path: Path) -> None:
    both = [python("-c", PREPARE, NUMBA_CACHE_DIR=str(tmp_path)) for _ in range(2)]
    found = [ended(process) for process in both]
    assert sorted(out for _, out, _ in found) == ["", "compiled\n"], found
    assert sorted(err.count(SAID) for _, _, err in found) == [0, 1], found


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence_and_the_command_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, out, err = ended(python("-c", PREPARE, NUMBA_CACHE_DIR=str(tmp_path / "file")))
    assert (code, out) == (0, "compiled\n"), err
    no_folder, compiling = err.splitlines()
    assert no_folder.startswith("No folder can be written to keep the compiled model: set NUMBA_CACHE_DIR")
    assert compiling.startswith(SAID)


def test_bounds_are_checked_by_code_of_its_own(tmp_path: Path) -> None:
    code = "from demandsim.engine.compiling import FOLDER; print(FOLDER.name)"
    folders = [
        ended(python("-c", code, NUMBA_CACHE_DIR=str(tmp_path), NUMBA_BOUNDSCHECK=checked))[1] for checked in "01"
    ]
    assert all(name.startswith("compiled-") for name in folders)
    assert folders[0] != folders[1]


def test_a_copy_elsewhere_or_written_again_is_compiled_for_itself(tmp_path: Path) -> None:
    """Numba would compile it again in silence, in every process that starts before one has finished."""
    copy = tmp_path / "copy" / "demandsim"
    shutil.copytree(ROOT / "src" / "demandsim", copy, ignore=shutil.ignore_patterns("__pycache__"))
    code = "from demandsim.engine.compiling import FOLDER; print(FOLDER.name)"
    cache = {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    one = ended(python("-c", code, PYTHONPATH=str(copy.parent), **cache))[1]
    os.utime(copy / "model" / "census.py", (1e9, 1e9))
    again = ended(python("-c", code, PYTHONPATH=str(copy.parent), **cache))[1]
    shutil.move(copy.parent, tmp_path / "moved")
    moved = ended(python("-c", code, PYTHONPATH=str(tmp_path / "moved"), **cache))[1]
    assert len({one, again, moved}) == 3


def test_a_python_without_numba_gets_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "numba.py").write_text("raise ImportError('no wheel for this Python')\n")
    code, out, err = ended(python("-m", "demandsim", *RUN, "--out", tmp_path / "results", PYTHONPATH=str(tmp_path)))
    assert (code, out) == (1, "")
    assert "Traceback" not in err
    assert "found no Numba that works here (no wheel for this Python)" in err
    assert "Error: 1 problem" in err
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["list"], ["check", "baseline"]])
def test_what_simulates_nothing_imports_no_compiler(arguments: list[str]) -> None:
    code = (
        "import sys; from demandsim.cli.main import main\n"
        f"try: main({arguments!r})\n"
        "except SystemExit as end: assert not end.code\n"
        "assert 'numba' not in sys.modules"
    )
    found, _, err = ended(python("-c", code))
    assert found == 0, err
