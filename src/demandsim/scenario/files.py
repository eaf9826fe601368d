"""Finding scenario files, following what they extend, and saying what is wrong with their form."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from demandsim.problems import Problem, UserError, did_you_mean, typed
from demandsim.scenario.limits import LONGEST_CHAIN, MOST_BYTES, too_much_in
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.schema import Change, Declaration, Header, Local, ScenarioFile
from demandsim.scenario.slips import problems_of
from demandsim.text_files import is_file, read_text

_PACKAGE = Path(__file__).resolve().parent.parent
#: Names told that may be meant, and files of a folder that are looked at for them.
_MOST_NEAR, _MOST_LOOKED_AT = 3, 1_000
_NEW = "demandsim new my_scenario"
#: Tables that have a table for each parameter.
_TABLES_BY_NAME = ("set", "local", "parameter")
#: What is expected of a key that is missing.
_EXPECTED = {
    "scenario": 'a table [scenario] to begin with: title = "My question" and extends = "baseline" in it',
    "scenario.title": 'a title, as title = "My question"',
    "because": 'a reason, as because = "why"',
}
_CONTENT: dict[str, type[BaseModel]] = {"scenario": Header, "parameter": Declaration, "local": Local, "set": Change}


def shipped_folder() -> Path:
    """Return the folder of the scenarios that come with the package, or with its source."""
    packed = _PACKAGE / "shipped_scenarios"
    return packed if packed.is_dir() else _PACKAGE.parent.parent / "scenarios"


def shipped() -> dict[str, Path]:
    """Return the shipped scenarios by name, the baseline first."""
    paths = sorted(shipped_folder().glob("*.toml"), key=lambda path: (path.stem != "baseline", path.stem))
    return {path.stem: path for path in paths}


def _titles() -> dict[str, str]:
    return {
        name: str(tomllib.loads(path.read_text(encoding="utf-8"))["scenario"]["title"])
        for name, path in shipped().items()
    }


def shipped_structures() -> dict[str, Path]:
    """Return the alternative structures that ship, by name: no what-ifs, but other assumptions about how it works."""
    return {path.stem: path for path in sorted((shipped_folder() / "structures").glob("*.toml"))}


def find(given: str | Path, beside: Path | None = None) -> Path:
    """Return the file meant by a path or the name of a shipped scenario or structure.

    Raises:
        UserError: there is none.
    """
    text = str(given)
    name = text.removesuffix(".toml")
    named = shipped().get(name) or shipped_structures().get(name)
    folder = beside or Path()
    candidates = [folder / text, folder / f"{text}.toml"]
    if named and not Path(text).suffix:
        candidates.insert(0, named)  # a bare name that ships means what ships, whatever lies in the folder
    for path in candidates:
        if is_file(path):
            return path
    if named:
        return named
    raise UserError(_not_there(text, folder))


def _not_there(text: str, folder: Path) -> Problem:
    """Return that there is no such file, where it was looked for, and what is there that may be meant."""
    inside = (folder / text).parent
    beside = [(Path(text).parent / path.stem).as_posix() for path in _scenarios_in(inside)]
    near = did_you_mean(text.removesuffix(".toml"), dict.fromkeys([*shipped(), *beside]), _titles(), _MOST_NEAR)
    found = f"no such file in {inside.absolute()}, and no shipped scenario of that name{near}"
    return Problem(text, "", found, "a scenario file, or the name of a scenario that ships", "demandsim list")


def _scenarios_in(folder: Path) -> list[Path]:
    try:
        return sorted(islice(folder.glob("*.toml"), _MOST_LOOKED_AT))
    except (OSError, ValueError):  # no such folder, or none that may be read
        return []


def chain_of(given: str | Path, problems: list[Problem]) -> list[tuple[Path, ScenarioFile]]:
    """Return the files from the one given to the one everything rests on."""
    chain: list[tuple[Path, ScenarioFile]] = []
    asked = ""
    seen: list[Path] = []
    try:
        path = find(given)
        while True:
            if path.resolve() in seen:
                problems.append(_circle(seen, path))
                break
            if len(seen) == LONGEST_CHAIN:
                found = f"more than {LONGEST_CHAIN} files that extend one another"
                problems.append(Problem(str(path), "scenario.extends", found, "a shorter chain"))
                break
            seen.append(path.resolve())
            content = _parse(path, problems)
            if content is None:
                break
            chain.append((path, content))
            if content.scenario.extends is None:
                break
            asked = content.scenario.extends
            path = find(asked, path.parent)
    except UserError as error:
        if seen:
            problems += [
                replace(problem, where=str(path), key="scenario.extends", found=f"{_found(asked)}: {problem.found}")
                for problem in error.problems
            ]
        else:
            problems += error.problems
    return chain


def _circle(seen: list[Path], path: Path) -> Problem:
    route = " extends ".join(str(step.name) for step in [*seen[seen.index(path.resolve()) :], path])
    expected = "a chain that ends in a file that extends none"
    return Problem(str(path), "scenario.extends", f"a circle: {route}", expected)


def _parse(path: Path, problems: list[Problem]) -> ScenarioFile | None:
    try:
        content = parse_toml(str(path), read_text(path, MOST_BYTES, "a TOML file", _NEW))
    except UserError as error:
        problems += error.problems
        return None
    too_much = too_much_in(str(path), content)
    problems += too_much
    if not too_much:
        unquoted = _take_unquoted(str(path), content)
        problems += unquoted
        try:
            return ScenarioFile.model_validate(content)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=False)
            problems += [_explained(str(path), dict(detail), bool(content)) for detail in details]
    return None


def _take_unquoted(where: str, content: dict[str, Any]) -> list[Problem]:
    """Take the tables out of a file whose names lack quotes, and return what is wrong with them.

    TOML takes [set.court.weeks] for tables in one another; so read, it would be told that court has no reason.
    """
    problems = []
    groups = {name.partition(".")[0] for name in PARAMETERS}
    for table in _TABLES_BY_NAME:
        inside = content.get(table)
        inside = inside if isinstance(inside, dict) else {}
        for group in sorted(groups.intersection(inside)):
            given = inside.pop(group)
            for rest in given if isinstance(given, dict) else ():
                name = f"{group}.{rest}"
                near = "" if name in PARAMETERS else did_you_mean(name, PARAMETERS)
                expected = f'[{table}."{name}"], with quotes as there is a point in the name'
                hint = typed("demandsim", "explain", "baseline", name) if name in PARAMETERS else _NEW
                problems.append(Problem(where, f"{table}.{name}", f"a name without quotes{near}", expected, hint))
    return problems


def parse_toml(where: str, text: str) -> dict[str, Any]:
    """Return what a TOML text holds.

    Raises:
        UserError: it is none, or holds what no computer could count with.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(problems_of(where, text, str(error))) from None
    except RecursionError:
        found = "values hundreds deep in one another"
    except (ValueError, OverflowError):  # what Python says of a number of thousands of digits, or of no such date
        found = "a number of thousands of digits, or a date that is none"
    raise UserError(Problem(where, "", found, "a TOML file", _NEW)) from None


