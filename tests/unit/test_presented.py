"""In a notebook a result prints itself, draws itself and becomes a data frame."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import small

import demandsim
from demandsim.problems import UserError
from demandsim.results.manifest import Results
from demandsim.results.measures import MEASURES
from demandsim.results.year import Year


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return demandsim.run(small(), replications=2, out=tmp_path_factory.mktemp("results"))


def test_a_result_prints_what_the_command_prints(
    results: Results, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "118")
    from demandsim.cli.show import print_headline

    print_headline(results)
    printed = capsys.readouterr().out.strip("\n")
    assert "Children looked after" in printed
    assert repr(results) == str(results.summary()) == printed
    assert repr(results.summary()) == printed
    assert capsys.readouterr().out == ""


def test_a_result_draws_itself(results: Results, tmp_path: Path) -> None:
    drawing = results.plot()
    assert drawing._repr_png_().startswith(b"\x89PNG")
    assert {path.name for path in results.plot("spend").save(tmp_path)} == {"spend.png", "spend.svg", "spend.csv"}
    with pytest.raises(UserError, match="did you mean 'spend'"):
        results.plot("spent")


def test_a_result_becomes_a_data_frame(results: Results) -> None:
    frame = results.to_frame()
    assert frame["authority mean"].dtype.kind == "f"
    assert set(frame["year"]) == {"2013-14"}
    held = MEASURES["looked_after"].of(Year(results.tables, results.manifest.years - 1))
    assert frame.set_index("measure").loc["looked_after", "authority mean"] == pytest.approx(held.mean())
    assert len(results.to_frame("months")) == 2 * 12 * results.manifest.years
    with pytest.raises(UserError, match="summary, months, years"):
        results.to_frame("days")


def test_a_comparison_has_the_same(results: Results) -> None:
    from demandsim.results.comparison import compare_results

    comparison = compare_results(results, [results])
    assert "Cumulative net cost" in repr(comparison)
    assert set(comparison.to_frame()["told apart from no change"]) == {"no"}
    assert len(comparison.to_frame("money")) == 12


def test_results_are_read_without_what_prints_and_draws_them() -> None:
    code = "import sys, demandsim.results.reading; sys.exit('matplotlib' in sys.modules or 'pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
