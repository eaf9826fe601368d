"""Sweep one or two parameters: as many replications at each point as its precision takes, common random numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Unpack

import numpy as np

from demandsim.calendars import financial_year
from demandsim.draws import REPLICATIONS_A_DRAW
from demandsim.experiment.options import Changes, RunOptions, options_of
from demandsim.experiment.points import Points
from demandsim.experiment.run import manifest_of
from demandsim.experiment.turns import in_turn
from demandsim.problems import Problem, UserError
from demandsim.results.checksums import seal, short_digest
from demandsim.results.lock import alone
from demandsim.results.measures import MEASURES
from demandsim.results.points import Array, Asked, asked, index_of, place_of_year
from demandsim.results.store import write_table, writing
from demandsim.results.sweep import FEWEST_DRAWS, Axis, Point, Sweep, allowed_error, precise
from demandsim.scenario.ensemble import in_pairs, with_ensemble
from demandsim.scenario.grid import Grid, check_parameter, grid_of, with_values
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.schema import Role

#: Replications added at a time, and the fewest of any point: fewer say too little of how much they differ.
BATCH = 5
#: The fewest where each has two of every posterior draw: ten draws, as an error from three may be anything.
FEWEST_OF_DRAWS = REPLICATIONS_A_DRAW * FEWEST_DRAWS
DEFAULT_MOST = 40
#: Shares that half the interval of a difference is to come within: of the level as it is, and of the largest difference
#: from a reference.
DEFAULT_PRECISION, DEFAULT_OF_DIFFERENCE = 0.02, 0.2

#: A point, and what it is set against.
_Pair = tuple[Scenario, Scenario]


def sweep(
    scenario: str | Path | Scenario,
    grid: Grid | Mapping[str, Sequence[float]] | Sequence[str],
    *,
    against: str | Path | Scenario | None = None,
    measures: Sequence[str] = ("looked_after",),
    at: str | None = None,
    precision: float | None = None,
    options: RunOptions | None = None,
    **changes: Unpack[Changes],
) -> Sweep:
    """Simulate a scenario with other values of some parameters, against the scenario as it is, or against a reference.

    Replications are added until half the 90% interval of the paired difference is small enough, for the first measure
    in the year asked about: five, then five more at a time; with posterior draws twenty, then six more at a time.

    Args:
        scenario: a scenario, its file or its name.
        grid: points; values of each parameter by name; or texts as the command takes them, "demand.level=0.8:1.2:5".
        against: reference that each point is set against, with the same posterior draws. A parameter that is not a
            lever has the same value in both: it is a fact of the world, not of the what-if.
        measures: ids of measures, or "extra_spend".
        at: year asked about, as 2017-18 or a date in it; the last one unless given.
        precision: a share: of the level as it is, 0.02 unless given; of the largest difference from the reference, 0.2.
        options: how to; the replications are the most at any point. Each point is kept and not simulated again.
        changes: options in place of those above.

    Raises:
        UserError: with everything wrong in what was given; or another command makes the same sweep and `jobs` says not
            to wait.
    """
    options = options_of(options, changes)
    read = options.scenario(scenario)
    other = reference_of(read, against)
    grid = _grid(read, grid)
    questions = asked(measures)
    check_asked(read, other, grid.names, questions)
    labels = year_labels(read)
    year = place_of_year(labels, at)
    if precision is None:
        precision = DEFAULT_PRECISION if other is None else DEFAULT_OF_DIFFERENCE
    pairs = [_pair(read, other, dict(zip(grid.names, values, strict=True))) for values in grid.points]
    as_it_is = (read, other or read)
    most = most_replications(read, options)
    how = (*(one.id for one in questions), labels[year], repr(precision), str(most), str(options.seed))
    digest = short_digest([*(one.digest() for pair in (as_it_is, *pairs) for one in pair), *how])
    points = Points(questions, options)
    wanted = [(one, min(_fewest(read), most)) for one in (*as_it_is, *(one for one, _ in pairs))]
    with in_turn(options.out / f"sweep-{read.name}-{digest}", options, lambda: points.there(wanted)):
        counts = _until_precise(points, as_it_is, pairs, year, precision, most)
    scale = index_of(points.values(as_it_is[1], max(counts)), questions)
    every = zip(grid.points, pairs, counts, strict=True)
    found = tuple(_point(points, *one, scale) for one in every)
    manifest = replace(manifest_of(read, max(counts), options.seed, False), digest=digest)
    axes = tuple(axis_of(read, name) for name in grid.names)
    now = _point(points, tuple(axis.now for axis in axes), as_it_is, max(counts), scale)
    title = other.title if other else ""
    return Sweep(manifest, axes, questions, labels, year, now, found, precision, most, title)


def _point(points: Points, values: tuple[float, ...], pair: _Pair, count: int, scale: Array) -> Point:
    """Return what was simulated at a point and of what it is set against, indices scaled to the reference."""
    found, reference = (points.values(one, count) * scale for one in pair)
    return Point(values, found, reference)


def _grid(scenario: Scenario, given: Grid | Mapping[str, Sequence[float]] | Sequence[str]) -> Grid:
    """Return the points that are meant by values of each parameter, or by texts."""
    if isinstance(given, Grid):
        return given
    if isinstance(given, Mapping):
        given = [f"{name}={','.join(map(repr, values))}" for name, values in given.items()]
    return grid_of(scenario, given)


def reference_of(scenario: Scenario, against: str | Path | Scenario | None) -> Scenario | None:
    """Return the reference of a what-if, with the same years and posterior draws.

    Raises:
        UserError: it is wrong, or the draws don't fit it.
    """
    if against is None:
        return None
    other = against if isinstance(against, Scenario) else read_scenario(against, years=scenario.years)
    return with_ensemble(other, scenario.ensemble)


def is_fact(scenario: Scenario, name: str) -> bool:
    """Return whether a parameter is a fact of the world, which a what-if and its reference share."""
    return scenario.settings[name].declared.role != Role.LEVER


def check_pair(scenario: Scenario, other: Scenario, names: Sequence[str]) -> list[Problem]:
    """Return why a what-if can't be set against a reference with other values of some parameters."""
    problems = [
        problem for name in names if is_fact(scenario, name) for problem in check_parameter(other, name, "--against")
    ]
    shared = {"start": "start", "years": "number of years", "scale_to_england": "size of the authority"}
    return problems + [
        Problem("--against", other.name, f"another {words}", f"that of {scenario.name}", "--years, --set")
        for name, words in shared.items()
        if getattr(other, name) != getattr(scenario, name)
    ]


