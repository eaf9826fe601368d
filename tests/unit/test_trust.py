"""Results are right or refused: whatever stops a run, takes its parts or changes its files."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import small

from demandsim.experiment import parts as parts_module
from demandsim.experiment import run as run_module
from demandsim.experiment.reproduce import reproduce
from demandsim.experiment.run import run
from demandsim.problems import UserError
from demandsim.results.checksums import FILE as SUMS
from demandsim.results.checksums import seal
from demandsim.results.reading import DamagedError, read_results
from demandsim.results.store import Results, Store

REPLICATIONS = 3
Bytes = dict[str, bytes]


def simulated(out: Path, **how: Any) -> Results:
    return run(small(1_500), replications=REPLICATIONS, seed=1, out=out, jobs=1, **how)


def content(folder: Path) -> Bytes:
    """Return every file by its path, but locks: a command that was killed leaves its own, which is empty."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".lock"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for results, with those of an undisturbed run in it."""
    out = tmp_path_factory.mktemp("right")
    simulated(out)
    return out


@pytest.fixture(scope="module")
def unfinished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for results, with a run in it whose parts are all there and not put together."""
    out = tmp_path_factory.mktemp("unfinished")

    def stop(*_: object) -> None:
        raise Stopped

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "finish", stop)
        with pytest.raises(Stopped):
            simulated(out)
    return out


class Stopped(BaseException):
    """Stands for a kill: nothing of the program catches it."""


@pytest.fixture
def out(tmp_path: Path, unfinished: Path) -> Path:
    return Path(shutil.copytree(unfinished, tmp_path / "results"))


@pytest.fixture
def kept(tmp_path: Path, right: Path) -> Path:
    """Return the folder of finished results, to be damaged."""
    (folder,) = Path(shutil.copytree(right, tmp_path / "kept")).iterdir()
    return folder


# -- stopped ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", [False, True])
def test_a_run_stopped_at_any_step_of_finishing_goes_on_to_the_same_bytes(
    tmp_path: Path, unfinished: Path, right: Path, again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, ended = 0, False
    while not ended:
        step += 4 if again else 1
        out = Path(shutil.copytree(unfinished, tmp_path / str(step)))
        if again:
            shutil.copytree(right, out, dirs_exist_ok=True)
        left = step
        with monkeypatch.context() as patch:

            def counted(original: Callable[..., Any]) -> Callable[..., Any]:
                def change(*given: Any, **others: Any) -> Any:
                    nonlocal left
                    left -= 1
                    if left == 0:
                        raise Stopped
                    return original(*given, **others)

                return change

            for name in ("replace", "unlink", "rmdir", "remove"):
                patch.setattr(os, name, counted(getattr(os, name)))
            try:
                simulated(out, rerun=again)
                ended = left > 0
            except Stopped:
                pass
        simulated(out)
        assert content(out) == content(right), step
    assert step > 10


def test_a_worker_that_outlives_its_run_leaves_nothing(out: Path, right: Path) -> None:
    results = simulated(out)
    store = Store(out, results.manifest)
    parts_module.simulate_part([parts_module.Job(store, small(1_500))], parts_module.Part(0))
    assert content(out) == content(right)


# -- parts ------------------------------------------------------------------------------------------------------------


def test_parts_deleted_while_a_run_goes_on_are_simulated_again(tmp_path: Path, right: Path) -> None:
    said: list[str] = []

    def delete(what: str, finished: int, wanted: int) -> None:
        if finished == wanted and not said:
            for file in tmp_path.glob("*.partial/part-0000[01].*"):
                file.unlink()

    results = simulated(tmp_path, on_progress=delete, notice=said.append)
    assert len(results.tables["count"]) == REPLICATIONS
    assert content(tmp_path) == content(right)
    assert said == ["What was kept of replication 0 went missing meanwhile; it is simulated again."]


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _swap(path: Path) -> None:
    other = path.with_name(path.name.replace("00001", "00002"))
    mine, theirs = path.read_bytes(), other.read_bytes()
    path.write_bytes(theirs)
    other.write_bytes(mine)


@pytest.mark.parametrize("kind", ["months.arrow", "years.arrow", "json"])
@pytest.mark.parametrize("harm", [_empty, _cut, _flip, _swap])
def test_a_damaged_part_is_simulated_again_and_said(
    out: Path, right: Path, kind: str, harm: Callable[[Path], None]
) -> None:
    said: list[str] = []
    (path,) = out.glob(f"*.partial/part-00001.{kind}")
    harm(path)
    simulated(out, notice=said.append)
    assert content(out) == content(right)
    assert len(said) == 1
    assert "damaged" in said[0]
    assert "again" in said[0]


def test_what_another_version_left_is_not_used_and_not_deleted(
    out: Path, right: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(out)
    with monkeypatch.context() as patch:
        for module in (run_module, parts_module):
            patch.setattr(module, "made_with", lambda: {"python": "3.11", "numpy": "9.9"})
        with pytest.raises(UserError, match=r"an unfinished run of demandsim .*expected .* numpy 9\.9") as refused:
            simulated(out)
        assert len(refused.value.problems) == 1
        assert content(out) == before
        assert simulated(out, rerun=True).manifest.made_with["numpy"] == "9.9"


def test_results_made_with_other_libraries_are_kept_and_said(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(run_module, "made_with", lambda: {"python": "3.11", "numpy": "9.9"})
    simulated(kept.parent, notice=said.append)
    assert "demandsim reproduce says whether" in said[0]


# -- finished results -------------------------------------------------------------------------------------------------


def _half(folder: Path) -> None:
    table = pq.read_table(folder / "months.parquet")
    pq.write_table(table.slice(0, table.num_rows // 3), folder / "months.parquet")


def _null(folder: Path) -> None:
    table = pq.read_table(folder / "months.parquet")
    nothing = pa.nulls(table.num_rows, table.schema.types[5])
    pq.write_table(table.set_column(5, table.column_names[5], nothing), folder / "months.parquet")


def _more_replications(folder: Path) -> None:
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    (folder / "manifest.json").write_text(text.replace('"replications": 3', '"replications": 7'), encoding="utf-8")


def _another_layout(folder: Path) -> None:
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    (folder / "manifest.json").write_text(text.replace('"format": 3', '"format": 2'), encoding="utf-8")


def _years_of_another(folder: Path) -> None:
    other = run(
        small(1_500, demand__level=2), replications=REPLICATIONS, seed=1, out=folder.parent.parent / "other", jobs=1
    )
    shutil.copy(other.folder / "years.parquet", folder / "years.parquet")


FILES = ("summary.csv", "months.csv", "columns.csv", "resolved.toml", "manifest.json", SUMS)
HARMS: dict[str, Callable[[Path], None]] = {
    "half the replications removed": _half,
    "a null column": _null,
    "the manifest says more replications": _more_replications,
    "the manifest says another layout": _another_layout,
    "the years of another scenario": _years_of_another,
    **{f"{name} deleted": lambda folder, name=name: (folder / name).unlink() for name in FILES},  # type: ignore[misc]
    **{f"{name} flipped": lambda folder, name=name: _flip(folder / name) for name in FILES},  # type: ignore[misc]
    "all but the tables deleted": lambda folder: [(folder / name).unlink() for name in FILES].clear(),
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_damaged_results_are_refused_and_the_run_makes_them_right(
    kept: Path, right: Path, harm: Callable[[Path], None]
) -> None:
    said: list[str] = []
    harm(kept)
    with pytest.raises(UserError) as refused:
        read_results(kept)
    (problem,) = refused.value.problems
    assert "damaged results" in problem.found or not (kept / SUMS).exists()
    assert problem.next
    simulated(kept.parent, notice=said.append)
    assert content(kept.parent) == content(right)
    assert len(said) == 1
    assert said[0].endswith("It is simulated again.")


def _as_of_0_1_0(folder: Path) -> None:
    """Take from results what 0.1.0 did not write."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    old = {name: value for name, value in manifest.items() if name not in ("spells", "platform")}
    (folder / "manifest.json").write_text(json.dumps({**old, "format": 2}), encoding="utf-8")
    (folder / SUMS).unlink()


