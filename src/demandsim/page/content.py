"""What stands on a page, for its template and its script: words, pictures, tables, and the emulator's numbers."""

from __future__ import annotations

import base64
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demandsim import __version__
from demandsim.calendars import financial_year
from demandsim.evidence import series, targets
from demandsim.page.answers import HALF, Answer
from demandsim.page.emulator import QUADRATIC
from demandsim.page.make import OF_A_CHECK, REFERENCE, Made, Preset
from demandsim.page.outputs import SECTIONS, SPEND, Output
from demandsim.page.pictures import FRAME, picture, plain
from demandsim.page.trial import BAR_ALL, BAR_FEW, Error
from demandsim.plots.style import PUBLISHED
from demandsim.problems import one_line
from demandsim.scenario.files import shipped
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.resolved import number_text, quoted
from demandsim.scenario.scenario import Scenario

Array = NDArray[np.float64]

#: Groups of levers that are open at first.
_OPEN_GROUPS = 1
_COUNTED = ("children", "per year", "full-time equivalents", "child-months")
_LIVE = ("With these settings (90% interval)", "Difference (90% interval)")


def decimals_of(one: Output, usual: float) -> int:
    """Return how many decimals a measure is shown with."""
    if one.unit.startswith("%") or one.unit == "cases per worker":
        return 1
    if one.unit.startswith("£"):
        return 1 if usual >= 10 else 2
    return 0 if usual >= 20 else 1


def labels_of(scenario: Scenario) -> list[str]:
    """Return the labels of a scenario's years."""
    return [financial_year(scenario.start.year + year) for year in range(scenario.years)]


def content(made: Made, command: str, serve: str = "") -> dict[str, Any]:
    """Return what the template of a page is filled with.

    Args:
        made: the page.
        command: that makes it.
        serve: token of the server that the page may ask to simulate; empty for a file.
    """
    scenario = made.asked.scenario
    labels = labels_of(scenario)
    return {
        "title": one_line(scenario.title),
        "version": __version__,
        "lead": _lead(made, labels),
        "finding": _finding(made, labels),
        "detail": "Without JavaScript this page is a report of the reference.",
        "what_ifs": [_preset(one) for one in made.presets],
        "starts": [f"April {scenario.start.year + year}" for year in range(max(1, scenario.years - 1))],
        "groups": _groups(made),
        "open_groups": _OPEN_GROUPS,
        "parts": _parts(made, labels),
        "frame": FRAME,
        "trust": _trust(made),
        "errors": [_error_row(one, error) for one, error in zip(made.answers.measures, made.trial.errors, strict=True)],
        "made": _made(made),
        "command": command,
        "sources": f"{PUBLISHED} Simulated with demandsim {__version__}; values of the scenario have their own sources above.",
        "model": _model(made, labels, serve),
    }


def _lead(made: Made, labels: list[str]) -> str:
    scenario = made.asked.scenario
    children = scenario.settings["population.children"].value
    assert isinstance(children, float)
    return (
        f"An authority of {children:,.0f} children, {labels[0]} to {labels[-1]}. Move a lever and see what follows: "
        f"an emulator fitted to {made.simulations:,} simulations answers at once, and says how far off it may be."
    )


def _finding(made: Made, labels: list[str]) -> str:
    reference, one = made.answers.reference, made.answers.measures[0]
    decimals = decimals_of(one, float(reference.mean[-1, 0]))
    ends = [plain(float(end[-1, 0]), decimals) for end in (reference.mean, reference.low, reference.high)]
    return f"{ends[0]} {one.label.lower()} in {labels[-1]} on the reference (90% interval {ends[1]} to {ends[2]})."


def _preset(preset: Preset) -> dict[str, Any]:
    scenario = preset.scenario
    return {
        "name": scenario.name,
        "title": one_line(scenario.title),
        "why": one_line(scenario.why),
        "because": preset.because,
        "values": list(preset.sliders.values) if preset.sliders else None,
        "start": preset.sliders.start if preset.sliders else 0,
        "answer": answer_numbers(preset.answer, preset.back) if preset.answer else None,
    }


def answer_numbers(answer: Answer, back: float) -> dict[str, Any]:
    """Return a simulated answer as the page's script has those of the emulator."""
    names = {
        "mean": answer.mean,
        "low": answer.low,
        "high": answer.high,
        "difference": answer.difference,
        "less": answer.difference_low,
        "more": answer.difference_high,
    }
    cost = {"mean": answer.cost, "low": answer.cost_low, "high": answer.cost_high}
    return {
        "measures": [
            {name: _short(values[:, place]) for name, values in names.items()} for place in range(answer.mean.shape[1])
        ],
        "cost": {**{name: _short(values) for name, values in cost.items()}, "back": back},
    }


