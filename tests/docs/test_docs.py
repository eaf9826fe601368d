"""What the documents say is so: pages are as the code has them, links lead somewhere, commands exist."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest
from conftest import ROOT, Command

from demandsim import __version__
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.replaced import RENAMED, REPLACED

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")])


def test_reference_pages_are_as_the_code_has_them() -> None:
    done = subprocess.run(
        [sys.executable, "tools/reference.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_that_are_there(page: object) -> None:
    text = page.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    for target in re.findall(r"\]\(([^)#]+)", text):
        if not target.startswith(("http", "mailto")):
            assert (page.parent / target).exists(), target  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_can_be_pasted_into_any_shell(page: object) -> None:
    """The command prompt of Windows takes what follows a # for more words, and single quotes for letters."""
    text = page.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    for block in re.findall(r"^```\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL):
        for line in re.findall(r"^(?:demandsim|python|pip|dask) .+$", block, flags=re.MULTILINE):
            assert not re.search(r"\s#|'", line), line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_are_shown_are_commands(page: object) -> None:
    from click.testing import CliRunner

    from demandsim.cli.main import COMMANDS, main

    text = page.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    blocks = "".join(re.findall(r"^```\w*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL))
    shown = re.findall(r"^(?:\$ )?demandsim (\S+)(.*)$", blocks, flags=re.MULTILINE)
    for name, rest in shown:
        if name.startswith("-"):
            continue
        assert name in COMMANDS, name
        options = set(re.findall(r"(?<!\S)(--[a-z-]+)", rest))
        known = CliRunner().invoke(main, [name, "--help"]).output
        assert all(option in known for option in options), (name, rest)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_parameters_that_are_named_exist(page: object) -> None:
    groups = "|".join({parameter.group for parameter in PARAMETERS.values()})
    text = page.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    for name in re.findall(rf"`((?:{groups})\.[a-z_0-9]+)`", text):
        told_of = (name in REPLACED or name in RENAMED) and (
            page.name == "CHANGELOG.md" or page.parent.name == "decisions"
        )  # type: ignore[attr-defined]
        assert name in PARAMETERS or name.endswith(".py") or told_of, name


def test_the_files_that_a_new_step_touches_are_there_and_ten_at_most() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.split("## A new step of the pathway")[1].split("\n## ")[0]
    files = re.findall(r"^\d+\. `([^`]+)`", section, flags=re.MULTILINE)
    assert 5 <= len(files) <= 10
    assert [name for name in files if not (ROOT / name).is_file()] == []


def test_versions_agree() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {__version__}\n" in citation
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_constraints_pin_everything_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0].lower() for line in lines if "==" in line}
    assert all("==" in line or line.startswith("#") for line in lines if line)
    for requirement in asked:
        assert re.split(r"[<>=\[ ]", requirement)[0].lower() in pinned, requirement


def test_the_program_runs_as_a_module(demandsim: Command) -> None:
    assert __version__ in demandsim("--version").stdout
