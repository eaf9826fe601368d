"""The levers of a page: which parameters, how far each may be moved, and what it is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from demandsim.problems import Problem, UserError
from demandsim.scenario.grid import check_parameter, check_point
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.schema import Basis, Role

#: Share of a lever's declared range that its slider spans.
SPAN = 0.5
#: Levers unless told otherwise, with the heading each stands under and a short label.
USUAL: dict[str, tuple[str, str]] = {
    "demand.level": ("Demand", "New families and contacts"),
    "demand.police_teenage": ("Demand", "Police contacts about teenagers"),
    "contact.referral_threshold": ("Thresholds and practice", "Threshold for a referral"),
    "contact.early_help_threshold": ("Thresholds and practice", "Threshold for early help"),
    "enquiry.readiness": ("Thresholds and practice", "Readiness to make section 47 enquiries"),
    "care.readiness": ("Thresholds and practice", "Readiness to take children into care"),
    "prevention.universal": ("Prevention", "Services open to all"),
    "prevention.targeted": ("Prevention", "Targeted early help"),
    "early_help.effective": ("Prevention", "Early help effectively planned"),
    "prevention.open_cases": ("Prevention", "Programmes for families on plans"),
    "prevention.edge_of_care": ("Prevention", "Family group conferences at the edge of care"),
    "prevention.reunification": ("Prevention", "Support for children who go home"),
    "workforce.posts": ("Social workers", "Social worker posts"),
    "workforce.turnover": ("Social workers", "Workers who leave in a year"),
    "workforce.recruitment_months": ("Social workers", "Time to fill a vacant post"),
    "workforce.agency_cover": ("Social workers", "Vacant posts covered by agency workers"),
    "workforce.caseload": ("Social workers", "Most cases for a worker"),
    "court.weeks": ("Courts, adoption and carers", "Length of care proceedings"),
    "care.adoption_level": ("Courts, adoption and carers", "Plans for adoption"),
    "placement.carers_recruited": ("Courts, adoption and carers", "Own foster carers recruited"),
    "budget.total": ("Budget", "Budget for prevention and intervention"),
}


@dataclass(frozen=True, slots=True)
class Lever:
    """One slider.

    Attributes:
        name: of the parameter.
        group, label: the heading it stands under, and what it is called.
        unit: of its values.
        now: what it is in the scenario.
        low, high: how far it may be moved, which is how far it was simulated.
        declared: the range of plausible values in the scenario.
        basis, source: how the value is known.
    """

    name: str
    group: str
    label: str
    unit: str
    now: float
    low: float
    high: float
    declared: tuple[float, float]
    basis: str
    source: str

    @property
    def step(self) -> float:
        """Return how far one press of a key moves the slider: about a hundredth of its width, a round number."""
        return _step(self.high - self.low)

    @property
    def width(self) -> float:
        """Return how far the farther end is from now."""
        return max(self.high - self.now, self.now - self.low)

    def scaled(self, value: float) -> float:
        """Return a value as the emulator has it: 0 is now, and the farther end is 1 or -1."""
        return (value - self.now) / self.width


def levers_of(scenario: Scenario, names: Sequence[str] = (), span: float = SPAN) -> tuple[Lever, ...]:
    """Return the levers of a page.

    Args:
        scenario: what the page is about.
        names: of parameters; the usual ones that can be moved unless given.
        span: share of the declared range that a slider spans.

    Raises:
        UserError: with every name that is no lever that can be moved.
    """
    chosen = names or [name for name in USUAL if not _wrong(scenario, name)]
    problems = [problem for name in chosen for problem in _wrong(scenario, name)]
    problems += [
        Problem("--lever", name, "the same lever twice", "each once")
        for name in dict.fromkeys(chosen)
        if list(chosen).count(name) > 1
    ]
    if problems:
        raise UserError(problems)
    if not chosen:
        hint = f"demandsim explain {scenario.name}"
        raise UserError(Problem(scenario.name, "", "no lever that keeps one value", "one or more", hint))
    levers = tuple(_lever(scenario, name, span) for name in chosen)
    _check_corners(scenario, levers)
    return levers


def _wrong(scenario: Scenario, name: str) -> list[Problem]:
    problems = check_parameter(scenario, name, "--lever")
    if problems:
        return problems
    setting, hint = scenario.settings[name], f"demandsim explain {scenario.name} {name}"
    if setting.declared.role != Role.LEVER:
        expected = "a lever: what somebody can decide"
        return [Problem("--lever", name, f"of the role {setting.declared.role}", expected, hint)]
    if setting.range is None or setting.range[0] >= setting.range[1]:
        return [Problem("--lever", name, "no range of plausible values", "range = [low, high] in the scenario", hint)]
    low, high = setting.range
    if not low <= _now(scenario, name) <= high:
        found = f"a value of {_now(scenario, name):g}, outside its range"
        return [Problem("--lever", name, found, f"a value from {low:g} to {high:g}", hint)]
    return []


def _now(scenario: Scenario, name: str) -> float:
    value = scenario.settings[name].value
    assert isinstance(value, float)
    return value


def _lever(scenario: Scenario, name: str, span: float) -> Lever:
    setting, now = scenario.settings[name], _now(scenario, name)
    assert setting.range is not None
    low, high = setting.range
    width = span * (high - low)
    start, step = min(max(low, now - width / 2), high - width), _step(width)
    left, right = (min(max(_rounded(end, step), low), high) for end in (start, start + width))
    parameter = PARAMETERS[name]
    group, label = USUAL.get(name, (parameter.group.replace("_", " ").capitalize(), parameter.meaning))
    source = setting.declared.source
    left, right = min(left, now), max(right, now)
    return Lever(name, group, label, setting.unit, now, left, right, (low, high), str(setting.basis), source)


def _step(width: float) -> float:
    """Return the round number nearest below a hundredth of a width."""
    power = 10.0 ** np.floor(np.log10(width / 100))
    return float(f"{next(size for size in (5, 2, 1) if size * power <= width / 100 * 1.0001) * power:.6g}")


def _rounded(value: float, step: float) -> float:
    return float(f"{round(value / step) * step:.6g}")


def _check_corners(scenario: Scenario, levers: Sequence[Lever]) -> None:
    """Refuse sliders at whose ends, one by one, the scenario can't be.

    Raises:
        UserError: with what is wrong there.
    """
    problems = [
        problem
        for lever in levers
        for end in (lever.low, lever.high)
        for problem in check_point(scenario, {lever.name: end}, "--lever")
    ]
    if problems:
        raise UserError(problems)


def moved(
    scenario: Scenario, levers: Sequence[Lever], values: Sequence[float], start: int = 0, because: str = "a page"
) -> Scenario:
    """Return the scenario with levers at other values from the first of April of one of its years on.

    Args:
        scenario: what the page is about.
        levers: of the page.
        values: one for each; those that are as now change nothing.
        start: place of the year from which they act.
        because: why, in the scenario's own words.
    """
    day = date(scenario.start.year + start, 4, 1)
    settings = dict(scenario.settings)
    for lever, value in zip(levers, values, strict=True):
        if value != lever.now:
            before = settings[lever.name]
            settings[lever.name] = replace(
                before, path=((day, float(value)),), basis=Basis.JUDGEMENT, source=because, file="a page", before=before
            )
    return replace(scenario, settings=settings)
