"""Results and comparisons made up by a test: every number in them is known, and nothing is simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from demandsim.results.comparison import Comparison, compare_results
from demandsim.results.manifest import FORMAT, Manifest, Results
from demandsim.results.tables import MONTHLY, YEARLY, YEARS_BEFORE

#: Table and column, and what is in every month or year of each replication: one number, one for each year, or of
#: each month.
Cells = Mapping[tuple[str, int], Sequence[float] | np.ndarray]


def results(folder: Path, title: str, cells: Cells, years: int = 3, replications: int = 4) -> Results:
    """Return results that hold nothing but these cells, each (replication), (replication, year) or one a month."""
    folder = folder / title.replace(" ", "-")
    folder.mkdir(parents=True)
    (folder / "resolved.toml").write_text("", encoding="utf-8")
    whole = years + YEARS_BEFORE
    tables = {
        name: np.zeros((replications, whole if name in YEARLY else 12 * whole, len(labels)))
        for name, (_, labels) in {**MONTHLY, **YEARLY}.items()
    }
    for (name, column), given in cells.items():
        values = np.asarray(given, dtype=float)
        each = np.repeat(values[:, None], whole, axis=1) if values.ndim == 1 else values
        if name not in YEARLY and each.shape[1] < 12 * whole:
            each = np.repeat(each, 12, axis=1)
        tables[name][:, :, column] = each[:, : tables[name].shape[1]]
    digest = f"{abs(hash(title)) % 10**8:08d}"
    manifest = Manifest(
        format=FORMAT,
        version="0",
        scenario=title.lower(),
        digest=digest,
        title=title,
        start="2013-04-01",
        first_year=2012,
        years=whole,
        seed=1,
        replications=replications,
        scale_to_england=100.0,
        made_with={},
    )
    return Results(folder, manifest, tables)


def comparison(folder: Path, reference: Cells, *others: Cells, years: int = 3) -> Comparison:
    """Return a comparison of what-ifs called A, B, C, ... with a reference."""
    runs = [results(folder, chr(ord("A") + place), cells, years) for place, cells in enumerate(others)]
    return compare_results(results(folder, "Reference", reference, years), runs)
