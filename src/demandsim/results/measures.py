"""From what the model recorded to what the returns publish: every measure, defined once.

A measure is a number for one financial year and one replication. Counts can be scaled to England; shares can't. The
recorded tables are all this needs, so old results can still be measured and plotted without the model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demandsim.records import Census, Count, Stock
from demandsim.vocabulary import (
    AGE_BANDS,
    DURATION_BANDS,
    LINE_OF_CAUSE,
    LeaverActivity,
    Placement,
    SpendCause,
    SpendLine,
)

Array = NDArray[np.float64]
Tables = dict[str, NDArray[Any]]


class Year:
    """One financial year of recorded tables, and the year before it.

    Args:
        tables: arrays of (replication, month or year, column).
        index: the year's place in the tables; must be at least 1.
    """

    def __init__(self, tables: Tables, index: int) -> None:
        self._tables = tables
        self._index = index

    @property
    def before(self) -> Year:
        return Year(self._tables, self._index - 1)

    def count(self, *columns: int) -> Array:
        """Return the year's total of some counts, for each replication."""
        months = self._tables["count"][:, 12 * self._index : 12 * self._index + 12]
        return _total(months[:, :, list(columns)])

    def stock(self, *columns: int) -> Array:
        """Return the sum of some stocks on 31 March."""
        return _total(self._tables["stock"][:, 12 * self._index + 11, list(columns)])

    def census(self, *columns: int) -> Array:
        return _total(self._tables["census"][:, self._index, list(columns)])

    def spend(self, *lines: int) -> Array:
        """Return the year's spend on some lines, in millions of pounds."""
        return self.spend_on(*(cause for cause, line in enumerate(LINE_OF_CAUSE) if line in lines))

    def spend_on(self, *causes: int) -> Array:
        """Return the year's spend on some causes, in millions of pounds."""
        months = self._tables["spend"][:, 12 * self._index : 12 * self._index + 12]
        return _total(months[:, :, list(causes)]) / 1e8

    def month_mean(self, *columns: int) -> Array:
        """Return the mean over the year's month ends of the sum of some stocks."""
        months = self._tables["stock"][:, 12 * self._index : 12 * self._index + 12]
        return _total(months[:, :, list(columns)]) / 12


def _total(table: NDArray[Any]) -> Array:
    """Add up all but the replications."""
    total: Array = table.reshape(len(table), -1).sum(axis=1, dtype=np.float64)
    return total


@dataclass(frozen=True, slots=True)
class Measure:
    """One published kind of number.

    Attributes:
        id: its name in tables and on the command line.
        label: what a chart calls it.
        unit: "children", "per year", "%", "£ million a year", ...
        group: the part of the system it belongs to.
        of: the number from a year, one for each replication.
        scales: whether it grows with the authority, so that it can be scaled to England.
        headline: whether it stands in the table that ends a run.
        definition: the counting rule, and the return it matches.
    """

    id: str
    label: str
    unit: str
    group: str
    of: Callable[[Year], Array]
    scales: bool
    headline: bool
    definition: str


