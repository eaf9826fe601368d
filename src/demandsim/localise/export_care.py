"""A simulated authority's children looked after, as the SSDA903 return of each year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import NamedTuple

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
#: Legal status that goes with a placement.
_BY_PLACE = {"P1": "C2", "A4": "E1"}
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
    episodes = _episodes(places, _order_later(run, period, until), _STATUS[period.basis])
    rows = []
    for one, following in zip(episodes, [*episodes[1:], None], strict=True):
        end = following.start if following else period.end
        if one.start >= after or (end and end < opens(year)):
            continue
        ended = end is not None and end < after
        code = ("X1" if following else _ROUTES[period.ended_by]) if ended else ""
        moved = "OTHER" if code == "X1" and following and following.begins == "P" else ""
        until_day = british(end if ended else None)
        about = [period.child, british(one.start), one.begins, one.status, _NEEDS[period.need], *one.where]
        rows.append([*about, until_day, code, moved, "", "", ""])
    return rows


class _Episode(NamedTuple):
    """A time in one place under one legal status; `begins` is its code RNE."""

    start: date
    begins: str
    status: str
    where: tuple[str, str]


def _order_later(run: Simulated, period: Spell, until: float) -> date | None:
    """Return the day on which proceedings began for a child looked after by agreement until then."""
    for one in run.spells.get("care proceedings", {}).get(period.child, []):
        if period.at < one.at < until:
            return one.start
    return None


def _episodes(places: Sequence[Spell], order: date | None, status: str) -> list[_Episode]:
    """Return the episodes of a period: another begins with each placement, and with an order."""
    found, ordered = [], _STATUS["care proceedings"]
    for number, place in enumerate(places):
        where = _PLACES[place.detail]
        under = ordered if order and number and order <= place.start else status
        found.append(_Episode(place.start, "P" if number else "S", _BY_PLACE.get(where[0], under), where))
        in_it = order and place.start < order and (place.end is None or order < place.end)
        if order and in_it and where[0] not in _BY_PLACE:
            found.append(_Episode(order, "L", ordered, where))
    return found


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
