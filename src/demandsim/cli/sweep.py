"""`demandsim sweep`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from demandsim.cli.options import (
    again_option,
    check_fits,
    ensemble_option,
    out_option,
    scenario_argument,
    seed_option,
    set_option,
    worker_options,
)
from demandsim.cli.output import draw, number, progress, say, say_and_keep, signed, stopping, table, warn

if TYPE_CHECKING:
    from demandsim.experiment.execute import Workers
    from demandsim.results.sweep import Sweep
    from demandsim.scenario.grid import Grid
    from demandsim.scenario.scenario import Scenario

#: Points that are printed; all are in the file.
MOST_ROWS = 40


def _share(context: click.Context, option: click.Parameter, text: str) -> float:
    """Return the share that a percentage stands for."""
    try:
        share = float(text.removesuffix("%")) / 100
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise click.BadParameter(f"{text!r} is not a percentage from 0% to 100%, as 2%")
    return share


@click.command(
    epilog="""Examples:

\b
  demandsim sweep baseline --param demand.level=0.8:1.2:5
  demandsim sweep baseline --param demand.level=0.9:1.1:3 --param workforce.posts=20:24:5 --measure caseload
  demandsim sweep shift_to_prevention --grid points.csv --measure looked_after --measure spend_intervention
"""
)
@scenario_argument
@click.option(
    "--param",
    "params",
    multiple=True,
    metavar="NAME=FROM:TO:N",
    help="N evenly spaced values of a parameter, or NAME=value,value. Once for a curve, twice for a heat map.",
)
@click.option(
    "--grid",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Instead: a CSV file with names of parameters in the first line and a point a line.",
)
@click.option(
    "--measure",
    "measures",
    multiple=True,
    default=("looked_after",),
    show_default=True,
    metavar="ID",
    help="What to look at. Repeat for several; the precision is that of the first.",
)
@click.option("--at", "at", metavar="YEAR", help="Year to look at, as 2017-18; the last one unless given.")
@click.option(
    "--precision",
    callback=_share,
    metavar="P%",
    default="2%",
    show_default=True,
    help="Add replications to a point until half the 90% interval of its difference is within P% of the level of "
    "SCENARIO as it is.",
)
@click.option(
    "--replications", type=click.IntRange(2, 100_000), default=40, show_default=True, help="The most at any point."
)
@seed_option
@click.option("--years", type=click.IntRange(1, 30), help="Years to simulate, instead of the scenario's own.")
@set_option
@ensemble_option
@out_option
@worker_options
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Draw the pictures.")
@again_option
def command(
    scenario: str,
    params: tuple[str, ...],
    grid: Path | None,
    measures: tuple[str, ...],
    at: str | None,
    precision: float,
    replications: int,
    seed: int,
    years: int | None,
    overrides: tuple[str, ...],
    ensemble: str | None,
    out: Path,
    workers: Workers,
    pictures: bool,
    again: bool,
) -> None:
    """Try many values of one or two parameters, and draw what changes.

    Each point is SCENARIO with other values, set against SCENARIO as it is; children have the same luck in both. A
    point gets five replications, then five more at a time until its difference is precise enough. Points are kept: a
    sweep that was stopped goes on where it stopped, and another measure or year starts from what is there.
    """
    if bool(params) == bool(grid):
        raise click.UsageError("give --param NAME=FROM:TO:N once or twice, or --grid FILE")
    from demandsim.cli.intervals import replications_of
    from demandsim.experiment.sweep import DEFAULT_MOST, keep_sweep, sweep
    from demandsim.scenario.scenario import Scenario

    read = Scenario.read(scenario, overrides, years, ensemble)
    replications = replications_of(read.ensemble is not None, replications, DEFAULT_MOST)
    check_fits(read, replications, workers)
    points = _points(read, params, grid)
    say(f"{read.title} ({read.start.year} to {read.start.year + read.years}, {len(points.points)} points)")
    _say_outside(read, points)
    with stopping(f"What is finished is kept in {out}; the same command goes on from there."):
        with progress("Simulating") as bar:
            swept = sweep(
                *(read, points),
                measures=measures,
                at=at,
                precision=precision,
                replications=replications,
                seed=seed,
                out=out,
                jobs=workers,
                again=again,
                progress=bar,
                notice=warn,
            )
        folder = keep_sweep(swept, out)
        if pictures:
            from demandsim.plots.sweep import pictures as pictures_of

            draw(pictures_of(swept), folder, swept.manifest)
    say_and_keep(folder, lambda: print_sweep(swept))
    say()
    say(f"Files: {folder}  (sweep.csv has every year{', and the pictures' if pictures else ''})")
    name = points.names[0]
    say(f"Next:  demandsim solve {scenario} --param {name} --measure {swept.questions[0].id} --target -5%")


def _points(scenario: Scenario, params: tuple[str, ...], grid: Path | None) -> Grid:
    from demandsim.scenario.grid import grid_from, grid_of

    return grid_from(scenario, grid) if grid else grid_of(scenario, params)


def _say_outside(scenario: Scenario, grid: Grid) -> None:
    """Say which parameters leave the range of what is plausible."""
    from demandsim.scenario.grid import with_values
    from demandsim.scenario.scenario import outside_range

    every = [with_values(scenario, dict(zip(grid.names, values, strict=True))) for values in grid.points]
    for name, how in dict.fromkeys(found for one in every for found in outside_range(one)):
        say(f"Note: {name} {how}.")


def print_sweep(swept: Sweep) -> None:
    """Print a table of each measure in the year asked about, and how precise it is."""
    from demandsim.cli.intervals import say_intervals

    label = swept.labels[swept.year]
    imprecise = swept.imprecise()
    for place, question in enumerate(swept.questions):
        usual = swept.usual(place, swept.year)
        say()
        say(f"{question.label} in {label}, {question.unit}; as it is: {number(usual.mean)} ±{number(usual.error)}")
        rows = []
        for point in swept.points[:MOST_ROWS]:
            change = swept.difference(point, place, swept.year)
            rows.append(
                (
                    *(f"{value:g}" for value in point.values),
                    number(swept.level(point, place, swept.year)),
                    signed(change.mean),
                    f"±{number(change.error)}",
                    f"{signed(change.low)} to {signed(change.high)}",
                    f"{point.replications}{'*' if point in imprecise else ' '}",
                )
            )
        heads = [axis.name for axis in swept.axes]
        say(table((*heads, "mean", "change", "sim. error", "nine in ten futures", "replications"), rows, left=0))
        if len(swept.points) > MOST_ROWS:
            say(f"and {len(swept.points) - MOST_ROWS} more points in sweep.csv")
    say()
    say("Change: mean difference from the scenario as it is, and its 90% simulation error.")
    say_intervals(swept.manifest, swept.fewest_members)
    first, usual = swept.questions[0], swept.usual(0, swept.year)
    share = f"{100 * swept.precision:g}%"
    allowed = f"±{number(swept.precision * abs(usual.mean))}, {share} of the level of {first.id} as it is"
    if imprecise:
        say(f"* Not within {allowed}, with {swept.most} replications, the most; --replications allows more.")
    else:
        say(f"Every change is within {allowed}.")
    if len(swept.axes) > 1 and not swept.grid():
        say("No heat map: that takes all combinations of two parameters' values.")
