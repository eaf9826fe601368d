"""What stands on a page, for its template: words, pictures, tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demandsim import __version__
from demandsim.evidence import Target, targets
from demandsim.page.about import error_row, error_words, how_made, trust
from demandsim.page.design import FEW
from demandsim.page.make import Made, Preset
from demandsim.page.numbers import decimals_of, labels_of, model_of, most_cost, preset_of
from demandsim.page.outputs import SECTIONS, Output
from demandsim.page.pictures import FRAME, picture, plain, signed
from demandsim.plots.tolerance_axis import credit_of
from demandsim.problems import one_line
from demandsim.results.beside import points
from demandsim.results.fit_rows import own_targets, word_for
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.scenario import Scenario

Array = NDArray[np.float64]

#: Groups of levers that are open at first.
_OPEN_GROUPS = 1
#: Share of levers at their ends that go beyond the scale of differences, at either side.
_REST = 0.03
_LIVE = ("With these settings (90% interval)", "Difference (90% interval)")


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
        "what_ifs": [{**preset_of(one), "comes_to": _comes_to(made, one)} for one in made.presets],
        "starts": [f"April {scenario.start.year + year}" for year in range(max(1, scenario.years - 1))],
        "groups": _groups(made),
        "open_groups": _OPEN_GROUPS,
        "parts": _parts(made, labels),
        "frame": FRAME,
        "trust": trust(made),
        "errors": [error_row(one, error) for one, error in zip(made.answers.measures, made.trial.errors, strict=True)],
        "made": how_made(made),
        "command": command,
        "sources": f"{credit_of(_figures(scenario))} Simulated with demandsim {__version__}. The levers' sources stand "
        "above.",
        "model": model_of(made, labels, serve, f"{command.rpartition(' --out ')[0]} --serve"),
        "last_year": labels[-1],
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


def _comes_to(made: Made, preset: Preset) -> str:
    """Return in words what a what-if comes to in the last year, as the script has it; the sliders' by the emulator."""
    answers, one = made.answers, made.answers.measures[0]
    answer = preset.answer
    if preset.sliders:
        levers = made.asked.levers
        scaled = [lever.scaled(value) for lever, value in zip(levers, preset.sliders.values, strict=True)]
        answer = answers.answer(np.array(scaled), preset.sliders.start)
    assert answer is not None
    decimals = decimals_of(one, float(answers.reference.mean[-1, 0]))
    change, low, high = (
        signed(float(values[-1, 0]), decimals)
        for values in (answer.difference, answer.difference_low, answer.difference_high)
    )
    cost, cheap, dear = (signed(float(values[-1]), 1) for values in (answer.cost, answer.cost_low, answer.cost_high))
    how = f"; emulated, cost within £{_cost_off(made, preset.sliders.values):.2g} million" if preset.sliders else ""
    return f"{one.label}: {change} ({low} to {high}); cost so far, £ million: {cost} ({cheap} to {dear}){how}"


def _cost_off(made: Made, values: Sequence[float]) -> float:
    """Return what 95 of 100 emulated costs are within, for as many levers as a setting moves."""
    many = sum(value != lever.now for value, lever in zip(values, made.asked.levers, strict=True))
    return made.trial.cost_few if many <= FEW else made.trial.cost_all


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
    return [parts[0], money, *parts[1:]]


def _picture(made: Made, place: int, labels: list[str]) -> dict[str, Any]:
    answers, one = made.answers, made.answers.measures[place]
    reference, error = answers.reference, made.trial.errors[place]
    mean, ends = reference.mean[:, place], (reference.low[:, place], reference.high[:, place])
    decimals = decimals_of(one, float(np.nanmean(mean)))
    span = [float(made.low[place]), float(made.high[place])]
    for preset in made.presets:
        if preset.answer:
            span += [float(np.nanmin(preset.answer.mean[:, place])), float(np.nanmax(preset.answer.mean[:, place]))]
    every = [*made.ends, *(preset.answer for preset in made.presets if preset.answer)]
    change = (
        float(np.nanquantile([np.nanmin(end.difference_low[:, place]) for end in every], _REST)),
        float(np.nanquantile([np.nanmax(end.difference_high[:, place]) for end in every], 1 - _REST)),
    )
    published = _published(made.asked.scenario, one, labels)
    drawn = picture(one.label, one.unit, labels, mean, ends, (min(span), max(span)), decimals, change, published)
    last = [plain(float(values[-1]), decimals) for values in (mean, *ends)]
    return {
        **drawn,
        "place": place,
        "large": False,
        "says": f"{last[0]} in {labels[-1]} (90% interval {last[1]} to {last[2]})",
        "error": error_words(one, error),
        "headings": ("Reference (90% interval)", word_for(_figures(made.asked.scenario)).capitalize()),
        "live": _LIVE,
    }


def _cost_picture(made: Made, labels: list[str]) -> dict[str, Any]:
    nothing = np.zeros(len(labels))
    most = most_cost(made)
    drawn = picture(
        "Cost so far against the reference", "£ million, cash", labels, nothing, (nothing, nothing), (-most, most), 1
    )
    return {
        **drawn,
        **dict.fromkeys(("line", "edge_low", "edge_high"), ""),
        "rows": [{"year": label, "cells": []} for label in labels],
        "place": -1,
        "large": True,
        "says": "The reference is the zero line. Above it, more has been spent since the first year; below, less.",
        "error": f"All lines of spend, added up. Measured error over all years, 95 answers in 100: within "
        f"£{made.trial.cost_few:.2g} million with up to {FEW} levers moved, "
        f"£{made.trial.cost_all:.2g} million with all.",
        "headings": (),
        "live": ("Cost so far (90% interval)",),
    }


def _figures(scenario: Scenario) -> tuple[Target, ...]:
    return own_targets(scenario.targets_from) or targets()


def _published(scenario: Scenario, one: Output, labels: list[str]) -> dict[int, float]:
    """Return figures at the size of the authority, by place of the year: its own, or England's."""
    found = points(_figures(scenario), one.id, scenario.scale_to_england if one.quantity.scales else 1.0)
    return {labels.index(year): value for year, (value, _) in found.items() if year in labels}