def check_asked(scenario: Scenario, other: Scenario | None, names: Sequence[str], questions: Sequence[Asked]) -> None:
    """Refuse what can't be set against a reference, and measures that are withheld.

    Raises:
        UserError: with everything that is wrong.
    """
    problems = check_pair(scenario, other, names) if other else []
    acts_on = {*names, *(scenario.changes() if other else ())}
    for question in questions:
        decisions = sorted(acts_on.intersection(MEASURES[question.id].withheld_by if question.id in MEASURES else ()))
        if decisions:
            found = f"with {', '.join(decisions)}, which acts on the decision who is looked after"
            expected = "another measure: what separation and moves do to a child is not in it"
            problems.append(Problem("--measure", question.id, found, expected, "--measure looked_after"))
    if problems:
        raise UserError(problems)


def _pair(scenario: Scenario, other: Scenario | None, values: Mapping[str, float]) -> _Pair:
    """Return a point and what it is set against."""
    one = with_values(scenario, values)
    if other is None:
        return one, scenario
    facts = {name: value for name, value in values.items() if is_fact(scenario, name)}
    return one, with_values(other, facts) if facts else other


def most_replications(scenario: Scenario, options: RunOptions) -> int:
    """Return the most replications at any point: twice the usual number where there are only point values."""
    if options.replications is None and scenario.ensemble is None:
        return DEFAULT_MOST
    return options.replications_of(scenario)


def _fewest(scenario: Scenario) -> int:
    """Return how many replications a point has before precision may stop it."""
    return FEWEST_OF_DRAWS if scenario.ensemble else BATCH


def _until_precise(
    points: Points,
    as_it_is: _Pair,
    pairs: Sequence[_Pair],
    year: int,
    precision: float,
    most: int,
) -> list[int]:
    """Simulate every point until it is precise or has the most replications; return how many each has."""
    scenario, other = as_it_is
    batch, members = in_pairs(scenario, BATCH), len(scenario.ensemble.members) if scenario.ensemble else 0
    counts = [min(_fewest(scenario), most)] * len(pairs)
    still = list(range(len(pairs)))
    while still:
        wanted = [(one, count) for pair, count in zip(pairs, counts, strict=True) for one in pair]
        points.bring([(scenario, max(counts)), (other, max(counts)), *wanted])
        changes = [_change(points, pair, count, year) for pair, count in zip(pairs, counts, strict=True)]
        usual = float(np.nanmean(points.values(scenario, max(counts))[:, year, 0]))
        against = other is not scenario
        allowed = allowed_error([float(np.nanmean(one)) for one in changes], usual, precision, against)
        # What is allowed moves with the level as it is: a point that was precise may not be any more.
        still = [
            place
            for place, change in enumerate(changes)
            if counts[place] < most and not precise(change, allowed, members)
        ]
        for place in still:
            counts[place] = min(counts[place] + batch, most)
    return counts


def _change(points: Points, pair: _Pair, count: int, year: int) -> Array:
    one, other = (points.values(scenario, count)[:, year, 0] for scenario in pair)
    change: Array = one - other
    return change


def keep_sweep(swept: Sweep, out: Path) -> Path:
    """Write the table of a sweep into a folder of its own and return it."""
    folder = out / f"sweep-{swept.manifest.scenario}-{swept.manifest.digest}"
    with alone(folder), writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_table(folder / "sweep.csv", swept.rows())
        seal(folder, ["sweep.csv"])
    return folder


def axis_of(scenario: Scenario, name: str) -> Axis:
    """Return what charts and tables say of a parameter that is one number."""
    setting, parameter = scenario.settings[name], PARAMETERS[name]
    assert isinstance(setting.value, float)
    return Axis(name, parameter.meaning, parameter.unit, setting.value, str(setting.basis))


def year_labels(scenario: Scenario) -> list[str]:
    """Return the labels of the years a scenario simulates."""
    return [financial_year(year) for year in range(scenario.start.year, scenario.start.year + scenario.years)]
