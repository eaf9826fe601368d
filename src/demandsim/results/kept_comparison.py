"""The folder of a comparison: its tables, and which runs it compares, so that it can be shown again."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from demandsim.problems import Problem, UserError
from demandsim.results.checksums import damage, seal, short_digest
from demandsim.results.comparison import Comparison, compare_results
from demandsim.results.comparison_tables import money_rows, payer_rows, rows
from demandsim.results.manifest import Results
from demandsim.results.prices import Terms
from demandsim.results.reading import read_results
from demandsim.results.sensitivity import content_of, from_content, sensitivity_rows
from demandsim.results.store import write_table, write_text, writing
from demandsim.results.structures import Structured, structure_rows

FILE = "comparison.json"
_FORMAT = 1
_TABLES = {"comparison.csv": rows, "money.csv": money_rows, "who_pays.csv": payer_rows}
_STRUCTURES, _SENSITIVITY = "structures.csv", "sensitivity.csv"
_HINT = "demandsim compare REFERENCE WHAT_IF, which makes it again"


def folder_of(comparison: Comparison, out: Path, structured: Structured | None = None) -> Path:
    """Return the folder of a comparison: the same runs on the same terms have the same one."""
    every = [comparison, *(other for _, other in structured.others)] if structured else [comparison]
    digests = [run.manifest.digest for one in every for run in runs_of(one)]
    terms = comparison.terms
    digests += [f"sensitivity {one.when}" for other in comparison.others for one in other.sensitivity]
    digests += [] if terms == Terms() else [f"{terms.prices} {terms.discount_rate:g} {terms.care_year_value}"]
    return out / f"compare-{short_digest(digests)}"


def runs_of(comparison: Comparison) -> list[Results]:
    """Return the reference's run, and those of the what-ifs."""
    return [comparison.reference, *(other.run for other in comparison.others)]


def write_comparison(folder: Path, comparison: Comparison, structured: Structured | None = None) -> None:
    """Write the tables of a comparison, and where its runs lie. Who calls it holds the folder's lock."""
    content = {
        "format": _FORMAT,
        "prices": comparison.terms.prices,
        "discount_rate": comparison.terms.discount_rate,
        "care_year_value": comparison.terms.care_year_value,
        "runs": _places(comparison, folder),
    }
    tables = {name: table(comparison) for name, table in _TABLES.items()}
    if any(other.sensitivity for other in comparison.others):
        content["sensitivity"] = [content_of(other.sensitivity) for other in comparison.others]
        named = [(other.run.manifest.scenario, other.sensitivity) for other in comparison.others]
        tables[_SENSITIVITY] = sensitivity_rows(named)
    if structured and structured.others:
        content["structures"] = {name: _places(other, folder) for name, other in structured.others}
        tables[_STRUCTURES] = structure_rows(structured)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            write_table(folder / name, table)
        write_text(folder / FILE, json.dumps(content, indent=2) + "\n")
        seal(folder, (*tables, FILE))


def _places(comparison: Comparison, folder: Path) -> list[str]:
    return [_beside(run.folder, folder) for run in runs_of(comparison)]


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
    return read_structured(folder).main


def read_structured(folder: Path) -> Structured:
    """Return a comparison, and the same under other structures if it was made with them.

    Raises:
        UserError: the folder is damaged, or a run is no longer there.
    """
    wrong = damage(folder)
    if wrong:
        raise UserError(Problem(str(folder), "", f"a damaged comparison: {', '.join(wrong)}", "a whole one", _HINT))
    try:
        content: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        lists = [content["runs"], *content.get("structures", {}).values()]
        places = [[Path(os.path.normpath(folder / run)) for run in runs] for runs in lists]
        worth = content.get("care_year_value")
        terms = Terms(content["prices"], float(content["discount_rate"]), None if worth is None else float(worth))
        turns = [from_content(one) for one in content.get("sensitivity", [])] or [()] * (len(places[0]) - 1)
        known = content["format"] == _FORMAT and all(len(runs) > 1 for runs in places)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        known = False
    if not known:
        expected = "a comparison that this version reads"
        raise UserError(Problem(str(folder / FILE), "", "a comparison of another format", expected, _HINT))
    wanted = f"a run that {folder} compares"
    folders = dict.fromkeys(run for runs in places for run in runs)
    gone = [Problem(str(run), "", "no such folder", wanted, _HINT) for run in folders if not run.is_dir()]
    if gone:
        raise UserError(gone)
    main, *others = [_compared(runs, terms) for runs in places]
    every = zip(main.others, turns, strict=True)
    main = replace(main, others=tuple(replace(other, sensitivity=one) for other, one in every))
    return Structured(main, tuple(zip(content.get("structures", {}), others, strict=True)))


def _compared(runs: list[Path], terms: Terms) -> Comparison:
    reference, *others = map(read_results, runs)
    return compare_results(reference, others, terms)
