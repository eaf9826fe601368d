"""`demandsim estimate`"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from demandsim.cli.options import out_option, scenario_argument, seed_option, set_option, worker_options
from demandsim.cli.output import number, progress, say, signed, stopping, table, warn

if TYPE_CHECKING:
    from demandsim.experiment.execute import Workers
    from demandsim.meanfield.errors import Known
    from demandsim.results.measure import Measure
    from demandsim.results.tables import Tables
    from demandsim.scenario.scenario import Scenario

#: Fewer replications than this say nothing about an error of a few per cent.
_FEWEST = 2


class _Shown(NamedTuple):
    """A column of estimates.

    Attributes:
        heading: of the column.
        tables: that hold it.
        place: of its year in them.
        year: that its error may be known of.
    """

    heading: str
    tables: Tables
    place: int
    year: str | None


@click.command(
    epilog="""Examples:

\b
  demandsim estimate baseline
  demandsim estimate baseline --set demand.level=1.1 --years 5
  demandsim estimate foster_sufficiency --steady
  demandsim estimate baseline --set relapse.strength=0.5 --check 20
"""
)
@scenario_argument
@click.option("--years", type=click.IntRange(1, 30), help="Years to look ahead, instead of the scenario's own.")
@set_option
@click.option("--steady", is_flag=True, help="Also give the balance reached if the last year came again and again.")
@click.option(
    "--check",
    type=click.IntRange(_FEWEST, 100_000),
    metavar="N",
    help="Simulate the scenario N times as well, and show how far off the estimates are.",
)
@seed_option
@out_option
@worker_options
def command(
    scenario: str,
    years: int | None,
    overrides: tuple[str, ...],
    steady: bool,
    check: int | None,
    seed: int,
    out: Path,
    workers: Workers,
) -> None:
    """Estimate a scenario's measures at once, without simulating it.

    SCENARIO is a file, or the name of one that ships (see `demandsim list`). The estimate is of the mean of many
    simulations, by flows and stocks in expected values. Beside it stands how far it is off: as measured on the
    baseline, or on the scenario itself with --check.
    """
    from demandsim.calendars import financial_year
    from demandsim.meanfield.errors import known_errors
    from demandsim.meanfield.path import mean_field_of
    from demandsim.meanfield.steady import steady_state
    from demandsim.scenario.read import read_scenario
    from demandsim.scenario.scenario import outside_range

    read = read_scenario(scenario, overrides, years)
    say(f"{read.title} ({read.start.year} to {read.start.year + read.years}, estimated)")
    for name, how in outside_range(read):
        say(f"Note: {name} {how}.")
    tables = mean_field_of(read)
    labels = [financial_year(read.start.year + year) for year in range(read.years)]
    shown = [_Shown(labels[place], tables, 1 + place, labels[place]) for place in sorted({0, read.years - 1})]
    if steady:
        shown.append(_Shown("balance", steady_state(read), 1, None))
    if check:
        with stopping("What is simulated is kept; the same command goes on from there."):
            about, errors = _simulated(read, labels, tables, check, seed, out, workers)
    else:
        about, errors = known_errors()
    _print(shown, errors)
    say()
    say("Error: estimate against simulation, in %, or in points (pts) of a share; ± is what simulation leaves open.")
    say(f"Measured on {about}.")
    if not check and read.changes():
        say("This scenario differs from it: --check 20 measures the error here.")


def _print(shown: list[_Shown], errors: Mapping[tuple[str, str], Known]) -> None:
    """Print the headline measures, each estimate beside its error."""
    from demandsim.results.measures import headline_measures
    from demandsim.results.year import Year

    headings = ["measure", "unit"]
    for column in shown:
        headings += [column.heading, "error"] if column.year else [column.heading]
    rows = []
    for measure in headline_measures():
        row = [measure.label, measure.unit]
        for column in shown:
            row.append(number(float(measure.of(Year(column.tables, column.place))[0])))
            if column.year:
                row.append(_error(measure, errors.get((measure.id, column.year))))
        rows.append(row)
    say(table(headings, rows, left=2))


def _error(measure: Measure, known: Known | None) -> str:
    if known is None or known.estimated != known.estimated:
        return "-"
    if measure.unit.startswith("%"):
        return f"{signed(known.estimated - known.simulated)} ±{number(known.error)} pts"
    if abs(known.simulated) <= known.error:
        return "-"
    off = 100 * (known.estimated / known.simulated - 1)
    return f"{signed(off)} ±{number(100 * known.error / abs(known.simulated))}%"


def _simulated(
    scenario: Scenario, labels: list[str], tables: Tables, check: int, seed: int, out: Path, workers: Workers
) -> tuple[str, dict[tuple[str, str], Known]]:
    """Simulate the scenario, and return how far off its estimates are."""
    from demandsim import __version__
    from demandsim.experiment.run import run
    from demandsim.meanfield.errors import measured

    with progress("Simulating") as tell:
        results = run(scenario, check, seed, out, workers, progress=tell, notice=warn)
    about = f"{scenario.name} as given here, {check} replications, seed {seed}, demandsim {__version__}"
    return about, measured(results.tables, tables, labels)
