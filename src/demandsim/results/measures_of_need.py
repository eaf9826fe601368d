"""Measures of demand, early help, assessment, children in need and child protection."""

from __future__ import annotations

from collections.abc import Callable

from demandsim.records import Census, Count, Stock
from demandsim.results.measure import Measure, Quantity, bands, flow, measure, ratio, share, stock
from demandsim.results.year import Array, Year
from demandsim.vocabulary import AGE_BANDS, DURATION_BANDS, Need

LENGTHS = [label for label, _ in DURATION_BANDS]


def _at_any_point(year: Year) -> Array:
    """Return those found in need before the year, in the year, and those of whom it is not known yet at its end."""
    not_known_yet = year.stock(Stock.IN_NEED) - year.census(Census.NEED_FOUND)
    return year.before.census(Census.NEED_FOUND) + year.count(Count.NEED_STARTED) + not_known_yet


def _first(column: int) -> Callable[[Year], Array]:
    """Return the share of children to whom something happens before 18, by how many it first happens to in a year."""
    return lambda year: ratio(year.census(column), year.census(Census.ONE_AGE))


NEED: list[Measure] = [
    flow("contacts", "Initial contacts", "demand", Count.CONTACT, definition="Contacts, one for each child (ADCS)"),
    flow(
        "referrals",
        "Referrals",
        "demand",
        Count.REFERRAL,
        definition="Referrals of children with no open case (table C1)",
        headline=True,
    ),
    share(
        "re_referrals",
        "Re-referrals within 12 months",
        "referrals",
        "demand",
        Count.RE_REFERRAL,
        Count.REFERRAL,
        "Referrals within 12 months of the child's previous one (table C1)",
        headline=True,
    ),
    measure(
        "referred_again",
        "Referred again by the end of the fourth year after",
        Quantity.SHARE,
        "% of children referred",
        "demand",
        lambda year: ratio(year.census(Census.REFERRED_4_BACK), year.census(Census.REFERRED_4)),
        "Of children referred in the year four years before, each from its first referral of that year: within 48 to "
        "60 months (Troncoso 2017)",
    ),
    measure(
        "closed_again",
        "Referred again within 27 months, no long-term work",
        Quantity.SHARE,
        "% of cases closed without long-term work",
        "demand",
        lambda year: ratio(year.census(Census.CLOSED_3_BACK), year.census(Census.CLOSED_3)),
        "Of cases closed at referral or after assessment, without need found, in the year three years before "
        "(Forrester 2007)",
    ),
    *(
        measure(
            id,
            label,
            Quantity.SHARE,
            "% of one year's births",
            "demand",
            _first(column),
            f"{said}, for the first time and in the year, for 100 children of one year's births: what a whole "
            "childhood at the rates of the year comes to. Known from the fourteenth year of a run",
            known_from=13,
        )
        for id, label, column, said in (
            ("ever_referred", "Ever referred before 18", Census.FIRST_REFERRED, "Children referred"),
            (
                "ever_assessed",
                "Ever assessed before 18",
                Census.FIRST_ASSESSED,
                "Children referred and not closed at once",
            ),
            ("ever_in_need", "Ever in need before 18", Census.FIRST_IN_NEED, "Children found in need"),
            ("ever_planned", "Ever on a child protection plan before 18", Census.FIRST_PLAN, "Children on a plan"),
        )
    ),
    share(
        "referrals_no_action",
        "Referrals with no further action",
        "referrals",
        "demand",
        Count.REFERRAL_NO_ACTION,
        Count.REFERRAL,
        "Closed at once (table C1)",
    ),
    share(
        "referrals_not_in_need",
        "Referrals assessed, not in need",
        "referrals",
        "demand",
        Count.NOT_IN_NEED,
        Count.REFERRAL,
        "Assessed in the year and found not in need (table C1)",
    ),
    flow(
        "early_help_started",
        "Early help cases started",
        "early help",
        Count.EARLY_HELP_STARTED,
        definition="Children for whom an early help case starts; nobody publishes the number",
    ),
    stock(
        "early_help_waiting",
        "Waiting for early help",
        "early help",
        Stock.EARLY_HELP_WAITING,
        definition="Children whose family waits for a place on 31 March",
    ),
    flow(
        "early_help_unmet",
        "Unmet requests for early help",
        "early help",
        Count.EARLY_HELP_UNMET,
        definition="Children whose family gave up waiting",
    ),
    share(
        "early_help_effective",
        "Early help cases effectively planned",
        "cases",
        "early help",
        Count.EARLY_HELP_WORKED,
        Count.EARLY_HELP_STARTED,
        "Cases with effective planning, whose circumstances improve (report, paragraph 47)",
    ),
    stock(
        "children_in_need",
        "Children in need",
        "children in need",
        Stock.IN_NEED,
        definition="Open cases on 31 March: in assessment, in need, on plans, looked after, care leavers (table B1)",
        headline=True,
    ),
    *bands(
        "children_in_need_need",
        "Children in need, primary need",
        "% of children in need",
        "children in need",
        Need.words.labels(),
        Census.NEED_NEED,
        "census",
        "Primary need of open cases on 31 March (table B3)",
    ),
    *bands(
        "children_in_need_age",
        "Children in need, aged",
        "% of children in need",
        "children in need",
        [label for label, _, _ in AGE_BANDS],
        Census.NEED_AGE,
        "census",
        "Age on 31 March of children with open cases; the unborn are under 1",
    ),
    flow(
        "need_started",
        "Episodes of need started",
        "children in need",
        Count.NEED_STARTED,
        definition="Counted when need is found (table B1)",
    ),
    flow(
        "need_ended",
        "Episodes of need ended",
        "children in need",
        Count.NEED_ENDED,
        definition="Episodes closed (table B1)",
    ),
    measure(
        "need_any_point",
        "Children in need at any point",
        Quantity.COUNT,
        "episodes",
        "children in need",
        _at_any_point,
        "Episodes open at any time in the year, each once; cases found not in need are left out (table B1)",
    ),
    stock(
        "awaiting_assessment",
        "Awaiting assessment",
        "children in need",
        Stock.AWAITING,
        definition="Referred, no section 47 enquiry begun, and no result of an assessment yet (table B1)",
    ),
    *bands(
        "need_ended_length",
        "Episodes of need ended",
        "% of episodes ended",
        "children in need",
        LENGTHS,
        Count.NEED_ENDED_BAND,
        "count",
        "Length from referral to closing (table B5)",
    ),
    *bands(
        "need_open_length",
        "Open episodes of need",
        "% of open episodes",
        "children in need",
        LENGTHS,
        Census.NEED_OPEN_BAND,
        "census",
        "Length from referral to 31 March (table B4)",
    ),
    share(
        "assessed_in_time",
        "Assessments within 45 working days",
        "continuous assessments",
        "assessment",
        Count.ASSESSED_IN_TIME,
        Count.ASSESSED_CONTINUOUS,
        "Continuous assessments only (table C2)",
        headline=True,
    ),
    flow(
        "enquiries",
        "Section 47 enquiries",
        "protection",
        Count.ENQUIRY,
        definition="Enquiries started (table C4)",
        headline=True,
    ),
    flow(
        "conferences",
        "Initial child protection conferences",
        "protection",
        Count.CONFERENCE,
        definition="Conferences held (table C4)",
    ),
    share(
        "conferences_in_time",
        "Conferences within 15 working days",
        "conferences",
        "protection",
        Count.CONFERENCE_IN_TIME,
        Count.CONFERENCE,
        "From the strategy discussion (table C4)",
        headline=True,
    ),
    flow(
        "plans_started",
        "Child protection plans started",
        "protection",
        Count.PLAN_STARTED,
        definition="Plans started (table D1)",
        headline=True,
    ),
    stock(
        "plans",
        "Child protection plans",
        "protection",
        Stock.PLAN,
        definition="Children subject to a plan on 31 March (table D1)",
        headline=True,
    ),
    flow(
        "plans_ended",
        "Child protection plans ended",
        "protection",
        Count.PLAN_ENDED,
        definition="Plans ended (table D1)",
    ),
    share(
        "plans_repeat",
        "Second or subsequent plans",
        "plans started",
        "protection",
        Count.PLAN_REPEAT,
        Count.PLAN_STARTED,
        "Plans started of children who had one before, at any time (table D3)",
        headline=True,
    ),
    *bands(
        "plans_age",
        "Child protection plans, aged",
        "% of plans",
        "protection",
        [label for label, _, _ in AGE_BANDS],
        Census.PLAN_AGE,
        "census",
        "Age on 31 March of children on plans; the unborn are under 1",
    ),
    *bands(
        "plan_ended_length",
        "Plans ended",
        "% of plans ended",
        "protection",
        LENGTHS,
        Count.PLAN_ENDED_BAND,
        "count",
        "Length of plans that ended (table D7)",
    ),
    *bands(
        "plan_open_length",
        "Open plans",
        "% of open plans",
        "protection",
        LENGTHS,
        Census.PLAN_OPEN_BAND,
        "census",
        "Length so far of plans open on 31 March (table D5)",
    ),
    measure(
        "plans_reviewed",
        "Plans reviewed in time",
        Quantity.SHARE,
        "% of plans open 3 months or more",
        "protection",
        lambda year: ratio(year.census(Census.PLAN_REVIEWED), year.census(Census.PLAN_REVIEWABLE)),
        "Open three months or more on 31 March, no review of the year late (table D6)",
    ),
]
