"""A fit to be read: figures before and after, numbers beforehand and afterwards, and what the figures hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demandsim.fit.identified import Known, known
from demandsim.problems import Problem, UserError
from demandsim.results.atomic_write import write_table, write_text
from demandsim.results.checksums import damage, sealed
from demandsim.results.fit_rows import Row
from demandsim.results.manifest import Manifest

FILE = "fit.json"
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that was fitted, in its own unit and of its own size (England's, or the authority's).

    Attributes:
        row: what was published.
        before, after: simulated means with the values as declared, and with the values nearest to the figures.
        error: half the 90% confidence interval of the second.
        members: mean over the ensemble.
        spread: half of nine in ten of its members' means: chance is taken off.
    """

    row: Row
    before: float
    after: float
    error: float
    members: float
    spread: float

    def part(self, value: float) -> float:
        """Return a gap as a part of the tolerance: 1 is its edge."""
        assert self.row.target.tolerance is not None
        return (value - self.row.target.value) / self.row.target.tolerance

    @property
    def word(self) -> str:
        part = abs(self.part(self.after))
        return "within half" if part <= 0.5 else "within" if part <= 1 else "missed"


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was not known exactly.

    Attributes:
        key, label, unit: what it is, in files and in print.
        basis: how its declared value is known.
        declared: that value.
        value: the one nearest to the figures; as declared if it was not fitted.
        before, after: nine in ten members, beforehand and afterwards.
        units: 5%, 50% and 95% of the members afterwards, in standard units: beforehand -1.64, 0 and 1.64.
        left: standard deviation afterwards as a share of that beforehand.
        fitted: whether the nearest values were sought for it; else it only varies in the ensemble.
    """

    key: str
    label: str
    unit: str
    basis: str
    declared: float
    value: float
    before: Span
    after: Span
    units: tuple[float, float, float]
    left: float
    fitted: bool

    @property
    def known(self) -> Known:
        return known(self.left)

    @property
    def word(self) -> str:
        return "not: the range is judgement" if self.known == Known.NOT else str(self.known)


@dataclass(frozen=True, slots=True)
class Held:
    """A combination of numbers, and how firmly the figures hold it.

    Attributes:
        value: singular value: standard deviations of the figures for one of the combination beforehand.
        left: spread that is left of it, as a share of that beforehand.
        words: the numbers that make up most of it, with their weights.
    """

    value: float
    left: float
    words: str


@dataclass(frozen=True, slots=True)
class Fit:
    """A fit.

    Attributes:
        manifest: names the scenario, the seed and the fit by its digest.
        how: method, members and simulations, in a line.
        figures: in the order of the targets.
        numbers: the fitted ones first.
        held: combinations of the fitted numbers, the firmest first.
        misfit: squared gaps, in standard deviations (half a tolerance, and luck in what was simulated), and squared
            distance from what was thought of the numbers beforehand.
        limit: what it exceeds in one of a hundred cases if the figures can be met together: 99% of chi-square.
        wider: how many times as large the figures' errors counted for the ensemble as their tolerances say.
        mean_field: of each figure, how far the mean field is off at the values as declared, in tolerances.
    """

    manifest: Manifest
    how: str
    figures: tuple[Figure, ...]
    numbers: tuple[Number, ...]
    held: tuple[Held, ...]
    misfit: float
    limit: float
    wider: float
    mean_field: tuple[float, ...]

    def inside(self, after: bool) -> tuple[int, int]:
        """Return how many figures are within tolerance, and within half of it."""
        parts = [abs(one.part(one.after if after else one.before)) for one in self.figures]
        return sum(part <= 1 for part in parts), sum(part <= 0.5 for part in parts)

    def tally(self) -> dict[Known, int]:
        """Return how many of the fitted numbers are pinned, partly known and not known."""
        fitted = [one for one in self.numbers if one.fitted]
        return {word: sum(one.known == word for one in fitted) for word in Known}

    def headline(self) -> list[str]:
        """Return what came out, in lines."""
        many, tally = len(self.figures), self.tally()
        (inside, half), (inside_now, half_now) = self.inside(False), self.inside(True)
        together = (
            f"Misfit {self.misfit:.0f}; up to {self.limit:.0f} is what {many} figures that can be met together give."
            if self.misfit <= self.limit
            else f"Cannot fit these targets jointly: misfit {self.misfit:.0f}, where {self.limit:.0f} is the most that "
            f"{many} figures which can be met together give (99% of chi-square). If they were far off before, the "
            "search may not have arrived: docs/how-to/calibrate.md."
        )
        return [
            f"{self.manifest.title}, fitted to {many} figures",
            f"  before   {inside:3} of {many} within tolerance, {half} within half of it",
            f"  after    {inside_now:3} of {many} within tolerance, {half_now} within half of it",
            together,
            *([] if self.wider == 1 else [self._why_wider()]),
            f"Of {sum(tally.values())} numbers fitted, the figures leave {tally[Known.PINNED]} pinned, "
            f"{tally[Known.PARTLY]} partly known, {tally[Known.NOT]} not: their ranges are judgement.",
            f"How: {self.how}.",
        ]

    def _why_wider(self) -> str:
        return (
            f"The ensemble takes each figure's error to be {self.wider:.1f} times what its tolerance says (Birge's "
            "ratio), so that it is as wide as the figures disagree."
        )

    def worst(self) -> list[Figure]:
        """Return the figures outside half their tolerance, the worst first."""
        outside = [one for one in self.figures if abs(one.part(one.after)) > 0.5]
        return sorted(outside, key=lambda one: -abs(one.part(one.after)))

    # -- files --------------------------------------------------------------------------------------------------------

    def figure_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of figures.csv, the heading first."""
        yield (
            *("target", "measure", "label", "unit", "of", "year", "published", "tolerance", "before", "after"),
            *("error of the mean after (90%)", "gap before in tolerances", "gap after in tolerances", "verdict"),
            *("ensemble mean", "half of nine in ten members", "mean field off by, in tolerances", "source"),
        )
        for one, off in zip(self.figures, self.mean_field, strict=True):
            target, measure = one.row.target, one.row.measure
            numbers = (target.value, target.tolerance, one.before, one.after, one.error)
            yield (
                *(target.id, target.measure, measure.label, measure.unit, "England" if one.row.copies != 1 else ""),
                *(target.year, *(f"{number:.6g}" for number in numbers)),
                *(f"{one.part(value):+.2f}" for value in (one.before, one.after)),
                one.word,
                *(f"{one.members:.6g}", f"{one.spread:.3g}", f"{off:+.2f}", target.source),
            )

    def number_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of numbers.csv, the heading first."""
        yield (
            *("number", "label", "unit", "basis of the declared value", "fitted", "declared", "nearest"),
            *("beforehand 5%", "95%", "afterwards 5%", "95%", "spread left", "known"),
        )
        for one in self.numbers:
            values = (one.declared, one.value, *one.before, *one.after)
            yield (
                *(one.key, one.label, one.unit, one.basis, "yes" if one.fitted else "no"),
                *(f"{value:.6g}" for value in values),
                f"{one.left:.2f}",
                one.word,
            )

    def held_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of combinations.csv, the heading first."""
        yield ("combination", "singular value", "spread left", "known", "made up of")
        for place, one in enumerate(self.held, start=1):
            yield place, f"{one.value:.3g}", f"{one.left:.2f}", str(known(one.left)), one.words

    def report(self) -> str:
        """Return the report, as Markdown."""
        lines = [f"# {self.manifest.title}: fitted", "", "```", *self.headline(), "```", ""]
        lines += [
            "The figures were met by moving what is uncertain and was fitted; no lever, and nothing held out. Files: "
            "`fitted.toml` is the scenario with the nearest values, `ensemble.csv` the sets of values that agree with "
            "the figures, for `--ensemble`.",
            "",
            "## Figures",
            "",
            "Gaps in tolerances: 1 is the edge. The last column is half of nine in ten members of the ensemble.",
            "",
        ]
        lines += _markdown(
            ("target", "measure", "published", "tolerance", "before", "after", "gap before", "gap after", "members"),
            [
                (
                    *(one.row.target.id, f"{one.row.measure.label} ({one.row.measure.unit})"),
                    *(_short(number) for number in (one.row.target.value, one.row.target.tolerance or 0.0)),
                    *(_short(number) for number in (one.before, one.after)),
                    *(f"{one.part(value):+.2f}" for value in (one.before, one.after)),
                    f"±{_short(one.spread)}",
                )
                for one in self.figures
            ],
        )
        lines += [
            "",
            "## Numbers",
            "",
            "*Pinned*: less than half of the spread beforehand is left; *partly*: less than four fifths; *not*: the "
            "figures say next to nothing, and the range is judgement.",
            "",
        ]
        lines += _markdown(
            ("number", "unit", "declared", "nearest", "beforehand (90%)", "afterwards (90%)", "spread left", "known"),
            [
                (
                    *(one.label, one.unit, _short(one.declared), _short(one.value) if one.fitted else "-"),
                    *(f"{_short(low)} to {_short(high)}" for low, high in (one.before, one.after)),
                    *(f"{one.left:.2f}", one.word),
                )
                for one in sorted(self.numbers, key=lambda one: (not one.fitted, one.left))
            ],
        )
        lines += [
            "",
            "## Combinations",
            "",
            "Directions in which the figures hold the fitted numbers, by singular value. Those not listed they leave "
            "as they were.",
            "",
        ]
        lines += _markdown(
            ("singular value", "spread left", "made up of"),
            [(f"{one.value:.2g}", f"{one.left:.2f}", one.words) for one in self.held],
        )
        return "\n".join(lines) + "\n"