def _short(values: Array) -> list[float]:
    """Return numbers with as many figures as a page shows; where there is none, nothing."""
    return [float(f"{value:.5g}") for value in np.nan_to_num(values)]


def _groups(made: Made) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for place, lever in enumerate(made.asked.levers):
        numbers = {name: f"{getattr(lever, name):.6g}" for name in ("now", "low", "high", "step")}
        declared = [f"{end:g}" for end in lever.declared]
        entry = {**asdict(lever), **numbers, "place": place, "declared": declared}
        groups.setdefault(lever.group, []).append({**entry, "meaning": PARAMETERS[lever.name].meaning})
    return [{"title": title, "levers": levers} for title, levers in groups.items()]


def _parts(made: Made, labels: list[str]) -> list[dict[str, Any]]:
    places = {one.id: place for place, one in enumerate(made.answers.measures)}
    parts = [
        {
            "title": section.title,
            "folded": section.folded,
            "pictures": [_picture(made, places[name], labels) for name in section.measures],
        }
        for section in SECTIONS
    ]
    money = {"title": "Cost and payback", "folded": False, "pictures": [_cost_picture(made, labels)]}
    return [*parts[:3], money, *parts[3:]]


def _picture(made: Made, place: int, labels: list[str]) -> dict[str, Any]:
    answers, one = made.answers, made.answers.measures[place]
    reference, error = answers.reference, made.trial.errors[place]
    mean, ends = reference.mean[:, place], (reference.low[:, place], reference.high[:, place])
    decimals = decimals_of(one, float(np.nanmean(mean)))
    span = [float(made.low[place]), float(made.high[place])]
    for preset in made.presets:
        if preset.answer:
            span += [float(np.nanmin(preset.answer.mean[:, place])), float(np.nanmax(preset.answer.mean[:, place]))]
    published = _published(made.asked.scenario, one, labels)
    drawn = picture(one.label, one.unit, labels, mean, ends, (min(span), max(span)), decimals, published)
    last = [plain(float(values[-1]), decimals) for values in (mean, *ends)]
    return {
        **drawn,
        "place": place,
        "large": False,
        "says": f"{last[0]} in {labels[-1]} (90% interval {last[1]} to {last[2]})",
        "error": _error_words(one, error),
        "in_words": not error.good,
        "headings": ("Reference (90% interval)", "Published"),
        "live": _LIVE,
    }


def _cost_picture(made: Made, labels: list[str]) -> dict[str, Any]:
    nothing = np.zeros(len(labels))
    most = _most_cost(made)
    drawn = picture(
        "Cost so far against the reference", "£ million, cash", labels, nothing, (nothing, nothing), (-most, most), 1
    )
    return {
        **drawn,
        "rows": [{"year": label, "cells": []} for label in labels],
        "place": -1,
        "large": True,
        "says": "The reference is the zero line. Above it, more has been spent since the first year; below, less.",
        "error": "All lines of spend together, added up over the years. It has paid back where the line stays at or below zero.",
        "in_words": False,
        "headings": (),
        "live": ("Cost so far (90% interval)",),
    }


def _most_cost(made: Made) -> float:
    """Return how far the cost of a setting goes from nothing: that of a lever at its end, or of a what-if."""
    levers = len(made.asked.levers)
    ends = [
        made.answers.answer(np.eye(levers)[lever] * sign, 0).cost for lever in range(levers) for sign in (-1.0, 1.0)
    ]
    ends += [preset.answer.cost for preset in made.presets if preset.answer]
    return max(0.5, float(np.quantile(np.abs(ends).max(axis=1), 0.95)))


def _published(scenario: Scenario, one: Output, labels: list[str]) -> dict[int, float]:
    """Return published figures at the size of the authority, by place of the year."""
    share = scenario.scale_to_england if one.scales else 1.0
    found = {point.year: point.value / share for point in series() if point.measure == one.id}
    found |= {target.year: target.value / share for target in targets() if target.measure == one.id}
    return {labels.index(year): value for year, value in found.items() if year in labels}


def _off(one: Output, error: Error) -> str:
    return f"{error.off:.1f} points" if one.share else f"{100 * error.off:.1f}%"


def _error_words(one: Output, error: Error) -> str:
    measured = f"Measured error: within {_off(one, error)} of the simulation's mean in 95 of 100 checks."
    return measured if error.good else f"{measured} That misses the bar, so this moves in words only."


def _error_row(one: Output, error: Error) -> dict[str, str]:
    bar = f"{one.near:g} points" if one.in_points else f"{100 * one.near:g}%"
    return {
        "label": one.label,
        "off": _off(one, error),
        "bar": bar,
        "few": f"{100 * error.few:.0f}%",
        "every": f"{100 * error.every:.0f}%",
        "shown": "number" if error.good else "words only",
    }


