"""Reading a finished run back, if it is what was written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from demandsim.problems import Problem, UserError, typed
from demandsim.results.checksums import damage, sealed
from demandsim.results.manifest import FILE, FORMAT, FORMAT_WITHOUT_CHECKSUMS, Manifest, Results, read_manifest
from demandsim.results.tables import MONTHLY, YEARLY, Tables

#: Phrases of damage that are told; the rest is counted.
_TOLD = 4


class DamagedError(UserError):
    """Results that are not as they were written."""


def read_tables(folder: Path, replications: int) -> Tables:
    """Return the recorded tables of a folder as arrays of (replication, month or year, column).

    Raises:
        ValueError: they are not of so many replications.
    """
    months, years = pq.read_table(folder / "months.parquet"), pq.read_table(folder / "years.parquet")
    for table in (months, years):
        found = len(set(table["replication"].to_pylist()))
        if found != replications:
            raise ValueError(f"tables of {found} replications where the manifest says {replications}")
    return arrays_of(months, years, replications)


def arrays_of(months: pa.Table, years: pa.Table, runs: int) -> Tables:
    """Return monthly and yearly tables of so many runs as arrays of (run, month or year, column)."""
    tables: Tables = {}
    for table, kinds, index in ((months, MONTHLY, "month"), (years, YEARLY, "year")):
        for name, (words, labels) in kinds.items():
            columns = [table[f"{words}: {label}"].to_numpy() for label in labels]
            array = np.stack(columns, axis=1).reshape(runs, -1, len(labels))
            tables[name] = array
        assert index in table.column_names
    return tables


def read_results(folder: Path) -> Results:
    """Read a finished run, and see whether it is what was written. One of 0.1.0 has no checksums to see it by.

    Raises:
        DamagedError: something in the folder is missing or not as it was written.
        UserError: no results there, or made by a version that laid them out in another way.
    """
    if folder.name.endswith(".partial"):
        raise _unread(
            folder, "a run that was stopped", "a finished one", "the same run command, which goes on from there"
        )
    content = read_manifest(folder)
    if not sealed(folder):
        if not (folder / FILE).is_file():
            raise _not_there(folder)
        if content.get("format") == FORMAT_WITHOUT_CHECKSUMS:
            return _read(folder)
    wrong = damage(folder) if sealed(folder) or content.get("format") in (FORMAT, None) else []
    if wrong:
        raise _damaged(folder, wrong)
    if content.get("format") != FORMAT:
        raise UserError(
            Problem(
                str(folder),
                "manifest.json: format",
                f"{content.get('format')!r}, made by version {content.get('version', 'unknown')}",
                f"{FORMAT}, which this version reads",
                "demandsim run SCENARIO --again, or --out with another folder",
            )
        )
    return _read(folder)


def _read(folder: Path) -> Results:
    try:
        manifest = Manifest(**read_manifest(folder))
        tables = read_tables(folder, manifest.replications)
    except (OSError, KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise _damaged(folder, [str(error).split("\n")[0]]) from None
    return Results(folder, manifest, tables)


def _damaged(folder: Path, wrong: list[str]) -> DamagedError:
    more = f", and {len(wrong) - _TOLD} more" if len(wrong) > _TOLD else ""
    return DamagedError(
        Problem(
            str(folder),
            "",
            f"damaged results: {', '.join(wrong[:_TOLD])}{more}",
            "the files as the run wrote them",
            "the run command that made them: it simulates again what is damaged, as it does with --again in any case",
        )
    )


def _not_there(folder: Path) -> UserError:
    inside = sorted(child.parent.name for child in folder.glob(f"*/{FILE}"))
    if inside:
        hint = typed("demandsim", "show", folder / inside[0])
        return _unread(folder, "a folder of results", "one of: " + ", ".join(inside), hint)
    return _unread(folder, "no results", f"a folder with a {FILE}, as a run makes", "demandsim run baseline")


def _unread(folder: Path, found: str, expected: str, hint: str) -> UserError:
    return UserError(Problem(str(folder), "", found, expected, hint))