def keep_fit(folder: Path, fit: Fit) -> None:
    """Write a fit and its tables: figures, numbers, combinations and the report."""
    write_table(folder / "figures.csv", fit.figure_rows())
    write_table(folder / "numbers.csv", fit.number_rows())
    write_table(folder / "combinations.csv", fit.held_rows())
    write_text(folder / "report.md", fit.report())
    write_text(folder / FILE, _fits().dump_json(fit, indent=1).decode())


def read_fit(folder: Path) -> Fit:
    """Read a fit.

    Raises:
        UserError: there is none, or it is another version's.
    """
    if sealed(folder) and (wrong := damage(folder)):
        found = f"a damaged fit: {', '.join(wrong)}"
        raise UserError(
            Problem(str(folder), "", found, "the files as they were written", "the same command with --again")
        )
    try:
        fit: Fit = _fits().validate_json((folder / FILE).read_bytes())
    except (OSError, ValueError):
        found, expected = "no fit that this version reads", f"a folder with a {FILE}, as demandsim calibrate makes"
        raise UserError(Problem(str(folder), "", found, expected, "the same command with --again")) from None
    return fit


def _fits() -> Any:
    """Return what turns fits into JSON and back; its library is slow to load, and read only here."""
    from pydantic import ConfigDict, TypeAdapter, with_config

    with_config(ConfigDict(ser_json_inf_nan="constants"))(Fit)
    return TypeAdapter(Fit)


def _markdown(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    every = [headings, ["---"] * len(headings), *rows]
    return ["| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in every]


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
