"""Tables beside one another fit a terminal, whatever the number of what-ifs."""

from __future__ import annotations

import pytest

from demandsim.cli.beside import Columns, say_beside

ROWS = [("Children looked after", "children", "547"), ("Reserves", "£ million", "9.49")]


@pytest.fixture(params=[80, 118], autouse=True)
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many characters the terminal's lines have."""
    monkeypatch.setenv("COLUMNS", str(request.param))
    return int(request.param)


def _printed(many: int, capsys: pytest.CaptureFixture[str]) -> list[str]:
    columns: list[Columns] = [
        ((f"change {place}", f"verdict {place}"), [(f"+{place}.00 ±1.00", "not told apart"), ("0.00", "no change")])
        for place in range(1, many + 1)
    ]
    say_beside(("measure", "unit", "reference"), ROWS, columns, left=2)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("many", [1, 2, 3, 8])
def test_every_what_if_is_printed_once_within_the_width(
    many: int, width: int, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = _printed(many, capsys)
    assert max(map(len, lines)) <= width
    heads = " ".join(line for line in lines if line.startswith("measure"))
    assert [heads.count(f"change {place}") for place in range(1, many + 1)] == [1] * many
    parts = sum(line.startswith("measure") for line in lines)
    assert sum(line.startswith("Reserves") for line in lines) == parts
    assert lines.count("") == parts - 1


def test_a_column_wider_than_the_terminal_still_has_a_part_of_its_own(
    width: int, capsys: pytest.CaptureFixture[str]
) -> None:
    wide: Columns = (("x" * width,), [("1",), ("2",)])
    say_beside(("measure", "unit", "reference"), ROWS, [wide, wide], left=2)
    parts = capsys.readouterr().out.split("\n\n")
    assert all(part.startswith("measure") and "\nReserves" in part for part in parts)
    assert ["x" * width in part for part in parts] == [False, True] * 2
    assert ["reference" in part for part in parts] == [True, False] * 2


def test_words_are_to_the_left_and_numbers_to_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _printed(1, capsys)
    assert lines[0].index("unit") == lines[2].index("children")
    assert lines[0].index("reference") + len("reference") == lines[2].index("547") + 3
