"""`demandsim compare`"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from demandsim.cli.money import care_year_option, discount_option, prices_option, terms_of
from demandsim.cli.options import run_options
from demandsim.cli.output import draw, say, stages, stopping
from demandsim.cli.sensitivity import sensitivity_option
from demandsim.cli.structures import print_structured

if TYPE_CHECKING:
    from pathlib import Path

    from demandsim.experiment.options import RunOptions
    from demandsim.results.prices import Terms
    from demandsim.results.structures import Structured

#: What the sentence about a what-if says first, and in the table.
MOST = 8

structures_option = click.option(
    "--structures",
    is_flag=True,
    help="Compare under five other structures of the model too, each with its levels refitted, and say which answers "
    "are firm and what the others depend on. Point values; six times as many runs.",
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
    from demandsim.experiment.compare import keep
    from demandsim.experiment.shared_draws import shared_draws
    from demandsim.plots.comparison import pictures as pictures_of

    if not 2 <= len(given) <= MOST + 1:
        raise click.UsageError(f"give a reference and one to {MOST} what-ifs, as: demandsim compare baseline {EXAMPLE}")
    terms = terms_of(prices, discount_rate, care_year_value)
    if structures:
        options = _by_point_values(options, sensitivity)
    shared = shared_draws(given, options)
    asked, options = options.replications, shared.of(options)
    say_pairs(options, asked)
    with stopping(f"What is finished is kept in {options.out}; the same command goes on from there."):
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


def _say_files(folder: Path, last: str, structures: bool, sensitivity: bool) -> None:
    say()
    tables = "comparison.csv, money.csv, who_pays.csv"
    tables += ", sensitivity.csv" * sensitivity + ", structures.csv" * structures
    say(f"Files: {folder}  ({tables}, and pictures for a paper)")
    say(f"Again: demandsim show {folder}")
    say(f"Next:  demandsim explain {last}")


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