def _trust(made: Made) -> list[str]:
    tried = made.trial
    return [
        f"The emulator was tried on {tried.settings} settings that it had not seen, each simulated {tried.replications} "
        f"times: half with up to three levers moved, half with all. An answer is near enough within the bar of its measure, "
        "or within twice the standard error of a simulation of 20 replications.",
        f"With few levers moved {100 * tried.few:.1f}% of answers by year are near enough (bar {100 * BAR_FEW:.0f}%), with all "
        f"moved {100 * tried.every:.1f}% (bar {100 * BAR_ALL:.0f}%). Of clear differences from the reference "
        f"{100 * tried.signs:.1f}% have the right sign. The 90% intervals hold {100 * tried.held:.0f}% of simulated values on "
        f"average, and {100 * tried.fewest_held:.0f}% where they hold fewest.",
        "A setting that acts from a later year is answered with the differences of the first year, shifted. Half of the checks "
        "with few levers begin later.",
        "The emulator is as good as the model at most. The model is a set of stated mechanisms with stated judgements: use it "
        "to compare courses of action, not to forecast a budget.",
    ]


def _made(made: Made) -> list[str]:
    asked, draws = made.asked, made.asked.scenario.ensemble
    uncertain = (
        f"Each replication has a posterior draw ({draws.file or 'of the scenario'}), so intervals hold parameter uncertainty "
        "and stochastic variation."
        if draws
        else "Parameters have one value each: intervals hold stochastic variation only."
    )
    return [
        f"{made.simulations:,} simulations, seed {asked.seed}: {REFERENCE} of the reference, one of each of {asked.settings:,} "
        f"settings to learn from, {OF_A_CHECK} of each of {2 * asked.checks} checks, and of the what-ifs that sliders can't "
        f"express. The same random draws in each replication. {uncertain}",
        "The page needs no network and sends nothing. Made by:",
    ]


# -- what the script reads --------------------------------------------------------------------------------------------


def _model(made: Made, labels: list[str], serve: str) -> dict[str, Any]:
    answers, emulator = made.answers, made.answers.emulator
    return {
        "years": len(labels),
        "levers": len(made.asked.levers),
        "half": HALF,
        "share": QUADRATIC,
        "pairs": emulator.pairs,
        "quadratic": _packed(emulator.quadratic),
        "scale": _packed(emulator.scale),
        "networks": [
            [
                {"rows": layer[0].shape[0], "columns": layer[0].shape[1], "weights": _packed(layer[0]), "added": _packed(layer[1])}
                for layer in network
            ]
            for network in emulator.networks
        ],
        "spread": _packed(answers.spread),
        "cost_spread": _packed(answers.cost_spread),
        "measures": [_measure(made, place) for place in range(len(answers.measures))],
        "what_ifs": [_preset(one) for one in made.presets],
        "page": _page(made, labels),
        "serve": serve,
    }


def _packed(values: Array) -> str:
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode("ascii")


def _measure(made: Made, place: int) -> dict[str, Any]:
    one, reference, error = made.answers.measures[place], made.answers.reference, made.trial.errors[place]
    return {
        "id": one.id,
        "label": one.label,
        "unit": one.unit,
        "share": one.share,
        "offset": one.offset,
        "spend": one.id in SPEND,
        "counted": one.unit in _COUNTED,
        "decimals": decimals_of(one, float(np.nanmean(reference.mean[:, place]))),
        "tellable": error.good,
        "blur": float(f"{error.blur:.4g}"),
        **{name: _short(getattr(reference, name)[:, place]) for name in ("mean", "low", "high")},
    }


def _page(made: Made, labels: list[str]) -> dict[str, Any]:
    scenario = made.asked.scenario
    levers = [
        {name: getattr(lever, name) for name in ("name", "label", "unit", "now", "low", "high", "step", "width")}
        for lever in made.asked.levers
    ]
    path = Path(scenario.lineage[0])
    ships = path in shipped().values()
    return {
        "title": one_line(scenario.title),
        "labels": labels,
        "levers": levers,
        "start": 1 if len(labels) > 2 else 0,
        "first_year": scenario.start.year,
        "cost_decimals": 1 if _most_cost(made) >= 2 else 2,
        "frame": FRAME,
        "extends": _extends(scenario, path, ships),
        "reference": scenario.name if ships else path.name,
        "beside": "" if ships else f"; put it beside {path.name}",
    }


def _extends(scenario: Scenario, path: Path, ships: bool) -> list[str]:
    """Return the lines of a saved scenario that lead back to this one, with what the command line changed."""
    lines = [f"extends = {quoted(scenario.name if ships else path.name)}", f"years = {scenario.years}"]
    for name, setting in scenario.changes().items():
        if setting.file == "--set":
            lines += ["", f'[set."{name}"]', f"value = {number_text(setting.value)}", f"because = {quoted(setting.source)}"]
    return lines
