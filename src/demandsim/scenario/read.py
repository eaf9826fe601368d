"""Reading scenario files: inherit, override, and say everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from demandsim.problems import Problem, UserError
from demandsim.scenario.files import chain_of, parse_toml
from demandsim.scenario.parameters import PARAMETERS, Parameter
from demandsim.scenario.payment import COST_OF_A_POST, pay
from demandsim.scenario.replaced import now_called
from demandsim.scenario.scenario import Scenario, Setting
from demandsim.scenario.schema import MOST_YEARS, Basis, Change, Header, Local, ScenarioFile
from demandsim.scenario.slips import advice_on
from demandsim.scenario.values import check_whole, checked, known, numbers_of, path_of, since_of
from demandsim.text_files import is_file

#: How the title of a scenario begins that rests on exact counts of children.
PRIVATE = "PRIVATE: "
#: Characters of `--set` in a title; and of a value, which is a list of a dozen numbers at most.
_LONGEST_ADDED, _LONGEST_VALUE = 200, 1_000


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
    if years is not None and (isinstance(years, bool) or not isinstance(years, int) or not 1 <= years <= MOST_YEARS):
        problems.append(Problem("--years", "", repr(years), f"a whole number of years from 1 to {MOST_YEARS}"))
    chain = chain_of(given, problems)
    if problems:
        raise UserError(problems)
    settings: dict[str, Setting] = {}
    start, length = None, None
    for _, content in reversed(chain):
        start = content.scenario.start or start
        length = content.scenario.years or length
    end = _end_of_paths([content.scenario for _, content in chain], start)
    for path, content in reversed(chain):
        _declare(str(path), content, settings, problems)
        _localise(str(path), content.local, settings, problems)
        _change(str(path), content.set, settings, (start, end), problems)
    path, content = chain[0]
    if not problems:
        _change("--set", _overrides(overrides, problems), settings, (start, end), problems)
    check_whole(str(path), settings, start, years or length, problems)
    if problems:
        raise UserError(problems)
    assert start is not None
    assert length is not None
    return Scenario(
        name=path.stem,
        title=_titled(_marked([content.scenario.title for _, content in chain]), overrides),
        why=content.scenario.why.strip(),
        start=start,
        years=years or length,
        settings={name: settings[name] for name in PARAMETERS},
        lineage=tuple(str(path) for path, _ in chain),
        draws_from=_draws_from(chain),
        targets_from=_targets_from(chain),
    )


def _draws_from(chain: Sequence[tuple[Path, ScenarioFile]]) -> str:
    """Return the file of posterior draws that a scenario names, or that of what it extends; empty if there is none."""
    for path, content in chain:
        if content.scenario.ensemble:
            return str(path.parent / content.scenario.ensemble)
        beside = path.with_name(f"{path.stem}_ensemble.csv")
        if is_file(beside):
            return str(beside)
    return ""


def _targets_from(chain: Sequence[tuple[Path, ScenarioFile]]) -> str:
    """Return the file of figures that a scenario names, or what it extends; empty if there is none."""
    named = (path.parent / content.scenario.targets for path, content in chain if content.scenario.targets)
    return str(next(named, ""))


def _end_of_paths(headers: Sequence[Header], start: date | None) -> date | None:
    """Return the last day that a path may name: a file may simulate fewer years than what it extends."""
    longest = max((header.years or 0 for header in headers), default=0)
    ends = [header.paths_until for header in headers if header.paths_until]
    if start and longest and (start.month, start.day) == (4, 1) and start.year + longest <= date.max.year:
        ends.append(start.replace(year=start.year + longest))
    return max(ends, default=None)


def _marked(titles: Sequence[str]) -> str:
    """Return the title of a scenario, marked as private if something that it extends is."""
    first, *beneath = titles
    private = any(title.startswith(PRIVATE) for title in beneath) and not first.startswith(PRIVATE)
    return PRIVATE + first if private else first


def _titled(title: str, overrides: Sequence[str]) -> str:
    """Return a title with what the command line adds, so that no result or picture passes for the scenario's own."""
    if not overrides:
        return title
    added = " and ".join(overrides)
    many = len(overrides) > 2 or len(added) > _LONGEST_ADDED
    return f"{title} with " + (f"{len(overrides)} value{'s' * (len(overrides) > 1)} set" if many else added)


def _declare(where: str, content: ScenarioFile, settings: dict[str, Setting], problems: list[Problem]) -> None:
    for old, given in content.parameter.items():
        name = now_called(old)
        parameter = known(where, "parameter", name, problems)
        if parameter is None:
            continue
        key = f'parameter."{old}"'
        hint = f"demandsim explain baseline {name}"
        if name in settings:
            problems.append(
                Problem(where, key, "a second declaration", f'[set."{name}"], as a file it extends declares it', hint)
            )
        if given.unit != parameter.unit:
            problems.append(Problem(where, key + ".unit", repr(given.unit), repr(parameter.unit), hint))
        value = checked(where, key + ".value", given.value, parameter, problems)
        if given.range and not parameter.low <= given.range[0] <= given.range[1] <= parameter.high:
            expected = f"low end first, both from {parameter.low:g} to {parameter.high:g}"
            problems.append(Problem(where, key + ".range", str(given.range), expected, hint))
        settings[name] = Setting(
            value,
            given.unit,
            (given.range[0], given.range[1]) if given.range else None,
            given.role,
            given.basis,
            given.source,
            where,
            old_name=old if old != name else "",
        )


