"""Who enters from outside: first contacts, and the seeds of the years before the start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demandsim.meanfield.grid import (
    CARED,
    DISABLED,
    FIRST,
    KNOWN,
    NEW,
    OTHER,
    PLANNED,
    SEED_AGES,
    nothing,
    older,
    severity_around,
    siblings_by_age,
)
from demandsim.model.warm_up import CARE_SEVERITY, KNOWN_SEVERITY, YEARS_KNOWN
from demandsim.vocabulary import Need, Source

Array = NDArray[np.float64]
Values = Mapping[str, Any]

_MONTHS = 12
#: Years since a known child's first contact, at which the ages of those seeded are taken.
_STEPS = (np.arange(20) + 0.5) / 20
_YEARS_SINCE = -YEARS_KNOWN * np.log1p(-_STEPS)
_KNOWN_OLDER = np.mean([older(float(12 * years)) for years in _YEARS_SINCE], axis=0)


def needs(values: Values) -> Array:
    """Return the part of first contacts of each kind of need."""
    disabled = values["demand.need"][Need.DISABILITY]
    return np.array([1.0 - disabled, disabled])


def clustering(values: Values) -> float:
    """Return the variance of a month's first contacts over their mean: families bring several children."""
    size = np.array(values["demand.family_size"])
    number = np.arange(1, len(size) + 1)
    return float(size @ number**2 / (size @ number))


def first_contacts(values: Values, families: float) -> Array:
    """Return the children that a month's new families bring."""
    young, old = siblings_by_age()
    size = np.array(values["demand.family_size"])
    as_large = size[::-1].cumsum()[::-1]
    bands = np.array(values["demand.age"])
    police = values["demand.source"][Source.POLICE]
    surge = 1.0 + police * (values["demand.police_teenage"] - 1.0)
    by_age = np.einsum("o,b,oba->a", as_large, bands, young + surge * old)
    flow = nothing()
    flow[NEW] = families * needs(values)[:, None, None] * FIRST[:, None] * by_age
    return flow


def long_stays(values: Values) -> tuple[Array, Array]:
    """Return children who start care, and disabled children who start plans, in a month; shaped as a flow each."""
    a_month = values["population.children"] / 1e4 / _MONTHS
    care, disabled = nothing(), nothing()
    ages = np.array(values["start.care_ages"]) @ SEED_AGES
    care[CARED, OTHER] = values["start.care_starts"] * a_month * severity_around(CARE_SEVERITY)[:, None] * ages
    ages = np.array(values["demand.age"]) @ SEED_AGES
    disabled[NEW, DISABLED] = values["start.disabled_starts"] * a_month * FIRST[:, None] * ages
    return care, disabled


def known_children(values: Values) -> Array:
    """Return one contact about a child known from before, spread over kinds; less where it has turned 18 since."""
    ages = np.array(values["demand.age"]) @ SEED_AGES @ _KNOWN_OLDER
    # Their circumstances have changed since, as before any contact.
    each = severity_around(KNOWN_SEVERITY * values["severity.persistence"])[:, None] * ages
    flow = nothing()
    # One draw settles both, so whoever had a plan was referred too where the second share is the larger.
    planned, known = values["start.planned"], values["start.known"]
    flow[PLANNED, OTHER] = planned * each
    flow[KNOWN, OTHER] = max(known - planned, 0.0) * each
    flow[NEW, OTHER] = (1.0 - max(known, planned)) * each
    return flow
