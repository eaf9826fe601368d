"""Tables fit the terminal: as they are if there is room, then wrapped, then in parts."""

from __future__ import annotations

import pytest

from demandsim.cli.tables import table, terminal_width

HEADINGS = ("measure", "unit", "2013-14", "90% interval", "gap of the mean")
ROWS = [
    ("Children looked after", "children", "504", "470 to 551", "+1.2"),
    ("Above the early help threshold, without a service", "child-months", "4,892", "4,700 to 5,050", "-"),
]


@pytest.mark.parametrize("width", [40, 50, 64, 80, 100, 118])
def test_a_table_fits_and_loses_no_word(width: int) -> None:
    text = table(HEADINGS, ROWS, left=2, most=width)
    assert max(map(len, text.splitlines())) <= width
    for cell in [*HEADINGS, *(cell for row in ROWS for cell in row)]:
        assert all(word in text for word in cell.split()), cell


def test_with_room_enough_nothing_wraps_and_columns_keep_their_side() -> None:
    lines = table(HEADINGS, ROWS, left=2, most=200).splitlines()
    assert len(lines) == 2 + len(ROWS)
    assert lines[2].startswith("Children looked after ")
    assert lines[2].endswith("  +1.2")


def test_what_is_too_wide_goes_below_with_its_words_again() -> None:
    parts = table(HEADINGS, ROWS, left=1, most=42).split("\n\n")
    assert len(parts) > 1
    assert all("Children" in part for part in parts)


def test_the_width_is_that_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    assert terminal_width() == 72
