"""Scenario discovery: simulate a what-if over posterior draws and chosen ranges, to find when it does what is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Unpack

import numpy as np
from numpy.typing import NDArray
from scipy.stats.qmc import LatinHypercube

from demandsim.draws import REPLICATIONS_A_DRAW
from demandsim.experiment.options import Changes, RunOptions, options_of
from demandsim.experiment.points import Points
from demandsim.experiment.run import manifest_of
from demandsim.experiment.sweep import check_asked, year_labels
from demandsim.experiment.turns import in_turn
from demandsim.problems import Problem, UserError
from demandsim.results.checksums import seal, short_digest
from demandsim.results.discovery import Discovery
from demandsim.results.lock import alone
from demandsim.results.points import EXTRA_SPEND, asked, index_of, place_of_year
from demandsim.results.store import write_table, writing
from demandsim.scenario.ensemble import future
from demandsim.scenario.grid import check_parameter, check_point, check_values, with_values
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.sets_of_values import Ensemble
from demandsim.text_files import number_in

Array = NDArray[np.float64]

DEFAULT_POINTS = 200
#: Replications of each point, of the reference and of the what-if.
DEFAULT_REPLICATIONS = 2
#: A range as it is given.
_FORM = "NAME=FROM:TO, as early_help.attrition=0.2:0.5"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a what-if.

    Attributes:
        measure: id of a measure, or extra_spend.
        at: year, as 2017-18; the last one unless given.
        limit: of the difference from the reference.
        below: whether the difference is to be at or below the limit; else at or above.
    """

    measure: str = EXTRA_SPEND.id
    at: str | None = None
    limit: float = 0.0
    below: bool = True


