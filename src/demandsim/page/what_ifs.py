"""What-ifs as presets of a page: those that sliders can express set them, the others are simulated beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from demandsim.page.answers import HALF, TAIL, Answer, Reference, end_of
from demandsim.page.levers import Lever
from demandsim.page.outputs import SPEND, Output
from demandsim.problems import Problem, UserError
from demandsim.scenario.scenario import Scenario, Setting

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Expressed:
    """What sliders make of a what-if.

    Attributes:
        values: one for each lever.
        start: place of the year from which they act.
    """

    values: tuple[float, ...]
    start: int


def check_what_ifs(scenario: Scenario, what_ifs: Sequence[Scenario]) -> None:
    """Refuse what-ifs that can't be set beside a scenario.

    Raises:
        UserError: with everything wrong in all of them.
    """
    problems = []
    for one in what_ifs:
        hint = f"demandsim explain {one.name}"
        if one.digest() == scenario.digest():
            problems.append(Problem(one.name, "", "a what-if that changes nothing", "one that changes something", hint))
        elif (one.start, one.years) != (scenario.start, scenario.years):
            found = f"{one.years} years from {one.start}"
            problems.append(Problem(one.name, "", found, f"{scenario.years} years from {scenario.start}", hint))
    names = [one.name for one in what_ifs]
    problems += [
        Problem(name, "", "the same what-if twice", "each once", "demandsim list")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if problems:
        raise UserError(problems)


def expressed(scenario: Scenario, levers: Sequence[Lever], what_if: Scenario) -> Expressed | str:
    """Return how sliders express a what-if, or why they can't."""
    values = {lever.name: lever.now for lever in levers}
    starts = set()
    for name, setting in what_if.settings.items():
        usual = scenario.settings[name]
        if all(getattr(setting, part) == getattr(usual, part) for part in ("value", "path", "since", "within_budget")):
            continue
        if name not in values:
            return f"{name} is no slider here"
        if setting.within_budget:
            return f"{name} is paid for within the budget"
        step = _step(what_if, setting, values[name])
        if step is None:
            return f"{name} moves over time"
        values[name], start = step
        starts.add(start)
    if len(starts) != 1:
        return "its changes begin in different years"
    for lever in levers:
        if not lever.low <= values[lever.name] <= lever.high:
            return f"{lever.name} goes beyond its slider"
    return Expressed(tuple(values.values()), starts.pop())


def _step(scenario: Scenario, setting: Setting, now: float) -> tuple[float, int] | None:
    """Return the value that a setting has from the first of April of a year on, and the place of that year."""
    if not setting.path:
        assert isinstance(setting.value, float)
        return setting.value, 0
    points = list(setting.path)
    if len(points) == 2 and points[0][1] == now and points[1][0] - points[0][0] <= timedelta(days=1):
        points = [(points[0][0], points[1][1])]
    day, value = points[0]
    if len(points) > 1 or setting.value != now or (day.month, day.day) != (4, 1):
        return None
    return value, day.year - scenario.start.year


def simulated_answer(measures: Sequence[Output], values: Array, same: Array, reference: Array) -> Answer:
    """Return what a simulated setting comes to, replication by replication against the reference.

    Levels are the reference's, known from more replications, and the difference to it; so are their intervals, which
    are wider by what the setting makes replications differ.

    Args:
        measures: of the page.
        values: (replication, year, measure).
        same: the same replications of the reference.
        reference: all replications of the reference.
    """
    lines = [place for place, one in enumerate(measures) if one.id in SPEND]
    differences = values - same
    cost = differences[..., lines].sum(axis=-1).cumsum(axis=1)
    usual, difference = np.nanmean(reference, axis=0), np.nanmean(differences, axis=0)
    low, high = _ends(measures, values, same, Reference.of(reference), difference)
    less, more = np.nanquantile(differences, [TAIL, 1 - TAIL], axis=0)
    cheap, dear = np.quantile(cost, [TAIL, 1 - TAIL], axis=0)
    error, cost_error = (
        2 * np.nanstd(each, axis=0, ddof=1) / np.sqrt(len(each)) if len(each) > 1 else np.zeros(each.shape[1:])
        for each in (differences, cost)
    )
    most = np.array([100.0 if one.share else np.inf for one in measures])
    mean, low, high = (np.clip(level, 0.0, most) for level in (usual + difference, low, high))
    return Answer(mean, low, high, difference, less, more, cost.mean(axis=0), cheap, dear, error, cost_error)


def _ends(
    measures: Sequence[Output], values: Array, same: Array, reference: Reference, difference: Array
) -> tuple[Array, Array]:
    """Return the ends of the intervals of levels, as an emulated answer has them."""
    low, high = np.empty_like(difference), np.empty_like(difference)
    for place, one in enumerate(measures):
        usual, ends = reference.mean[:, place], (reference.low[:, place], reference.high[:, place])
        level = usual + difference[:, place]
        shift = one.learned(level) - one.learned(usual)
        width = HALF * np.nanstd(one.learned(values[..., place]) - one.learned(same[..., place]), axis=0)
        low[:, place] = end_of(one, usual, ends[0], level, shift, width, -1)
        high[:, place] = end_of(one, usual, ends[1], level, shift, width, 1)
    return low, high


def paid_back(measures: Sequence[Output], values: Array, reference: Array) -> float:
    """Return the share of replications that have cost no more than the reference by the last year."""
    lines = [place for place, one in enumerate(measures) if one.id in SPEND]
    cost = (values - reference)[..., lines].sum(axis=(1, 2))
    return float((cost <= 0).mean())
