"""What a page says of itself: how far to trust it, its measured errors, and how it was made."""

from __future__ import annotations

from demandsim.page.design import FEW
from demandsim.page.make import OF_A_CHECK, OF_A_WHAT_IF, Made
from demandsim.page.outputs import Output
from demandsim.page.trial import BAR_ALL, BAR_FEW, Error


def _off(one: Output, off: float) -> str:
    return f"{off:.1f} points" if one.share else f"{100 * off:.1f}%"


def error_words(one: Output, error: Error) -> str:
    """Return what stands under a picture."""
    few, every = _off(one, error.off_few), _off(one, error.off_all)
    return f"Measured error, 95 answers in 100: within {few} with up to {FEW} levers moved, {every} with all."


def error_row(one: Output, error: Error) -> dict[str, str]:
    """Return a row of the table of errors."""
    shown = {
        (True, True): "numbers",
        (True, False): f"numbers up to {FEW} levers, then words",
        (False, True): f"words up to {FEW} levers, then numbers",
        (False, False): "words only",
    }
    return {
        "label": one.label,
        "bar": f"{one.near:g} points" if one.in_points else f"{100 * one.near:g}% of it",
        "off_few": _off(one, error.off_few),
        "near_few": f"{100 * error.near_few:.0f}%",
        "off_all": _off(one, error.off_all),
        "near_all": f"{100 * error.near_all:.0f}%",
        "shown": shown[error.good_few, error.good_all],
    }


def trust(made: Made) -> list[str]:
    """Return how far to trust a page, in paragraphs."""
    tried = made.trial
    few, every, signs = (f"{100 * share:.1f}%" for share in (tried.few, tried.every, tried.signs))
    return [
        f"The emulator was tested on {tried.settings} settings that it was not fitted to, each simulated "
        f"{tried.replications} times. Half of them move up to three levers, half move all. An answer is right "
        "within the tolerance of its measure, or within twice the standard error of a simulation of 20 replications.",
        f"With few levers moved, {few} of answers by year are within tolerance (required: {100 * BAR_FEW:.0f}%). With "
        f"all moved, {every} are (required: {100 * BAR_ALL:.0f}%). Of clear differences from the reference, {signs} "
        "have the right sign.",
        f"The 90% intervals hold {100 * tried.held:.0f}% of simulated values on average, and "
        f"{100 * tried.fewest_held:.0f}% for the setting where they hold fewest.",
        "A setting that acts from a later year is answered with the differences of the first year, shifted. Half of "
        "the test runs with few levers begin later.",
        "The emulator is as good as the model at most. The model is a set of stated mechanisms with stated judgements: "
        "use it to compare courses of action, not to forecast a budget.",
    ]


def how_made(made: Made) -> list[str]:
    """Return how a page was made, in paragraphs."""
    asked, draws = made.asked, made.asked.scenario.ensemble
    uncertain = (
        "Each replication has a posterior draw, so intervals hold parameter uncertainty and stochastic variation."
        if draws
        else "Parameters have one value each: intervals hold stochastic variation only."
    )
    return [
        f"{made.simulations:,} simulations, seed {asked.seed}: {asked.replications} of the reference, one of each of "
        f"{asked.settings:,} training runs, {OF_A_CHECK} of each of {2 * asked.checks} test settings, and "
        f"{OF_A_WHAT_IF} of each what-if that sliders can't express. Each replication has the same random draws in all "
        f"of them. {uncertain}",
        "The page needs no network and sends nothing. Made by:",
    ]