def ratio(part: Array, whole: Array, scale: float = 100.0) -> Array:
    """Return part / whole x scale; not a number where the whole is nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, scale * part / whole, np.nan)


_ALL: list[Measure] = []
#: Units, besides shares, that don't grow with the authority.
_RATES = ("ratio", "children per worker", "cases per worker", "days")


def _add(
    id: str,
    label: str,
    unit: str,
    group: str,
    of: Callable[[Year], Array],
    definition: str,
    *,
    headline: bool = False,
) -> None:
    scales = not (unit.startswith("%") or unit in _RATES)
    _ALL.append(Measure(id, label, unit, group, of, scales, headline, definition))


def _flow(id: str, label: str, group: str, *columns: int, definition: str, headline: bool = False) -> None:
    _add(id, label, "per year", group, lambda year: year.count(*columns), definition, headline=headline)


def _stock(id: str, label: str, group: str, *columns: int, definition: str, headline: bool = False) -> None:
    _add(id, label, "children", group, lambda year: year.stock(*columns), definition, headline=headline)


def _share(id: str, label: str, of_what: str, group: str, part: int, whole: int, definition: str, **more: bool) -> None:
    _add(
        id, label, f"% of {of_what}", group, lambda year: ratio(year.count(part), year.count(whole)), definition, **more
    )


def _bands(
    id: str, label: str, unit: str, group: str, labels: list[str], first: int, table: str, definition: str
) -> None:
    """Add one share for each band of a wide record."""
    every = [first + place for place in range(len(labels))]
    for place, band in enumerate(labels):

        def of(year: Year, column: int = first + place) -> Array:
            take = getattr(year, table)
            return ratio(take(column), take(*every))

        _add(f"{id}_{place + 1}", f"{label}: {band}", unit, group, of, definition)


_DEMAND, _NEED, _ASSESSMENT = "demand", "children in need", "assessment"
_PROTECTION, _CARE, _PLACEMENT = "protection", "care", "placements"
_LENGTHS = [label for label, _ in DURATION_BANDS]

_flow("contacts", "Initial contacts", _DEMAND, Count.CONTACT, definition="Contacts, one for each child (ADCS)")
_flow(
    "referrals",
    "Referrals",
    _DEMAND,
    Count.REFERRAL,
    definition="Referrals of children with no open case (table C1)",
    headline=True,
)
_share(
    "re_referrals",
    "Re-referrals within 12 months",
    "referrals",
    _DEMAND,
    Count.RE_REFERRAL,
    Count.REFERRAL,
    "Referrals within 12 months of the child's previous one (table C1)",
    headline=True,
)
_share(
    "referrals_no_action",
    "Referrals with no further action",
    "referrals",
    _DEMAND,
    Count.REFERRAL_NO_ACTION,
    Count.REFERRAL,
    "Closed at once (table C1)",
)
_share(
    "referrals_not_in_need",
    "Referrals assessed, not in need",
    "referrals",
    _DEMAND,
    Count.NOT_IN_NEED,
    Count.REFERRAL,
    "Assessed in the year and found not in need (table C1)",
)
_flow(
    "early_help_started",
    "Early help cases started",
    "early help",
    Count.EARLY_HELP_STARTED,
    definition="Children for whom an early help case starts; nobody publishes the number",
)
_stock(
    "early_help_waiting",
    "Waiting for early help",
    "early help",
    Stock.EARLY_HELP_WAITING,
    definition="Children whose family waits for a place on 31 March",
)
_flow(
    "early_help_unmet",
    "Early help asked for and not received",
    "early help",
    Count.EARLY_HELP_UNMET,
    definition="Children whose family gave up waiting",
)
_share(
    "early_help_effective",
    "Early help cases effectively planned",
    "cases",
    "early help",
    Count.EARLY_HELP_WORKED,
    Count.EARLY_HELP_STARTED,
    "Cases with effective planning, whose circumstances improve (report, paragraph 47)",
)
_stock(
    "children_in_need",
    "Children in need",
    _NEED,
    Stock.IN_NEED,
    definition="Open cases on 31 March: in assessment, in need, on plans, looked after, care leavers (table B1)",
    headline=True,
)
_flow(
    "need_started",
    "Episodes of need started",
    _NEED,
    Count.NEED_STARTED,
    definition="Counted when need is found (table B1)",
)
_flow("need_ended", "Episodes of need ended", _NEED, Count.NEED_ENDED, definition="Episodes closed (table B1)")
_add(
    "need_any_point",
    "Children in need at any point",
    "episodes",
    _NEED,
    lambda year: year.before.stock(Stock.IN_NEED) + year.count(Count.NEED_STARTED),
    "Opening stock and episodes started in the year (table B1)",
)
_stock(
    "awaiting_assessment",
    "Awaiting assessment",
    _NEED,
    Stock.AWAITING,
    definition="Referred, no section 47 enquiry begun, and no result of an assessment yet (table B1)",
)
_bands(
    "need_ended_length",
    "Episodes of need ended",
    "% of episodes ended",
    _NEED,
    _LENGTHS,
    Count.NEED_ENDED_BAND,
    "count",
    "Length from referral to closing (table B5)",
)
_bands(
    "need_open_length",
    "Open episodes of need",
    "% of open episodes",
    _NEED,
    _LENGTHS,
    Census.NEED_OPEN_BAND,
    "census",
    "Length from referral to 31 March (table B4)",
)
_share(
    "assessed_in_time",
    "Assessments within 45 working days",
    "continuous assessments",
    _ASSESSMENT,
    Count.ASSESSED_IN_TIME,
    Count.ASSESSED_CONTINUOUS,
    "Continuous assessments only (table C2)",
    headline=True,
)
_flow(
    "enquiries",
    "Section 47 enquiries",
    _PROTECTION,
    Count.ENQUIRY,
    definition="Enquiries started (table C4)",
    headline=True,
)
_flow(
    "conferences",
    "Initial child protection conferences",
    _PROTECTION,
    Count.CONFERENCE,
    definition="Conferences held (table C4)",
)
_share(
    "conferences_in_time",
    "Conferences within 15 working days",
    "conferences",
    _PROTECTION,
    Count.CONFERENCE_IN_TIME,
    Count.CONFERENCE,
    "From the strategy discussion (table C4)",
    headline=True,
)
_flow(
    "plans_started",
    "Child protection plans started",
    _PROTECTION,
    Count.PLAN_STARTED,
    definition="Plans started (table D1)",
    headline=True,
)
_stock(
    "plans",
    "Child protection plans",
    _PROTECTION,
    Stock.PLAN,
    definition="Children subject to a plan on 31 March (table D1)",
    headline=True,
)
_flow("plans_ended", "Child protection plans ended", _PROTECTION, Count.PLAN_ENDED, definition="Plans ended (table D1)")
_share(
    "plans_repeat",
    "Second or subsequent plans",
    "plans started",
    _PROTECTION,
    Count.PLAN_REPEAT,
    Count.PLAN_STARTED,
    "Plans started of children who had one before, at any time (table D3)",
    headline=True,
)
_bands(
    "plan_ended_length",
    "Plans ended",
    "% of plans ended",
    _PROTECTION,
    _LENGTHS,
    Count.PLAN_ENDED_BAND,
    "count",
    "Length of plans that ended (table D7)",
)
_bands(
    "plan_open_length",
    "Open plans",
    "% of open plans",
    _PROTECTION,
    _LENGTHS,
    Census.PLAN_OPEN_BAND,
    "census",
    "Length so far of plans open on 31 March (table D5)",
)
_add(
    "plans_reviewed",
    "Plans reviewed in time",
    "% of plans open 3 months or more",
    _PROTECTION,
    lambda year: ratio(year.census(Census.PLAN_REVIEWED), year.census(Census.PLAN_REVIEWABLE)),
    "Open three months or more on 31 March, no review of the year late (table D6)",
)
_stock(
    "looked_after",
    "Children looked after",
    _CARE,
    Stock.CARE,
    definition="Looked after on 31 March, respite left out (SSDA903)",
    headline=True,
)
_flow(
    "care_started",
    "Starting to be looked after",
    _CARE,
    Count.CARE_STARTED,
    definition="Periods of being looked after that start (SSDA903)",
    headline=True,
)
_bands(
    "care_started_age",
    "Starting to be looked after, aged",
    "% of starts",
    _CARE,
    [label for label, _, _ in AGE_BANDS],
    Count.CARE_STARTED_AGE,
    "count",
    "Age at the start of the period (SSDA903)",
)
_flow(
    "care_ended",
    "Ceasing to be looked after",
    _CARE,
    Count.CARE_ENDED,
    definition="Periods of being looked after that end (SSDA903)",
    headline=True,
)
_add(
    "care_any_time",
    "Looked after at any time in the year",
    "children",
    _CARE,
    lambda year: year.census(Census.CARE_ANY_TIME) + year.count(Count.CARE_IN_YEAR),
    "Children, each once (SSDA903)",
)
_add(
    "left_under_2_weeks",
    "Left care within 2 weeks",
    "% of leavers",
    _CARE,
    lambda year: ratio(year.count(Count.CARE_ENDED_BAND), year.count(Count.CARE_ENDED)),
    "Of those ceasing in the year, time in care (SSDA903)",
)
_add(
    "left_under_1_year",
    "Left care within a year",
    "% of leavers",
    _CARE,
    lambda year: ratio(year.count(Count.CARE_ENDED_BAND, Count.CARE_ENDED_BAND + 1), year.count(Count.CARE_ENDED)),
    "Of those ceasing in the year, time in care (SSDA903)",
)
_add(
    "left_5_to_10_years",
    "Left care after 5 to 10 years",
    "% of leavers",
    _CARE,
    lambda year: ratio(year.count(Count.CARE_ENDED_BAND + 4), year.count(Count.CARE_ENDED)),
    "Of those ceasing in the year, time in care (SSDA903)",
)
_share(
    "left_home",
    "Returned home from care",
    "leavers",
    _CARE,
    Count.LEFT_HOME,
    Count.CARE_ENDED,
    "To parents or relatives (SSDA903; report, paragraph 73)",
    headline=True,
)
_flow("adoptions", "Adoptions", _CARE, Count.LEFT_ADOPTION, definition="Adopted from care (SSDA903)", headline=True)
_bands(
    "adopted_age",
    "Age at adoption",
    "% of adoptions",
    _CARE,
    ["under 1", "1", "2 to 5", "over 5"],
    Count.ADOPTED_AGE,
    "count",
    "Completed years at the adoption order (report, paragraph 77)",
)
_bands(
    "looked_after_age",
    "Looked after, aged",
    "% of children looked after",
    _CARE,
    [label for label, _, _ in AGE_BANDS],
    Census.CARE_AGE,
    "census",
    "Age on 31 March (SSDA903; report, paragraph 39)",
)
_add(
    "back_in_care",
    "Back in care within 5 years of going home",
    "% of returns home",
    _CARE,
    lambda year: ratio(year.census(Census.HOME_COHORT_BACK), year.census(Census.HOME_COHORT)),
    "Of children who went home in the year five years before (DfE cohort of 2006-07)",
    headline=True,
)
_add(
    "fostered",
    "Fostered",
    "children",
    _PLACEMENT,
    lambda year: year.stock(*(Stock.PLACED + place for place in (0, 1, 2))),
    "With own carers, agency carers, relatives or friends on 31 March (report, paragraph 74)",
    headline=True,
)
_stock(
    "childrens_homes",
    "In children's homes",
    _PLACEMENT,
    Stock.PLACED + Placement.CHILDRENS_HOME,
    definition="On 31 March (report, paragraph 83)",
    headline=True,
)
_stock(
    "placed_for_adoption",
    "Placed for adoption",
    _PLACEMENT,
    Stock.PLACED + Placement.FOR_ADOPTION,
    definition="On 31 March (SSDA903)",
)
_stock(
    "placed_with_parents",
    "Placed with parents",
    _PLACEMENT,
    Stock.PLACED + Placement.WITH_PARENTS,
    definition="Under a care order, on 31 March (SSDA903)",
)
_stock(
    "agency_fostered",
    "Fostered by agency carers",
    _PLACEMENT,
    Stock.PLACED + Placement.FOSTER_AGENCY,
    definition="With carers of an independent fostering agency, on 31 March",
)
_add(
    "three_placements",
    "Three or more placements in the year",
    "% of children looked after",
    _PLACEMENT,
    lambda year: ratio(year.census(Census.CARE_THREE_PLACEMENTS), year.stock(Stock.CARE)),
    "Of children looked after on 31 March (SSDA903; report, paragraph 40)",
    headline=True,
)
_add(
    "left_5_placements",
    "Left after five or more placements",
    "% of leavers",
    _PLACEMENT,
    lambda year: ratio(
        year.count(Count.CARE_ENDED_MOVES + 1, Count.CARE_ENDED_MOVES + 2), year.count(Count.CARE_ENDED)
    ),
    "Placements in the period that ended (report, paragraph 40)",
)
_add(
    "left_10_placements",
    "Left after ten or more placements",
    "% of leavers",
    _PLACEMENT,
    lambda year: ratio(year.count(Count.CARE_ENDED_MOVES + 2), year.count(Count.CARE_ENDED)),
    "Placements in the period that ended (report, paragraph 40)",
)
_add(
    "homes_away",
    "Children's home over 20 miles away",
    "% of children's home residents",
    _PLACEMENT,
    lambda year: ratio(year.census(Census.HOME_AWAY), year.stock(Stock.PLACED + Placement.CHILDRENS_HOME)),
    "Distance from the family home (report, paragraph 83)",
)
_flow(
    "care_applications",
    "Care applications",
    "court",
    Count.APPLICATION,
    definition="Applications to court, one for a family (Cafcass)",
)
_flow(
    "missing_episodes",
    "Missing episodes",
    "missing",
    Count.MISSING,
    definition="Episodes of going missing from care",
)
_share(
    "interviewed",
    "Return interviews within 72 hours",
    "missing episodes",
    "missing",
    Count.INTERVIEWED,
    Count.MISSING,
    "Held within 72 hours of the return",
)
_stock(
    "care_leavers",
    "Care leavers supported",
    "leaving care",
    Stock.LEAVER,
    definition="Open cases of care leavers aged 18 to 25 on 31 March",
)
_bands(
    "leavers_19",
    "Care leavers aged 19",
    "% of care leavers reaching 19",
    "leaving care",
    LeaverActivity.words.labels(),
    Count.LEAVER_ACTIVITY,
    "count",
    "Main activity at 19 (SSDA903; report, paragraph 89)",
)

_WORKFORCE = "workforce"
_add(
    "social_workers",
    "Social workers in post",
    "full-time equivalents",
    _WORKFORCE,
    lambda year: year.stock(Stock.IN_POST),
    "In post on 31 March (report, paragraph 99)",
    headline=True,
)
_add(
    "vacancy_rate",
    "Vacant posts",
    "% of posts",
    _WORKFORCE,
    lambda year: ratio(year.stock(Stock.POSTS) - year.stock(Stock.IN_POST), year.stock(Stock.POSTS)),
    "Posts without a worker of the authority's own on 31 March, whether or not covered by an agency",
    headline=True,
)
_add(
    "turnover",
    "Social workers leaving",
    "% of those in post",
    _WORKFORCE,
    lambda year: ratio(year.count(Count.STAFF_LEFT), year.month_mean(Stock.IN_POST)),
    "Leavers in the year over the mean number in post (DfE workforce statistics)",
)
_add(
    "agency_workers",
    "Agency social workers",
    "full-time equivalents",
    _WORKFORCE,
    lambda year: year.stock(Stock.AGENCY_WORKERS),
    "Covering vacant posts on 31 March",
)
_add(
    "need_per_worker",
    "Children in need for each social worker",
    "children per worker",
    _WORKFORCE,
    lambda year: ratio(year.stock(Stock.IN_NEED), year.stock(Stock.IN_POST), 1.0),
    "Children in need over workers in post on 31 March (DfE workforce statistics)",
)
_add(
    "caseload",
    "Cases for each worker there",
    "cases per worker",
    _WORKFORCE,
    lambda year: ratio(
        year.month_mean(Stock.IN_NEED) - year.month_mean(Stock.LEAVER, Stock.UNALLOCATED),
        year.month_mean(Stock.IN_POST, Stock.AGENCY_WORKERS),
        1.0,
    ),
    "Allocated cases over workers in post and agency workers, mean of the month ends",
    headline=True,
)
_add(
    "workload",
    "Hours the work needs",
    "% of hours there are",
    _WORKFORCE,
    lambda year: ratio(year.count(Count.HOURS_WANTED), year.count(Count.HOURS_SUPPLIED)),
    "Hours for each activity are judgements (register P089 to P096); above 100 everything slows",
    headline=True,
)
_stock(
    "unallocated",
    "Cases without a worker",
    _WORKFORCE,
    Stock.UNALLOCATED,
    definition="Referred children waiting for a worker with room on 31 March",
    headline=True,
)
_stock(
    "unallocated_long",
    "Cases without a worker for over four weeks",
    _WORKFORCE,
    Stock.UNALLOCATED_LONG,
    definition="Of them, those whose referral is more than four weeks old",
)
_add(
    "allocation_wait",
    "Mean wait for a worker",
    "days",
    _WORKFORCE,
    lambda year: ratio(year.count(Count.UNALLOCATED_DAYS), year.count(Count.ASSESSMENT_STARTED), 1.0),
    "Child-days without a worker over assessments begun",
)
_share(
    "visits_missed",
    "Visits missed or late",
    "visits due",
    _WORKFORCE,
    Count.VISIT_MISSED,
    Count.VISIT_DUE,
    "For want of hours: every ten working days on a protection plan, every six weeks otherwise",
)
_add(
    "first_choice_full",
    "Placements made where the first choice was full",
    "% of placements made",
    _PLACEMENT,
    lambda year: ratio(year.count(Count.PLACED_FIRST_FULL), year.count(Count.CARE_STARTED, Count.MOVE)),
    "Of starts and moves, those for which the type wanted had no place",
)
_stock(
    "proceedings",
    "Care applications before the court",
    "court",
    Stock.PROCEEDINGS,
    definition="Open on 31 March (Cafcass)",
)

_CARE_LINES = (SpendLine.FOSTERING, SpendLine.RESIDENTIAL, SpendLine.CARE_OTHER)
_INTERVENTION = (*_CARE_LINES, SpendLine.SOCIAL_WORK, SpendLine.INTERVENTION_OTHER)
for _id, _label, _lines, _headline in (
    ("spend_looked_after", "Spend on children looked after", _CARE_LINES, True),
    ("spend_fostering", "Spend on fostering", (SpendLine.FOSTERING,), False),
    ("spend_residential", "Spend on residential care", (SpendLine.RESIDENTIAL,), False),
    ("spend_social_work", "Spend on social work", (SpendLine.SOCIAL_WORK,), False),
    ("spend_residual", "Other intervention (residual)", (SpendLine.INTERVENTION_OTHER,), False),
    ("spend_intervention", "Spend on intervention", _INTERVENTION, True),
    ("spend_prevention", "Spend on prevention", (SpendLine.PREVENTION,), False),
):
    _add(
        _id,
        _label,
        "£ million a year",
        "spend",
        lambda year, lines=_lines: year.spend(*lines),  # type: ignore[misc]
        "Section 251 outturn lines, as the report groups them (paragraphs 42 to 53)",
        headline=_headline,
    )
_add(
    "reactive_ratio",
    "Reactive spend for each £1 of prevention",
    "ratio",
    "spend",
    lambda year: ratio(year.spend(*_INTERVENTION), year.spend(SpendLine.PREVENTION), 1.0),
    "Intervention over prevention (report, paragraphs 4 and 53)",
    headline=True,
)
_add(
    "spend_agency",
    "Spend on agency social workers",
    "£ million a year",
    "spend",
    lambda year: year.spend_on(SpendCause.AGENCY),
    "Part of the social work line, premium included",
)
_add(
    "reserves",
    "Reserves",
    "£ million",
    "spend",
    lambda year: year.stock(Stock.RESERVES) / 1e6,
    "On 31 March, after the year's underspend or overspend; below nothing, overspends nobody has paid for",
)
for _id, _label, _of in (
    ("referrals", "Growth of referrals", lambda year: year.count(Count.REFERRAL)),
    ("enquiries", "Growth of section 47 enquiries", lambda year: year.count(Count.ENQUIRY)),
    ("plans", "Growth of child protection plans", lambda year: year.stock(Stock.PLAN)),
    ("children_in_need", "Growth of children in need", lambda year: year.stock(Stock.IN_NEED)),
    ("looked_after", "Growth of children looked after", lambda year: year.stock(Stock.CARE)),
    ("care_started_16", "Growth of care starts aged 16 and over", lambda year: year.count(Count.CARE_STARTED_AGE + 4)),
):
    _add(
        f"growth_{_id}",
        _label,
        "% on the year before",
        "growth",
        lambda year, of=_of: ratio(of(year) - of(year.before), of(year.before)),  # type: ignore[misc]
        "This year over the year before, less one",
    )

MEASURES: dict[str, Measure] = {measure.id: measure for measure in _ALL}


def headline_measures() -> list[Measure]:
    return [measure for measure in MEASURES.values() if measure.headline]
