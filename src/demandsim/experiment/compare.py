"""Compare scenarios: run what has not been run, set the runs side by side, and keep tables and pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from demandsim.experiment.execute import Workers
from demandsim.experiment.parts import Notice
from demandsim.experiment.run import DEFAULT_REPLICATIONS, DEFAULT_SEED, default_jobs, run
from demandsim.problems import Problem, UserError
from demandsim.results.comparison import Comparison, compare_results
from demandsim.results.kept_comparison import folder_of, write_comparison
from demandsim.results.lock import alone
from demandsim.results.prices import Terms
from demandsim.results.store import Results, read_results
from demandsim.results.structures import Structured
from demandsim.scenario.ensemble import Ensemble, read_ensemble, with_ensemble
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.size import check_size

#: Called with (what is being done, finished, wanted).
Telling = Callable[[str, int, int], None]


def results_of(
    given: str | Path | Scenario | Results,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = DEFAULT_SEED,
    years: int | None = None,
    out: Path = Path("results"),
    jobs: int | Workers | None = None,
    tell: Telling = lambda what, finished, wanted: None,
    notice: Notice = lambda text: None,
    ensemble: str | Path | Ensemble | None = None,
) -> Results:
    """Return the results meant by a results folder, a scenario, or a scenario's name; simulate if there are none.

    Raises:
        UserError: the scenario is wrong, or the folder holds no results.
    """
    if isinstance(given, Results):
        return given
    if not isinstance(given, Scenario):
        folder = Path(given)
        if folder.is_dir():
            results = read_results(folder)
            if not results.manifest.verifiable:
                notice(f"{folder}: made by {results.manifest.version} without checksums; it can't be verified.")
            return results
        given = read_scenario(given, years=years)
    scenario, workers = with_ensemble(given, ensemble), jobs or default_jobs()
    if isinstance(workers, int) or not workers.scheduler:
        check_size(scenario, replications, jobs=workers if isinstance(workers, int) else workers.jobs)
    return run(
        scenario,
        replications,
        seed,
        out,
        workers,
        progress=lambda finished, wanted: tell(scenario.title, finished, wanted),
        notice=notice,
    )


def compare(
    reference: str | Path | Scenario | Results,
    *others: str | Path | Scenario | Results,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = DEFAULT_SEED,
    years: int | None = None,
    out: Path = Path("results"),
    jobs: int | Workers | None = None,
    tell: Telling = lambda what, finished, wanted: None,
    notice: Notice = lambda text: None,
    ensemble: str | Path | Ensemble | None = None,
    terms: Terms | None = None,
) -> Comparison:
    """Compare what-ifs with a reference on common random numbers; run those that have not been run.

    Args:
        reference: results, a results folder, a scenario, its file or its name.
        others: the same, one for each what-if.
        replications: how many replications to simulate where there are no results yet.
        seed: master seed of those.
        years: years of those, if not the scenario's own.
        out: folder for results.
        jobs: processes, or who else does the work; all cores unless given.
        tell: told what is being simulated and how far it is.
        notice: told of lost workers and of simulations that fail.
        ensemble: that new runs draw from, its file, or "baseline" for the one that ships; the same members in each.
        terms: how money is told: cash and not discounted unless given.

    Raises:
        UserError: something given is wrong, changes nothing, or can't be compared.
    """
    shared = read_ensemble(ensemble) if isinstance(ensemble, str | Path) else ensemble
    every = [
        results_of(one, replications, seed, years, out, jobs, tell, notice, shared) for one in (reference, *others)
    ]
    same = [one for one in every[1:] if one.manifest.digest == every[0].manifest.digest]
    if same:
        raise UserError(
            Problem(
                str(same[0].folder),
                "",
                f"the very run it is compared with: {same[0].manifest.title} changes nothing",
                "a scenario that changes something",
                "demandsim explain SCENARIO, or demandsim list",
            )
        )
    return compare_results(every[0], every[1:], terms)


def keep(comparison: Comparison, out: Path, structured: Structured | None = None) -> Path:
    """Write the tables of a comparison, and those under other structures, into a folder of its own and return it."""
    folder = folder_of(comparison, out, structured)
    with alone(folder):
        write_comparison(folder, comparison, structured)
    return folder
