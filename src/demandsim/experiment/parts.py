"""The parts of runs: what a worker does, and having all of it done."""

from __future__ import annotations

import pickle
import platform
import socket
import traceback
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cache, lru_cache
from importlib.metadata import version
from typing import NamedTuple

from demandsim import __version__
from demandsim.experiment.england import authority
from demandsim.experiment.execute import TRIES, SetAsideError, execute
from demandsim.experiment.options import RunOptions
from demandsim.experiment.workers import Workers
from demandsim.model.past import Pasts
from demandsim.model.simulate import pasts_of, simulate
from demandsim.problems import Problem, UserError
from demandsim.results.manifest import Manifest
from demandsim.results.parts import Part
from demandsim.results.store import Store
from demandsim.scenario.ensemble import future
from demandsim.scenario.scenario import Scenario

#: Problems of as many parts are told; what went wrong in one has usually gone wrong in the others.
_TOLD = 10
#: Looking up takes a millisecond each, and every part asks.
_version = cache(version)


def made_with() -> dict[str, str]:
    """Return the versions of Python and of the libraries that numbers can depend on."""
    libraries = ("numba", "numpy", "pyarrow", "scipy", "simpy")
    return {"python": platform.python_version(), **{library: _version(library) for library in libraries}}


def made_on() -> str:
    """Return the system, processor and C library, on which the last digit of a number can depend."""
    # Elsewhere Python would read its own file to tell, which a Python of the Microsoft Store does not let it.
    library = platform.libc_ver() if platform.system() == "Linux" else ()
    return " ".join(filter(None, (platform.system(), platform.machine(), *library)))


class Job(NamedTuple):
    """A run to be carried out.

    Attributes:
        store: where its parts go.
        scenario: what is simulated.
    """

    store: Store
    scenario: Scenario


def parts_of(manifest: Manifest) -> list[Part]:
    """Return all parts of a run."""
    numbers = range(1, manifest.authorities + 1) if manifest.authorities else (0,)
    return [Part(replication, number) for replication in range(manifest.replications) for number in numbers]


def carry_out(jobs: Sequence[Job], parts: Sequence[Part], options: RunOptions) -> None:
    """Have workers write the parts that are not there, or not as they were written.

    A worker writes a part of every run that lacks it, one after another: they share the years until they differ.

    Args:
        jobs: runs of as many parts each.
        parts: of each run.
        options: who does the work, whether to simulate what is there, and who is told.

    Raises:
        UserError: with the parts that could not be made; all others are there. Or nothing can be written at all, or
            another version left an unfinished run there and a rerun is not asked for.
    """
    missing = _missing(jobs, parts, options)
    workers, what = options.workers, _titles(jobs)
    elsewhere = isinstance(workers, Workers) and workers.executor == "dask"  # they may have a disk of their own
    wanted_in_all = len(jobs) * len(parts)
    finished, seen = wanted_in_all - sum(map(len, missing.values())), False
    options.on_progress(what, finished, wanted_in_all)
    # The largest authorities come first, so that no worker is left with one in the end.
    wanted = sorted(missing, key=lambda part: (-part.authority, part.replication))
    failed: dict[tuple[int, Part], Problem] = {}

    def lost(number: int, times: int) -> None:
        options.notice(f"The worker of {wanted[number].words} was lost ({times} of {TRIES} tries).")

    there = pickle.dumps([Job(job.store.absolute(), job.scenario) for job in jobs])  # workers may be in another folder
    calls = [(there, missing[part], part) for part in wanted]
    try:
        with closing(execute(_simulate_packed, calls, workers, lost)) as receipts:
            for number, errors in receipts:
                part = wanted[number]
                for place, error in zip(missing[part], errors, strict=True):
                    store = jobs[place].store
                    if error is not None:
                        options.notice(f"{part.words.capitalize()}{_whose(jobs, place)} failed: {error}")
                        failed[place, part] = _problem(store, part, error, str(store.failure(part)))
                        continue
                    seen = seen or store.has_receipt(part)
                    if elsewhere and not seen:
                        raise UserError(_elsewhere(store))
                    finished += 1
                options.on_progress(what, finished, wanted_in_all)
    except SetAsideError as aside:
        of_them = {part: missing[part] for part in (wanted[number] for number in aside.numbers)}
        failed |= _set_aside(jobs, of_them)
    if failed:
        every = [failed[one] for one in sorted(failed)]
        more = [_more(jobs[min(failed)[0]].store, len(every))] if len(every) > _TOLD else []
        raise UserError([*every[:_TOLD], *more])


