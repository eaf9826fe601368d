"""The yearly summary: every measure of every year, for the authority and for England, beside what was published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import inf, isnan
from typing import Any, NamedTuple

from demandsim.evidence import Target, targets
from demandsim.records import Stock
from demandsim.results.beside import figures_of
from demandsim.results.figures import bounds_of
from demandsim.results.measure import Measure, Quantity
from demandsim.results.measures import MEASURES, headline_measures
from demandsim.results.store import Manifest, Results
from demandsim.results.tables import YEARS_BEFORE, Tables
from demandsim.results.uncertainty import PARTS, Estimate, estimate, total
from demandsim.results.year import Year
from demandsim.vocabulary import Placement

HEADINGS = (
    "measure",
    "label",
    "unit",
    "year",
    "authority mean",
    "authority low (5%)",
    "authority high (95%)",
    *PARTS,
    "simulation error (90%)",
    "England mean",
    "England simulation error (90%)",
    "published",
    "gap",
    "tolerance",
    "use",
)


class Line(NamedTuple):
    """One measure of one year.

    Attributes:
        authority: estimate for what was simulated: one authority, or England as its authorities added up.
        england: the same scaled to England where the measure scales; its interval is one that England's figure lies in,
            where chance evens out among authorities.
        target: the figure of that year, published or the scenario's own, if there is one.
    """

    measure: Measure
    year: str
    authority: Estimate
    england: Estimate
    target: Target | None

    @property
    def comparable(self) -> Estimate:
        """Return the estimate of the target's size: England's, or that of what was simulated."""
        return self.england if self.target is None or self.target.of_england else self.authority

    @property
    def gap(self) -> float | None:
        """Return how far the mean lies from the target, at its size: in %, in points for a share, or None."""
        mean = self.comparable.mean
        if self.target is None or isnan(mean):
            return None
        if self.measure.quantity is Quantity.SHARE:
            return mean - self.target.value
        return 100 * (mean / self.target.value - 1) if self.target.value else None

    @property
    def inside(self) -> bool | None:
        """Return whether the gap is within the target's own tolerance; None where there is none."""
        mean = self.comparable.mean
        if self.target is None or self.target.tolerance is None or isnan(mean):
            return None
        return abs(mean - self.target.value) <= self.target.tolerance


def lines(
    tables: Tables,
    years: list[str],
    scale: float,
    members: int = 0,
    given: Sequence[Target] | None = None,
    measures: Iterable[Measure] = MEASURES.values(),
    only: str = "",
) -> Iterator[Line]:
    """Yield every measure of every year after the start, in order of measure and year.

    Args:
        tables: arrays of (replication, month or year, column).
        years: label of each recorded year; the first ones lie before the start.
        scale: how many of this authority make England.
        members: of the ensemble; 0 where the parameters have one value.
        given: published figures; those that ship unless given.
        measures: which.
        only: label of the one year wanted; empty for all.
    """
    every = targets() if given is None else given
    published = {(target.measure, _comparable_year(target)): target for target in every}
    places = [index for index in range(YEARS_BEFORE, len(years)) if only in ("", years[index])]
    for measure in measures:
        for index in places:
            values = measure.of(Year(tables, index))
            authority = estimate(values, members)
            england = total(values * scale if measure.scales else values, scale, members)
            england = _possible(measure, england)
            yield Line(measure, years[index], authority, england, published.get((measure.id, years[index])))


def _possible(measure: Measure, found: Estimate) -> Estimate:
    """Return an estimate whose interval holds only what the measure can be: no share below 0% or above 100%.

    The interval of a total is drawn as if it were normal, so its ends may lie beyond.
    """
    low, high = bounds_of(measure.id)
    high = high if measure.quantity is Quantity.SHARE else inf
    return replace(found, low=max(found.low, min(low, found.mean)), high=min(found.high, max(high, found.mean)))


def _comparable_year(target: Target) -> str:
    """Return the year to compare with: a few figures were found only for 2012-13 and stand for 2013-14."""
    return "2013-14" if target.of_england and target.year == "2012-13" else target.year


def headline(results: Results, year: str) -> list[Line]:
    """Return the headline measures of one year."""
    manifest, measures = results.manifest, headline_measures()
    how = (results.year_labels(), manifest.scale_to_england, manifest.members, figures_of(results))
    return list(lines(results.tables, *how, measures=measures, only=year))


def beside(line: Line, results: Results) -> float | None:
    """Return the target of a line at the size of what was simulated; None if it has none."""
    if line.target is None:
        return None
    scaled = line.measure.scales and line.target.of_england
    return line.target.value / (results.manifest.scale_to_england if scaled else 1.0)


def headings(manifest: Manifest) -> tuple[str, ...]:
    """Return the headings of the summary file: what was simulated is one authority, or England as all of them."""
    whole = "England as simulated " if manifest.authorities else "authority "
    word = "given" if manifest.targets else "published"
    return tuple(heading.replace("authority ", whole).replace("published", word) for heading in HEADINGS)


def summary_rows(
    tables: Tables, manifest: Manifest, given: Sequence[Target] | None = None
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the summary file, the heading first; `given` as in `lines`."""
    yield headings(manifest)
    for line in lines(tables, manifest.year_labels(), manifest.scale_to_england, manifest.members, given):
        authority, england, target = line.authority, line.england, line.target
        numbers = (authority.error, england.mean, england.error)
        yield (
            line.measure.id,
            line.measure.label,
            line.measure.unit,
            line.year,
            *(f"{number:.6g}" for number in (authority.mean, authority.low, authority.high)),
            *authority.parts,
            *(f"{number:.6g}" for number in numbers),
            f"{target.value:.6g}" if target else "",
            f"{line.gap:.3g}" if line.gap is not None else "",
            f"{target.tolerance:.6g}" if target and target.tolerance is not None else "",
            target.use if target else "",
        )


def places_too_few(results: Results) -> list[str]:
    """Return a line for each type of placement with fewer places on the first day than children living there."""
    stock = results.tables["stock"][:, 12 * YEARS_BEFORE - 1 : 12 * YEARS_BEFORE + 1].mean(axis=0)
    found = []
    for column, placement in (
        (Stock.PLACES_OWN, Placement.FOSTER_IN_HOUSE),
        (Stock.PLACES_AGENCY, Placement.FOSTER_AGENCY),
        (Stock.PLACES_HOMES, Placement.CHILDRENS_HOME),
    ):
        there, places = float(stock[0, Stock.PLACED + placement]), float(stock[1, column])
        if there > places:
            found.append(
                f"{Placement.words.labels()[placement]}: {places:.0f} places on the first day for {there:.0f} children "
                "living there. Nobody is moved out; places are not filled again until there is room."
            )
    return found