def _localise(where: str, found: dict[str, Local], settings: dict[str, Setting], problems: list[Problem]) -> None:
    """Take over what an authority's own records show: unlike a change, it holds in the years before the start too."""
    for name, given in found.items():
        parameter = known(where, "local", name, problems)
        if parameter is None or name not in settings:
            continue
        key, before = f'local."{name}"', settings[name]
        if given.unit != parameter.unit:
            hint = f"demandsim explain baseline {name}"
            problems.append(Problem(where, key + ".unit", repr(given.unit), repr(parameter.unit), hint))
        value = checked(where, key + ".value", given.value, parameter, problems)
        settings[name] = replace(
            before,
            value=value,
            range=_as_wide_around(value, before, parameter),
            path=(),
            basis=Basis.LOCAL,
            source=f"{given.rule} ({given.file}, about {given.records:,} records)",
            file=where,
            before=before,
            local=given,
        )


def _as_wide_around(
    value: float | tuple[float, ...], before: Setting, parameter: Parameter
) -> tuple[float, float] | None:
    """Return the range of a number that records show: in proportion as wide around it as around what it replaces.

    That one's range is in it too: what is counted may be the doing of another parameter, as referrals of a threshold.
    """
    if before.range is None or isinstance(value, tuple) or isinstance(before.value, tuple) or before.value <= 0:
        return before.range
    ends = [*before.range, *(end * value / before.value for end in before.range)]
    return max(parameter.low, min(ends)), min(parameter.high, max(ends))


def _change(
    where: str,
    changes: dict[str, Change],
    settings: dict[str, Setting],
    span: tuple[date | None, date | None],
    problems: list[Problem],
) -> None:
    for old, given in changes.items():
        name = now_called(old)
        parameter = known(where, "set", name, problems)
        if parameter is None or name not in settings:
            continue
        key, before, told = f'set."{old}"', settings[name], len(problems)
        value, points = before.value, before.path
        if given.value is not None:
            value, points = checked(where, key + ".value", given.value, parameter, problems), ()
        if given.since is not None:
            points = since_of(where, key, given, parameter, before.role, span, problems)
            value = value if parameter.columns else before.value
        if given.times is not None and (expected := _instead_of_times(parameter)):
            problems.append(Problem(where, key + ".times", f"{given.times:g}", expected))
        elif given.times is not None:
            value = checked(where, key + ".times", _multiplied(before, given.times, parameter), parameter, problems)
        elif given.path is not None:
            points = path_of(where, key, given, parameter, before.role, span, problems)
        settings[name] = replace(
            before,
            value=value,
            path=points,
            since=given.since if parameter.columns else None,
            basis=given.basis,
            source=given.because,
            file=where,
            before=before,
            within_budget=given.paid_by is not None or before.within_budget,
            local=None,
            old_name=old if old != name else "",
        )
        if given.paid_by is not None and len(problems) == told and not _wrong(COST_OF_A_POST, problems):
            pay(where, key, name, given.paid_by, settings, changes, problems)


def _instead_of_times(parameter: Parameter) -> str:
    """Return what must be given of a parameter that can't be multiplied; empty for one that can."""
    if parameter.sums_to_one:
        return "value, as these are shares that add up to 1"
    return "value, an order" if parameter.unit == "order" else ""


def _multiplied(before: Setting, times: float, parameter: Parameter) -> float | list[float]:
    product = [number * times for number in numbers_of(before.value)]
    return product if parameter.columns else product[0]


def _wrong(name: str, problems: Sequence[Problem]) -> bool:
    return any(f'"{name}"' in problem.key for problem in problems)


def _overrides(texts: Sequence[str], problems: list[Problem]) -> dict[str, Change]:
    changes: dict[str, Change] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        try:
            parsed = parse_toml("--set", f"value = {value}") if sign and len(value) < _LONGEST_VALUE else {}
            change = Change(because="set on the command line", basis=Basis.JUDGEMENT, **parsed)
            if name.strip() in changes:
                hint = "demandsim run --help"
                problems.append(Problem("--set", name.strip(), "the same parameter twice", "each once", hint))
            changes[name.strip()] = change
        except (UserError, ValidationError, TypeError):
            problems += _no_override(text)
    return changes


def _no_override(text: str) -> list[Problem]:
    """Return what is wrong with the text of a `--set`: its form, its name, its value."""
    name, sign, value = text.partition("=")
    name = name.strip()
    hint = f"demandsim explain baseline {name}" if name in PARAMETERS else "demandsim explain baseline"
    expected = "a number without its unit, or a list in brackets, as demand.level=1.1"
    if not sign or not name:
        return [Problem("--set", name if name in PARAMETERS else text, "no NAME=VALUE", expected, hint)]
    problems: list[Problem] = []
    known("--set", "set", now_called(name), problems)
    advice = advice_on(f"value = {value}")
    return [*problems, Problem("--set", name, repr(value), advice or expected, hint)]
