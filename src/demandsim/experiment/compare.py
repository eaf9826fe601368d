"""Compare scenarios: run what has not been run, set the runs side by side, and keep tables and pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Unpack

from demandsim.experiment.options import Changes, RunOptions, options_of
from demandsim.experiment.run import run
from demandsim.experiment.shared_draws import Given, shared_draws
from demandsim.problems import Problem, UserError
from demandsim.results.comparison import Comparison, compare_results
from demandsim.results.kept_comparison import folder_of, write_comparison
from demandsim.results.lock import alone
from demandsim.results.prices import Terms
from demandsim.results.store import Results, read_results
from demandsim.results.structures import Structured
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.size import check_size


def results_of(given: Given, options: RunOptions | None = None, **changes: Unpack[Changes]) -> Results:
    """Return the results meant by a results folder, a scenario, or a scenario's name; simulate if there are none.

    Raises:
        UserError: the scenario is wrong, or the folder holds no results.
    """
    options = options_of(options, changes)
    if isinstance(given, Results):
        return given
    if not isinstance(given, Scenario) and (folder := Path(given)).is_dir():
        results = read_results(folder)
        if not results.manifest.verifiable:
            options.notice(f"{folder}: made by {results.manifest.version} without checksums; it can't be verified.")
        return results
    scenario, workers = options.scenario(given), options.workers
    if isinstance(workers, int) or not workers.scheduler:
        jobs = workers if isinstance(workers, int) else workers.jobs
        check_size(scenario, options.replications_of(scenario), jobs=jobs)
    return run(scenario, replace(options, ensemble=None))


def compare(
    reference: Given,
    *others: Given,
    options: RunOptions | None = None,
    terms: Terms | None = None,
    **changes: Unpack[Changes],
) -> Comparison:
    """Compare what-ifs with a reference on common random numbers; run those that have not been run.

    Every run has the same posterior draws: those of a finished run, those asked for, or those that the reference names.

    Args:
        reference: results, a results folder, a scenario, its file or its name.
        others: the same, one for each what-if.
        options: of new runs; each can be given as a keyword too.
        terms: how money is told: cash and not discounted unless given.
        changes: options in place of those above.

    Raises:
        UserError: something given is wrong, changes nothing, or can't be compared.
    """
    given, options = (reference, *others), options_of(options, changes)
    options = shared_draws(given, options).of(options)
    every = [results_of(one, options) for one in given]
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
