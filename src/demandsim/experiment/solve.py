"""What would it take? The value of a parameter at which a measure meets a target, on common random numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from demandsim.experiment.execute import Workers
from demandsim.experiment.parts import Notice, Progress
from demandsim.experiment.points import Points
from demandsim.experiment.run import DEFAULT_REPLICATIONS, DEFAULT_SEED, default_jobs, manifest_of
from demandsim.experiment.sweep import axis_of, short_digest, year_labels
from demandsim.experiment.turns import in_turn
from demandsim.problems import Problem, UserError
from demandsim.results.checksums import seal
from demandsim.results.lock import alone
from demandsim.results.points import Array, amount, asked, place_of_year
from demandsim.results.solve import COARSE, Solved, answers
from demandsim.results.store import write_table, writing
from demandsim.scenario.ensemble import in_pairs, with_ensemble
from demandsim.scenario.grid import check_parameter, check_point, check_values, with_values
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.schema import Role

#: Times that values are added at the answer and at the ends of its interval, and the most at a time.
_ROUNDS, _MOST_A_ROUND = 4, 6
#: Values nearer to one another than this share of the range are not told apart.
_NEAR = 0.01


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
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = DEFAULT_SEED,
    years: int | None = None,
    out: Path = Path("results"),
    jobs: int | Workers | None = None,
    again: bool = False,
    progress: Progress = lambda finished, wanted: None,
    notice: Notice = lambda text: None,
) -> Solved:
    """Find the value of a parameter at which a measure meets a target: seven values over the range, then nearer ones.

    Args:
        scenario: a scenario, its file or its name.
        param: name of the parameter.
        target: a level, "450"; or a change from the scenario as it is, "-10%". With `against`, the difference from
            that reference, or a percentage of its level.
        measure: id of a measure, or "extra_spend".
        by: year, as 2017-18 or a date in it; the last one unless given.
        against: reference the measure is to be the difference from, over the same ensemble if there is one. A
            parameter that is not a lever has the same value in both: it is a fact of the world, not of the what-if.
        between: the range to look in; the parameter's own range of plausible values unless given.
        replications: futures at each value; an even number with an ensemble, two of each member.
        seed: master seed.
        years: to simulate, if not the scenario's own.
        out: folder for results; each point is kept there and not simulated again.
        jobs: processes, or who else does the work; all cores unless given.
        again: simulate points anew.
        progress: told how many replications are there of those wanted so far.
        notice: told of points that are damaged, and of another command that does the same.

    Raises:
        UserError: with everything wrong in what was given; or the target is not reached within the range.
    """
    read = scenario if isinstance(scenario, Scenario) else read_scenario(scenario, years=years)
    other = against if against is None or isinstance(against, Scenario) else read_scenario(against, years=years)
    low, high, wanted = _checked(read, other, param, between, target)
    (question,) = asked([measure])
    labels = year_labels(read)
    year = place_of_year(labels, by, "--by")
    if other is not None and read.ensemble:
        other = with_ensemble(other, read.ensemble)
    replications = in_pairs(read, replications)
    both = other is not None and read.settings[param].declared.role != Role.LEVER
    manifest = manifest_of(read, replications, seed, False)
    key = [manifest.digest, other.digest() if other else "", param, repr((low, high)), question.id, labels[year]]
    manifest = replace(manifest, digest=short_digest([*key, repr(wanted)]))
    points = Points((question,), seed, out, jobs or default_jobs(), again, notice)
    response = _Response(points, read, other, param, both, wanted, year, replications, progress)
    folder, begun = out / f"solve-{read.name}-{manifest.digest}", [(read, replications)]
    with in_turn(folder, jobs, lambda: points.there(begun), progress, notice):
        values, found = _close_in(response, low, high, manifest.members)
    title, change = other.title if other else "", wanted.relative and other is None
    solved = Solved(
        *(manifest, axis_of(read, param), question, labels[year], title, change, both),
        *(response.target, values, found),
    )
    if not solved.answers:
        raise UserError(_out_of_reach(solved))
    return solved


def _checked(
    scenario: Scenario, other: Scenario | None, param: str, between: tuple[float, float] | None, target: str | float
) -> tuple[float, float, Target]:
    """Return the ends of the range and the target.

    Raises:
        UserError: with everything wrong in what was given.
    """
    problems = check_parameter(scenario, param, "--param")
    if other is not None:
        if not problems and scenario.settings[param].declared.role != Role.LEVER:
            problems += check_parameter(other, param, "--against")
        shared = {"start": "start", "years": "number of years", "scale_to_england": "size of the authority"}
        problems += [
            Problem("--against", other.name, f"another {words}", f"that of {scenario.name}", "--years, --set")
            for name, words in shared.items()
            if getattr(other, name) != getattr(scenario, name)
        ]
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
        progress: Progress,
    ) -> None:
        self._points, self._scenario, self._other, self._param, self._both = points, scenario, other, param, both
        self._year, self._replications, self._progress = year, replications, progress
        self._against = other is not None or target.relative
        self._offset: Array | float = 0.0
        self.target = target.value
        if target.relative:
            (usual,) = self._levels([other or scenario])
            # Each future is to change by so much of its own level.
            self.target = target.value * float(np.nanmean(usual))
            self._offset = target.value * usual - self.target

    def _levels(self, scenarios: Sequence[Scenario]) -> list[Array]:
        self._points.bring([(one, self._replications) for one in scenarios], self._progress)
        return [self._points.values(one, self._replications)[:, self._year, 0] for one in scenarios]

    def at(self, values: Sequence[float]) -> list[Array]:
        """Return the response at each value."""
        whatifs = [with_values(self._scenario, {self._param: value}) for value in values]
        if not self._against:
            return self._levels(whatifs)
        base = self._other or self._scenario
        references = [with_values(base, {self._param: value}) if self._both else base for value in values]
        found = self._levels([*whatifs, *references])
        # Rounded, so that no difference is none.
        return [
            np.round(one - other - self._offset, 9) + 0.0
            for one, other in zip(found, found[len(values) :], strict=False)
        ]


def _close_in(response: _Response, low: float, high: float, members: int = 0) -> tuple[Array, Array]:
    """Return values and the response at each: over the whole range, and close to answers and their intervals."""
    found: dict[float, Array] = {}
    wanted = [float(f"{value:.6g}") for value in np.linspace(low, high, COARSE)]
    for _ in range(1 + _ROUNDS):
        found |= dict(zip(wanted, response.at(wanted), strict=True))
        values = np.array(sorted(found))
        every = np.array([found[value] for value in values])
        wanted = []
        for one in answers(values, every, response.target, members):
            for place in (one.value, one.low, one.high):
                near = [*values, *wanted]
                if place is not None and min(abs(place - value) for value in near) > _NEAR * (high - low):
                    wanted.append(float(f"{place:.6g}"))
        wanted = wanted[:_MOST_A_ROUND]
        if not wanted:
            break
    return values, every


def _out_of_reach(solved: Solved) -> Problem:
    each, unit = solved.responses, solved.question.unit
    low, high = min(each, key=lambda one: one.mean), max(each, key=lambda one: one.mean)
    ends = [f"{amount(one.mean, unit)} (±{one.error:.2g})" for one in (low, high)]
    reached = f"is between {ends[0]} and {ends[1]}"
    if high.mean - low.mean <= min(low.error, high.error) / 100:
        reached = f"is {ends[0]} throughout: the parameter does next to nothing to it"
    response = solved.response[0].lower() + solved.response[1:]
    return Problem(
        "--target",
        solved.question.id,
        f"{amount(solved.target, unit)}, not within the range: with {solved.axis.name} from {solved.values[0]:g} to "
        f"{solved.values[-1]:g}, {response} in {solved.year} {reached}",
        "a target that is reached",
        "another --target, a wider --between low:high, or another --param",
    )


def keep_solved(solved: Solved, out: Path) -> Path:
    """Write the tables of a solve into a folder of its own and return it."""
    folder = out / f"solve-{solved.manifest.scenario}-{solved.manifest.digest}"
    with alone(folder), writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_table(folder / "solve.csv", solved.rows())
        write_table(folder / "answer.csv", solved.answer_rows())
        seal(folder, ("solve.csv", "answer.csv"))
    return folder
