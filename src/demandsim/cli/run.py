"""`demandsim run`"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from demandsim.cli.options import check_fits, run_options, scenario_argument, set_option
from demandsim.cli.output import progress, say
from demandsim.problems import typed

if TYPE_CHECKING:
    from demandsim.experiment.decompose import Contribution
    from demandsim.experiment.options import RunOptions
    from demandsim.results.store import Manifest, Results, Store
    from demandsim.scenario.scenario import Scenario


@click.command(
    epilog="""Examples:

\b
  demandsim run baseline
  demandsim run scenarios/baseline.toml --years 5 --replications 40
  demandsim run baseline --set demand.level=1.1 --out results
  demandsim run baseline --point
  demandsim run baseline --decompose
  demandsim run baseline --england
  demandsim run baseline --england --scheduler tcp://10.0.0.5:8786 --out /shared/results
"""
)
@scenario_argument
@set_option
@run_options(
    "Replications to simulate: two of each of 100 posterior draws unless given; 20 with point values, one of England.",
    fewest=1,
    again="Rerun even if the results are there.",
)
@click.option(
    "--england",
    is_flag=True,
    help="Simulate England's 152 authorities, every child, and add them up. With point values unless --ensemble is "
    "given.",
)
@click.option("--spells", is_flag=True, help="Also write every spell of every child, from contacts to placements.")
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Draw the pictures.")
@click.option("--decompose", is_flag=True, help="Also run it with each loop off, and show what each adds.")
def command(
    scenario: str,
    overrides: tuple[str, ...],
    options: RunOptions,
    england: bool,
    spells: bool,
    pictures: bool,
    decompose: bool,
) -> None:
    """Simulate a scenario and write tables and pictures.

    SCENARIO is a file, or the name of one that ships (see `demandsim list`). What is uncertain is drawn from the
    posterior draws that it names, or what it extends. The same scenario, seed and replications give the same tables
    whoever does the work. A run that was stopped goes on where it stopped; one that is done is shown without simulating
    again.
    """
    from demandsim.cli.intervals import say_undrawn, settled
    from demandsim.experiment.england import AUTHORITIES
    from demandsim.experiment.run import check_england, manifest_of
    from demandsim.results.store import Store
    from demandsim.scenario.read import read_scenario

    if england and not options.ensemble:
        options = replace(options, point=True)
    read = options.drawn(read_scenario(scenario, overrides, options.years))
    authorities = AUTHORITIES if england else 0
    if england:
        options = replace(options, replications=options.replications or 1)
        check_england(read, options.replications_of(read), authorities)
    options = settled(options, read)
    check_fits(read, options, authorities)
    manifest = manifest_of(read, options.replications_of(read), options.seed, spells, authorities)
    store = Store(options.out, manifest)
    done = store.finished and not options.rerun
    _say_heading(manifest, read)
    try:
        results, added = _simulated(scenario, overrides, read, options, spells, authorities, pictures, decompose)
    except KeyboardInterrupt:
        _say_stopped(store)
        raise SystemExit(130) from None
    say("Already simulated; --again reruns it." if done else "")
    _say_results(results, added)
    say_undrawn(options, read)
    say()
    say(f"Files: {results.folder}  (summary.csv for a spreadsheet, pictures for a report)")
    say(f"Next:  {typed('demandsim', 'explain', scenario)}    or    demandsim new my_scenario")


def _say_heading(manifest: Manifest, read: Scenario) -> None:
    from demandsim.scenario.scenario import notes_on

    many = f"{manifest.replications} replication{'s' if manifest.replications > 1 else ''}"
    say(f"{manifest.title} ({read.start.year} to {read.start.year + read.years}, {many})")
    for name, how in notes_on(read):
        say(f"Note: {name} {how}.")


def _say_stopped(store: Store) -> None:
    kept = f"The tables are done, in {store.final}" if store.finished else f"What is finished is in {store.partial}"
    say()
    say(f"Stopped. {kept}; the same command goes on from there.")


def _say_results(results: Results, added: Sequence[Contribution]) -> None:
    from demandsim.cli.show import print_headline

    print_headline(results)
    if added:
        say()
        print_contributions(added)


def _simulated(
    scenario: str,
    overrides: tuple[str, ...],
    read: Scenario,
    options: RunOptions,
    spells: bool,
    authorities: int,
    pictures: bool,
    decompose: bool,
) -> tuple[Results, Sequence[Contribution]]:
    """Simulate what is not there yet and draw it, with progress; and each loop's part if it is asked for."""
    from demandsim.experiment.run import run

    with progress("Simulating") as bar:
        results = run(read, options, spells=spells, authorities=authorities, on_progress=lambda what, *far: bar(*far))
    if pictures and not _drawn(results.folder):
        from demandsim.plots.gallery import draw_all

        with progress("Drawing") as bar:
            draw_all(results, bar)
    return results, _decomposed(scenario, overrides, read, results, options) if decompose else []


def _decomposed(
    scenario: str, overrides: tuple[str, ...], whole: Scenario, results: Results, options: RunOptions
) -> Sequence[Contribution]:
    """Run the scenario without each loop in turn, beside the results, and draw what each adds."""
    from demandsim.experiment.decompose import decompose
    from demandsim.experiment.run import run
    from demandsim.plots.gallery import add_picture
    from demandsim.plots.loops import loops
    from demandsim.scenario.scenario import Scenario

    manifest = results.manifest
    same = replace(options, replications=manifest.replications, ensemble=None, rerun=False)

    def run_without(loop: str) -> Results:
        read = Scenario.read(scenario, [*overrides, f"loop.{loop}=0"], whole.years, whole.ensemble)
        read = replace(read, name=f"{read.name}_without_{loop}")
        with progress(f"Without {loop.replace('_', ' ')}") as bar:
            return run(read, same, authorities=manifest.authorities, on_progress=lambda what, *far: bar(*far))

    added = decompose(results, run_without)
    rows = [(one.loop, one.measure.label, one.measure.unit, one.added) for one in added]
    add_picture(loops(results, rows), results)
    return added


def print_contributions(added: Sequence[Contribution]) -> None:
    """Print what each loop adds in the last year."""
    from demandsim.cli.output import number, signed, table

    rows = [
        (
            one.loop.replace("_", " "),
            one.measure.label,
            one.measure.unit,
            signed(one.added.mean),
            f"±{number(one.added.error)}",
            f"{signed(one.added.low)} to {signed(one.added.high)}",
        )
        for one in added
    ]
    say(table(("loop", "adds to", "unit", "mean", "MC error", "90% interval"), rows, left=3))
    say("With every loop, less without this one, in the last year. They act on one another and don't add up.")


def _drawn(folder: Path) -> bool:
    from demandsim.results.checksums import damage

    return not damage(folder / "pictures")
