"""A report on finished results: a page that is whole, can be read by everybody, and says what the results say."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from zipfile import is_zipfile

import pytest
from conftest import Command
from docx import Document as Word

from demandsim.problems import UserError
from demandsim.report.assumptions import log
from demandsim.report.build import build
from demandsim.report.cells import shown
from demandsim.report.document import Document, Figure, Kind, Table
from demandsim.report.html import page
from demandsim.report.results_given import Given, read_given
from demandsim.results.checksums import seal
from demandsim.results.sensitivity import Effect, Sensitivity
from demandsim.results.structures import Structured
from demandsim.results.uncertainty import Estimate

#: Of the comparison that tests share.
YEARS = 2
#: Elements that have no end.
VOID = {"meta", "link", "br", "hr", "wbr", "img", "input"}


class Page(HTMLParser):
    """What a page holds: ids, elements left open, what it would load, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self._open += [] if tag in VOID else [tag]
        for name, value in attrs:
            self.ids[value or ""] += name == "id"
            self.links += [value or ""] if name == "href" else []
            self.loads += [f"{tag} {value}"] if name in ("src", "srcset") or tag == "link" else []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._open = self._open[:-1] if tag not in VOID else self._open

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def given(compared: Path) -> Given:
    return read_given([compared])


@pytest.fixture(scope="module")
def document(given: Given) -> Document:
    return build(given)


@pytest.fixture(scope="module")
def text(document: Document) -> str:
    return page(document)


def test_the_page_is_whole_and_loads_nothing(text: str) -> None:
    read = Page(text)
    assert not read.loads
    assert all(link.startswith("#") for link in read.links)
    assert "script" not in read.tags
    assert "http" not in text.replace("http://www.w3.org/", "")
    assert [one for one, count in read.ids.items() if count > 1] == []
    assert {link[1:] for link in read.links if link.startswith("#")} <= set(read.ids)


def test_every_picture_is_named_and_its_numbers_follow(document: Document, text: str) -> None:
    figures = 0
    for section in document.sections:
        for block, after in zip(section.blocks, [*section.blocks[1:], None], strict=True):
            if isinstance(block, Figure):
                figures += 1
                assert isinstance(after, Table) or "annex" in block.numbers
    assert figures == 5
    assert text.count('<svg role="img" aria-label="') == figures
    assert text.count("<caption>") == text.count("<table>")


def test_it_says_what_the_comparison_says(given: Given, document: Document) -> None:
    comparison = given.comparisons[0][1].main
    (table,) = [one for _, one in document.tables() if one.name == "net_cost_a"]
    last = table.rows[-1]
    for place, other in enumerate(comparison.others):
        cell = last[1 + 2 * place]
        assert isinstance(cell, Estimate)
        assert cell.mean == pytest.approx(other.cumulative[:, -1].mean() / 1e6)
        assert last[2 + 2 * place] == other.net_cost.paid_back_by(12 * YEARS)
    (paid,) = [one for _, one in document.tables() if one.name == "who_pays_a"]
    means = [[cell.mean for cell in row[1:] if isinstance(cell, Estimate)] for row in paid.rows]
    assert [sum(column) for column in zip(*means[:4], strict=True)] == pytest.approx(means[4])


def test_markup_in_a_title_is_shown_and_not_run(given: Given) -> None:
    folder, structured = given.comparisons[0]
    first, *others = structured.main.others
    title = '<img src=x onerror="alert(1)">& more'
    manifest = replace(first.run.manifest, title=title)
    marked = replace(first, run=replace(first.run, manifest=manifest))
    main = replace(structured.main, others=(marked, *others))
    read = Page(page(build(replace(given, comparisons=((folder, Structured(main)),)))))
    assert "img" not in read.tags
    assert title in "".join(read.words)


def test_the_same_results_make_the_same_page(given: Given, text: str) -> None:
    assert page(build(given)) == text


