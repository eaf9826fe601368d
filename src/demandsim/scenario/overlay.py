"""A scenario file that gives another some new values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from demandsim.scenario.files import shipped
from demandsim.scenario.resolved import number_text, quoted
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.schema import FORMAT, Basis


def overlay_toml(
    scenario: Scenario,
    folder: Path,
    title: str,
    why: str,
    values: Mapping[str, tuple[float | tuple[float, ...], str]],
    ensemble: str,
) -> str:
    """Return a file that extends a scenario and gives parameters fitted values.

    Args:
        scenario: what it extends.
        folder: in which it will lie.
        title: of the new scenario.
        why: of the new scenario.
        values: of each parameter its new value, and what it was fitted to.
        ensemble: file beside it with the posterior draws of the same fit, else those of what it extends would do.
    """
    lines = [
        "# Written by demandsim calibrate. It is a scenario like any other: run it, change it, or extend it.",
        "",
        "[scenario]",
        f"format = {FORMAT}",
        f"title = {quoted(title)}",
        f"why = {quoted(why)}",
        f"extends = {quoted(_extended(scenario, folder))}",
        f"ensemble = {quoted(ensemble)}",
    ]
    for name, (value, because) in values.items():
        lines += [
            "",
            f'[set."{name}"]',
            f"value = {number_text(value)}",
            f'basis = "{Basis.FITTED}"',
            f"because = {quoted(because)}",
        ]
    return "\n".join(lines) + "\n"


def _extended(scenario: Scenario, folder: Path) -> str:
    """Return what to call the scenario from a folder: its name if it ships, else the way there."""
    path = Path(scenario.lineage[0])
    if path in shipped().values():
        return scenario.name
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive
        return path.resolve().as_posix()
