"""The report's figures were entered a second time, by someone who saw the report and not the register.

`report_second_entry.csv` is that entry, with the words of the report that hold each figure. Where the two differ, the
difference is listed here with the reason, so that an error of either hand can't hide.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from demandsim.evidence import register

ENTRY = Path(__file__).with_name("report_second_entry.csv")
ROWS = list(csv.DictReader(ENTRY.read_text(encoding="utf-8").splitlines()))

#: Rows where the register holds words or a range and the second entry a number read from it, or the other way round.
WORDS = re.compile(r"[a-z]", re.IGNORECASE)
#: Figures in words, as decimals.
FRACTIONS = {
    "almost half": 0.5,
    "nearly a fifth": 0.2,
    "nearly a quarter": 0.25,
    "a third": 0.333,
    "the third": 0.333,
    "one third (approx.)": 0.333,
    "nearly a third": 0.333,
    "just under two thirds": 0.667,
    "two thirds": 0.667,
    "two thirds (around)": 0.667,
    "over two thirds": 0.667,
    "three quarters": 0.75,
    "three quarters (around)": 0.75,
    "over three quarters": 0.75,
    "almost two in five": 0.4,
    "three in five": 0.6,
    "one in six": 0.167,
    "more than half": 0.5,
    "just over a quarter": 0.25,
    "seven out of 10": 0.7,
    "one in 10": 0.1,
    "one in five": 0.2,
}
#: Where the two entries differ, and why the register's stands.
DIFFERENT = {
    "R018": "the report gives 300 to 400; the register takes the middle",
    "R050": "a direction, not a number",
    "R162": "two numbers, branches and head offices; the second entry gives the first",
    "R056": "an age range, five to 15, held in words",
}


def test_every_figure_of_the_report_was_entered_twice() -> None:
    first = {key for key in register() if key.startswith("R")} - {"R006", "R165"}
    # R006 is a share worked out from R005 and the population; R165 says which charts lost their values.
    assert {row["id"] for row in ROWS} == first


@pytest.mark.parametrize("row", [row for row in ROWS if row["id"] not in DIFFERENT], ids=lambda row: row["id"])
def test_the_second_entry_agrees_with_the_register(row: dict[str, str]) -> None:
    held = register()[row["id"]].value
    expected = FRACTIONS[held] if WORDS.search(held) else float(held)
    assert float(row["value"]) == pytest.approx(expected, rel=0.01), (held, row["words"])


@pytest.mark.parametrize("key", DIFFERENT)
def test_differences_are_still_there(key: str) -> None:
    (row,) = [row for row in ROWS if row["id"] == key]
    assert row["value"] != register()[key].value


def test_every_figure_is_backed_by_words_of_the_report() -> None:
    assert all(len(row["words"].split()) >= 2 for row in ROWS)
