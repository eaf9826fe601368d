"""`demandsim solve`"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from demandsim.cli.options import (
    again_option,
    check_fits,
    ensemble_option,
    out_option,
    scenario_argument,
    seed_option,
    set_option,
    worker_options,
)
from demandsim.cli.output import draw, number, progress, say, say_and_keep, stopping, table, warn
from demandsim.cli.tables import text_width

if TYPE_CHECKING:
    from demandsim.experiment.execute import Workers
    from demandsim.results.solve import Answer, End, Solved
    from demandsim.scenario.scenario import Scenario

#: Ratios that people know as reductions: what a value of 0.8 lowers by a fifth.
REDUCTIONS = {"early_help.relative_risk": "effective early help lowers the hazard of coming back"}


def _ends(context: click.Context, option: click.Parameter, text: str | None) -> tuple[float, float] | None:
    """Return the two ends of a range."""
    if text is None:
        return None
    low, _, high = text.partition(":")
    try:
        return float(low), float(high)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a range, as 0.5:1.5") from None


@click.command(
    epilog="""Examples:

\b
  demandsim solve baseline --param demand.level --measure looked_after --target -10%
  demandsim solve baseline --param workforce.posts --measure caseload --target 16 --by 2018-03-31
  demandsim solve shift_to_prevention --against baseline --param early_help.relative_risk
            --measure extra_spend --target 0

