"""`demandsim solve`"""

from __future__ import annotations

import textwrap
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from demandsim.cli.options import check_fits, reference_with, run_options, scenario_argument, set_option
from demandsim.cli.output import draw, number, say, say_and_keep, stages, stopping_keeps, table
from demandsim.cli.tables import text_width
from demandsim.problems import typed

if TYPE_CHECKING:
    from demandsim.experiment.options import RunOptions
    from demandsim.results.meeting import Answer, End, Stretch
    from demandsim.results.solve import Solved
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
@set_option
@run_options(
    "Replications at each value: two of each of 100 posterior draws unless given; 20 with point values.",
    again="Rerun even if the points are there.",
)
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Draw the picture.")
def command(
    scenario: str,
    param: str,
    measure: str,
    target: str,
    by: str | None,
    against: str | None,
    between: tuple[float, float] | None,
    overrides: tuple[str, ...],
    options: RunOptions,
    pictures: bool,
) -> None:
    """Say what it would take: the value of a parameter at which a measure meets a target.

    The answer is where the mean over replications meets the target. Its 90% interval holds the values at which the
    mean differs from the target by no more than its simulation error: more replications narrow it. Nine in ten
    replications is another matter: chance moves one authority's year, and each meets the target at its own value.

    Where the response is flat at the target, the answer is a range of values and its edge. That the target is met
    nowhere in the range is an answer too. Far from the answers each value has 40 replications.

    With --against, the measure extra_spend and the target 0, the answer is the break-even point. A parameter that is
    not a lever (what early help achieves, say) then has the same value in both scenarios, and so does --set.
    """
    from demandsim.cli.intervals import say_undrawn, settled
    from demandsim.scenario.read import read_scenario

    read = options.drawn(read_scenario(scenario, overrides, options.years))
    options = settled(options, read)
    check_fits(read, options)
    other = reference_with(against, read, overrides) if against else None
    many = f"{options.replications} replications a value"
    say(f"{read.title} ({read.start.year} to {read.start.year + read.years}, {many})")
    asked: dict[str, Any] = {"target": target, "measure": measure, "by": by, "against": other, "between": between}
    solved, folder = _solved(read, param, asked, options, pictures)

    def say_it() -> None:
        print_solved(solved)
        say_undrawn(options, read)

    say_and_keep(folder, say_it)
    say()
    say(f"Files: {folder}  (answer.csv, solve.csv{', and the picture' if pictures else ''})")
    say(f"Next:  {typed('demandsim', 'explain', scenario, param)}, which says how well its value is known")


def _solved(
    scenario: Scenario, param: str, asked: dict[str, Any], options: RunOptions, pictures: bool
) -> tuple[Solved, Path]:
    """Simulate, with progress; keep the answer, and draw it if pictures are wanted."""
    from demandsim.experiment.solve import keep_solved, solve

    with stopping_keeps(options.out):
        with stages() as on_progress:
            solved = solve(scenario, param, **asked, options=replace(options, on_progress=on_progress))
        folder = keep_solved(solved, options.out)
        if pictures:
            from demandsim.plots.solve import response

            draw([response(solved)], folder, solved.manifest)
    return solved, folder


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
    say(table((solved.axis.name, "mean", "MC error", "90% interval"), rows, left=0))
    say_intervals(solved.manifest)
    say()
    if solved.both:
        say(f"{solved.axis.name} is not a lever: it has the same value in both scenarios.")
    if len(solved.answers) > 1:
        say(f"It meets the target more than once: {len(solved.answers)} answers.")
    elif solved.turns:
        say("Note: over this range it both rises and falls.")
    for text in sentences(solved):
        say(textwrap.fill(text, text_width()))


def sentences(solved: Solved) -> list[str]:
    """Return what was found in words: each answer, each stretch; or that the target is met nowhere."""
    found = [sentence(solved, one) for one in solved.answers] + [stretch(solved, one) for one in solved.stretches]
    return found or [nowhere(solved)]


