"""`demandsim compare --structures`, as a user runs it."""

from __future__ import annotations

from pathlib import Path

from conftest import Command, quiet

SMALL = ("--years", "1", "--replications", "3", "--jobs", "1", "--no-pictures")


def _scenario(path: Path, extends: str, name: str, value: float) -> str:
    path.write_text(
        f'[scenario]\ntitle = "{path.stem}"\nextends = "{extends}"\n'
        f'[set."{name}"]\nvalue = {value}\nbecause = "a test"\n',
        encoding="utf-8",
    )
    return path.name


def test_compare_says_what_answers_turn_on_and_show_says_it_again(demandsim: Command, tmp_path: Path) -> None:
    _scenario(tmp_path / "tiny.toml", "baseline", "population.children", 3000)
    _scenario(tmp_path / "more.toml", "tiny.toml", "demand.level", 1.3)
    done = demandsim("compare", "tiny.toml", "more.toml", *SMALL, "--structures")
    assert done.returncode == 0, done.stderr
    assert quiet(done.stderr)
    assert "(3 replications)" in done.stdout
    assert "What the answers turn on: changes in 2013-14 under the main structure and 5 others" in done.stdout
    assert "no shields" in done.stdout
    assert "changes told apart are firm" in done.stdout.split("1. more: ")[1]
    assert "in brackets: not told apart." in done.stdout
    lines = done.stdout.split("What the answers turn on")[1].splitlines()
    assert max(map(len, lines)) <= 150
    (folder,) = tmp_path.glob("results/compare-*")
    rows = (folder / "structures.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0].startswith("scenario,measure,label,unit,year,structure,mean difference")
    assert "  structures.csv" in (folder / "SHA256SUMS").read_text(encoding="utf-8")
    runs = [path for path in tmp_path.glob("results/*") if not path.name.startswith("compare")]
    assert len(runs) == 12
    assert any(path.name.startswith("more-no_shields-") for path in runs)
    shown = demandsim("show", str(folder))
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.strip() in done.stdout
    again = demandsim("compare", "tiny.toml", "more.toml", *SMALL, "--structures")
    assert again.stdout == done.stdout


def test_structures_and_draws_are_not_asked_for_at_once(demandsim: Command) -> None:
    done = demandsim("compare", "baseline", "austerity_10", "--structures", "--ensemble", "baseline")
    assert done.returncode == 2
    assert "--structures or --ensemble, not both" in done.stderr


def test_structures_are_no_what_ifs_and_can_be_explained(demandsim: Command) -> None:
    assert "no_shields" not in demandsim("list").stdout
    done = demandsim("explain", "no_shields")
    assert done.returncode == 0, done.stderr
    assert "Supposes that" in done.stdout
