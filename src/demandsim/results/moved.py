"""Which measures a comparison shows: the headline ones, and those that a what-if moves most beyond noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from demandsim.results.comparison import Against, Comparison, paired_level
from demandsim.results.measure import GROWTH_GROUP, Measure
from demandsim.results.measures import MEASURES, headline_measures
from demandsim.results.uncertainty import BAND, spread

Array = NDArray[np.float64]

#: Measures that are never added: what they hold is told by others, or their unit tells a reader nothing.
_NEVER = frozenset(("help_delivered", "early_help_delivered", "owed"))
#: So many measures are added for each what-if, and for all together.
_EACH, _ALL = 5, 8


def shown(comparison: Comparison, year: int) -> list[Measure]:
    """Return the headline measures, then those that some what-if moves most in a year."""
    furthest: dict[str, float] = {}
    for other in comparison.others:
        for name, how_far in moved_most(other, year)[:_EACH]:
            furthest[name] = max(how_far, furthest.get(name, 0.0))
    added = sorted(furthest, key=lambda name: -furthest[name])[:_ALL]
    return [*headline_measures(), *(MEASURES[name] for name in added)]


def moved_most(other: Against, year: int) -> list[tuple[str, float]]:
    """Return the measures that are no headlines and move beyond noise, furthest first, with how far.

    How far is the mean difference over the standard deviation of the reference's replications: what is usual from one
    to another. Beyond noise: told apart from no change however many measures are looked at (Bonferroni).
    """
    # Growth is the difference of measures that are shown themselves.
    candidates = [
        one for one in MEASURES.values() if not one.headline and one.group != GROWTH_GROUP and one.id not in _NEVER
    ]
    found = []
    for measure in candidates:
        differences = other.measure(measure, year)
        if _beyond_noise(differences, other.run.manifest.members, len(candidates)):
            usual = paired_level(other.reference, measure, year)
            found.append((measure.id, _how_far(differences, usual)))
    return sorted(found, key=lambda pair: -pair[1])


def _beyond_noise(differences: Array, members: int, looks: int) -> bool:
    found = spread(differences, members)
    if found.groups < 2 or found.mean != found.mean:
        return False
    limit = float(stdtrit(found.groups - 1, 1 - (1 - BAND) / 2 / looks)) * float(np.sqrt(found.mean))
    return bool(abs(np.nanmean(differences)) > limit)


def _how_far(differences: Array, usual: Array) -> float:
    varies = float(np.nanstd(usual))
    change = abs(float(np.nanmean(differences)))
    return change / varies if varies > 0 else np.inf


def present(names: Sequence[str]) -> list[Measure]:
    """Return those measures of some names that this version has."""
    return [MEASURES[name] for name in names if name in MEASURES]