def _explained(where: str, detail: dict[str, Any], some: bool) -> Problem:
    """Turn one of Pydantic's findings into a problem in the words of the file; `some`: there is anything in it."""
    place = [str(part) for part in detail["loc"]]
    table = place[0] if place else ""
    key = ".".join(f'"{part}"' if "." in part else part for part in place)
    found = _found(detail.get("input"))
    hint = (
        f"demandsim explain baseline {place[1]}"
        if table in ("parameter", "local", "set") and len(place) > 1 and place[1] in PARAMETERS
        else _NEW
    )
    if detail["type"] == "extra_forbidden":
        known = _keys_of(table) if table in _CONTENT and len(place) > 1 else list(_CONTENT)
        return Problem(
            where,
            key,
            "a key that means nothing here" + did_you_mean(place[-1], known),
            "one of: " + ", ".join(known),
            hint,
        )
    if detail["type"] == "missing":
        expected = _EXPECTED.get(key) or _EXPECTED.get(place[-1]) or "a value"
        return Problem(where, key if some else "", "nothing" if some else "nothing in the file", expected, hint)
    expected = detail["msg"].removeprefix("Value error, ").removeprefix("Input should be ").replace("String", "text")
    expected = "a whole number" if expected == "a valid integer" else expected
    return Problem(where, key, found, expected, hint)


def _keys_of(table: str) -> list[str]:
    """Return the keys of a table as a file has them: `from` is a word that Python keeps for itself."""
    return [field.alias or name for name, field in _CONTENT[table].model_fields.items()]


def _found(given: Any) -> str:
    try:
        found = repr(given)
    except ValueError:  # thousands of digits, written in hexadecimal
        return "a number of thousands of digits"
    return found if len(found) < 80 else found[:77] + "..."
