"""What `demandsim page` refuses before anything is simulated, and why."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from demandsim.cli.main import main
from demandsim.page.file import check_file


def refused(*arguments: str, code: int = 1) -> str:
    """Return what the command says when it refuses."""
    done = CliRunner().invoke(main, ["page", *arguments])
    assert done.exit_code == code, done.output
    return done.output


def test_a_page_needs_a_file_or_a_server(tmp_path: Path) -> None:
    assert "--out FILE.html, or --serve" in refused("baseline", code=2)
    assert "--point or --ensemble" in refused(
        "baseline", "--out", str(tmp_path / "a.html"), "--point", "--ensemble", "baseline", code=2
    )


def test_a_file_that_cannot_be_written_is_told_before_anything_is_simulated(tmp_path: Path) -> None:
    assert "a name without .html" in refused("baseline", "--out", str(tmp_path / "page.pdf"))
    (tmp_path / "taken").write_text("a file where a folder should be")
    assert "taken" in refused("baseline", "--out", str(tmp_path / "taken" / "page.html"))


def test_a_page_makes_the_folder_that_it_is_to_lie_in(tmp_path: Path) -> None:
    file = tmp_path / "new" / "folder" / "page.html"
    check_file(file)
    assert [*tmp_path.rglob("*")] == [file.parent.parent, file.parent]


def test_levers_that_are_none_are_told_all_at_once(tmp_path: Path) -> None:
    names = ("harm.rate", "practice.mix", "workforce.post", "demand.level", "demand.level")
    said = refused(
        "baseline", "--out", str(tmp_path / "a.html"), *(part for name in names for part in ("--lever", name))
    )
    for text in ("harm.rate", "practice.mix", "did you mean 'workforce.posts'", "the same lever twice"):
        assert text in said


def test_a_lever_without_a_range_is_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        '[scenario]\nformat = 2\ntitle = "Mine"\nextends = "baseline"\n'
        '[set."court.weeks"]\nvalue = 60\nbecause = "slow"\n'
    )
    said = refused(str(file), "--lever", "court.weeks", "--out", str(tmp_path / "a.html"))
    assert "a value of 60, outside its range" in said


def test_what_ifs_that_change_nothing_or_come_twice_are_told(tmp_path: Path) -> None:
    file = tmp_path / "same.toml"
    file.write_text('[scenario]\nformat = 2\ntitle = "Same"\nextends = "baseline"\n')
    said = refused("baseline", str(file), "edge_of_care", "edge_of_care", "--out", str(tmp_path / "a.html"))
    assert "a what-if that changes nothing" in said
    assert "the same what-if twice" in said
