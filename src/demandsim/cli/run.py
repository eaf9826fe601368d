"""`demandsim run`"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from demandsim.cli.intervals import replications_of
from demandsim.cli.options import (
    check_fits,
    ensemble_option,
    out_option,
    scenario_argument,
    seed_option,
    set_option,
    worker_options,
)
from demandsim.cli.output import progress, say, warn

if TYPE_CHECKING:
    from demandsim.experiment.decompose import Contribution
    from demandsim.experiment.execute import Workers
    from demandsim.results.store import Results
    from demandsim.scenario.scenario import Scenario


@click.command(
    epilog="""Examples:

\b
  demandsim run baseline
  demandsim run scenarios/baseline.toml --years 5 --replications 40
  demandsim run baseline --set demand.level=1.1 --out results
  demandsim run baseline --ensemble baseline
  demandsim run baseline --decompose
  demandsim run baseline --england
  demandsim run baseline --england --scheduler tcp://10.0.0.5:8786 --out /shared/results
"""
)
@scenario_argument
@click.option("--years", type=click.IntRange(1, 30), help="Years to simulate, instead of the scenario's own.")
@click.option(
    "--replications",
    type=click.IntRange(1, 100_000),
    help="Independent futures to simulate: 20 unless given, 40 with --ensemble, and one of England.",
)
@seed_option
@set_option
@ensemble_option
@out_option
@click.option("--england", is_flag=True, help="Simulate England's 152 authorities, every child, and add them up.")
@worker_options
@click.option("--spells", is_flag=True, help="Also write every spell of every child, from contacts to placements.")
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Draw the pictures.")
@click.option("--decompose", is_flag=True, help="Also run it with each loop off, and show what each adds.")
@click.option("--again", is_flag=True, help="Simulate anew even if the results are there.")
def command(
    scenario: str,
    years: int | None,
    replications: int | None,
    seed: int,
    overrides: tuple[str, ...],
    ensemble: str | None,
    out: Path,
    england: bool,
    workers: Workers,
    spells: bool,
    pictures: bool,
    decompose: bool,
    again: bool,
) -> None:
    """Simulate a scenario and write tables and pictures.

    SCENARIO is a file, or the name of one that ships (see `demandsim list`). The same scenario, seed and replications
    give the same tables whoever does the work. A run that was stopped goes on where it stopped; one that is done is
    shown without simulating again.
    """
    from demandsim.scenario.scenario import Scenario, outside_range

    read = Scenario.read(scenario, overrides, years, ensemble)

    from demandsim.cli.show import print_headline
    from demandsim.experiment.england import AUTHORITIES
    from demandsim.experiment.run import DEFAULT_REPLICATIONS, check_england, manifest_of, run
    from demandsim.results.store import Store

    authorities = AUTHORITIES if england else 0
    if england:
        replications = replications or 1
        check_england(read, replications, authorities)
    replications = replications_of(read.ensemble is not None, replications, DEFAULT_REPLICATIONS)
    check_fits(read, replications, workers, authorities)
    manifest = manifest_of(read, replications, seed, spells, authorities)
    store = Store(out, manifest)
    done = store.finished and not again
    futures = f"{replications} replication{'s' if replications > 1 else ''}"
    say(f"{manifest.title} ({read.start.year} to {read.start.year + read.years}, {futures})")
    for name, how in outside_range(read):
        say(f"Note: {name} {how}.")
    try:
        with progress("Simulating") as tell:
            results = run(read, replications, seed, out, workers, spells, again, tell, authorities, warn)
        if pictures and not _drawn(results.folder):
            from demandsim.plots.gallery import draw_all

            with progress("Drawing") as tell:
                draw_all(results, tell)
        added = _decomposed(scenario, overrides, read, results, workers) if decompose else []
    except KeyboardInterrupt:
        say()
        kept = f"The tables are done, in {store.final}" if store.finished else f"What is finished is in {store.partial}"
        say(f"Stopped. {kept}; the same command goes on from there.")
        raise SystemExit(130) from None
    say("Already simulated; --again simulates anew." if done else "")
    print_headline(results)
    if added:
        say()
        print_contributions(added)
    say()
    say(f"Files: {results.folder}{_separator()}  (summary.csv for a spreadsheet, pictures{_separator()} for a report)")
    say(f"Next:  demandsim explain {scenario}    or    demandsim new my_scenario")


def _decomposed(
    scenario: str, overrides: tuple[str, ...], whole: Scenario, results: Results, workers: Workers
) -> Sequence[Contribution]:
    """Run the scenario without each loop in turn, beside the results, and draw what each adds."""
    from demandsim.experiment.decompose import decompose
    from demandsim.experiment.run import run
    from demandsim.plots.gallery import add_picture
    from demandsim.plots.loops import loops
    from demandsim.scenario.scenario import Scenario

    manifest = results.manifest

    def run_without(loop: str) -> Results:
        read = Scenario.read(scenario, [*overrides, f"loop.{loop}=0"], whole.years, whole.ensemble)
        read = replace(read, name=f"{read.name}_without_{loop}")
        with progress(f"Without {loop.replace('_', ' ')}") as tell:
            return run(
                read,
                manifest.replications,
                manifest.seed,
                results.folder.parent,
                workers,
                progress=tell,
                authorities=manifest.authorities,
                notice=warn,
            )

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
    say(table(("loop", "adds to", "unit", "mean", "sim. error", "nine in ten futures"), rows, left=3))
    say("With every loop, less without this one, in the last year. They act on one another and don't add up.")


def _drawn(folder: Path) -> bool:
    from demandsim.results.checksums import damage

    return not damage(folder / "pictures")


def _separator() -> str:
    import os

    return os.sep
