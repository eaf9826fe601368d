"""`compare --sensitivity` as a user meets it."""

from __future__ import annotations

import csv
from pathlib import Path

from conftest import Command, ensemble_of
from test_commands import _wrong

from demandsim.results.atomic_write import write_text
from demandsim.scenario.ensemble import ensemble_text

HOW = ("--years", "1", "--jobs", "1", "--replications", "24")


def test_a_comparison_says_what_its_differences_turn_on(demandsim: Command, tmp_path: Path) -> None:
    draws = ensemble_of(
        demand__new_families=[150 + 1.8 * number for number in range(12)],
        contact__slope=[0.7 + 0.01 * ((7 * number) % 12) for number in range(12)],
    )
    write_text(tmp_path / "twelve.csv", ensemble_text(draws))
    small = (
        '[scenario]\ntitle = "Small"\nextends = "baseline"\nensemble = "twelve.csv"\n'
        '[set."population.children"]\nvalue = 1500\nbecause = "x"\n'
    )
    (tmp_path / "small.toml").write_text(small, encoding="utf-8")
    more = '[scenario]\ntitle = "More"\nextends = "small.toml"\n[set."demand.level"]\nvalue = 2\nbecause = "x"\n'
    (tmp_path / "more.toml").write_text(more, encoding="utf-8")
    done = demandsim("compare", "small.toml", "more.toml", *HOW, "--sensitivity")
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert "1. More: what the change in children looked after in 2013-14 turns on, children; as drawn" in text
    assert "what net cost (cash, not discounted) over 1 year turns on, £ million" in text
    assert "The change in children looked after turns" in text
    assert "2 by regression over the draws" in text
    (folder,) = (tmp_path / "results").glob("compare-*")
    assert (folder / "sensitivity.png").exists()
    rows = list(csv.DictReader((folder / "sensitivity.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert {row["parameter"] for row in rows} == {
        "demand.new_families",
        "contact.slope",
        "chance alone",
        "all parameters",
    }
    shown = demandsim("show", str(folder))
    assert "what the change in children looked after in 2013-14 turns on" in " ".join(shown.stdout.split())
    point = demandsim(
        "compare", "small.toml", "more.toml", *HOW[:-2], "--sensitivity", "--point", "--replications", "2"
    )
    _wrong(point, "runs with point values", "10 posterior draws or more")
    assert demandsim("compare", "small.toml", "more.toml", "--sensitivity", "--structures").returncode == 2
