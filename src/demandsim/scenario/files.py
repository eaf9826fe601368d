"""Finding scenario files, following what they extend, and saying what is wrong with their form."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from demandsim.problems import Problem, UserError, did_you_mean
from demandsim.scenario.limits import LONGEST_CHAIN, MOST_BYTES, too_much_in
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.schema import Change, Declaration, Header, Local, ScenarioFile
from demandsim.text_files import is_file, read_text

_PACKAGE = Path(__file__).resolve().parent.parent
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
    raise UserError(
        Problem(
            text,
            "",
            "no such file, and no shipped scenario of that name" + did_you_mean(text, shipped(), _titles()),
            "a scenario file, or one of: " + ", ".join(shipped()),
            "demandsim list",
        )
    )


def chain_of(given: str | Path, problems: list[Problem]) -> list[tuple[Path, ScenarioFile]]:
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
            path = find(content.scenario.extends, path.parent)
    except UserError as error:
        if seen:
            problems += [replace(problem, where=str(path), key="scenario.extends") for problem in error.problems]
        else:
            problems += error.problems
    return chain


def _parse(path: Path, problems: list[Problem]) -> ScenarioFile | None:
    try:
        content = parse_toml(str(path), read_text(path, MOST_BYTES, "a TOML file", "demandsim new my_scenario"))
    except UserError as error:
        problems += error.problems
        return None
    too_much = too_much_in(str(path), content)
    problems += too_much
    if not too_much:
        try:
            return ScenarioFile.model_validate(content)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=False)
            problems += [_explained(str(path), dict(detail)) for detail in details]
    return None


def parse_toml(where: str, text: str) -> dict[str, Any]:
    """Return what a TOML text holds.

    Raises:
        UserError: it is none, or holds what no computer could count with.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = f"text that is not TOML ({error})"
    except RecursionError:
        found = "values hundreds deep in one another"
    except (ValueError, OverflowError):  # what Python says of a number of thousands of digits, or of no such date
        found = "a number of thousands of digits, or a date that is none"
    raise UserError(Problem(where, "", found, "a TOML file", "demandsim new my_scenario")) from None


def _explained(where: str, detail: dict[str, Any]) -> Problem:
    """Turn one of Pydantic's findings into a problem in the words of the file."""
    place = [str(part) for part in detail["loc"]]
    table = place[0] if place else ""
    key = ".".join(f'"{part}"' if "." in part else part for part in place)
    found = _found(detail.get("input"))
    hint = (
        f"demandsim explain baseline {place[1]}"
        if table in ("parameter", "local", "set") and len(place) > 1 and place[1] in PARAMETERS
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
    expected = detail["msg"].removeprefix("Value error, ").removeprefix("Input should be ").replace("String", "text")
    expected = "a whole number" if expected == "a valid integer" else expected
    return Problem(where, key, found, expected, hint)


def _found(given: Any) -> str:
    try:
        found = repr(given)
    except ValueError:  # thousands of digits, written in hexadecimal
        return "a number of thousands of digits"
    return found if len(found) < 80 else found[:77] + "..."
