"""`demandsim compare`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from demandsim.cli.money import discount_option, prices_option, terms_of
from demandsim.cli.options import ensemble_option, out_option, point_option, worker_options
from demandsim.cli.output import draw, progress, say, stopping, warn

if TYPE_CHECKING:
    from demandsim.experiment.execute import Workers

#: What the sentence about a what-if says first, and in the table.
MOST = 8


@click.command(
    epilog="""Examples:

\b
  demandsim compare baseline shift_to_prevention
  demandsim compare baseline my_scenario.toml results/baseline-1a2b3c4d --at 2017-18
  demandsim compare baseline shift_to_prevention --discount-rate 3.5
  demandsim compare baseline shift_to_prevention --point
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
    out: Path,
    workers: Workers,
    pictures: bool,
) -> None:
    """Set what-ifs beside a reference: differences, money, payback.

    The first is the reference, usually `baseline`. Each is a results folder, a scenario file or a shipped scenario's
    name; what has not been run yet is run. Children have the same random draws in every run, so a difference is the
    what-if's doing. Runs draw what is uncertain from the posterior draws that the reference names, or what it extends.
    """
    from demandsim.cli.comparison import print_comparison, year_of
    from demandsim.cli.intervals import replications_of
    from demandsim.experiment.compare import compare, keep
    from demandsim.experiment.shared_draws import shared_draws
    from demandsim.plots.comparison import PICTURES

    if not 2 <= len(given) <= MOST + 1:
        raise click.UsageError(f"give a reference and one to {MOST} what-ifs, as: demandsim compare baseline {EXAMPLE}")
    terms = terms_of(prices, discount_rate)
    if point and ensemble:
        raise click.UsageError("give --point or --ensemble, not both: point values, or posterior draws.")
    shared = shared_draws(given, years, ensemble, point)
    usual = shared.replications
    wanted = replications_of(shared.ensemble is not None, replications, usual) if replications else usual
    with stopping(f"What is finished is kept in {out}; the same command goes on from there."):
        with progress("Simulating") as bar:
            comparison = compare(
                *given,
                replications=wanted,
                seed=seed,
                years=years,
                out=out,
                jobs=workers,
                tell=lambda what, finished, wanted: bar(finished, wanted),
                notice=warn,
                ensemble=shared.ensemble,
                terms=terms,
            )
        year = year_of(comparison, at)
        folder = keep(comparison, out)
        if pictures:
            draw([picture(comparison) for picture in PICTURES], folder, comparison.reference.manifest)
    print_comparison(comparison, year)
    if not shared.named:
        say(
            "No scenario here names posterior draws: each parameter has its one value. demandsim calibrate makes draws."
        )
    say()
    say(f"Files: {folder}  (comparison.csv, money.csv, who_pays.csv, and pictures for a paper)")
    say(f"Again: demandsim show {folder}")
    say(f"Next:  demandsim explain {given[-1]}")


EXAMPLE = "shift_to_prevention"
