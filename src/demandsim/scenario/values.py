"""Checking values: each against its parameter, and all of them against one another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from demandsim.problems import Problem
from demandsim.scenario.parameters import PARAMETERS, Parameter
from demandsim.scenario.replaced import not_a_parameter
from demandsim.scenario.scenario import Setting
from demandsim.scenario.schema import Change, Role
from demandsim.scenario.together import check_together

#: A share of rounding is allowed when shares are added up.
_ROUNDING = 0.0015
#: Shares this near to 1 are left as they are, so that a file written from a scenario reads back to the same digits.
_EXACT = 1e-9


def path_of(
    where: str,
    key: str,
    given: Change,
    parameter: Parameter,
    role: Role,
    span: tuple[date | None, date | None],
    problems: list[Problem],
) -> tuple[tuple[date, float], ...]:
    points = tuple(given.path or ())
    key += ".path"
    if parameter.columns:
        problems.append(Problem(where, key, "a path", "value and from, as this parameter is a list"))
        return ()
    _may_move(where, key, "a path", parameter, role, problems)
    outside = [number for _, number in points if not parameter.low <= number <= parameter.high]
    if outside:
        checked(where, key, outside[0], parameter, problems)
    days = [day for day, _ in points]
    if days != sorted(set(days)):
        problems.append(Problem(where, key, ", ".join(map(str, days)), "dates in order, each once"))
    _in_time(where, key, days, span, problems)
    return points


def since_of(
    where: str,
    key: str,
    given: Change,
    parameter: Parameter,
    role: Role,
    span: tuple[date | None, date | None],
    problems: list[Problem],
) -> tuple[tuple[date, float], ...]:
    """Return the path of a number that is another one from a day on; of a list, nothing."""
    assert given.since is not None
    key += ".from"
    _may_move(where, key, "a day", parameter, role, problems)
    _in_time(where, key, [given.since], span, problems)
    if parameter.columns or not isinstance(given.value, int | float):
        return ()
    return ((given.since, float(given.value)),)


def _may_move(where: str, key: str, found: str, parameter: Parameter, role: Role, problems: list[Problem]) -> None:
    if parameter.opening:
        expected = f"value alone, as {parameter.name} is what there is on the first day"
        problems.append(Problem(where, key, found, expected))
    elif role == Role.UNCERTAINTY and not parameter.moves:
        expected = f"value, as {parameter.name} is an uncertainty: it is what it is, it does not move"
        problems.append(Problem(where, key, found, expected))


def _in_time(
    where: str, key: str, days: list[date], span: tuple[date | None, date | None], problems: list[Problem]
) -> None:
    start, end = span
    if start and end:
        late = [str(day) for day in days if not start <= day <= end]
        if late:
            expected = f"a date from {start} to {end}, the years of the scenario"
            problems.append(Problem(where, key, ", ".join(late), expected))


#: Says that prevention is never cut; the same as leaving cut_prevention out.
_RING_FENCE = "ring_fence_prevention"


def _in_order(where: str, key: str, names: list[str], parameter: Parameter, problems: list[Problem]) -> list[float]:
    """Return the place of each column in an order given by names; 0 for those left out."""
    known = [column.replace(" ", "_") for column in parameter.columns]
    given = [name for name in names if name != _RING_FENCE]
    if parameter.unit != "order":
        problems.append(Problem(where, key, str(names), f"numbers, in {parameter.unit}"))
    elif (
        not set(given) <= set(known)
        or len(set(names)) < len(names)
        or (_RING_FENCE in names and "cut_prevention" in given)
    ):
        expected = ", ".join(known) + f", in order, each at most once; or {_RING_FENCE} instead of cut_prevention"
        problems.append(Problem(where, key, str(names), expected, f"demandsim explain baseline {parameter.name}"))
    return [1.0 + given.index(column) if column in given else 0.0 for column in known]


def checked(
    where: str, key: str, value: float | list[float] | list[str], parameter: Parameter, problems: list[Problem]
) -> float | tuple[float, ...]:
    """Return the value as the model wants it, having noted what is wrong with it."""
    if isinstance(value, list) and isinstance(value[0], str):
        return tuple(_in_order(where, key, [str(item) for item in value], parameter, problems))
    return _in_bounds(
        where, key, [float(item) for item in value] if isinstance(value, list) else value, parameter, problems
    )


def _in_bounds(
    where: str, key: str, value: float | list[float], parameter: Parameter, problems: list[Problem]
) -> float | tuple[float, ...]:
    hint = f"demandsim explain baseline {parameter.name}"
    wanted = len(parameter.columns)
    if isinstance(value, list) != bool(wanted) or (isinstance(value, list) and len(value) != wanted):
        shape = f"{wanted} numbers ({', '.join(parameter.columns)})" if wanted else "one number"
        problems.append(Problem(where, key, str(value), shape, hint))
        return tuple(float(item) for item in value) if isinstance(value, list) else value
    numbers = numbers_of(value)
    if any(not parameter.low <= number <= parameter.high for number in numbers):
        problems.append(
            Problem(where, key, _text(value), f"from {parameter.low:g} to {parameter.high:g} {parameter.unit}", hint)
        )
    elif parameter.sums_to_one and abs(sum(numbers) - 1) > _ROUNDING:
        problems.append(
            Problem(where, key, f"shares that add up to {sum(numbers):.4g}", "shares that add up to 1", hint)
        )
    elif parameter.sums_to_one and abs(sum(numbers) - 1) > _EXACT:
        numbers = [number / sum(numbers) for number in numbers]
    return tuple(numbers) if wanted else numbers[0]


def _text(value: float | list[float]) -> str:
    return str([float(f"{item:.6g}") for item in value]) if isinstance(value, list) else f"{value:g}"


def numbers_of(value: float | Sequence[float]) -> list[float]:
    return [float(number) for number in value] if isinstance(value, Sequence) else [float(value)]


def known(where: str, table: str, name: str, problems: list[Problem]) -> Parameter | None:
    parameter = PARAMETERS.get(name)
    if parameter is None:
        problems.append(not_a_parameter(where, f'{table}."{name}"', name, "demandsim explain baseline"))
    return parameter


def check_whole(
    where: str,
    settings: dict[str, Setting],
    start: date | None,
    years: int | None,
    problems: list[Problem],
) -> None:
    """Note what is wrong with the settings taken together."""
    missing = [name for name in PARAMETERS if name not in settings]
    if missing:
        some = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
        problems.append(
            Problem(
                where,
                "scenario.extends",
                f"no value for {some}",
                'extends = "baseline.toml", which declares them all',
                "demandsim new my_scenario",
            )
        )
        return
    if not begins_a_year(start):
        expected = "the first of April of a year from 2012 to 2100, as 2013-04-01"
        problems.append(Problem(where, "scenario.start", str(start), expected))
    if years is None:
        problems.append(Problem(where, "scenario.years", "nothing", "a number of years, as 10"))
    problems += check_together(where, settings, years or 1, problems)


def begins_a_year(start: date | None) -> bool:
    """Return whether a run can start on a date."""
    return start is not None and (start.month, start.day) == (4, 1) and 2012 <= start.year <= 2100
