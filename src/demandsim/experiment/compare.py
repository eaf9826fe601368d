"""Compare scenarios: run what has not been run, set the runs side by side, and keep tables and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Unpack

from demandsim.experiment.options import Changes, RunOptions, options_of
from demandsim.experiment.run import runs
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


def results_of(given: Sequence[Given], options: RunOptions | None = None, **changes: Unpack[Changes]) -> list[Results]:
    """Return the results meant by results folders, scenarios, or scenarios' names; simulate those there are none of.

    Raises:
        UserError: a scenario is wrong, or a folder holds no results.
    """
    options = options_of(options, changes)
    there = {place: found for place, one in enumerate(given) if (found := _there(one, options))}
    # Read as a scenario: what is no folder of results.
    asked = {
        place: options.scenario(one)
        for place, one in enumerate(given)
        if place not in there and not isinstance(one, Results)
    }
    workers = options.workers
    if isinstance(workers, int) or not workers.scheduler:
        jobs = workers if isinstance(workers, int) else workers.jobs
        for scenario in asked.values():
            check_size(scenario, options.replications_of(scenario), jobs=jobs)
    there |= dict(zip(asked, runs(list(asked.values()), replace(options, ensemble=None)), strict=True))
    return [there[place] for place in range(len(given))]


def _there(given: Given, options: RunOptions) -> Results | None:
    """Return results that are given as such, or as their folder."""
    if isinstance(given, Results):
        return given
    if isinstance(given, Scenario) or not (folder := Path(given)).is_dir():
        return None
    results = read_results(folder)
    if not results.manifest.verifiable:
        options.notice(f"{folder}: made by {results.manifest.version} without checksums; it can't be verified.")
    return results


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
    every = results_of(given, options)
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
