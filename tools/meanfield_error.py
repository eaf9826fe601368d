"""Measure how far the mean field lies from the simulation, on the baseline; write what ships and what the page shows.

Takes some minutes on two cores; results are kept in results, so a second run is quick.

    python tools/meanfield_error.py
"""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path

from demandsim import __version__
from demandsim.calendars import financial_year
from demandsim.experiment.run import default_jobs, run
from demandsim.meanfield.errors import FILE, HEADINGS, Known, measured
from demandsim.meanfield.path import mean_field_of
from demandsim.results.measures import MEASURES
from demandsim.scenario.read import read_scenario

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "src" / "demandsim" / "meanfield" / FILE
PAGE = ROOT / "docs" / "mean-field.md"
REPLICATIONS, SEED = 60, 2015
#: Years that the page shows, from the first.
SHOWN = (0, 4, 9)


def shipped(found: dict[tuple[str, str], Known], about: str) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    for (measure, year), known in found.items():
        numbers = (known.simulated, known.error, known.estimated)
        writer.writerow([measure, year, *(f"{number:.6g}" for number in numbers)])
    return f"# {about}\n{text.getvalue()}"


def off(measure: str, known: Known) -> str:
    if known.estimated != known.estimated:
        return "-"
    if MEASURES[measure].unit.startswith("%"):
        return f"{known.estimated - known.simulated:+.1f} ±{known.error:.1f} pts"
    if known.simulated <= known.error:
        return "-"
    return f"{100 * (known.estimated / known.simulated - 1):+.1f} ±{100 * known.error / abs(known.simulated):.1f}%"


def shown(found: dict[tuple[str, str], Known], years: list[str], about: str) -> str:
    labels = [years[place] for place in SHOWN]
    lines = [
        "| measure | unit | simulated, " + labels[0] + " | " + " | ".join(f"error, {year}" for year in labels) + " |",
        "| --- | --- | --- |" + " --- |" * len(labels),
    ]
    for id in dict.fromkeys(measure for measure, _ in found):
        errors = [off(id, found[id, year]) for year in labels]
        first = found[id, labels[0]].simulated
        cells = [
            MEASURES[id].label,
            MEASURES[id].unit.replace("|", "\\|"),
            f"{first:,.3g}" if first < 1000 else f"{first:,.0f}",
        ]
        lines.append("| " + " | ".join([*cells, *errors]) + " |")
    return "\n".join([*lines, "", f"Measured on {about}; ± is half the 90% interval of the simulated mean."])


def main() -> None:
    baseline = read_scenario("baseline")
    years = [financial_year(baseline.start.year + year) for year in range(baseline.years)]
    results = run(baseline, REPLICATIONS, SEED, ROOT / "results", default_jobs())
    found = measured(results.tables, mean_field_of(baseline), years)
    about = f"{baseline.name}, {REPLICATIONS} replications, seed {SEED}, demandsim {__version__}"
    SHIPPED.write_text(shipped(found, about), encoding="utf-8", newline="\n")
    page = PAGE.read_text(encoding="utf-8")
    marks = re.compile(r"(<!-- errors -->\n).*?(<!-- end of errors -->)", re.DOTALL)
    table = shown(found, years, about)
    PAGE.write_text(marks.sub(lambda m: f"{m[1]}\n{table}\n\n{m[2]}", page), encoding="utf-8", newline="\n")
    print(table)


if __name__ == "__main__":
    main()
