"""Sets of values of what is uncertain, all of which agree with the published figures: a run draws from them.

Every member is used by two replications with different luck. So what the parameters make of a result and what chance
makes of it can be told apart.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from demandsim.problems import Problem, UserError, did_you_mean
from demandsim.scenario.files import shipped_folder
from demandsim.scenario.grid import with_values
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.schema import Basis

FUTURES_A_MEMBER = 2
#: Name of the ensemble that ships, for the baseline and all that extends it.
SHIPPED = "baseline"
_KEY = re.compile(r"([a-z_0-9.]+?)(?:\[(\d+)\])?")
_HINT = "demandsim calibrate baseline, which writes one"


@dataclass(frozen=True)
class Ensemble:
    """Sets of values.

    Attributes:
        about: how it was made, in a line.
        names: of the numbers; `care.home[2]` is the third of a list.
        members: a value of each, for each member.
    """

    about: str
    names: tuple[str, ...]
    members: tuple[tuple[float, ...], ...]

    @cached_property
    def digest(self) -> str:
        """Return eight characters that change whenever a value does."""
        return hashlib.sha256(repr((self.names, self.members)).encode()).hexdigest()[:8]

    def values(self, member: int) -> dict[str, dict[int | None, float]]:
        """Return the numbers of a member by parameter, and by place where it is a list."""
        found: dict[str, dict[int | None, float]] = {}
        for key, value in zip(self.names, self.members[member % len(self.members)], strict=True):
            name, place = _name_and_place(key)
            found.setdefault(name, {})[place] = value
        return found


def _name_and_place(key: str) -> tuple[str, int | None]:
    match = _KEY.fullmatch(key)
    name, place = match.groups() if match else (key, None)
    return name, None if place is None else int(place)


def future(scenario: Scenario, replication: int) -> Scenario:
    """Return the scenario as a replication has it: with the values of its member, if there is an ensemble.

    What the scenario itself sets by judgement stands: whoever asks "what if it is 1" means 1.
    """
    if scenario.ensemble is None:
        return scenario
    settings = scenario.settings
    drawn: dict[str, float | tuple[float, ...]] = {}
    for name, numbers in scenario.ensemble.values(replication // FUTURES_A_MEMBER).items():
        if settings[name].before and settings[name].basis != Basis.FITTED:
            continue
        drawn[name] = numbers[None] if None in numbers else _replaced(settings[name].value, numbers)
    return replace(with_values(scenario, drawn, "an ensemble"), ensemble=None)


def _replaced(value: float | tuple[float, ...], numbers: Mapping[int | None, float]) -> tuple[float, ...]:
    assert isinstance(value, tuple)
    return tuple(numbers.get(place, number) for place, number in enumerate(value))


# -- files ------------------------------------------------------------------------------------------------------------


def write_ensemble(path: Path, ensemble: Ensemble) -> None:
    """Write an ensemble as CSV: a line that begins with # on how it was made, the names, a line for each member."""
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("w", encoding="utf-8", newline="") as stream:
        stream.write(f"# {ensemble.about}\n")
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("member", *ensemble.names))
        writer.writerows((number, *map(repr, member)) for number, member in enumerate(ensemble.members, start=1))
    os.replace(temporary, path)


def read_ensemble(given: str | Path) -> Ensemble:
    """Read an ensemble that `write_ensemble` wrote, or the one that ships, by the name baseline.

    Raises:
        UserError: with everything wrong in the file.
    """
    path = shipped_folder() / f"{SHIPPED}_ensemble.csv" if str(given) == SHIPPED else Path(given)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        expected = f"an ensemble, or the name {SHIPPED}"
        raise UserError(Problem(str(given), "", f"a file that can't be read ({reason})", expected, _HINT)) from None
    about = " ".join(line.lstrip("# ") for line in lines if line.startswith("#"))
    rows = list(csv.reader(line for line in lines if line and not line.startswith("#")))
    problems: list[Problem] = []
    if not rows or rows[0][:1] != ["member"] or len(rows) < 2:
        raise UserError(Problem(str(path), "", "no ensemble", "a first column member, and a line for each", _HINT))
    names = rows[0][1:]
    for key in names:
        problems += _problems_of_name(str(path), key)
    members = [_member(str(path), names, row, number, problems) for number, row in enumerate(rows[1:], start=1)]
    if problems:
        raise UserError(problems[:10])
    return Ensemble(about, tuple(names), tuple(members))


def _problems_of_name(where: str, key: str) -> list[Problem]:
    name, place = _name_and_place(key)
    if name not in PARAMETERS:
        found = "a parameter the model does not have" + did_you_mean(name, PARAMETERS)
        return [Problem(where, key, found, "the name of a parameter", "demandsim explain baseline")]
    columns = len(PARAMETERS[name].columns)
    if (place is None) == bool(columns) or (place is not None and place >= columns):
        expected = f"{name}[0] to {name}[{columns - 1}]" if columns else name
        return [Problem(where, key, "a place that it does not have", expected, f"demandsim explain baseline {name}")]
    return []


def _member(
    where: str, names: Sequence[str], row: Sequence[str], number: int, problems: list[Problem]
) -> tuple[float, ...]:
    if len(row) != len(names) + 1:
        problems.append(Problem(where, f"member {number}", f"{len(row) - 1} values", f"{len(names)}", _HINT))
        return ()
    values = []
    for key, text in zip(names, row[1:], strict=True):
        parameter = PARAMETERS.get(_name_and_place(key)[0])
        try:
            values.append(float(text))
            inside = parameter is None or parameter.low <= values[-1] <= parameter.high
        except ValueError:
            inside = False
        if not inside:
            expected = f"a number from {parameter.low:g} to {parameter.high:g}" if parameter else "a number"
            problems.append(Problem(where, f"member {number}, {key}", repr(text), expected, _HINT))
    return tuple(values)
