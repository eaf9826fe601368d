"""Are results right whatever happens to a command? Kills, races and damages, each followed by the same command.

python benchmarks/robustness.py kills     200 kills spread over a whole run, a quarter of them near its end
python benchmarks/robustness.py races     50 races of two and three identical commands on run, compare and sweep
python benchmarks/robustness.py damages   100 damages of finished and unfinished results
python benchmarks/robustness.py others    40 kills of compare, over posterior draws, and of reproduce
python benchmarks/robustness.py           all four

Every case is numbered; --first and --count choose some, so that one that fails can be seen again. The tables of an
undisturbed command are the measure: bytes, not values.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

SMALL = ("--set", "population.children=1500", "--years", "1")
RUN = ("run", "baseline", *SMALL, "--replications", "6", "--jobs", "2", "--no-pictures")
COMPARE = (
    "compare",
    "baseline",
    "courts_26_weeks",
    "--years",
    "1",
    "--replications",
    "2",
    "--jobs",
    "2",
    "--no-pictures",
)
SWEEP = ("sweep", "baseline", *SMALL, "--param", "demand.level=0.9:1.1:2", "--replications", "5", "--jobs", "2")
SWEEP = (*SWEEP, "--no-pictures")
SIGNALS = ("KILL", "TERM", "INT", "worker")
COUNTS = {"kills": 200, "races": 50, "damages": 100, "others": 40}

#: Problems of one case, in words; none if all went well.
Problems = list[str]


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Begin the command in a folder, as the head of a group of processes."""
    return subprocess.Popen(
        [sys.executable, "-m", "demandsim", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finished(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """Wait for a command."""
    stdout, stderr = process.communicate(timeout=300)
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


def done(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Carry out a command."""
    return finished(started(folder, *arguments))


def content(folder: Path) -> dict[str, bytes]:
    """Return every file below a results folder by its path.

    Not the points of a sweep: their order is that in which they were simulated. Not locks: a command that was killed
    leaves its own, which is empty.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".lock"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if "points" not in path.parts}


def differences(found: dict[str, bytes], right: dict[str, bytes]) -> Problems:
    """Return which files are not as they should be."""
    names = sorted({*found, *right})
    return [f"{name} differs" for name in names if found.get(name) != right.get(name)]


@cache
def undisturbed(*arguments: str) -> tuple[dict[str, bytes], float]:
    """Return what a command writes if it is left alone, and how long it takes in seconds."""
    with tempfile.TemporaryDirectory() as name:
        begun = time.perf_counter()
        whole = done(Path(name), *arguments)
        seconds = time.perf_counter() - begun
        assert whole.returncode == 0, whole.stderr
        return content(Path(name) / "results"), seconds


# -- kills ------------------------------------------------------------------------------------------------------------


def killed(
    folder: Path, how: str, when: Callable[[subprocess.Popen[str], Path], None], *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Begin a command, end it in one of the ways of `SIGNALS`, and return what became of it."""
    process = started(folder, *arguments)
    when(process, folder / "results")
    if how == "worker":
        try:
            workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            os.kill(int(random.choice(workers)), signal.SIGKILL)
        except (OSError, IndexError):
            pass  # none yet, or none any more
    elif process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, getattr(signal, f"SIG{how}"))
    return finished(process)


def after(seconds: float) -> Callable[[subprocess.Popen[str], Path], None]:
    """Return what waits so long, or until the command has ended."""

    def wait(process: subprocess.Popen[str], results: Path) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and process.poll() is None:
            time.sleep(min(0.001, max(0.0, end - time.monotonic())))

    return wait


def while_finishing(seconds: float) -> Callable[[subprocess.Popen[str], Path], None]:
    """Return what waits until the finished tables are being made, and so long after that."""

    def wait(process: subprocess.Popen[str], results: Path) -> None:
        while process.poll() is None and not list(results.glob("*.partial/finished")):
            time.sleep(0.0005)
        after(seconds)(process, results)

    return wait


def kills(numbers: Sequence[int]) -> Iterator[Problems]:
    """Kill a run at moments spread over it; of every four kills one while it is being finished."""
    right, seconds = undisturbed(*RUN)
    for number in numbers:
        rng = random.Random(number)
        how = SIGNALS[number // 4 % len(SIGNALS)]
        when = while_finishing(rng.uniform(0, 0.1)) if number % 4 == 0 else after(rng.uniform(0, 1.1 * seconds))
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            ended = killed(folder, how, when, *RUN)
            again = done(folder, *RUN)
            problems = [] if again.returncode == 0 else [f"exit {again.returncode}: {again.stderr[-600:]}"]
            if how == "worker" and ended.returncode != 0:
                problems.append(f"lost with its worker: {ended.stderr[-600:]}")
            problems += differences(content(folder / "results"), right)
            yield [f"{how}: {problem}" for problem in problems]


# -- races ------------------------------------------------------------------------------------------------------------


def races(numbers: Sequence[int]) -> Iterator[Problems]:
    """Begin two or three identical commands at nearly the same time."""
    commands = (RUN, COMPARE, SWEEP)
    for number in numbers:
        rng = random.Random(number)
        which, many = number % 3, 2 + number // 3 % 2
        right, _ = undisturbed(*commands[which])
        with tempfile.TemporaryDirectory() as name:
            processes = []
            for _ in range(many):
                processes.append(started(Path(name), *commands[which]))
                time.sleep(rng.choice((0, 0, 0.05, 0.3, 1.0)))
            ends = [finished(process) for process in processes]
            problems = [f"exit {end.returncode}: {end.stderr[-600:]}" for end in ends if end.returncode]
            problems += differences(content(Path(name) / "results"), right)
            yield [f"{commands[which][0]} {many} times: {problem}" for problem in problems]


# -- damages ----------------------------------------------------------------------------------------------------------


def empty(path: Path, rng: random.Random) -> None:
    path.write_bytes(b"")


def cut(path: Path, rng: random.Random) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: rng.randrange(len(content))])


def flip(path: Path, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def delete(path: Path, rng: random.Random) -> None:
    path.unlink()


def swap(path: Path, rng: random.Random) -> None:
    """Give a file the content of another of its kind."""
    others = [
        other for other in path.parent.iterdir() if other.suffix == path.suffix and other != path and other.is_file()
    ]
    other = rng.choice(
        sorted(others or [other for other in path.parent.iterdir() if other.is_file() and other != path])
    )
    mine, theirs = path.read_bytes(), other.read_bytes()
    path.write_bytes(theirs)
    other.write_bytes(mine)


DAMAGES = (empty, cut, flip, delete, swap)


def unfinished(folder: Path) -> Path:
    """Make an unfinished run in a folder: all parts are there, and it was not put together."""
    code = (
        "import sys; from demandsim.results.store import Store\n"
        "def stop(*_): sys.exit(9)\n"
        "Store.finish = stop\n"
        "from demandsim.cli.main import main; main()"
    )
    subprocess.run([sys.executable, "-c", code, *RUN], cwd=folder, capture_output=True, check=False)
    (partial,) = (folder / "results").glob("*.partial")
    return partial


def damages(numbers: Sequence[int]) -> Iterator[Problems]:
    """Damage one file of a finished or an unfinished run: `show` refuses it, `run` makes it right."""
    right, _ = undisturbed(*RUN)
    with tempfile.TemporaryDirectory() as name:
        kept = [Path(name) / "finished", Path(name) / "unfinished"]
        for folder in kept:
            folder.mkdir()
        done(kept[0], *RUN)
        unfinished(kept[1])
        for number in numbers:
            yield _damaged(number, kept[number % 2], Path(name) / "case", right)


def _damaged(number: int, kept: Path, folder: Path, right: dict[str, bytes]) -> Problems:
    rng, whole = random.Random(number), kept.name == "finished"
    shutil.copytree(kept, folder)
    (results,) = (path for path in (folder / "results").iterdir() if path.is_dir())
    path = rng.choice(sorted(path for path in results.rglob("*") if path.is_file()))
    harm = DAMAGES[number // 2 % len(DAMAGES)]
    before = content(results)
    harm(path, rng)
    problems = []
    if whole and content(results) != before:
        shown = done(folder, "show", str(results.relative_to(folder)))
        if shown.returncode != 1 or "Traceback" in shown.stderr or "damaged" not in shown.stderr:
            problems.append(f"show: exit {shown.returncode}: {shown.stderr[-600:]}")
    again = done(folder, *RUN)
    if again.returncode or "Traceback" in again.stderr:
        problems.append(f"exit {again.returncode}: {again.stderr[-600:]}")
    problems += differences(content(folder / "results"), right)
    shutil.rmtree(folder)
    return [f"{harm.__name__} {path.name}: {problem}" for problem in problems]


# -- other commands ---------------------------------------------------------------------------------------------------


def others(numbers: Sequence[int]) -> Iterator[Problems]:
    """Kill a comparison over posterior draws, or the same run made again; the same command then ends as it should."""
    right, seconds = undisturbed(*COMPARE)
    with tempfile.TemporaryDirectory() as name:
        kept, folder = Path(name) / "kept", Path(name) / "case"
        kept.mkdir()
        done(kept, *RUN)
        whole = content(kept / "results")
        (finished_run,) = (path for path in (kept / "results").iterdir() if path.is_dir())
        again = ("reproduce", f"results/{finished_run.name}", "--jobs", "2")
        for number in numbers:
            compares = number % 2 == 0
            if compares:
                folder.mkdir()
            else:
                shutil.copytree(kept, folder)
            yield _killed_and_again(
                number, folder, COMPARE if compares else again, seconds, right if compares else whole
            )
            shutil.rmtree(folder)


def _killed_and_again(
    number: int, folder: Path, command: Sequence[str], seconds: float, right: dict[str, bytes]
) -> Problems:
    rng, how = random.Random(number), SIGNALS[number // 2 % len(SIGNALS)]
    killed(folder, how, after(rng.uniform(0, 1.1 * seconds)), *command)
    ended = done(folder, *command)
    problems = [f"exit {ended.returncode}: {ended.stderr[-600:]}"] if ended.returncode else []
    if command[0] == "reproduce" and "Every byte is the same" not in ended.stdout:
        problems.append(f"said: {ended.stdout[-600:]}")
    problems += differences(content(folder / "results"), right)
    return [f"{command[0]}, {how}: {problem}" for problem in problems]


CASES = {"kills": kills, "races": races, "damages": damages, "others": others}


def main() -> int:
    """Carry out what is asked for and print what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=[*CASES, []], default=[])
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--count", type=int, help="how many cases")
    options = parser.parse_args()
    bad = 0
    for what in options.what or CASES:
        begun, wrong, count = time.perf_counter(), 0, options.count or COUNTS[what]
        numbers = range(options.first, options.first + count)
        for number, problems in zip(numbers, CASES[what](numbers), strict=True):
            wrong += bool(problems)
            for problem in problems:
                print(f"{what} {number}: {problem}", flush=True)
        print(f"{what}: {count - wrong} of {count} right, {time.perf_counter() - begun:.0f} s", flush=True)
        bad += wrong
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