def ranges_of(scenario: Scenario, what_if: Scenario, texts: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Return the chosen ranges that `NAME=FROM:TO` texts give.

    Raises:
        UserError: with everything wrong in all the texts.
    """
    problems: list[Problem] = []
    found: dict[str, tuple[float, float]] = {}
    for text in texts:
        name, sign, given = (part.strip() for part in text.partition("="))
        low, colon, high = given.partition(":")
        ends = number_in(low), number_in(high)
        if not (sign and colon and ends[0] < ends[1]):
            problems.append(Problem("--range", name, given or "no range", _FORM))
            continue
        of = what_if if name in PARAMETERS and _sets(what_if, name) else scenario
        wrong = check_parameter(of, name, "--range") or check_values(name, list(ends), "--range", name)
        if name in found:
            wrong = [Problem("--range", name, "the same parameter twice", "each once")]
        problems += wrong
        found[name] = ends
    if problems:
        raise UserError(problems)
    return found


def discover(
    scenario: Scenario,
    what_if: Scenario,
    ranges: Mapping[str, tuple[float, float]],
    *,
    wanted: Wanted | None = None,
    points: int = DEFAULT_POINTS,
    options: RunOptions | None = None,
    **changes: Unpack[Changes],
) -> Discovery:
    """Simulate reference and what-if at many points, and say at which the what-if does what is asked.

    A point is a posterior draw, if the scenario has any, with a value of each chosen range from a Latin hypercube. A
    parameter that the what-if sets has the chosen value in it alone, anything else in both. Reference and what-if have
    the same random draws; each point has others.

    Args:
        scenario: the reference, with posterior draws or without.
        what_if: with the same.
        ranges: low and high end of parameters to vary beside the draws.
        wanted: what is asked of the what-if; to pay back by the last year unless given.
        points: how many.
        options: how to; the replications are those of each point, two unless given. Each point is kept and not
            simulated again.
        changes: options in place of those above.

    Raises:
        UserError: nothing varies, or something given is wrong.
    """
    options, wanted = options_of(options, changes), wanted or Wanted()
    if scenario.ensemble is None and not ranges:
        hint = "demandsim discover baseline shift_to_prevention --range demand.level=0.9:1.1"
        raise UserError(Problem("--range", "", "no posterior draws and no range", "something that varies", hint))
    questions = asked([wanted.measure])
    check_asked(what_if, scenario, list(ranges), questions)
    labels, count = year_labels(scenario), options.replications or DEFAULT_REPLICATIONS
    year = place_of_year(labels, wanted.at)
    chosen = _hypercube(ranges, points, options.seed)
    brought = _brought(scenario, what_if, ranges, chosen, count)
    digest = short_digest([*(one.digest() for one, _ in brought), repr(wanted), str(count), str(options.seed)])
    simulated = Points(questions, options)
    with in_turn(options.out / f"discover-{what_if.name}-{digest}", options, lambda: simulated.there(brought)):
        simulated.bring(brought)
    levels = np.array([simulated.values(one, numbers) for one, numbers in brought])
    scale = index_of(levels[0::2].reshape(-1, *levels.shape[2:]), questions)
    means = (levels * scale)[:, :, year, 0].mean(axis=1)
    names, units, values = _numbers(scenario, what_if, ranges, chosen)
    manifest = replace(manifest_of(scenario, count * points, options.seed, False), digest=digest)
    return Discovery(
        *(manifest, what_if.title, questions[0], labels[year], wanted.below, wanted.limit, names, units, values),
        differences=means[1::2] - means[0::2],
        replications=count,
    )


def _sets(what_if: Scenario, name: str) -> bool:
    """Return whether the what-if itself, and not what it extends, settles a parameter."""
    return what_if.settings[name].file == what_if.lineage[0]


def _hypercube(ranges: Mapping[str, tuple[float, float]], points: int, seed: int) -> Array:
    """Return a value of each range for each point, spread evenly."""
    if not ranges:
        return np.zeros((points, 0))
    low, high = np.array(list(ranges.values())).T
    unit: Array = LatinHypercube(len(ranges), rng=np.random.default_rng(seed)).random(points)
    spread: Array = low + unit * (high - low)
    return spread


def _brought(
    scenario: Scenario, what_if: Scenario, ranges: Mapping[str, tuple[float, float]], chosen: Array, count: int
) -> list[tuple[Scenario, range]]:
    """Return what is simulated, reference and what-if in turn, each with the replications of its point.

    Raises:
        UserError: a point at which the scenarios can't be.
    """
    pairs = [_pair(scenario, what_if, dict(zip(ranges, row, strict=True)), place) for place, row in enumerate(chosen)]
    _check(pairs, ranges, chosen)
    return [(one, range(count * place, count * (place + 1))) for place, pair in enumerate(pairs) for one in pair]


def _pair(scenario: Scenario, what_if: Scenario, chosen: Mapping[str, float], place: int) -> tuple[Scenario, Scenario]:
    """Return reference and what-if at a point."""
    drawn = [future(one, REPLICATIONS_A_DRAW * place) for one in (scenario, what_if)]
    world = {name: value for name, value in chosen.items() if not _sets(what_if, name)}
    return with_values(drawn[0], world, "--range"), with_values(drawn[1], chosen, "--range")


def _check(
    pairs: Sequence[tuple[Scenario, Scenario]], ranges: Mapping[str, tuple[float, float]], chosen: Array
) -> None:
    """Refuse ranges in which the scenarios can't be.

    Raises:
        UserError: with what is wrong at the first such point.
    """
    for (_, what_if), row in zip(pairs, chosen, strict=True):
        problems = check_point(what_if, dict(zip(ranges, map(float, row), strict=True)), "--range") if ranges else []
        if problems:
            raise UserError(problems)


def _numbers(
    scenario: Scenario, what_if: Scenario, ranges: Mapping[str, tuple[float, float]], chosen: Array
) -> tuple[tuple[str, ...], tuple[str, ...], Array]:
    """Return the names and units of all that varies, and a value of each for each point."""
    names, columns = list(ranges), [chosen]
    if scenario.ensemble is not None:
        drawn, values = _drawn(scenario.ensemble, what_if, ranges, len(chosen))
        names, columns = [*names, *drawn], [chosen, values]
    units = tuple(PARAMETERS[name.partition("[")[0]].unit for name in names)
    return tuple(names), units, np.hstack(columns)


def _drawn(
    ensemble: Ensemble, what_if: Scenario, ranges: Mapping[str, tuple[float, float]], points: int
) -> tuple[list[str], Array]:
    """Return the numbers of the draws that vary and are not set by the what-if or chosen otherwise."""
    members = np.array(ensemble.members)[np.arange(points) % len(ensemble.members)]
    kept = [
        place
        for place, name in enumerate(ensemble.names)
        if np.ptp(members[:, place]) > 0 and name not in ranges and not what_if.settings[name.partition("[")[0]].stands
    ]
    return [ensemble.names[place] for place in kept], members[:, kept]


def keep_discovery(found: Discovery, out: Path, name: str) -> Path:
    """Write the tables of a discovery into a folder of its own and return it."""
    folder = out / f"discover-{name}-{found.manifest.digest}"
    with alone(folder), writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_table(folder / "points.csv", found.rows())
        write_table(folder / "boxes.csv", found.box_rows())
        seal(folder, ["points.csv", "boxes.csv"])
    return folder
