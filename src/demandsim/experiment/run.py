"""Run a scenario: parts over workers, finished ones kept, the same bytes whoever does the work."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from demandsim import __version__
from demandsim.experiment.england import authority_rows
from demandsim.experiment.execute import Workers
from demandsim.experiment.parts import Notice, Progress, carry_out, made_with
from demandsim.problems import Problem, UserError
from demandsim.results.parts import Part
from demandsim.results.store import FORMAT, Manifest, Results, Rows, Store, read_results, read_tables
from demandsim.results.summary import summary_rows
from demandsim.results.tables import YEARS_BEFORE
from demandsim.scenario.resolved import resolved_toml
from demandsim.scenario.scenario import Scenario

DEFAULT_REPLICATIONS = 20
DEFAULT_SEED = 2014


def default_jobs() -> int:
    return os.cpu_count() or 1


def manifest_of(scenario: Scenario, replications: int, seed: int, spells: bool, authorities: int = 0) -> Manifest:
    """Return what identifies a run; two runs with the same one have the same tables."""
    key = f"{scenario.digest()} {replications} {seed} {spells}" + (f" {authorities}" if authorities else "")
    return Manifest(
        format=FORMAT,
        version=__version__,
        scenario=scenario.name,
        digest=hashlib.sha256(key.encode()).hexdigest()[:8],
        title=(f"England as {authorities} authorities. " if authorities else "") + scenario.title,
        start=scenario.start.isoformat(),
        first_year=scenario.start.year - YEARS_BEFORE,
        years=scenario.years + YEARS_BEFORE,
        seed=seed,
        replications=replications,
        scale_to_england=scenario.scale_to_england / max(1, authorities),
        made_with=made_with(),
        authorities=authorities,
    )


def run(
    scenario: Scenario,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = DEFAULT_SEED,
    out: Path = Path("results"),
    jobs: int | Workers = 1,
    spells: bool = False,
    again: bool = False,
    progress: Progress = lambda finished, wanted: None,
    authorities: int = 0,
    notice: Notice = lambda text: None,
) -> Results:
    """Simulate a scenario and keep the results; a run already done is read back, one half done is finished.

    Args:
        scenario: what to simulate.
        replications: how many independent futures.
        seed: master seed.
        out: folder in which the results folder is made; all workers must see it.
        jobs: processes to use, or who else does the work.
        spells: also keep every spell of every child.
        again: simulate even if results are there; they are replaced when the new ones are whole.
        progress: told how many simulations are finished, at the start and as they finish.
        authorities: simulate so many, at the levels of need found in England, and add them up; 0 for a typical one.
        notice: told of lost workers and of simulations that fail, as it happens.

    Raises:
        UserError: the results can't be written, the folder holds another version's, or a simulation failed; all the
            others have been carried out then.
    """
    if authorities and spells:
        raise UserError(
            Problem(
                "--spells", "", "--england with it", "one of them: the spells of all England's children fill a disk"
            )
        )
    manifest = manifest_of(scenario, replications, seed, spells, authorities)
    store = Store(out, manifest)
    if store.finished and not again:
        return _same_version(read_results(store.final), manifest)
    parts = [
        Part(replication, number)
        for replication in range(replications)
        for number in (range(1, authorities + 1) if authorities else (0,))
    ]
    carry_out(store, scenario, parts, spells, jobs, progress, notice)
    tables: dict[str, Rows] = {"summary.csv": lambda folder: _summary(folder, manifest)}
    if authorities:
        tables["authorities.csv"] = lambda folder: authority_rows(store, scenario)
    return store.finish(resolved_toml(scenario), tables)


def _summary(folder: Path, manifest: Manifest) -> list[tuple[object, ...]]:
    return list(summary_rows(read_tables(folder), manifest))


def _same_version(results: Results, manifest: Manifest) -> Results:
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
