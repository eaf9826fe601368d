"""Scenario discovery: what is simulated at a point, what is said of the points, and the command as a user runs it."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import Command, ensemble_of, quiet, small

from demandsim.experiment.discover import _pair, ranges_of
from demandsim.experiment.run import manifest_of
from demandsim.plots.discovery import discovery
from demandsim.problems import UserError
from demandsim.results.discovery import HELD_BACK, Discovery, answer_words, limits_words
from demandsim.results.points import EXTRA_SPEND

NAMES = ("early_help.effective", "demand.level", "care.rate")


def _found(count: int = 300, limit: float = 0.0) -> Discovery:
    """Return points at which the what-if pays back if early help works and demand is low, but for one in fifty."""
    rng = np.random.default_rng(3)
    values = rng.random((count, 3))
    pays = (values[:, 0] > 0.6) & (values[:, 1] < 0.5)
    pays ^= rng.random(count) < 0.02
    differences = np.where(pays, -1.0, 1.0) * (0.5 + rng.random(count))
    units = ("share", "ratio", "per month")
    manifest = manifest_of(small(), count, 1, False)
    return Discovery(
        manifest, "A what-if", EXTRA_SPEND, "2022-23", True, limit, NAMES, units, values, differences, replications=1
    )


def test_the_first_box_is_the_one_that_is_there_and_holds_for_points_held_back() -> None:
    found = _found()
    box = found.boxes()[0]
    assert {found.names[one] for one in box.limits.columns} == {"early_help.effective", "demand.level"}
    inside, kept, cases = box.limits.holds(found.values), ~found.held, found.cases
    assert box.found.points == (inside & kept).sum()
    assert box.found.density == pytest.approx(cases[inside & kept].mean())
    assert box.found.coverage == pytest.approx((inside & kept & cases).sum() / (kept & cases).sum())
    assert box.held.points == (inside & found.held).sum()
    assert found.held.sum() == len(found.values) // HELD_BACK
    assert box.held.density > 0.6
    words = answer_words(found)
    assert words.startswith(f"It pays back by the end of 2022-23 at {cases.sum()} of 300 points")
    assert limits_words(found, box) in words
    assert "early_help.effective is 0." in words
    assert "or more" in words


def test_a_box_that_does_no_better_on_points_held_back_is_no_finding() -> None:
    """What came of the points held back is dealt out anew: the box was found by the others."""
    found = _found()
    back = np.flatnonzero(found.held)
    differences = found.differences.copy()
    differences[back] = 1.0
    differences[back[found.boxes()[0].limits.holds(found.values[back])][:1]] = -1.0
    differences[back[~found.boxes()[0].limits.holds(found.values[back])][:20]] = -1.0
    dealt = replace(found, differences=differences)
    words = answer_words(dealt)
    assert "No parameter says when. Where " in words
    assert "Mostly" not in words
    assert discovery(dealt).title.endswith("of 300 points")
    assert discovery(found).title.startswith("Mostly where ")


def test_the_tree_agrees_with_the_points() -> None:
    found = _found()
    leaves = found.leaves()
    assert sum(leaf.points for leaf in leaves) == len(found.values)
    assert sum(leaf.cases for leaf in leaves) == found.cases.sum()
    first = leaves[0]
    assert "early_help.effective above" in first.way
    assert "demand.level at most" in first.way
    assert first.cases / first.points > 0.9


def test_too_few_cases_say_nothing_of_when() -> None:
    never, always = _found(limit=-9.0), _found(limit=9.0)
    assert never.boxes() == always.boxes() == []
    assert never.leaves() == []
    assert answer_words(never).endswith("at 0 of 300 points (0%). That is too few to say when.")
    assert answer_words(always).endswith("at 300 of 300 points (100%). That is too many to say when.")


def test_what_the_what_if_sets_varies_in_it_alone_and_draws_are_those_of_the_point() -> None:
    draws = ensemble_of(care__rate=(0.01, 0.02, 0.03))
    reference, what_if = small(), small(prevention__universal=90)
    what_if = replace(what_if, lineage=("--set", *what_if.lineage))
    chosen = ranges_of(reference, what_if, ["prevention.universal=50:150", "demand.level=0.9:1.1"])
    assert chosen == {"prevention.universal": (50.0, 150.0), "demand.level": (0.9, 1.1)}
    pair = _pair(
        replace(reference, ensemble=draws),
        replace(what_if, ensemble=draws),
        {"prevention.universal": 70.0, "demand.level": 1.05},
        4,
    )
    usual = small().settings["prevention.universal"].value
    assert [one.settings["prevention.universal"].value for one in pair] == [usual, 70.0]
    assert [one.settings["demand.level"].value for one in pair] == [1.05, 1.05]
    assert [one.settings["care.rate"].value for one in pair] == [0.02, 0.02], (
        "the fifth point has the second of three draws"
    )


def test_wrong_ranges_are_told_all_at_once() -> None:
    with pytest.raises(UserError) as error:
        ranges_of(small(), small(), ["demand.levl=0.9:1.1", "demand.level=2:1", "care.rate", "demand.level=0.9:900"])
    text = str(error.value)
    assert "did you mean 'demand.level'" in text
    assert "NAME=FROM:TO" in text
    assert len(error.value.problems) == 4


def test_the_command_finds_what_was_put_in_and_goes_on_where_it_stopped(demandsim: Command, tmp_path: Path) -> None:
    tiny = (
        '[scenario]\ntitle = "T"\nextends = "baseline"\n[set."population.children"]\nvalue = 5000\nbecause = "test"\n'
    )
    (tmp_path / "tiny.toml").write_text(tiny, encoding="utf-8")
    (tmp_path / "more.toml").write_text(
        '[scenario]\ntitle = "More"\nextends = "tiny.toml"\n[set."demand.level"]\nvalue = 1.0\nbecause = "a test"\n'
        '[set."prevention.universal"]\nvalue = 20\nbecause = "a test"\n',
        encoding="utf-8",
    )
    asked = ("discover", "tiny.toml", "more.toml", "--measure", "referrals", "--above", "8", "--years", "1", "--point")
    asked += ("--range", "demand.level=0.5:1.8", "--points", "40", "--replications", "1", "--jobs", "1")
    done = demandsim(*asked)
    assert done.returncode == 0, done.stderr
    assert quiet(done.stderr)
    assert "Mostly where demand.level is 1." in done.stdout
    assert "or more: there in" in done.stdout
    (folder,) = tmp_path.glob("results/discover-more-*")
    rows = list(csv.reader((folder / "points.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0][:1] == ["demand.level"]
    assert len(rows) == 41
    assert (folder / "discovery.png").stat().st_size > 10_000
    again = demandsim(*asked, "--no-pictures")
    assert again.stdout.split("Files:")[0] == done.stdout.split("Files:")[0]
    shown = demandsim("show", str(folder))
    assert "Mostly where demand.level is 1." in shown.stdout


def test_nothing_that_varies_and_the_same_scenario_are_refused(demandsim: Command) -> None:
    done = demandsim("discover", "baseline", "shift_to_prevention", "--point")
    assert done.returncode == 1
    assert "found no posterior draws and no range; expected something that varies" in done.stderr
    assert "try: demandsim discover" in done.stderr
    same = demandsim("discover", "baseline", "baseline")
    assert same.returncode == 1
    assert "the very scenario it is compared with" in same.stderr
    both = demandsim("discover", "baseline", "shift_to_prevention", "--above", "1", "--below", "2")
    assert both.returncode == 2
