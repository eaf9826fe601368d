"""Taking an ensemble, and its files: a run draws what is uncertain from its members.

Two replications with different random draws use every member. So what the parameters make of a result and what chance
makes of it can be told apart.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path

from demandsim.draws import REPLICATIONS_A_DRAW, member_of
from demandsim.problems import Problem, UserError
from demandsim.scenario.files import shipped_folder
from demandsim.scenario.grid import with_values
from demandsim.scenario.limits import MOST_ENTRIES
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.replaced import not_a_parameter
from demandsim.scenario.scenario import Scenario, Setting
from demandsim.scenario.schema import FORMAT, Basis, Role
from demandsim.scenario.sets_of_values import Ensemble, name_and_place
from demandsim.scenario.together import RULED, check_together
from demandsim.text_files import MOST_CSV_BYTES, csv_rows, number_in, read_text, safe_cells

#: Problems of as many members are told; what is wrong with one is mostly wrong with all.
_TOLD = 10
#: Name of the ensemble that ships, for the baseline and all that extends it.
SHIPPED = "baseline"
#: How the first line of a file begins; the number of its format follows.
_FORMAT = "# demandsim ensemble, format "
_HINT = "demandsim calibrate baseline, which writes one"
#: Members that an ensemble may have; two replications of each are simulated.
MOST_MEMBERS = 2_000
#: A share of rounding is allowed when shares are added up.
_ROUNDING = 0.0015


def future(scenario: Scenario, replication: int) -> Scenario:
    """Return the scenario as a replication has it: with the values of its member, if there is an ensemble.

    What the scenario itself sets by judgement stands: whoever asks "what if it is 1" means 1.
    """
    if scenario.ensemble is None:
        return scenario
    drawn = _drawn(scenario, scenario.ensemble, member_of(replication, len(scenario.ensemble.members)))
    return replace(with_values(scenario, drawn, "an ensemble", Basis.FITTED), ensemble=None)


def _drawn(scenario: Scenario, ensemble: Ensemble, member: int) -> dict[str, float | tuple[float, ...]]:
    """Return the values that a scenario takes from a member."""
    settings = scenario.settings
    drawn: dict[str, float | tuple[float, ...]] = {}
    for name, numbers in ensemble.values(member).items():
        if settings[name].stands:
            continue
        drawn[name] = numbers[None] if None in numbers else _replaced(settings[name].value, numbers)
    return drawn


def _was_fitted(setting: Setting) -> bool:
    """Return whether a lever was fitted with --free, here or in what this extends."""
    return setting.role == Role.LEVER and setting.before is not None and setting.of_old.basis == Basis.FITTED


def _replaced(value: float | tuple[float, ...], numbers: Mapping[int | None, float]) -> tuple[float, ...]:
    assert isinstance(value, tuple)
    return tuple(numbers.get(place, number) for place, number in enumerate(value))


# -- taking one -------------------------------------------------------------------------------------------------------


def with_ensemble(scenario: Scenario, given: str | Path | Ensemble | None) -> Scenario:
    """Return the scenario with an ensemble, whose members its replications have in turn.

    Args:
        scenario: what to simulate.
        given: an ensemble, its file, or the name of the one that ships; None leaves the scenario as it is.

    Raises:
        UserError: it can't be read, or is of another scenario.
    """
    if given is None:
        return scenario
    ensemble = given if isinstance(given, Ensemble) else read_ensemble(given)
    problems = _not_of(scenario, ensemble)
    if problems:
        raise UserError(problems[:_TOLD])
    return replace(scenario, ensemble=ensemble)


def in_pairs(scenario: Scenario, replications: int) -> int:
    """Return how many replications are simulated: with an ensemble, as many of each member."""
    if scenario.ensemble is None:
        return replications
    return -(-replications // REPLICATIONS_A_DRAW) * REPLICATIONS_A_DRAW


def _not_of(scenario: Scenario, ensemble: Ensemble) -> list[Problem]:
    """Return what shows that an ensemble is of another scenario."""
    where = ensemble.file or "an ensemble"
    files = [re.split(r"[/\\]", path)[-1].removesuffix(".toml") for path in scenario.lineage]
    hint = f"demandsim calibrate {scenario.name}, which writes one for it"
    if ensemble.made_for and not set(ensemble.made_for) & set(files):
        found = f"an ensemble for {' and '.join(ensemble.made_for)}"
        return [Problem(where, "", found, f"one for {' or '.join(files)}", hint)]
    named = dict.fromkeys(name_and_place(key)[0] for key in ensemble.names)
    problems = [
        Problem(where, name, f"a {setting.declared.role}, which somebody sets", "an uncertainty", hint)
        for name in named
        if (setting := scenario.settings[name]).declared.role != Role.UNCERTAINTY and not _was_fitted(setting)
    ]
    for member in range(0 if problems else len(ensemble.members)):
        drawn = _drawn(scenario, ensemble, member)
        key = f"member {member + 1}"
        problems += [Problem(where, f"{key}, {name}", *how, hint) for name, how in _wrong(scenario, drawn)]
        if not problems:
            shared = {name: value for name, value in drawn.items() if name in RULED}
            settings = with_values(scenario, shared, where).settings
            problems += [
                replace(problem, key=f"{key}: {problem.key}")
                for problem in check_together(where, settings, scenario.years, only=drawn)
            ]
        if len(problems) >= _TOLD:
            break
    return problems


def _wrong(scenario: Scenario, drawn: Mapping[str, float | tuple[float, ...]]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield parameters whose drawn values don't fit the rest of the scenario: what was found, what expected."""
    for name, value in drawn.items():
        range_ = scenario.settings[name].range
        if isinstance(value, tuple):
            if PARAMETERS[name].sums_to_one and abs(sum(value) - 1) > _ROUNDING:
                yield name, (f"shares that add up to {sum(value):.4g}", "shares that add up to 1")
        elif range_ and not min(range_[0], _now(scenario, name)) <= value <= max(range_[1], _now(scenario, name)):
            yield name, (f"{value:g}", f"from {range_[0]:g} to {range_[1]:g}, the scenario's range")


