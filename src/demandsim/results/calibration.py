"""A fit to be read: targets before and after, parameters beforehand and afterwards, and what identifies them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from demandsim.results.fit_rows import Row, word_for
from demandsim.results.identified import Combination, Identified, identified
from demandsim.results.judged import judged
from demandsim.results.manifest import Manifest

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TargetFit:
    """A target that was fitted, in its own unit and of its own size (England's, or the authority's).

    Attributes:
        row: what was published.
        before, after: simulated means with the values as declared, and as fitted.
        error: half the 90% confidence interval of the second: Monte Carlo error.
        draws: simulated mean over the posterior draws.
        spread: half of the 90% interval over the posterior draws, chance left out.
    """

    row: Row
    before: float
    after: float
    error: float
    draws: float
    spread: float

    def part(self, value: float) -> float:
        """Return a gap as a part of the tolerance: 1 is its edge."""
        assert self.row.target.tolerance is not None
        return (value - self.row.target.value) / self.row.target.tolerance

    @property
    def word(self) -> str:
        assert self.row.target.tolerance is not None
        return str(judged(abs(self.part(self.after)), self.error / self.row.target.tolerance))


@dataclass(frozen=True, slots=True)
class ParameterFit:
    """A parameter that was not known exactly.

    Attributes:
        key, label, unit: what it is, in files and in print.
        basis: how its declared value is known.
        declared: that value.
        value: as fitted; as declared if it was not.
        before, after: 90% intervals, beforehand and afterwards.
        units: mean and standard deviation afterwards, in standard units: beforehand 0 and 1.
        fitted: whether the point estimate moves it; else it only varies over the posterior draws.
    """

    key: str
    label: str
    unit: str
    basis: str
    declared: float
    value: float
    before: Span
    after: Span
    units: Span
    fitted: bool

    @property
    def left(self) -> float:
        """Return the posterior over the prior standard deviation."""
        return self.units[1]

    @property
    def known(self) -> Identified:
        return identified(self.left)

    @property
    def word(self) -> str:
        return "not: the range is judgement" if self.known == Identified.NOT else str(self.known)


@dataclass(frozen=True, slots=True)
class Fit:
    """A fit.

    Attributes:
        manifest: names the scenario, the seed and the fit by its digest.
        how: method and simulations, in a line.
        targets: in the order of the file.
        parameters: the fitted ones first.
        combinations: those identified best first.
        misfit: squared distance from the targets and from the prior means, in standard deviations.
        limit: what it exceeds in one of a hundred cases if the targets can be met together: 99% of chi-square.
        wider: how many times as large the targets' errors counted as their tolerances say.
    """

    manifest: Manifest
    how: str
    targets: tuple[TargetFit, ...]
    parameters: tuple[ParameterFit, ...]
    combinations: tuple[Combination, ...]
    misfit: float
    limit: float
    wider: float

    @property
    def word(self) -> str:
        """Return what the targets are called: published, or given."""
        return word_for(one.row.target for one in self.targets)

    def inside(self, after: bool) -> int:
        """Return how many simulated means are within tolerance."""
        return sum(abs(one.part(one.after if after else one.before)) <= 1 for one in self.targets)

    def tally(self) -> dict[Identified, int]:
        """Return how many of the fitted parameters are well, partly and not identified."""
        fitted = [one for one in self.parameters if one.fitted]
        return {word: sum(one.known == word for one in fitted) for word in Identified}

    def headline(self) -> list[str]:
        """Return what came out, in lines."""
        many, tally = len(self.targets), self.tally()
        together = (
            f"Misfit {self.misfit:.0f}; up to {self.limit:.0f} is usual for {many} targets that can be met together."
            if self.misfit <= self.limit
            else f"Cannot fit these targets jointly: misfit {self.misfit:.0f}, where {self.limit:.0f} is the most that "
            f"{many} targets which can be met together give (99% of chi-square)."
        )
        return [
            f"{self.manifest.title}, fitted to {many} targets",
            f"  before   {self.inside(False):3} of {many} within tolerance",
            f"  after    {self.inside(True):3} of {many} within tolerance, with random draws it was not fitted with",
            together,
            *([] if self.wider == 1 else [self._why_wider()]),
            f"Of {sum(tally.values())} parameters fitted, the targets identify {tally[Identified.WELL]} well, "
            f"{tally[Identified.PARTLY]} partly, {tally[Identified.NOT]} not: their ranges are judgement.",
            f"How: {self.how}.",
        ]

    def _why_wider(self) -> str:
        return (
            f"The posterior takes each target's error to be {self.wider:.1f} times what its tolerance says (Birge's "
            "ratio), so that it is as wide as the targets disagree."
        )

    def worst(self) -> list[TargetFit]:
        """Return the targets outside half their tolerance, the worst first."""
        outside = [one for one in self.targets if abs(one.part(one.after)) > 0.5]
        return sorted(outside, key=lambda one: -abs(one.part(one.after)))

    # -- files --------------------------------------------------------------------------------------------------------

    def target_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of targets.csv, the heading first."""
        yield (
            *("target", "measure", "label", "unit", "of", "year", self.word, "tolerance", "before", "after"),
            *("Monte Carlo error of after (90%)", "gap before in tolerances", "gap after in tolerances", "verdict"),
            *("mean over posterior draws", "half of their 90% interval", "source"),
        )
        for one in self.targets:
            target, measure = one.row.target, one.row.measure
            numbers = (target.value, target.tolerance, one.before, one.after, one.error)
            yield (
                *(target.id, target.measure, measure.label, measure.unit, "England" if one.row.copies != 1 else ""),
                *(target.year, *(f"{number:.6g}" for number in numbers)),
                *(f"{one.part(value):+.2f}" for value in (one.before, one.after)),
                one.word,
                *(f"{one.draws:.6g}", f"{one.spread:.3g}", target.source),
            )

    def parameter_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of parameters.csv, the heading first."""
        yield (
            *("parameter", "label", "unit", "basis of the declared value", "fitted", "declared", "value"),
            *("prior 5%", "95%", "posterior 5%", "95%", "posterior over prior sd", "identified"),
        )
        for one in self.parameters:
            values = (one.declared, one.value, *one.before, *one.after)
            yield (
                *(one.key, one.label, one.unit, one.basis, "yes" if one.fitted else "no"),
                *(f"{value:.6g}" for value in values),
                f"{one.left:.2f}",
                one.word,
            )

    def combination_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of combinations.csv, the heading first."""
        yield ("combination", "singular value", "posterior over prior sd", "identified", "made up of")
        for place, one in enumerate(self.combinations, start=1):
            yield place, f"{one.value:.3g}", f"{one.left:.2f}", str(identified(one.left)), one.words
