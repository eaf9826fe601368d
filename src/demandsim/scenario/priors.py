"""Priors: what is thought of a scenario's numbers before any target is looked at, from their declared ranges.

Each is measured in standard units, in which the prior is a standard normal and 0 the value as declared. A single number
stays inside its range of plausible values (a normal, by its distribution function), half the weight on either side of
the declared value. The numbers of a list are weighed up or down on a logarithmic or logit scale, shares against one
another, so that they still add up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr, ndtri

from demandsim.scenario.grid import with_values
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.scenario import Scenario, Setting
from demandsim.scenario.schema import Basis, Role
from demandsim.scenario.together import ROUTES

Array = NDArray[np.float64]
Value = float | tuple[float, ...]

#: Spread of a weight, as a logarithm: 90% lie within a factor of 1.6. A judgement.
_WEIGHT = 0.3
_SHARES = ("share", "probability")
#: Hours were set together, so that all the work is what it was in 2013-14: one alone moved is another world.
_HOURS, _SET_WITH_HOURS = "hours", ("workforce.hours", "pressure.reference")
#: Averages of the baseline itself, which others are measured against.
_MEASURED = ("leaver.usual",)
#: So near to the ends of its range that the value itself is not reached.
_MOST = 0.995
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Prior:
    """The prior of one number.

    Attributes:
        name: of its parameter.
        place: in a list; None for a single number.
    """

    name: str
    place: int | None = None

    @property
    def key(self) -> str:
        """Return its name in files: `care.home[2]` is the third of a list."""
        return self.name if self.place is None else f"{self.name}[{self.place}]"

    @property
    def label(self) -> str:
        return self.name if self.place is None else f"{self.name}: {PARAMETERS[self.name].columns[self.place]}"

    def of(self, values: Mapping[str, Value]) -> float:
        """Return the number among values of parameters."""
        value = values[self.name]
        return float(value[self.place]) if isinstance(value, tuple) else float(value)  # type: ignore[index]


def fitted(scenario: Scenario) -> tuple[Prior, ...]:
    """Return the priors of what calibration moves: uncertainties whose values were fitted.

    Never a lever, and not what the scenario sets by judgement: that stands.
    """
    return priors_in(scenario, [name for name, one in _unknown(scenario) if one.declared.basis == Basis.FITTED])


def uncertain(scenario: Scenario) -> tuple[Prior, ...]:
    """Return the prior of every number that is not known exactly, strengths of loops too: what an ensemble draws.

    A list that was published is known. The numbers of one that was not are drawn apart, shares against one another.
    """
    return priors_in(
        scenario,
        [
            name
            for name, one in _unknown(scenario)
            if one.declared.basis != Basis.PUBLISHED or not isinstance(one.value, tuple)
        ],
    )


def priors_in(scenario: Scenario, names: Sequence[str]) -> tuple[Prior, ...]:
    """Return the priors of the numbers of some parameters that can move."""
    found: list[Prior] = []
    for name in names:
        value, range_ = scenario.settings[name].value, scenario.settings[name].range
        if isinstance(value, tuple):
            found += [Prior(name, place) for place, number in enumerate(value) if _moves(name, number)]
        elif range_ and range_[0] < range_[1]:
            found.append(Prior(name))
    return tuple(found)


def first_approximations(scenario: Scenario) -> list[str]:
    """Return the parameters whose value is a first approximation from an authority's own figures."""
    return [name for name, setting in scenario.settings.items() if setting.local and setting.local.approximate]


def from_what_they_replace(scenario: Scenario, free: Sequence[str]) -> Scenario:
    """Return the scenario in which first approximations that are freed start from the value that they replace.

    Such a value was counted from a figure that is a target as well, and another parameter may be what moved it. A prior
    around it would let the same evidence count twice. The range is that of what it replaces too, as far as it reaches
    what was counted.
    """
    settings = dict(scenario.settings)
    for name in set(free) & set(first_approximations(scenario)):
        setting = settings[name]
        assert setting.before is not None
        settings[name] = replace(setting, value=setting.before.value, range=_reaching(setting, setting.before.range))
    return replace(scenario, settings=settings)


def at(scenario: Scenario, priors: Sequence[Prior], units: Array) -> Scenario:
    """Return the scenario with some numbers at a point (priors,) in standard units, measured from its values."""
    return with_values(scenario, values_at(scenario, priors, units), "an ensemble", Basis.FITTED)


def numbers_at(scenario: Scenario, priors: Sequence[Prior], units: Array) -> Array:
    """Return (points, priors) in the parameters' own units, of points (points, priors) in standard units."""
    every = [values_at(scenario, priors, point) for point in units]
    return np.array([[prior.of(values) for prior in priors] for values in every])


