"""`demandsim compare`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from demandsim.cli.options import ensemble_option, out_option, worker_options
from demandsim.cli.output import draw, number, progress, say, signed, stopping, table, warn

if TYPE_CHECKING:
    from demandsim.experiment.execute import Workers
    from demandsim.results.comparison import Against, Comparison
    from demandsim.results.uncertainty import Estimate

#: What the sentence about a what-if says first, and in the table.
MOST = 8


@click.command(
    epilog="""Examples:

\b
  demandsim compare baseline shift_to_prevention
  demandsim compare baseline my_scenario.toml results/baseline-1a2b3c4d --at 2017-18
  demandsim compare baseline shift_to_prevention --ensemble baseline
"""
)
@click.argument("given", metavar="REFERENCE WHAT_IF...", nargs=-1, required=True)
@click.option(
    "--replications", type=click.IntRange(2, 100_000), help="Of new runs: 20 unless given, 40 with --ensemble."
)
@click.option("--seed", type=click.IntRange(0), default=2015, show_default=True, help="Master seed of new runs.")
@click.option("--years", type=click.IntRange(1, 30), help="Years of new runs, instead of the scenarios' own.")
@click.option("--at", "at", metavar="YEAR", help="Year to print, as 2017-18; the last one unless given.")
@ensemble_option
@out_option
@worker_options
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Draw the pictures.")
def command(
    given: tuple[str, ...],
    replications: int | None,
    seed: int,
    years: int | None,
    at: str | None,
    ensemble: str | None,
    out: Path,
    workers: Workers,
    pictures: bool,
) -> None:
    """Set what-ifs beside a reference: differences, money, payback.

    The first is the reference, usually `baseline`. Each is a results folder, a scenario file or a shipped scenario's
    name; what has not been run yet is run. Children have the same luck in every run, so a difference is the
    what-if's doing.
    """
    from demandsim.cli.intervals import replications_of
    from demandsim.experiment.compare import compare, keep
    from demandsim.experiment.run import DEFAULT_REPLICATIONS
    from demandsim.plots.comparison import PICTURES
    from demandsim.results.points import place_of_year
    from demandsim.results.tables import YEARS_BEFORE
    from demandsim.scenario.ensemble import read_ensemble

    if not 2 <= len(given) <= MOST + 1:
        raise click.UsageError(f"give a reference and one to {MOST} what-ifs, as: demandsim compare baseline {EXAMPLE}")
    shared = None if ensemble is None else read_ensemble(ensemble)
    with stopping(f"What is finished is kept in {out}; the same command goes on from there."):
        with progress("Simulating") as bar:
            comparison = compare(
                *given,
                replications=replications_of(shared is not None, replications, DEFAULT_REPLICATIONS),
                seed=seed,
                years=years,
                out=out,
                jobs=workers,
                tell=lambda what, finished, wanted: bar(finished, wanted),
                notice=warn,
                ensemble=shared,
            )
        year = YEARS_BEFORE + place_of_year(comparison.reference.year_labels()[YEARS_BEFORE:], at)
        folder = keep(comparison, out)
        if pictures:
            draw([picture(comparison) for picture in PICTURES], folder, comparison.reference.manifest)
    print_comparison(comparison, year)
    say()
    say(f"Files: {folder}  (comparison.csv, money.csv, and pictures for a paper)")
    say(f"Next:  demandsim explain {given[-1]}")
    say(f"       demandsim sweep {given[-1]} --param NAME=FROM:TO:N    (which values it turns on)")


EXAMPLE = "shift_to_prevention"


def print_comparison(comparison: Comparison, year: int) -> None:
    """Print the differences of one year, then what each what-if comes to, then who ends with fewest in care."""
    from demandsim.cli.intervals import say_intervals
    from demandsim.results.comparison import better, paired_level
    from demandsim.results.measures import headline_measures

    label = comparison.reference.year_labels()[year]
    reference = comparison.reference.manifest
    futures = f"{reference.replications} replication{'s' if reference.replications > 1 else ''}"
    whole = "England" if reference.authorities else "one authority"
    say(f"{label}, {whole}, against: {reference.title} ({futures})")
    for place, other in enumerate(comparison.others, start=1):
        say(f"  {place}  {other.name}")
    say()
    rows = []
    for measure in headline_measures():
        usual = comparison.others[0].estimate(paired_level(comparison.reference, measure, year))
        cells = [measure.label, measure.unit, number(usual.mean)]
        for other in comparison.others:
            values = other.measure(measure, year)
            value, chance = other.estimate(values), better(measure, values)
            cells += [f"{signed(value.mean)} ±{number(value.error)}", "-" if chance is None else f"{100 * chance:.0f}%"]
        rows.append(tuple(cells))
    heads = ["measure", "unit", "reference"]
    for place in range(1, len(comparison.others) + 1):
        heads += [f"change {place}", f"better {place}"]
    say(table(tuple(heads), rows, left=2))
    say("Change: mean difference and its 90% simulation error. Better: share of futures in which it is for the better.")
    say_intervals(reference)
    if reference.members:
        _print_parts(comparison, year)
    say()
    for other in comparison.others:
        say(sentence(comparison, other, year))
        say()
    if len(comparison.others) > 1:
        say("Fewest children in care at the end, and the share of futures in which that is so:")
        for name, level, share in comparison.ranking():
            say(f"  {number(level.mean):>6}  {100 * share:3.0f}%  {name}")


def _print_parts(comparison: Comparison, year: int) -> None:
    """Print what makes the interval of each difference: both scenarios have the same members and the same luck."""
    from demandsim.cli.intervals import print_parts
    from demandsim.results.measures import headline_measures

    others = comparison.others
    print_parts(
        "What makes the interval in which nine in ten futures of each change lie:",
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

    label = comparison.reference.year_labels()[year]
    care = other.estimate(other.measure(MEASURES["looked_after"], year))
    spend = other.estimate(other.cumulative[:, -1] / 1e6)
    out = other.estimate(other.double_running / 1e6)
    avoided = other.estimate(other.care_years_avoided)
    money = "extra spend" if spend.mean > 0 else "a saving"
    lives = "avoided" if avoided.mean > 0 else "added"
    text = (
        f"{other.name}: {_fewer(care)} children in care in {label}; "
        f"{money} of £{number(abs(spend.mean))} million (±{number(spend.error)}) over {len(comparison.years)} years, "
        f"at most £{number(out.mean)} million out of pocket; "
        f"{number(abs(avoided.mean))} years of children's lives in care {lives}"
    )
    if avoided.mean > 0 and spend.mean > 0:
        text += f", at £{1000 * spend.mean / avoided.mean:,.0f} thousand each"
    return "\n".join(textwrap.wrap(f"{text}. {_payback(comparison, other)}", 118))


def _fewer(change: Estimate) -> str:
    """Return a change with the interval in which nine in ten futures lie, in words that need no sign."""

    def words(value: float) -> str:
        return f"{number(abs(value))} {'more' if value > 0 else 'fewer'}"

    if change.low * change.high > 0:
        near, far = sorted((abs(change.low), abs(change.high)))
        return f"{words(change.mean)} ({number(near)} to {number(far)} in nine of ten futures)"
    return f"{words(change.mean)} ({words(change.low)} to {words(change.high)} in nine of ten futures)"


def _payback(comparison: Comparison, other: Against) -> str:
    import numpy as np

    months = other.payback_month
    horizon, futures = len(comparison.years), len(months)
    if np.isnan(months).all():
        return "It never costs more than the reference."
    never = int(np.isinf(months).sum())
    if never == futures:
        return f"The money is not back within {horizon} years in any future."
    # Futures in which no money was ever out have it back at once.
    in_order = np.sort(np.where(np.isnan(months), 0.0, months))
    if 2 * never >= futures:
        return f"The money is back within {horizon} years in {futures - never} of {futures} futures."
    middle = in_order[futures // 2]
    if not middle:
        return "In the middle future it never costs more than the reference."
    low, high = np.quantile(in_order[: futures - never], [0.05, 0.95])
    rest = f", and not within {horizon} years in {never} of {futures}" if never else ""
    when = f"in year {int(middle - 1) // 12 + 1}"
    return f"The money is back {when} in the middle future (months {low:.0f} to {high:.0f} where it is back){rest}."