def test_every_parameter_and_file_of_the_run_is_told(given: Given, document: Document) -> None:
    tables = {one.name: one for _, one in document.tables()}
    reference = given.comparisons[0][1].main.reference
    content = (reference.folder / "resolved.toml").read_text(encoding="utf-8")
    rows = tables["assumptions_a"].rows
    assert len(rows) == content.count("[parameter.")
    assert all(row[5] and row[6] for row in rows), "basis and source"
    sums = {(row[0], row[1]): row[2] for row in tables["checksums"].rows}
    for run_ in given.all_runs():
        for line in (run_.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()[:-1]:
            digest, name = line.split("  ")
            assert sums[run_.folder.name, name] == digest
    assert len(tables["changed_a"].rows) == 2
    assert [row[0] for row in tables["stress_des"].rows][-1] == "6.1"
    assert len(tables["sign_off"].rows) == 4


def test_what_the_answers_turn_on_is_told_and_rates_the_assumptions(given: Given) -> None:
    folder, structured = given.comparisons[0]
    at = [Estimate(mean, mean - 1, mean + 1, 0.1) for mean in (-3.0, -1.0, 2.0)]
    effects = tuple(
        Effect(key, "a meaning", "a unit", 0.1, 0.9, *at, share)
        for key, share in (("care.rate", 0.31), ("care.home[2]", 0.05), ("help.need", 0.001))
    )
    turned = Sensitivity("looked_after", "the change", "children", "2014-15", at[0], effects, 60, 8, 0.4, 0.6)
    first, *others = structured.main.others
    main = replace(structured.main, others=(replace(first, sensitivity=(turned,)), *others))
    made = build(replace(given, comparisons=((folder, Structured(main)),)))
    tables = {one.name: one for _, one in made.tables()}
    assert [row[2] for row in tables["sensitivity_a"].rows] == ["care.rate", "care.home[2]", "help.need"]
    impact = {row[0]: str(row[-1]) for row in tables["assumptions_a"].rows}
    assert impact["care.rate"] == "Red: 31% of a variance"
    assert impact["care.home"].startswith("Amber")
    assert impact["help.need"].startswith("Green")
    assert impact["population.children"] == "Not assessed"
    text = page(made)
    assert text.count("--sensitivity") == 1, "in the command that makes it again"
    assert text.count("--structures") == 1, "in the command that adds them"
    assert "care.rate" in "".join(Page(text).words).split("What the answers turn on")[2]


def test_old_results_name_parameters_that_are_no_more(given: Given) -> None:
    from demandsim.report import scenario_of

    run_ = given.comparisons[0][1].main.reference
    path = run_.folder / "resolved.toml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace('[parameter."demand.level"]', '[parameter."demand.gone"]', 1), encoding="utf-8")
    scenario_of._content.cache_clear()
    try:
        named = {one.name: one for one in scenario_of.assumptions_of(run_)}
        assert named["demand.gone"].meaning == ""
        assert named["demand.gone"].source
    finally:
        path.write_text(before, encoding="utf-8")
        scenario_of._content.cache_clear()


def test_what_matters_most_stands_first_in_the_log(given: Given) -> None:
    run = given.all_runs()[0]
    rated = {"budget.total": "Red: 12%", "care.rate": "Amber: 3%"}
    (table,) = [one for one in log(run, rated, "a") if isinstance(one, Table)]
    assert [row[0] for row in table.rows[:2]] == ["budget.total", "care.rate"]
    quality = [str(row[7]) for row in table.rows[2:]]
    assert quality == sorted(quality, key=["Red", "Amber", "Green"].index)


def test_results_of_two_versions_are_not_set_side_by_side(compared: Path, tmp_path: Path) -> None:
    run = read_given([compared]).all_runs()[0]
    other = tmp_path / "older"
    shutil.copytree(run.folder, other)
    manifest = json.loads((other / "manifest.json").read_text(encoding="utf-8"))
    (other / "manifest.json").write_text(json.dumps({**manifest, "version": "0.1.9"}), encoding="utf-8")
    seal(other)
    with pytest.raises(UserError, match=r"0\.1\.9 \(older\) and .*expected results of one version"):
        read_given([compared, other])


def test_cells_are_shown_as_people_read_them() -> None:
    change = Estimate(-4.0, -8.21, 1.2, 0.5)
    assert shown(change, Kind.CHANGE) == ("\u22124.00", "\u22128.21 to +1.20")
    assert shown(-0.001, Kind.CHANGE) == ("0.00", "")
    assert shown(0.375, Kind.SHARE) == ("38%", "")
    assert shown(None, Kind.TEXT) == ("\u2013", "")
    assert shown(Estimate(float("nan"), float("nan"), float("nan"), float("nan")), Kind.LEVEL) == ("\u2013", "")


def test_a_report_needs_no_model() -> None:
    code = (
        "import sys; import demandsim.report.build, demandsim.report.html, demandsim.cli.report; "
        "print([one for one in ('numba', 'simpy', 'demandsim.model') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_command_writes_what_is_asked_for_or_says_why_not(
    compared: Path, demandsim: Command, tmp_path: Path
) -> None:
    done = demandsim(
        *("report", str(compared), "--out", "made/it.html", "--at", "2013-14", "--xlsx", "it.xlsx", "--docx", "it.docx")
    )
    assert done.returncode == 0, done.stderr
    assert is_zipfile(tmp_path / "it.xlsx")
    _check_word(tmp_path / "it.docx", tmp_path / "made" / "it.html")
    misnamed = demandsim("report", str(compared), "--xlsx", "it.csv", "--docx", "it.doc")
    assert misnamed.returncode == 1
    assert "2 problems" in misnamed.stderr
    assert "found it.csv; expected a name that ends in .xlsx" in misnamed.stderr
    assert (tmp_path / "made" / "it.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    wrong = demandsim("report", "nowhere", "results", "--out", "other.html")
    assert wrong.returncode == 1
    assert "2 problems" in wrong.stderr
    assert "nowhere: found no such folder" in wrong.stderr
    assert "try: demandsim compare" in wrong.stderr
    assert not (tmp_path / "other.html").exists()
    late = demandsim("report", str(compared), "--at", "2031-32")
    assert late.returncode == 1
    assert "--at" in late.stderr
    assert "Traceback" not in wrong.stderr + late.stderr


def _check_word(file: Path, made: Path) -> None:
    """Say whether a Word document has the headings, pictures and tables of the page."""
    word, read = Word(str(file)), Page(made.read_text(encoding="utf-8"))
    assert len(word.tables) == read.tags["table"]
    assert len(word.inline_shapes) == read.tags["figure"]
    assert all(shape._inline.docPr.get("descr") for shape in word.inline_shapes)
    heads = [one.text for one in word.paragraphs if one.style.name == "Heading 1"]
    assert heads[:2] == ["Main points", "1. What each what-if does"]
    assert all(table.rows[0]._tr.trPr is not None for table in word.tables)
