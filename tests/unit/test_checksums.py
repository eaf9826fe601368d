"""A folder's checksums find everything that is not as it was written, and other programs read them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from demandsim.results.checksums import FILE, damage, seal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "two.json").write_text("{}", encoding="utf-8")
    (tmp_path / "inside").mkdir()
    seal(tmp_path)
    return tmp_path


def test_a_folder_as_it_was_written_is_whole_and_stays_so_beside_files_of_others(folder: Path) -> None:
    assert damage(folder) == []
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    assert damage(folder) == []


def test_what_is_missing_or_changed_is_named(folder: Path) -> None:
    (folder / "one.csv").write_text("a,b\n1,3\n", encoding="utf-8")
    (folder / "two.json").unlink()
    assert damage(folder) == ["one.csv is not as it was written", "two.json is missing"]
    (folder / FILE).unlink()
    assert damage(folder) == [f"{FILE} is missing"]


def test_every_cut_and_every_change_of_the_checksums_is_seen(folder: Path) -> None:
    whole = (folder / FILE).read_bytes()
    for place in range(len(whole)):
        for content in (whole[:place], whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]):
            (folder / FILE).write_bytes(content)
            assert damage(folder), content


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_sha256sum_checks_a_folder_without_demandsim(folder: Path) -> None:
    check = ["sha256sum", "--check", "--strict", FILE]
    assert subprocess.run(check, cwd=folder, capture_output=True, check=False).returncode == 0
    (folder / "one.csv").write_text("", encoding="utf-8")
    assert subprocess.run(check, cwd=folder, capture_output=True, check=False).returncode == 1
