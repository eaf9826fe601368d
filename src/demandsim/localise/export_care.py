"""A simulated authority's children looked after, as the SSDA903 return of each year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random

from demandsim.localise.simulated import Simulated, Spell
from demandsim.localise.written import Node, Sheet, british, filled
from demandsim.localise.years import closes, opens

EPISODES = ["CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC"]
EPISODES += ["REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"]
HEADER = ["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"]
UASC = ["CHILD", "SEX", "DOB", "DUC"]
#: Codes of placements and their providers.
_PLACES = {
    "foster, own carers": ("U4", "PR1"),
    "foster, agency": ("U4", "PR4"),
    "foster, relative or friend": ("U1", "PR1"),
    "children's home": ("K2", "PR4"),
    "with parents": ("P1", "PR0"),
    "placed for adoption": ("A4", "PR0"),
    "other": ("H5", "PR4"),
    "spot-purchased": ("Z1", "PR4"),
}
_STATUS = {
    "voluntary (section 20)": "V2",
    "emergency": "L2",
    "care proceedings": "C1",
    "remand": "J1",
    "unaccompanied": "V2",
}
_NEEDS = {
    "abuse or neglect": "N1",
    "child's disability or illness": "N2",
    "family stress or dysfunction": "N5",
    "socially unacceptable behaviour": "N6",
    "absent parenting, other or not stated": "N8",
}
_ROUTES = {
    "home": "E4A",
    "adoption": "E11",
    "special guardianship": "E45",
    "guardianship": "E41",
    "other": "E3",
    "eighteenth birthday": "E17",
}


def need_code(need: str) -> str:
    """Return the code of a primary need."""
    return _NEEDS[need]


def sex_of(child: str) -> str:
    """Return a sex for a child, as the model has none: 1 or 2 by its id."""
    return "1" if Random(f"sex {child}").random() < 0.51 else "2"


def care_sheets(run: Simulated, year: int) -> list[Sheet]:
    """Return the tables of the return of a year: every episode open at any time in it."""
    episodes: list[list[str]] = []
    children: dict[str, date] = {}
    alone: dict[str, date] = {}
    for child, periods in run.spells.get("looked after", {}).items():
        for period in periods:
            rows = _rows(run, period, year)
            episodes += rows
            if rows:
                children[child] = min(period.born, periods[0].start)
                if period.basis == "unaccompanied":
                    alone[child] = children[child]
    header = [[child, sex_of(child), british(born), "WBRI", "", "", ""] for child, born in sorted(children.items())]
    uasc = [[child, sex_of(child), british(born), ""] for child, born in sorted(alone.items())]
    episodes.sort(key=lambda row: (row[0], row[1][6:], row[1][3:5], row[1][:2]))
    return [Sheet("header", HEADER, header), Sheet("episodes", EPISODES, episodes), Sheet("uasc", UASC, uasc)]


def _rows(run: Simulated, period: Spell, year: int) -> list[list[str]]:
    """Return the episodes of a period that were open in a year, as they stood at its end."""
    after = closes(year)
    if period.start >= after or (period.end and period.end < opens(year)):
        return []
    until = period.until if period.until is not None else float("inf")
    places = [
        one
        for one in run.spells["placement"].get(period.child, [])
        if period.at <= one.at and one.at < until + 1e-9 and (one.at < until or period.at == until)
    ]
    rows = []
    for number, one in enumerate(places):
        if one.start >= after or (one.end and one.end < opens(year)):
            continue
        last = number == len(places) - 1
        end = period.end if last else one.end
        ended = end is not None and end < after
        code = (_ROUTES[period.ended_by] if last else "X1") if ended else ""
        rows.append(_row(period, one, "S" if number == 0 else "P", end if ended else None, code))
    return rows


def _row(period: Spell, place: Spell, begins: str, end: date | None, code: str) -> list[str]:
    where, provider = _PLACES[place.detail]
    status = {"P1": "C2", "A4": "E1"}.get(where, _STATUS[period.basis])
    moved = "OTHER" if code == "X1" else ""
    day, until = british(place.start), british(end)
    return [period.child, day, begins, status, _NEEDS[period.need], where, provider, until, code, moved, "", "", ""]


def care_document(sheets: Sequence[Sheet]) -> Node:
    """Return the tables of a year as the XML that the looked after collection takes."""
    header, episodes, uasc = (sheet.rows for sheet in sheets)
    of_child: dict[str, list[list[str]]] = {}
    for row in episodes:
        of_child.setdefault(row[0], []).append(row)
    alone = {row[0] for row in uasc}
    children: list[Node] = []
    for row in header:
        about = filled(dict(zip(["CHILDID", *HEADER[1:]], row, strict=True)))
        if row[0] in alone:
            about.append(("UASC", [("DUC", "")]))
        inside: list[Node] = [("HEADER", about)]
        for episode in of_child[row[0]]:
            names = ["PL" if name == "PLACE" else name for name in EPISODES[1:]]
            inside.append(("EPISODE", filled(dict(zip(names, episode[1:], strict=True)))))
        children.append(("CHILD", inside))
    return ("SSDA903", children)
