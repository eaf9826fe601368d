"""What tests share: small authorities, simulated quickly, and the command run as a user runs it."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from demandsim.experiment.compare import keep
from demandsim.experiment.run import run
from demandsim.model.authority import Authority
from demandsim.model.simulate import calendar_of, get_ready, levers_of, simulate
from demandsim.results.comparison import compare_results
from demandsim.results.tables import Tables
from demandsim.scenario.levers import Levers
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.sets_of_values import Ensemble

pytest.register_assert_rewrite("sign_pairs")

ROOT = Path(__file__).resolve().parent.parent


def small(children: float = 7_550, years: int = 1, **changes: Any) -> Scenario:
    """Return the baseline for an authority of that many children, with changes given as group__name=value."""
    overrides = [f"population.children={children}"]
    overrides += [f"{name.replace('__', '.', 1)}={value}" for name, value in changes.items()]
    return read_scenario("baseline", overrides, years)


def tables_of(scenario: Scenario, replications: int = 1, seed: int = 1) -> Tables:
    """Simulate and return arrays of (replication, month or year, column)."""
    runs = [simulate(scenario, seed, number)[0] for number in range(replications)]
    return {name: np.stack([run[name] for run in runs]) for name in runs[0]}


def authority_of(scenario: Scenario, key: int = 1, **changes: Any) -> Authority:
    """Return the authority of a scenario before its first event, with changes of its values as group__name=value."""
    levers = levers_of(scenario, calendar_of(scenario.start, scenario.years))
    values = {**levers.base, **levers.start, **{name.replace("__", ".", 1): one for name, one in changes.items()}}
    return Authority(Levers(values), key, calendar_of(scenario.start, scenario.years), scenario.years)


def ensemble_of(**columns: Sequence[float]) -> Ensemble:
    """Return an ensemble for the baseline, with the values of each number given as group__name=values."""
    names = tuple(name.replace("__", ".", 1) for name in columns)
    return Ensemble(
        "made by a test; for baseline and what extends it", names, tuple(zip(*columns.values(), strict=True))
    )


#: Nothing binds: a place and a worker for every child, courts that hear everybody, and no loop closed.
UNBOUND: dict[str, Any] = {
    "prevention__targeted": 5000,
    "budget__total": 50_000,
    "workforce__posts": 400,
    "workforce__vacancies": 0,
    "workforce__turnover": 0,
    "workforce__recruitment_months": 0.1,
    "placement__places": [900, 900, 900],
    "conference__capacity": 10_000,
    "court__capacity": 900,
    "loop__reactive_trap": 0,
    "loop__workload_spiral": 0,
    "loop__failure_demand": 0,
    "loop__drift": 0,
    "loop__sufficiency": 0,
    "loop__threshold_creep": 0,
}


Command = Callable[..., subprocess.CompletedProcess[str]]


def surroundings() -> dict[str, str]:
    """Return the environment of a command: ours without COLUMNS, which readline sets and tables would wrap by."""
    return {**{name: value for name, value in os.environ.items() if name != "COLUMNS"}, "PYTHONIOENCODING": "utf-8"}


def quiet(said: str) -> bool:
    """Return whether nothing is said on the side but how far something is that takes long."""
    return all(line.endswith(" so far") for line in said.splitlines())


#: The file that has the model compiled, on a machine where nobody has yet.
FIRST = "test_first_start"
#: Files that simulate nothing. They come while another process compiles the model, and wait for nobody.
WITHOUT_MODEL = (
    "test_page_command",
    "test_page_parts",
    "test_read",
    "test_posterior",
    "test_docs",
    "test_output",
    "test_limits",
    "test_replaced",
    "test_draws",
    "test_peers",
    "test_localise_need",
    "test_localise_files",
    "test_localise_care",
    "test_comparison_marks",
    "test_run_pictures",
    "test_distributions",
    "test_report",
    "test_words",
    "test_prim",
    "test_sensitivity",
    "test_evidence",
    "test_lock",
    "test_parts",
    "test_local",
    "test_priors",
    "test_fit_rows",
    "test_measures",
    "test_function_length",
    "test_columns",
    "test_second_entry",
    "test_calendars",
)
#: Files that take longest, in the order in which they begin: where one process takes whole files, none is left over at
#: the end that keeps it busy while the others have nothing to do.
LONGEST = (
    "test_policy_signs",
    "test_policy_signs_of_care",
    "test_calibrate",
    "test_tutorial",
    "test_library",
    "test_robustness",
    "test_commands",
    "test_ensemble_option",
    "test_page",
    "test_workers",
    "test_trials",
    "test_notebook",
    "test_sweep_and_solve",
)


def pytest_configure(config: pytest.Config) -> None:
    """Let files begin in our order; xdist's own begins with those of most tests, most of which are quick."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest."""
    place = {name: number for number, name in enumerate((FIRST, *WITHOUT_MODEL, *LONGEST))}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))


@pytest.fixture(scope="module", autouse=True)
def _compiled(request: pytest.FixtureRequest) -> None:
    """Let the model be compiled before commands are run, so that what they print holds nothing of it."""
    if request.path.stem not in (FIRST, *WITHOUT_MODEL):
        get_ready()


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a finished comparison of two what-ifs with a small reference, two years of it."""
    out = tmp_path_factory.mktemp("compared")
    changes: tuple[dict[str, Any], ...] = ({}, {"prevention__universal": 150}, {"demand__level": 0.6})
    reference, *others = (run(small(3_000, 2, **one), replications=4, seed=7, out=out, jobs=1) for one in changes)
    return keep(compare_results(reference, others), out)


def carried_out(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Carry out the command in this process, in a folder: what it imports and compiles is loaded once for all tests."""
    from demandsim.cli.main import main

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    code: Any = 0
    with (
        contextlib.chdir(folder),
        patch.dict(os.environ, surroundings(), clear=True),
        patch.object(sys, "argv", ["demandsim", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main(prog_name="demandsim")
        except SystemExit as end:
            code = end.code or 0
        except Exception:
            traceback.print_exc()
            code = 1
    said, aside = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(arguments, code, said, aside)


@pytest.fixture
def demandsim(tmp_path: Path) -> Command:
    """Return a function that carries out the command in an empty folder, in this process."""
    return lambda *arguments: carried_out(tmp_path, *arguments)


@pytest.fixture
def separate(tmp_path: Path) -> Command:
    """Return a function that runs the command in an empty folder as a user does: as a process, with its own imports."""

    def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        environment = {**surroundings(), **options.pop("env", {})}
        return subprocess.run(
            [sys.executable, "-m", "demandsim", *arguments],
            cwd=options.pop("cwd", tmp_path),
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
            **options,
        )

    return run
