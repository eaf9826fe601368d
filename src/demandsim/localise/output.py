"""Writing what was localised into a folder, whole or not at all."""

from __future__ import annotations

import re
from pathlib import Path

from demandsim.evidence import TARGETS_FILE
from demandsim.localise.localise import Localised
from demandsim.localise.quality_report import quality_rows, quality_text
from demandsim.localise.writing import actual_rows, scenario_text, target_rows
from demandsim.results.atomic_write import write_table, write_text, writing
from demandsim.scenario.read import read_scenario

_LONGEST = 60


def name_of(authority: str) -> str:
    """Return a name for files: letters, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", authority.lower()).strip("_")[:_LONGEST] or "authority"


def write(found: Localised, out: Path) -> Path:
    """Write the scenario, targets, actuals and the report on quality; return the scenario's file.

    Raises:
        UserError: they can't be written, or the scenario is none that the model takes.
    """
    path = out / f"{name_of(found.authority)}.toml"
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        write_text(path, scenario_text(path.stem, found.authority, found.base, found.values, found.private))
        write_table(out / TARGETS_FILE, target_rows(found.shown, found.base, found.private))
        write_table(out / "actuals.csv", actual_rows(found.shown, found.base, found.private))
        write_table(out / "quality.csv", quality_rows(found.quality, found.private))
        write_text(
            out / "quality.md",
            quality_text(
                *(found.authority, found.base, found.shown, found.values, found.refused, found.stays, found.quality),
                found.private,
                found.england,
                read_scenario("baseline").at_start(),
            ),
        )
    read_scenario(path)
    return path
