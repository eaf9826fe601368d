"""What made a folder of results, and the results read back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from demandsim.draws import REPLICATIONS_A_DRAW
from demandsim.results.presented import Presented
from demandsim.results.tables import Tables

#: Layouts of a results folder that can be read: the present one, and that of 0.1.0.
FORMAT, FORMAT_WITHOUT_CHECKSUMS = 3, 2
FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What made a results folder.

    Attributes:
        format: version of the layout of the folder.
        version: of the program.
        scenario, digest: name of the scenario, and what it held.
        title: of the scenario.
        start: first day, as a date.
        first_year: calendar year in which the first recorded financial year starts.
        years: financial years recorded, one before the start among them.
        seed, replications: of the run.
        scale_to_england: how many of what is in the tables make England.
        made_with: versions of Python and of the libraries that numbers can depend on.
        authorities: how many the tables add up; none but in a run of England.
        ensemble, ensemble_digest: file of the ensemble whose members the replications have, and what it held; else
            empty.
        members: how many it has; 0 where the parameters have one value.
        spells: whether every spell of every child is kept.
        platform: system, processor and C library it was made on, on which the last digit of a number can depend.
        local: values that were counted from an authority's own records; none where all are England's.
        targets: digest of the figures in the folder that results are set beside; empty where England's ship.
    """

    format: int
    version: str
    scenario: str
    digest: str
    title: str
    start: str
    first_year: int
    years: int
    seed: int
    replications: int
    scale_to_england: float
    made_with: dict[str, str]
    authorities: int = 0
    ensemble: str = ""
    ensemble_digest: str = ""
    members: int = 0
    spells: bool = False
    platform: str = ""
    local: int = 0
    targets: str = ""

    @property
    def members_used(self) -> int:
        """Return how many members of the ensemble some replication has."""
        return min(self.members, -(-self.replications // REPLICATIONS_A_DRAW))

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of tables that the run keeps."""
        return ("months", "years", "spells") if self.spells else ("months", "years")

    @property
    def intervals(self) -> str:
        """Return what intervals are intervals of."""
        used = self.members_used
        draws = f"{used} posterior draw{'s' if used > 1 else ''}"
        return f"parameter uncertainty and stochastic variation, {draws}" if used else "stochastic variation only"

    @property
    def whose(self) -> str:
        """Return whose the values are; nothing where all are England's."""
        if not self.local:
            return ""
        own = "1 value is" if self.local == 1 else f"{self.local} values are"
        return f"{own} this authority's own; others, as hours and what help does, are England's of 2013-14 or fitted"

    @property
    def content(self) -> dict[str, Any]:
        """Return what is written: nothing of what is local where nothing is."""
        return {name: value for name, value in asdict(self).items() if name not in ("local", "targets") or value}

    @property
    def verifiable(self) -> bool:
        """Return whether the results have checksums; those of 0.1.0 have none."""
        return self.format > FORMAT_WITHOUT_CHECKSUMS

    @property
    def run(self) -> str:
        """Return a digest of all that what is simulated can depend on: not of where."""
        content = {name: value for name, value in self.content.items() if name != "platform"}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def made_by(self) -> str:
        """Return the versions that made it, in words."""
        return ", ".join(
            [f"demandsim {self.version}", *(f"{name} {number}" for name, number in self.made_with.items())]
        )

    @property
    def folder(self) -> str:
        """Return the name of the results folder."""
        return f"{'england-' if self.authorities else ''}{self.scenario}-{self.digest}"

    def year_labels(self) -> list[str]:
        return [f"{year}-{(year + 1) % 100:02d}" for year in range(self.first_year, self.first_year + self.years)]


@dataclass(frozen=True, slots=True, repr=False)
class Results(Presented):
    """A finished run read back.

    Attributes:
        folder: where it lies.
        manifest: what made it.
        tables: arrays of (replication, month or year, column).
    """

    folder: Path
    manifest: Manifest
    tables: Tables

    def year_labels(self) -> list[str]:
        return self.manifest.year_labels()


def manifest_text(manifest: Manifest) -> str:
    """Return a manifest as it is written."""
    return json.dumps(manifest.content, indent=2) + "\n"


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return what the manifest in a folder says; nothing if it can't be read."""
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
