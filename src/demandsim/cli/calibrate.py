"""`demandsim calibrate`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from demandsim.cli.options import out_option, retired, scenario_argument, seed_option, targets_option, worker_options
from demandsim.cli.output import draw, number, progress, say, stopping_keeps, table, warn
from demandsim.experiment.workers import Workers
from demandsim.problems import typed

if TYPE_CHECKING:
    from demandsim.results.calibration import Fit

#: Rows of a table on the screen; the files have them all.
_SHOWN = 12


@click.command(
    epilog="""Examples:

\b
  demandsim calibrate baseline
  demandsim calibrate my_authority.toml --targets our_figures.csv --free workforce.posts
  demandsim run results/calibrate-baseline-.../fitted.toml
            --ensemble results/calibrate-baseline-.../ensemble.csv
"""
)
@scenario_argument
@targets_option
@click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    help="Fit and draw this parameter alone; repeat for several. All fitted uncertainties unless given.",
)
@click.option(
    "--free",
    multiple=True,
    metavar="NAME",
    help="Fit this lever too, as workforce.posts; repeat for several. For an authority whose own value is not known.",
)
@click.option(
    "--budget",
    type=click.IntRange(1),
    default=4500,
    show_default=True,
    help="Simulations of two years to spend. More give a steadier answer.",
)
@click.option("--draws", type=click.IntRange(20, 10_000), default=200, show_default=True, help="Posterior draws.")
@click.option("--members", hidden=True, expose_value=False, callback=retired("--draws"))
@seed_option
@out_option
@worker_options
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Draw the pictures.")
@click.option("--again", is_flag=True, help="Rerun even if the same fit is there.")
def command(
    scenario: str,
    figures: Path | None,
    only: tuple[str, ...],
    free: tuple[str, ...],
    budget: int,
    draws: int,
    seed: int,
    out: Path,
    workers: Workers,
    pictures: bool,
    again: bool,
) -> None:
    """Fit uncertain parameters to published statistics, and say how well they are identified.

    Moves the uncertainties whose values were fitted: a lever only with --free, and never towards a target that is held
    out. Writes a scenario with the fitted values, and an ensemble: posterior draws that agree with the targets, for
    --ensemble. Says which parameters the targets identify, which they leave to judgement, and which targets cannot be
    met.
    """
    from demandsim.calibration.calibrate import calibrate
    from demandsim.results.fit_rows import read_targets
    from demandsim.scenario.read import read_scenario

    given = read_targets(figures) if figures else None
    read = read_scenario(scenario)
    with stopping_keeps(out):
        with progress("Calibrating") as on_progress:
            found = calibrate(read, given, only, free, budget, draws, seed, out, workers, again, on_progress, warn)
        if pictures:
            from demandsim.plots.calibration import knowledge, nearness

            draw([nearness(found.fit), knowledge(found.fit)], found.folder, found.fit.manifest)
    if found.already:
        say(f"Already calibrated: {found.folder}. --again reruns it.")
        say()
    print_fit(found.fit)
    _say_files(found.folder, figures, pictures)


def _say_files(folder: Path, figures: Path | None, pictures: bool) -> None:
    say()
    say(f"Files: {folder}  (fitted.toml, ensemble.csv, report.md, {'pictures, ' if pictures else ''}tables)")
    own = ("--targets", figures) if figures else ()
    files = folder / "fitted.toml", "--ensemble", folder / "ensemble.csv"
    say(f"Next:  {typed('demandsim', 'validate', *files, *own)}")


def print_fit(fit: Fit) -> None:
    """Print what came out, the targets furthest off, and what the targets say of the parameters."""
    from demandsim.results.fit_rows import word_for

    word = word_for(one.row.target for one in fit.targets)
    for line in fit.headline():
        say(line)
    worst = fit.worst()
    say()
    if worst:
        say("Outside half the tolerance, the worst first" + _some(len(worst)))
        rows = [
            (
                *(one.row.target.id, one.row.measure.label, one.row.measure.unit),
                *(number(value) for value in (one.row.target.value, one.before, one.after)),
                *(f"±{number(value)}" for value in (one.error, one.row.target.tolerance or 0.0)),
                one.word,
            )
            for one in worst[:_SHOWN]
        ]
        headings = ("target", "measure", "unit", word, "before", "after", "MC error", "tolerance", "verdict")
        say(table(headings, rows, left=3))
    else:
        say("Every target is within half its tolerance.")
    fitted = sorted((one for one in fit.parameters if one.fitted), key=lambda one: one.left)
    say()
    say("What the targets say of the parameters, those identified best first" + _some(len(fitted)))
    lines = [
        (
            *(one.label, one.unit, number(one.declared), number(one.value)),
            *(f"{number(low)} to {number(high)}" for low, high in (one.before, one.after)),
            one.word,
        )
        for one in fitted[:_SHOWN]
    ]
    columns = ("parameter", "unit", "declared", "fitted", "prior (90%)", "posterior (90%)", "identified")
    say(table(columns, lines, left=2))


def _some(many: int) -> str:
    return f" ({_SHOWN} of {many}; report.md has all):" if many > _SHOWN else ":"
