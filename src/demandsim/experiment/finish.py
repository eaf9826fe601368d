"""Put finished parts together into results: several runs at once, each by a worker of its own."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from demandsim.evidence import TARGETS_FILE, Target
from demandsim.experiment.england import authority_rows, judgement_rows
from demandsim.experiment.execute import execute
from demandsim.experiment.parts import Job, parts_of
from demandsim.experiment.workers import Workers
from demandsim.results.fit_rows import own_targets
from demandsim.results.manifest import Manifest, Results
from demandsim.results.parts import LostPartError, Part
from demandsim.results.reading import read_tables
from demandsim.results.store import Rows
from demandsim.results.summary import summary_rows
from demandsim.scenario.ensemble import ensemble_text
from demandsim.scenario.resolved import ENSEMBLE_FILE, RESOLVED, resolved_toml
from demandsim.scenario.scenario import Scenario
from demandsim.text_files import MOST_CSV_BYTES, read_text


def put_together(jobs: Sequence[Job], workers: int | Workers) -> list[Results | Part]:
    """Return the results of each run, or the part that is not there any more.

    Args:
        jobs: runs whose parts are all there.
        workers: who simulated them. One run is put together here, and so are all whose workers are elsewhere.
    """
    here = len(jobs) == 1 or (isinstance(workers, Workers) and workers.executor == "dask")
    with closing(execute(_put_together, [(job,) for job in jobs], 1 if here else workers)) as found:
        by_number = dict(found)
    return [by_number[number] for number in range(len(jobs))]


def _put_together(job: Job) -> Results | Part:
    store, manifest = job.store, job.store.manifest
    own = own_targets(job.scenario.targets_from) if manifest.targets else None
    tables: dict[str, Rows] = {"summary.csv": lambda folder: _summary(folder, manifest, own)}
    if manifest.authorities:
        tables["authorities.csv"] = lambda folder: authority_rows(store, job.scenario)
        tables["judgements.csv"] = lambda folder: judgement_rows(store)
    try:
        return store.finish(parts_of(manifest), _texts(job.scenario), tables)
    except LostPartError as lost:
        return lost.part


def _texts(scenario: Scenario) -> dict[str, str]:
    """Return what is written of the scenario: it can be run again from the folder."""
    texts = {f"{RESOLVED}.toml": resolved_toml(scenario)}
    if scenario.ensemble:
        about, also = scenario.ensemble.about, f"; for {RESOLVED} and what extends it"
        about = about if about.endswith(also) else about + also
        texts[ENSEMBLE_FILE] = ensemble_text(replace(scenario.ensemble, about=about))
    if scenario.targets_from:
        texts[TARGETS_FILE] = read_text(Path(scenario.targets_from), MOST_CSV_BYTES, "a CSV file")
    return texts


def _summary(folder: Path, manifest: Manifest, own: Sequence[Target] | None) -> list[tuple[object, ...]]:
    return list(summary_rows(read_tables(folder, manifest.replications), manifest, own))
