"""How many of those referred are referred again within a year: some of them, followed for so long."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demandsim.meanfield.grid import nothing
from demandsim.meanfield.help import Shares
from demandsim.meanfield.law import Law
from demandsim.meanfield.pathway import Entering, Pathway

Array = NDArray[np.float64]

_MONTHS = 12


def referred_again(referred: Array, law: Law, served: float) -> Array:
    """Return the part of those referred whose next referral comes so many months later, within a year of the first.

    Args:
        referred: a month's or a year's referrals.
        law: what is true meanwhile.
        served: the part of those who ask for early help that get it.
    """
    followed = Pathway(_MONTHS + 1)
    followed.help = Shares(served)
    none = nothing()
    again = np.zeros(_MONTHS + 1)
    for month in range(_MONTHS + 1):
        followed.month(law, Entering(none, none, none, referred=none if month else referred))
        again[month] = followed.referrals
    # Twelve months later is within a year for half: both days are spread evenly over their months.
    again[_MONTHS] /= 2
    return again / max(1e-12, float(referred.sum()))
