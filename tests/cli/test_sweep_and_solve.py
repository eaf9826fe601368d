"""`sweep` and `solve` as a user meets them."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Command, quiet
from test_commands import _bytes, _wrong

SMALL = ("--set", "population.children=1500", "--years", "1", "--point")
FEW = (*SMALL, "--replications", "2", "--jobs", "1")


def _sweep_folder(out: Path) -> Path:
    (folder,) = out.glob("sweep-*")
    return folder


def test_one_parameter_gives_a_table_and_a_curve(demandsim: Command, tmp_path: Path) -> None:
    done = demandsim("sweep", "baseline", "--param", "demand.level=0.5:2:3", *FEW, "--measure", "referrals")
    assert done.returncode == 0, done.stderr
    assert quiet(done.stderr)
    assert "Referrals in 2013-14" in done.stdout
    assert "Next:  demandsim solve baseline --param demand.level --measure referrals" in done.stdout
    folder = _sweep_folder(tmp_path / "results")
    assert {path.name for path in folder.iterdir()} == {
        "sweep.csv",
        "summary.txt",
        "SHA256SUMS",
        *(f"curve_referrals{suffix}" for suffix in (".png", ".svg", ".csv")),
    }
    shown = demandsim("show", str(folder))
    assert shown.stdout.strip() == done.stdout.partition("points)\n")[2].split("\nFiles:")[0].strip()
    assert "sweep" in demandsim("show").stdout
    rows = list(csv.DictReader((folder / "sweep.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [float(row["demand.level"]) for row in rows] == [0.5, 1.25, 2]
    changes = [float(row["mean difference"]) for row in rows]
    assert changes[0] < 0 < changes[1] < changes[2]


def test_two_parameters_give_a_heat_map_and_a_file_may_give_the_points(demandsim: Command, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("demand.level,court.weeks\n1,30\n1,36\n2,30\n2,36\n", encoding="utf-8")
    done = demandsim("sweep", "baseline", "--grid", "points.csv", *FEW)
    assert done.returncode == 0, done.stderr
    folder = _sweep_folder(tmp_path / "results")
    assert len(list(folder.glob("map_looked_after.*"))) == 3
    # Not all combinations: a table, and no picture.
    (tmp_path / "points.csv").write_text("demand.level,court.weeks\n1,30\n2,36\n", encoding="utf-8")
    listed = demandsim("sweep", "baseline", "--grid", "points.csv", *FEW, "--measure", "caseload")
    assert "No heat map" in listed.stdout
    (other,) = set((tmp_path / "results").glob("sweep-*")) - {folder}
    assert {path.name for path in other.iterdir()} == {"sweep.csv", "summary.txt", "SHA256SUMS"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_sweep_goes_on_and_gives_the_same_bytes_on_any_number_of_processes(
    demandsim: Command, tmp_path: Path
) -> None:
    arguments = [
        "sweep",
        "baseline",
        "--param",
        "demand.level=0.5,2",
        *SMALL,
        "--replications",
        "6",
        "--precision",
        "0%",
    ]
    arguments.append("--no-pictures")
    assert demandsim(*arguments, "--jobs", "2", "--out", "whole").returncode == 0
    process = subprocess.Popen(
        [sys.executable, "-m", "demandsim", *arguments, "--jobs", "1"], cwd=tmp_path, stdout=subprocess.DEVNULL
    )
    points = tmp_path / "results" / "points"
    deadline = time.monotonic() + 60
    while not list(points.glob("*.parquet")) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert list(points.glob("*.parquet"))
    assert not list((tmp_path / "results").glob("sweep-*"))
    again = demandsim(*arguments, "--jobs", "1")
    assert again.returncode == 0, again.stderr
    assert _bytes(_sweep_folder(tmp_path / "results")) == _bytes(_sweep_folder(tmp_path / "whole"))
    assert _bytes(points) == _bytes(tmp_path / "whole" / "points")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to whole groups")
def test_ctrl_c_says_what_is_kept(tmp_path: Path) -> None:
    arguments = ["solve", "baseline", "--param", "demand.level", "--target", "-5%", *SMALL, "--replications", "200"]
    process = subprocess.Popen(
        [sys.executable, "-m", "demandsim", *arguments, "--jobs", "2"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("results/points/*.parquet")) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped. What is finished is kept in results" in stdout
    assert "Traceback" not in stderr


def test_sweep_explains_what_it_refuses(demandsim: Command, tmp_path: Path) -> None:
    assert demandsim("sweep", "baseline").returncode == 2
    assert demandsim("sweep", "baseline", "--param", "demand.level=1,2", "--precision", "x").returncode == 2
    million = ("--param", "demand.level=0.5:1.5:1000", "--param", "court.weeks=26:36:1000")
    started = time.monotonic()
    _wrong(demandsim("sweep", "baseline", *million), "1,000,000", "days", "try: demandsim sweep baseline --param")
    assert time.monotonic() - started < 20
    misspelt = demandsim("sweep", "baseline", "--param", "demand.levl=1,2", "--param", "demand.need=1,2", *FEW)
    _wrong(misspelt, "2 problems", "did you mean 'demand.level'", "a list")
    unknown = demandsim("sweep", "baseline", "--param", "demand.level=1,2", *FEW, "--measure", "loked_after")
    _wrong(unknown, "did you mean 'looked_after'", "extra_spend")
    assert not (tmp_path / "results").exists()


def test_solve_says_where_the_target_is_met_and_draws_it(demandsim: Command, tmp_path: Path) -> None:
    asked = ("--param", "demand.level", "--measure", "referrals", "--by", "2014-03-31", "--between", "0.5:2")
    done = demandsim("solve", "baseline", *asked, "--target", "+40%", *FEW)  # far from where two replications turn
    assert done.returncode == 0, done.stderr
    assert "90% interval" in done.stdout
    assert "nine in ten replications" in " ".join(done.stdout.split())
    (folder,) = (tmp_path / "results").glob("solve-*")
    expected = {"SHA256SUMS", "summary.txt", "answer.csv", "solve.csv", "response.png", "response.svg", "response.csv"}
    assert {path.name for path in folder.iterdir()} == expected
    (answer,) = csv.DictReader((folder / "answer.csv").read_text(encoding="utf-8-sig").splitlines())
    assert 1 < float(answer["value"]) < 2
    beyond = demandsim("solve", "baseline", *asked, "--target", "90000", *FEW)
    assert beyond.returncode == 0, beyond.stderr
    assert "the target of 90,000 per year is met nowhere" in " ".join(beyond.stdout.split())
    assert len(list((tmp_path / "results").glob("solve-*"))) == 2


def test_solve_explains_what_it_refuses(demandsim: Command) -> None:
    both = demandsim("solve", "baseline", "--param", "demand.levl", "--target", "90%", *FEW)
    _wrong(both, "2 problems", "did you mean 'demand.level'", "with its sign")
    moving = demandsim("solve", "shift_to_prevention", "--param", "prevention.targeted", "--target", "1", *FEW)
    _wrong(moving, "a path over time")
    assert demandsim("solve", "baseline", "--param", "demand.level", "--target", "1", "--between", "1").returncode == 2


def test_a_shift_is_set_against_its_reference(demandsim: Command) -> None:
    done = demandsim(
        *("solve", "shift_to_prevention", "--against", "baseline", "--param", "early_help.relative_risk"),
        *("--measure", "extra_spend", "--target", "0", "--no-pictures"),
        *FEW,
    )
    assert done.returncode == 0, done.stderr
    # Nothing is shifted in the first year: nothing is spent or saved, whatever early help achieves.
    text = " ".join(done.stdout.split())
    assert (
        "Extra spend since the start in 2013-14: the target of £0 million is met where early_help.relative_risk is from"
        in text
    )


def test_a_what_if_is_swept_against_its_reference(demandsim: Command, tmp_path: Path) -> None:
    more = '[scenario]\ntitle = "More"\nextends = "baseline"\n[set."demand.level"]\nvalue = 1.5\nbecause = "x"\n'
    (tmp_path / "more.toml").write_text(more, encoding="utf-8")
    how = ("--measure", "referrals", *SMALL, "--jobs", "1", "--replications", "10")
    done = demandsim("sweep", "more.toml", "--against", "baseline", "--param", "demand.new_families=100,200", *how)
    assert done.returncode == 0, done.stderr
    assert "difference from Baseline: the typical English authority" in done.stdout
    assert "20% of the largest difference" in done.stdout
    folder = _sweep_folder(tmp_path / "results")
    few, many = csv.DictReader((folder / "sweep.csv").read_text(encoding="utf-8-sig").splitlines())
    # Half as many again of what there is, in both: the parameter is a fact of the world.
    assert 1.4 < float(many["mean difference"]) / float(few["mean difference"]) < 3
    assert float(few["mean difference"]) > 0
    withheld = demandsim(*("sweep", "baseline", "--param", "care.readiness=0.9,1.1", "--measure", "exposure"), *how[2:])
    _wrong(withheld, "acts on the decision who is looked after")
