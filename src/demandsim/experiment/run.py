"""Run a scenario: parts over workers, finished ones kept, the same bytes whoever does the work."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any, Unpack

from demandsim import __version__
from demandsim.draws import REPLICATIONS_A_DRAW
from demandsim.experiment.finish import put_together
from demandsim.experiment.options import Changes, Notice, RunOptions, options_of
from demandsim.experiment.parts import Job, carry_out, made_on, made_with, parts_of
from demandsim.experiment.turns import in_turn
from demandsim.problems import Problem, UserError, one_line
from demandsim.results.checksums import sealed, short_digest
from demandsim.results.fit_rows import own_targets
from demandsim.results.manifest import FILE, FORMAT, Manifest, Results
from demandsim.results.parts import Part
from demandsim.results.reading import DamagedError, read_results
from demandsim.results.store import Store
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.uncertainty import FEW_MEMBERS
from demandsim.scenario.ensemble import in_pairs
from demandsim.scenario.scenario import Scenario

#: Replications of England with an ensemble: two members.
_FEWEST_OF_ENGLAND = 2 * REPLICATIONS_A_DRAW
#: How often parts that go missing before they are put together are simulated again.
_ROUNDS = 3


def manifest_of(scenario: Scenario, replications: int, seed: int, spells: bool, authorities: int = 0) -> Manifest:
    """Return what identifies a run; two runs with the same one have the same tables."""
    key = f"{scenario.digest()} {replications} {seed} {spells}" + (f" {authorities}" if authorities else "")
    beside = "" if authorities else _digest_of_targets(scenario)
    return Manifest(
        format=FORMAT,
        version=__version__,
        scenario=scenario.name,
        digest=short_digest([key, beside] if beside else [key]),
        title=(f"England as {authorities} authorities. " if authorities else "") + one_line(scenario.title),
        start=scenario.start.isoformat(),
        first_year=scenario.start.year - YEARS_BEFORE,
        years=scenario.years + YEARS_BEFORE,
        seed=seed,
        replications=replications,
        scale_to_england=scenario.scale_to_england / max(1, authorities),
        made_with=made_with(),
        authorities=authorities,
        spells=spells,
        platform=made_on(),
        local=scenario.local_values,
        targets=beside,
        **_of_ensemble(scenario),
    )


def _digest_of_targets(scenario: Scenario) -> str:
    """Return a digest of the figures that a scenario has of its own; nothing if it has none."""
    own = own_targets(scenario.targets_from)
    return short_digest([repr(own)]) if own else ""


def _of_ensemble(scenario: Scenario) -> dict[str, Any]:
    """Return what a manifest says of the ensemble; nothing if there is none."""
    one = scenario.ensemble
    return {"ensemble": one.file, "ensemble_digest": one.digest, "members": len(one.members)} if one else {}


def run(
    scenario: str | Path | Scenario,
    options: RunOptions | None = None,
    *,
    spells: bool = False,
    authorities: int = 0,
    **changes: Unpack[Changes],
) -> Results:
    """Simulate a scenario and keep the results; a run already done is read back, one half done is finished.

    Results that are not as they were written are simulated again, and `notice` is told. While another command makes the
    same results, this one waits and shows how far the other is.

    Args:
        scenario: what to simulate, its file or its name.
        options: how to; each can be given as a keyword too.
        spells: also keep every spell of every child.
        authorities: simulate so many, as different as England's, and add them up; 0 for a typical one.
        changes: options in place of those above.

    Raises:
        UserError: the results can't be written, the folder holds another version's, another command makes the same
            results and `jobs` says not to wait, or a simulation failed; all the others have been carried out then.
    """
    return runs([scenario], options_of(options, changes), spells=spells, authorities=authorities)[0]


def runs(
    scenarios: Sequence[str | Path | Scenario],
    options: RunOptions,
    *,
    spells: bool = False,
    authorities: int = 0,
) -> list[Results]:
    """Simulate scenarios as `run` does, together: the years until they differ only once.

    Raises:
        UserError: as `run`.
    """
    if authorities and spells:
        raise UserError(
            Problem(
                "--spells", "", "--england with it", "one of them: the spells of all England's children fill a disk"
            )
        )
    jobs = []
    for read in map(options.scenario, scenarios):
        replications = options.replications_of(read)
        check_england(read, replications, authorities)
        manifest = manifest_of(read, replications, options.seed, spells, authorities)
        jobs.append(Job(Store(options.out, manifest), read))
    found: dict[Path, Results] = {}
    wanted: dict[Path, Job] = {}
    for job in jobs:
        store = job.store
        if not options.rerun and store.finished and not store.partial.exists():
            found[store.final] = _same_version(read_results(store.final), store.manifest, options.notice)
        else:
            wanted[store.final] = job
    # All commands take their turns in the same order: two of them can't wait for each other.
    with ExitStack() as turns:
        for final in sorted(wanted):
            turns.enter_context(_turn(wanted[final], options))
        kept = {} if options.rerun else {final: _kept(job.store, options.notice) for final, job in wanted.items()}
        found |= {final: results for final, results in kept.items() if results}
        found |= _make([job for final, job in wanted.items() if final not in found], options)
    return [found[job.store.final] for job in jobs]


def _turn(job: Job, options: RunOptions) -> AbstractContextManager[None]:
    """Return the turn of a run's folder."""
    return in_turn(
        job.store.final, options, lambda: (job.store.count(), len(parts_of(job.store.manifest))), job.scenario.title
    )


