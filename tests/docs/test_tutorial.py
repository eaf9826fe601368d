"""The tutorials work as they stand: every command is carried out, in order, in an empty folder; only smaller."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from conftest import ROOT, Command

#: What makes a command small enough for a test.
SMALLER = {
    "run": ("--replications", "2", "--years", "2"),
    "validate": ("--replications", "2", "--no-pictures"),
    "compare": ("--replications", "2", "--years", "2", "--at", "2014-15", "--point"),
    "sweep": ("--replications", "2", "--years", "2", "--no-pictures"),
    "solve": ("--replications", "2", "--years", "2", "--no-pictures"),
}
HERE = ("--no-pictures", "--jobs", "1")


def test_every_command_of_the_tutorial_works(demandsim: Command, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    (scenario,) = re.findall(r"^```toml\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    (tmp_path / "fewer_workers.toml").write_text(scenario, encoding="utf-8")
    commands = re.findall(r"^demandsim (.+)$", text, flags=re.MULTILINE)
    assert len(commands) >= 8
    for line in commands:
        words = shlex.split(line)
        done = demandsim(*words, *SMALLER.get(words[0], ()))
        assert done.returncode == 0, (line, done.stderr)
        assert done.stdout, line


#: What makes a command of the other tutorial small enough.
SMALLER_LOCALLY = {
    "calibrate": ("--only", "demand.level", "--budget", "260", "--draws", "20", "--no-pictures"),
    "validate": ("--replications", "4", "--no-pictures"),
    "compare": ("--replications", "2", "--years", "2", "--no-pictures"),
}


def test_every_command_of_the_tutorial_on_your_own_authority_works(demandsim: Command, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "tutorial-localise.md").read_text(encoding="utf-8").replace("20000", "2500")
    (scenario,) = re.findall(r"^```toml\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    commands = re.findall(r"^demandsim (.+)$", text, flags=re.MULTILINE)
    assert len(commands) >= 8
    folders = {"MADE": "made/baseline-*", "FITTED": "fits/calibrate-*"}
    for line in commands:
        for name, pattern in folders.items():
            if re.search(rf"\b{name}\b", line):
                (folder,) = tmp_path.glob(pattern)
                line = re.sub(rf"\b{name}\b", folder.relative_to(tmp_path).as_posix(), line)
        words = shlex.split(line)
        if words[0] == "compare":
            (tmp_path / "more_help.toml").write_text(scenario.replace("FITTED", folder.as_posix()), encoding="utf-8")
        done = demandsim(*words, *SMALLER_LOCALLY.get(words[0], ()))
        assert done.returncode == 0, (line, done.stderr)
        assert done.stdout, line


def test_the_readme_leads_from_nothing_to_an_answer(demandsim: Command) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## An answer in ten minutes")[1].split("\n## ")[0]
    commands = [line.split("#")[0] for line in re.findall(r"^demandsim (.+)$", section, flags=re.MULTILINE)]
    assert [line.split()[0] for line in commands] == ["run", "compare", "new", "compare", "show"]
    for line in commands:
        words = shlex.split(line)
        done = demandsim(*words, *((*SMALLER[words[0]], *HERE) if words[0] in SMALLER else ()))
        assert done.returncode == 0, (line, done.stderr)
        if words[0] == "compare":
            for told in ("children looked after", "Who pays over 2 years", "paid back"):
                assert told in done.stdout, told
