"""A verdict that knows its own Monte Carlo error: inside the tolerance, outside it, or not told apart yet."""

from __future__ import annotations

from enum import StrEnum
from math import ceil, floor, log10


class Verdict(StrEnum):
    """Where a mean lies against a tolerance."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNTOLD = "not told apart yet"


def judged(gap: float, error: float) -> Verdict:
    """Return where a mean lies.

    Args:
        gap: size of its distance from the published value, in tolerances.
        error: half of the 90% confidence interval of the mean, in tolerances; not a number if it is not known.
    """
    if gap + error <= 1.0:
        return Verdict.INSIDE
    return Verdict.OUTSIDE if gap - error > 1.0 else Verdict.UNTOLD


def replications_to_tell(gap: float, error: float, replications: int) -> int | None:
    """Return from about how many replications it could be told; None if it is on the very edge.

    Args:
        gap: as `judged` takes it.
        error: as `judged` takes it.
        replications: that made the error, which falls with the root of their number.
    """
    room = abs(gap - 1.0)
    if not room > 0.0 or error != error:
        return None
    needed = round(replications * (error / room) ** 2, 6)
    if needed > 1e9:
        return None
    # Two digits, upwards: it is an estimate.
    step: int = 10 ** max(0, floor(log10(max(needed, 1.0))) - 1)
    return max(replications + 1, ceil(needed / step) * step)
