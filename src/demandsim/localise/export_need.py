"""A simulated authority's referrals, cases, enquiries and plans, as the children in need census of each year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from demandsim.localise.export_care import need_code, sex_of
from demandsim.localise.rules import codes
from demandsim.localise.simulated import Simulated, Spell
from demandsim.localise.written import Node, Sheet, filled, iso
from demandsim.localise.years import closes, opens

#: Authority of the export: a code that none has.
AUTHORITY = "999"
_CLOSED = {
    "case closed": "RC7",
    "adoption": "RC1",
    "guardianship": "RC4",
    "not in need": "RC8",
    "early help": "RC9",
    "eighteenth birthday": "RC6",
    "support ended": "RC6",
    "home": "RC7",
    "other": "RC7",
}
_UNFINISHED_REASON = "RC7"
_CATEGORY = ("NEG", "EMO", "PHY", "SAB")


@dataclass(slots=True)
class Record:
    """A referral as the census of a year has it: columns by their names, and rows inside it."""

    child: str
    born: date
    about: dict[str, str]
    inside: list[tuple[str, dict[str, str], list[dict[str, str]]]] = field(default_factory=list)


def need_records(run: Simulated, year: int, source_shares: Sequence[float]) -> list[Record]:
    """Return the referrals and cases of a year: every one open at any time in it."""
    after, found = closes(year), []
    for case, no_action in _cases(run):
        if case.start >= after or (
            (case.end or date.max) < opens(year) and not (no_action and case.start >= opens(year))
        ):
            continue
        ended = case.end if case.end and case.end < after else None
        draw = Random(f"case {case.child} {case.at}")
        about = {
            "CINreferralDate": iso(case.start),
            "ReferralSource": _source(draw, source_shares),
            "PrimaryNeedCode": need_code(case.need),
            "CINclosureDate": iso(ended),
            "ReasonForClosure": _CLOSED.get(case.ended_by, _UNFINISHED_REASON) if ended and not no_action else "",
            "ReferralNFA": "1" if no_action else "0",
        }
        record = Record(case.child, min(case.born, case.start), about)
        if not no_action:
            record.inside = [*_work(run, case, year), *_protection(run, case, year)]
        found.append(record)
    return sorted(found, key=lambda one: (one.child, one.about["CINreferralDate"]))


def _cases(run: Simulated) -> Iterator[tuple[Spell, bool]]:
    """Yield every case, and every referral with no further action, and which it is."""
    yield from ((one, False) for one in run.of("episode of need"))
    yield from ((one, True) for one in run.of("referral") if one.ended_by == "no further action")


def _source(draw: Random, shares: Sequence[float]) -> str:
    groups: list[list[str]] = codes("need")["sources"]
    return draw.choices(groups, weights=shares)[0][0]


def _inside(run: Simulated, kind: str, case: Spell, year: int) -> list[Spell]:
    """Return the child's spells of a kind that began in the course of a case, were open in a year and not later."""
    until = case.until if case.until is not None else float("inf")
    of_child = run.spells.get(kind, {}).get(case.child, [])
    known = [one for one in of_child if case.at <= one.at <= until and one.start < closes(year)]
    return [one for one in known if one.end is None or one.end >= opens(year)]


def _work(run: Simulated, case: Spell, year: int) -> Iterator[tuple[str, dict[str, str], list[dict[str, str]]]]:
    after = closes(year)
    for one in _inside(run, "assessment", case, year):
        finished = one.end if one.ended_by == "completed" and one.end and one.end < after else None
        if one.detail == "initial":
            days = {"InitialAssessmentStartDate": iso(one.start), "InitialAssessmentEndDate": iso(finished)}
            yield "InitialAssessments", days, []
        else:
            days = {"AssessmentActualStartDate": iso(one.start), "AssessmentAuthorisationDate": iso(finished)}
            yield "Assessments", days, []


