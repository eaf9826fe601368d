"""`demandsim page`"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from demandsim.cli.options import (
    ensemble_option,
    point_option,
    scenario_argument,
    seed_option,
    set_option,
    worker_options,
)
from demandsim.cli.output import say, stages, stopping, warn

if TYPE_CHECKING:
    from demandsim.experiment.execute import Workers
    from demandsim.page.make import Asked, Made
    from demandsim.scenario.scenario import Scenario


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
    default=2_200,
    show_default=True,
    help="Settings of the levers to learn from, each simulated once.",
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
@worker_options
@click.option("--again", is_flag=True, help="Simulate once more what is kept.")
def command(
    scenario: str,
    what_ifs: tuple[str, ...],
    out: Path | None,
    levers: tuple[str, ...],
    settings: int,
    checks: int,
    years: int | None,
    seed: int,
    overrides: tuple[str, ...],
    ensemble: str | None,
    point: bool,
    results: Path,
    workers: Workers,
    again: bool,
) -> None:
    """Make a page that answers while one drags: one HTML file with levers, pictures and what-ifs.

    The file needs no network and no server. An emulator in it, fitted to simulations, says how each measure moves, with
    its 90% interval and its measured error. A WHAT_IF is a scenario file or a shipped scenario's name; for the baseline
    all that ship unless given. Those that sliders can't express are simulated beforehand.
    """
    from demandsim.page.file import check_file, write_page
    from demandsim.page.make import Asked

    if out is None:
        raise click.UsageError("give --out FILE.html")
    if point and ensemble:
        raise click.UsageError("give --point or --ensemble, not both: point values, or posterior draws.")
    check_file(out)
    read, others = _scenarios(scenario, what_ifs, overrides, years, ensemble, point)
    from demandsim.page.levers import levers_of

    asked = Asked(read, levers_of(read, levers), others, settings, checks, seed)
    say(f"{read.title} ({read.start.year} to {read.start.year + read.years}, {len(asked.levers)} levers)")
    with stopping(f"What is finished is kept in {results}; the same command goes on from there."):
        made = _made(asked, results, workers, again)
        size = write_page(
            out,
            made,
            _command(scenario, what_ifs, out, levers, settings, checks, years, seed, overrides, ensemble, point),
        )
    _say(made, out, size)


def _scenarios(
    given: str,
    what_ifs: tuple[str, ...],
    overrides: tuple[str, ...],
    years: int | None,
    ensemble: str | None,
    point: bool,
) -> tuple[Scenario, tuple[Scenario, ...]]:
    """Return the scenario and its what-ifs, over the same posterior draws."""
    from demandsim.page.presets import read_all

    return read_all(given, what_ifs, overrides, years, ensemble, point)


def _made(asked: Asked, results: Path, workers: Workers, again: bool) -> Made:
    from demandsim.page.make import folder_of, make

    with stages() as tell:
        return make(asked, folder_of(asked, results), workers, again, tell, warn)


def _command(
    scenario: str,
    what_ifs: tuple[str, ...],
    out: Path,
    levers: tuple[str, ...],
    settings: int,
    checks: int,
    years: int | None,
    seed: int,
    overrides: tuple[str, ...],
    ensemble: str | None,
    point: bool,
) -> str:
    """Return the command that makes the same page, to be printed on it."""
    parts = ["demandsim", "page", scenario, *what_ifs]
    parts += [part for name in levers for part in ("--lever", name)] + [
        part for one in overrides for part in ("--set", one)
    ]
    parts += ["--years", str(years)] if years else []
    parts += ["--settings", str(settings), "--checks", str(checks), "--seed", str(seed)]
    parts += ["--ensemble", ensemble] if ensemble else []
    parts += ["--point"] if point else []
    return shlex.join([*parts, "--out", out.name])


def _say(made: Made, out: Path, size: int) -> None:
    tried = made.trial
    words_only = [one.label for one, error in zip(made.answers.measures, tried.errors, strict=True) if not error.good]
    say(
        f"Near enough: {100 * tried.few:.1f}% of answers with few levers moved (bar 95%), {100 * tried.every:.1f}% "
        f"with all moved (bar 85%). Right signs: {100 * tried.signs:.1f}%. 90% intervals hold {100 * tried.held:.0f}%."
    )
    if words_only:
        say(f"In words only, as they miss their bar: {', '.join(words_only)}.")
    simulated = sum(preset.answer is not None for preset in made.presets)
    if made.presets:
        say(f"What-ifs: {len(made.presets)}, of which {simulated} simulated beforehand.")
    say()
    say(f"File:  {out}  ({size / 1e6:.1f} MB; opens in any browser, needs no network)")
    say("Next:  open it, move a lever, and save what you find as a scenario")
