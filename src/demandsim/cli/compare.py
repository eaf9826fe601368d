"""`demandsim compare`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from demandsim.cli.money import discount_option, prices_option, terms_of
from demandsim.cli.options import ensemble_option, out_option, point_option, worker_options
from demandsim.cli.output import draw, progress, say, stages, stopping, warn

if TYPE_CHECKING:
    from demandsim.experiment.execute import Workers
    from demandsim.experiment.shared_draws import Shared
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
  demandsim compare baseline shift_to_prevention --structures
"""
)
@click.argument("given", metavar="REFERENCE WHAT_IF...", nargs=-1, required=True)
@click.option(
    "--replications",
    type=click.IntRange(2, 100_000),
    help="Of new runs: two of each of 100 posterior draws unless given; 20 with point values.",
)
@click.option("--seed", type=click.IntRange(0), default=2015, show_default=True, help="Master seed of new runs.")
@click.option("--years", type=click.IntRange(1, 30), help="Years of new runs, instead of the scenarios' own.")
@click.option("--at", "at", metavar="YEAR", help="Year to print, as 2017-18; the last one unless given.")
@prices_option
@discount_option
@ensemble_option
@point_option
@structures_option
@out_option
@worker_options
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Draw the pictures.")
def command(
    given: tuple[str, ...],
    replications: int | None,
    seed: int,
    years: int | None,
    at: str | None,
    prices: str | None,
    discount_rate: float,
    ensemble: str | None,
    point: bool,
    structures: bool,
    out: Path,
    workers: Workers,
    pictures: bool,
) -> None:
    """Set what-ifs beside a reference: differences, money, payback.

    The first is the reference, usually `baseline`. Each is a results folder, a scenario file or a shipped scenario's
    name; what has not been run yet is run. Children have the same random draws in every run, so a difference is the
    what-if's doing. Runs draw what is uncertain from the posterior draws that the reference names, or what it extends;
    with --structures each parameter has its one value.
    """
    from demandsim.cli.comparison import print_comparison, year_of
    from demandsim.cli.structures import print_structures
    from demandsim.experiment.compare import keep
    from demandsim.experiment.shared_draws import shared_draws
    from demandsim.plots.comparison import PICTURES

    if not 2 <= len(given) <= MOST + 1:
        raise click.UsageError(f"give a reference and one to {MOST} what-ifs, as: demandsim compare baseline {EXAMPLE}")
    terms = terms_of(prices, discount_rate)
    _check_draws(ensemble, point, structures)
    shared = shared_draws(given, years, ensemble, point or structures)
    with stopping(f"What is finished is kept in {out}; the same command goes on from there."):
        structured = _compared(given, shared, structures, replications, seed, years, out, workers, terms)
        comparison = structured.main
        year = year_of(comparison, at)
        folder = keep(comparison, out, structured)
        if pictures:
            draw([picture(comparison) for picture in PICTURES], folder, comparison.reference.manifest)
    print_comparison(comparison, year)
    print_structures(structured, year)
    if not shared.named:
        say(
            "No scenario here names posterior draws: each parameter has its one value. demandsim calibrate makes draws."
        )
    say()
    tables = "comparison.csv, money.csv, who_pays.csv" + ", structures.csv" * structures
    say(f"Files: {folder}  ({tables}, and pictures for a paper)")
    say(f"Again: demandsim show {folder}")
    say(f"Next:  demandsim explain {given[-1]}")


def _check_draws(ensemble: str | None, point: bool, structures: bool) -> None:
    if point and ensemble:
        raise click.UsageError("give --point or --ensemble, not both: point values, or posterior draws.")
    if structures and ensemble:
        raise click.UsageError(
            "give --structures or --ensemble, not both: a structure has point values. Compare twice to have both."
        )


def _compared(
    given: tuple[str, ...],
    shared: Shared,
    structures: bool,
    replications: int | None,
    seed: int,
    years: int | None,
    out: Path,
    workers: Workers,
    terms: Terms,
) -> Structured:
    """Run what has not been run, with progress; under the other structures too if they are asked for."""
    from demandsim.cli.intervals import replications_of
    from demandsim.experiment.compare import compare
    from demandsim.experiment.structures import compare_structures
    from demandsim.results.structures import Structured

    drawn, usual = shared.ensemble is not None, shared.replications
    how: dict[str, Any] = {
        "replications": replications_of(drawn, replications, usual) if replications else usual,
        "seed": seed,
        "years": years,
        "out": out,
        "jobs": workers,
        "notice": warn,
        "terms": terms,
    }
    if structures:
        with stages() as bar:
            return compare_structures(*given, tell=bar, **how)
    with progress("Simulating") as tell:
        return Structured(compare(*given, tell=lambda what, *far: tell(*far), ensemble=shared.ensemble, **how))


EXAMPLE = "shift_to_prevention"
