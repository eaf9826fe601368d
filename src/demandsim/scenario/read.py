"""Reading scenario files: inherit, override, and say everything that is wrong at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from demandsim.problems import Problem, UserError, did_you_mean
from demandsim.scenario.parameters import PARAMETERS, Parameter
from demandsim.scenario.scenario import Scenario, Setting
from demandsim.scenario.schema import Basis, Change, Declaration, Header, Payer, Role, ScenarioFile

_PACKAGE = Path(__file__).resolve().parent.parent
#: A share of rounding is allowed when shares are added up.
_ROUNDING = 0.0015
#: Shares this near to 1 are left as they are, so that a file written from a scenario reads back to the same digits.
_EXACT = 1e-9
_CONTENT: dict[str, type[BaseModel]] = {"scenario": Header, "parameter": Declaration, "set": Change}


def shipped_folder() -> Path:
    """Return the folder of the scenarios that come with the package, or with its source."""
    packed = _PACKAGE / "shipped_scenarios"
    return packed if packed.is_dir() else _PACKAGE.parent.parent / "scenarios"


def shipped() -> dict[str, Path]:
    """Return the shipped scenarios by name, the baseline first."""
    paths = sorted(shipped_folder().glob("*.toml"), key=lambda path: (path.stem != "baseline", path.stem))
    return {path.stem: path for path in paths}


def read_scenario(given: str | Path, overrides: Sequence[str] = (), years: int | None = None) -> Scenario:
    """Read a scenario, all it extends, and changes from the command line.

    Args:
        given: a file, or the name of a shipped scenario.
        overrides: `NAME=VALUE` texts; VALUE is a number, or numbers in brackets.
        years: simulate so many years instead of the scenario's own.

    Raises:
        UserError: with every problem found in all the files.
    """
    problems: list[Problem] = []
    chain = _chain(given, problems)
    if problems:
        raise UserError(problems)
    settings: dict[str, Setting] = {}
    start, length = None, None
    for _, content in reversed(chain):
        start = content.scenario.start or start
        length = content.scenario.years or length
    for path, content in reversed(chain):
        _declare(str(path), content, settings, problems)
        _change(str(path), content.set, settings, (start, length), problems)
    path, content = chain[0]
    if not problems:
        _change("--set", _overrides(overrides, problems), settings, (start, length), problems)
    _check_whole(str(path), content, settings, start, length, problems)
    if problems:
        raise UserError(problems)
    assert start is not None
    assert length is not None
    return Scenario(
        name=path.stem,
        title=content.scenario.title + _with(overrides),
        why=content.scenario.why.strip(),
        start=start,
        years=years or length,
        settings={name: settings[name] for name in PARAMETERS},
        lineage=tuple(str(path) for path, _ in chain),
    )


def _with(overrides: Sequence[str]) -> str:
    """Return what the command line adds to a title, so that no result or picture passes for the scenario's own."""
    if not overrides:
        return ""
    return " with " + (" and ".join(overrides) if len(overrides) < 3 else f"{len(overrides)} values set")


# -- files ------------------------------------------------------------------------------------------------------------


def find(given: str | Path, beside: Path | None = None) -> Path:
    """Return the file meant by a path or a shipped scenario's name.

    Raises:
        UserError: there is none.
    """
    text = str(given)
    named = shipped().get(text.removesuffix(".toml"))
    folder = beside or Path()
    candidates = [folder / text, folder / f"{text}.toml"]
    if named and not Path(text).suffix:
        candidates.insert(0, named)  # a bare name that ships means what ships, whatever lies in the folder
    for path in candidates:
        if path.is_file():
            return path
    if named:
        return named
    raise UserError(
        Problem(
            text,
            "",
            "no such file, and no shipped scenario of that name" + did_you_mean(text, shipped()),
            "a scenario file, or one of: " + ", ".join(shipped()),
            "demandsim list",
        )
    )


