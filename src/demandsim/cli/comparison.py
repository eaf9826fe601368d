"""A comparison as it is printed: by `compare` when it is made, and by `show` later."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from demandsim.cli.beside import Columns, say_beside
from demandsim.cli.intervals import SHARES, of_parameters, say_intervals
from demandsim.cli.money import print_money
from demandsim.cli.output import number, say, signed
from demandsim.cli.tables import text_width
from demandsim.results.answer import OUTCOMES, answer
from demandsim.results.comparison import Against, Comparison, reference_level
from demandsim.results.measure import Measure
from demandsim.results.moved import present, shown
from demandsim.results.points import place_of_year
from demandsim.results.prices import REAL
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.verdict import verdict

#: With more what-ifs than this, a table has no column of verdicts.
_FEW = 2
#: Replications below which intervals and shares of them say little.
_SAY_LITTLE = 10


def year_of(comparison: Comparison, given: str | None) -> int:
    """Return the place in the tables of a year given as 2017-18, or of the last one.

    Raises:
        UserError: it is not simulated.
    """
    return YEARS_BEFORE + place_of_year(comparison.reference.year_labels()[YEARS_BEFORE:], given)


def print_comparison(comparison: Comparison, year: int) -> None:
    """Print what each what-if comes to, the differences of one year, money, and who ends with fewest in care."""
    _print_heading(comparison, year)
    _print_answers(comparison, year)
    _print_changes(comparison, year)
    say()
    print_money(comparison)
    if len(comparison.others) > 1:
        say()
        _print_ranking(comparison)


def _print_heading(comparison: Comparison, year: int) -> None:
    reference = comparison.reference.manifest
    replications = f"{reference.replications} replication{'s' if reference.replications > 1 else ''}"
    whole = "England" if reference.authorities else "one authority"
    label = comparison.reference.year_labels()[year]
    say(f"{label}, {whole}, against: {reference.title} ({replications})")
    say()


def _print_answers(comparison: Comparison, year: int) -> None:
    for place, other in enumerate(comparison.others, start=1):
        say(f"{place}. {other.name}")
        say(textwrap.fill(answer(comparison, other, year), text_width(), initial_indent="   ", subsequent_indent="   "))
        say()
    if comparison.reference.manifest.replications > 1:
        say("In brackets: 90% intervals, in which nine in ten replications lie.")
        say_intervals(comparison.reference.manifest)
        if comparison.reference.manifest.replications < _SAY_LITTLE:
            say(f"So few replications say little of chance: {_SAY_LITTLE} or more (--replications) would say more.")
    else:
        say("With one replication there are no intervals, and nothing is told apart.")
    say()


def _print_changes(comparison: Comparison, year: int) -> None:
    measures = shown(comparison, year)
    rows = []
    for measure in measures:
        usual = comparison.others[0].estimate(reference_level(comparison.reference, measure, year))
        rows.append((measure.label, measure.told_in, number(usual.mean)))
    many = len(comparison.others) > _FEW
    columns = [_changes(other, place, measures, year, many) for place, other in enumerate(comparison.others, start=1)]
    say_beside(("measure", "unit", "reference"), rows, columns, left=2)
    say("±: how well the mean is known (90% simulation error). The interval for one authority is in the text, in")
    say("brackets. Not told apart: the mean change is within its error. Of a share, a change is in percentage points.")
    if not many:
        say("Better, worse: share of replications; the rest are ties. No view: which is better is not ours to say.")
    if comparison.inflated and comparison.terms.prices == REAL:
        say("Spend in this table is in cash prices of each year.")
    say("Below the headline measures: other measures that change most, in standard deviations over replications.")
    if comparison.reference.manifest.members:
        _print_parts(comparison, year)


def _changes(other: Against, place: int, measures: Sequence[Measure], year: int, many: bool) -> Columns:
    """Return what a table says of a what-if; beside many others, the verdict only where there is none."""
    rows = []
    for measure in measures:
        values = other.measure(measure, year)
        value = other.estimate(values)
        found = verdict(measure, values, value)
        change = f"{signed(value.mean)} ±{number(value.error)}"
        change = "-" if other.withheld(measure) else change
        rows.append((change if found.told_apart else found.words,) if many else (change, found.words))
    change = f"{place}: mean change ± error"
    return (change,) if many else (change, f"{place}: verdict"), rows


def _print_ranking(comparison: Comparison) -> None:
    say("Children looked after at the end, fewest first, and in what share of replications it alone has the fewest:")
    for rank in comparison.ranking():
        tied = "  (not told apart from the one above)" if rank.tied else ""
        say(f"  {number(rank.level.mean):>6}  {100 * rank.fewest:3.0f}%  {rank.name}{tied}")


def _print_parts(comparison: Comparison, year: int) -> None:
    """Print what makes the 90% intervals of what comes first. Both runs of a difference have the same draws."""
    outcomes, end = present(OUTCOMES), len(comparison.years)
    columns: list[Columns] = []
    for place, other in enumerate(comparison.others, start=1):
        changes = [*(other.change(one, year) for one in outcomes), other.estimate(other.net_cost.at_year(end))]
        columns.append(((f"change {place}: parameters",), [(of_parameters(one),) for one in changes]))
    rows = [*((one.label,) for one in outcomes), ("Net cost over the run",)]
    say()
    say("What makes the 90% intervals:")
    say_beside(("measure",), rows, columns)
    say(SHARES)
