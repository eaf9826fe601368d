"""Compare the shipped what-ifs that people ask for first, and put tables and pictures into results/gallery.

Some minutes on two cores; runs are kept in results/, so a second time is quick.

    python tools/gallery.py
"""

from __future__ import annotations

import shutil
from pathlib import Path

from demandsim.experiment.compare import compare, keep
from demandsim.plots.comparison import PICTURES
from demandsim.plots.style import save
from demandsim.results.answer import answer

ROOT = Path(__file__).resolve().parent.parent
WHAT_IFS = (
    "shift_to_prevention",
    "shift_to_prevention_double",
    "invest_to_save",
    "transformation",
    "austerity_10",
    "vacancy_crisis",
    "workforce_stability",
    "demand_surge",
)
HEAD = """# Gallery: what the shipped what-ifs come to

<!-- Written by tools/gallery.py; edit that, not this. -->

Each is set beside the baseline, child by child with the same random draws: {replications} replications of one typical
English authority, two of each posterior draw, ten years, seed {seed}. Remade by one command, in the project's folder:

```
python tools/gallery.py
```

`comparison.csv` has every headline measure of every year with its intervals, `money.csv` the net cost so far at
each month's end and the share of replications that have paid back by then, `who_pays.csv` the spending lines, budget,
reserves and deficit. How to read them:
[compare](../../docs/how-to/compare.md). What they can't tell you: [limits](../../docs/limits.md). What early help
achieves and what a high workload does are judgements, and decide most of what follows.

## What they come to in {year}
"""
SHOWN = {
    "differences": """What changes in children, work and spend. A tenth more demand for three years is felt in care
for the whole decade: stays are long. More early help is felt in referrals and children in need first, in care later
and less.""",
    "cost_and_outcome": """What each costs over ten years, beside the years in care it avoids. The corner at the lower
right is better and cheaper. The combined transformation avoids most, and what it costs is not told apart from zero:
most of it is good practice, whose size is a judgement. Posts left vacant save their pay and cost care-years.""",
    "money": """When the money is back: where a line falls below zero. Early help alone does not pay back in ten
years at the effect that is assumed; what it would take is a question for `demandsim solve`.""",
    "where_the_money_moved": """On which lines. Spend on care falls by little: most of it is for children who are in
care already.""",
}


def main() -> None:
    comparison = compare("baseline", *WHAT_IFS, out=ROOT / "results", on_progress=_tell)
    kept, gallery = keep(comparison, ROOT / "results"), ROOT / "results" / "gallery"
    gallery.mkdir(exist_ok=True)
    year, manifest = comparison.years[-1], comparison.reference.manifest
    page = HEAD.format(
        replications=manifest.replications, seed=manifest.seed, year=comparison.reference.year_labels()[year]
    ).splitlines()
    page += ["", *(f"* **{other.name}.** {answer(comparison, other, year)}" for other in comparison.others)]
    for draw in PICTURES:
        picture = draw(comparison)
        save(picture, kept, manifest)
        shutil.copy(kept / f"{picture.name}.png", gallery)
        page += ["", f"## {picture.title}", "", SHOWN[picture.name], "", f"![{picture.title}]({picture.name}.png)"]
    for table in ("comparison.csv", "money.csv", "who_pays.csv"):
        shutil.copy(kept / table, gallery)
    (gallery / "README.md").write_text("\n".join(page) + "\n", encoding="utf-8")


def _tell(what: str, finished: int, wanted: int) -> None:
    if finished == wanted:
        print(f"done: {what}", flush=True)


if __name__ == "__main__":
    main()