def _chain(given: str | Path, problems: list[Problem]) -> list[tuple[Path, ScenarioFile]]:
    """Return the files from the one given to the one everything rests on."""
    chain: list[tuple[Path, ScenarioFile]] = []
    seen: list[Path] = []
    try:
        path = find(given)
        while True:
            if path.resolve() in seen:
                route = " extends ".join(str(step.name) for step in [*seen[seen.index(path.resolve()) :], path])
                problems.append(
                    Problem(
                        str(path),
                        "scenario.extends",
                        f"a circle: {route}",
                        "a chain that ends in a file that extends none",
                    )
                )
                break
            seen.append(path.resolve())
            content = _parse(path, problems)
            if content is None:
                break
            chain.append((path, content))
            if content.scenario.extends is None:
                break
            path = find(content.scenario.extends, path.parent)
    except UserError as error:
        if seen:
            problems += [replace(problem, where=str(path), key="scenario.extends") for problem in error.problems]
        else:
            problems += error.problems
    return chain


def _parse(path: Path, problems: list[Problem]) -> ScenarioFile | None:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        problems.append(Problem(str(path), "", f"a file that can't be read ({error.strerror})", "a readable file"))
    except UnicodeDecodeError:
        problems.append(
            Problem(str(path), "", "bytes that are not UTF-8 text", "a TOML file", "demandsim new my_scenario")
        )
    except tomllib.TOMLDecodeError as error:
        problems.append(
            Problem(str(path), "", f"text that is not TOML ({error})", "a TOML file", "demandsim new my_scenario")
        )
    else:
        try:
            return ScenarioFile.model_validate(content)
        except ValidationError as error:
            problems += [_explained(str(path), dict(detail)) for detail in error.errors()]
    return None


