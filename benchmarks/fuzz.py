"""Read and simulate scenarios made at random: none may end in a traceback, take for ever, or give what can't be.

    python benchmarks/fuzz.py --number 10000 --seed 1

Each file is read as `demandsim check` reads it. What it accepts is simulated for two years: every total must be finite
and not below nothing, what starts must end or be there, and it must not take longer than ten seconds of a processor.
"""

from __future__ import annotations

import argparse
import math
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import numpy as np
from generated import Case, case

from demandsim.model.simulate import get_ready, simulate
from demandsim.problems import UserError
from demandsim.records import Count, Stock
from demandsim.results.tables import Tables
from demandsim.scenario.read import read_scenario
from demandsim.vocabulary import Placement

#: Seconds of a processor that no accepted scenario of these sizes may take to be read and simulated.
MOST_SECONDS = 10.0
#: Characters of problems that one file may print.
MOST_TEXT = 30_000
#: What can be below nothing: debts, forecasts below the budget, and practice, which is around that of 2013-14.
_SIGNED = (Stock.RESERVES, Stock.FORECAST, Stock.PRACTICE)
#: Counts that may be: severity may lie below the mean, and help that does harm delivers less than nothing.
_SIGNED_COUNTS = (Count.CLOSED_SEVERITY, Count.DOSE, Count.EARLY_HELP_DOSE, Count.EARLY_HELP_PARTNERS)


class Outcome(NamedTuple):
    """What became of a file.

    Attributes:
        accepted: whether it was simulated.
        wrong: what should not be; empty if all is well.
        seconds: of a processor that it took.
        refusals: keys of the problems.
    """

    accepted: bool
    wrong: str
    seconds: float = 0.0
    refusals: tuple[str, ...] = ()


def try_case(one: Case, folder: Path) -> Outcome:
    """Read a file, and simulate what is accepted."""
    path = folder / "generated.toml"
    path.write_bytes(one.content)
    started = time.process_time()
    try:
        scenario = read_scenario(path)
    except UserError as error:
        text = str(error)
        wrong = f"{len(text)} characters of problems" if len(text) > MOST_TEXT else ""
        return Outcome(False, wrong, 0.0, tuple(problem.key for problem in error.problems))
    except Exception:
        return Outcome(False, "read: " + _last(traceback.format_exc()))
    try:
        with np.errstate(all="raise"):
            tables, _ = simulate(scenario, one.number, 0)
    except Exception:
        return Outcome(True, "simulated: " + _last(traceback.format_exc()))
    return Outcome(True, ", ".join(faults_in(tables)), time.process_time() - started)


def faults_in(tables: Tables) -> Iterator[str]:
    """Yield what can't be in the tables of a run."""
    for name, table in tables.items():
        if not np.isfinite(table).all():
            yield f"{name} not finite"
        below = (table < 0).any(axis=0)
        if name == "stock":
            below[list(_SIGNED)] = False
        if name == "count":
            below[list(_SIGNED_COUNTS)] = False
        if below.any():
            yield f"{name} below nothing in columns {np.flatnonzero(below).tolist()}"
    count, stock = tables["count"].sum(axis=0), tables["stock"]
    change = stock[-1] - stock[0]
    since = tables["count"][1:].sum(axis=0)
    if change[Stock.CARE] != since[Count.CARE_STARTED] - since[Count.CARE_ENDED]:
        yield "looked after children not conserved"
    if change[Stock.PLAN] != since[Count.PLAN_STARTED] - since[Count.PLAN_ENDED]:
        yield "plans not conserved"
    placed = stock[:, Stock.PLACED : Stock.PLACED + Placement.words.size].sum(axis=1)
    if not np.array_equal(placed, stock[:, Stock.CARE]):
        yield "placements don't add up to children looked after"
    ways = (Count.LEFT_HOME, Count.LEFT_ADOPTION, Count.LEFT_GUARDIANSHIP, Count.LEFT_OTHER, Count.LEFT_EIGHTEEN)
    if count[Count.CARE_ENDED] != count[list(ways)].sum():
        yield "ways out of care don't add up"


def _last(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines()]
    return f"{lines[-1]} ({lines[-3] if len(lines) > 2 else ''})"[:300]


class _TooLongError(Exception):
    """The alarm has rung."""


def _rings(number: int, frame: FrameType | None) -> None:
    raise _TooLongError(f"more than {MOST_SECONDS:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--number", type=int, default=1000, help="files to make")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after so long")
    parser.add_argument("--first", type=int, default=0, help="number of the first file")
    parser.add_argument("--keep", type=Path, help="folder for the files at fault")
    given = parser.parse_args()
    ends = time.monotonic() + 60 * given.minutes
    kinds: Counter[str] = Counter()
    wrongs: list[tuple[Case, str]] = []
    slowest: list[tuple[float, int]] = []
    refusals: Counter[str] = Counter()
    get_ready()  # compiling takes longer than any scenario may
    signal.signal(signal.SIGPROF, _rings)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(given.first, given.first + given.number):
            if time.monotonic() > ends:
                break
            one = case(given.seed, number)
            signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
            found = try_case(one, Path(folder))
            signal.setitimer(signal.ITIMER_PROF, 0)
            kinds[f"{one.kind}: {'accepted' if found.accepted else 'refused'}"] += 1
            slowest = sorted([*slowest, (found.seconds, number)], reverse=True)[:5]
            refusals.update(set(found.refusals))
            if found.wrong:
                wrongs.append((one, found.wrong))
                print(f"{number} ({one.kind}): {found.wrong}", flush=True)
                if given.keep:
                    given.keep.mkdir(parents=True, exist_ok=True)
                    (given.keep / f"{number}.toml").write_bytes(one.content)
    for kind, many in sorted(kinds.items()):
        print(f"{kind:22} {many:6}")
    print("refused most often for:", ", ".join(f"{key} {many}" for key, many in refusals.most_common(12)))
    print("slowest:", ", ".join(f"{seconds:.1f} s ({number})" for seconds, number in slowest))
    print(f"{len(wrongs)} of {kinds.total()} at fault")
    sys.exit(bool(wrongs))


if __name__ == "__main__":
    main()
