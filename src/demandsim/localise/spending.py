"""Spend by line of the Section 251 outturn: gross, in millions of pounds, totals told from lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from demandsim.localise.authority import Authority
from demandsim.localise.figures import Figure, Source
from demandsim.localise.quality import Quality
from demandsim.localise.rules import rows_of
from demandsim.localise.table import Table
from demandsim.localise.years import label
from demandsim.problems import Problem
from demandsim.text_files import number_in

_NUMBERED = re.compile(r"^[0-9.()a-z]{0,6}?[0-9][0-9.]*\s*")
_THOUSANDS = re.compile(
    r"£\s*(?:thousand|'?0{3}|k\b)|\(£?\s?'?0{3}s?\)|(?:in |')(?:thousand|000)s?\b|thousands? of pounds"
)
_MILLIONS = re.compile(r"£\s*(?:millions?\b|m\b)|millions? of pounds")
#: Such a line is no spend.
_INCOME = re.compile(r"\b(?:income|grants?)\b")
_HELP = "docs/how-to/localise.md"
_YEARS = re.compile(r"(?<![0-9])(?:20)?([0-9]{2})[-_/]?(?:20)?([0-9]{2})(?![0-9])")
_MILLION = 1e6
#: Each measure, and the lines that add up to it.
_MEASURES = {
    "spend_looked_after": ("care_total",),
    "spend_fostering": ("fostering",),
    "spend_residential": ("residential",),
    "spend_social_work": ("social_work",),
    "spend_prevention": ("family_total", "youth_total"),
    "spend_intervention": ("care_total", "other_families", "safeguarding_total", "youth_justice"),
    "local_universal": ("universal_family", "youth_universal"),
}


def spending_figures(
    tables: Sequence[Table], authority: Authority, quality: Quality, problems: list[Problem]
) -> list[Figure]:
    """Return the spend of an authority from tables of the outturn."""
    found: list[Figure] = []
    read: dict[int, str] = {}
    for table in tables:
        for year, rows in _years(table, quality, problems).items():
            if year in read:
                told = f"a second outturn of {label(year)} beside {read[year]}"
                problems.append(Problem(table.file, "", told, "one of each year", _HELP))
                continue
            read[year] = table.file
            found += _figures(table, year, rows, authority, quality, problems)
    return found


def _years(table: Table, quality: Quality, problems: list[Problem]) -> dict[int, list[int]]:
    """Return the rows of each year that a table has; of the one it is of, if no column says."""
    rows: dict[int, list[int]] = {}
    for place, text in enumerate(table.text("year")):
        for first, second in _YEARS.findall(text):
            if (int(first) + 1) % 100 == int(second):
                rows.setdefault(2000 + int(first), []).append(place)
    if len(rows) > 1:
        kept = {place for of_year in rows.values() for place in of_year}
        for place, line in enumerate(table.lines):
            if place not in kept:
                quality.note(table.file, table.words, "no_year", line)
        return rows
    plain = {text.strip() for text in table.text("year") if text.strip()}
    if not rows and len(plain) > 1:
        expected = "years as 2023-24 or 202324 in the column time_period, or one year"
        problems.append(Problem(table.file, "year", f"{len(plain)} years that can't be read", expected, _HELP))
        return {}
    year = _year(table, problems)
    return {} if year is None else {year: list(range(len(table)))}


def _year(table: Table, problems: list[Problem]) -> int | None:
    """Return the year that the table, or else its file's name or its folder's, says it is of."""
    texts = [*sorted(set(table.text("year")))[-1:], table.file, table.group.replace("\\", "/").rpartition("/")[2]]
    for text in texts:
        for first, second in _YEARS.findall(text):
            if (int(first) + 1) % 100 == int(second):
                return 2000 + int(first)
    expected = "the year in its name, as outturn-2013-14.csv, or in a column time_period"
    problems.append(Problem(table.file, "", "an outturn of an unknown year", expected, "docs/how-to/localise.md"))
    return None


def _figures(
    table: Table, year: int, rows: Sequence[int], authority: Authority, quality: Quality, problems: list[Problem]
) -> list[Figure]:
    lines = _lines(table, rows, authority, quality, problems)
    source = (Source(table.file, table.sha256),)

    def figure(measure: str, value: float, rule: str) -> Figure:
        return Figure(measure, year, value, value, None, f"Section 251: {rule}, gross", source, of_children=False)

    found = []
    for measure, parts in _MEASURES.items():
        if all(part in lines for part in parts):
            value = sum(lines[part][0] for part in parts) / _MILLION
            found.append(figure(measure, value, " + ".join(parts).replace("_", " ")))
    spent = {one.measure: one.value for one in found}
    if {"spend_intervention", "spend_looked_after", "spend_social_work"} <= set(spent):
        rest = spent["spend_intervention"] - spent["spend_looked_after"] - spent["spend_social_work"]
        found.append(figure("spend_residual", max(0.0, rest), "intervention less care and social work"))
    if spent.get("spend_prevention") and "spend_intervention" in spent:
        ratio = spent["spend_intervention"] / spent["spend_prevention"]
        found.append(figure("reactive_ratio", ratio, "intervention over prevention"))
    for name in ("fostering", "residential"):
        if name in lines:
            for place, who in ((1, "own"), (2, "agency")):
                if (amount := lines[name][place]) is not None:
                    found.append(figure(f"local_{name}_{who}", amount / _MILLION, f"{name}, {who} provision"))
    return found


def _lines(
    table: Table, rows: Sequence[int], authority: Authority, quality: Quality, problems: list[Problem]
) -> dict[str, tuple[float, float | None, float | None]]:
    """Return each line's gross spend in pounds, and the parts of it by own and by other provision."""
    told = (table.about.get("preamble", ""), table.about.get("heading", ""), table.file, *table.columns)
    heading = " ".join(told).lower()
    factor = 1000.0 if _THOUSANDS.search(heading) else _MILLION if _MILLIONS.search(heading) else 1.0
    areas = [table.columns[name] for name in ("la", "la name") if name in table.columns]
    found: dict[str, tuple[float, float | None, float | None]] = {}
    ours = 0
    for place in rows:
        words, gross, own = (table.text(column)[place] for column in ("line", "gross", "own"))
        if areas and not authority.is_row([column[place] for column in areas]):
            continue
        ours += 1
        name = _line(words)
        value = number_in(gross.replace("£", ""), commas=True)
        if not name or value != value:
            quality.note(table.file, table.words, "no_line", table.lines[place])
        elif name in found:
            quality.note(table.file, table.words, "line_twice", table.lines[place])
        else:
            others = [table.text(column)[place] for column in ("private", "other public", "voluntary")]
            amounts = [number_in(text.replace("£", ""), commas=True) for text in (own, *others)]
            split = amounts[0] == amounts[0]
            rest = sum(amount for amount in amounts[1:] if amount == amount)
            found[name] = (value * factor, amounts[0] * factor if split else None, rest * factor if split else None)
    if areas and not ours:
        expected = f"rows of {authority.name}"
        problems.append(Problem(table.file, "", "an outturn without them", expected, "--la with its name or code"))
    return found


def _line(words: str) -> str:
    text = " ".join(_NUMBERED.sub("", words.strip().lower().replace("\u2019", "'").replace("\u00b4", "'")).split())
    if _INCOME.search(text):
        return ""
    return next((row["line"] for row in rows_of("lines.csv") if text.startswith(row["has"])), "")
