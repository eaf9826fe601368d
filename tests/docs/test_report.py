"""The page on the report names paragraphs, files, measures, what-ifs and parameters: all are there."""

from __future__ import annotations

import re

from conftest import ROOT

from demandsim.evidence import targets
from demandsim.results.measures import MEASURES
from demandsim.scenario.files import shipped
from demandsim.scenario.parameters import PARAMETERS

PAGE = (ROOT / "docs" / "reference" / "report.md").read_text(encoding="utf-8")
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("|")][2:]
MODEL = ROOT / "src" / "demandsim" / "model"
#: What else may stand in code on the page.
OTHER = {"--england", "judgements.csv", "src/demandsim/model", "scenarios"}


def _paragraphs() -> set[int]:
    found: set[int] = set()
    for row in ROWS:
        for first, last in re.findall(r"(?<!figure )\b(\d+)(?:-(\d+))?", row[0].split("figure")[0]):
            found |= set(range(int(first), int(last or first) + 1))
    return found


def test_every_paragraph_and_figure_has_a_row() -> None:
    assert _paragraphs() == set(range(1, 115))
    figures = {int(one) for row in ROWS for part in row[0].split("figure")[1:] for one in re.findall(r"\d+", part)}
    # Figure 1 counts providers and inspections of every kind.
    assert figures | {1} == set(range(1, 15))


def test_what_the_page_names_is_there() -> None:
    groups = {name.partition(".")[0] for name in PARAMETERS}
    for name in set(re.findall(r"`([^`]+)`", PAGE)) - OTHER:
        if name.endswith(".py"):
            assert (MODEL / name).is_file(), name
        elif name.endswith("*"):
            stem = name.rstrip("*")
            assert stem.rstrip(".") in groups or any(one.startswith(stem) for one in MEASURES), name
        elif not name.startswith(("scenarios/", ".", "compare ")):
            assert name in MEASURES or name in shipped() or name in PARAMETERS, name
    known = {target.id for target in targets()}
    assert set(re.findall(r"\bT\d\d\b", PAGE)) <= known
