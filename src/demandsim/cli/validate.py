"""`demandsim validate`"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from demandsim.cli.options import (
    check_fits,
    ensemble_option,
    out_option,
    scenario_argument,
    seed_option,
    set_option,
    targets_option,
    worker_options,
)
from demandsim.cli.output import draw, number, say, say_and_keep, signed, stages, stopping_keeps, table, warn
from demandsim.experiment.workers import Workers

if TYPE_CHECKING:
    from demandsim.experiment.validate import Validation
    from demandsim.results.forecasts import Forecast
    from demandsim.results.validation import TargetRow


#: Replications from which a mean is known well enough for the tolerances. With an ensemble, those from which so is what
#: the parameters make of an interval: by 400, chance made those of 2014-15 wider by 4% to 12% than by 1,200.
_USUAL, _WITH_ENSEMBLE = 200, 800


@click.command(
    epilog="""Examples:

\b
  demandsim validate baseline
  demandsim validate baseline --ensemble baseline
  demandsim validate my_authority.toml --targets our_figures.csv
  demandsim validate my_authority.toml --actuals later_years.csv
"""
)
@scenario_argument
@targets_option
@click.option(
    "--actuals",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV of later statistics to forecast, with the columns measure, year, value.",
)
@click.option(
    "--of",
    "of",
    type=click.Choice(["england", "authority"]),
    help="What the statistics of --actuals are of: England unless given; the authority if the scenario names targets.",
)
@click.option(
    "--replications",
    type=click.IntRange(2, 100_000),
    help=f"Replications to simulate: {_USUAL} unless given, {_WITH_ENSEMBLE} with --ensemble.",
)
@seed_option
@set_option
@ensemble_option
@out_option
@worker_options
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Draw the picture.")
def command(
    scenario: str,
    figures: Path | None,
    actuals: Path | None,
    of: str | None,
    replications: int | None,
    seed: int,
    overrides: tuple[str, ...],
    ensemble: str | None,
    out: Path,
    workers: Workers,
    pictures: bool,
) -> None:
    """Validate a scenario against published statistics: fitted, held out, later.

    Every target with its verdict: rows the baseline was fitted to, rows held out, and rows that are circular, because
    an input was set from the same statistic. Then the years after the first, beside two forecasts that need no model.
    """
    from demandsim.cli.intervals import settled
    from demandsim.experiment.options import RunOptions
    from demandsim.experiment.validate import validate
    from demandsim.results.actuals import read_actuals
    from demandsim.results.fit_rows import read_targets
    from demandsim.scenario.scenario import Scenario

    later = read_actuals(actuals, warn) if actuals else ()
    given = read_targets(figures, to_fit=False) if figures else None
    read = Scenario.read(scenario, overrides, ensemble=ensemble)
    usual = _WITH_ENSEMBLE if read.ensemble else _USUAL
    options = settled(RunOptions(replications, seed, out=out, jobs=workers, notice=warn), read, usual)
    check_fits(read, options)
    with stopping_keeps(out):
        with stages() as on_progress:
            england = None if of is None else of == "england"
            found = validate(read, later, given, england, options, on_progress=on_progress)
        folder = _kept(found)
        if pictures:
            _draw(found, folder)
    scaled = ", scaled to England" if any(row.target.of_england for row in found.rows) else ""
    title = f"{read.title}{scaled} ({options.replications} replications)"
    say_and_keep(folder, lambda: _print(title, found))
    say(f"Files: {folder}  (validation.csv, forecasts.csv{', and a picture' if pictures else ''})")
    say("Next:  docs/limits.md says why rows are missed    or    demandsim explain baseline")


def _kept(found: Validation) -> Path:
    """Write the tables of a validation inside the folder of its run, and return theirs."""
    from demandsim.results.forecasts import forecast_rows
    from demandsim.results.lock import alone
    from demandsim.results.store import write_table, writing
    from demandsim.results.validation import validation_rows

    folder = found.results.folder / "validation"
    with alone(found.results.folder), writing(folder):
        folder.mkdir(exist_ok=True)
        write_table(folder / "validation.csv", validation_rows(found.rows))
        write_table(folder / "forecasts.csv", forecast_rows(found.later))
    return folder


def _draw(found: Validation, folder: Path) -> None:
    from demandsim.plots.validation import tolerances

    draw([tolerances(found.rows)], folder, found.results.manifest, inside=found.results.folder)


def _print(title: str, found: Validation) -> None:
    from demandsim.cli.intervals import say_intervals

    manifest = found.results.manifest
    say(title)
    print_verdicts(found.rows, intervals=manifest.members > 0)
    print_forecasts(found.later)
    say()
    say_intervals(manifest)


def print_verdicts(rows: Sequence[TargetRow], intervals: bool = False) -> None:
    """Print the counts, then each block of targets.

    Args:
        rows: every target with its verdict.
        intervals: whether to show each target's interval, and what makes it.
    """
    from demandsim.results.fit_rows import word_for
    from demandsim.results.judged import Verdict
    from demandsim.results.validation import NOT_JUDGED, Block, counts, told_of_intervals

    word = word_for(row.target for row in rows)
    for block, tally in counts(rows).items():
        inside, outside, untold = (tally[verdict] for verdict in Verdict)
        line = f"  {block:9} {inside:3} of {sum(tally.values())} inside their tolerance, {outside} outside"
        say(line + (f", {untold} not told apart yet" if untold else ""))
    needed = [row.needed for row in rows if row.needed]
    if needed:
        most = max(needed)
        say(f"  {_many(most)} replications would tell all apart (--replications).")
    for block in (Block.FITTED, Block.HELD_OUT, Block.CIRCULAR):
        shown = [row for row in rows if row.block == block]
        later = sorted({row.line.year for row in shown})[1:]
        if not shown:
            continue
        say()
        say(_ABOUT[block])
        headings = ("target", "measure", "unit", "simulated", "MC error", word, "tolerance", "gap", "verdict")
        say(table(headings, [_cells(row) for row in shown], left=3))
        if unjudged := sorted({row.id for row in shown if row.word == NOT_JUDGED}):
            say(f"{', '.join(unjudged)}: reported only, as no tolerance is set; it counts neither way.")
        for year in later:
            ids = sorted({row.id for row in shown if row.line.year == year})
            say(f"{', '.join(ids)}: of {year}, the first year in which it can be judged.")
        if intervals:
            say()
            of_intervals = ("target", "measure", "unit", word, "90% interval", "chance alone", "parameters alone")
            say(table(of_intervals, [_interval(row) for row in shown], left=3))
            say(told_of_intervals(shown, word))


def _many(replications: int) -> str:
    """Return how many replications it takes, in words; nobody runs more than the most that are told."""
    return f"About {replications:,}" if replications <= _MOST_TOLD else f"More than {_MOST_TOLD:,}"


def _few(replications: int) -> str:
    return f"{replications:,}" if replications <= _MOST_TOLD else f"over {_MOST_TOLD:,}"


_MOST_TOLD = 10_000
_FORECAST_HEADINGS = (
    *("year", "measure", "actual", "model", "90% interval"),
    *("error of the model", "of the last value", "of its growth"),
)
_SKILL_HEADINGS = (
    *("mean absolute error", "figures", "model", "last value", "width of 90% interval"),
    *("growth known", "model, of those", "growth, of those", "the two naive apart"),
)
_ABOUT = {
    "fitted": "Fitted: values were set so that these come out.",
    "held out": "Held out: nothing was set from these.",
    "circular": "Circular: an input was set from the same statistic, so agreement shows nothing.",
}


def _cells(row: TargetRow) -> tuple[str, ...]:
    line, target = row.line, row.target
    return (
        row.id,
        line.measure.label,
        line.measure.unit,
        number(row.estimate.mean),
        f"±{number(row.estimate.error)}",
        number(target.value),
        "-" if target.tolerance is None else f"±{number(target.tolerance)}",
        signed(row.estimate.mean - target.value),
        row.word + (f" (needs {_few(row.needed)})" if row.needed else ""),
    )


def _interval(row: TargetRow) -> tuple[str, ...]:
    line, target, whole = row.line, row.target, row.estimate
    return (
        row.id,
        line.measure.label,
        line.measure.unit,
        number(target.value) + ("" if row.covered else " *"),
        f"{number(whole.low)} to {number(whole.high)}",
        f"±{number(whole.chance)}",
        f"±{number(whole.parameters)}",
    )


def print_forecasts(rows: Sequence[Forecast]) -> None:
    """Print each later statistic beside the model's and the naive forecasts, and how they compare."""
    from demandsim.results.forecasts import covered, skills
    from demandsim.results.measures import MEASURES

    if not rows:
        return
    say()
    say("Later years: nothing is fitted to them. Errors in per cent, or points for a share.")
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
    say(table(_FORECAST_HEADINGS, cells, left=2))
    say()
    cells = [
        (
            *(f"in {one.unit}", f"{one.many}", number(one.model), number(one.last), number(one.width)),
            *(f"{one.growing}", *(number(each) for each in (one.model_growing, one.growth, one.apart))),
        )
        for one in skills(rows)
    ]
    say(table(_SKILL_HEADINGS, cells))
    say("On the right, figures whose growth on the year before is known.")
    say(f"{100 * covered(rows):.0f}% of the 90% intervals hold the actual value.")
