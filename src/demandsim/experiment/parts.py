"""The parts of a run: what a worker does, and having all of it done."""

from __future__ import annotations

import platform
import socket
import traceback
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from importlib.metadata import version

from demandsim import __version__
from demandsim.experiment.england import authority
from demandsim.experiment.execute import TRIES, SetAsideError, Workers, execute
from demandsim.experiment.options import RunOptions
from demandsim.model.simulate import simulate
from demandsim.problems import Problem, UserError
from demandsim.results.parts import Part
from demandsim.results.store import Store
from demandsim.scenario.ensemble import future
from demandsim.scenario.scenario import Scenario

#: Problems of as many parts are told; what went wrong in one has usually gone wrong in the others.
_TOLD = 10


def made_with() -> dict[str, str]:
    """Return the versions of Python and of the libraries that numbers can depend on."""
    libraries = ("numba", "numpy", "pyarrow", "scipy", "simpy")
    return {"python": platform.python_version(), **{library: version(library) for library in libraries}}


def made_on() -> str:
    """Return the system, processor and C library, on which the last digit of a number can depend."""
    return " ".join(filter(None, (platform.system(), platform.machine(), *platform.libc_ver())))


def carry_out(store: Store, scenario: Scenario, parts: Sequence[Part], options: RunOptions) -> None:
    """Have workers write the parts that are not there, or not as they were written.

    Raises:
        UserError: with the parts that could not be made; all others are there. Or nothing can be written at all, or
            another version left an unfinished run there and a rerun is not asked for.
    """
    there, damaged = store.open(parts, options.rerun)
    if damaged:
        options.notice(_damaged(damaged))
    finished, seen = len(there), False
    workers = options.workers
    elsewhere = isinstance(workers, Workers) and workers.executor == "dask"  # they may have a disk of their own
    options.on_progress(scenario.title, finished, len(parts))
    # The largest authorities come first, so that no worker is left with one in the end.
    wanted = sorted((part for part in parts if part not in there), key=lambda part: (-part.authority, part.replication))
    failed: dict[Part, Problem] = {}

    def lost(number: int, times: int) -> None:
        options.notice(f"The worker of {wanted[number].words} was lost ({times} of {TRIES} tries).")

    calls = [(store.absolute(), scenario, part) for part in wanted]
    try:
        with closing(execute(simulate_part, calls, workers, lost)) as receipts:
            for number, error in receipts:
                part = wanted[number]
                if error is not None:
                    options.notice(f"{part.words.capitalize()} failed: {error}")
                    failed[part] = _problem(store, part, error, str(store.failure(part)))
                    continue
                seen = seen or store.has_receipt(part)
                if elsewhere and not seen:
                    raise UserError(_elsewhere(store))
                finished += 1
                options.on_progress(scenario.title, finished, len(parts))
    except SetAsideError as aside:
        for part in (wanted[number] for number in aside.numbers):
            failed[part] = _problem(store, part, f"each of {TRIES} workers given it was lost, as if killed")
    if failed:
        every = [failed[part] for part in sorted(failed)]
        raise UserError([*every[:_TOLD], *([_more(store, len(every))] if len(every) > _TOLD else [])])


def simulate_part(store: Store, scenario: Scenario, part: Part) -> str | None:
    """Simulate one part and write it where all can see it: what a worker does.

    Returns:
        None, or in a line what went wrong; the rest of that is in a file.
    """
    manifest = store.manifest
    if (manifest.version, manifest.made_with) != (__version__, made_with()):
        raise UserError(_another_version(store))
    try:
        drawn = future(scenario, part.replication)
        one = authority(drawn, part.authority, manifest.authorities) if part.authority else drawn
        tables, kept = simulate(one, manifest.seed, part.replication, manifest.spells, part.authority)
        store.write_part(part, tables, kept)
    except UserError:
        raise
    except Exception as error:
        store.write_failure(part, f"{manifest.title}: seed {manifest.seed}, {part.words}\n\n{traceback.format_exc()}")
        return f"{type(error).__name__}: {error}"
    return None


def _problem(store: Store, part: Part, found: str, where: str = "") -> Problem:
    return Problem(
        where or str(store.partial),
        f"seed {store.manifest.seed}, {part.words}",
        found,
        "a simulation that ends",
        "the same command with --executor serial, which carries out this alone: all that went well is kept",
    )


def _damaged(parts: Sequence[Part]) -> str:
    """Return what to say of parts that were found damaged; finishing notices what goes missing later."""
    if len(parts) == 1:
        return f"What was kept of {parts[0].words} is damaged; it is simulated again."
    return f"What was kept of {len(parts)} simulations ({parts[0].words} first) is damaged; they are simulated again."


def _more(store: Store, count: int) -> Problem:
    return Problem(str(store.partial), "", f"{count} such parts in all", "none", "the first one: they may be alike")


def _elsewhere(store: Store) -> Problem:
    return Problem(
        str(store.partial),
        "",
        "not what a worker has written there",
        "a folder that every worker and this computer share",
        "--out with a folder on a disk that all of them see",
    )


def _another_version(store: Store) -> Problem:
    there = replace(store.manifest, version=__version__, made_with=made_with())
    return Problem(
        f"the worker on {socket.gethostname()}",
        "",
        there.made_by(),
        store.manifest.made_by(),
        "pip install the same versions everywhere, as in constraints.txt",
    )
