"""Localise at its limits: speed and memory on a large authority's returns, and returns broken at random.

    python benchmarks/localise.py speed
    python benchmarks/localise.py broken --number 1000 --seed 1

`speed` makes returns of a large authority up (10,000 children and 50,000 episodes in a year), one year and six, and
measures a process that reads them. `broken` breaks small returns in one to four ways each: none may end in a traceback,
take longer than ten seconds, put anything of a row into a message or a file, or be read otherwise than when whole
without a note that says why. Only a file with fewer of its rows can't be told from a whole one.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import resource
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random

from demandsim.localise.localise import Localised, localise
from demandsim.localise.output import write
from demandsim.problems import UserError

HEADING = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC\n"
CHILDREN, EPISODES = 10_000, 5
MOST_SECONDS = 10.0
_MARK = re.compile(r"QX[0-9]{5}|Q X")
_SEPARATOR = re.compile(r" *[,;\t] *")
_LETTERS = ("\x00", "\x07", '"', "é", "\u202e", "\n", "\r", "'", "<", "&")


def _year_of_returns(folder: Path, year: int, draw: Random) -> None:
    """Write the return of a year: children with five episodes each."""
    folder.mkdir(parents=True)
    rows, births = [HEADING], ["CHILD,SEX,DOB\n"]
    for child in range(CHILDREN):
        day = date(year, 4, 1) + timedelta(days=draw.randrange(300))
        for number in range(EPISODES):
            until = day + timedelta(days=draw.randrange(1, 13))
            code, begins = ("E4A", "P") if number == EPISODES - 1 else ("X1", "P")
            begins = "S" if number == 0 else begins
            rows.append(f"QX{child:05d},{day:%d/%m/%Y},{begins},V2,N1,U6,PR1,{until:%d/%m/%Y},{code}\n")
            day = until
        births.append(f"QX{child:05d},1,{date(2010, 1, 1) + timedelta(days=draw.randrange(3000)):%d/%m/%Y}\n")
    (folder / "episodes.csv").write_text("".join(rows))
    (folder / "header.csv").write_text("".join(births))


def speed(folder: Path) -> None:
    """Print seconds of a processor and megabytes for one year and for six."""
    for years in (1, 6):
        place = folder / f"{years}"
        for year in range(2018, 2018 + years):
            _year_of_returns(place / str(year), year, Random(year))
        command = [sys.executable, "-m", "demandsim", "localise", "--la", "Big", "--base", "2018-19"]
        command += ["--children", "300000", str(place), "--out", str(folder / f"out{years}")]
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(
            f"{years} year{'s' * (years > 1)} of {CHILDREN:,} children and {CHILDREN * EPISODES:,} episodes: "
            f"{seconds:.1f} s of a processor, {time.perf_counter() - began:.1f} s by the clock, "
            f"{after.ru_maxrss / 1024:,.0f} MB"
        )


def _care(draw: Random) -> str:
    rows = []
    for child in range(60):
        day = date(2023, 4, 1) + timedelta(days=draw.randrange(320))
        rows.append(f"QX{child:05d},{day:%d/%m/%Y},S,V2,N1,U6,PR1,{day + timedelta(days=40):%d/%m/%Y},E4A\n")
    return HEADING + "".join(rows)


def _need(draw: Random) -> str:
    cases = []
    for child in range(60):
        day = date(2023, 4, 1) + timedelta(days=draw.randrange(200))
        cases.append(
            f"<Child><ChildIdentifiers><LAchildID>QX{child:05d}</LAchildID><PersonBirthDate>2012-0{1 + child % 9}-13"
            f"</PersonBirthDate></ChildIdentifiers><CINdetails><CINreferralDate>{day}</CINreferralDate><ReferralSource>6"
            f"</ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode><ReferralNFA>0</ReferralNFA></CINdetails></Child>\n"
        )
    head = "<Message><Header><Source><LEA>999</LEA></Source></Header><Children>\n"
    return head + "".join(cases) + "</Children></Message>\n"


def _published(draw: Random) -> str:
    rows = [
        f"2024,Local authority,{900 + n},QX{n:05d},{draw.randrange(9000)},{draw.random() * 50:.1f}\n" for n in range(40)
    ]
    return "time_period,geographic_level,old_la_code,la_name,referral_count,rereferral_percent\n" + "".join(rows)


def broken(text: str, draw: Random) -> bytes:
    """Return a text broken in one to four ways, in some encoding."""
    for _ in range(draw.randint(1, 4)):
        lines = text.split("\n")
        place, cut = draw.randrange(len(lines)), draw.randrange(max(1, len(text)))
        cells = lines[place].split(",")
        draw.shuffle(cells)
        ways = (
            text[:cut],
            text[:cut] + draw.choice(_LETTERS) + text[cut:],
            "\n".join([*lines[:place], ",".join(cells), *lines[place + 1 :]]),
            text.replace("2023", draw.choice(["23", "2032", "1923", "9999", "MMXXIII", ""]), draw.randint(1, 40)),
            text.replace(
                draw.choice(["S,", "V2", "E4A", "/", "-", ">", "<CIN"]), draw.choice(["", "X1", "V4", "?"]), 7
            ),
            "\n".join([*lines, *draw.sample(lines, min(20, len(lines)))]),
            "\n".join(lines[::-1]),
            "\n".join(line[draw.randrange(3) :] for line in lines),
            text.replace(",", draw.choice([";", "\t", ",,", " , "])),
            "<!DOCTYPE x [<!ENTITY a 'b'>]>" + text,
        )
        text = draw.choice(ways)
    return text.encode(draw.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-7"]), "replace")


def _try(number: int, seed: int, folder: Path) -> str:
    """Return what became of one: read, or the first words of what was wrong; or what should not be."""
    draw = Random(f"{seed} {number}")
    made = draw.choice((_care, _need, _published))(draw)
    path = folder / f"given{draw.choice(('.csv', '.xml'))}"
    given = broken(made, draw)
    path.write_bytes(given)
    began, said = time.process_time(), ""
    out = folder / f"out{number}"
    try:
        la = "QX00007" if made.startswith("time_period") else "999"
        found = localise(la, 2023, [path], children=9_000, private=draw.random() < 0.5, accept=True)
        write(found, out)
        said = "".join(one.read_text(encoding="utf-8-sig") for one in out.iterdir())
        said = said.replace("QX00007", "").replace("QX00007".lower(), "")
        result = _how(found, made, given, la, folder)
    except UserError as error:
        said, result = str(error).replace("QX00007", ""), error.problems[0].found.split(",")[0][:40]
    except Exception:
        return f"TRACEBACK of {number}:\n{traceback.format_exc()}"
    if _MARK.search(said) and not made.startswith("time_period"):
        return f"DISCLOSED by {number}"
    return result if time.process_time() - began < MOST_SECONDS else f"SLOW {number}"


def _how(found: Localised, made: str, given: bytes, la: str, folder: Path) -> str:
    """Return how a broken return was read, beside the whole one."""
    whole = folder / f"whole{'.xml' if made.startswith('<') else '.csv'}"
    whole.write_text(made)
    clean = localise(la, 2023, [whole], children=9_000, private=True, accept=True)
    figures, usual = ({key: one.value for key, one in each.counted.figures.items()} for each in (found, clean))
    # A figure that is not there is not wrong.
    if all(usual.get(key) == value for key, value in figures.items()):
        return "read as the whole one"
    notes, expected = (Counter({(n.reason.id, n.about): n.rows for n in each.quality.notes}) for each in (found, clean))
    if notes - expected:
        return "read otherwise, and said why"
    text = given.decode("utf-16" if given.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "replace")
    rows = {_SEPARATOR.sub(",", row) for row in text.split("\n")[:-1]}
    if rows < set(made.split("\n")):
        return "has fewer of its rows, which nothing shows"
    return f"SILENT {number_of(given)}"


def number_of(given: bytes) -> str:
    """Return a checksum by which a file is found again."""
    return hashlib.sha256(given).hexdigest()[:8]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=["speed", "broken"])
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if given.what == "speed":
            speed(Path(name))
            return 0
        found = Counter(_try(number, given.seed, Path(name)) for number in range(given.number))
    for result, count in found.most_common():
        print(f"{count:6}  {result}")
    wrong = [one for one in found if one.startswith(("TRACEBACK", "DISCLOSED", "SLOW", "SILENT"))]
    print(f"{given.number:,} broken returns, {len(wrong)} that should not be")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
