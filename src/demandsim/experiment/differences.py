"""How England's authorities differ: in need, in thresholds, in practice of their own and in prices.

The level is need. The threshold factor is practice: where it is high fewer are referred, and more of those become
children in need, have plans and are looked after. Besides, each has something of its own in how long cases are kept
open, in enquiries, in plans and in care; and its prices. All are fixed quantiles, in orders that are uncorrelated.
Sizes are set so that rates spread and go together about as published (register K017 to K022).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from demandsim.evidence import register

#: Referrals for each 10,000 children in 2013-14, where they are fewest and where they are most, of so many authorities.
FEWEST, MOST, _OF = "K014", "K015", 152
#: Rates that differ by practice, beside the level.
RATES = ("referrals", "children in need", "enquiries", "plans", "looked after")
#: Judgement, by the published spread: what a standard deviation of each factor does to the logarithm of each rate.
_PRACTICE = np.array(
    [
        # referrals, children in need, enquiries, plans, looked after
        [-0.21, -0.04, 0.06, 0.06, 0.06],  # the threshold factor
        [0.00, 0.11, 0.00, 0.00, 0.00],  # cases kept open longer
        [0.00, 0.00, 0.25, 0.16, 0.00],  # readiness to enquire
        [0.00, 0.00, 0.00, 0.19, 0.00],  # enquiries substantiated
        [0.00, 0.00, 0.00, 0.00, 0.25],  # readiness to take into care
    ]
)
#: Judgement: the spread of the logarithm of prices. Wages and placements cost more in and around London.
_PRICES = 0.07
#: Steps of sequences that fill an interval evenly; of the threshold factor, the others of practice, and prices.
_STEPS = tuple(float(step) for step in np.sqrt([3, 5, 13, 19, 10, 2]))

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """How one authority differs.

    Attributes:
        level: its need, as a ratio to the mean of all.
        threshold: standard deviations from the mean of all. Where it is high fewer are referred, for the same need,
            and more of those become children in need, have plans and are looked after.
        price: its prices, as a ratio to the mean of all.
        rates: what practice makes of each of `RATES` for the same need, as a ratio to the mean of all.
    """

    level: float
    threshold: float
    price: float
    rates: tuple[float, ...]


@cache
def differences(authorities: int) -> tuple[Difference, ...]:
    """Return how each authority differs, from the lowest level to the highest; England's rates and prices are kept."""
    need, *practice, money = factors(authorities)
    level = np.exp(_level_spread() * need)
    level /= level.mean()
    # The mean over England's children, not over its authorities, is kept.
    rates = np.exp(np.transpose(practice) @ _PRACTICE)
    rates /= level @ rates / authorities
    price = np.exp(_PRICES * money)
    price /= level @ price / authorities
    columns = zip(level.tolist(), practice[0].tolist(), price.tolist(), rates.tolist(), strict=True)
    return tuple(Difference(level, threshold, price, tuple(rates)) for level, threshold, price, rates in columns)


def factors(authorities: int) -> Array:
    """Return quantiles of a normal distribution, (factor, authority): need in order, practice, and prices.

    Practice is the threshold factor, then what is each authority's own.
    """
    places = np.arange(authorities) + 0.5
    orders = [places, *(np.argsort(np.argsort(places * step % 1)) + 0.5 for step in _STEPS)]
    found: Array = ndtri(np.array(orders) / authorities)
    return found


def _level_spread() -> float:
    """Return the spread of the level: with the threshold factor, referrals spread as widely as published."""
    fewest, most = (float(register()[figure].value) for figure in (FEWEST, MOST))
    whole = np.log(most / fewest) / (2 * ndtri(1 - 0.5 / _OF))
    return float(np.sqrt(whole**2 - _PRACTICE[0, 0] ** 2))
