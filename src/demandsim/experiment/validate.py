"""Validate a scenario against published statistics, those of later years among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Unpack

from demandsim.evidence import Target, targets
from demandsim.experiment.options import Changes, RunOptions, options_of
from demandsim.experiment.run import run
from demandsim.problems import Problem, UserError
from demandsim.results.actuals import Actual
from demandsim.results.fit_rows import own_targets
from demandsim.results.forecasts import Forecast, forecasts, official
from demandsim.results.measures import MEASURES
from demandsim.results.store import Results
from demandsim.results.validation import TargetRow, verdicts
from demandsim.scenario.scenario import Scenario

#: The year of most targets, and the year after it, which nothing is fitted to.
YEARS = 2
#: Years that a run may have.
LONGEST = 30


@dataclass(frozen=True, slots=True)
class Validation:
    """How a scenario stands.

    Attributes:
        results: of the run.
        rows: every target, with its verdict.
        later: every figure of later years, with the naive forecasts.
    """

    results: Results
    rows: Sequence[TargetRow]
    later: Sequence[Forecast]


def validate(
    scenario: Scenario,
    actuals: Sequence[Actual] = (),
    given: Sequence[Target] | None = None,
    england: bool | None = None,
    options: RunOptions | None = None,
    **changes: Unpack[Changes],
) -> Validation:
    """Simulate as many years as there are figures for, and set the figures beside what was published.

    A target of a later year that has a tolerance is judged in its year, unless there is an ensemble.

    Args:
        scenario: usually the baseline.
        actuals: figures of later years, besides those that ship.
        given: figures of the first year, as `read_targets` reads them; the scenario's own, or those that ship, unless
            given.
        england: whether `actuals` are of England; else of the simulated authority. Of England unless given, or the
            authority where the scenario has figures of its own.
        options: how to simulate.
        changes: options in place of those above.

    Raises:
        UserError: a figure is of a year that can't be simulated, or the results can't be written.
    """
    first = scenario.start.year
    beside = (own_targets(scenario.targets_from) or targets()) if given is None else given
    # Posterior draws hold what is not known of demand's growth, which later years add up: nothing is judged by them.
    later = [] if scenario.ensemble else _judged_in(beside, first)
    last = max([first + YEARS - 1, *(int(one.year[:4]) for one in actuals), *later])
    # The year before the first is not forecast: it tells how things grew.
    outside = [one for one in actuals if not first - 1 <= int(one.year[:4]) < first + LONGEST]
    if outside:
        expected = f"a year from {first}-{(first + 1) % 100:02d}, and no more than {LONGEST} of them"
        raise UserError([Problem("--actuals", one.measure, one.year, expected) for one in outside])
    longer = replace(scenario, years=last - first + 1)
    results = run(longer, options_of(options, changes))
    named = {(one.measure, one.year) for one in actuals}
    england = any(one.of_england for one in beside) if england is None else england
    # Whoever brings figures of an authority alone is not asking about England.
    asked = england and any(one.of_england for one in beside)
    shipped = [one for one in official() if (one.measure, one.year) not in named] if asked else []
    return Validation(
        results,
        verdicts(results, scenario.circular_targets(), beside),
        forecasts(results, [*shipped, *actuals], england),
    )


def _judged_in(given: Sequence[Target], first: int) -> list[int]:
    """Return the years in which targets can be judged, as far as a run may go."""
    dated = [one for one in given if one.tolerance is not None and one.year[:4].isdigit() and one.measure in MEASURES]
    years = [(int(one.year[:4]) - first, MEASURES[one.measure].known_from) for one in dated]
    return [first + year for year, known in years if max(0, known) <= year < LONGEST]
