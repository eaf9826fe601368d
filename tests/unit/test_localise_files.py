"""Files that are none, bombs, and returns broken at random: explained, never a crash, nothing of a row in a message."""

from __future__ import annotations

import gzip
import re
import zipfile
from pathlib import Path
from random import Random

import pytest
from test_localise_care import HEADING, Read, _value
from test_localise_care import read as read

from demandsim.localise.localise import localise
from demandsim.problems import UserError

ROWS = "".join(
    f"KX{number:05d},{1 + number % 28:02d}/05/2023,S,V2,N1,U6,PR1,{1 + number % 28:02d}/11/2023,E4A\n"
    for number in range(80)
)
BIRTHS = "CHILD,SEX,DOB\n" + "".join(f"KX{number:05d},1,{1 + number % 28:02d}/07/2011\n" for number in range(80))
_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(9))


def _archive(folder: Path) -> bytes:
    path = folder / "in.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("episodes.csv", HEADING + ROWS + "0" * 5_000_000)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "an empty file"),
        (b"\x00\x01\x02", "bytes that are no text"),
        (gzip.compress(b"a", mtime=0), "a packed file"),
        (b"%PDF-1.7", "a PDF"),
        (f"<!DOCTYPE x [{_LAUGHS}]><x>&a8;</x>".encode(), "document type or entities"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "document type or entities"),
        (b"<a>" * 100 + b"</a>" * 100, "deep in one another"),
        (b"<Message><Children><Child>", "not well formed, or cut off"),
        (b"<Message></Message>", "without a record"),
        (b"name,age\nKX00001,4\n", "no table that is known"),
        (HEADING.encode() + b'"KX00001,01/05/2023', "quotes that don't match"),
        (HEADING.encode() + b"A" * 20_000 + b",01/05/2023,S,V2,N1,U6,PR1,,\n", "a cell of more than"),
        (b"," * 500 + b"\n", "no table|columns"),
        (b"\xff\xfea", "UTF-16"),
    ],
)
def test_what_holds_no_table_is_explained(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "given.csv"
    path.write_bytes(content)
    with pytest.raises(UserError, match=told) as error:
        localise("Midshire", 2023, [path], children=10_000)
    assert "KX0" not in str(error.value)


def test_a_table_with_semicolons_is_read_under_a_title_with_commas(tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    text = "Referrals, enquiries, and plans\n\ntime_period;geographic_level;la_name;old_la_code;referrals\n"
    path.write_text(text + "202324;Local authority;Midshire;901;1200\n", encoding="utf-8")
    found = localise("Midshire", 2023, [path], children=10_000)
    assert [one.value for one in found.shown.of_year(2023) if one.measure == "referrals"] == [1200]


def test_an_archive_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "given.csv").write_bytes(_archive(tmp_path))
    with pytest.raises(UserError, match="a spreadsheet or an archive"):
        localise("Midshire", 2023, [tmp_path / "given.csv"], children=10_000)


def _mutated(text: str, draw: Random) -> bytes:
    """Return a text broken in one to three ways."""
    for _ in range(draw.randint(1, 3)):
        lines = text.split("\n")
        place = draw.randrange(len(lines))
        way = draw.randrange(9)
        if way == 0:
            text = text[: draw.randrange(len(text))] or "x"
        elif way == 1:
            lines[place] = lines[place].replace(",", draw.choice([";", ",,", "\t", ""]), 1)
            text = "\n".join(lines)
        elif way == 2:
            text = text.replace("2023", draw.choice(["23", "2032", "1923", "20233", "MMXXIII"]), draw.randint(1, 9))
        elif way == 3:
            text = text.replace(
                draw.choice(["V2", "S,", "E4A", "U6", "PR1"]), draw.choice(["", "ZZ", "X1", "V4", "é"]), 5
            )
        elif way == 4:
            text = "\n".join([*lines[:place], *lines[place:][::-1]])
        elif way == 5:
            letter = chr(draw.choice([0, 7, 34, 233, 0x202E, 0x10FFFF, 10, 13]))
            text = text[: draw.randrange(len(text) + 1)] + letter + text[draw.randrange(len(text)) :] or "x"
        elif way == 6:
            text = "\n".join(lines[1:] + lines[:1])
        elif way == 7:
            text = "\n".join(line[::-1] if draw.random() < 0.1 else line for line in lines)
        else:
            text = "\n".join([*lines, *draw.sample(lines, min(9, len(lines)))])
        text = text or "x"
    return text.encode(draw.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"]), "replace")


@pytest.mark.parametrize("seed", range(60))
def test_returns_broken_at_random_are_explained_or_read_and_said(read: Read, seed: int) -> None:
    draw = Random(seed)
    try:
        found = read(
            ("episodes.csv", _mutated(HEADING + ROWS, draw)),
            ("header.csv", _mutated(BIRTHS, draw)),
            accept=draw.random() < 0.5,
        )
    except UserError as error:
        said = str(error)
    else:
        said = " ".join(f"{note.file} {note.table} {note.about}" for note in found.quality.notes)
        whole = found.quality.kept("episodes.csv", "SSDA903 episodes") == 80
        touched = [
            note for note in found.quality.notes if note.reason.effect != "noted" or note.reason.id == "no_header"
        ]
        assert touched or not whole or _value(found, "care_started") in (80, None)
    assert not re.search(r"KX0|/07/2011|/05/2023", said)
