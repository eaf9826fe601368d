"""The points of a sweep: which parameters take which values, checked before anything is simulated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from demandsim.problems import Problem, UserError
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.replaced import not_a_parameter
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.schema import Basis
from demandsim.scenario.size import size_of
from demandsim.scenario.together import check_together
from demandsim.text_files import MOST_CSV_BYTES, csv_rows, number_in, read_text

#: More points than this are refused.
MOST_POINTS = 2_000
#: Of each point.
_FEWEST_REPLICATIONS = 5
_FORM = "NAME=from:to:how_many, as demand.level=0.8:1.2:5, or NAME=value,value,..."


@dataclass(frozen=True, slots=True)
class Grid:
    """Points to simulate.

    Attributes:
        names: of the parameters that take other values.
        points: a value of each, for each point.
    """

    names: tuple[str, ...]
    points: tuple[tuple[float, ...], ...]


def with_values(
    scenario: Scenario,
    values: Mapping[str, float | tuple[float, ...]],
    where: str = "--param",
    basis: Basis = Basis.JUDGEMENT,
) -> Scenario:
    """Return a scenario in which some parameters have other values, as `--set` would give them.

    Args:
        scenario: what to change.
        values: new value of each parameter; names and values have been checked.
        where: what to say gave the values.
        basis: how they are known; what is fitted was so before the start too.
    """
    settings = dict(scenario.settings)
    for name, value in values.items():
        before = settings[name]
        settings[name] = replace(
            before, value=value, path=(), basis=basis, source="a point", file=where, before=before, local=None
        )
    return replace(scenario, settings=settings)


def grid_of(scenario: Scenario, texts: Sequence[str]) -> Grid:
    """Return the points that `NAME=from:to:n` or `NAME=value,value` texts span, all combinations of them.

    Raises:
        UserError: with everything wrong in all the texts; or there are too many points.
    """
    problems: list[Problem] = []
    spans = [_span(scenario, text, problems) for text in texts]
    names = [name for name, _ in spans]
    problems += [
        Problem("--param", name, "the same parameter twice", "each once", f"demandsim explain {scenario.name} {name}")
        for name in dict.fromkeys(names)
        if names.count(name) > 1 and name
    ]
    if problems:
        raise UserError(problems)
    each = max(2, int(200 ** (1 / len(spans))))
    fewer = " ".join(f"--param {name}={span[0]:g}:{span[len(span) - 1]:g}:{each}" for name, span in spans)
    _check_size(scenario, math.prod(len(span) for _, span in spans), "--param", fewer)
    grid = Grid(tuple(names), tuple(product(*(span for _, span in spans))))
    _check_points(scenario, grid, "--param")
    return grid


def check_point(scenario: Scenario, values: Mapping[str, float], where: str) -> list[Problem]:
    """Return what is wrong with the values of a point and the rest of the scenario, taken together."""
    settings = with_values(scenario, values, where).settings
    at = ", ".join(f"{name}={value:g}" for name, value in values.items())
    found = check_together(where, settings, scenario.years, only=values)
    return [replace(problem, key=f"at {at}: {problem.key}") for problem in found]


def _check_points(scenario: Scenario, grid: Grid, where: str) -> None:
    """Refuse points at which the scenario can't be.

    Raises:
        UserError: with the first of them.
    """
    problems: list[Problem] = []
    for point in grid.points:
        if not problems:
            problems += check_point(scenario, dict(zip(grid.names, point, strict=True)), where)
    if problems:
        raise UserError(problems)


def grid_from(scenario: Scenario, path: Path) -> Grid:
    """Return the points of a CSV file: the names of parameters above, a point a row.

    Raises:
        UserError: with everything wrong in the file; or there are too many points.
    """
    rows, lines = _rows(path)
    names = rows[0] if rows else []
    if len(rows) < 2:
        expected = "names of parameters in the first line, then a point a line"
        raise UserError(Problem(str(path), "", f"{len(rows)} lines", expected, "demandsim sweep --help"))
    _check_size(scenario, lines - 1, str(path), "--grid with fewer lines")
    problems = [problem for name in names for problem in check_parameter(scenario, name, str(path))]
    twice = sorted({name for name in names if names.count(name) > 1})
    problems += [Problem(str(path), name, "the same parameter twice", "each once") for name in twice]
    points: dict[tuple[float, ...], int] = {}
    for number, row in enumerate(rows[1:], start=1):
        key = f"point {number}"
        if len(row) != len(names):
            problems.append(Problem(str(path), key, f"{len(row)} values", f"{len(names)}, one for each parameter"))
            continue
        point = tuple(number_in(cell) for cell in row)
        for name, value, cell in zip(names, point, row, strict=True):
            problems += check_values(name, [value], str(path), f"{key}, {name}", [cell])
        if point in points:
            problems.append(Problem(str(path), key, f"the values of point {points[point]} again", "each point once"))
        points[point] = number
    if problems:
        raise UserError(problems)
    grid = Grid(tuple(names), tuple(points))
    _check_points(scenario, grid, str(path))
    return grid


def _rows(path: Path) -> tuple[list[list[str]], int]:
    """Return the first rows of a CSV file, blank lines left out, and how many there are in all."""
    hint = "demandsim sweep --help"
    text = read_text(path, MOST_CSV_BYTES, "a CSV file of points", hint)
    rows = [row for row in csv_rows(path, text, hint) if row]
    return rows[: MOST_POINTS + 1], len(rows)


def check_parameter(scenario: Scenario, name: str, where: str) -> list[Problem]:
    """Return what keeps a parameter from being given one number after another."""
    if name not in PARAMETERS:
        return [not_a_parameter(where, name, name, f"demandsim explain {scenario.name}")]
    parameter, setting = PARAMETERS[name], scenario.settings[name]
    hint = f"demandsim explain {scenario.name} {name}"
    if parameter.columns:
        some = ", ".join(parameter.columns)
        return [Problem(where, name, f"a list ({some})", "a parameter that is one number", hint)]
    if setting.path:
        found = f"a path over time, set in {setting.file}"
        return [Problem(where, name, found, "a parameter that keeps one value throughout", hint)]
    if name == "population.children":
        return [Problem(where, name, "the size of the authority", "a parameter that leaves it alone", hint)]
    return []


def check_values(
    name: str, values: Iterable[float], where: str, key: str, texts: Sequence[str] | None = None
) -> list[Problem]:
    """Return what is wrong with values of a parameter: not numbers, or outside what the model can take.

    Args:
        name: of the parameter; nothing is said of a name that is not known.
        values: not a number where a text was none.
        where: file or option in which they were given.
        key: place in it.
        texts: as they were given.
    """
    parameter = PARAMETERS.get(name)
    values = list(values)
    texts = texts or [f"{value:g}" for value in values]
    hint = f"demandsim explain baseline {name}"
    for value, text in zip(values, texts, strict=True):
        if not math.isfinite(value):
            return [Problem(where, key, repr(text), "a number")]
        if parameter and not parameter.low <= value <= parameter.high:
            expected = f"from {parameter.low:g} to {parameter.high:g} {parameter.unit}"
            return [Problem(where, key, text, expected, hint)]
    return []


def _span(scenario: Scenario, text: str, problems: list[Problem]) -> tuple[str, Sequence[float]]:
    """Return a parameter and its values; evenly spaced ones are not made yet, as there may be a million."""
    name, sign, given = (part.strip() for part in text.partition("="))
    wrong = check_parameter(scenario, name, "--param") if sign else [Problem("--param", text, "no values", _FORM)]
    problems += wrong
    if not sign:
        return name, ()
    parts = given.split(":")
    if len(parts) == 3:
        low, high, many = number_in(parts[0]), number_in(parts[1]), number_in(parts[2])
        if not (many == many and many >= 2 and many % 1 == 0 and math.isfinite(low + high) and low < high):
            problems.append(Problem("--param", name, given, "from:to:how_many, low end first, two values or more"))
            return name, ()
        problems += [] if wrong else check_values(name, [low, high], "--param", name)
        return name, _Even(low, high, int(min(many, 1e12)))
    texts = given.split(",")
    values = [number_in(cell) for cell in texts]
    if len(parts) > 1 or len(set(values)) < max(2, len(values)):
        problems.append(Problem("--param", name, repr(given), _FORM))
    else:
        problems += [] if wrong else check_values(name, values, "--param", name, texts)
    return name, sorted(values)


class _Even(Sequence[float]):
    """Evenly spaced values, both ends among them, each made when it is asked for."""

    def __init__(self, low: float, high: float, many: int) -> None:
        self._low, self._high, self._many = low, high, many

    def __len__(self) -> int:
        return self._many

    def __getitem__(self, place: int) -> float:  # type: ignore[override]
        if not 0 <= place < self._many:
            raise IndexError(place)
        # Rounded, so that 0.1 + 0.2 is printed, and simulated, as 0.3.
        return float(f"{self._low + (self._high - self._low) * place / (self._many - 1):.12g}")


def _check_size(scenario: Scenario, points: int, where: str, fewer: str) -> None:
    """Refuse more points than anybody waits for.

    Raises:
        UserError: with how long they would take, and what to give instead.
    """
    if points <= MOST_POINTS:
        return
    seconds = _FEWEST_REPLICATIONS * points * size_of(scenario).seconds
    days = seconds / 86_400
    time = f"{days:,.0f} days" if days > 2 else f"{seconds / 3600:,.1f} hours"
    found = f"{points:,} points, {time} of work or more for one processor"
    hint = f"demandsim sweep {scenario.name} {fewer}"
    raise UserError(Problem(where, "", found, f"at most {MOST_POINTS:,}", hint))
