"""A comparison as it is printed: by `compare` when it is made, and by `show` later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from demandsim.cli.beside import Columns, say_beside
from demandsim.cli.money import print_money
from demandsim.cli.output import number, say, signed

if TYPE_CHECKING:
    from demandsim.results.comparison import Against, Comparison
    from demandsim.results.measure import Measure
    from demandsim.results.uncertainty import Estimate


def year_of(comparison: Comparison, given: str | None) -> int:
    """Return the place in the tables of a year given as 2017-18, or of the last one.

    Raises:
        UserError: it is not simulated.
    """
    from demandsim.results.points import place_of_year
    from demandsim.results.tables import YEARS_BEFORE

    return YEARS_BEFORE + place_of_year(comparison.reference.year_labels()[YEARS_BEFORE:], given)


def print_comparison(comparison: Comparison, year: int) -> None:
    """Print the differences of one year, money, what each what-if comes to, and who ends with fewest in care."""
    _print_heading(comparison, year)
    _print_changes(comparison, year)
    say()
    print_money(comparison)
    say()
    for other in comparison.others:
        say(sentence(comparison, other, year))
        say()
    if len(comparison.others) > 1:
        _print_ranking(comparison)


def _print_heading(comparison: Comparison, year: int) -> None:
    reference = comparison.reference.manifest
    replications = f"{reference.replications} replication{'s' if reference.replications > 1 else ''}"
    whole = "England" if reference.authorities else "one authority"
    label = comparison.reference.year_labels()[year]
    say(f"{label}, {whole}, against: {reference.title} ({replications})")
    for place, other in enumerate(comparison.others, start=1):
        say(f"  {place}  {other.name}")
    say()


def _print_changes(comparison: Comparison, year: int) -> None:
    from demandsim.cli.intervals import say_intervals
    from demandsim.results.comparison import paired_level
    from demandsim.results.measures import headline_measures

    measures = headline_measures()
    rows = []
    for measure in measures:
        usual = comparison.others[0].estimate(paired_level(comparison.reference, measure, year))
        rows.append((measure.label, measure.unit, number(usual.mean)))
    columns = [_changes(other, place, measures, year) for place, other in enumerate(comparison.others, start=1)]
    say_beside(("measure", "unit", "reference"), rows, columns, left=2)
    say(
        "Change: mean difference and its 90% simulation error. Better or worse in: share of replications, without ties."
    )
    say("Not told apart: the change is within its simulation error.")
    say_intervals(comparison.reference.manifest)
    if comparison.reference.manifest.members:
        _print_parts(comparison, year)


def _changes(other: Against, place: int, measures: Sequence[Measure], year: int) -> Columns:
    from demandsim.results.verdict import verdict

    rows = []
    for measure in measures:
        values = other.measure(measure, year)
        value = other.estimate(values)
        rows.append((f"{signed(value.mean)} ±{number(value.error)}", verdict(measure, values, value).words))
    return (f"change {place}", f"verdict {place}"), rows


def _print_ranking(comparison: Comparison) -> None:
    say("Children looked after at the end, fewest first, and in what share of replications it alone has the fewest:")
    for rank in comparison.ranking():
        tied = "  (not told apart from the one above)" if rank.tied else ""
        say(f"  {number(rank.level.mean):>6}  {100 * rank.fewest:3.0f}%  {rank.name}{tied}")


def _print_parts(comparison: Comparison, year: int) -> None:
    """Print what makes the interval of each difference. Both runs have the same posterior draws."""
    from demandsim.cli.intervals import print_parts
    from demandsim.results.measures import headline_measures

    others = comparison.others
    print_parts(
        "What makes the 90% interval of each change over replications:",
        [f"change {place}: " for place in range(1, len(others) + 1)],
        [
            (measure.label, measure.unit, [other.estimate(other.measure(measure, year)) for other in others])
            for measure in headline_measures()
        ],
    )


def sentence(comparison: Comparison, other: Against, year: int) -> str:
    """Return what a what-if comes to, in words that can be defended."""
    import textwrap

    from demandsim.results.measures import MEASURES
    from demandsim.results.money_words import (
        lines_words,
        net_cost_words,
        payback_words,
        payers_words,
        reserves_words,
    )

    label = comparison.reference.year_labels()[year]
    care = other.change(MEASURES["looked_after"], year)
    parts = [
        f"{other.name}: {_fewer(care)} children looked after in {label}. It {net_cost_words(comparison, other)}.",
        lines_words(other),
        payers_words(other),
        reserves_words(comparison, other),
        payback_words(comparison, other),
    ]
    return "\n".join(textwrap.wrap(" ".join(filter(None, parts)), 118))


def _fewer(change: Estimate) -> str:
    """Return a change with its 90% interval, in words that need no sign."""

    def words(value: float) -> str:
        return f"{number(abs(value))} {'more' if value > 0 else 'fewer'}"

    if change.low * change.high > 0:
        near, far = sorted((abs(change.low), abs(change.high)))
        return f"{words(change.mean)} ({number(near)} to {number(far)} in 90% of replications)"
    return f"{words(change.mean)} ({words(change.low)} to {words(change.high)} in 90% of replications)"