def _protection(run: Simulated, case: Spell, year: int) -> Iterator[tuple[str, dict[str, str], list[dict[str, str]]]]:
    after = closes(year)
    for one in _inside(run, "section 47 enquiry", case, year):
        # A census has enquiries of its year, and conferences of its year (rules 8740 and 8715 of the Department).
        if one.start < opens(year) and one.ended_by != "conference":
            continue
        ended_by = one.ended_by if one.end and one.end < after else ""
        held = one.end if ended_by == "conference" else None
        # Of an enquiry that is under way, or was cut short, nobody has said yet.
        not_required = {"conference": "0", "no conference": "1"}.get(ended_by, "")
        days = {"S47ActualStartDate": iso(one.start), "DateOfInitialCPC": iso(held)}
        yield "Section47", days | {"ICPCnotRequired": not_required}, []
    for one in _inside(run, "child protection plan", case, year):
        category = Random(f"category {one.child} {one.at}").choice(_CATEGORY)
        reviews = [
            {"CPPreviewDate": iso(review.start)}
            for review in _inside(run, "plan review", case, year)
            if one.at <= review.at and (one.until is None or review.at <= one.until)
        ]
        about = {
            "CPPstartDate": iso(one.start),
            "CPPendDate": iso(one.end if one.end and one.end < after else None),
            "InitialCategoryOfAbuse": category,
            "LatestCategoryOfAbuse": category,
            "NumberOfPreviousCPP": str(int(one.detail.rpartition(" ")[2]) - 1),
        }
        yield "ChildProtectionPlans", about, reviews


def message(collection: str, year: int, reference: date, content: list[Node]) -> Node:
    """Return a return as its XML, with a header that says whose it is and of which year."""
    header: list[Node] = [
        ("CollectionDetails", filled({"Collection": collection, "Year": year, "ReferenceDate": iso(reference)})),
        ("Source", filled({"SourceLevel": "L", "LEA": AUTHORITY, "SoftwareCode": "demandsim export"})),
    ]
    return ("Message", [("Header", header), *content])


def need_document(records: Sequence[Record], year: int) -> Node:
    """Return the census of a year as its XML."""
    children: list[Node] = []
    for child, of_child in _by_child(records):
        identifiers = {"LAchildID": child, "PersonBirthDate": iso(of_child[0].born), "GenderCurrent": sex_of(child)}
        inside: list[Node] = [("ChildIdentifiers", filled(identifiers))]
        for record in of_child:
            details = filled(record.about)
            for name, values, reviews in record.inside:
                rows = [("Reviews", filled(review)) for review in reviews]
                details.append((name, [*filled(values), *rows]))
            inside.append(("CINdetails", details))
        children.append(("Child", inside))
    return message("CIN", year + 1, date(year + 1, 3, 31), [("Children", children)])


def _by_child(records: Sequence[Record]) -> Iterator[tuple[str, list[Record]]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record.child, []).append(record)
    yield from found.items()


def need_sheets(records: Sequence[Record]) -> list[Sheet]:
    """Return the census of a year as tables, one for each kind of row."""
    sheets: dict[str, Sheet] = {}

    def add(name: str, values: dict[str, str]) -> None:
        sheet = sheets.setdefault(name, Sheet(name, list(values), []))
        sheet.rows.append([values[column] for column in sheet.heading])

    for child, of_child in _by_child(records):
        born = iso(of_child[0].born)
        add("ChildIdentifiers", {"LAchildID": child, "PersonBirthDate": born, "GenderCurrent": sex_of(child)})
        for number, record in enumerate(of_child, start=1):
            key = {"LAchildID": child, "CINdetailsID": f"{child}-{number}"}
            add("CINdetails", key | record.about)
            for nth, (name, values, reviews) in enumerate(record.inside, start=1):
                plan = {"CPPID": f"{child}-{number}-{nth}"} if name == "ChildProtectionPlans" else {}
                add(name, key | plan | values)
                for review in reviews:
                    add("Reviews", key | plan | review)
    return list(sheets.values())
