"""`demandsim discover`"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from demandsim.cli.options import check_fits, run_options
from demandsim.cli.output import draw, number, say, say_and_keep, stages, stopping_keeps
from demandsim.cli.tables import table
from demandsim.problems import typed

if TYPE_CHECKING:
    from demandsim.experiment.options import RunOptions
    from demandsim.results.discovery import Discovery
    from demandsim.scenario.scenario import Scenario


@click.command(
    epilog="""Examples:

\b
  demandsim discover baseline shift_to_prevention
  demandsim discover baseline shift_to_prevention --range demand.level=0.9:1.1 --points 400
  demandsim discover baseline higher_thresholds --measure exposure --at 2017-18
  demandsim discover baseline edge_of_care --measure looked_after --below -10
"""
)
@click.argument("scenario")
@click.argument("what_if", metavar="WHAT-IF")
@click.option(
    "--range",
    "ranges",
    multiple=True,
    metavar="NAME=FROM:TO",
    help="Vary a parameter too, beside the posterior draws: in WHAT-IF alone if it sets it, else in both. "
    "Repeat for several.",
)
@click.option(
    "--measure",
    default="extra_spend",
    show_default=True,
    metavar="ID",
    help="What is asked about, as a difference from SCENARIO. extra_spend: whether it pays back.",
)
@click.option(
    "--below", type=float, metavar="NUMBER", help="Find where the difference is at or below it; 0 unless given."
)
@click.option("--above", type=float, metavar="NUMBER", help="Instead: where the difference is at or above it.")
@click.option("--at", "at", metavar="YEAR", help="Year to look at, as 2017-18; the last one unless given.")
@click.option("--points", type=click.IntRange(40, 10_000), default=200, show_default=True, help="Points to simulate.")
@run_options(
    "Of each point, with the what-if and without; two unless given.",
    fewest=1,
    again="Rerun even if the points are there.",
)
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Draw the picture.")
def command(
    scenario: str,
    what_if: str,
    ranges: tuple[str, ...],
    measure: str,
    below: float | None,
    above: float | None,
    at: str | None,
    points: int,
    options: RunOptions,
    pictures: bool,
) -> None:
    """Say when a what-if pays back, or does less harm: scenario discovery.

    WHAT-IF is simulated beside SCENARIO at many points: posterior draws, with values from the ranges you choose. Boxes
    found by PRIM say where it mostly does what is asked: their density is the share of their points at which it does,
    their coverage the share of all such points that they hold. Every fourth point is held out to test the boxes. A
    classification tree stands beside them.
    """
    if below is not None and above is not None:
        raise click.UsageError("give --below or --above, not both")
    from demandsim.experiment.discover import DEFAULT_REPLICATIONS, Wanted, ranges_of

    reference, changed = _scenarios(scenario, what_if, options)
    chosen = ranges_of(reference, changed, ranges)
    wanted = Wanted(measure, at, above if above is not None else below or 0.0, above is None)
    each = options.replications or DEFAULT_REPLICATIONS
    check_fits(reference, replace(options, replications=2 * points * each))
    say(f"{changed.title}, against {reference.title} ({points} points, replications of each: {each})")
    asked = {"ranges": chosen, "wanted": wanted, "points": points}
    found, folder = _found(reference, changed, asked, options, pictures)
    say()
    say_and_keep(folder, lambda: print_discovery(found))
    say()
    say(f"Files: {folder}  (points.csv, boxes.csv{', and the picture' if pictures else ''})")
    explain = typed("demandsim", "explain", scenario, "NAME")
    say(f"Next:  {typed('demandsim', 'compare', scenario, what_if)}    or    {explain}")


def _found(
    reference: Scenario, changed: Scenario, asked: dict[str, Any], options: RunOptions, pictures: bool
) -> tuple[Discovery, Path]:
    """Simulate, with progress; keep what is found, and draw it if pictures are wanted."""
    from demandsim.experiment.discover import discover, keep_discovery

    with stopping_keeps(options.out):
        with stages() as on_progress:
            found = discover(reference, changed, **asked, options=replace(options, on_progress=on_progress))
        folder = keep_discovery(found, options.out, changed.name)
        if pictures:
            from demandsim.plots.discovery import discovery

            draw([discovery(found)], folder, found.manifest)
    return found, folder


def _scenarios(scenario: str, what_if: str, options: RunOptions) -> tuple[Scenario, Scenario]:
    """Return both scenarios with the posterior draws that they share, if there are any."""
    from demandsim.problems import Problem, UserError
    from demandsim.scenario.ensemble import with_ensemble
    from demandsim.scenario.read import read_scenario

    reference, changed = (read_scenario(one, years=options.years) for one in (scenario, what_if))
    if reference.digest() == changed.digest():
        found, expected = f"the very scenario it is compared with: {scenario}", "a scenario that changes something"
        raise UserError(Problem(what_if, "", found, expected, "demandsim list"))
    reference = options.drawn(reference)
    return reference, with_ensemble(changed, reference.ensemble)


def print_discovery(found: Discovery) -> None:
    """Print when the what-if does what is asked: in words, as boxes, and as a tree."""
    import textwrap

    from demandsim.cli.tables import text_width
    from demandsim.results.discovery import answer_words

    say(f"{found.what_if}, against {found.manifest.title}")
    say()
    say(textwrap.fill(answer_words(found), text_width()))
    _print_boxes(found)
    leaves = found.leaves()
    if len(leaves) > 1:
        say()
        say("A classification tree of the same points:")
        rows = [(leaf.way, f"{leaf.points}", f"{100 * leaf.cases / leaf.points:.0f}%") for leaf in leaves]
        say(table(("where", "points", "share"), rows))
    if found.boxes():
        say()
        text = (
            "Chance: how likely as many are in the box if that limit meant nothing; it takes no account of how many "
            "parameters were searched. The points held out are the test."
        )
        say(textwrap.fill(text, text_width()))


def _print_boxes(found: Discovery) -> None:
    for place, box in enumerate(found.boxes(), start=1):
        say()
        tried = box.held
        held = f"{tried.cases} of {tried.points}" if tried.points else "none"
        say(
            f"Box {place}: density {100 * box.found.density:.0f}% of {box.found.points} points, coverage "
            f"{100 * box.found.coverage:.0f}%; held out: {held}"
        )
        rows = []
        for column, chance in zip(box.limits.columns, box.chances, strict=True):
            lowest, highest = found.range_of(column)
            low, high = max(lowest, box.limits.low[column]), min(highest, box.limits.high[column])
            drawn = f"{number(lowest)} to {number(highest)}"
            name = f"{found.names[column]}, {found.units[column]}"
            rows.append((name, number(low), number(high), drawn, f"{chance:.2g}"))
        say(table(("parameter", "from", "to", "drawn", "chance"), rows))