def _kept(store: Store, notice: Notice) -> Results | None:
    """Return the results if they are there; None if they are not, or not as they were written."""
    if not store.final.exists():
        return None
    if not sealed(store.final) and not (store.final / FILE).exists():
        notice(f"{store.final}: no {FILE} in it. It is simulated again.")
        return None
    try:
        results = _same_version(read_results(store.final), store.manifest, notice)
    except DamagedError as error:
        notice(f"{store.final}: {error.problems[0].found}. It is simulated again.")
        return None
    store.clear()
    return results


def _make(jobs: Sequence[Job], options: RunOptions) -> dict[Path, Results]:
    """Simulate what is missing and put it together; what went missing meanwhile is simulated again.

    Raises:
        UserError: some could not be made; those that could are finished.
    """
    made: dict[Path, Results] = {}
    for _ in range(_ROUNDS):
        left = [job for job in jobs if job.store.final not in made]
        problems: list[Problem] = []
        for alike in _alike(left):
            try:
                carry_out(alike, parts_of(alike[0].store.manifest), options)
            except UserError as error:
                problems += error.problems
        whole = [job for job in left if not problems or _whole(job)]
        for job, found in zip(whole, put_together(whole, options.workers), strict=True):
            if isinstance(found, Part):
                options.notice(f"What was kept of {found.words} went missing meanwhile; it is simulated again.")
            else:
                made[job.store.final] = found
        if problems:
            raise UserError(problems)
        if len(made) == len(jobs):
            return made
    (first, *_) = (job.store for job in jobs if job.store.final not in made)
    raise UserError(
        Problem(str(first.partial), "", "finished simulations that go missing", "a folder that nobody else clears")
    )


def _whole(job: Job) -> bool:
    return all(map(job.store.has_receipt, parts_of(job.store.manifest)))


def _alike(jobs: Sequence[Job]) -> list[list[Job]]:
    """Return jobs in groups that have as many parts each."""
    groups: dict[int, list[Job]] = {}
    for job in jobs:
        groups.setdefault(job.store.manifest.replications, []).append(job)
    return list(groups.values())


def check_england(scenario: Scenario, replications: int, authorities: int) -> None:
    """Refuse an England of one member: it would show nothing of what the parameters make.

    Raises:
        UserError: an ensemble, and too few replications of England to tell the parameters from chance.
    """
    if authorities and scenario.ensemble and in_pairs(scenario, replications) < _FEWEST_OF_ENGLAND:
        expected = f"{_FEWEST_OF_ENGLAND} or more of England with --ensemble: two of each posterior draw"
        raise UserError(
            Problem(
                "--replications",
                "",
                str(replications),
                expected,
                f"the same without --england: {FEW_MEMBERS} posterior draws of one authority take far less time",
            )
        )


def _same_version(results: Results, manifest: Manifest, notice: Notice) -> Results:
    found = results.manifest
    if (found.format, found.version) != (manifest.format, manifest.version):
        without = "" if found.verifiable else ", without checksums"
        raise UserError(
            Problem(
                str(results.folder),
                "manifest.json: version",
                f"{found.version}{without}",
                manifest.version,
                "the same command with --again, or --out with another folder; demandsim show prints what is there",
            )
        )
    others = [f"{name} {one}" for name, one in found.made_with.items() if manifest.made_with.get(name) != one]
    if others:
        made = f"{results.folder} was made with {', '.join(others)}, which is not what is here."
        notice(f"{made} demandsim reproduce says whether that changes anything.")
    return results
