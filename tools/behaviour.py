"""Test the model as an experienced manager would, and write what it does into docs/reference/behaviour.md.

Each test changes a few values of the baseline and is compared with it child by child. Takes some five minutes on two
cores; results are kept in results/behaviour, so a second run is quick.

    python tools/behaviour.py
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from functools import partial
from math import floor, log10
from pathlib import Path
from typing import NamedTuple

from matplotlib.figure import Figure

from demandsim.experiment.run import run
from demandsim.plots.loops import panel
from demandsim.plots.style import Picture, save, title_lines
from demandsim.results.change_words import named
from demandsim.results.measures import MEASURES
from demandsim.results.paired import difference
from demandsim.results.store import Results
from demandsim.results.uncertainty import Estimate
from demandsim.scenario.read import read_scenario

ROOT = Path(__file__).resolve().parent.parent
REPLICATIONS, SEED = 20, 2015
SHOWN = (
    "exposure",
    "contacts_again",
    "looked_after",
    "children_in_need",
    "plans",
    "visits_missed",
    "assessed_in_time",
    "spend_intervention",
)
#: Each picture's name, what its title begins with, which side of nothing it tells of, of which two measures, and its
#: panels.
DRAWN = {
    "behaviour": (
        "Lowest",
        -1,
        ("exposure", "looked_after"),
        ("exposure", "looked_after", "children_in_need", "spend_intervention"),
    ),
    "behaviour_work": (
        "Highest",
        1,
        ("visits_missed", "contacts_again"),
        ("contacts_again", "plans", "visits_missed", "assessed_in_time"),
    ),
}
#: Inches of both pictures, and lines that a title may take.
SIZE, LINES = (10.4, 7.0), 2
#: The fifth year, 2017-18.
YEAR = 5


class Sensitivity(NamedTuple):
    name: str
    overrides: tuple[str, ...]


TESTS = (
    Sensitivity(
        "a quarter of posts vacant",
        ("workforce.vacancies=0.25", "workforce.recruitment_months=25", "workforce.agency_cover=0.5"),
    ),
    Sensitivity(
        "a quarter of posts vacant, a fifth more posts",
        (
            "workforce.vacancies=0.25",
            "workforce.recruitment_months=25",
            "workforce.agency_cover=0.5",
            "workforce.posts=26.7",
        ),
    ),
    Sensitivity(
        "a quarter of posts vacant, agencies fill a third",
        ("workforce.vacancies=0.25", "workforce.recruitment_months=25", "workforce.agency_cover=0.33"),
    ),
    Sensitivity("a fifth more posts", ("workforce.posts=26.7",)),
    Sensitivity("a tenth fewer posts", ("workforce.posts=20",)),
    Sensitivity("a budget a tenth lower", ("budget.total=598",)),
    Sensitivity(
        "a budget a tenth lower, hiring freeze only",
        ("budget.total=598", 'budget.spending_controls=["freeze_recruitment"]'),
    ),
    Sensitivity(
        "a budget a tenth lower, prevention cut only",
        ("budget.total=598", 'budget.spending_controls=["cut_prevention"]'),
    ),
    Sensitivity("targeted help halved", ("prevention.targeted=29.6",)),
    Sensitivity("targeted help doubled", ("prevention.targeted=118.4",)),
    Sensitivity(
        "targeted help times four, offered to more", ("prevention.targeted=236.8", "contact.early_help_threshold=-0.5")
    ),
    Sensitivity("universal services cut by two fifths", ("prevention.universal=44.2",)),
    Sensitivity("early help that works twice as often", ("early_help.effective=0.72",)),
    Sensitivity("programmes for a sixth of children on plans", ("prevention.open_cases=15",)),
    Sensitivity("family group conferences for all", ("prevention.edge_of_care=4.5",)),
    Sensitivity("support of every return home", ("prevention.reunification=5.5",)),
    Sensitivity("a higher threshold at contact", ("contact.referral_threshold={contact.referral_threshold+0.15}",)),
    Sensitivity("more referrals closed at once", ("referral.no_action_threshold={referral.no_action_threshold+0.3}",)),
    Sensitivity("enquiries a fifth more readily", ("enquiry.readiness=1.2",)),
    Sensitivity("turnover of 23%", ("workforce.turnover=0.23",)),
    Sensitivity("a tenth more demand", ("demand.level=1.1",)),
    Sensitivity("good practice everywhere", ("practice.mix=[1, 0, 0]",)),
    Sensitivity("courts in 26 weeks", ("court.weeks=26",)),
    Sensitivity("a quarter fewer own foster places", ("placement.places=[21.4, 14.2, 6.2]",)),
)


def given(override: str) -> str:
    """Return a change with what stands in braces, a parameter plus a number, worked out from the baseline."""
    name, _, value = override.partition("=")
    if value.startswith("{"):
        parameter, _, more = value[1:-1].partition("+")
        declared = read_scenario("baseline").settings[parameter].value
        assert isinstance(declared, float | int)
        value = f"{declared + float(more):.6g}"
    return f"{name}={value}"


def simulated(overrides: tuple[str, ...]) -> Results:
    overrides = tuple(given(override) for override in overrides)
    scenario = read_scenario("baseline", overrides, 6)
    return run(scenario, replications=REPLICATIONS, seed=SEED, out=ROOT / "results" / "behaviour")


def main() -> None:
    base = simulated(())
    found: dict[str, dict[str, Estimate]] = {}
    for test in TESTS:
        other = simulated(test.overrides)
        found[test.name] = {name: difference(other, base, MEASURES[name], YEAR) for name in SHOWN}
        print(test.name, flush=True)
    write_table(found, base)

    rows = [("sensitivity test", "measure", "difference", "simulation error")]
    rows += [
        (test, name, f"{value.mean:.4g}", f"{value.error:.3g}")
        for test, values in found.items()
        for name, value in values.items()
    ]
    for name, (word, side, told, shown) in DRAWN.items():
        picture = Picture(
            name,
            title_of(word, side, told, found, base.year_labels()[YEAR]),
            "Bar: mean difference from the baseline in paired replications; black line: 90% interval of that mean; "
            "thin line: nine in ten replications of one authority.",
            SIZE,
            partial(draw, found=found, shown=shown),
            [rows[0], *(row for row in rows if row[1] in shown)],
        )
        save(picture, ROOT / "docs" / "images", base.manifest)


def title_of(word: str, side: int, told: Sequence[str], found: dict[str, dict[str, Estimate]], year: str) -> str:
    """Return which test moves each of the measures furthest to a side on average, where the lines drawn say so."""
    parts = [f"{named(MEASURES[name])} {_furthest(name, side, found)}" for name in told]
    titles = [f"{word} in {year}: {'; '.join(parts[:many])}" for many in range(len(parts), 0, -1)]
    return next((title for title in titles if len(title_lines(title, SIZE[0])) <= LINES), titles[-1])


def _furthest(name: str, side: int, found: dict[str, dict[str, Estimate]]) -> str:
    """Return the test that moves a measure furthest, and by how much; or how many do whose black lines overlap."""
    apart = {
        test: values[name]
        for test, values in found.items()
        if (values[name].low if side > 0 else -values[name].high) > 0
    }
    if not apart:
        return "not told apart"
    test = max(apart, key=lambda one: side * apart[one].mean)
    most = apart[test]
    tied = sum(side * (most.mean - other.mean) <= most.error + other.error for other in apart.values())
    if tied > 1:
        return f"with {tied} tests, not told apart"
    unit = " points" if MEASURES[name].unit.startswith(("points", "%")) else ""
    size = f"{most.mean:+.0f}" if MEASURES[name].quantity.counted else f"{most.mean:+.1f}"
    return f"with {test} ({size}{unit})"


def draw(figure: Figure, found: dict[str, dict[str, Estimate]], shown: Sequence[str]) -> None:
    panels = figure.subplots(1, len(shown), sharey=True)
    for place, (axes, name) in enumerate(zip(panels, shown, strict=True)):
        panel(axes, [(test, values[name]) for test, values in found.items()], place == 0)
        axes.set_title(textwrap.fill(MEASURES[name].label, 20))
        axes.set_xlabel(textwrap.fill(MEASURES[name].unit, 22))


def rounded(value: Estimate) -> str:
    """Return a difference to the second figure of its error, which is as much as is known of it."""
    if not value.error:
        return f"{value.mean:+.0f}" if value.mean else "0"
    decimals = max(0, 1 - floor(log10(value.error)))
    return f"{value.mean:+.{decimals}f} ± {value.error:.{decimals}f}"


def write_table(found: dict[str, dict[str, Estimate]], base: Results) -> None:
    """Put the table of differences between the marks in docs/reference/behaviour.md."""
    heads = [f"{MEASURES[name].label} ({MEASURES[name].unit})" for name in SHOWN]
    lines = [f"| sensitivity test | {' | '.join(heads)} |", "| --- |" + " --- |" * len(SHOWN)]
    for test, values in found.items():
        cells = [rounded(value) for value in values.values()]
        lines.append(f"| {test} | {' | '.join(cells)} |")
    page = ROOT / "docs" / "reference" / "behaviour.md"
    text = page.read_text(encoding="utf-8")
    new = "<!-- table: begin -->\n" + "\n".join(lines) + "\n<!-- table: end -->"
    page.write_text(re.sub(r"<!-- table: begin -->.*<!-- table: end -->", new, text, flags=re.DOTALL), encoding="utf-8")
    print(f"{base.year_labels()[YEAR]}: wrote {page.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
