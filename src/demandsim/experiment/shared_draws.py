"""What the runs of a comparison share unless told otherwise: posterior draws, and how many replications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from demandsim.calendars import financial_year
from demandsim.draws import REPLICATIONS_A_DRAW
from demandsim.experiment.options import RunOptions, usual_replications
from demandsim.problems import Problem, UserError
from demandsim.results.manifest import Results
from demandsim.results.reading import read_results
from demandsim.results.tables import YEARS_BEFORE
from demandsim.scenario.draws_from import check_all, draws_of
from demandsim.scenario.ensemble import read_ensemble
from demandsim.scenario.files import find
from demandsim.scenario.read import read_scenario
from demandsim.scenario.resolved import ENSEMBLE_FILE
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.sets_of_values import Ensemble

#: What can be compared: results, a results folder, a scenario, its file or its name.
Given = str | Path | Scenario | Results
_EXPECTED = "a scenario file, the name of a scenario that ships, or a results folder that demandsim run wrote"


@dataclass(frozen=True, slots=True)
class Shared:
    """What new runs share.

    Attributes:
        ensemble: the posterior draws; None for point values.
        replications: unless told.
        named: whether anything named posterior draws, used or not.
    """

    ensemble: Ensemble | None
    replications: int
    named: bool = True

    def of(self, options: RunOptions) -> RunOptions:
        """Return options of the runs."""
        each = REPLICATIONS_A_DRAW if self.ensemble else 1
        count = self.replications if options.replications is None else -(-options.replications // each) * each
        return replace(options, ensemble=self.ensemble, point=self.ensemble is None, replications=count)


def shared_draws(given: Sequence[Given], options: RunOptions) -> Shared:
    """Return what the new runs of a comparison share.

    Finished runs decide: new ones must have the same draws. Else the options do, else the reference.

    Args:
        given: the reference and the what-ifs.
        options: as the user gave them.

    Raises:
        UserError: draws can't be read or don't fit; or a scenario is wrong.
    """
    check_given(given)
    if options.ensemble is not None:
        one = options.ensemble
        return _of(one if isinstance(one, Ensemble) else read_ensemble(one))
    if options.point:
        return _of(None)
    finished = next(filter(None, map(_results, given)), None)
    if finished is not None:
        manifest = finished.manifest
        return Shared(
            read_ensemble(finished.folder / ENSEMBLE_FILE) if manifest.members else None, manifest.replications
        )
    reference, *others = given
    if isinstance(reference, Scenario):
        return _of(reference.ensemble)
    assert not isinstance(reference, Results)
    read = read_scenario(reference, years=options.years)
    found = draws_of(read)
    if found is None:
        return replace(_of(None), named=False)
    check_all([_scenario(one, options.years) for one in others], found)
    return _of(found)


def check_given(given: Sequence[Given]) -> None:
    """Refuse names of nothing, and what-ifs whose files have one name: tables and pictures call them by it.

    Raises:
        UserError: with all of them.
    """
    problems: list[Problem] = []
    found: dict[str, Path] = {}
    for place, one in enumerate(given):
        if isinstance(one, Scenario | Results) or Path(one).is_dir():
            continue
        try:
            path = find(one).resolve()
        except UserError as error:
            problems += [replace(problem, expected=_EXPECTED) for problem in error.problems]
            continue
        other = found.setdefault(path.stem, path) if place else path
        if other != path:
            said = f"a what-if of the same name as {other}"
            hint = f"call one of them {path.stem}_2.toml, and compare again"
            problems.append(Problem(str(one), "", said, "another name: results are told apart by it", hint))
    if problems:
        raise UserError(problems)


def _of(ensemble: Ensemble | None) -> Shared:
    return Shared(ensemble, usual_replications(ensemble))


def year_labels_of(given: Given, options: RunOptions) -> list[str]:
    """Return the labels of the years that a run has, or will have."""
    if (made := _results(given)) is not None:
        return made.year_labels()[YEARS_BEFORE:]
    read = _scenario(given, options.years)
    return [financial_year(year) for year in range(read.start.year, read.start.year + read.years)]


def _results(given: Given) -> Results | None:
    if isinstance(given, Results):
        return given
    if isinstance(given, Scenario) or not Path(given).is_dir():
        return None
    return read_results(Path(given))


def _scenario(given: Given, years: int | None) -> Scenario:
    assert not isinstance(given, Results)
    return given if isinstance(given, Scenario) else read_scenario(given, years=years)
