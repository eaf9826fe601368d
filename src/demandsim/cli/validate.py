"""`demandsim validate`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from demandsim.cli.options import out_option, scenario_argument, seed_option, set_option, worker_options
from demandsim.cli.output import draw, number, progress, say, signed, stopping, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demandsim.experiment.execute import Workers
    from demandsim.results.forecasts import Forecast
    from demandsim.results.validation import Verdict


@click.command(
    epilog="""Examples:

\b
  demandsim validate baseline
  demandsim validate my_authority.toml --actuals later_years.csv --of authority
"""
)
@scenario_argument
@click.option(
    "--actuals",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV of later figures to forecast, with the columns measure, year, value.",
)
@click.option(
    "--of",
    "of",
    type=click.Choice(["england", "authority"]),
    default="england",
    show_default=True,
    help="What the figures of --actuals are of.",
)
@click.option(
    "--replications", type=click.IntRange(2, 100_000), default=100, show_default=True, help="Futures to simulate."
)
@seed_option
@set_option
@out_option
@worker_options
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Draw the picture.")
def command(
    scenario: str,
    actuals: Path | None,
    of: str,
    replications: int,
    seed: int,
    overrides: tuple[str, ...],
    out: Path,
    workers: Workers,
    pictures: bool,
) -> None:
    """Hold a scenario against what was published: fitted, held out, and later years.

    Every target with its verdict: rows the baseline was fitted to, rows held out, and rows that are circular, because
    an input was set from the very figure. Then the years after the first, beside two forecasts that need no model.
    """
    from demandsim.experiment.validate import validate
    from demandsim.plots.validation import tolerances
    from demandsim.results.actuals import read_actuals
    from demandsim.results.forecasts import forecast_rows
    from demandsim.results.store import write_table, writing
    from demandsim.results.validation import validation_rows
    from demandsim.scenario.read import read_scenario

    later = read_actuals(actuals) if actuals else ()
    read = read_scenario(scenario, overrides)
    with stopping(f"What is finished is kept in {out}; the same command goes on from there."):
        with progress("Simulating") as tell:
            found = validate(read, later, of == "england", replications, seed, out, workers, tell)
        folder = found.results.folder / "validation"
        with writing(folder):
            folder.mkdir(exist_ok=True)
            write_table(folder / "validation.csv", validation_rows(found.rows))
            write_table(folder / "forecasts.csv", forecast_rows(found.later))
        if pictures:
            draw([tolerances(found.rows)], folder, found.results.manifest)
    say(f"{read.title}, scaled to England ({replications} replications)")
    print_verdicts(found.rows)
    print_forecasts(found.later)
    say()
    say(f"Files: {folder}  (validation.csv, forecasts.csv{', and a picture' if pictures else ''})")
    say("Next:  docs/limits.md says why rows are missed    or    demandsim explain baseline")


def print_verdicts(rows: Sequence[Verdict]) -> None:
    """Print the counts, then each block of targets."""
    from demandsim.results.validation import Block, counts

    for block, (many, inside, half) in counts(rows).items():
        say(f"  {block:9} {inside:3} of {many} within tolerance, {half} within half of it")
    for block in (Block.FITTED, Block.HELD_OUT, Block.CIRCULAR):
        shown = [row for row in rows if row.block == block]
        if not shown:
            continue
        say()
        say(_ABOUT[block])
        say(
            table(
                ("target", "measure", "unit", "simulated", "sim. error", "published", "tolerance", "gap", "verdict"),
                [_cells(row) for row in shown],
                left=3,
            )
        )


_ABOUT = {
    "fitted": "Fitted: the baseline's values were set so that these come out.",
    "held out": "Held out: nothing was set from these.",
    "circular": "Circular: an input was set from the very figure, so that agreement shows nothing.",
}


def _cells(row: Verdict) -> tuple[str, ...]:
    line, target = row.line, row.line.target
    assert target is not None
    return (
        row.id,
        line.measure.label,
        line.measure.unit,
        number(line.england.mean),
        f"±{number(line.england.error)}",
        number(target.value),
        "-" if target.tolerance is None else f"±{number(target.tolerance)}",
        signed(line.england.mean - target.value),
        row.word,
    )


def print_forecasts(rows: Sequence[Forecast]) -> None:
    """Print each later figure beside the model's and the naive forecasts, and how they compare."""
    from demandsim.results.forecasts import skill
    from demandsim.results.measures import MEASURES

    if not rows:
        return
    say()
    say("Later years: fitted to nothing after 2013-14. Errors in per cent, or points for a share.")
    cells = [
        (
            row.actual.year,
            MEASURES[row.actual.measure].label,
            number(row.actual.value),
            number(row.mean),
            f"{number(row.low)} to {number(row.high)}",
            *(signed(row.error(value)) for value in (row.mean, row.last, row.growth)),
        )
        for row in rows
    ]
    say(
        table(("year", "measure", "published", "model", "90% interval", "model", "last value", "growth"), cells, left=2)
    )
    errors, covered = skill(rows)
    if errors["model"] == errors["model"]:
        say("Mean absolute error: " + ", ".join(f"{name} {number(value)}" for name, value in errors.items()) + ".")
    say(f"The intervals are of chance alone, parameters held as fitted: {100 * covered:.0f}% of them hold the figure.")
