"""`--ensemble` as a user meets it: what intervals are said to hold, and what is refused."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from conftest import Command, ensemble_of
from test_commands import _wrong

from demandsim.results.atomic_write import write_text
from demandsim.scenario.ensemble import ensemble_text
from demandsim.scenario.files import shipped_folder

SMALL = ("--set", "population.children=3000", "--no-pictures", "--jobs", "1")
YEAR = (*SMALL, "--years", "1")
UNDRAWN = "No scenario here names posterior draws: each parameter has its one value."
CHANCE = "Intervals hold stochastic variation only; parameter uncertainty not included"


@pytest.fixture(autouse=True)
def three(tmp_path: Path) -> Path:
    path = tmp_path / "three.csv"
    three = ensemble_of(demand__new_families=(152.0, 160.0, 168.0), contact__slope=(0.7, 0.8, 0.9))
    write_text(path, ensemble_text(three))
    return path


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_a_run_says_what_its_intervals_hold_and_what_makes_them(demandsim: Command, tmp_path: Path) -> None:
    done = demandsim("run", "baseline", *YEAR, "--replications", "5", "--ensemble", "three.csv")
    assert done.returncode == 0, done.stderr
    assert "Note: 6 replications, not 5: each posterior draw has two." in done.stdout
    assert (
        "Intervals hold parameter uncertainty and stochastic variation: all 3 posterior draws of three.csv"
        in done.stdout
    )
    assert ", two replications of each." in done.stdout
    assert "3 posterior draws say little of parameter uncertainty: an ensemble of 20 or more" in done.stdout
    assert "What makes the 90% intervals:" in done.stdout
    assert "parameters" in done.stdout.split("What makes the 90% intervals:")[1]
    (folder,) = (tmp_path / "results").iterdir()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["ensemble"] == "three.csv"
    assert manifest["members"] == 3
    shown = demandsim("show", str(folder)).stdout
    assert shown.strip() in done.stdout
    again = demandsim("run", "baseline", *YEAR, "--replications", "6", "--ensemble", "three.csv")
    assert "Already simulated" in again.stdout
    without = demandsim("run", "baseline", *YEAR, "--replications", "6", "--point")
    assert f"{CHANCE} (--ensemble baseline adds it, in place of --point)" in without.stdout
    assert "parameters alone" not in without.stdout
    assert len(list((tmp_path / "results").iterdir())) == 2


def test_pictures_say_in_their_caption_what_their_intervals_hold(demandsim: Command, tmp_path: Path) -> None:
    arguments = ("run", "baseline", "--set", "population.children=3000", "--years", "1", "--replications", "4")
    arguments += ("--jobs", "1")
    assert demandsim(*arguments, "--ensemble", "three.csv", "--out", "drawn").returncode == 0
    assert demandsim(*arguments, "--point", "--out", "fixed", "--no-pictures").returncode == 0
    from demandsim.plots.style import run_line
    from demandsim.results.store import read_results

    drawn = "intervals: parameter uncertainty and stochastic variation, 2 posterior draws."
    for out, said in (("drawn", drawn), ("fixed", "intervals: stochastic variation only.")):
        (folder,) = (tmp_path / out).iterdir()
        assert run_line(read_results(folder).manifest).endswith(said)
        assert (folder / "pictures" / "stocks.png").exists() == (out == "drawn")


def test_without_a_number_each_draw_has_two_replications(demandsim: Command) -> None:
    done = demandsim("run", "baseline", *YEAR, "--ensemble", "three.csv")
    assert "6 replications" in done.stdout, done.stderr
    assert ", two replications of each." in done.stdout


@pytest.mark.parametrize(
    "command",
    [
        ("run",),
        ("sweep", "--param", "demand.level=0.8,1.2"),
        ("solve", "--param", "demand.level", "--measure", "referrals", "--target", "+10%"),
    ],
)
def test_a_command_draws_from_what_its_scenario_names_unless_told(
    demandsim: Command, tmp_path: Path, command: tuple[str, ...]
) -> None:
    header = '[scenario]\ntitle = "Mine"\nextends = "baseline"\nensemble = "three.csv"\nyears = 1\n'
    (tmp_path / "mine.toml").write_text(header, encoding="utf-8")
    arguments = (command[0], "mine.toml", *SMALL, *command[1:])
    done = demandsim(*arguments)
    assert done.returncode == 0, done.stderr
    assert "all 3 posterior draws of three.csv" in done.stdout
    assert UNDRAWN not in done.stdout
    point = demandsim(*arguments, "--point", "--replications", "2")
    assert CHANCE in point.stdout
    assert UNDRAWN not in point.stdout
    both = demandsim(*arguments, "--point", "--ensemble", "three.csv")
    assert both.returncode == 2
    assert "--point or --ensemble, not both" in both.stderr


def test_a_scenario_that_names_no_draws_says_so(demandsim: Command, tmp_path: Path) -> None:
    alone = (shipped_folder() / "baseline.toml").read_text(encoding="utf-8")
    (tmp_path / "alone.toml").write_text(alone, encoding="utf-8")
    done = demandsim("run", "alone.toml", *YEAR, "--replications", "2")
    assert done.returncode == 0, done.stderr
    assert CHANCE in done.stdout
    assert UNDRAWN in done.stdout


def test_a_comparison_takes_its_differences_apart(demandsim: Command, tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(
        '[scenario]\ntitle = "Small"\nextends = "baseline"\n[set."population.children"]\nvalue = 3000\nbecause = "x"\n',
        encoding="utf-8",
    )
    (tmp_path / "more.toml").write_text(
        '[scenario]\ntitle = "More"\nextends = "small.toml"\n[set."demand.level"]\nvalue = 1.2\nbecause = "x"\n',
        encoding="utf-8",
    )
    arguments = ("compare", "small.toml", "more.toml", "--years", "1", "--jobs", "1", "--no-pictures")
    done = demandsim(*arguments, "--replications", "6", "--ensemble", "three.csv")
    assert done.returncode == 0, done.stderr
    assert "Intervals hold parameter uncertainty and stochastic variation: all 3 posterior draws" in done.stdout
    assert "change 1: parameters" in done.stdout
    (folder,) = (tmp_path / "results").glob("compare-*")
    (row,) = [one for one in _rows(folder / "comparison.csv") if one["measure"] == "referrals"]
    assert float(row["chance alone (half of 90%)"]) > 0
    assert float(row["parameters alone (half of 90%)"]) >= 0
    # A run with point values has other replications.
    plain = demandsim(*("run", "more.toml", *arguments[3:]), "--replications", "6", "--point")
    assert plain.returncode == 0
    (other,) = [path for path in (tmp_path / "results").glob("more-*") if not (path / "ensemble.csv").exists()]
    mixed = demandsim(
        "compare", "small.toml", str(other), *arguments[3:], "--replications", "6", "--ensemble", "three.csv"
    )
    _wrong(mixed, "ensemble_digest", "found none", "run both with the same --ensemble")
    assert CHANCE in demandsim(*arguments, "--replications", "2", "--point").stdout
    both = demandsim(*arguments, "--point", "--ensemble", "three.csv")
    assert both.returncode == 2
    assert "--point or --ensemble, not both" in both.stderr


def test_a_comparison_draws_from_what_its_reference_names_unless_told(demandsim: Command, tmp_path: Path) -> None:
    header = '[scenario]\ntitle = "Mine"\nextends = "baseline"\nensemble = "three.csv"\n'
    small = '[set."population.children"]\nvalue = 3000\nbecause = "x"\n'
    (tmp_path / "mine.toml").write_text(header + small, encoding="utf-8")
    more = '[scenario]\ntitle = "More"\nextends = "mine.toml"\n[set."demand.level"]\nvalue = 1.2\nbecause = "x"\n'
    (tmp_path / "more.toml").write_text(more, encoding="utf-8")
    arguments = ("compare", "mine.toml", "more.toml", "--years", "1", "--jobs", "1", "--no-pictures")
    done = demandsim(*arguments)
    assert done.returncode == 0, done.stderr
    assert "(6 replications)" in done.stdout
    assert "all 3 posterior draws of three.csv" in done.stdout
    assert "20 replications" in demandsim(*arguments, "--point").stdout
    (tmp_path / "three.csv").write_text("# demandsim ensemble, format 2\nmember,gone.away\n1,2\n", encoding="utf-8")
    unfit = demandsim(*arguments)
    _wrong(unfit, "three.csv", "posterior draws that do not fit mine", "--point")
    assert "1 problem" in unfit.stderr


def test_sweep_and_solve_say_what_their_intervals_hold(demandsim: Command, tmp_path: Path) -> None:
    swept = ("sweep", "baseline", *YEAR, "--param", "demand.level=0.8,1.2", "--replications", "7")
    done = demandsim(*swept, "--ensemble", "three.csv")
    assert done.returncode == 0, done.stderr
    assert "Note: 8 replications, not 7" in done.stdout
    assert ", two or more replications of each." in done.stdout
    assert "Intervals hold parameter uncertainty and stochastic variation: all 3 posterior draws" in done.stdout
    (folder,) = (tmp_path / "results").glob("sweep-*")
    assert all(row["parameters alone (half of 90%)"] for row in _rows(folder / "sweep.csv"))
    assert CHANCE in demandsim(*swept, "--point").stdout
    solved = ("solve", "baseline", *YEAR, "--param", "demand.level", "--measure", "referrals", "--target", "+10%")
    done = demandsim(*solved, "--replications", "6", "--ensemble", "three.csv")
    assert done.returncode == 0, done.stderr
    assert "Intervals hold parameter uncertainty and stochastic variation: all 3 posterior draws" in done.stdout
    assert CHANCE in demandsim(*solved, "--replications", "6", "--point").stdout


def test_validation_has_intervals_of_england_and_says_how_many_hold_what_was_published(
    demandsim: Command, tmp_path: Path
) -> None:
    done = demandsim("validate", "baseline", *SMALL, "--replications", "6", "--ensemble", "three.csv")
    assert done.returncode == 0, done.stderr
    assert len(re.findall(r"\d of \d+ 90% intervals hold the published value", done.stdout)) == 3
    assert "% of the 90% intervals hold the actual value." in done.stdout
    assert "naive" in done.stdout
    assert "Intervals hold parameter uncertainty and stochastic variation: all 3 posterior draws" in done.stdout
    (folder,) = (tmp_path / "results").iterdir()
    rows = _rows(folder / "validation" / "validation.csv")
    row = next(one for one in rows if one["measure"] == "referrals")
    low, mean, high = (float(row[name]) for name in ("simulated low (5%)", "simulated mean", "simulated high (95%)"))
    assert low < mean < high
    assert (high - low) / 2 > float(row["chance alone (half of 90%)"]) > 0
    assert float(row["parameters alone (half of 90%)"]) >= 0
    without = demandsim("validate", "baseline", *SMALL, "--replications", "6")
    assert f"{CHANCE} (--ensemble baseline adds it, in place of --point)" in without.stdout
    assert "parameters alone" not in without.stdout


def test_the_loops_are_switched_off_over_the_same_members(demandsim: Command, tmp_path: Path) -> None:
    done = demandsim("run", "baseline", *YEAR, "--replications", "4", "--ensemble", "three.csv", "--decompose")
    assert done.returncode == 0, done.stderr
    assert "failure demand" in done.stdout
    manifests = [json.loads(path.read_text(encoding="utf-8")) for path in tmp_path.glob("results/*/manifest.json")]
    assert len(manifests) == 7
    assert {manifest["members"] for manifest in manifests} == {3}


@pytest.mark.parametrize("command", ["run", "validate"])
def test_an_ensemble_that_cannot_be_used_is_said_in_one_message(
    demandsim: Command, tmp_path: Path, command: str
) -> None:
    small = (command, "baseline", *SMALL, "--replications", "4")
    _wrong(demandsim(*small, "--ensemble", "none.csv"), "none.csv", "can't be read", "demandsim calibrate")
    (tmp_path / "misspelt.csv").write_text(
        "# demandsim ensemble, format 2\nmember,contact.slopes\n1,0.2\n", encoding="utf-8"
    )
    _wrong(demandsim(*small, "--ensemble", "misspelt.csv"), "did you mean 'contact.slope'")
    (tmp_path / "others.csv").write_text(
        "# demandsim ensemble, format 2\n# for leeds and what extends it\nmember,contact.slope\n1,0.2\n",
        encoding="utf-8",
    )
    _wrong(demandsim(*small, "--ensemble", "others.csv"), "an ensemble for leeds", "expected one for baseline")
    assert not (tmp_path / "results").exists()


def test_england_with_an_ensemble_takes_two_members(demandsim: Command) -> None:
    done = demandsim("run", "baseline", *YEAR, "--england", "--ensemble", "three.csv")
    _wrong(done, "4 or more of England with --ensemble", "the same without --england")
