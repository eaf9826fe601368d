"""`demandsim estimate`, as a user runs it."""

from __future__ import annotations

import re

from conftest import Command

from demandsim.meanfield.errors import known_errors
from demandsim.results.measures import headline_measures

SMALL = ("--set", "population.children=7550")


def test_an_estimate_stands_beside_its_known_error(demandsim: Command) -> None:
    done = demandsim("estimate", "baseline", "--years", "1")
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("Children looked after ")]
    assert re.search(r"children +4\d\d +[+-]\d\.\d\d ±\d\.\d\d%", line), line
    assert "Measured on baseline, 60 replications" in done.stdout
    assert "--check" not in done.stdout


def test_an_estimate_of_something_else_says_where_its_errors_were_measured(demandsim: Command) -> None:
    done = demandsim("estimate", "baseline", "--years", "2", "--set", "demand.level=1.2", "--steady")
    assert done.returncode == 0, done.stderr
    assert "2014-15" in done.stdout
    assert "balance" in done.stdout
    assert "--check 20 measures the error here" in done.stdout


def test_check_simulates_and_keeps_what_it_simulated(demandsim: Command) -> None:
    done = demandsim("estimate", "baseline", "--years", "1", *SMALL, "--check", "2", "--executor", "serial")
    assert done.returncode == 0, done.stderr
    assert "Measured on baseline as given here, 2 replications" in done.stdout
    again = demandsim("run", "baseline", "--years", "1", *SMALL, "--replications", "2", "--no-pictures")
    assert "Already simulated" in again.stdout


def test_a_bad_value_is_said_and_nothing_else(demandsim: Command) -> None:
    done = demandsim("estimate", "baseline", "--set", "demand.level=-1")
    assert done.returncode == 1
    assert "demand.level" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_headline_measure_has_a_known_error() -> None:
    _, errors = known_errors()
    assert {measure for measure, _ in errors} == {measure.id for measure in headline_measures()}
