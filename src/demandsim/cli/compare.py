"""`demandsim compare`"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from demandsim.cli.amounts import Amount
from demandsim.cli.options import run_options
from demandsim.cli.output import draw, say, stages, stopping_keeps
from demandsim.problems import typed

if TYPE_CHECKING:
    from demandsim.experiment.options import RunOptions
    from demandsim.results.prices import Terms
    from demandsim.results.structures import Structured

#: What the sentence about a what-if says first, and in the table.
MOST = 8

prices_option = click.option(
    "--prices",
    type=click.Choice(["cash", "real"]),
    default=None,
    help="Net cost in cash as simulated, or real: at the prices of the first year. Cash unless given, real with "
    "--discount-rate. They are the same unless inflation.* is set.",
)
discount_option = click.option(
    "--discount-rate",
    type=Amount(0, 20, percent=True, example="3.5 or 3.5%"),
    default=0.0,
    metavar="PERCENT",
    help="Discount net cost by so many % a year from the second year on; the Green Book's rate is 3.5. Not discounted "
    "unless given.",
)
care_year_option = click.option(
    "--care-year-value",
    type=Amount(0, 10_000_000, example="50000 or £50,000"),
    metavar="POUNDS",
    help="Say the net benefit too, with a care-year avoided held to be worth so much beside the money it saves.",
)
structures_option = click.option(
    "--structures",
    is_flag=True,
    help="Compare under five other structures of the model too, each with its levels refitted, and say which answers "
    "are firm and what the others depend on. Point values; six times as many runs.",
)
sensitivity_option = click.option(
    "--sensitivity",
    is_flag=True,
    help="Say what the differences turn on: the eight uncertain parameters that seem to matter most are each simulated "
    "at their posterior 5% and 95%. Some minutes for each what-if.",
)


@click.command(
    epilog="""Examples:

\b
  demandsim compare baseline shift_to_prevention
  demandsim compare baseline my_scenario.toml results/baseline-1a2b3c4d --at 2017-18
  demandsim compare baseline shift_to_prevention --discount-rate 3.5
  demandsim compare baseline shift_to_prevention --point
  demandsim compare baseline shift_to_prevention --sensitivity
  demandsim compare baseline shift_to_prevention --structures
"""
)
@click.argument("given", metavar="REFERENCE WHAT_IF...", nargs=-1, required=True)
@run_options("Of new runs: two of each of 100 posterior draws unless given; 20 with point values.")
@click.option("--at", "at", metavar="YEAR", help="Year to print, as 2017-18; the last one unless given.")
@prices_option
@discount_option
@care_year_option
@structures_option
@sensitivity_option
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Draw the pictures.")
def command(
    given: tuple[str, ...],
    options: RunOptions,
    at: str | None,
    prices: str | None,
    discount_rate: float,
    care_year_value: float | None,
    structures: bool,
    sensitivity: bool,
    pictures: bool,
) -> None:
    """Set what-ifs beside a reference: differences, money, payback.

    The first is the reference, usually `baseline`. Each is a results folder, a scenario file or a shipped scenario's
    name; what has not been run yet is run. Children have the same random draws in every run, so a difference is the
    what-if's doing. Runs draw what is uncertain from the posterior draws that the reference names, or what it extends;
    with --structures each parameter has its one value.
    """
    from demandsim.cli.comparison import year_of
    from demandsim.cli.intervals import UNDRAWN, say_pairs
    from demandsim.cli.structures import print_structured
    from demandsim.experiment.compare import keep
    from demandsim.experiment.shared_draws import shared_draws
    from demandsim.plots.comparison import pictures as pictures_of

    if not 2 <= len(given) <= MOST + 1:
        raise click.UsageError(f"give a reference and one to {MOST} what-ifs, as: demandsim compare baseline {EXAMPLE}")
    terms = _terms(prices, discount_rate, care_year_value)
    if structures:
        options = _by_point_values(options, sensitivity)
    shared = shared_draws(given, options)
    asked, options = options.replications, shared.of(options)
    _check_first(given[0], at, options, sensitivity)
    say_pairs(options, asked)
    with stopping_keeps(options.out):
        structured = _compared(given, options, structures, terms)
        year = year_of(structured.main, at)
        if sensitivity:
            structured = _with_sensitivity(structured, year, options)
        comparison = structured.main
        folder = keep(comparison, options.out, structured)
        if pictures:
            draw(pictures_of(comparison), folder, comparison.reference.manifest)
    print_structured(structured, year)
    if not shared.named:
        say(UNDRAWN)
    _say_files(folder, given[-1], structures, sensitivity)


def _check_first(reference: str, at: str | None, options: RunOptions, sensitivity: bool) -> None:
    """Refuse, before anything is simulated, a year that is not, and --sensitivity with too few posterior draws."""
    from demandsim.draws import REPLICATIONS_A_DRAW
    from demandsim.experiment.sensitivity import check_enough
    from demandsim.experiment.shared_draws import year_labels_of
    from demandsim.results.points import place_of_year
    from demandsim.scenario.sets_of_values import Ensemble

    if at:
        place_of_year(year_labels_of(reference, options), at)
    if sensitivity:
        members = len(options.ensemble.members) if isinstance(options.ensemble, Ensemble) else 0
        check_enough(members, min(members, (options.replications or 0) // REPLICATIONS_A_DRAW))


def _terms(prices: str | None, discount_rate: float, care_year_value: float | None) -> Terms:
    """Return how money is told, as the options say."""
    from demandsim.results.prices import CASH, REAL, Terms

    if prices == CASH and discount_rate:
        raise click.UsageError("--discount-rate is for real prices: leave out --prices cash, or --discount-rate.")
    return Terms(prices or (REAL if discount_rate else CASH), discount_rate, care_year_value)


def _say_files(folder: Path, last: str, structures: bool, sensitivity: bool) -> None:
    say()
    tables = "comparison.csv, money.csv, who_pays.csv"
    tables += ", sensitivity.csv" * sensitivity + ", structures.csv" * structures
    say(f"Files: {folder}  ({tables}, and pictures for a paper)")
    say(f"Again: {typed('demandsim', 'show', folder)}")
    say(f"Next:  {typed('demandsim', 'explain', last)}")


def _by_point_values(options: RunOptions, sensitivity: bool) -> RunOptions:
    if sensitivity:
        raise click.UsageError(
            "give --structures or --sensitivity, not both: a structure has point values. Compare twice to have both."
        )
    if options.ensemble:
        raise click.UsageError(
            "give --structures or --ensemble, not both: a structure has point values. Compare twice to have both."
        )
    return replace(options, point=True)


def _compared(given: tuple[str, ...], options: RunOptions, structures: bool, terms: Terms) -> Structured:
    """Run what has not been run, with progress; under the other structures too if they are asked for."""
    from demandsim.experiment.compare import compare
    from demandsim.experiment.structures import compare_structures
    from demandsim.results.structures import Structured

    with stages() as on_progress:
        options = replace(options, on_progress=on_progress)
        if structures:
            return compare_structures(*given, options=options, terms=terms)
        return Structured(compare(*given, options=options, terms=terms))


def _with_sensitivity(structured: Structured, year: int, options: RunOptions) -> Structured:
    """Simulate what the differences turn on, with progress."""
    from demandsim.experiment.sensitivity import with_sensitivity

    with stages() as on_progress:
        return replace(structured, main=with_sensitivity(structured.main, year, options, on_progress=on_progress))


EXAMPLE = "shift_to_prevention"
