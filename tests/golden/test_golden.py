"""One small scenario whose numbers are kept, so that a change of results is noticed and written down.

Refresh with `python tests/golden/test_golden.py`, and add a line under "Results change" in CHANGELOG.md.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))
from conftest import small, tables_of

from demandsim.results.measures import MEASURES
from demandsim.results.year import Year

KEPT = Path(__file__).with_name("small.json")


def summary() -> dict[str, list[float]]:
    tables = tables_of(small(children=30_000, years=2), 2, seed=7)
    return {
        name: [float(f"{np.nan_to_num(measure.of(Year(tables, year)).mean(), nan=-1):.9g}") for year in (1, 2)]
        for name, measure in MEASURES.items()
    }


def test_the_small_scenario_still_gives_its_numbers() -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    found = summary()
    assert found.keys() == kept.keys()
    differing = [name for name in kept if found[name] != pytest.approx(kept[name], rel=1e-6)]
    assert not differing


if __name__ == "__main__":
    KEPT.write_text(json.dumps(summary(), indent=1) + "\n", encoding="utf-8")
