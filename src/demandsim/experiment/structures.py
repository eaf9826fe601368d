"""Compare scenarios under the main structure of the model and under the alternative ones, by point values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from demandsim.experiment.compare import Telling, compare, results_of
from demandsim.experiment.execute import Workers
from demandsim.experiment.parts import Notice
from demandsim.experiment.run import DEFAULT_REPLICATIONS, DEFAULT_SEED
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
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = DEFAULT_SEED,
    years: int | None = None,
    out: Path = Path("results"),
    jobs: int | Workers | None = None,
    tell: Telling = lambda what, finished, wanted: None,
    notice: Notice = lambda text: None,
    terms: Terms | None = None,
) -> Structured:
    """Compare what-ifs with a reference under each structure; run what has not been run.

    A structure's values hold in the reference and the what-ifs alike, before the start too. What a scenario itself
    changes wins.

    Args:
        reference: a scenario, its file or its name; or the folder of a run with point values.
        others: the same, one for each what-if.
        replications: of new runs; those of a folder, if one is given.
        seed: of new runs; that of a folder, if one is given.
        years: of new runs, if not the scenario's own.
        out: folder for results.
        jobs: processes, or who else does the work; all cores unless given.
        tell: told what is being simulated and how far it is.
        notice: told of lost workers, of simulations that fail, and of switches that a scenario sets itself.
        terms: how money is told: cash and not discounted unless given.

    Raises:
        UserError: something given is wrong, changes nothing, or can't be compared.
    """
    given, every = (reference, *others), structures()
    made = _manifests(given)
    if made:
        replications, seed = made[0].replications, made[0].seed
    scenarios = [_scenario_of(one, years) for one in given]
    changed = [[under(scenario, structure) for scenario in scenarios] for structure in every]
    _say_own(scenarios, every, notice)
    main = compare(
        *given, replications=replications, seed=seed, years=years, out=out, jobs=jobs, tell=tell, notice=notice,
        terms=terms,
    )  # fmt: skip
    found: list[tuple[str, Comparison]] = []
    for structure, runs in zip(every, changed, strict=True):
        first, *rest = [results_of(one, replications, seed, None, out, jobs, tell, notice) for one in runs]
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
