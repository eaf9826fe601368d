"""The emulator tried on settings that it has not seen: how far off it is, measure by measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.page.answers import Answer, Answers
from demandsim.page.outputs import SPEND, Output

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

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
    """How far off one measure is, where few levers move and where all do.

    Attributes:
        off_few, off_all: what 95% of answers by year are within: a share of the level, or points.
        near_few, near_all: shares of answers by year that are near enough.
        blur_few, blur_all: typical error of a difference, in the measure's unit.
    """

    off_few: float
    off_all: float
    near_few: float
    near_all: float
    blur_few: float
    blur_all: float

    @property
    def good_few(self) -> bool:
        """Return whether the measure passes its bar where few levers move."""
        return self.near_few >= BAR_FEW

    @property
    def good_all(self) -> bool:
        """Return whether the measure passes its bar where all levers move."""
        return self.near_all >= BAR_ALL


@dataclass(frozen=True)
class Trial:
    """What the checks say.

    Attributes:
        errors: one for each measure.
        few, every: shares of all answers that are near enough.
        cost_few, cost_all: what 95% of costs over the run are within, in millions of pounds.
        signs: share of clear differences whose sign is right.
        held: share of simulated values that lie within the emulator's 90% intervals.
        fewest_held: the smallest such share of any setting.
        settings: how many were tried.
        replications: of each.
    """

    errors: tuple[Error, ...]
    few: float
    every: float
    cost_few: float
    cost_all: float
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
    # A share of nothing, in every replication of a check, is nothing to be off by.
    near = np.isnan(off) | (off <= np.maximum(_allowed(measures, truth), 2 * known))
    acts = np.array([np.arange(usual.shape[0]) >= one.start for one in checked])
    few = np.array([one.few for one in checked])
    errors = tuple(
        _error(one, off[..., place], truth[..., place], near[..., place], acts, few)
        for place, one in enumerate(measures)
    )
    held = np.array([_held(one) for one in checked])
    return Trial(
        errors,
        _share(near, acts & few[:, None]),
        _share(near, acts & np.logical_not(few)[:, None]),
        _cost_off(measures, [one for one in checked if one.few]),
        _cost_off(measures, [one for one in checked if not one.few]),
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


def _share(near: Flags, chosen: Flags) -> float:
    return float(near[chosen].mean()) if chosen.any() else np.nan


def _error(one: Output, off: Array, truth: Array, near: Flags, acts: Flags, few: Flags) -> Error:
    size = off if one.share else off / np.maximum(np.abs(truth), one.offset)
    both = [acts & few[:, None], acts & np.logical_not(few)[:, None]]
    ends = [float(np.nanquantile(size[chosen], HELD)) if chosen.any() else np.nan for chosen in both]
    blurs = [float(np.sqrt(np.nanmean(off[chosen] ** 2))) if chosen.any() else np.nan for chosen in both]
    return Error(*ends, *(_share(near, chosen) for chosen in both), *blurs)


def _cost_off(measures: Sequence[Output], checked: Sequence[Checked]) -> float:
    lines = [place for place, one in enumerate(measures) if one.id in SPEND]
    off = [
        abs(one.answer.cost[-1] - (one.values - one.reference)[..., lines].sum(axis=(1, 2)).mean()) for one in checked
    ]
    return float(np.quantile(off, HELD)) if off else np.nan


def _signs(checked: Sequence[Checked], said: Array, acts: Flags) -> float:
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
