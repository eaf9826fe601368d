"""What load, money and practice do to the work: the multipliers through which the loops close.

Values were fitted to 2013-14, pressure included. So load acts only where it differs from that year's: at the reference
every multiplier is 1, and a loop switched off stays there.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from demandsim.meanfield.rules import Pressure, Values

#: Load further from the reference than this has no further effect: nobody has seen what it would do.
_LEAST_LOAD, _MOST_LOAD = 0.5, 2.0
#: Part of a month's load that people feel; the rest is what they felt before.
_FELT = 1 / 3
#: Nobody waits longer for a court than this many times as long.
_MOST_COURT = 3.0
_MONTHS_A_YEAR = 12


@dataclass(slots=True)
class Load:
    """How much there is to do for those who are there, as it is felt: a mean that follows the months.

    Attributes:
        felt: smoothed load.
        speed: how fast work gets done, from the last month: 1 while hours suffice.
    """

    felt: float
    speed: float = 1.0

    def note(self, wanted: float, supplied: float, cases: float) -> None:
        """Take a month's hours, and its cases over those that the team can hold: the worse of the two is felt."""
        most = _MOST_LOAD / _LEAST_LOAD
        ratio = min(most, wanted / supplied) if supplied > 0 else most if wanted > 0 else 0.0
        self.felt += _FELT * (max(ratio, min(most, cases)) - self.felt)
        self.speed = 1.0 if ratio <= 1.0 else 1.0 / ratio


class Practice:
    """The quality of practice of one authority, and its directors."""

    dips_until = -1
    _luck = 0.0

    def effect(self, month: int, values: Values, on: str) -> float:
        """Return the effect on something, against the mean of all authorities with their own changes of director."""
        mix, effects = values["practice.mix"], values[f"practice.{on}"]
        quality, total = 0, mix[0]
        while quality < 2 and self._luck >= total:
            quality += 1
            total += mix[quality]
        dipping = month < self.dips_until
        return float(effects[min(2, quality + dipping)] / usual_effect(values, on))


#: The mix of 2013-14, in which what was fitted holds; a scenario with better practice is better than this.
_USUAL_MIX = (10 / 43, 26 / 43, 7 / 43)


def usual_effect(values: Values, on: str) -> float:
    """Return the mean effect over the authorities of 2013-14, some of them between directors."""
    effects = values[f"practice.{on}"]
    months = values["practice.director_months"]
    dipping = 1.0 - (1.0 - min(values["practice.director_changes"] / _MONTHS_A_YEAR, 1.0)) ** months
    return float(
        sum(
            share * ((1 - dipping) * effects[quality] + dipping * effects[min(2, quality + 1)])
            for quality, share in enumerate(_USUAL_MIX)
        )
    )


def pressure_of(
    values: Values, load: Load, practice: Practice, month: int, prevention: float, court: float
) -> Pressure:
    """Return the multipliers of a month.

    Args:
        values: parameters in force.
        load: as felt at its start.
        practice: the authority's.
        month: its index.
        prevention: part of prevention spend not withheld.
        court: applications before the court over its capacity.
    """
    ratio = min(_MOST_LOAD, max(_LEAST_LOAD, load.felt / values["pressure.reference"]))

    def of(elasticity: str, loop: str) -> float:
        return float(ratio ** (values[f"pressure.{elasticity}"] * values[f"loop.{loop}"]))

    return Pressure(
        slow=1.0 / max(load.speed, _LEAST_LOAD / _MOST_LOAD),
        relapse=of("relapse", "failure_demand") * practice.effect(month, values, "relapse"),
        drift=of("drift", "drift") * practice.effect(month, values, "drift"),
        court=min(max(1.0, court), _MOST_COURT),
        threshold=values["pressure.threshold"] * values["loop.threshold_creep"] * log(ratio),
        turnover=of("turnover", "workload_spiral") * practice.effect(month, values, "turnover"),
        help_works=practice.effect(month, values, "help"),
        prevention=prevention,
    )
