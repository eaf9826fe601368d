"""What the difference that a what-if makes turns on: each uncertain parameter at its posterior 5% and 95%."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demandsim.results.points import EXTRA_SPEND
from demandsim.results.uncertainty import Estimate, estimate, spread
from demandsim.results.verdict import told_apart
from demandsim.results.words import number, signed

Array = NDArray[np.float64]

#: Parameters that a sentence names.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Effect:
    """What one uncertain number makes of a difference.

    Attributes:
        key: name of the parameter; `care.home[2]` is the third of a list.
        meaning, unit: of it.
        low, high: its posterior 5% and 95%.
        at_low, at_high: the difference with it there, all else as drawn.
        swing: the second less the first, replication by replication.
        share: of the variance of the difference.
    """

    key: str
    meaning: str
    unit: str
    low: float
    high: float
    at_low: Estimate
    at_high: Estimate
    swing: Estimate
    share: float

    @property
    def seen(self) -> bool:
        """Return whether the two ends are told apart."""
        return told_apart(self.swing)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What one outcome of a what-if turns on.

    Attributes:
        id, label, unit: of the outcome.
        when: the year it is of, or the span.
        drawn: the difference with every parameter as drawn, over the same replications.
        effects: of the parameters that were simulated, the largest swing first.
        screened: how many numbers they were chosen from.
        replications: at each end.
        chance: share of the variance that stochastic variation makes.
        parameters: share that all parameters together make.
    """

    id: str
    label: str
    unit: str
    when: str
    drawn: Estimate
    effects: tuple[Effect, ...]
    screened: int
    replications: int
    chance: float
    parameters: float

    @property
    def of_whole_run(self) -> bool:
        """Return whether it is money, of a span of years; what else there is, is of one year."""
        return self.id == EXTRA_SPEND.id


@dataclass(frozen=True, slots=True)
class Ends:
    """A number at both ends of its posterior.

    Attributes:
        key, meaning, unit: as an `Effect` has them.
        low, high: its posterior 5% and 95%.
        deviation: its posterior standard deviation.
    """

    key: str
    meaning: str
    unit: str
    low: float
    high: float
    deviation: float


def effect_of(ends: Ends, at_low: Array, at_high: Array, variance: float, members: int) -> Effect:
    """Return what a number makes of a difference.

    Args:
        ends: of the number.
        at_low: the difference with it at its 5%, one for each replication.
        at_high: the same at its 95%.
        variance: of the difference as drawn.
        members: posterior draws.
    """
    swing = estimate(at_high - at_low, members)
    error = float(np.sqrt(spread(at_high - at_low, members).mean))
    # What the error of the mean adds to its square is taken off: noise makes no variance.
    slope_squared = max(0.0, swing.mean**2 - error**2) / (ends.high - ends.low) ** 2
    share = min(1.0, slope_squared * ends.deviation**2 / variance) if variance > 0 else 0.0
    return Effect(
        *(ends.key, ends.meaning, ends.unit, ends.low, ends.high),
        *(estimate(at_low, members), estimate(at_high, members), swing, share),
    )


def shares(differences: Array, members: int) -> tuple[float, float, float]:
    """Return the variance of a difference, and the shares of it that chance and all parameters make."""
    found = spread(differences, members)
    parameters = max(0.0, found.parameters)
    variance = found.chance + parameters
    return (variance, found.chance / variance, parameters / variance) if variance > 0 else (0.0, 0.0, 0.0)


def turns_words(every: Sequence[Sensitivity]) -> str:
    """Return what the outcomes of a what-if turn on, a sentence for each; empty if nothing was simulated."""
    return " ".join(_sentence(one) for one in every)


def _sentence(one: Sensitivity) -> str:
    what = f"{one.label[0].upper()}{one.label[1:]}"
    seen = [effect for effect in one.effects if effect.seen]
    chance = f"chance alone {_percent(one.chance)} of its variance"
    if not seen:
        return (
            f"{what} turns on no single uncertain parameter that can be seen: {chance.replace('alone', 'alone makes')}."
        )
    named = [
        f"{effect.meaning[0].lower()}{effect.meaning[1:]} ({effect.key}: {_amount(one, effect.at_low)} at its 5%, "
        f"{_amount(one, effect.at_high)} at its 95%)"
        for effect in seen[:_NAMED]
    ]
    made = _percent(sum(effect.share for effect in seen[:_NAMED]))
    many = "It makes" if len(named) == 1 else "They make"
    return f"{what} turns most on {'; '.join(named)}. {many} about {made} of its variance; {chance.split(' of ')[0]}."


def _amount(one: Sensitivity, value: Estimate) -> str:
    if one.of_whole_run:
        return f"{'-' if value.mean < 0 else '+'}£{number(abs(value.mean))} million"
    return signed(value.mean)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


HEADINGS = (
    *("scenario", "outcome", "unit", "year", "parameter", "meaning", "parameter's unit", "posterior 5%"),
    *("posterior 95%", "difference as drawn", "difference at 5%", "error at 5% (90%)", "difference at 95%"),
    *("error at 95% (90%)", "swing", "error of the swing (90%)", "told apart", "share of the variance", "replications"),
)


def sensitivity_rows(named: Sequence[tuple[str, Sequence[Sensitivity]]]) -> Iterator[tuple[Any, ...]]:
    """Yield every effect of every what-if, the heading first; then what chance and all parameters make.

    Args:
        named: scenario and what its outcomes turn on.
    """
    yield HEADINGS
    for scenario, every in named:
        for one in every:
            about = (scenario, one.label, one.unit, one.when)
            for effect in one.effects:
                yield (*about, *_cells(one, effect))
            for what, share in (("chance alone", one.chance), ("all parameters", one.parameters)):
                yield (*about, what, *[""] * 12, f"{share:.3g}", one.replications)


def _cells(one: Sensitivity, effect: Effect) -> tuple[Any, ...]:
    numbers = (
        *(effect.low, effect.high, one.drawn.mean, effect.at_low.mean, effect.at_low.error, effect.at_high.mean),
        *(effect.at_high.error, effect.swing.mean, effect.swing.error),
    )
    return (
        *(effect.key, effect.meaning, effect.unit),
        *(f"{value:.6g}" for value in numbers),
        *("yes" if effect.seen else "no", f"{effect.share:.3g}", one.replications),
    )


def content_of(every: Sequence[Sensitivity]) -> list[dict[str, Any]]:
    """Return what is kept of it in a file."""
    return [asdict(one) for one in every]


def from_content(content: Sequence[dict[str, Any]]) -> tuple[Sensitivity, ...]:
    """Return what `content_of` made.

    Raises:
        TypeError, KeyError: it did not.
    """
    return tuple(
        Sensitivity(
            **{
                **one,
                "drawn": Estimate(**one["drawn"]),
                "effects": tuple(
                    Effect(**{**each, **{end: Estimate(**each[end]) for end in ("at_low", "at_high", "swing")}})
                    for each in one["effects"]
                ),
            }
        )
        for one in content
    )
