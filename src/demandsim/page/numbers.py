"""What a page's script reads: the emulator's weights, the reference, levers and what-ifs."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demandsim.calendars import financial_year
from demandsim.page.answers import HALF, MOST_BIAS, Answer
from demandsim.page.design import FEW
from demandsim.page.emulator import QUADRATIC
from demandsim.page.make import OF_A_WHAT_IF, Made, Preset
from demandsim.page.outputs import SPEND, Output
from demandsim.page.pictures import FRAME
from demandsim.problems import one_line
from demandsim.results.measure import Quantity
from demandsim.scenario.files import shipped
from demandsim.scenario.read import read_scenario
from demandsim.scenario.resolved import number_text, quoted
from demandsim.scenario.scenario import Scenario

Array = NDArray[np.float64]

#: Of these there is more or fewer: not so of an index, which tells an amount too.
_MORE_OR_FEWER = (Quantity.COUNT, Quantity.FLOW, Quantity.AMOUNT)


def decimals_of(one: Output, usual: float) -> int:
    """Return how many decimals a measure is shown with."""
    if one.indexed or one.quantity in (Quantity.SHARE, Quantity.RATE):
        return 1
    if one.quantity is Quantity.MONEY:
        return 1 if usual >= 10 else 2
    return 0 if usual >= 20 else 1


def labels_of(scenario: Scenario) -> list[str]:
    """Return the labels of a scenario's years."""
    return [financial_year(scenario.start.year + year) for year in range(scenario.years)]


def model_of(made: Made, labels: list[str], serve: str, serve_with: str) -> dict[str, Any]:
    """Return all that the script of a page reads.

    Args:
        made: the page.
        labels: of its years.
        serve: token of the server; empty for a file.
        serve_with: the command that serves the same page.
    """
    answers, emulator = made.answers, made.answers.emulator
    return {
        "years": len(labels),
        "levers": len(made.asked.levers),
        "half": HALF,
        "most_bias": MOST_BIAS,
        "share": QUADRATIC,
        "pairs": emulator.pairs,
        "quadratic": _packed(emulator.quadratic),
        "scale": _packed(emulator.scale),
        "networks": [
            [
                {
                    "rows": layer[0].shape[0],
                    "columns": layer[0].shape[1],
                    "weights": _packed(layer[0]),
                    "added": _packed(layer[1]),
                }
                for layer in network
            ]
            for network in emulator.networks
        ],
        "spread": _packed(answers.spread),
        "cost_spread": _packed(answers.cost_spread),
        "measures": [_measure(made, place) for place in range(len(answers.measures))],
        "what_ifs": [preset_of(one) for one in made.presets],
        "page": _page(made, labels, serve_with),
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
        "withheld_by": one.withheld_by,
        "counted": one.quantity in _MORE_OR_FEWER and not one.indexed,
        "decimals": decimals_of(one, float(np.nanmean(reference.mean[:, place]))),
        "told": [error.good_few, error.good_all],
        "blurs": _short(np.array([error.blur_few, error.blur_all])),
        **{name: _short(getattr(reference, name)[:, place]) for name in ("mean", "low", "high")},
    }


def _called(scenario: Scenario) -> str:
    """Return what commands call a scenario: its name if it ships, else its file."""
    path = Path(scenario.lineage[0])
    return scenario.name if path in shipped().values() else path.name


def _runs(scenario: Scenario) -> str:
    """Return the command that simulates a saved scenario, FILE: beside this one where that is a file as it is."""
    options = _options(scenario)
    if "--set" in options:
        beside = f"demandsim run {_called(scenario)}{options}"
        return f"demandsim run FILE. Differences from {beside} are the page's"
    return f"demandsim compare {_called(scenario)} FILE{options}"


def _options(scenario: Scenario) -> str:
    """Return the options of a command that simulates with what the page's command changed."""
    changed = {name: setting for name, setting in scenario.changes().items() if setting.file == "--set"}
    sets = "".join(f" --set {name}={number_text(setting.value).replace(' ', '')}" for name, setting in changed.items())
    declared = read_scenario(scenario.lineage[0]).years
    return sets + (f" --years {scenario.years}" if scenario.years != declared else "")


def _page(made: Made, labels: list[str], serve_with: str) -> dict[str, Any]:
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
        "cost_decimals": 1 if most_cost(made) >= 2 else 2,
        "few": FEW,
        "frame": FRAME,
        "extends": _extends(scenario, path, ships),
        "cost_off": _short(np.array([made.trial.cost_few, made.trial.cost_all])),
        "cost_within": [f"{off:.2g}" for off in (made.trial.cost_few, made.trial.cost_all)],
        "options": _options(scenario),
        "runs": _runs(scenario),
        "serve_with": serve_with,
        "beside": "" if ships else f"; put it beside {path.name}",
    }


def _extends(scenario: Scenario, path: Path, ships: bool) -> list[str]:
    """Return the lines of a saved scenario that lead back to this one, with what the command line changed."""
    lines = [f"extends = {quoted(scenario.name if ships else path.name)}", f"years = {scenario.years}"]
    for name, setting in scenario.changes().items():
        if setting.file == "--set":
            lines += [
                "",
                f'[set."{name}"]',
                f"value = {number_text(setting.value)}",
                f"because = {quoted(setting.source)}",
            ]
    return lines


def preset_of(preset: Preset) -> dict[str, Any]:
    """Return a what-if as the list on a page has it."""
    scenario = preset.scenario
    return {
        "name": scenario.name,
        "file": _called(scenario),
        "title": one_line(scenario.title),
        "why": one_line(scenario.why),
        "because": preset.because,
        "acts_on": sorted(scenario.changes()),
        "values": list(preset.sliders.values) if preset.sliders else None,
        "start": preset.sliders.start if preset.sliders else 0,
        "answer": answer_numbers(preset.answer, preset.back, OF_A_WHAT_IF) if preset.answer else None,
    }


def answer_numbers(answer: Answer, back: float, replications: int) -> dict[str, Any]:
    """Return a simulated answer as the page's script has those of the emulator."""
    assert answer.cost_error is not None
    names = {
        "mean": answer.mean,
        "low": answer.low,
        "high": answer.high,
        "difference": answer.difference,
        "less": answer.difference_low,
        "more": answer.difference_high,
    }
    cost = {"mean": answer.cost, "low": answer.cost_low, "high": answer.cost_high, "error": answer.cost_error}
    if answer.error is not None:
        names["error"] = answer.error
    return {
        "measures": [
            {name: _short(values[:, place]) for name, values in names.items()} for place in range(answer.mean.shape[1])
        ],
        "cost": {**{name: _short(values) for name, values in cost.items()}, "back": back, "of": replications},
    }


def _short(values: Array) -> list[float]:
    """Return numbers with as many figures as a page shows; where there is none, nothing."""
    return [float(f"{value:.6g}") for value in np.nan_to_num(values)]


def most_cost(made: Made) -> float:
    """Return how far the cost of a setting goes from nothing: that of a lever at its end, or of a what-if."""
    every = [*made.ends, *(preset.answer for preset in made.presets if preset.answer)]
    return max(0.5, float(np.quantile([np.abs(one.cost).max() for one in every], 0.95)))
