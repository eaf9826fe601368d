"""Measures of need and harm wherever children stand, and of what help reaches them."""

from __future__ import annotations

from demandsim.records import Count
from demandsim.results.measure import Measure, Quantity, flow, measure, ratio, share

#: What acts on the decision who comes into care and leaves it: what separation, and staying, do to a child is not in
#: exposure.
DECISIONS = (
    "enquiry.readiness",
    "care.readiness",
    "prevention.edge_of_care",
    "prevention.fdac",
    "prevention.kinship_allowances",
)
#: Unit of what help does, summed over children.
HELP_UNIT = "standard deviations of severity, all children together"

HARM: list[Measure] = [
    measure(
        "exposure",
        "Modelled exposure to serious harm",
        Quantity.AMOUNT,
        "points",
        "harm",
        lambda year: year.count(Count.EXPOSURE),
        "Hazard of serious harm, summed over every child ever known, whatever its status: to compare, not to count by; "
        "harm that care itself may do is not in it",
        headline=True,
        indexed=True,
        withheld_by=DECISIONS,
    ),
    measure(
        "contacts_again",
        "Contacts again within 12 months of closing",
        # No share: a child may be the subject of several contacts, so there may be more than 100.
        Quantity.RATE,
        "for each 100 cases closed",
        "harm",
        lambda year: ratio(year.count(Count.CONTACT_AGAIN), year.count(Count.CASE_CLOSED)),
        "Contacts about children whose last case was closed in the 12 months before, for each 100 cases closed",
        headline=True,
    ),
    measure(
        "unserved",
        "Above the early help threshold, without a service",
        Quantity.AMOUNT,
        "child-months",
        "harm",
        lambda year: year.count(Count.UNSERVED),
        "Child-months of children known, at home, without a case or early help, above the threshold of early help that "
        "held before the start",
        headline=True,
    ),
    measure(
        "severity_at_closure",
        "Severity when a case at home is closed",
        Quantity.RATE,
        "standard deviations",
        "harm",
        lambda year: ratio(year.count(Count.CLOSED_SEVERITY), year.count(Count.CLOSED_HOME), 1.0),
        "Mean over children whose episode of need was closed while they lived at home",
    ),
    measure(
        "help_delivered",
        "Help delivered",
        Quantity.RATE,
        HELP_UNIT,
        "harm",
        lambda year: year.count(Count.DOSE),
        "What help of every kind took off severity in the year, summed over children",
    ),
    share(
        "care_emergency",
        "Starts of care in an emergency",
        "starts",
        "care",
        Count.CARE_EMERGENCY,
        Count.CARE_STARTED,
        "By police protection or an emergency protection order (SSDA903)",
        headline=True,
    ),
    share(
        "care_order",
        "Starts of care with care proceedings",
        "starts",
        "care",
        Count.CARE_ORDER,
        Count.CARE_STARTED,
        "An application is made on the day of the start, and there was no emergency",
    ),
    flow(
        "proceedings_later",
        "Children in care proceedings after a voluntary start",
        "care",
        Count.ORDER_LATER,
        definition="Children looked after by agreement about whom care proceedings begin (SSDA903: V2, then C1)",
    ),
    flow(
        "care_from_guardians",
        "Back in care from guardians",
        "care",
        Count.CARE_FROM_GUARDIANS,
        definition="Of those starting, children who had left under special guardianship or a residence order",
    ),
    flow(
        "care_remand",
        "Starts of care on remand",
        "care",
        Count.CARE_REMAND,
        definition="Of those starting (SSDA903)",
    ),
    flow(
        "care_unaccompanied",
        "Starts of care of unaccompanied children",
        "care",
        Count.CARE_UNACCOMPANIED,
        definition="Of those starting (SSDA903)",
    ),
    share(
        "left_guardianship",
        "Left care to guardians",
        "leavers",
        "care",
        Count.LEFT_GUARDIANSHIP,
        Count.CARE_ENDED,
        "Under special guardianship or residence orders (SSDA903)",
    ),
    share(
        "left_special_guardianship",
        "Left care under special guardianship",
        "leavers",
        "care",
        Count.LEFT_SPECIAL_GUARDIANSHIP,
        Count.CARE_ENDED,
        "Under a special guardianship order (SSDA903)",
    ),
    measure(
        "left_residence_order",
        "Left care under a residence order",
        Quantity.SHARE,
        "% of leavers",
        "care",
        lambda year: ratio(
            year.count(Count.LEFT_GUARDIANSHIP) - year.count(Count.LEFT_SPECIAL_GUARDIANSHIP),
            year.count(Count.CARE_ENDED),
        ),
        "To guardians otherwise than by a special guardianship order (SSDA903)",
    ),
    measure(
        "left_otherwise",
        "Left care by another route",
        Quantity.SHARE,
        "% of leavers",
        "care",
        lambda year: ratio(year.count(Count.LEFT_OTHER, Count.LEFT_EIGHTEEN), year.count(Count.CARE_ENDED)),
        "Neither home, nor adopted, nor to guardians: at 18, to live independently, to adult services, to custody or "
        "to another authority (SSDA903)",
    ),
    measure(
        "owed",
        "Overspend to pay back",
        Quantity.MONEY,
        "£ million",
        "spend",
        lambda year: year.count(Count.OWED) / 1e6,
        "Beyond what reserves may bear, taken off the next year's budget",
    ),
    measure(
        "relieved",
        "Overspend on the rest of the council",
        Quantity.MONEY,
        "£ million a year",
        "spend",
        lambda year: year.count(Count.RELIEVED) / 1e6,
        "Beyond what the next year's budget can bear; the rest of the council pays it for good",
    ),
]
