"""What is not known, never mixed: what may happen, by chance or by the parameters, and how well the mean is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from demandsim.draws import member_of

Array = NDArray[np.float64]

#: Share of replications between the ends of a band.
BAND = 0.90
#: Standard deviations in half of such a band, where it is normal.
_NORMAL = float(ndtri((1 + BAND) / 2))
#: Members of an ensemble below which the parts of an interval are rough.
FEW_MEMBERS = 20
#: Replications whose fifth and ninety-fifth per cent are known well enough.
_ENOUGH = 100
#: What tables call the parts of an interval.
PARTS = ("chance alone (half of 90%)", "parameters alone (half of 90%)")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure over replications.

    Attributes:
        mean: over replications.
        low, high: nine in ten replications of one authority lie between them.
        error: half the 90% confidence interval of the mean; shrinks as replications are added.
        chance: half of the 90% interval that chance alone would make.
        parameters: half of the one that the parameters alone would make; not a number where they have one value.
    """

    mean: float
    low: float
    high: float
    error: float
    chance: float = np.nan
    parameters: float = np.nan

    @property
    def parts(self) -> tuple[str, ...]:
        """Return what the interval is made of, as tables have it; nothing where it is not known."""
        return tuple("" if part != part else f"{part:.6g}" for part in (self.chance, self.parameters))


@dataclass(frozen=True, slots=True)
class Spread:
    """How a measure varies over replications, in squares of its unit.

    Attributes:
        chance: variance between replications of the same parameters.
        parameters: variance that the parameters make, right on average: where they make little, it may be below
            nothing. Not a number where they have one value.
        mean: variance of the mean over replications.
        groups: of replications that are independent of one another: members, or replications where there are none.
        size: replications in a group.
    """

    chance: float
    parameters: float
    mean: float
    groups: int
    size: float = 1.0

    def half_of_total(self, many: float) -> float:
        """Return half the 90% interval of a new mean of `many` authorities: chance averages out, parameters do not."""
        if self.groups < 2:
            return np.nan
        if np.isnan(self.parameters):
            return _student(self.groups - 1) * float(np.sqrt(self.chance / many + self.mean))
        variance = self.chance / many + max(0.0, self.parameters) + self.mean
        return _student(self._freedom(variance, many)) * float(np.sqrt(variance))

    def _freedom(self, variance: float, many: float) -> float:
        """Return Satterthwaite's degrees of freedom of the variance of a total.

        What the parameters make is the difference of two variances. Where chance makes most of both, little is known of
        it, and the interval must be wider for that. With fewer than three degrees it would have no variance.
        """
        whole, count = self.chance + self.size * self.parameters, self.groups * self.size
        between = whole * (1 / self.size + 1 / count)
        within = self.chance * (1 / self.size - 1 / many)
        unsure = between**2 / (self.groups - 1) + within**2 / (count - self.groups)
        return float(np.clip(variance**2 / unsure, 3, max(3, self.groups - 1))) if unsure else self.groups - 1


def spread(values: Array, members: int = 0) -> Spread:
    """Return how a measure varies, by analysis of variance with one random effect, the member.

    Args:
        values: one for each replication from the first on; not a number where there is none.
        members: of the ensemble; 0 where the parameters have one value.
    """
    known = ~np.isnan(values)
    count = int(known.sum())
    if not members:
        variance = float(values[known].var(ddof=1)) if count > 1 else np.nan
        return Spread(variance, np.nan, variance / count if count else np.nan, count)
    each = np.array([member_of(number, members) for number in range(len(values))])[known]
    _, group, sizes = np.unique(each, return_inverse=True, return_counts=True)
    groups = len(sizes)
    if groups < 2:
        return Spread(np.nan, np.nan, np.nan, groups)
    means = np.bincount(group, values[known]) / sizes
    within = float(((values[known] - means[group]) ** 2).sum() / (count - groups)) if count > groups else np.nan
    apart = means - values[known].mean()
    between = float((sizes * apart**2).sum() / (groups - 1))
    # Two of each member, unless some replications have no value or members come round again.
    size = float(count - (sizes**2).sum() / count) / (groups - 1)
    of_mean = groups / (groups - 1) * float(((sizes * apart) ** 2).sum()) / count**2
    return Spread(within, (between - within) / size, of_mean, groups, size)


def estimate(values: Array, members: int = 0) -> Estimate:
    """Return the mean of a sample, its 90% band and the simulation error. Replications without a value are left out.

    Args:
        values: one for each replication from the first on.
        members: of the ensemble whose members they have in turn; 0 where the parameters have one value.
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return Estimate(np.nan, np.nan, np.nan, np.nan)
    low, high = np.quantile(known, [(1 - BAND) / 2, (1 + BAND) / 2])
    found = spread(values, members)
    return Estimate(float(known.mean()), float(low), float(high), _error(found), *_halves(found))


def total(values: Array, many: float, members: int = 0) -> Estimate:
    """Return the estimate of a measure of many authorities with the same parameters, each with random draws of its own.

    The interval is that in which one new figure of all of them lies nine times in ten, if it is normal: chance evens
    out among them, the parameters don't, and the mean is not known exactly. Of one authority it is where nine in ten
    replications lie, if there are enough of them: then no share is over a hundred and no count below nothing.

    Args:
        values: of the whole, as if all authorities had the random draws of the one simulated.
        many: authorities.
        members: of the ensemble; 0 where the parameters have one value.
    """
    known = values[~np.isnan(values)]
    if many == 1 and len(known) >= _ENOUGH:
        return estimate(values, members)
    if not len(known):
        return Estimate(np.nan, np.nan, np.nan, np.nan)
    found, mean = spread(values, members), float(known.mean())
    half = found.half_of_total(many)
    chance, parameters = _halves(found)
    return Estimate(mean, mean - half, mean + half, _error(found), chance / float(np.sqrt(many)), parameters)


def _error(found: Spread) -> float:
    return _student(found.groups - 1) * float(np.sqrt(found.mean)) if found.groups > 1 else np.nan


def _student(freedom: float) -> float:
    return float(stdtrit(freedom, (1 + BAND) / 2))


def _halves(found: Spread) -> tuple[float, float]:
    """Return half the 90% intervals of chance and of the parameters; what lies below nothing is none."""
    return _NORMAL * float(np.sqrt(found.chance)), _NORMAL * float(np.sqrt(np.maximum(0.0, found.parameters)))
