"""The words are the field's: none of our own invention, short sentences, few pages; decisions and changelog apart."""

from __future__ import annotations

import inspect
import re
import statistics
from pathlib import Path

import click
import pytest
from conftest import ROOT

from demandsim.cli.main import COMMANDS, main
from demandsim.scenario.files import shipped, shipped_structures
from demandsim.scenario.read import read_scenario

#: What is no English of ours, and what the field says.
BANNED = {
    r"lucks?": "random draw; common random numbers; Monte Carlo error",
    r"futures": "replications",
    r"(?:each|a|one|every) future": "replication",
    r"foretold|foretells?": "predicted, forecast",
    r"pinned": "well, partly, not identified",
    r"out of pocket": "peak cumulative net cost",
    r"mean[ _-]?field": "deterministic approximation",
    r"probes?|probed": "sensitivity test",
    r"anew": "again; rerun",
    r"sim\. error": "Monte Carlo error",
    r"relapses?": "re-referral, contact again",
    r"brakes?": "spending controls",
    r"pulled": "applied",
    r"soonness|_?hasten\w*|dissolve[sd]?": "due time; reprioritise; close",
    r"surprised us|pressed|pushed": "unexpected behaviour; high workload; sensitivity test",
    r"there already": "already exists",
    r"cases for each worker there": "average caseload",
    r"hours the work needs": "workload",
    r"cases without a worker": "unallocated cases",
    r"asked for(?:,| and) not received": "unmet requests for early help",
    r"pathways? of luck|same luck": "common random numbers",
}
#: Python's own words, and names that parameters had once and whoever has an old file reads of.
PYTHONS = re.compile(r"concurrent\.futures|cancel_futures|__future__|\bFuture\b")
OLD_NAMES = ROOT / "src" / "demandsim" / "scenario" / "replaced.py"
TEXTS = sorted(
    path
    for path in [
        *ROOT.glob("README.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("scenarios/**/*.toml"),
        *ROOT.glob("src/**/*.py"),
        *ROOT.glob("src/**/*.js"),
        *ROOT.glob("src/**/*.html"),
    ]
    if "decisions" not in path.parts and path != OLD_NAMES
)
PAGES = [path for path in TEXTS if path.suffix == ".md"]
#: So many words a sentence may have, and so many the sentence in the middle.
LONGEST, MIDDLE = 35, 17


def test_no_word_of_our_own_invention() -> None:
    words = re.compile("|".join(rf"(?<![a-z])(?:{word})(?![a-z])" for word in BANNED), re.IGNORECASE)
    found = []
    for path in TEXTS:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for match in words.finditer(PYTHONS.sub("", line)):
                say = next(say for word, say in BANNED.items() if re.fullmatch(word, match[0], re.IGNORECASE))
                found.append(f"{path.relative_to(ROOT)}:{number}: {match[0]!r}; say: {say}")
    assert not found, "\n".join(found)


def sentences(text: str) -> list[str]:
    """Return the sentences of a page: code, tables and pictures left out, a link as its words."""
    text = re.sub(r"^ *```.*?^ *```$", "\n", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^ *(?:\||!\[|<!--).*$", "\n", text, flags=re.MULTILINE)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"`[^`]*`", "CODE", text))
    text = re.sub(r"^ *(#+|[-*]|\d+\.|>) ", "\n\n", text, flags=re.MULTILINE)
    blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n", text)]
    return [one for block in blocks for one in re.split(r"(?<=[.?!])[*_)]*\s+(?=[A-Z*_\[\"'(£0-9])", block) if one]


def _length(sentence: str) -> int:
    return sum(bool(re.search(r"\w", word)) for word in sentence.split())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_sentence_is_long(page: Path) -> None:
    every = sentences(page.read_text(encoding="utf-8"))
    assert [(one, _length(one)) for one in every if _length(one) > LONGEST] == []


@pytest.mark.parametrize("name", [*shipped(), *shipped_structures()])
def test_no_sentence_about_a_scenario_is_long(name: str) -> None:
    assert [(one, _length(one)) for one in sentences(read_scenario(name).why) if _length(one) > LONGEST] == []


def test_no_sentence_of_the_help_is_long() -> None:
    context = click.Context(main)
    commands = [command for name in COMMANDS if (command := main.get_command(context, name)) is not None]
    helps = [one.help for command in commands for one in [command, *command.params] if getattr(one, "help", None)]
    every = [one for text in helps for one in sentences(inspect.cleandoc(text))]
    assert len(every) > 200
    assert [(one, _length(one)) for one in every if _length(one) > LONGEST] == []


def test_the_sentence_in_the_middle_is_short() -> None:
    assert statistics.median(_length(one) for page in PAGES for one in sentences(page.read_text("utf-8"))) < MIDDLE


def test_the_readme_and_the_pages_can_be_read() -> None:
    assert _words([ROOT / "README.md"]) < 700
    read = [*ROOT.glob("docs/*.md"), *ROOT.glob("docs/how-to/*.md")]
    assert _words(read) < 11_000, {path.name: _words([path]) for path in read}


def _words(pages: list[Path]) -> int:
    return sum(len(page.read_text(encoding="utf-8").split()) for page in pages)
