"""Make a fit of the baseline the baseline: its fitted values, and its posterior draws as the ensemble that ships.

    demandsim calibrate baseline
    python tools/adopt_fit.py results/calibrate-baseline-...

Afterwards: everything that CONTRIBUTING.md names for what moves results.
"""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from math import floor
from pathlib import Path

from demandsim.scenario.together import ROUTES

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"


def main(folder: Path) -> None:
    text = (SCENARIOS / "baseline.toml").read_text(encoding="utf-8")
    fitted = tomllib.loads((folder / "fitted.toml").read_text(encoding="utf-8"))["set"]
    for name, setting in fitted.items():
        declared = re.compile(rf'(\[parameter\."{re.escape(name)}"\]\nvalue = )(.*)')
        value = setting["value"]
        short = _shares(value) if name in ROUTES else _short(value)
        text, found = declared.subn(lambda match, short=short: f"{match[1]}{short}", text)
        assert found == 1, name
    (SCENARIOS / "baseline.toml").write_text(text, encoding="utf-8", newline="\n")
    shutil.copyfile(folder / "ensemble.csv", SCENARIOS / "baseline_ensemble.csv")


def _shares(values: list[float]) -> str:
    """Return shares of routes out of care to four places, down: at an age they are at most all."""
    return f"[{', '.join(f'{floor(value * 1e4) / 1e4:g}' for value in values)}]"


def _short(value: float | list[float]) -> str:
    """Return a value to four digits; shares that add up to 1 still do, as the largest takes what rounding leaves."""
    if isinstance(value, float | int):
        return f"{value:.4g}"
    numbers = [float(f"{number:.4g}") for number in value]
    if abs(sum(value) - 1.0) < 1e-9:
        largest = numbers.index(max(numbers))
        numbers[largest] = round(numbers[largest] + 1.0 - sum(numbers), 6)
    return f"[{', '.join(f'{number:g}' for number in numbers)}]"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
