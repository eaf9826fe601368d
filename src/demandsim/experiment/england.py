"""England: its authorities side by side, from the one with the lowest level of need to that with the highest.

How they differ stands in `differences`. Resources follow: an authority with twice the need has twice the staff, places,
court time and money, and one that takes more children into care for the same need has the places and money for it.
Nobody published who is short of what. Everything is done to what a scenario says, so a what-if changes each in
proportion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import exp
from typing import Any

import numpy as np

from demandsim.experiment.differences import RATES, Difference, differences
from demandsim.records import JUDGEMENTS, Stock
from demandsim.results.measures import headline_measures
from demandsim.results.store import Store
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.year import Year
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.scenario import Scenario, Setting

AUTHORITIES = 152
_SIZE = "population.children"
#: Moved by as many standard deviations as it takes; that of early help so far that about as many are offered it.
_THRESHOLDS = {"contact.referral_threshold": 1.0, "contact.early_help_threshold": 0.67}
#: Multiplied, each group by as much as it takes.
_PRACTICE = (
    ("need.short_days", "need.medium_days", "need.long_days", "need.disability_days", "need.step_down_days"),
    ("enquiry.readiness",),
    ("enquiry.substantiated",),
    ("care.readiness",),
)
#: Simulated: what each of the above does to the logarithm of each of `RATES`; the threshold for a standard deviation,
#: the others for a unit of their logarithm.
_EFFECTS = np.array(
    [
        [-0.84, -0.11, -0.03, -0.05, -0.04],
        [-0.45, 0.30, 0.04, 0.08, 0.08],
        [-0.22, 0.04, 0.74, -0.11, -0.08],
        [-0.24, 0.04, 0.51, 0.89, -0.15],
        [-0.22, 0.07, 0.07, 0.10, 0.62],
    ]
)
#: Simulated: how much more than that is wanted of the logarithm of each rate, as effects are no straight lines. With
#: it England's totals are those of authorities that differ in level alone.
_CURVED = np.array([0.0160, -0.0066, 0.0208, 0.0127, -0.0088])
#: What follows a rate: care that the years before the start leave, places, court time; hearings of conferences.
_FOLLOW = {
    "start.care_starts": "looked after",
    "placement.places": "looked after",
    "court.capacity": "looked after",
    "conference.capacity": "plans",
}
#: Simulated: what each of `RATES` is of the hours wanted, and of spend; the rest is by the level alone.
_OF_HOURS = (0.24, 0.32, 0.03, 0.21, 0.11)
_OF_SPEND = (0.08, 0.05, 0.02, 0.04, 0.50)


def authority(scenario: Scenario, number: int, authorities: int) -> Scenario:
    """Return the scenario of one of the authorities, by its number from 1.

    Of an ensemble, the scenario is one that has taken its member.
    """
    settings = dict(scenario.settings)
    one = differences(authorities)[number - 1]
    for name, factor in _factors(one).items():
        settings[name] = _changed(name, settings[name], factor)
    for name, part in _THRESHOLDS.items():
        settings[name] = _changed(name, settings[name], 1.0, part * _practice(one)[0])
    return replace(scenario, settings=settings)


def _practice(one: Difference) -> list[float]:
    """Return what practice makes of the threshold and of the logarithm of each group, so that rates come out."""
    moved: list[float] = np.linalg.solve(_EFFECTS, np.log(one.rates) + _CURVED).tolist()
    return moved


def _factors(one: Difference) -> dict[str, float]:
    """Return what each parameter is multiplied with."""
    found = {name: one.price for name, parameter in PARAMETERS.items() if parameter.unit.startswith("£")}
    found[_SIZE] = one.level
    for names, moved in zip(_PRACTICE, _practice(one)[1:], strict=True):
        found.update(dict.fromkeys(names, exp(moved)))
    rates = dict(zip(RATES, one.rates, strict=True))
    found.update((name, rates[rate]) for name, rate in _FOLLOW.items())
    posts = found["workforce.posts"] = _mean(_OF_HOURS, one)
    # Posts follow hours, so a worker has more cases where cases take fewer hours.
    found["workforce.caseload"] = rates["children in need"] / posts
    found["budget.total"] *= _mean(_OF_SPEND, one)
    return found


def _mean(shares: tuple[float, ...], one: Difference) -> float:
    """Return the rise of what follows rates in part."""
    return 1.0 + sum(share * (rate - 1.0) for share, rate in zip(shares, one.rates, strict=True))


def _changed(name: str, setting: Setting, factor: float, shift: float = 0.0) -> Setting:
    """Return a setting multiplied or moved, with its path and every setting that it replaced."""
    low, high = PARAMETERS[name].low, PARAMETERS[name].high

    def change(value: float) -> float:
        return min(max(value * factor + shift, low), high)

    value = setting.value
    return replace(
        setting,
        value=tuple(change(item) for item in value) if isinstance(value, tuple) else change(value),
        path=tuple((day, change(item)) for day, item in setting.path),
        before=_changed(name, setting.before, factor, shift) if setting.before else None,
    )


def authority_rows(store: Store, scenario: Scenario) -> Iterator[list[Any]]:
    """Yield the judgement and the headline measures of every authority and year, the heading first."""
    measures = headline_measures()
    yield [
        "replication",
        "authority",
        "level",
        "threshold factor",
        "price level",
        "year",
        "judgement on 31 March",
        "referrals per 10,000 children",
        *(f"{measure.label} ({measure.unit})" for measure in measures),
    ]
    labels = store.manifest.year_labels()
    children = scenario.at_start()[_SIZE]
    for replication in range(store.manifest.replications):
        tables = store.read_authorities(replication)
        columns, judgements = {}, {}
        for place in range(YEARS_BEFORE, len(labels)):
            values = {measure.id: measure.of(Year(tables, place)) for measure in measures}
            columns[labels[place]] = [values["referrals"] / children * 1e4, *values.values()]
            judgements[labels[place]] = _judgements(Year(tables, place))
        for place, one in enumerate(differences(store.manifest.authorities)):
            differs = [f"{factor:.4f}" for factor in (one.level, one.threshold, one.price)]
            for label, found in columns.items():
                numbers = (f"{column[place]:.6g}" for column in found)
                yield [replication, place + 1, *differs, label, judgements[label][place], *numbers]


def judgement_rows(store: Store) -> Iterator[list[Any]]:
    """Yield, for each year, the authorities by judgement and how many had another a year before, the heading first."""
    yield ["replication", "year", *JUDGEMENTS, "another a year before"]
    labels = store.manifest.year_labels()
    for replication in range(store.manifest.replications):
        tables, before = store.read_authorities(replication), None
        for place in range(YEARS_BEFORE, len(labels)):
            now = _judgements(Year(tables, place))
            moved = sum(one != other for one, other in zip(now, before, strict=True)) if before else ""
            yield [replication, labels[place], *(now.count(judgement) for judgement in JUDGEMENTS), moved]
            before = now


def _judgements(year: Year) -> list[str]:
    """Return the judgement that stood for each authority at the end of a year."""
    stood = np.array([year.stock(Stock.JUDGED + place) for place in range(len(JUDGEMENTS))])
    return [JUDGEMENTS[place] for place in stood.argmax(axis=0)]