def values_at(scenario: Scenario, priors: Sequence[Prior], units: Array) -> dict[str, Value]:
    """Return the new value of each parameter, to six digits; at nothing it is as declared, to the last digit."""
    values: dict[str, Value] = {prior.name: scenario.settings[prior.name].value for prior in priors}
    moved = {name: np.zeros(np.size(value)) for name, value in values.items()}
    for prior, unit in zip(priors, units, strict=True):
        moved[prior.name][prior.place or 0] = unit
    for name, given in moved.items():
        if given.any():
            setting = scenario.settings[name]
            values[name] = _list(name, setting, given) if isinstance(setting.value, tuple) else _single(setting, *given)
    return values | _routes(scenario, values)


def _reaching(setting: Setting, before: tuple[float, float] | None) -> tuple[float, float] | None:
    if before is None or isinstance(setting.value, tuple):
        return setting.range
    return min(before[0], setting.value), max(before[1], setting.value)


def _unknown(scenario: Scenario) -> list[tuple[str, Setting]]:
    """Return the uncertainties that no scenario sets by judgement."""
    return [
        (name, setting)
        for name, setting in scenario.settings.items()
        if setting.role == Role.UNCERTAINTY
        and not setting.stands
        and PARAMETERS[name].group != _HOURS
        and name not in _SET_WITH_HOURS + _MEASURED
    ]


def _moves(name: str, number: float) -> bool:
    """Return whether a number of a list can be weighed up or down: nothing and all can not."""
    return number > 0.0 and not (PARAMETERS[name].unit in _SHARES and number >= 1.0)


def _single(setting: Setting, unit: float) -> float:
    """Return a single number: within its range, half the weight on either side of the value as declared."""
    value = setting.value
    assert setting.range
    assert isinstance(value, float | int)
    low, high = setting.range
    # Where in its range the value lies; 0 and 1 are its ends, which none counts as.
    place = min(max((value - low) / (high - low), 1 - _MOST), _MOST)
    # A value at an end of its range, or outside it, is reached all the same: what is left over goes with the unit.
    over = value - (low + (high - low) * place)
    moved = low + (high - low) * ndtr(ndtri(place) + unit) + over * (1 - min(abs(unit), 1.0))
    return _rounded(min(max(moved, min(low, value)), max(high, value)))


def _list(name: str, setting: Setting, units: Array) -> tuple[float, ...]:
    """Return a list whose numbers are weighed by (numbers,) in standard units."""
    parameter, declared, spread = PARAMETERS[name], np.array(setting.value), _WEIGHT
    if setting.range and setting.range[0] > 0:
        spread = min(spread, log(setting.range[1] / setting.range[0]) / (2 * float(ndtri(0.95))))
    if parameter.sums_to_one:
        return _added_up(declared * np.exp(spread * units))
    if parameter.unit in _SHARES and name not in ROUTES:
        numbers = expit(logit(declared) + 2 * spread * units)
    else:
        numbers = declared * np.exp(spread * units)
    low, high = setting.range or (parameter.low, parameter.high)
    # A number as declared may lie outside the range; it goes no further.
    inside = np.clip(numbers, np.minimum(low, declared), np.maximum(high, declared))
    return tuple(map(_rounded, inside.tolist()))


def _added_up(numbers: Array) -> tuple[float, ...]:
    """Return shares that add up to 1 to the last digit: the largest takes what rounding leaves."""
    shares = (numbers / numbers.sum()).round(_DIGITS).tolist()
    largest = shares.index(max(shares))
    shares[largest] = round(shares[largest] + 1.0 - sum(shares), _DIGITS)
    return tuple(shares)


def _rounded(number: float) -> float:
    return float(f"{number:.{_DIGITS}g}")


def _routes(scenario: Scenario, values: Mapping[str, Value]) -> dict[str, Value]:
    """Return routes out of care that were weighed, made to add up at each age with those who stay until 18."""
    as_declared = {route: scenario.settings[route].value for route in ROUTES}
    weighed = {route: values.get(route, value) for route, value in as_declared.items()}
    if weighed == as_declared:
        return {}
    declared, shares = np.array([*as_declared.values()]), np.array([*weighed.values()])
    stay = np.maximum(1.0 - declared.sum(axis=0), 0.0)
    # Down, so that the rest is never less than nothing.
    shares = np.floor(shares / (stay + shares.sum(axis=0)) * 10**_DIGITS) / 10**_DIGITS
    return {route: tuple(row.tolist()) for route, row in zip(ROUTES, shares, strict=True) if route in values}