def _missing(jobs: Sequence[Job], parts: Sequence[Part], options: RunOptions) -> dict[Part, list[int]]:
    """Return the parts that are not there, each with the places of the runs that lack it."""
    missing: dict[Part, list[int]] = {}
    for place, job in enumerate(jobs):
        there, damaged = job.store.open(parts, options.rerun)
        if damaged:
            options.notice(_damaged(damaged, _whose(jobs, place)))
        for part in parts:
            if part not in there:
                missing.setdefault(part, []).append(place)
    return missing


def _whose(jobs: Sequence[Job], place: int) -> str:
    """Return whose part it is, where several runs are carried out."""
    return f" of {jobs[place].scenario.name}" if len(jobs) > 1 else ""


def _set_aside(jobs: Sequence[Job], parts: Mapping[Part, Sequence[int]]) -> dict[tuple[int, Part], Problem]:
    """Return what to say of parts that lost their worker at every try, but where a worker wrote them before."""
    return {
        (place, part): _problem(jobs[place].store, part, f"each of {TRIES} workers given it was lost, as if killed")
        for part, places in parts.items()
        for place in places
        if not jobs[place].store.has_receipt(part)
    }


def _titles(jobs: Sequence[Job]) -> str:
    """Return what is simulated, for who is told how far it is."""
    first = jobs[0].scenario.title
    return first if len(jobs) == 1 else f"{first} and {len(jobs) - 1} more"


def _simulate_packed(packed: bytes, places: Sequence[int], part: Part) -> list[str | None]:
    """Simulate one part of those of some runs that stand in some places."""
    jobs = _unpacked(packed)
    return simulate_part([jobs[place] for place in places], part)


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> list[Job]:
    """Return runs that a worker is handed with every part: once for each would take a thirtieth of a simulation."""
    jobs: list[Job] = pickle.loads(packed)
    return jobs


def simulate_part(jobs: Sequence[Job], part: Part) -> list[str | None]:
    """Simulate one part of some runs and write each where all can see it: what a worker does.

    Returns:
        of each run None, or in a line what went wrong; the rest of that is in a file.
    """
    manifest = jobs[0].store.manifest  # one process made them all
    if (manifest.version, manifest.made_with) != (__version__, made_with()):
        raise UserError(_another_version(jobs[0].store))
    pasts = pasts_of([job.scenario for job in jobs])
    return [_simulated(job, part, pasts) for job in jobs]


def _simulated(job: Job, part: Part, pasts: Pasts | None) -> str | None:
    store, manifest = job.store, job.store.manifest
    if store.has_receipt(part):
        return None  # by a worker that was lost with another run's part
    try:
        drawn = future(job.scenario, part.replication)
        one = authority(drawn, part.authority, manifest.authorities) if part.authority else drawn
        tables, kept = simulate(one, manifest.seed, part.replication, manifest.spells, part.authority, pasts)
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


def _damaged(parts: Sequence[Part], whose: str) -> str:
    """Return what to say of parts that were found damaged; finishing notices what goes missing later."""
    if len(parts) == 1:
        return f"What was kept of {parts[0].words}{whose} is damaged; it is simulated again."
    several = f"{len(parts)} simulations{whose} ({parts[0].words} first)"
    return f"What was kept of {several} is damaged; they are simulated again."


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