def stretch(solved: Solved, one: Stretch) -> str:
    """Return in words where the mean meets the target, and over which values its error can't tell it from that."""
    low = f"{one.low:.3g}, the start of the range," if one.before is None else f"about {one.low:.3g}"
    high = f"{one.high:.3g}, the end of the range" if one.after is None else f"about {one.high:.3g}"
    span = f"{one.low:.3g}" if one.low == one.high else f"from {low} to {high}"
    edges = [
        f"at {outer:.3g} it is {'higher' if higher else 'lower'}"
        for outer, higher in ((one.before, one.higher_before), (one.after, one.higher_after))
        if outer is not None
    ]
    if solved.met_throughout(one):
        start = f"{solved.response} in {solved.year}: the target of {solved.target_words} is met where"
        text = f"{start} {_name(solved)} is {span}"
    else:
        inside = (solved.values >= one.low) & (solved.values <= one.high)
        comma = "," * (one.after is None and one.low < one.high)
        many = min(len(found) for found, within in zip(solved.found, inside, strict=True) if within)
        text = f"{_best(solved, one)}. With the error of {many} replications anything {span}{comma} can't be ruled out"
    return "; ".join([text, *edges]) + _now(solved)


def _best(solved: Solved, one: Stretch) -> str:
    """Return where in a stretch the mean meets the target; or where it comes nearest, if it does nowhere."""
    from demandsim.results.points import amount
    from demandsim.results.words import listed

    start, name = f"{solved.response} in {solved.year}", _name(solved)
    means = [amount(mean.mean, solved.question) for mean in solved.responses]
    met = solved.met_on_average(one)
    if not met:
        gaps = abs(solved.curve.mean - solved.target)
        near = int(gaps.argmin())
        at = f"{means[near]} where {name} is {solved.values[near]:.3g}"
        return f"{start}: on average it comes nearest to the target of {solved.target_words} with {at}"
    text = f"{start}: on average the target of {solved.target_words} is met where {name} is about "
    text += listed([f"{value:.3g}" for value in met])
    after = int((solved.values < met[0]).sum())
    if len(met) > 1 or not after or solved.values[after] == met[0]:
        return text
    last = ", the highest tried" if after == len(means) - 1 else ""
    sides = [f"{means[place]} at {solved.values[place]:.3g}" for place in (after - 1, after)]
    return f"{text}: it is {sides[0]} and {sides[1]}{last}"


def _name(solved: Solved) -> str:
    """Return the name of the parameter with its unit; money a child is of every child who lives in the area."""
    unit = solved.axis.unit
    unit += ", every child of the area" if unit.startswith("£ a child") else ""
    return solved.axis.name if unit == "ratio" else f"{solved.axis.name} ({unit})"


def _now(solved: Solved) -> str:
    return f". It is {solved.axis.now:g} in the scenario ({solved.axis.basis})."


def nowhere(solved: Solved) -> str:
    """Return in words that the target is met nowhere in the range, and what the response is instead."""
    from demandsim.results.points import EXTRA_SPEND, amount

    each, asked, name = solved.responses, solved.question, solved.axis.name
    low, high = (pick(range(len(each)), key=lambda place: each[place].mean) for pick in (min, max))
    ends = [f"{amount(each[at].mean, asked)} (±{each[at].error:.2g}) at {solved.values[at]:.3g}" for at in (low, high)]
    span = f"With {name} from {solved.values[0]:g} to {solved.values[-1]:g}"
    if asked == EXTRA_SPEND and solved.against and solved.target == 0:
        met = "pays back nowhere" if each[low].mean > 0 else "costs less than the reference everywhere"
        start = f"{span} it {met} by the end of {solved.year}: its extra spend"
    else:
        response = f"{solved.response[0].lower()}{solved.response[1:]}"
        start = f"{span} the target of {solved.target_words} is met nowhere: {response}"
    if solved.still:
        return f"{start} is {ends[0].split(' at ')[0]} throughout. {name} does next to nothing to it."
    return f"{start} in {solved.year} lies between {ends[0]} and {ends[1]}. A wider range: --between low:high."


def sentence(solved: Solved, one: Answer) -> str:
    """Return an answer in words."""
    from demandsim.results.points import EXTRA_SPEND

    name = solved.axis.name
    interval = f"90% interval {_span(one.low, one.high, solved)}"
    each = f"nine in ten replications meet it at values from {_span(one.first, one.last, solved)}"
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
            f"{response} in {solved.year}: {solved.target_words} on average where {_name(solved)} is "
            f"{one.value:.3g} ({interval}), {'lower' if one.rising else 'higher'} below it and "
            f"{'higher' if one.rising else 'lower'} above"
        )
    return f"{text}; {each}{_now(solved)}"


def _percent(end: End) -> str:
    return "beyond the range" if end is None else f"{end:.0f}%"


def _span(low: End, high: End, solved: Solved) -> str:
    left = f"below {solved.values[0]:g}" if low is None else f"{low:.3g}"
    right = f"above {solved.values[-1]:g}" if high is None else f"{high:.3g}"
    return f"{left} to {right}"
