"""A simulated authority's social workers and spend, as the workforce census and the Section 251 outturn."""

from __future__ import annotations

from datetime import date
from math import floor

from demandsim.localise.export_need import AUTHORITY, message
from demandsim.localise.simulated import Simulated
from demandsim.localise.written import Node, Sheet, filled, iso
from demandsim.records import Count, Stock
from demandsim.results.year import Year
from demandsim.vocabulary import SpendCause as Cause
from demandsim.vocabulary import SpendLine as Line

#: Months from April to the census of 30 September.
_TO_SEPTEMBER = 6
_MILLION = 1e6
OUTTURN = ["LA", "LA Name", "LineNumber", "CYPServiceDescription", "OwnProvision", "PrivateProvision", "OtherPublic"]
OUTTURN += ["Voluntary", "TotalExpenditure", "Income", "NetCurrentExpenditure"]


def _year(run: Simulated, year: int) -> Year:
    return Year(run.results.tables, year - run.results.manifest.first_year)


def workers(run: Simulated, year: int) -> Node:
    """Return the workforce census of the 30 September of a year: whole posts, and a part of one for what is left."""
    row = run.results.tables["stock"][
        run.replication, 12 * (year - run.results.manifest.first_year) + _TO_SEPTEMBER - 1
    ]
    reference = date(year, 9, 30)
    content: list[Node] = []
    for agency, number in (("0", float(row[Stock.IN_POST])), ("1", float(row[Stock.AGENCY_WORKERS]))):
        for place, share in enumerate(_posts(number)):
            about = {"AgencyWorker": agency, "SWENo": f"SW{agency}{place:06d}", "FTE": share, "OrgRole": 4}
            content.append(("CSWWWorker", filled(about | {"RoleStartDate": iso(date(year - 1, 4, 1))})))
    for place, share in enumerate(_posts(_left(run, year))):
        about = {"AgencyWorker": "0", "SWENo": f"SWL{place:06d}", "FTE": share, "OrgRole": 4}
        left = {"RoleStartDate": iso(date(year - 2, 4, 1)), "RoleEndDate": iso(date(year, 6, 30))}
        content.append(("CSWWWorker", filled(about | left)))
    vacant = float(row[Stock.POSTS]) - float(row[Stock.IN_POST])
    level: Node = ("LALevelVacancies", filled({"NumberOfVacancies": f"{vacant:.2f}"}))
    return message("CSWW", year, reference, [level, *content])


def _left(run: Simulated, year: int) -> float:
    """Return the workers who left in the year up to the census."""
    end = 12 * (year - run.results.manifest.first_year) + _TO_SEPTEMBER
    months = run.results.tables["count"][run.replication, max(0, end - 12) : end, Count.STAFF_LEFT]
    return float(months.sum())


def _posts(number: float) -> list[str]:
    part = number - floor(number)
    return ["1"] * floor(number) + ([f"{part:.4f}"] if part > 5e-5 else [])


def outturn(run: Simulated, year: int) -> Sheet:
    """Return the outturn of a year in pounds: lines, and totals among them, as the return has them."""
    found = _year(run, year)

    def spent(*causes: int) -> float:
        return float(found.spend_on(*causes)[run.replication]) * _MILLION

    def on(line: int) -> float:
        return float(found.spend(line)[run.replication]) * _MILLION

    agency, universal = spent(Cause.FOSTER_AGENCY), spent(Cause.UNIVERSAL)
    own, targeted = on(Line.FOSTERING) - agency, on(Line.PREVENTION) - universal
    homes, other, work = on(Line.RESIDENTIAL), on(Line.CARE_OTHER), on(Line.SOCIAL_WORK)
    lines = [
        ("6", "6 Residential care", 0.0, homes),
        ("7", "7 Fostering services", own, agency),
        ("10", "10 Other children looked after services", other, 0.0),
        ("16", "16 Total Children Looked After", own + other, homes + agency),
        ("17", "17 Other children's and families services", on(Line.INTERVENTION_OTHER), 0.0),
        ("18", "18 Social work (includes LA functions in relation to child protection)", work, 0.0),
        ("21", "21 Total  Safeguarding Children and Young Peoples Services", work, 0.0),
        ("25", "25 Targeted family support", targeted, 0.0),
        ("26", "26 Universal family support", 0.0, 0.0),
        ("27", "27 Total Family Support Services", targeted, 0.0),
        ("28", "28 Universal services for young people", universal, 0.0),
        ("30", "30 Total Services for Young People ", universal, 0.0),
        ("31", "31 Youth Justice", 0.0, 0.0),
    ]
    return Sheet(f"outturn-{year}-{(year + 1) % 100:02d}", OUTTURN, [_outturn_row(*one) for one in lines])


def _outturn_row(number: str, service: str, own: float, private: float) -> list[str]:
    """Return a line of the outturn, without spend on other public or voluntary provision, and without income."""
    spent, total = [f"{own:.2f}", f"{private:.2f}", "0", "0"], f"{own + private:.2f}"
    return [AUTHORITY, "Simulated", number, service, *spent, total, "0", total]
