"""Run a scenario: replications over processes, finished parts kept, the same bytes whatever the number of jobs."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Callable
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from demandsim import __version__
from demandsim.experiment.execute import execute
from demandsim.model.simulate import simulate
from demandsim.results.store import FORMAT, Manifest, Results, Store, read_results, read_tables
from demandsim.results.summary import summary_rows
from demandsim.results.tables import YEARS_BEFORE
from demandsim.scenario.resolved import resolved_toml
from demandsim.scenario.scenario import Scenario

DEFAULT_REPLICATIONS = 20
DEFAULT_SEED = 2014

#: Called with (finished, wanted) as replications finish.
Progress = Callable[[int, int], None]


def default_jobs() -> int:
    return os.cpu_count() or 1


def manifest_of(scenario: Scenario, replications: int, seed: int, spells: bool) -> Manifest:
    """Return what identifies a run; two runs with the same one have the same tables."""
    key = f"{scenario.digest()} {replications} {seed} {spells}"
    return Manifest(
        format=FORMAT,
        version=__version__,
        scenario=scenario.name,
        digest=hashlib.sha256(key.encode()).hexdigest()[:8],
        title=scenario.title,
        start=scenario.start.isoformat(),
        first_year=scenario.start.year - YEARS_BEFORE,
        years=scenario.years + YEARS_BEFORE,
        seed=seed,
        replications=replications,
        scale_to_england=scenario.scale_to_england,
        made_with={
            "python": platform.python_version(),
            **{library: version(library) for library in ("numpy", "pyarrow", "scipy", "simpy")},
        },
    )


def run(
    scenario: Scenario,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = DEFAULT_SEED,
    out: Path = Path("results"),
    jobs: int = 1,
    spells: bool = False,
    again: bool = False,
    progress: Progress = lambda finished, wanted: None,
) -> Results:
    """Simulate a scenario and keep the results; a run already done is read back, one half done is finished.

    Args:
        scenario: what to simulate.
        replications: how many independent futures.
        seed: master seed.
        out: folder in which the results folder is made.
        jobs: processes to use.
        spells: also keep every spell of every child.
        again: simulate even if results are there; they are replaced when the new ones are whole.
        progress: told how many replications are finished, at the start and as they finish.

    Raises:
        UserError: the results can't be written, or the folder holds another version's.
    """
    manifest = manifest_of(scenario, replications, seed, spells)
    store = Store(out, manifest)
    if store.finished and not again:
        return _same_version(read_results(store.final), manifest)
    there = store.open()
    progress(len(there), replications)
    wanted = [number for number in range(replications) if number not in there]
    finished = len(there)
    calls = [(scenario, seed, number, spells) for number in wanted]
    with closing(execute(simulate, calls, jobs)) as results:
        for number, (tables, kept) in results:
            store.write_part(wanted[number], tables, kept)
            finished += 1
            progress(finished, replications)
    return store.finish(resolved_toml(scenario), lambda folder: _summary(folder, manifest))


def _summary(folder: Path, manifest: Manifest) -> list[tuple[object, ...]]:
    years = [
        f"{year}-{(year + 1) % 100:02d}" for year in range(manifest.first_year, manifest.first_year + manifest.years)
    ]
    return list(summary_rows(read_tables(folder), years, manifest.scale_to_england))


def _same_version(results: Results, manifest: Manifest) -> Results:
    from demandsim.problems import Problem, UserError

    if results.manifest.version != manifest.version:
        raise UserError(
            Problem(
                str(results.folder),
                "manifest.json: version",
                results.manifest.version,
                manifest.version,
                "the same command with --again, or --out with another folder",
            )
        )
    return results
