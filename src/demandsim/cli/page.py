"""`demandsim page`"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from demandsim.cli.options import (
    ensemble_option,
    point_option,
    scenario_argument,
    seed_option,
    set_option,
    worker_options,
)
from demandsim.cli.output import say, stages, stopping_keeps, warn
from demandsim.experiment.workers import Workers
from demandsim.problems import typed

if TYPE_CHECKING:
    from demandsim.page.make import Asked, Made


@click.command(
    epilog="""Examples:

\b
  demandsim page baseline --out page.html
  demandsim page baseline higher_thresholds my_scenario.toml --out page.html
  demandsim page baseline --lever prevention.targeted --lever workforce.posts --out page.html
  demandsim page baseline --serve
"""
)
@scenario_argument
@click.argument("what_ifs", metavar="[WHAT_IF]...", nargs=-1)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, as page.html. Needed unless --serve is given.",
)
@click.option(
    "--lever",
    "levers",
    multiple=True,
    metavar="NAME",
    help="A lever of the page. Repeat for several; 21 usual ones unless given.",
)
@click.option(
    "--settings",
    type=click.IntRange(50, 100_000),
    default=750,
    show_default=True,
    help="Training runs: settings of the levers that the emulator is fitted to, each simulated once.",
)
@click.option(
    "--checks",
    type=click.IntRange(5, 1_000),
    default=50,
    show_default=True,
    help="Settings to measure the error on: so many that move up to three levers, and so many that move all.",
)
@click.option("--years", type=click.IntRange(1, 30), help="Years to simulate, instead of the scenario's own.")
@seed_option
@set_option
@ensemble_option
@point_option
@click.option(
    "--results",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("results"),
    show_default=True,
    help="Folder in which simulations are kept: the same command goes on where it was stopped.",
)
@click.option("--serve", is_flag=True, help="Open the page on this machine alone, where Simulate this runs the model.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=0, help="Port of --serve; any that is free unless given."
)
@click.option("--browser/--no-browser", default=True, show_default=True, help="Open the browser with --serve.")
@worker_options
@click.option("--again", is_flag=True, help="Simulate once more what is kept.")
def command(
    scenario: str,
    what_ifs: tuple[str, ...],
    out: Path | None,
    results: Path,
    workers: Workers,
    again: bool,
    serve: bool,
    port: int,
    browser: bool,
    **chosen: Any,
) -> None:
    """Make a page that answers while one drags: one HTML file with levers, pictures and what-ifs.

    The file needs no network and no server. An emulator in it, fitted to simulations, says how each measure moves, with
    its 90% interval and its measured error. A WHAT_IF is a scenario file or a shipped scenario's name; for the baseline
    all that ship unless given. Those that sliders can't express are simulated beforehand.
    """
    from demandsim.page.file import write_page
    from demandsim.page.make import folder_of, make
    from demandsim.page.write import page_html

    _check(out, serve, chosen)
    asked = _asked(scenario, what_ifs, chosen)
    read = asked.scenario
    say(f"{read.title} ({read.start.year} to {read.start.year + read.years}, {len(asked.levers)} levers)")
    folder, again_with = folder_of(asked, results), _command(scenario, what_ifs, out, chosen)
    with stopping_keeps(results):
        with stages() as tell:
            made = make(asked, folder, workers, again, tell, warn)
        size = write_page(out, made, again_with) if out else 0
    _say(made)
    if out:
        say(f"File:  {out}  ({size / 1e6:.1f} MB; opens in any browser, needs no network)")
    if serve:
        _serve(made, folder, workers, port, browser, lambda token: page_html(made, again_with, token))
    else:
        say("Next:  open it, move a lever, and save what you find as a scenario")


def _check(out: Path | None, serve: bool, chosen: Mapping[str, Any]) -> None:
    """Refuse options that don't go together, and a file that can't be written."""
    from demandsim.page.file import check_file

    if out is None and not serve:
        raise click.UsageError("give --out FILE.html, or --serve")
    if chosen["point"] and chosen["ensemble"]:
        raise click.UsageError("give --point or --ensemble, not both: point values, or posterior draws.")
    if out:
        check_file(out)


def _asked(scenario: str, what_ifs: tuple[str, ...], chosen: Mapping[str, Any]) -> Asked:
    """Return what the page is made of."""
    from demandsim.page.levers import levers_of
    from demandsim.page.make import Asked
    from demandsim.page.presets import read_all

    of = ("overrides", "years", "ensemble", "point")
    read, others = read_all(scenario, what_ifs, *(chosen[name] for name in of))
    return Asked(read, levers_of(read, chosen["levers"]), others, chosen["settings"], chosen["checks"], chosen["seed"])


def _command(scenario: str, what_ifs: tuple[str, ...], out: Path | None, chosen: Mapping[str, Any]) -> str:
    """Return the command that makes the same page, to be printed on it."""
    parts = ["demandsim", "page", scenario, *what_ifs]
    parts += [part for name in chosen["levers"] for part in ("--lever", name)]
    parts += [part for one in chosen["overrides"] for part in ("--set", one)]
    for name in ("years", "settings", "checks", "seed", "ensemble"):
        parts += [f"--{name}", str(chosen[name])] if chosen[name] is not None else []
    parts += ["--point"] if chosen["point"] else []
    return typed(*parts, "--out", out.name if out else "page.html")


def _say(made: Made) -> None:
    """Say how far the page can be trusted."""
    tried, measures = made.trial, made.answers.measures
    both = list(zip(measures, tried.errors, strict=True))
    missed = [one.label for one, error in both if not error.good_few]
    later = [one.label for one, error in both if error.good_few and not error.good_all]
    say(
        f"Within tolerance: {100 * tried.few:.1f}% of answers with few levers moved (required: 95%), "
        f"{100 * tried.every:.1f}% with all moved (required: 85%). Right signs: {100 * tried.signs:.1f}%. "
        f"90% intervals hold {100 * tried.held:.0f}%."
    )
    if missed:
        say(f"In words only, as too few answers are within tolerance: {', '.join(missed)}.")
    if later:
        say(f"In words only where all levers move: {', '.join(later)}.")
    if made.presets:
        simulated = sum(preset.answer is not None for preset in made.presets)
        say(f"What-ifs: {len(made.presets)}, of which {simulated} simulated beforehand.")
    say()


def _serve(made: Made, folder: Path, workers: Workers, port: int, browser: bool, page: Callable[[str], str]) -> None:
    """Serve the page until Ctrl-C."""
    import webbrowser

    from demandsim.page.runs import Runs
    from demandsim.page.serve import Server, Simulator

    server = Server(Simulator(made, Runs(folder, made.asked.seed, workers, notice=warn)), page, port)
    say(f"Page:  {server.url}")
    say("Only this machine can open it. Ctrl-C ends it.")
    if browser:
        webbrowser.open(server.url)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        say()
        say("Ended.")
    finally:
        server.server_close()
