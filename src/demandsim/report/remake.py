"""How to make the results of a report again: commands, versions and checksums."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from demandsim.problems import typed
from demandsim.report.document import Block, Column, Commands, Heading, Listing, Table, Text
from demandsim.report.results_given import Given
from demandsim.results.checksums import read_checksums
from demandsim.results.manifest import Results
from demandsim.results.prices import CASH
from demandsim.results.structures import Structured
from demandsim.results.tables import YEARS_BEFORE


def remake(given: Given) -> list[Block]:
    """Return the commands that make the results of a report again, and what they must come to."""
    runs = given.all_runs()
    versions = sorted({run.manifest.made_by() for run in runs})
    platforms = sorted({run.manifest.platform for run in runs if run.manifest.platform})
    blocks: list[Block] = [
        Text("From the scenario files, with the same version:"),
        Commands([*(_compare(one) for _, one in given.comparisons), *map(_run, given.runs)]),
        Text("From the runs alone, where their folders are. Each says whether every byte is the same:"),
        Commands([typed("demandsim", "reproduce", run.manifest.folder) for run in runs]),
        Heading("Versions"),
        Listing([*(f"Made by {one}" for one in versions), *(f"On {one}" for one in platforms)]),
        Heading("Checksums"),
        _sums([folder for folder, _ in given.comparisons], runs),
    ]
    return blocks


def _options(run: Results) -> str:
    manifest = run.manifest
    return f"--years {manifest.years - YEARS_BEFORE} --replications {manifest.replications} --seed {manifest.seed}"


def _compare(structured: Structured) -> str:
    comparison = structured.main
    names = [comparison.reference.manifest.scenario, *(one.run.manifest.scenario for one in comparison.others)]
    terms = comparison.terms
    money = f" --prices {terms.prices} --discount-rate {terms.discount_rate:g}" if terms.prices != CASH else ""
    money += "" if terms.care_year_value is None else f" --care-year-value {terms.care_year_value:g}"
    asked = " --sensitivity" * any(other.sensitivity for other in comparison.others)
    asked += " --structures" * bool(structured.others)
    drawn = "" if asked or comparison.reference.manifest.members else " --point"
    return f"{typed('demandsim', 'compare', *names)} {_options(comparison.reference)}{drawn}{money}{asked}"


def _run(run: Results) -> str:
    manifest = run.manifest
    england = " --england" if manifest.authorities else ""
    drawn = f" --ensemble {manifest.ensemble}" if manifest.members else " --point"
    return f"{typed('demandsim', 'run', manifest.scenario)} {_options(run)}{drawn}{england}"


def _sums(folders: Sequence[Path], runs: Sequence[Results]) -> Table:
    every = [*folders, *(run.folder for run in runs)]
    rows = [(folder.name, name, digest) for folder in every for name, digest in read_checksums(folder).items()]
    return Table(
        "checksums",
        "SHA-256 of every file that this report was made from",
        (Column("Folder"), Column("File"), Column("SHA-256")),
        rows,
        "demandsim show checks those of a folder; so does sha256sum -c SHA256SUMS, where there is one",
        small=True,
    )
