"""`calibrate` as a user meets it, on a small authority and few numbers."""

from __future__ import annotations

import csv
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Command, quiet, surroundings
from test_commands import _bytes, _wrong

from demandsim.calibration.calibrate import BUDGET, DRAWS
from demandsim.cli.calibrate import command
from demandsim.results.checksums import damage

FIGURES = """id,measure,value,scale,year,tolerance,tolerance_unit,use,source,note
L1,referrals,1170,authority,2013-14,5,%,calibrate,made up,
L2,contacts,4100,authority,2013-14,10,%,calibrate,made up,
L3,children_in_need,740,authority,2013-14,8,%,calibrate,made up,
L4,plans,90,authority,2013-14,10,%,validate,made up,kept for the test
"""
SCENARIO = """[scenario]
title = "A small authority"
why = "For a test."
extends = "baseline"

[set."population.children"]
value = 20000
because = "for a test"
"""
#: The fewest simulations that these parameters, or one of them, can be fitted with.
ONE = (
    *("calibrate", "small.toml", "--targets", "figures.csv", "--draws", "20", "--budget", "252"),
    *("--only", "demand.new_families"),
)
ARGUMENTS = (*ONE, "--only", "need.length")


def _begun(folder: Path) -> Path:
    (folder / "figures.csv").write_text(FIGURES, encoding="utf-8")
    (folder / "small.toml").write_text(SCENARIO, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return _begun(tmp_path)


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a folder with the results of a calibration by two processes, and what it printed."""
    folder = _begun(tmp_path_factory.mktemp("calibrated"))
    done = subprocess.run(
        [sys.executable, "-m", "demandsim", *ARGUMENTS, "--jobs", "2", "--no-pictures"],
        cwd=folder,
        env=surroundings(),
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert quiet(done.stderr)
    return folder, done.stdout


def _found(out: Path) -> Path:
    (found,) = out.glob("calibrate-*")
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_figures_come_nearer_and_what_is_written_can_be_used(
    demandsim: Command, folder: Path, calibrated: tuple[Path, str]
) -> None:
    made, said = calibrated
    assert "fitted to 3 targets" in said
    shutil.copytree(made / "results", folder / "results")
    found = _found(folder / "results")
    # The same command reads what is there, and draws what was not drawn.
    again = demandsim(*ARGUMENTS)
    assert again.returncode == 0, again.stderr
    assert "Already calibrated" in again.stdout
    assert not damage(found)
    assert "fitted to 3 targets" in again.stdout
    assert {path.name for path in found.iterdir()} == {
        *("fitted.toml", "ensemble.csv", "report.md", "fit.json", "SHA256SUMS"),
        *("targets.csv", "parameters.csv", "combinations.csv"),
        *(f"{name}{suffix}" for name in ("targets", "parameters") for suffix in (".png", ".svg")),
    }
    referrals = next(row for row in _rows(found / "targets.csv") if row["measure"] == "referrals")
    assert abs(float(referrals["gap after in tolerances"])) < abs(float(referrals["gap before in tolerances"]))
    parameters = {row["parameter"]: row for row in _rows(found / "parameters.csv")}
    assert parameters["demand.new_families"]["fitted"] == "yes"
    assert float(parameters["demand.new_families"]["posterior over prior sd"]) < 0.8
    assert {key.partition("[")[0] for key in parameters} == {"demand.new_families", "need.length"}
    # Its files are a scenario and an ensemble like any other.
    fitted = str(found / "fitted.toml")
    explained = demandsim("explain", fitted, "demand.new_families")
    assert "fitted to" in explained.stdout
    assert "L1" in explained.stdout
    run = demandsim("run", fitted, "--years", "1", "--replications", "2", "--no-pictures", "--jobs", "1")
    assert run.returncode == 0, run.stderr
    # It draws from its own posterior, not from that of the baseline, which it extends.
    (taken,) = (folder / "results").glob("fitted-*/ensemble.csv")
    drawn = [path.read_text(encoding="utf-8-sig").splitlines()[-1] for path in (taken, found / "ensemble.csv")]
    assert drawn[0] == drawn[1]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_a_stopped_calibration_goes_on_and_gives_the_same_bytes_on_any_number_of_processes(
    demandsim: Command, folder: Path, calibrated: tuple[Path, str]
) -> None:
    arguments = [*ARGUMENTS, "--no-pictures"]
    process = subprocess.Popen(
        [sys.executable, "-m", "demandsim", *arguments, "--jobs", "1"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while len(list(folder.glob("results/*.partial/simulated/*.npy"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped. What is finished is kept in results" in stdout
    assert "Traceback" not in stderr
    assert _found(folder / "results").name.endswith(".partial")
    kept = {path: path.stat().st_mtime_ns for path in folder.glob("results/*.partial/simulated/*.npy")}
    assert len(kept) >= 3
    assert demandsim(*arguments, "--jobs", "1").returncode == 0
    assert _bytes(_found(folder / "results")) == _bytes(_found(calibrated[0] / "results"))


def test_the_command_spends_as_much_as_python_does() -> None:
    usual = {one.name: one.default for one in command.params}
    assert (usual["budget"], usual["draws"]) == (BUDGET, DRAWS)


def test_calibrate_explains_what_it_refuses(demandsim: Command, folder: Path) -> None:
    assert demandsim("calibrate").returncode == 2
    assert demandsim("calibrate", "baseline", "--draws", "3").returncode == 2
    lever = demandsim("calibrate", "baseline", "--only", "workforce.posts", "--only", "demand.new_famlies")
    _wrong(
        lever,
        "2 problems",
        "a lever, which someone sets: it is fitted only with --free",
        "did you mean 'demand.new_families'",
    )
    _wrong(demandsim("calibrate", "baseline", "--only", "conference.plan"), "a published value: it is known")
    _wrong(demandsim("calibrate", "baseline", "--free", "need.length"), "role uncertainty; expected a lever")
    _wrong(demandsim("calibrate", "baseline", "--budget", "100"), "found 100 simulations; expected", "waves of")
    (folder / "figures.csv").write_text(FIGURES + "L5,referrals,400,authority,2013-14,5,%,calibrate,,\n", "utf-8")
    _wrong(demandsim(*ARGUMENTS), "1170 (L1) and 400 (L5)", "one figure for each measure")
    assert not list((folder / "results").glob("*"))


def test_figures_that_can_not_be_met_together_are_told(demandsim: Command, folder: Path) -> None:
    (folder / "figures.csv").write_text(
        FIGURES.replace("L3,children_in_need,740", "L3,children_in_need,3600"), encoding="utf-8"
    )
    done = demandsim(*ONE, "--no-pictures", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert "Cannot fit these targets jointly" in done.stdout
    assert "times what its tolerance says (Birge's ratio)" in done.stdout
    assert "outside" in done.stdout


def test_a_lever_that_is_freed_is_fitted_and_its_draws_can_be_run(demandsim: Command, folder: Path) -> None:
    done = demandsim(*ONE, "--free", "workforce.posts", "--no-pictures", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    found = _found(folder / "results")
    assert "workforce.posts" in {row["parameter"] for row in _rows(found / "parameters.csv") if row["fitted"] == "yes"}
    run = ("run", "--years", "1", "--replications", "2", "--no-pictures", "--jobs", "1")
    run += ("--ensemble", str(found / "ensemble.csv"))
    assert demandsim(run[0], str(found / "fitted.toml"), *run[1:]).returncode == 0
    # Where nobody fitted it, a lever is what somebody set.
    (folder / "small.toml").write_text(SCENARIO.replace("20000", "16000"), encoding="utf-8")
    _wrong(demandsim(run[0], "small.toml", *run[1:]), "workforce.posts", "a lever, which somebody sets")


def test_what_was_fitted_is_validated_against_the_same_figures(demandsim: Command, folder: Path) -> None:
    done = demandsim(
        *("validate", "small.toml", "--targets", "figures.csv", "--replications", "4", "--no-pictures", "--jobs", "1")
    )
    assert done.returncode == 0, done.stderr
    assert "of 3 inside their tolerance" in done.stdout
    assert "held out" in done.stdout
    assert "England" not in done.stdout
    (folder / "figures.csv").write_text(FIGURES.replace("1170", "lots"), encoding="utf-8")
    _wrong(demandsim("validate", "small.toml", "--targets", "figures.csv"), "line 2, value: found 'lots'")