def test_results_of_0_1_0_are_read_and_told_apart(kept: Path) -> None:
    _as_of_0_1_0(kept)
    results = read_results(kept)
    assert not results.manifest.verifiable
    assert len(results.tables["count"]) == REPLICATIONS
    with pytest.raises(UserError, match="without checksums"):
        simulated(kept.parent)


def test_results_of_0_1_0_that_lack_replications_are_refused(kept: Path) -> None:
    _as_of_0_1_0(kept)
    _half(kept)
    with pytest.raises(DamagedError, match="1 replications where the manifest says 3"):
        read_results(kept)


# -- made again -------------------------------------------------------------------------------------------------------


def test_a_run_is_reproduced_to_the_last_byte_and_nothing_is_left(kept: Path) -> None:
    before = content(kept.parent)
    found = reproduce(kept)
    assert found.different == found.surroundings == ()
    assert {"months.parquet", "manifest.json", "resolved.toml"} < set(found.same)
    assert content(kept.parent) == before
    _as_of_0_1_0(kept)
    assert reproduce(kept).different == ()


def test_a_run_with_spells_and_an_ensemble_is_reproduced(tmp_path: Path) -> None:
    from demandsim.scenario.ensemble import with_ensemble

    scenario = with_ensemble(replace(small(1_500), name="mine"), "baseline")
    results = run(scenario, replications=2, seed=1, out=tmp_path, jobs=1, spells=True)
    found = reproduce(results.folder)
    assert found.different == ()
    assert {"spells.parquet", "ensemble.csv"} < set(found.same)


def test_what_differs_is_named(kept: Path) -> None:
    table = pq.read_table(kept / "years.parquet")
    name = table.column_names[3]
    pq.write_table(table.set_column(3, name, pa.array(table[name].to_numpy() + 1)), kept / "years.parquet")
    manifest = json.loads((kept / "manifest.json").read_text(encoding="utf-8"))
    manifest["made_with"]["numpy"], manifest["platform"] = "1.0", "Another one"
    (kept / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    seal(kept)
    found = reproduce(kept)
    assert found.different == (("years.parquet", f"1 of {table.num_columns} columns, {name!r} the first"),)
    assert [what for what, _, _ in found.surroundings] == ["numpy", "platform"]
    assert (found.made / "years.parquet").is_file()


def test_damaged_results_are_not_reproduced(kept: Path) -> None:
    _flip(kept / "resolved.toml")
    with pytest.raises(DamagedError, match=r"resolved\.toml is not as it was written"):
        reproduce(kept)