def _now(scenario: Scenario, name: str) -> float:
    value = scenario.settings[name].value
    assert not isinstance(value, tuple)
    return value


# -- files ------------------------------------------------------------------------------------------------------------


def ensemble_text(ensemble: Ensemble) -> str:
    """Return an ensemble as CSV: comments on its format and how it was made, names, a line for each draw."""
    stream = io.StringIO()
    stream.write(f"{_FORMAT}{FORMAT}\n# {ensemble.about}\n")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows(safe_cells([("member", *ensemble.names)]))
    writer.writerows((number, *map(repr, member)) for number, member in enumerate(ensemble.members, start=1))
    return stream.getvalue()


def read_ensemble(given: str | Path) -> Ensemble:
    """Read an ensemble that `calibrate` wrote, or the one that ships, by the name baseline.

    Raises:
        UserError: with everything wrong in the file.
    """
    path = shipped_folder() / f"{SHIPPED}_ensemble.csv" if str(given) == SHIPPED else Path(given)
    lines = read_text(path, MOST_CSV_BYTES, f"an ensemble, or the name {SHIPPED}", _HINT).splitlines()
    if len(lines) > 2 * MOST_MEMBERS:
        found = f"{len(lines):,} lines"
        raise UserError(Problem(str(path), "", found, f"at most {MOST_MEMBERS:,} draws", _HINT))
    _check_format(str(path), lines)
    about = " ".join(line.lstrip("# ") for line in lines if line.startswith("#") and not line.startswith(_FORMAT))
    rows = csv_rows(path, "\n".join(line for line in lines if line and not line.startswith("#")), _HINT)
    problems: list[Problem] = []
    if not rows or rows[0][:1] != ["member"] or len(rows[0]) < 2 or len(rows) < 2:
        expected = "a first column member, a column for each number, and a line for each draw"
        raise UserError(Problem(str(path), "", "no ensemble", expected, _HINT))
    names = rows[0][1:]
    for key in dict.fromkeys(names):
        problems += _problems_of_name(str(path), key)
        if names.count(key) > 1:
            problems.append(Problem(str(path), key, f"{names.count(key)} columns of it", "one", _HINT))
    if len(names) > MOST_ENTRIES or len(rows) - 1 > MOST_MEMBERS:
        found = f"{len(rows) - 1:,} draws of {len(names):,} numbers each"
        expected = f"at most {MOST_MEMBERS:,} draws, and {MOST_ENTRIES} numbers"
        raise UserError(Problem(str(path), "", found, expected, _HINT))
    members = [
        _member(str(path), names, row, number, problems)
        for number, row in enumerate(rows[1:], start=1)
        if len(problems) < _TOLD
    ]
    if problems:
        raise UserError(problems[:_TOLD])
    return Ensemble(about, tuple(names), tuple(members), path.name)


def _check_format(where: str, lines: Sequence[str]) -> None:
    """Refuse an ensemble of another format.

    Raises:
        UserError: with what to do about it.
    """
    given = next((line.removeprefix(_FORMAT).strip() for line in lines if line.startswith(_FORMAT)), "")
    if given != str(FORMAT) and any(line.split(",")[0] == "member" for line in lines):
        found = f"an ensemble of format {given}" if given else "an ensemble without a format, as demandsim 0.1 wrote it"
        raise UserError(Problem(where, "", found, f"{_FORMAT}{FORMAT} in its first line", _HINT))


def _problems_of_name(where: str, key: str) -> list[Problem]:
    name, place = name_and_place(key)
    if name not in PARAMETERS:
        return [not_a_parameter(where, key, name, "demandsim explain baseline")]
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
        parameter = PARAMETERS.get(name_and_place(key)[0])
        value = number_in(text)
        values.append(value)
        if not ((parameter.low <= value <= parameter.high) if parameter else isfinite(value)):
            expected = f"a number from {parameter.low:g} to {parameter.high:g}" if parameter else "a number"
            problems.append(Problem(where, f"member {number}, {key}", repr(text), expected, _HINT))
    return tuple(values)
