"""Measures of social workers, of spend, and of growth on the year before."""

from __future__ import annotations

from collections.abc import Callable

from demandsim.records import Count, Stock
from demandsim.results.measure import GROWTH_GROUP, Measure, Quantity, measure, ratio, share, stock
from demandsim.results.year import Array, Year
from demandsim.vocabulary import SpendCause, SpendLine

WORKFORCE: list[Measure] = [
    measure(
        "social_workers",
        "Social workers in post",
        Quantity.AMOUNT,
        "full-time equivalents",
        "workforce",
        lambda year: year.stock(Stock.IN_POST),
        "In post on 31 March (report, paragraph 99)",
        headline=True,
    ),
    measure(
        "vacancy_rate",
        "Vacant posts",
        Quantity.SHARE,
        "% of posts",
        "workforce",
        lambda year: ratio(year.stock(Stock.POSTS) - year.stock(Stock.IN_POST), year.stock(Stock.POSTS)),
        "Posts without a worker of the authority's own on 31 March, whether or not covered by an agency",
        headline=True,
    ),
    measure(
        "turnover",
        "Social workers leaving",
        Quantity.SHARE,
        "% of those in post",
        "workforce",
        lambda year: ratio(year.count(Count.STAFF_LEFT), year.month_mean(Stock.IN_POST)),
        "Leavers in the year over the mean number in post (DfE workforce statistics)",
    ),
    measure(
        "agency_workers",
        "Agency social workers",
        Quantity.AMOUNT,
        "full-time equivalents",
        "workforce",
        lambda year: year.stock(Stock.AGENCY_WORKERS),
        "Covering vacant posts on 31 March",
    ),
    measure(
        "need_per_worker",
        "Children in need for each social worker",
        Quantity.RATE,
        "children per worker",
        "workforce",
        lambda year: ratio(year.stock(Stock.IN_NEED), year.stock(Stock.IN_POST), 1.0),
        "Children in need over workers in post on 31 March (DfE workforce statistics)",
    ),
    measure(
        "caseload",
        "Average caseload",
        Quantity.RATE,
        "cases per worker",
        "workforce",
        lambda year: ratio(
            year.month_mean(Stock.IN_NEED) - year.month_mean(Stock.LEAVER, Stock.UNALLOCATED),
            year.month_mean(Stock.IN_POST, Stock.AGENCY_WORKERS),
            1.0,
        ),
        "Allocated cases over workers in post and agency workers, mean of the month ends",
        headline=True,
    ),
    measure(
        "workload",
        "Workload",
        Quantity.SHARE,
        "% of capacity",
        "workforce",
        lambda year: ratio(year.count(Count.HOURS_WANTED), year.count(Count.HOURS_SUPPLIED)),
        "Hours needed over hours there are; hours of an activity are judgements (register P089 to P096)",
        headline=True,
    ),
    stock(
        "unallocated",
        "Unallocated cases",
        "workforce",
        Stock.UNALLOCATED,
        definition="Referred children waiting for a worker with room on 31 March",
        headline=True,
    ),
    stock(
        "unallocated_long",
        "Unallocated cases for over a week",
        "workforce",
        Stock.UNALLOCATED_LONG,
        definition="Referred over a week ago; after `workforce.longest_wait` allocation is forced",
    ),
    measure(
        "allocation_wait",
        "Mean wait for a worker",
        Quantity.RATE,
        "days",
        "workforce",
        lambda year: ratio(year.count(Count.UNALLOCATED_DAYS), year.count(Count.ASSESSMENT_STARTED), 1.0),
        "Child-days without a worker over assessments begun",
    ),
    share(
        "visits_missed",
        "Visits missed or late",
        "visits due",
        "workforce",
        Count.VISIT_MISSED,
        Count.VISIT_DUE,
        "For want of hours: every ten working days on a protection plan, every six weeks otherwise",
    ),
]

_CARE_LINES = (SpendLine.FOSTERING, SpendLine.RESIDENTIAL, SpendLine.CARE_OTHER)
_INTERVENTION = (*_CARE_LINES, SpendLine.SOCIAL_WORK, SpendLine.INTERVENTION_OTHER)


def _spend(id: str, label: str, *lines: int, headline: bool = False) -> Measure:
    return measure(
        id,
        label,
        Quantity.MONEY,
        "£ million a year",
        "spend",
        lambda year: year.spend(*lines),
        "Section 251 outturn lines, as the report groups them (paragraphs 42 to 53)",
        headline=headline,
    )


SPEND: list[Measure] = [
    _spend("spend_looked_after", "Spend on children looked after", *_CARE_LINES, headline=True),
    _spend("spend_fostering", "Spend on fostering", SpendLine.FOSTERING),
    _spend("spend_residential", "Spend on residential care", SpendLine.RESIDENTIAL),
    _spend("spend_social_work", "Spend on social work", SpendLine.SOCIAL_WORK),
    _spend("spend_residual", "Other intervention (residual)", SpendLine.INTERVENTION_OTHER, headline=True),
    _spend("spend_intervention", "Spend on intervention", *_INTERVENTION, headline=True),
    _spend("spend_prevention", "Spend on prevention", SpendLine.PREVENTION),
    measure(
        "reactive_ratio",
        "Reactive spend for each £1 of prevention",
        Quantity.RATIO,
        "ratio",
        "spend",
        lambda year: ratio(year.spend(*_INTERVENTION), year.spend(SpendLine.PREVENTION), 1.0),
        "Intervention over prevention (report, paragraphs 4 and 53)",
        headline=True,
    ),
    measure(
        "spend_agency",
        "Spend on agency social workers",
        Quantity.MONEY,
        "£ million a year",
        "spend",
        lambda year: year.spend_on(SpendCause.AGENCY),
        "Part of the social work line, premium included",
    ),
    measure(
        "reserves",
        "Reserves",
        Quantity.MONEY,
        "£ million",
        "spend",
        lambda year: year.stock(Stock.RESERVES) / 1e6,
        "On 31 March, after the year's underspend or overspend; below zero, overspends nobody has paid for",
    ),
]


def _growth(id: str, label: str, of: Callable[[Year], Array]) -> Measure:
    return measure(
        f"growth_{id}",
        f"Growth of {label}",
        Quantity.SHARE,
        "% on the year before",
        GROWTH_GROUP,
        lambda year: ratio(of(year) - of(year.before), of(year.before)),
        "This year over the year before, less one",
    )


GROWTH: list[Measure] = [
    _growth("referrals", "referrals", lambda year: year.count(Count.REFERRAL)),
    _growth("enquiries", "section 47 enquiries", lambda year: year.count(Count.ENQUIRY)),
    _growth("plans", "child protection plans", lambda year: year.stock(Stock.PLAN)),
    _growth("children_in_need", "children in need", lambda year: year.stock(Stock.IN_NEED)),
    _growth("looked_after", "children looked after", lambda year: year.stock(Stock.CARE)),
    _growth("care_started_16", "care starts aged 16 and over", lambda year: year.count(Count.CARE_STARTED_AGE + 4)),
]
