"""England: its authorities side by side, from the one with the fewest referrals for each child to that with the most.

What differs between them is the level of need, over the published range of referral rates. An authority with twice the
referrals for each child has twice the staff, places, court time and money for each child too: nobody published who is
short of what. To the model that is one with twice as many children, and so it is simulated as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from scipy.special import ndtri

from demandsim.evidence import register
from demandsim.records import JUDGEMENTS, Stock
from demandsim.results.measures import headline_measures
from demandsim.results.store import Store
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.year import Year
from demandsim.scenario.scenario import Scenario, Setting

AUTHORITIES = 152
#: Referrals for each 10,000 children in 2013-14, where they are fewest and where they are most.
FEWEST, MOST = "K014", "K015"
_SIZE = "population.children"


@cache
def levels(authorities: int) -> tuple[float, ...]:
    """Return each authority's referrals for a child as a ratio to the mean of all, from the fewest to the most.

    They are quantiles of a lognormal distribution, so wide that the extremes of 152 are as far apart as published.
    """
    fewest, most = (float(register()[figure].value) for figure in (FEWEST, MOST))
    sigma = np.log(most / fewest) / (2 * ndtri(1 - 0.5 / AUTHORITIES))
    raw = np.exp(sigma * ndtri((np.arange(authorities) + 0.5) / authorities))
    return tuple(float(level) for level in raw / raw.mean())


def authority(scenario: Scenario, number: int, authorities: int) -> Scenario:
    """Return the scenario of one of the authorities, by its number from 1."""
    level = levels(authorities)[number - 1]
    size = scenario.settings[_SIZE]
    return replace(scenario, settings={**scenario.settings, _SIZE: _times(size, level)})


def _times(size: Setting, level: float) -> Setting:
    assert isinstance(size.value, float)
    return replace(size, value=size.value * level, path=tuple((day, value * level) for day, value in size.path))


def authority_rows(store: Store, scenario: Scenario) -> Iterator[list[Any]]:
    """Yield the judgement and the headline measures of every authority and year, the heading first."""
    measures = headline_measures()
    yield [
        "replication",
        "authority",
        "level",
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
        for place, level in enumerate(levels(store.manifest.authorities)):
            for label, found in columns.items():
                numbers = (f"{column[place]:.6g}" for column in found)
                yield [replication, place + 1, f"{level:.4f}", label, judgements[label][place], *numbers]


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
