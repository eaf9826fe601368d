"""Options that several commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from demandsim.experiment.workers import Workers

if TYPE_CHECKING:
    from demandsim.experiment.options import RunOptions
    from demandsim.scenario.scenario import Scenario


def retired(successor: str) -> Callable[[click.Context, click.Parameter, object], None]:
    """Return what answers an option that is no more: one sentence that names its successor."""

    def answer(context: click.Context, option: click.Parameter, value: object) -> None:
        if value is not None:
            raise click.UsageError(f"{option.opts[0]} went with version 0.2.0: {successor} takes its place.", context)

    return answer


scenario_argument = click.argument("scenario")
set_option = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="NAME=VALUE",
    help="Give a parameter another value. Repeat for several.",
)
out_option = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("results"),
    show_default=True,
    help="Folder in which the results folder is made.",
)
seed_option = click.option("--seed", type=click.IntRange(0), default=2015, show_default=True, help="Master seed.")
ensemble_option = click.option(
    "--ensemble",
    metavar="FILE",
    help="Draw what is uncertain from FILE, which `demandsim calibrate` writes, or from the ensemble that ships, "
    "by the name baseline: intervals then hold what is not known of the parameters, and chance.",
)
point_option = click.option(
    "--point",
    is_flag=True,
    help="Give every parameter its one value, instead of the posterior draws that the scenario names: intervals then "
    "hold stochastic variation only.",
)
targets_option = click.option(
    "--targets",
    "figures",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV of figures of your own, in the columns of targets.csv. Those that the scenario names unless given, or "
    "those that ship.",
)
_worker_options = (
    click.option("--jobs", type=click.IntRange(1), help="Processes to use; all of the machine's cores unless given."),
    click.option(
        "--executor",
        type=click.Choice(["processes", "serial", "dask"]),
        help="Who does the work: processes (unless given), this process alone, or a Dask cluster.",
    ),
    click.option(
        "--no-wait", is_flag=True, help="Leave, rather than wait, if another command is writing the same results."
    ),
    click.option("--scheduler", metavar="ADDRESS", help="A running Dask scheduler, as tcp://host:8786."),
)


def worker_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say who does the work; it is called with `workers`."""

    @functools.wraps(command)
    def with_workers(
        jobs: int | None, executor: str | None, scheduler: str | None, no_wait: bool, **others: Any
    ) -> None:
        command(workers=_workers(jobs, executor, scheduler, not no_wait), **others)

    for option in reversed(_worker_options):
        with_workers = option(with_workers)
    return with_workers


#: Options of a command that are fields of `RunOptions` as they are.
_OF_A_RUN = ("replications", "seed", "years", "out", "rerun")


def run_options(
    replications: str, fewest: int = 2, again: str | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return what gives a command the options that say how to simulate; it is called with `options`.

    Args:
        replications: what `--replications` means to it.
        fewest: replications that it takes.
        again: what `--again` does; none if it has no such option.
    """
    given: list[Callable[[Callable[..., None]], Callable[..., None]]] = [
        click.option("--replications", type=click.IntRange(fewest, 100_000), help=replications),
        seed_option,
        click.option("--years", type=click.IntRange(1, 30), help="Years to simulate, instead of the scenario's own."),
        ensemble_option,
        point_option,
        out_option,
        worker_options,
    ]
    if again:
        given.append(click.option("--again", "rerun", is_flag=True, help=again))

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def with_options(workers: Workers, ensemble: str | None, point: bool, **others: Any) -> None:
            told = {name: others.pop(name) for name in _OF_A_RUN if name in others}
            command(options=_options(workers, ensemble, point, told), **others)

        wrapped: Callable[..., None] = with_options
        for option in reversed(given):
            wrapped = option(wrapped)
        return wrapped

    return decorated


def _options(workers: Workers, ensemble: str | None, point: bool, others: dict[str, Any]) -> RunOptions:
    from demandsim.cli.output import warn
    from demandsim.experiment.options import RunOptions

    if point and ensemble:
        raise click.UsageError("give --point or --ensemble, not both: point values, or posterior draws.")
    return RunOptions(**others, jobs=workers, ensemble=ensemble, point=point, notice=warn)


def check_fits(scenario: Scenario, options: RunOptions, authorities: int = 0) -> None:
    """Refuse a run that is too large for the machine; of a cluster nothing is known.

    Raises:
        UserError: with an estimate of time and memory.
    """
    from demandsim.scenario.size import check_size

    workers = options.workers if isinstance(options.workers, Workers) else Workers(options.workers)
    if not workers.scheduler:
        jobs = 1 if workers.executor == "serial" else workers.jobs
        check_size(scenario, options.replications_of(scenario), authorities, jobs)


def reference_with(given: str, scenario: Scenario, overrides: tuple[str, ...]) -> Scenario:
    """Return the reference, with the facts of the world that were set, and without the levers."""
    from demandsim.scenario.read import read_scenario
    from demandsim.scenario.schema import Role

    names = [text.partition("=")[0].strip() for text in overrides]
    facts = [
        text for name, text in zip(names, overrides, strict=True) if scenario.settings[name].declared.role != Role.LEVER
    ]
    return read_scenario(given, facts, scenario.years)


def _workers(jobs: int | None, executor: str | None, scheduler: str | None, wait: bool) -> Workers:
    if scheduler and executor not in (None, "dask"):
        raise click.UsageError(f"--scheduler goes with --executor dask, not with {executor}")
    if scheduler and jobs:
        raise click.UsageError("--jobs is for this machine; a running cluster's workers are all used")

    from demandsim.experiment.options import default_jobs

    return Workers(jobs or default_jobs(), executor or ("dask" if scheduler else "processes"), scheduler, wait)