The last one asks how little early help may achieve for the shift still to pay back.
"""
)
@scenario_argument
@click.option("--param", required=True, metavar="NAME", help="The parameter to find a value for.")
@click.option("--measure", default="looked_after", show_default=True, metavar="ID", help="What is to meet the target.")
@click.option(
    "--target",
    required=True,
    metavar="VALUE",
    help="A level, as 450, for one authority; or with its sign a change from SCENARIO as it is, as -10%.",
)
@click.option("--by", metavar="DATE", help="Year, as 2017-18, or a date in it; the last one unless given.")
@click.option(
    "--against",
    metavar="REFERENCE",
    help="The measure is then the difference from this scenario, and a percentage is of its level.",
)
@click.option(
    "--between", callback=_ends, metavar="LOW:HIGH", help="Where to look; the parameter's own range unless given."
)
@click.option(
    "--replications",
    type=click.IntRange(2, 100_000),
    help="Futures at each value: 20 unless given, 40 with --ensemble.",
)
@seed_option
@click.option("--years", type=click.IntRange(1, 30), help="Years to simulate, instead of the scenario's own.")
@set_option
@ensemble_option
@out_option
@worker_options
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Draw the picture.")
@again_option
def command(
    scenario: str,
    param: str,
    measure: str,
    target: str,
    by: str | None,
    against: str | None,
    between: tuple[float, float] | None,
    replications: int | None,
    seed: int,
    years: int | None,
    overrides: tuple[str, ...],
    ensemble: str | None,
    out: Path,
    workers: Workers,
    pictures: bool,
    again: bool,
) -> None:
    """Say what it would take: the value of a parameter at which a measure meets a target.

    The answer is where the mean over replications meets the target. Its 90% interval holds the values at which the
    mean differs from the target by no more than its simulation error: more replications narrow it. Nine in ten
    futures is another matter: chance moves one authority's year, and each future meets the target at its own value.

    With --against, the measure extra_spend and the target 0, the answer is the break-even point. A parameter that is
    not a lever (what early help achieves, say) then has the same value in both scenarios, and so does --set.
    """
    from demandsim.cli.intervals import replications_of
    from demandsim.experiment.run import DEFAULT_REPLICATIONS
    from demandsim.experiment.solve import keep_solved, solve
    from demandsim.scenario.scenario import Scenario

    read = Scenario.read(scenario, overrides, years, ensemble)
    replications = replications_of(read.ensemble is not None, replications, DEFAULT_REPLICATIONS)
    check_fits(read, replications, workers)
    other = _reference(against, read, overrides) if against else None
    say(f"{read.title} ({read.start.year} to {read.start.year + read.years}, {replications} replications a value)")
    with stopping(f"What is finished is kept in {out}; the same command goes on from there."):
        with progress("Simulating") as bar:
            solved = solve(
                *(read, param),
                target=target,
                measure=measure,
                by=by,
                against=other,
                between=between,
                replications=replications,
                seed=seed,
                out=out,
                jobs=workers,
                again=again,
                progress=bar,
                notice=warn,
            )
        folder = keep_solved(solved, out)
        if pictures:
            from demandsim.plots.solve import response

            draw([response(solved)], folder, solved.manifest)
    say_and_keep(folder, lambda: print_solved(solved))
    say()
    say(f"Files: {folder}  (answer.csv, solve.csv{', and the picture' if pictures else ''})")
    say(f"Next:  demandsim explain {scenario} {param}, which says how well its value is known")


def _reference(given: str, scenario: Scenario, overrides: tuple[str, ...]) -> Scenario:
    """Return the reference, with the facts of the world that were set, and without the levers."""
    from demandsim.scenario.read import read_scenario
    from demandsim.scenario.schema import Role

    names = [text.partition("=")[0].strip() for text in overrides]
    facts = [
        text for name, text in zip(names, overrides, strict=True) if scenario.settings[name].declared.role != Role.LEVER
    ]
    return read_scenario(given, facts, scenario.years)


def print_solved(solved: Solved) -> None:
    """Print what was simulated, then each answer in a sentence that can be defended."""
    from demandsim.cli.intervals import say_intervals

    say()
    unit = solved.question.unit
    say(f"{solved.response} in {solved.year}, {unit}" + (f", against: {solved.against}" if solved.against else ""))
    rows = [
        (f"{value:g}", number(one.mean), f"±{number(one.error)}", f"{number(one.low)} to {number(one.high)}")
        for value, one in zip(solved.values, solved.responses, strict=True)
    ]
    say(table((solved.axis.name, "mean", "sim. error", "nine in ten futures"), rows, left=0))
    say_intervals(solved.manifest)
    say()
    if solved.both:
        say(f"{solved.axis.name} is not a lever: it has the same value in both scenarios.")
    if len(solved.answers) > 1:
        say(f"It meets the target more than once: {len(solved.answers)} answers.")
    elif solved.turns:
        say("Note: over this range it both rises and falls.")
    for one in solved.answers:
        say("\n".join(textwrap.wrap(sentence(solved, one), text_width())))


def sentence(solved: Solved, one: Answer) -> str:
    """Return an answer in words."""
    from demandsim.results.points import EXTRA_SPEND, amount

    name = solved.axis.name
    interval = f"90% interval {_span(one.low, one.high, solved)}"
    futures = f"in nine in ten futures the value is from {_span(one.first, one.last, solved)}"
    if solved.question == EXTRA_SPEND and solved.against and solved.target == 0:
        side, other = ("below", "above") if one.rising else ("above", "below")
        text = (
            f"It pays back by the end of {solved.year} where {name} is {side} {one.value:.3g} ({interval}), and not "
            f"{other}"
        )
        if name in REDUCTIONS:
            ends = [None if end is None else 100 * (1 - end) for end in (one.high, one.low)]
            text += (
                f". It stops paying back if {REDUCTIONS[name]} by {'less' if one.rising else 'more'} than "
                f"{100 * (1 - one.value):.0f}% (90% interval {_percent(ends[0])} to {_percent(ends[1])})"
            )
    else:
        response = solved.response
        text = (
            f"{response} in {solved.year}: {amount(solved.target, solved.question.unit)} on average where {name} is "
            f"{one.value:.3g} ({interval}), {'lower' if one.rising else 'higher'} below it and "
            f"{'higher' if one.rising else 'lower'} above"
        )
    return f"{text}; {futures}. It is {solved.axis.now:g} in the scenario ({solved.axis.basis})."


def _percent(end: End) -> str:
    return "beyond the range" if end is None else f"{end:.0f}%"


def _span(low: End, high: End, solved: Solved) -> str:
    left = f"below {solved.values[0]:g}" if low is None else f"{low:.3g}"
    right = f"above {solved.values[-1]:g}" if high is None else f"{high:.3g}"
    return f"{left} to {right}"
