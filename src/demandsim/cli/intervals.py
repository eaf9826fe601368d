"""What intervals hold, said under the tables: stochastic variation, or parameter uncertainty too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from demandsim.cli.output import say, table
from demandsim.draws import REPLICATIONS_A_DRAW
from demandsim.experiment.options import RunOptions
from demandsim.results.store import Manifest
from demandsim.results.uncertainty import FEW_MEMBERS, Estimate
from demandsim.scenario.ensemble import in_pairs
from demandsim.scenario.scenario import Scenario

#: Said where nothing names posterior draws.
UNDRAWN = "No scenario here names posterior draws: each parameter has its one value. demandsim calibrate makes draws."
#: How to have parameter uncertainty, whichever command it was, and as `show` says it later.
_ADDED_BY = "--ensemble baseline adds it, in place of --point"
#: Said under a table of what makes the intervals.
SHARES = "Share of the variance between replications that uncertain parameters make; chance makes the rest. Rough."
#: A label, and an estimate for each column.
Row = tuple[str, Sequence[Estimate]]


def settled(options: RunOptions, scenario: Scenario, usual: int | None = None) -> RunOptions:
    """Return options with the number of replications, and say so if it is not what was asked for.

    Args:
        options: as given.
        scenario: with its posterior draws, if it has any.
        usual: replications unless told, if not those of every command.
    """
    given = options.replications or usual
    options = replace(options, replications=given if given is None else in_pairs(scenario, given))
    say_pairs(options, given)
    return replace(options, replications=options.replications_of(scenario))


def say_pairs(options: RunOptions, given: int | None) -> None:
    """Say that there is a replication more than asked for, if there is."""
    if given is not None and options.replications != given:
        say(f"Note: {options.replications} replications, not {given}: each posterior draw has two.")


def say_undrawn(options: RunOptions, scenario: Scenario) -> None:
    """Say where a scenario would draw what is uncertain, and nothing names posterior draws."""
    if scenario.ensemble is None and not options.point:
        say(UNDRAWN)


def say_intervals(manifest: Manifest, least: int | None = None, few: int | None = None) -> None:
    """Say what the intervals of a run hold.

    Args:
        manifest: of the run.
        least: posterior draws used where fewest are, if that is not everywhere the same.
        few: draws below which they say little.
    """
    if manifest.whose:
        say(f"{manifest.whose}.")
    if not manifest.members:
        say(f"Intervals hold stochastic variation only; parameter uncertainty not included ({_ADDED_BY}).")
        return
    used = manifest.members_used if least is None else least
    say(f"Intervals hold parameter uncertainty and stochastic variation: {_ensemble(manifest, used)}.")
    say("Means are over these draws; one value for each parameter (--point) gives other levels.")
    few = FEW_MEMBERS if few is None else few
    if used < few:
        little = f"{used} posterior draw{'s say' if used > 1 else ' says'} little of parameter uncertainty"
        say(f"{little}: {_more(manifest, few, REPLICATIONS_A_DRAW)}.")


def _more(manifest: Manifest, few: int, each: int) -> str:
    if manifest.members < few:
        return f"an ensemble of {few} or more would say more"
    return f"--replications {each * few} or more would say more"


def _ensemble(manifest: Manifest, least: int) -> str:
    used = manifest.members_used
    some = f"{used} of the {manifest.members}" if used < manifest.members else f"all {used}"
    some = f"{least} to {used} of the {manifest.members}" if least < used else some
    each, more = divmod(manifest.replications, used)
    replications = f"{'two' if each == 2 else each}{' or more' if more else ''} replications of each"
    return (
        f"{some} posterior draws of {manifest.ensemble or 'an ensemble'} ({manifest.ensemble_digest}), {replications}"
    )


def print_parts(title: str, headings: Sequence[str], rows: Sequence[Row]) -> None:
    """Print what share of the variance between replications the parameters make; chance makes the rest.

    Args:
        title: above the table.
        headings: one for each estimate in a row.
        rows: of the table.
    """
    say()
    say(title)
    cells = [(label, *map(of_parameters, each)) for label, each in rows]
    say(table(("measure", *headings), cells))
    say(SHARES)


def of_parameters(value: Estimate) -> str:
    """Return what share of the variance the parameters make, as a table has it."""
    whole = value.chance**2 + value.parameters**2
    return f"{100 * value.parameters**2 / whole:.0f}%" if whole > 0 else "-"
