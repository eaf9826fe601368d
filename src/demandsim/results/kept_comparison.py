"""The folder of a comparison: its tables, and which runs it compares, so that it can be shown again."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from demandsim.problems import Problem, UserError
from demandsim.results.checksums import damage, seal
from demandsim.results.comparison import Comparison, compare_results
from demandsim.results.comparison_tables import money_rows, payer_rows, rows
from demandsim.results.prices import Terms
from demandsim.results.reading import read_results
from demandsim.results.store import write_table, write_text, writing

FILE = "comparison.json"
_FORMAT = 1
_TABLES = {"comparison.csv": rows, "money.csv": money_rows, "who_pays.csv": payer_rows}
_HINT = "demandsim compare REFERENCE WHAT_IF, which makes it anew"


def folder_of(comparison: Comparison, out: Path) -> Path:
    """Return the folder of a comparison: the same runs on the same terms have the same one."""
    digests = [comparison.reference.manifest.digest, *(other.run.manifest.digest for other in comparison.others)]
    terms = comparison.terms
    digests += [] if terms == Terms() else [f"{terms.prices} {terms.discount_rate:g}"]
    return out / f"compare-{hashlib.sha256(' '.join(digests).encode()).hexdigest()[:8]}"


def write_comparison(folder: Path, comparison: Comparison) -> None:
    """Write the tables of a comparison, and where its runs lie. Who calls it holds the folder's lock."""
    runs = [comparison.reference.folder, *(other.run.folder for other in comparison.others)]
    content = {
        "format": _FORMAT,
        "prices": comparison.terms.prices,
        "discount_rate": comparison.terms.discount_rate,
        "runs": [_beside(run, folder) for run in runs],
    }
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in _TABLES.items():
            write_table(folder / name, table(comparison))
        write_text(folder / FILE, json.dumps(content, indent=2) + "\n")
        seal(folder, (*_TABLES, FILE))


def _beside(run: Path, folder: Path) -> str:
    """Return where a run lies as seen from the comparison, so that both can be moved together."""
    try:
        return Path(os.path.relpath(run, folder)).as_posix()
    except ValueError:  # another drive
        return run.resolve().as_posix()


def is_comparison(folder: Path) -> bool:
    """Return whether a folder holds a comparison that can be shown again."""
    return (folder / FILE).is_file()


def read_comparison(folder: Path) -> Comparison:
    """Return a comparison from its folder and those of its runs.

    Raises:
        UserError: the folder is damaged, or a run is no longer there.
    """
    wrong = damage(folder)
    if wrong:
        raise UserError(Problem(str(folder), "", f"a damaged comparison: {', '.join(wrong)}", "a whole one", _HINT))
    try:
        content: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        runs = [folder / run for run in content["runs"]]
        terms = Terms(content["prices"], float(content["discount_rate"]))
        known = content["format"] == _FORMAT and len(runs) > 1
    except (OSError, ValueError, KeyError, TypeError):
        known = False
    if not known:
        expected = "a comparison that this version reads"
        raise UserError(Problem(str(folder / FILE), "", "a comparison of another format", expected, _HINT))
    runs = [Path(os.path.normpath(run)) for run in runs]
    wanted = f"a run that {folder} compares"
    gone = [Problem(str(run), "", "no such folder", wanted, _HINT) for run in runs if not run.is_dir()]
    if gone:
        raise UserError(gone)
    reference, *others = map(read_results, runs)
    return compare_results(reference, others, terms)
