"""`demandsim sweep`"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from demandsim.cli.options import (
    check_fits,
    reference_with,
    run_options,
    scenario_argument,
    set_option,
)
from demandsim.cli.output import draw, number, say, say_and_keep, signed, stages, stopping_keeps, table
from demandsim.problems import typed

if TYPE_CHECKING:
    from demandsim.experiment.options import RunOptions
    from demandsim.results.sweep import Point, Sweep
    from demandsim.scenario.grid import Grid
    from demandsim.scenario.scenario import Scenario

#: Points that are printed; all are in the file.
MOST_ROWS = 40


def _share(context: click.Context, option: click.Parameter, text: str | None) -> float | None:
    """Return the share that a percentage stands for."""
    if text is None:
        return None
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
  demandsim sweep shift_to_prevention --against baseline --param help.plan=0:0.4:5
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
    help="Add replications to a point until half the 90% interval of its difference is within P% of the level of "
    "SCENARIO as it is, 2% unless given. With --against: of the largest difference from the reference, 20%.",
)
@click.option(
    "--against",
    metavar="REFERENCE",
    help="Set SCENARIO against this scenario at every point, not against itself: what its difference turns on.",
)
@set_option
@run_options(
    "The most at any point: two of each of 100 posterior draws unless given; 40 with point values.",
    again="Rerun even if the points are there.",
)
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Draw the pictures.")
def command(
    scenario: str,
    params: tuple[str, ...],
    grid: Path | None,
    measures: tuple[str, ...],
    at: str | None,
    precision: float | None,
    against: str | None,
    overrides: tuple[str, ...],
    options: RunOptions,
    pictures: bool,
) -> None:
    """Try many values of one or two parameters, and draw what changes.

    Each point is SCENARIO with other values, set against SCENARIO as it is, child by child with the same random draws.
    What else is uncertain is drawn from the posterior draws that SCENARIO names, or what it extends. A point gets five
    replications, twenty with posterior draws, then more at a time until its difference is precise enough. Points
    are kept: a sweep that was stopped goes on where it stopped, and another measure or year starts from what is there.

    With --against, each point is the difference between SCENARIO and the reference. A parameter that is not a lever
    then has the same value in both, and so does --set.
    """
    if bool(params) == bool(grid):
        raise click.UsageError("give --param NAME=FROM:TO:N once or twice, or --grid FILE")
    from demandsim.cli.intervals import say_undrawn, settled
    from demandsim.experiment.sweep import most_replications
    from demandsim.scenario.read import read_scenario

    read = options.drawn(read_scenario(scenario, overrides, options.years))
    options = settled(options, read, most_replications(read, options))
    check_fits(read, options)
    other = reference_with(against, read, overrides) if against else None
    points = _points(read, params, grid)
    _say_heading(read, points)
    asked: dict[str, Any] = {"measures": measures, "at": at, "precision": precision, "against": other}
    swept, folder = _swept(read, points, asked, options, pictures)

    def say_it() -> None:
        print_sweep(swept)
        say_undrawn(options, read)

    say_and_keep(folder, say_it)
    say()
    say(f"Files: {folder}  (sweep.csv has every year{', and the pictures' if pictures else ''})")
    _say_next(scenario, swept)


def _points(scenario: Scenario, params: tuple[str, ...], grid: Path | None) -> Grid:
    from demandsim.scenario.grid import grid_from, grid_of

    return grid_from(scenario, grid) if grid else grid_of(scenario, params)


def _swept(
    scenario: Scenario, points: Grid, asked: dict[str, Any], options: RunOptions, pictures: bool
) -> tuple[Sweep, Path]:
    """Simulate, with progress; keep the sweep, and draw it if pictures are wanted."""
    from demandsim.experiment.sweep import keep_sweep, sweep

    with stopping_keeps(options.out):
        with stages() as on_progress:
            swept = sweep(scenario, points, **asked, options=replace(options, on_progress=on_progress))
        folder = keep_sweep(swept, options.out)
        if pictures:
            from demandsim.plots.sweep import pictures as pictures_of

            draw(pictures_of(swept), folder, swept.manifest)
    return swept, folder


def _say_heading(scenario: Scenario, grid: Grid) -> None:
    """Say what is swept, and which parameters leave the range of what is plausible."""
    from demandsim.scenario.grid import with_values
    from demandsim.scenario.scenario import notes_on

    span = f"{scenario.start.year} to {scenario.start.year + scenario.years}"
    say(f"{scenario.title} ({span}, {len(grid.points)} points)")
    every = [with_values(scenario, dict(zip(grid.names, values, strict=True))) for values in grid.points]
    for name, how in dict.fromkeys(found for one in every for found in notes_on(one)):
        say(f"Note: {name} {how}.")


def _say_next(scenario: str, swept: Sweep) -> None:
    name, measure = swept.axes[0].name, swept.questions[0].id
    say(f"Next:  {typed('demandsim', 'solve', scenario, '--param', name, '--measure', measure, '--target', '-5%')}")


def print_sweep(swept: Sweep) -> None:
    """Print a table of each measure in the year asked about, and how precise it is."""
    from demandsim.cli.intervals import say_intervals
    from demandsim.results.sweep import FEWEST_DRAWS

    imprecise = swept.imprecise()
    for place in range(len(swept.questions)):
        say()
        _print_question(swept, place, imprecise)
    say()
    from_what = "the reference" if swept.against else "the scenario as it is"
    say(f"{_difference(swept).title()}: mean difference from {from_what}, and its 90% simulation error.")
    say_intervals(swept.manifest, swept.fewest_members, FEWEST_DRAWS)
    of_what = "the largest difference" if swept.against else "the level as it is"
    allowed = f"±{number(swept.allowed)} ({100 * swept.precision:g}% of {of_what})"
    if imprecise:
        more = f"--replications {2 * swept.most} allows more"
        say(f"* Its error is still above {allowed} after {swept.most} replications, the most allowed: {more}.")
    else:
        say(f"The error of every {_difference(swept)} is within {allowed}.")
    if len(swept.axes) > 1 and not swept.grid():
        say("No heat map: that takes all combinations of two parameters' values.")


def _print_question(swept: Sweep, place: int, imprecise: Sequence[Point]) -> None:
    """Print the table of one measure, those points marked that are not precise enough."""
    question, usual = swept.questions[place], swept.usual(place, swept.year)
    what = f"{question.label} in {swept.labels[swept.year]}, {question.unit}"
    as_it_is = f"as it is: {signed(usual.mean) if swept.against else number(usual.mean)} ±{number(usual.error)}"
    as_it_is += _of_draws(swept)
    say(f"{what}; difference from {swept.against}, {as_it_is}" if swept.against else f"{what}; {as_it_is}")
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
    say(table((*heads, "mean", _difference(swept), "MC error", "90% interval", "replications"), rows, left=0))
    if len(swept.points) > MOST_ROWS:
        say(f"and {len(swept.points) - MOST_ROWS} more points in sweep.csv")


def _of_draws(swept: Sweep) -> str:
    """Return over which posterior draws the level is a mean, if not over all: with more of them it is another."""
    manifest = swept.manifest
    used = manifest.members_used if manifest.members else 0
    return f", the mean of the first {used} posterior draws" if 0 < used < manifest.members else ""


def _difference(swept: Sweep) -> str:
    return "difference" if swept.against else "change"
