"""One writer at a time: those who come later wait, and clear what a dead one left."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from demandsim.problems import UserError
from demandsim.results.lock import alone


def test_a_folder_has_one_writer_at_a_time_and_no_lock_is_left(tmp_path: Path) -> None:
    inside, most, said = 0, 0, []

    def write() -> None:
        nonlocal inside, most
        with alone(tmp_path / "folder", waiting=lambda: said.append(inside)):
            inside += 1
            most = max(most, inside)
            time.sleep(0.05)
            inside -= 1

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert most == 1
    assert said
    assert list(tmp_path.iterdir()) == []


def test_who_is_not_to_wait_is_told_who_writes(tmp_path: Path) -> None:
    refused: list[UserError] = []

    def other() -> None:
        with pytest.raises(UserError, match="another command that is writing it") as found, alone(folder, wait=False):
            pass
        refused.append(found.value)

    folder = tmp_path / "folder"
    with alone(folder), alone(folder, wait=False):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert len(refused) == 1
    with alone(folder, wait=False):
        assert refused[0].problems[0].next.startswith("the same command without --no-wait")


def test_what_a_dead_writer_left_half_written_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "pictures").mkdir(parents=True)
    kept = [folder / "table.csv", tmp_path / "other.1234.tmp"]
    for path in (*kept, folder / "table.csv.12ab.tmp", folder / "pictures" / "a.png.1.tmp", tmp_path / "folder.9.tmp"):
        path.write_bytes(b"x")
    with alone(folder):
        left = {path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".lock"}
    assert left == set(kept)
