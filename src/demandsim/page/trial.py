"""The emulator tried on settings that it has not seen: how far off it is, measure by measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.page.answers import Answer, Answers
from demandsim.page.outputs import Output

Array = NDArray[np.float64]

#: Replications that a simulation's mean is held to have, for how well it is known.
USUAL_REPLICATIONS = 20
#: Shares of answers that must be near: of settings that move few levers, and of those that move all.
BAR_FEW, BAR_ALL = 0.95, 0.85
#: Share of checks that a measured error holds.
HELD = 0.95


@dataclass(frozen=True)
class Checked:
    """One setting, emulated and simulated.

    Attributes:
        answer: the emulator's.
        values: simulated: (replication, year, measure).
        reference: the same replications of the reference.
        few: whether few levers move.
        start: place of the year from which they act.
    """

    answer: Answer
    values: Array
    reference: Array
    few: bool
    start: int


@dataclass(frozen=True, slots=True)
class Error:
    """How far off one measure is.

    Attributes:
        off: what 95% of checks are within: a share of the level, or points.
        blur: typical error of a difference, in the measure's unit.
        few, every: shares of answers by year that are near enough, where few levers move and where all do.
    """

    off: float
    blur: float
    few: float
    every: float

    @property
    def good(self) -> bool:
        """Return whether the measure passes its bar."""
        return self.few >= BAR_FEW and self.every >= BAR_ALL


@dataclass(frozen=True)
class Trial:
    """What the checks say.

    Attributes:
        errors: one for each measure.
        few, every: shares of all answers that are near enough.
        signs: share of clear differences whose sign is right.
        held: share of simulated values that lie within the emulator's 90% intervals.
        fewest_held: the smallest such share of any setting.
        settings: how many were tried.
        replications: of each.
    """

    errors: tuple[Error, ...]
    few: float
    every: float
    signs: float
    held: float
    fewest_held: float
    settings: int
    replications: int


def trial(model: Answers, checked: Sequence[Checked]) -> Trial:
    """Return how far off a page's answers are."""
    measures = model.measures
    usual = model.reference.mean
    known = np.nanstd(model.reference.values, axis=0, ddof=1) / np.sqrt(USUAL_REPLICATIONS)
    truth = np.stack([usual + np.nanmean(one.values - one.reference, axis=0) for one in checked])
    said = np.stack([one.answer.mean for one in checked])
    off = np.abs(said - truth)
    near = off <= np.maximum(_allowed(measures, truth), 2 * known)
    acts = np.array([np.arange(usual.shape[0]) >= one.start for one in checked])
    few = np.array([one.few for one in checked])
    errors = tuple(
        _error(one, off[..., place], truth[..., place], near[..., place], acts, few)
        for place, one in enumerate(measures)
    )
    held = np.array([_held(one) for one in checked])
    return Trial(
        errors,
        _share(near[few], acts[few]),
        _share(near[np.logical_not(few)], acts[np.logical_not(few)]),
        _signs(checked, said - usual, acts),
        float(np.nanmean(held)) if len(held) else np.nan,
        float(np.nanmin(held)) if len(held) else np.nan,
        len(checked),
        len(checked[0].values) if checked else 0,
    )


def _allowed(measures: Sequence[Output], truth: Array) -> Array:
    """Return how far off an answer may be: (setting, year, measure)."""
    columns = [
        np.full(truth.shape[:2], one.near) if one.in_points else one.near * np.abs(truth[..., place])
        for place, one in enumerate(measures)
    ]
    return np.stack(columns, axis=-1)


def _share(near: Array, acts: Array) -> float:
    return float(near[acts].mean()) if acts.any() else np.nan


def _error(one: Output, off: Array, truth: Array, near: Array, acts: Array, few: Array) -> Error:
    size = off if one.share else off / np.maximum(np.abs(truth), one.offset)
    found = [_share(near[chosen], acts[chosen]) for chosen in (few, np.logical_not(few))]
    blur = float(np.sqrt(np.nanmean(off[acts] ** 2))) if acts.any() else np.nan
    return Error(float(np.nanquantile(size[acts], HELD)), blur, *found)


def _signs(checked: Sequence[Checked], said: Array, acts: Array) -> float:
    """Return in how many of the differences over two standard errors the emulator has the sign of the simulation."""
    right = wrong = 0
    for place, one in enumerate(checked):
        differences = one.values - one.reference
        mean = np.nanmean(differences, axis=0)
        error = np.nanstd(differences, axis=0, ddof=1) / np.sqrt(len(differences))
        clear = (np.abs(mean) > 2 * error) & acts[place][:, None]
        agrees = np.sign(mean) == np.sign(said[place])
        right, wrong = right + int((clear & agrees).sum()), wrong + int((clear & ~agrees).sum())
    return right / (right + wrong) if right + wrong else np.nan


def _held(one: Checked) -> float:
    inside = (one.values >= one.answer.low - 1e-9) & (one.values <= one.answer.high + 1e-9)
    known = ~np.isnan(one.values)
    later = np.arange(one.values.shape[1]) >= one.start
    return float(inside[known & later[None, :, None]].mean())