def _explained(where: str, detail: dict[str, Any]) -> Problem:
    """Turn one of Pydantic's findings into a problem in the words of the file."""
    place = [str(part) for part in detail["loc"]]
    table = place[0] if place else ""
    # The names of a union's members are Pydantic's, not the user's.
    place = [part for part in place if not part.startswith(("constrained-", "list[", "float"))]
    key = ".".join(f'"{part}"' if "." in part else part for part in place)
    found = repr(detail.get("input"))
    found = found if len(found) < 80 else found[:77] + "..."
    hint = (
        f"demandsim explain baseline {place[1]}"
        if table in ("parameter", "set") and len(place) > 1 and place[1] in PARAMETERS
        else "demandsim new my_scenario"
    )
    if detail["type"] == "extra_forbidden":
        known = list(_CONTENT[table].model_fields) if table in _CONTENT and len(place) > 1 else list(_CONTENT)
        return Problem(
            where,
            key,
            "a key that means nothing here" + did_you_mean(place[-1], known),
            "one of: " + ", ".join(known),
            hint,
        )
    if detail["type"] == "missing":
        return Problem(where, key, "nothing", "a value", hint)
    expected = detail["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return Problem(where, key, found, expected, hint)


# -- values -----------------------------------------------------------------------------------------------------------


def _declare(where: str, content: ScenarioFile, settings: dict[str, Setting], problems: list[Problem]) -> None:
    for name, given in content.parameter.items():
        parameter = _known(where, "parameter", name, problems)
        if parameter is None:
            continue
        key = f'parameter."{name}"'
        hint = f"demandsim explain baseline {name}"
        if name in settings:
            problems.append(
                Problem(where, key, "a second declaration", f'[set."{name}"], as a file it extends declares it', hint)
            )
        if given.unit != parameter.unit:
            problems.append(Problem(where, key + ".unit", repr(given.unit), repr(parameter.unit), hint))
        value = _checked(where, key + ".value", given.value, parameter, problems)
        if given.range and not given.range[0] <= given.range[1]:
            problems.append(Problem(where, key + ".range", str(given.range), "low end first", hint))
        settings[name] = Setting(
            value,
            given.unit,
            (given.range[0], given.range[1]) if given.range else None,
            given.role,
            given.basis,
            given.source,
            where,
        )


def _change(
    where: str,
    changes: dict[str, Change],
    settings: dict[str, Setting],
    span: tuple[date | None, int | None],
    problems: list[Problem],
) -> None:
    for name, given in changes.items():
        parameter = _known(where, "set", name, problems)
        if parameter is None or name not in settings:
            continue
        key = f'set."{name}"'
        before = settings[name]
        value, points = before.value, before.path
        if given.value is not None:
            value, points = _checked(where, key + ".value", given.value, parameter, problems), ()
        elif given.times is not None:
            product = [number * given.times for number in _numbers(before.value)]
            if parameter.sums_to_one:
                problems.append(
                    Problem(where, key + ".times", str(given.times), "value, as these are shares that add up to 1")
                )
            value = _checked(where, key + ".times", product if parameter.columns else product[0], parameter, problems)
        elif given.path is not None:
            points = _path(where, key, given, parameter, before.role, span, problems)
        settings[name] = replace(
            before,
            value=value,
            path=points,
            basis=given.basis,
            source=given.because,
            file=where,
            before=before,
            within_budget=given.paid_by is not None or before.within_budget,
        )
        if given.paid_by is not None:
            _pay(where, key, name, given.paid_by, settings, changes, problems)


#: Levers that cost money: what one unit of each costs, in pounds a child.
COSTS_A_CHILD: dict[str, Callable[[dict[str, Setting]], float]] = {
    "budget.prevention": lambda settings: 1.0,
    "workforce.posts": lambda settings: _numbers(settings["cost.social_worker"].value)[0] / 1e4,
}


def _pay(
    where: str,
    key: str,
    name: str,
    payer: Payer,
    settings: dict[str, Setting],
    changes: dict[str, Change],
    problems: list[Problem],
) -> None:
    """Take from one lever the money that another needs, at every date at which it moves."""
    key += ".paid_by"
    if name not in COSTS_A_CHILD or payer == name:
        expected = "no paid_by: only posts and prevention are paid for, by the budget or by one another"
        problems.append(Problem(where, key, str(payer), expected, f"demandsim explain baseline {name}"))
        return
    if payer == Payer.BUDGET:
        return
    if payer in changes:
        problems.append(
            Problem(where, key, str(payer), f"a payer that this file does not change itself, as it does {payer}")
        )
        return
    rate = COSTS_A_CHILD[name](settings) / COSTS_A_CHILD[payer](settings)
    lever, other = settings[name], settings[payer]
    assert lever.before is not None
    usual, base = _numbers(lever.before.value)[0], _numbers(other.value)[0]

    def left(value: float) -> float:
        return base - rate * (value - usual)

    moved = [left(value) for value in (*_numbers(lever.value), *(value for _, value in lever.path))]
    if min(moved) < PARAMETERS[payer].low:
        problems.append(
            Problem(where, key, str(payer), f"a payer that can: this would take {payer} down to {min(moved):.4g}")
        )
    settings[payer] = replace(
        other,
        value=left(_numbers(lever.value)[0]),
        path=tuple((day, left(value)) for day, value in lever.path),
        source=f"pays for {name}",
        file=where,
        before=other,
        within_budget=True,
    )


def _path(
    where: str,
    key: str,
    given: Change,
    parameter: Parameter,
    role: Role,
    span: tuple[date | None, int | None],
    problems: list[Problem],
) -> tuple[tuple[date, float], ...]:
    points = tuple(given.path or ())
    key += ".path"
    if parameter.columns:
        problems.append(Problem(where, key, "a path", "value, as this parameter is a list"))
        return ()
    if role == Role.UNCERTAINTY and not parameter.name.startswith("demand."):
        problems.append(
            Problem(
                where,
                key,
                "a path",
                f"value, as {parameter.name} is an uncertainty: it is what it is, it does not move",
            )
        )
    for _, number in points:
        _checked(where, key, number, parameter, problems)
    days = [day for day, _ in points]
    if days != sorted(set(days)):
        problems.append(Problem(where, key, ", ".join(map(str, days)), "dates in order, each once"))
    start, years = span
    if start and years:
        end = start.replace(year=start.year + years)
        expected = f"a date from {start} to {end}, the years of the scenario"
        problems += [Problem(where, key, str(day), expected) for day in days if not start <= day <= end]
    return points


def _checked(
    where: str, key: str, value: float | list[float], parameter: Parameter, problems: list[Problem]
) -> float | tuple[float, ...]:
    """Return the value as the model wants it, having noted what is wrong with it."""
    hint = f"demandsim explain baseline {parameter.name}"
    wanted = len(parameter.columns)
    if isinstance(value, list) != bool(wanted) or (isinstance(value, list) and len(value) != wanted):
        shape = f"{wanted} numbers ({', '.join(parameter.columns)})" if wanted else "one number"
        problems.append(Problem(where, key, str(value), shape, hint))
        return tuple(value) if isinstance(value, list) else value
    numbers = _numbers(value)
    if any(not parameter.low <= number <= parameter.high for number in numbers):
        problems.append(
            Problem(where, key, str(value), f"from {parameter.low:g} to {parameter.high:g} {parameter.unit}", hint)
        )
    elif parameter.sums_to_one and abs(sum(numbers) - 1) > _ROUNDING:
        problems.append(
            Problem(where, key, f"shares that add up to {sum(numbers):.4g}", "shares that add up to 1", hint)
        )
    elif parameter.sums_to_one and abs(sum(numbers) - 1) > _EXACT:
        numbers = [number / sum(numbers) for number in numbers]
    return tuple(numbers) if wanted else numbers[0]


def _numbers(value: float | Sequence[float]) -> list[float]:
    return [float(number) for number in value] if isinstance(value, Sequence) else [float(value)]


def _known(where: str, table: str, name: str, problems: list[Problem]) -> Parameter | None:
    parameter = PARAMETERS.get(name)
    if parameter is None:
        problems.append(
            Problem(
                where,
                f'{table}."{name}"',
                "a parameter the model does not have" + did_you_mean(name, PARAMETERS),
                "the name of a parameter",
                "demandsim explain baseline",
            )
        )
    return parameter


def _check_whole(
    where: str,
    content: ScenarioFile,
    settings: dict[str, Setting],
    start: date | None,
    years: int | None,
    problems: list[Problem],
) -> None:
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
    if start is None or (start.month, start.day) != (4, 1) or not 2012 <= start.year <= 2100:
        problems.append(Problem(where, "scenario.start", str(start), "the first of April of a year, as 2013-04-01"))
    if years is None:
        problems.append(Problem(where, "scenario.years", "nothing", "a number of years, as 10"))
    orders = [order for order in _numbers(settings["budget.brakes"].value) if order]
    if len(orders) != len(set(orders)) or any(order != int(order) for order in orders):
        problems.append(
            Problem(
                where,
                "budget.brakes",
                str(list(settings["budget.brakes"].value)),  # type: ignore[arg-type]
                f"for each of {', '.join(PARAMETERS['budget.brakes'].columns)} its place in the order, each place "
                "once; 0 is never, and ring-fences prevention",
                "demandsim explain baseline budget.brakes",
            )
        )
    by_age = [settings[f"care.{route}"].value for route in ("home", "adoption", "guardianship", "other")]
    totals = [sum(shares) for shares in zip(*map(_numbers, by_age), strict=False)]
    if any(total > 1 + _ROUNDING for total in totals):
        problems.append(
            Problem(
                where,
                "care.home, care.adoption, care.guardianship, care.other",
                "totals by age of " + ", ".join(f"{total:.3g}" for total in totals),
                "at most 1 at each age; the rest stay until 18",
                "demandsim explain baseline care.home",
            )
        )


def _overrides(texts: Sequence[str], problems: list[Problem]) -> dict[str, Change]:
    changes: dict[str, Change] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        try:
            parsed = tomllib.loads(f"value = {value}")["value"] if sign else None
            changes[name.strip()] = Change(value=parsed, because="set on the command line", basis=Basis.JUDGEMENT)
        except (tomllib.TOMLDecodeError, ValidationError):
            problems.append(
                Problem(
                    "--set",
                    text,
                    "no NAME=VALUE",
                    "as demand.level=1.1, or a list in brackets",
                    "demandsim explain baseline",
                )
            )
    return changes
