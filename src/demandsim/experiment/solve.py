"""What would it take? The value of a parameter at which a measure meets a target, on common random numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, Unpack

import numpy as np

from demandsim.experiment.options import Changes, RunOptions, options_of
from demandsim.experiment.points import Points
from demandsim.experiment.run import manifest_of
from demandsim.experiment.sweep import axis_of, check_pair, is_fact, reference_of, year_labels
from demandsim.experiment.turns import in_turn
from demandsim.problems import Problem, UserError
from demandsim.results.checksums import seal, short_digest
from demandsim.results.lock import alone
from demandsim.results.manifest import Manifest
from demandsim.results.measures import MEASURES
from demandsim.results.meeting import Response
from demandsim.results.points import Array, Asked, asked, place_of_year
from demandsim.results.solve import COARSE, Solved
from demandsim.results.store import write_table, writing
from demandsim.scenario.grid import check_parameter, check_point, check_values, with_values
from demandsim.scenario.scenario import Scenario

#: Times that values are added at the answer and at the ends of its interval, and the most at a time.
_ROUNDS, _MOST_A_ROUND = 4, 6
#: Values nearer to one another than this share of the range are not told apart.
_NEAR = 0.01
#: Replications at values that are far from any answer.
FEW = 40


@dataclass(frozen=True, slots=True)
class Target:
    """What is wanted of the response.

    Attributes:
        value: in the unit of the measure; or a share of the level as it is, if it is relative.
        relative: whether it is a change from the scenario as it is.
    """

    value: float
    relative: bool


def target_of(text: str | float) -> Target:
    """Return the target meant by a number, or by a signed percentage: "-10%" is a tenth below what it is now.

    Raises:
        UserError: it is neither.
    """
    given = str(text).strip()
    relative = given.endswith("%")
    try:
        value = float(given.removesuffix("%"))
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (relative and given[0] not in "+-"):
        expected = "a number, as 450, or with its sign a change in per cent, as -10%"
        raise UserError(Problem("--target", "", repr(text), expected, "demandsim solve --help"))
    return Target(value / 100 if relative else value, relative)


def solve(
    scenario: str | Path | Scenario,
    param: str,
    *,
    target: str | float,
    measure: str = "looked_after",
    by: str | None = None,
    against: str | Path | Scenario | None = None,
    between: tuple[float, float] | None = None,
    options: RunOptions | None = None,
    **changes: Unpack[Changes],
) -> Solved:
    """Find the values of a parameter at which a measure meets a target: seven over the range, then nearer ones.

    That it is met nowhere within the range is a finding too.

    Args:
        scenario: a scenario, its file or its name.
        param: name of the parameter.
        target: a level, "450"; or a change from the scenario as it is, "-10%". With `against`, the difference from
            that reference, or a percentage of its level.
        measure: id of a measure, or "extra_spend".
        by: year, as 2017-18 or a date in it; the last one unless given.
        against: reference the measure is to be the difference from, with the same posterior draws if there are any. A
            parameter that is not a lever has the same value in both: it is a fact of the world, not of the what-if.
        between: the range to look in; the parameter's own range of plausible values unless given.
        options: how to; the replications are those near the answers, forty elsewhere. Each point is kept and not
            simulated again.
        changes: options in place of those above.

    Raises:
        UserError: with everything wrong in what was given.
    """
    options = options_of(options, changes)
    read = options.scenario(scenario)
    other = reference_of(read, against)
    low, high, wanted = _checked(read, other, param, between, target)
    (question,) = asked([measure])
    _check_question(question)
    labels = year_labels(read)
    year = place_of_year(labels, by, "--by")
    replications = options.replications_of(read)
    both = other is not None and is_fact(read, param)
    key = [other.digest() if other else "", param, repr((low, high)), question.id, labels[year], repr(wanted)]
    manifest = _manifest(read, replications, options.seed, key)
    points = Points((question,), options)
    response = _Response(points, read, other, param, both, wanted, year, replications)
    folder, begun = options.out / f"solve-{read.name}-{manifest.digest}", [(read, replications)]
    with in_turn(folder, options, lambda: points.there(begun)):
        values, found = _close_in(response, low, high, manifest.members)
    title, change = other.title if other else "", wanted.relative and other is None
    return Solved(
        *(manifest, axis_of(read, param), question, labels[year], title, change, both),
        *(response.target, values, found, response.base),
    )


def _manifest(scenario: Scenario, replications: int, seed: int, key: Sequence[str]) -> Manifest:
    """Return the manifest of a question, whose digest is of the scenario and of whatever else the answer turns on."""
    manifest = manifest_of(scenario, replications, seed, False)
    return replace(manifest, digest=short_digest([manifest.digest, *key]))


def _checked(
    scenario: Scenario, other: Scenario | None, param: str, between: tuple[float, float] | None, target: str | float
) -> tuple[float, float, Target]:
    """Return the ends of the range and the target.

    Raises:
        UserError: with everything wrong in what was given.
    """
    problems = check_parameter(scenario, param, "--param")
    if other is not None:
        problems += check_pair(scenario, other, [] if problems else [param])
    try:
        wanted = target_of(target)
    except UserError as error:
        problems += error.problems
    if between is None and not problems:
        between = scenario.settings[param].declared.range
        if between is None:
            hint = f"demandsim explain {scenario.name} {param}"
            problems.append(
                Problem("--param", param, "a parameter with no range of its own", "--between low:high", hint)
            )
    if between is not None:
        if not between[0] < between[1]:
            problems.append(Problem("--between", "", f"{between[0]:g}:{between[1]:g}", "low end first"))
        problems += check_values(param, between, "--between", param)
        if not problems:
            problems += [wrong for end in between for wrong in check_point(scenario, {param: end}, "--between")]
    if problems or between is None:
        raise UserError(problems)
    return *between, wanted


def _check_question(question: Asked) -> None:
    """Refuse a measure that is an index: it tells higher from lower, and nothing is to be got by it.

    Raises:
        UserError: it is one.
    """
    if question.id in MEASURES and MEASURES[question.id].indexed:
        found = "an index, which tells higher from lower"
        expected = "a measure that a target can be set for"
        hint = f"demandsim sweep SCENARIO --param NAME=FROM:TO:N --measure {question.id}, or another --measure"
        raise UserError(Problem("--measure", question.id, found, expected, hint))


class _Responding(Protocol):
    """What returns the response at values of the parameter, (replication,) each.

    Attributes:
        target: in its unit.
        replications: of each value near an answer.
    """

    target: float
    replications: int

    def at(self, values: Sequence[float], replications: int) -> list[Array]:
        """Return the response at each value."""


class _Response:
    """The response at values of the parameter, (replication,) each, and the target in its unit."""

    def __init__(
        self,
        points: Points,
        scenario: Scenario,
        other: Scenario | None,
        param: str,
        both: bool,
        target: Target,
        year: int,
        replications: int,
    ) -> None:
        self._points, self._scenario, self._other, self._param, self._both = points, scenario, other, param, both
        self._year, self.replications = year, replications
        self._against = other is not None or target.relative
        self._offset: Array | float = 0.0
        self.base: float | None
        self.target, self.base = target.value, None
        if target.relative:
            (usual,) = self._levels([other or scenario], replications)
            # Each replication is to change by so much of its own level.
            self.base = float(np.nanmean(usual))
            self.target = target.value * self.base
            self._offset = target.value * usual - self.target

    def _levels(self, scenarios: Sequence[Scenario], replications: int) -> list[Array]:
        self._points.bring([(one, replications) for one in scenarios])
        return [self._points.values(one, replications)[:, self._year, 0] for one in scenarios]

    def at(self, values: Sequence[float], replications: int) -> list[Array]:
        """Return the response at each value."""
        whatifs = [with_values(self._scenario, {self._param: value}) for value in values]
        if not self._against:
            return self._levels(whatifs, replications)
        base = self._other or self._scenario
        references = [with_values(base, {self._param: value}) if self._both else base for value in values]
        found = self._levels([*whatifs, *references], replications)
        offset = self._offset if isinstance(self._offset, float) else self._offset[:replications]
        # Rounded, so that no difference is none.
        return [
            np.round(one - other - offset, 9) + 0.0 for one, other in zip(found, found[len(values) :], strict=False)
        ]


def _close_in(response: _Responding, low: float, high: float, members: int = 0) -> tuple[Array, list[Array]]:
    """Return values and the response at each: few replications over the whole range, all of them near the answers.

    Where the response crosses the target, that is at the answer and at the ends of its interval. Where it meets the
    target over a stretch, the edge is looked for between the last value outside and the first one inside.
    """
    found: dict[float, Array] = {}

    def look(values: Sequence[float], replications: int) -> None:
        found.update(zip(values, response.at(values, replications), strict=True))

    few = min(FEW, response.replications)
    look([float(f"{value:.6g}") for value in np.linspace(low, high, COARSE)], few)
    for _ in range(1 + _ROUNDS):
        values = np.array(sorted(found))
        about = Response(values, [found[value] for value in values], response.target, members)
        spans, places = _where_to_look(about)
        rough = [
            value
            for value in values.tolist()
            if len(found[value]) < response.replications and any(one <= value <= other for one, other in spans)
        ]
        new: list[float] = []
        for place in places:
            if min(abs(place - value) for value in [*values, *new]) > _NEAR * (high - low):
                new.append(float(f"{place:.6g}"))
        if not rough and not new:
            break
        look([*rough, *new[:_MOST_A_ROUND]], response.replications)
    values = np.array(sorted(found))
    return values, [found[value] for value in values]


def _where_to_look(about: Response) -> tuple[list[tuple[float, float]], list[float]]:
    """Return spans in which all replications are wanted, and places to look at next."""
    values = about.values
    spans, places = [], []
    for one in about.answers():
        ends = [one.value if end is None else end for end in (one.low, one.high)]
        before, after = values[values < ends[0]], values[values > ends[1]]
        spans.append((float(before[-1]) if len(before) else ends[0], float(after[0]) if len(after) else ends[1]))
        places += [place for place in (one.value, one.low, one.high) if place is not None]
    for flat in about.stretches():
        low = flat.low if flat.before is None else flat.before
        high = flat.high if flat.after is None else flat.after
        inside = values[(values >= flat.low) & (values <= flat.high)]
        # Inside, the edge alone takes all replications.
        spans += [(low, float(inside[0]))] * (flat.before is not None) + [(float(inside[-1]), high)] * (
            flat.after is not None
        )
        places += [(low + flat.low) / 2] * (flat.before is not None)
        places += [(flat.high + high) / 2] * (flat.after is not None)
    return spans, places


def keep_solved(solved: Solved, out: Path) -> Path:
    """Write the tables of a solve into a folder of its own and return it."""
    folder = out / f"solve-{solved.manifest.scenario}-{solved.manifest.digest}"
    with alone(folder), writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_table(folder / "solve.csv", solved.rows())
        write_table(folder / "answer.csv", solved.answer_rows())
        seal(folder, ("solve.csv", "answer.csv"))
    return folder
