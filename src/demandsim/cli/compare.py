"""`demandsim compare`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from demandsim.cli.options import out_option, worker_options
from demandsim.cli.output import number, progress, say, signed, table, warn

if TYPE_CHECKING:
    from demandsim.experiment.execute import Workers
    from demandsim.results.comparison import Against, Comparison

#: What the sentence about a what-if says first, and in the table.
MOST = 8


@click.command(
    epilog="""Examples:

\b
  demandsim compare baseline shift_to_prevention
  demandsim compare baseline my_scenario.toml results/baseline-1a2b3c4d --at 2017-18
"""
)
@click.argument("given", metavar="REFERENCE WHAT_IF...", nargs=-1, required=True)
@click.option("--replications", type=click.IntRange(2, 100_000), default=20, show_default=True, help="Of new runs.")
@click.option("--seed", type=click.IntRange(0), default=2014, show_default=True, help="Master seed of new runs.")
@click.option("--years", type=click.IntRange(1, 30), help="Years of new runs, instead of the scenarios' own.")
@click.option("--at", "at", metavar="YEAR", help="Year to print, as 2017-18; the last one unless given.")
@out_option
@worker_options
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Draw the pictures.")
def command(
    given: tuple[str, ...],
    replications: int,
    seed: int,
    years: int | None,
    at: str | None,
    out: Path,
    workers: Workers,
    pictures: bool,
) -> None:
    """Set what-ifs beside a reference: differences, money, payback.

    The first is the reference, usually `baseline`. Each is a results folder, a scenario file or a shipped scenario's
    name; what has not been run yet is run. Children have the same luck in every run, so a difference is the
    what-if's doing.
    """
    from demandsim.experiment.compare import compare, keep
    from demandsim.plots.comparison import PICTURES
    from demandsim.plots.style import save

    if not 2 <= len(given) <= MOST + 1:
        raise click.UsageError(f"give a reference and one to {MOST} what-ifs, as: demandsim compare baseline {EXAMPLE}")
    bars: list[str] = []
    try:
        with progress("Simulating") as bar:

            def tell(what: str, finished: int, wanted: int) -> None:
                if what not in bars:
                    bars.append(what)
                bar(finished, wanted)

            comparison = compare(
                *given,
                replications=replications,
                seed=seed,
                years=years,
                out=out,
                jobs=workers,
                tell=tell,
                notice=warn,
            )
        year = _place(comparison, at)
        folder = keep(comparison, out)
        if pictures:
            with progress("Drawing") as bar:
                for finished, draw in enumerate(PICTURES):
                    save(draw(comparison), folder, comparison.reference.manifest)
                    bar(finished + 1, len(PICTURES))
    except KeyboardInterrupt:
        say()
        say(f"Stopped. What is finished is kept in {out}; the same command goes on from there.")
        raise SystemExit(130) from None
    print_comparison(comparison, year)
    say()
    say(f"Files: {folder}  (comparison.csv, money.csv, and pictures for a paper)")
    say(f"Next:  demandsim explain {given[-1]}    or    demandsim sweep, to see which value it turns on")


EXAMPLE = "shift_to_prevention"


def _place(comparison: Comparison, at: str | None) -> int:
    """Return the place of a year in the tables.

    Raises:
        UserError: the runs don't reach it.
    """
    from demandsim.problems import Problem, UserError

    labels = comparison.reference.year_labels()
    if at is None:
        return comparison.years[-1]
    if at not in labels or labels.index(at) not in comparison.years:
        known = ", ".join(labels[year] for year in comparison.years)
        raise UserError(Problem("--at", "", repr(at), f"one of: {known}"))
    return labels.index(at)


def print_comparison(comparison: Comparison, year: int) -> None:
    """Print the differences of one year, then what each what-if comes to, then who ends with fewest in care."""
    from demandsim.results.comparison import better, paired_level
    from demandsim.results.measures import headline_measures
    from demandsim.results.uncertainty import estimate

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
        usual = estimate(paired_level(comparison.reference, measure, year))
        cells = [measure.label, measure.unit, number(usual.mean)]
        for other in comparison.others:
            values = other.measure(measure, year)
            value, chance = estimate(values), better(measure, values)
            cells += [f"{signed(value.mean)} ±{number(value.error)}", "-" if chance is None else f"{100 * chance:.0f}%"]
        rows.append(tuple(cells))
    heads = ["measure", "unit", "reference"]
    for place in range(1, len(comparison.others) + 1):
        heads += [f"change {place}", f"better {place}"]
    say(table(tuple(heads), rows, left=2))
    say("Change: mean difference and its 90% simulation error. Better: share of futures in which it is for the better.")
    say()
    for other in comparison.others:
        say(sentence(comparison, other, year))
        say()
    if len(comparison.others) > 1:
        say("Fewest children in care at the end, and the share of futures in which that is so:")
        for name, level, share in comparison.ranking():
            say(f"  {number(level.mean):>6}  {100 * share:3.0f}%  {name}")


def sentence(comparison: Comparison, other: Against, year: int) -> str:
    """Return what a what-if comes to, in words that can be defended."""
    import textwrap

    from demandsim.results.measures import MEASURES
    from demandsim.results.uncertainty import estimate

    label = comparison.reference.year_labels()[year]
    care = estimate(other.measure(MEASURES["looked_after"], year))
    spend = estimate(other.cumulative[:, -1] / 1e6)
    out = estimate(other.double_running / 1e6)
    avoided = estimate(other.care_years_avoided)
    fewer = "fewer" if care.mean < 0 else "more"
    low, high = sorted((abs(care.low), abs(care.high))) if care.low * care.high > 0 else (-care.high, -care.low)
    if fewer == "more" and care.low * care.high <= 0:
        low, high = care.low, care.high
    money = "extra spend" if spend.mean > 0 else "a saving"
    lives = "avoided" if avoided.mean > 0 else "added"
    text = (
        f"{other.name}: {number(abs(care.mean))} ({number(low)} to {number(high)}, nine in ten futures) {fewer} "
        f"children in care in {label}; {money} of £{number(abs(spend.mean))} million (±{number(spend.error)}) over "
        f"{len(comparison.years)} years, at most £{number(out.mean)} million out of pocket; "
        f"{number(abs(avoided.mean))} years of children's lives in care {lives}"
    )
    if avoided.mean > 0 and spend.mean > 0:
        text += f", at £{1000 * spend.mean / avoided.mean:,.0f} thousand each"
    return "\n".join(textwrap.wrap(f"{text}. {_payback(comparison, other)}", 118))


def _payback(comparison: Comparison, other: Against) -> str:
    import numpy as np

    months = other.payback_month
    spent = ~np.isnan(months)
    if not spent.any():
        return "It never costs more than the reference."
    tenths = 10 * float(np.mean(np.isinf(months)))
    back = months[np.isfinite(months)]
    horizon = len(comparison.years)
    if tenths > 9.95:
        return f"The money is not back within {horizon} years in any future."
    middle = float(np.median(np.nan_to_num(months, nan=0.0)))
    when = f"in year {int((middle - 1) // 12) + 1}" if np.isfinite(middle) and middle > 0 else "at once"
    if not np.isfinite(middle):
        return f"The money is back within {horizon} years in {10 - tenths:.0f} of 10 futures, not in the middle one."
    low, high = np.quantile(back, [0.05, 0.95]) if len(back) else (np.nan, np.nan)
    never = f", and not within {horizon} years in {tenths:.0f} of 10" if tenths >= 0.05 else ""
    return f"The money is back {when} in the middle future (months {low:.0f} to {high:.0f}){never}."
