"""Compare scenarios under the main structure of the model and under the alternative ones, by point values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Unpack

from demandsim.experiment.compare import compare, results_of
from demandsim.experiment.options import Changes, Notice, RunOptions, options_of
from demandsim.problems import Problem, UserError
from demandsim.results.comparison import Comparison, compare_results
from demandsim.results.manifest import Manifest, Results
from demandsim.results.prices import Terms
from demandsim.results.reading import read_results
from demandsim.results.structures import Structured
from demandsim.scenario.read import read_scenario
from demandsim.scenario.resolved import RESOLVED
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.structures import Structure, structures, under

_HINT = "the same command without --structures"


def compare_structures(
    reference: str | Path | Scenario,
    *others: str | Path | Scenario,
    options: RunOptions | None = None,
    terms: Terms | None = None,
    **changes: Unpack[Changes],
) -> Structured:
    """Compare what-ifs with a reference under each structure, by point values; run what has not been run.

    A structure's values hold in the reference and the what-ifs alike, before the start too. What a scenario itself
    changes wins.

    Args:
        reference: a scenario, its file or its name; or the folder of a run with point values.
        others: the same, one for each what-if.
        options: of new runs; seed and replications are those of a folder, if one is given. `notice` is told of switches
            that a scenario sets itself.
        terms: how money is told: cash and not discounted unless given.
        changes: options in place of those above.

    Raises:
        UserError: something given is wrong, changes nothing, or can't be compared.
    """
    given, every = (reference, *others), structures()
    options = replace(options_of(options, changes), point=True, ensemble=None)
    made = _manifests(given)
    if made:
        options = replace(options, replications=made[0].replications, seed=made[0].seed)
    scenarios = [_scenario_of(one, options.years) for one in given]
    changed = [[under(scenario, structure) for scenario in scenarios] for structure in every]
    _say_own(scenarios, every, options.notice)
    main = compare(*given, options=options, terms=terms)
    found: list[tuple[str, Comparison]] = []
    for structure, runs in zip(every, changed, strict=True):
        first, *rest = results_of(runs, options)
        found.append((structure.name, compare_results(first, rest, main.terms)))
    return Structured(main, tuple(found))


def _manifests(given: Sequence[str | Path | Scenario]) -> list[Manifest]:
    """Return the manifests of the runs among what is given.

    Raises:
        UserError: one has posterior draws, or is of England.
    """
    found = [read_results(Path(one)) for one in given if not isinstance(one, Scenario) and Path(one).is_dir()]
    problems = [_refused(run, "posterior draws", "point values") for run in found if run.manifest.members]
    problems += [_refused(run, "England", "one authority") for run in found if run.manifest.authorities]
    if problems:
        raise UserError(problems)
    return [run.manifest for run in found]


def _refused(run: Results, what: str, wanted: str) -> Problem:
    expected = f"a run of {wanted}, or the name of its scenario"
    return Problem(str(run.folder), "manifest.json", f"a run of {what}", expected, _HINT)


def _scenario_of(given: str | Path | Scenario, years: int | None) -> Scenario:
    """Return what was simulated, or will be; without posterior draws."""
    if isinstance(given, Scenario):
        return replace(given, ensemble=None)
    if not Path(given).is_dir():
        return read_scenario(given, years=years)
    manifest = read_results(Path(given)).manifest
    found = read_scenario(Path(given) / f"{RESOLVED}.toml")
    return replace(found, name=manifest.scenario, title=manifest.title)


def _say_own(scenarios: Sequence[Scenario], every: Sequence[Structure], notice: Notice) -> None:
    """Say where a structure can't be all that it says, as a scenario sets a value of it."""
    for scenario in scenarios:
        for structure in every:
            names = sorted(set(structure.values) & set(scenario.changes()))
            if names:
                notice(f"{scenario.name} sets {', '.join(names)} itself: that stands under {structure.name} too.")
