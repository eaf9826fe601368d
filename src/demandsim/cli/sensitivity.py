"""What the differences of a comparison turn on, as it is printed."""

from __future__ import annotations

import textwrap

from demandsim.cli.output import number, say, signed, table
from demandsim.cli.tables import text_width
from demandsim.results.comparison import Comparison
from demandsim.results.sensitivity import Sensitivity
from demandsim.results.words import figures


def print_sensitivity(comparison: Comparison) -> None:
    """Print for each what-if which parameters its differences turn on; nothing if that was not asked for."""
    every = [(place, other) for place, other in enumerate(comparison.others, start=1) if other.sensitivity]
    if not every:
        return
    for place, other in every:
        for one in other.sensitivity:
            say()
            what = f"what {one.label} {_when(one)} turns on, {one.unit}; as drawn {_drawn(one)}"
            say(textwrap.fill(f"{place}. {other.name}: {what}", text_width()))
            say(table(("parameter", "5%", "95%", "at 5%", "at 95%", "apart", "error", "variance"), _rows(one)))
            rest = max(0.0, one.parameters - sum(effect.share for effect in one.effects))
            say(
                f"Of the variance: these {_percent(one.parameters - rest)}, other parameters {_percent(rest)}, chance "
                f"alone {_percent(one.chance)}."
            )
    one = every[0][1].sensitivity[0]
    say()
    text = (
        "5%, 95%: of the posterior. At 5%, at 95%: the mean difference with the parameter there, all others as drawn, "
        f"{one.replications} replications; (not told apart) in brackets. The parameters were chosen from "
        f"{one.screened} by regression over the draws, so that one which makes little of the variance may be missing. "
        "Shares are rough: they come from a linear regression, without interactions."
    )
    say(textwrap.fill(text, text_width()))
    say("What a parameter is: demandsim explain baseline NAME.")


def _rows(one: Sensitivity) -> list[tuple[str, ...]]:
    return [
        (
            effect.key,
            figures(effect.low),
            figures(effect.high),
            signed(effect.at_low.mean),
            signed(effect.at_high.mean),
            signed(effect.swing.mean) if effect.seen else f"({signed(effect.swing.mean)})",
            f"±{number(effect.swing.error)}",
            _percent(effect.share),
        )
        for effect in one.effects
    ]


def _when(one: Sensitivity) -> str:
    return one.when if one.of_whole_run else f"in {one.when}"


def _drawn(one: Sensitivity) -> str:
    return f"{signed(one.drawn.mean)} ±{number(one.drawn.error)}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"
