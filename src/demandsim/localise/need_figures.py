"""Referrals, children in need, enquiries and plans, counted as the statistics of children in need count them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from demandsim.localise.care_figures import Care
from demandsim.localise.case import Case, Plan
from demandsim.localise.figures import Counter
from demandsim.localise.periods import Period
from demandsim.localise.quality import Quality
from demandsim.localise.rules import codes
from demandsim.localise.years import birthday, calendar_around, closes, opens, working_days
from demandsim.vocabulary import ASSESSMENT_LIMIT, CONFERENCE_LIMIT, DURATION_BANDS

_YEAR = 365
_GROWN, _BY_A_DAY = 18, timedelta(days=1)
#: A child that comes alone is referred on the day, or some days before it is looked after.
_AS_IT_CAME = timedelta(days=7)
#: Reviews are due within three months, then every six: as many days as those can have.
_FIRST_REVIEW, _LATER_REVIEW = 92, 184
_BANDS = len(DURATION_BANDS)
_RULE = "children in need census: "
_WORDS = "children in need census, referrals and cases"


class Need:
    """Cases of children in need.

    Args:
        cases: each once, in order of time.
        returns: years of which there are censuses.
        births: dates of birth, as far as they are known.
        care: children looked after, if there are returns of them.

    Attributes:
        from_outside: the cases that opened so: they are no referral of a family here, which is what demand is.
        referrals: the others.
    """

    def __init__(
        self,
        cases: Sequence[Case],
        returns: Collection[int],
        births: Mapping[str, date] | None = None,
        care: Care | None = None,
    ) -> None:
        self.cases, self.returns, self._births = list(cases), sorted(returns), births or {}
        self._in_care = defaultdict[str, list[Period]](list)
        for period in care.periods if care else ():
            self._in_care[period.child].append(period)
        came = care.from_outside() if care else {}
        self.from_outside = [one for one in self.cases if _came(one, came.get(one.child, ()))]
        apart = {id(one) for one in self.from_outside}
        self.referrals = [one for one in self.cases if id(one) not in apart]

    def referred(self, year: int) -> list[Case]:
        return [one for one in self.referrals if opens(year) <= one.referred < closes(year)]

    def closed(self, year: int) -> list[Case]:
        return [
            one
            for one in self.cases
            if not (one.no_action or one.vanished) and one.closed and opens(year) <= one.closed < closes(year)
        ]

    def grew_up_first(self, case: Case) -> bool:
        """Return whether a child turned 18 before anybody had come to a result about its needs.

        Of a case from before the first census that is not known, nor of one that went on for a year without any.
        """
        born, closed = self._births.get(case.child), case.closed
        if born is None or closed is None or case.weighed_up or closed - case.referred >= timedelta(days=_YEAR):
            return False
        if any(one.start <= closed and (one.end or date.max) >= case.referred for one in self._in_care[case.child]):
            return False
        whole = bool(self.returns) and case.referred >= opens(self.returns[0])
        return whole and abs(closed - birthday(born, _GROWN)) <= _BY_A_DAY

    def open(self, year: int) -> list[Case]:
        """Return the cases open on 31 March."""
        after = closes(year)
        return [
            one
            for one in self.cases
            if not one.no_action and one.referred < after and (one.closed is None or one.closed >= after)
        ]


def _came(case: Case, starts: Sequence[date]) -> bool:
    """Return whether a case opened as the child came into care, or within the week before."""
    return any(timedelta() <= start - case.referred <= _AS_IT_CAME for start in starts)


def _is_in(day: date | None, year: int) -> bool:
    return day is not None and opens(year) <= day < closes(year)


def _band(days: int) -> int:
    return next(place for place, (_, end) in enumerate(DURATION_BANDS) if days < end)


@dataclass(frozen=True, slots=True)
class Given:
    """What the census of a year holds: of a table or a column that is not there nothing is counted, not even none.

    Attributes:
        tables: names of its tables in the rules.
        columns: of referrals and cases, those with anything in them.
    """

    tables: frozenset[str]
    columns: frozenset[str]


def count_need(need: Need, counter: Counter, quality: Quality, given: Given) -> None:
    """Count a year of the children in need census."""
    year, in_need = counter.year, codes("need")
    referred, closed, running = need.referred(year), need.closed(year), need.open(year)
    counter.count("referrals", len(referred), _RULE + "referrals in the year of children without an open case")
    if "referralnfa" in given.columns:
        no_action = sum(one.no_action for one in referred)
        counter.share("referrals_no_action", no_action, len(referred), _RULE + "ReferralNFA")
    if year - 1 in need.returns:
        _count_re_referrals(need, referred, counter)
    else:
        quality.note(counter.sources[-1].file, _WORDS, "no_year_before")
    counter.count("children_in_need", len(running), _RULE + "open on 31 March, without further action left out")
    if "reasonforclosure" in given.columns:
        not_found = sum(one.reason in in_need["not_in_need"] for one in closed)
        counter.share("referrals_not_in_need", not_found, len(referred), _RULE + "closed with RC8, of referrals")
        ended = [one for one in closed if one.reason not in (*in_need["not_in_need"], *in_need["early_help"])]
        ended = [one for one in ended if not need.grew_up_first(one)]
        rule = "closed in the year, RC8, RC9 and those grown up before any result left out"
        counter.count("need_ended", len(ended), _RULE + rule)
        lengths = [_band((one.closed - one.referred).days) for one in ended if one.closed]
        counter.shares("need_ended_length", lengths, _BANDS, _RULE + "from referral to closing")
    so_far = [_band((closes(year) - one.referred).days) for one in running]
    counter.shares("need_open_length", so_far, _BANDS, _RULE + "from referral to 31 March")
    _count_assessments(need, counter, quality)
    if "need_enquiries" in given.tables:
        _count_enquiries(need, counter, quality, "dateofinitialcpc" in given.columns)
    if "need_plans" in given.tables:
        _count_plans(need, counter, "need_reviews" in given.tables)
    _tally_demand(referred, counter)


def _count_re_referrals(need: Need, referred: Sequence[Case], counter: Counter) -> None:
    before: dict[str, list[date]] = defaultdict(list)
    for case in need.referrals:
        before[case.child].append(case.referred)
    again = sum(
        any(timedelta() < case.referred - other <= timedelta(days=_YEAR) for other in before[case.child])
        for case in referred
    )
    counter.share("re_referrals", again, len(referred), _RULE + "within 12 months of the child's previous referral")


def _count_assessments(need: Need, counter: Counter, quality: Quality) -> None:
    year, calendar = counter.year, calendar_around(counter.year)
    took = [
        working_days(calendar, case.referred, end)
        for case in need.cases
        for _, end in case.assessments
        if end and _is_in(end, year)
    ]
    for case in need.cases:
        waiting = sum(end is None and _is_in(start, year) for start, end in case.assessments)
        if waiting:
            quality.note(case.file, "children in need census, assessments", "not_authorised", rows=waiting)
    in_time = sum(days <= ASSESSMENT_LIMIT for days in took)
    rule = _RULE + "authorised within 45 working days of the referral"
    counter.share("assessed_in_time", in_time, len(took), rule)
    initial = sum(_is_in(end, year) for case in need.cases for _, end in case.initial)
    counter.share(
        "local_continuous", len(took), len(took) + initial, _RULE + "continuous assessments, of all completed"
    )
    if took:
        counter.count("local_assessments", len(took), _RULE + "assessments authorised")
        counter.count(
            "local_assessment_days", median(took), _RULE + "median of working days from referral to authorisation"
        )


def _count_enquiries(need: Need, counter: Counter, quality: Quality, with_conferences: bool) -> None:
    year, calendar = counter.year, calendar_around(counter.year)
    begun, held, took, without = 0, 0, [], 0
    for case in need.cases:
        dated = {conference for _, conference in case.enquiries if conference}
        for start, conference in case.enquiries:
            begun += _is_in(start, year)
            if conference and _is_in(conference, year):
                took.append(working_days(calendar, start, conference))
            elif conference is None and _is_in(start, year):
                without += 1
        # A conference may stand at the case, at the enquiry or at both.
        held += sum(_is_in(day, year) for day in case.conferences if day not in dated)
    if without:
        table = "children in need census, section 47 enquiries"
        quality.note(counter.sources[-1].file, table, "no_conference", rows=without)
    counter.count("enquiries", begun, _RULE + "S47ActualStartDate in the year")
    if not with_conferences:
        return
    counter.count("conferences", held + len(took), _RULE + "DateOfInitialCPC in the year")
    in_time = sum(days <= CONFERENCE_LIMIT for days in took)
    counter.share(
        "conferences_in_time", in_time, len(took), _RULE + "within 15 working days of the strategy discussion"
    )


def _count_plans(need: Need, counter: Counter, with_reviews: bool) -> None:
    year, plans = counter.year, [plan for case in need.cases for plan in case.plans]
    after = closes(year)
    begun = [one for one in plans if _is_in(one.start, year)]
    ended = [one for one in plans if _is_in(one.end, year) and not one.vanished]
    running = [one for one in plans if one.start < after and (one.end is None or one.end >= after)]
    counter.count("plans_started", len(begun), _RULE + "CPPstartDate in the year")
    counter.count("plans_ended", len(ended), _RULE + "CPPendDate in the year")
    counter.count("plans", len(running), _RULE + "plans open on 31 March")
    known = [one for one in begun if one.before is not None]
    counter.share(
        "plans_repeat", sum((one.before or 0) > 0 for one in known), len(known), _RULE + "NumberOfPreviousCPP"
    )
    lengths = [_band((one.end - one.start).days) for one in ended if one.end]
    counter.shares("plan_ended_length", lengths, _BANDS, _RULE + "from start to end of the plan")
    so_far = [_band((after - one.start).days) for one in running]
    counter.shares("plan_open_length", so_far, _BANDS, _RULE + "from start to 31 March")
    old = [one for one in running if (after - one.start).days >= _FIRST_REVIEW]
    in_time = sum(not _is_late(one, year) for one in old)
    if with_reviews:
        counter.share(
            "plans_reviewed", in_time, len(old), _RULE + "open three months or more, no review of the year late"
        )


def _is_late(plan: Plan, year: int) -> bool:
    """Return whether a review due in the year was not held by then."""
    reviews = sorted(plan.reviews)
    limits = (_FIRST_REVIEW, *(_LATER_REVIEW for _ in reviews))
    for before, limit, held in zip((plan.start, *reviews), limits, (*reviews, None), strict=True):
        due = before + timedelta(days=limit)
        if opens(year) <= due < closes(year) and (held is None or held > due):
            return True
    return False


def _tally_demand(referred: Sequence[Case], counter: Counter) -> None:
    months = [(one.referred.month - 4) % 12 for one in referred]
    counter.tally("referral_months", months, 12, _RULE + "referrals by month")
    for name, code, of in (
        ("referral_sources", "sources", [one.source for one in referred]),
        ("referral_needs", "needs", [one.need for one in referred if not one.no_action]),
    ):
        groups: list[list[str]] = codes("need")[code]
        place = {label: number for number, group in enumerate(groups) for label in group}
        counter.tally(name, [place[label] for label in of if label in place], len(groups), _RULE + f"{name} by code")
