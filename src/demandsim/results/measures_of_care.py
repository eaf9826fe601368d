"""Measures of children looked after: periods of care, placements, the court, going missing, leaving."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from demandsim.records import Census, Count, Stock
from demandsim.results.measure import Measure, Quantity, bands, flow, measure, ratio, share, stock
from demandsim.results.year import Array, Year
from demandsim.vocabulary import AGE_BANDS, FOSTERED, LeaverActivity, LegalRoute, Need, Placement

AGES = [label for label, _, _ in AGE_BANDS]
NEEDS = Need.words.labels()


class _Lasted(IntEnum):
    """Columns of the children who ceased to be looked after, by time in care."""

    UNDER_2_WEEKS = Count.CARE_ENDED_BAND
    UNDER_1_YEAR = Count.CARE_ENDED_BAND + 1
    FROM_5_TO_10_YEARS = Count.CARE_ENDED_BAND + 4


def _on_basis(*routes: int) -> Callable[[Year], Array]:
    """Return the share of starts on some of the legal bases."""
    columns = [Count.CARE_STARTED_BASIS + route for route in routes]
    return lambda year: ratio(year.count(*columns), year.count(Count.CARE_STARTED))


CARE: list[Measure] = [
    stock(
        "looked_after",
        "Children looked after",
        "care",
        Stock.CARE,
        definition="Looked after on 31 March, respite left out (SSDA903)",
        headline=True,
    ),
    flow(
        "care_started",
        "Starting to be looked after",
        "care",
        Count.CARE_STARTED,
        definition="Periods of being looked after that start (SSDA903)",
        headline=True,
    ),
    *bands(
        "care_started_age",
        "Starting to be looked after, aged",
        "% of starts",
        "care",
        AGES,
        Count.CARE_STARTED_AGE,
        "count",
        "Age at the start of the period (SSDA903)",
    ),
    *bands(
        "care_started_need",
        "Starting to be looked after, primary need",
        "% of starts",
        "care",
        NEEDS,
        Count.CARE_STARTED_NEED,
        "count",
        "Primary need at the start of the period (SSDA903)",
    ),
    *(
        measure(
            f"care_started_{id}",
            f"Starting to be looked after {label}",
            Quantity.SHARE,
            "% of starts",
            "care",
            _on_basis(*routes),
            definition,
        )
        for id, label, routes, definition in (
            (
                "section_20",
                "under section 20",
                (LegalRoute.VOLUNTARY, LegalRoute.UNACCOMPANIED),
                "By agreement with parents, and unaccompanied children (SSDA903: V2)",
            ),
            (
                "order",
                "under a care order",
                (LegalRoute.PROCEEDINGS,),
                "Interim or full, without an emergency (SSDA903: C1 and C2)",
            ),
            ("remand", "on remand", (LegalRoute.REMAND,), "On remand or by another way of youth justice (SSDA903: J)"),
        )
    ),
    share(
        "care_started_newborn",
        "Starting to be looked after at birth",
        "starts under 1",
        "care",
        Count.CARE_STARTED_NEWBORN,
        Count.CARE_STARTED_AGE,
        "Periods that start before a child is seven days old",
    ),
    flow(
        "care_ended",
        "Ceasing to be looked after",
        "care",
        Count.CARE_ENDED,
        definition="Periods of being looked after that end (SSDA903)",
        headline=True,
    ),
    measure(
        "care_any_time",
        "Looked after at any time in the year",
        Quantity.COUNT,
        "children",
        "care",
        lambda year: year.census(Census.CARE_ANY_TIME) + year.count(Count.CARE_IN_YEAR),
        "Children, each once (SSDA903)",
    ),
    measure(
        "left_under_2_weeks",
        "Left care within 2 weeks",
        Quantity.SHARE,
        "% of leavers",
        "care",
        lambda year: ratio(year.count(_Lasted.UNDER_2_WEEKS), year.count(Count.CARE_ENDED)),
        "Of those ceasing in the year, time in care (SSDA903)",
    ),
    measure(
        "left_under_1_year",
        "Left care within a year",
        Quantity.SHARE,
        "% of leavers",
        "care",
        lambda year: ratio(year.count(_Lasted.UNDER_2_WEEKS, _Lasted.UNDER_1_YEAR), year.count(Count.CARE_ENDED)),
        "Of those ceasing in the year, time in care (SSDA903)",
    ),
    measure(
        "left_5_to_10_years",
        "Left care after 5 to 10 years",
        Quantity.SHARE,
        "% of leavers",
        "care",
        lambda year: ratio(year.count(_Lasted.FROM_5_TO_10_YEARS), year.count(Count.CARE_ENDED)),
        "Of those ceasing in the year, time in care (SSDA903)",
    ),
    *bands(
        "care_ended_age",
        "Ceasing to be looked after, aged",
        "% of leavers",
        "care",
        AGES,
        Count.CARE_ENDED_AGE,
        "count",
        "Age at the end of the period (SSDA903)",
    ),
    share(
        "left_home",
        "Returned home from care",
        "leavers",
        "care",
        Count.LEFT_HOME,
        Count.CARE_ENDED,
        "To parents or relatives (SSDA903; report, paragraph 73)",
        headline=True,
    ),
    flow(
        "adoptions", "Adoptions", "care", Count.LEFT_ADOPTION, definition="Adopted from care (SSDA903)", headline=True
    ),
    *bands(
        "adopted_age",
        "Age at adoption",
        "% of adoptions",
        "care",
        ["under 1", "1", "2 to 5", "over 5"],
        Count.ADOPTED_AGE,
        "count",
        "Completed years at the adoption order (report, paragraph 77)",
    ),
    measure(
        "days_to_adopters",
        "Days in care before moving in with adopters",
        Quantity.RATE,
        "days",
        "care",
        lambda year: ratio(year.count(Count.PLACED_FOR_ADOPTION_DAYS), year.count(Count.PLACED_FOR_ADOPTION), 1.0),
        "From the day on which a child began to be looked after to that of its placement for adoption, on average "
        "(adoption scorecards)",
    ),
    *bands(
        "looked_after_age",
        "Looked after, aged",
        "% of children looked after",
        "care",
        AGES,
        Census.CARE_AGE,
        "census",
        "Age on 31 March (SSDA903; report, paragraph 39)",
    ),
    *bands(
        "looked_after_need",
        "Looked after, primary need",
        "% of children looked after",
        "care",
        NEEDS,
        Census.CARE_NEED,
        "census",
        "Primary need of children looked after on 31 March (SSDA903)",
    ),
    measure(
        "back_in_care",
        "Back in care within 5 years of going home",
        Quantity.SHARE,
        "% of returns home",
        "care",
        lambda year: ratio(year.census(Census.HOME_COHORT_BACK), year.census(Census.HOME_COHORT)),
        "Of children who went home in the year five years before (DfE cohort of 2006-07)",
        headline=True,
        known_from=0,
    ),
    measure(
        "back_within_1_year",
        "Back in care within a year of leaving",
        Quantity.SHARE,
        "% of those who left the year before",
        "care",
        lambda year: ratio(year.census(Census.LEFT_1_BACK), year.census(Census.LEFT_1)),
        "Of children who left in the year before: before 18 and not adopted (McGrath-Lone 2017)",
    ),
    measure(
        "back_within_5_years",
        "Back in care within 5 years of leaving",
        Quantity.SHARE,
        "% of those who left five years before",
        "care",
        lambda year: ratio(year.census(Census.LEFT_5_BACK), year.census(Census.LEFT_5)),
        "Of children who left in the year five years before: before 18 and not adopted (McGrath-Lone 2017)",
        known_from=0,
    ),
    measure(
        "fostered",
        "Fostered",
        Quantity.COUNT,
        "children",
        "placements",
        lambda year: year.stock(*(Stock.PLACED + place for place in FOSTERED)),
        "With own carers, agency carers, relatives or friends on 31 March (report, paragraph 74)",
        headline=True,
    ),
    stock(
        "childrens_homes",
        "In children's homes",
        "placements",
        Stock.PLACED + Placement.CHILDRENS_HOME,
        definition="On 31 March (report, paragraph 83)",
        headline=True,
    ),
    stock(
        "placed_for_adoption",
        "Placed for adoption",
        "placements",
        Stock.PLACED + Placement.FOR_ADOPTION,
        definition="On 31 March (SSDA903)",
    ),
    stock(
        "placed_with_parents",
        "Placed with parents",
        "placements",
        Stock.PLACED + Placement.WITH_PARENTS,
        definition="Under a care order, on 31 March (SSDA903)",
    ),
    stock(
        "agency_fostered",
        "Fostered by agency carers",
        "placements",
        Stock.PLACED + Placement.FOSTER_AGENCY,
        definition="With carers of an independent fostering agency, on 31 March",
    ),
    measure(
        "three_placements",
        "Three or more placements in the year",
        Quantity.SHARE,
        "% of children looked after",
        "placements",
        lambda year: ratio(year.census(Census.CARE_THREE_PLACEMENTS), year.stock(Stock.CARE)),
        "Of children looked after on 31 March; placements of every period of care in the year (SSDA903; report, "
        "paragraph 40)",
        headline=True,
    ),
    measure(
        "one_placement",
        "One placement in the year",
        Quantity.SHARE,
        "% of children looked after",
        "placements",
        lambda year: ratio(year.stock(Stock.CARE) - year.census(Census.CARE_TWO_PLACEMENTS), year.stock(Stock.CARE)),
        "Counted as three or more placements are",
    ),
    measure(
        "two_placements",
        "Two placements in the year",
        Quantity.SHARE,
        "% of children looked after",
        "placements",
        lambda year: ratio(
            year.census(Census.CARE_TWO_PLACEMENTS) - year.census(Census.CARE_THREE_PLACEMENTS), year.stock(Stock.CARE)
        ),
        "Counted as three or more placements are",
    ),
    measure(
        "left_5_placements",
        "Left after five or more placements",
        Quantity.SHARE,
        "% of leavers",
        "placements",
        lambda year: ratio(
            year.count(Count.CARE_ENDED_MOVES + 1, Count.CARE_ENDED_MOVES + 2), year.count(Count.CARE_ENDED)
        ),
        "Placements of every period of care of the child (report, paragraph 40; DfE table D5)",
    ),
    measure(
        "left_10_placements",
        "Left after ten or more placements",
        Quantity.SHARE,
        "% of leavers",
        "placements",
        lambda year: ratio(year.count(Count.CARE_ENDED_MOVES + 2), year.count(Count.CARE_ENDED)),
        "Placements of every period of care of the child (report, paragraph 40; DfE table D5)",
    ),
    measure(
        "homes_away",
        "Children's home over 20 miles away",
        Quantity.SHARE,
        "% of children's home residents",
        "placements",
        lambda year: ratio(year.census(Census.HOME_AWAY), year.stock(Stock.PLACED + Placement.CHILDRENS_HOME)),
        "Distance from the family home (report, paragraph 83)",
    ),
    flow(
        "care_applications",
        "Care applications",
        "court",
        Count.APPLICATION,
        definition="Applications to court, one for a family (Cafcass)",
    ),
    flow(
        "missing_episodes",
        "Missing episodes",
        "missing",
        Count.MISSING,
        definition="Episodes of going missing from care",
    ),
    share(
        "interviewed",
        "Return interviews within 72 hours",
        "missing episodes",
        "missing",
        Count.INTERVIEWED,
        Count.MISSING,
        "Held within 72 hours of the return",
    ),
    measure(
        "care_leavers",
        "Care leavers supported",
        Quantity.COUNT,
        "children",
        "leaving care",
        lambda year: year.census(Census.LEAVERS),
        "Open cases of care leavers aged 18 to 25 on 31 March",
    ),
    *bands(
        "leavers_19",
        "Care leavers aged 19",
        "% of care leavers reaching 19",
        "leaving care",
        LeaverActivity.words.labels(),
        Count.LEAVER_ACTIVITY,
        "count",
        "Main activity at 19 (SSDA903; report, paragraph 89)",
    ),
    measure(
        "first_choice_full",
        "Placements made where the first choice was full",
        Quantity.SHARE,
        "% of placements made",
        "placements",
        lambda year: ratio(year.count(Count.PLACED_FIRST_FULL), year.count(Count.CARE_STARTED, Count.MOVE)),
        "Of starts and moves, those for which the type wanted had no place",
    ),
    stock(
        "proceedings",
        "Care applications before the court",
        "court",
        Stock.PROCEEDINGS,
        definition="Open on 31 March (Cafcass)",
    ),
]
