"""Counts of a year from spells, part by part. A pair is a least and a most, where a day of birth leaves that open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from recount import (
    ADOPTION_AGES,
    CARE_AGES,
    CARE_LENGTHS,
    DURATIONS,
    FIVE_YEARS,
    HAIR,
    LENGTHS,
    PLACEMENTS,
    QUARTER,
    START,
    WEEK,
    YEAR,
    Spell,
    Year,
    ages,
    band,
    banded,
    by_age,
    day_of,
    number_in,
    working_days,
)

Found = dict[str, int | tuple[int, int]]
#: Ways of leaving care, as the tables call them and as spells do.
ROUTES = {
    "home": ("home",),
    "adoption": ("adoption",),
    "guardianship": ("guardianship", "special guardianship"),
    "special_guardianship": ("special guardianship",),
    "other": ("other",),
    "eighteen": ("eighteenth birthday",),
}
OUTSIDE = ("remand", "unaccompanied")
BASES = ("voluntary (section 20)", "emergency", "care proceedings", *OUTSIDE)
NEEDS = (
    "abuse or neglect",
    "child's disability or illness",
    "family stress or dysfunction",
    "socially unacceptable behaviour",
    "absent parenting, other or not stated",
)


def by_need(name: str, spells: Iterable[Spell]) -> dict[str, int]:
    """Return how many spells are of children of each primary need."""
    found = Counter(one.need for one in spells)
    return {f"{name}: {need}": found[need] for need in NEEDS}


def demand(year: Year) -> Found:
    """Contacts, referrals and early help."""
    spells = year.spells
    contacts, referrals = year.started("contact"), year.started("referral")
    results = Counter(one.ended_by for one in referrals)
    help = year.started("early help")
    again = sum(any(0 < one.start - end < YEAR for end in spells.closings.get(one.child, ())) for one in contacts)
    again_referred = sum(
        any(one.start - other.start <= YEAR for other in spells.before("referral", one)) for one in referrals
    )
    asked = [one for one in contacts if one.ended_by == "early help"]
    stepped_down = [one for one in year.ended("episode of need") if one.ended_by == "early help"]
    return {
        "contacts": len(contacts),
        "contacts_no_action": sum(one.ended_by == "no further action" for one in contacts),
        "contacts_again": again,
        "referrals": len(referrals),
        "re_referrals": again_referred,
        "referrals_no_further_action": results["no further action"],
        "referrals_to_assessment": results["assessment"],
        "referrals_to_enquiry": results["section 47 enquiry"],
        "referrals_to_care": results["looked after"],
        "early_help_asked": len(asked) + len(stepped_down),
        "early_help_started": len(help),
        "at end: early_help_cases": _places_in_use(year),
        "early_help_effective": sum(one.detail == "effectively planned" for one in help),
        **_referred_again(year),
    }


def _years_before(year: Year, number: int) -> Year:
    return Year(year.spells, START.year + round(year.opens / YEAR) - number)


def _again(year: Year, child: int, moment: float, days: float) -> bool:
    """Return whether a child is referred again within so many days of a moment."""
    return any(0 < one.start - moment <= days for one in year.spells.by_child["referral"].get(child, []))


def _referred_again(year: Year) -> Found:
    """Who was referred in a year, or had a case closed without long-term work, and is referred again."""
    first = {one.child: one.start for one in reversed(_years_before(year, 4).started("referral"))}
    then = _years_before(year, 3)
    closed = [(one.child, one.start) for one in then.started("referral") if one.ended_by == "no further action"]
    closed += [
        (one.child, one.end or 0.0)
        for one in then.ended("episode of need")
        if one.ended_by in ("not in need", "early help")
    ]
    return {
        "on 31 March: referred_4": len(first),
        "on 31 March: referred_4_back": sum(
            _again(year, child, start, year.high - start) for child, start in first.items()
        ),
        "on 31 March: closed_short_3": len(closed),
        "on 31 March: closed_short_3_back": sum(_again(year, child, end, 2.25 * YEAR) for child, end in closed),
    }


def firsts(year: Year) -> Found:
    """What happens to children for the first time; of whole childhoods only in late years."""
    spells = year.spells
    outside = {one.child for one in spells.of["looked after"] if one.basis in OUTSIDE}

    def first(kind: str, *without: str) -> int:
        moments: dict[int, float] = {}
        for one in spells.of[kind]:
            if one.ended_by not in without and one.child not in outside:
                moments.setdefault(one.child, one.start)
        return sum(year.holds(moment) for moment in moments.values())

    plans = year.started("child protection plan")
    return {
        "on 31 March: first_referred": first("referral"),
        "on 31 March: first_assessed": first("referral", "no further action"),
        "on 31 March: first_in_need": first("need found"),
        "on 31 March: first_plan": sum(number_in(one.detail) == 1 for one in plans),
    }


def _places_in_use(year: Year) -> int:
    """Return how many have early help at the year's end, whose places the weekly panel frees in whole weeks."""
    every = year.spells.of["early help"]
    lengths = {round(one.length, 6) for one in every if one.end is not None}
    (length,) = lengths
    panel = year.high - (year.high - every[0].start) % WEEK
    weeks = max(1, round(length / WEEK))
    return sum(panel - WEEK * weeks + HAIR < one.start < year.high for one in every)


def _waits_for_result(year: Year, case: Spell) -> bool:
    """Return whether an open case still waits for the result of an assessment on 31 March."""
    spells = year.spells
    results = [one.ended_by for one in spells.by_child["referral"].get(case.child, []) if one.start == case.start]
    finished = [one.end for one in spells.by_child["assessment"].get(case.child, []) if one.end is not None]
    more = [
        one.start for kind in ("section 47 enquiry", "looked after") for one in spells.inside(kind, case, year.high)
    ]
    return results == ["assessment"] and not more and not any(case.start <= end < year.high for end in finished)


def _in_time(year: Year, assessment: Spell) -> bool:
    """Return whether an assessment was completed within 45 working days of its referral."""
    referral = year.spells.up_to("referral", assessment)[-1]
    assert assessment.end is not None
    return working_days(referral.start, assessment.end) <= 45


def need(year: Year) -> Found:
    """Assessments and episodes of need."""
    spells = year.spells
    cases, closed = year.open("episode of need"), year.ended("episode of need")
    ended = [one for one in closed if one.detail == "in need"]
    known = [one for one in cases if spells.inside("need found", one, year.high)]
    continuous = [one for one in year.ended("assessment") if one.detail == "continuous"]
    reasons = Counter(one.ended_by for one in closed)
    return {
        "cases_opened": len(year.started("episode of need")),
        "cases_closed": len(closed) + sum(one.ended_by == "no further action" for one in year.started("referral")),
        "assessed_not_in_need": reasons["not in need"],
        "assessed_early_help": reasons["early help"],
        "need_episodes_started": len(year.started("need found")),
        "need_episodes_ended": len(ended),
        **banded("need_episodes_ended", LENGTHS, (band(DURATIONS, one.length) for one in ended)),
        "assessments_started": len(year.started("assessment")),
        "continuous_assessments": len(continuous),
        "continuous_assessments_in_time": sum(_in_time(year, one) for one in continuous),
        "at end: children_in_need": len(cases),
        "at end: awaiting_assessment": sum(_waits_for_result(year, one) for one in cases),
        "on 31 March: found_in_need": len(known),
        **by_need("on 31 March: children_in_need_need", cases),
        **by_age(
            "on 31 March: children_in_need_age", CARE_AGES, (1, 5, 10, 16), (ages(one, year.high) for one in cases)
        ),
        **banded("on 31 March: children_in_need", LENGTHS, (band(DURATIONS, long) for long in year.so_far(cases))),
        "measure: need_any_point": sum(
            one.start < year.high
            and (one.end is None or one.end >= year.opens)
            and (one in cases or bool(spells.inside("need found", one, year.high)))
            for one in spells.of["episode of need"]
            if one.end is None or one.end >= year.opens
        ),
    }


def protection(year: Year) -> Found:
    """Section 47 enquiries and initial conferences."""
    spells = year.spells
    enquiries, conferences, results = (
        year.started("section 47 enquiry"),
        year.started("initial conference"),
        Counter[str](),
    )
    taken = []
    for one in conferences:
        (enquiry,) = [other for other in spells.by_child["section 47 enquiry"][one.child] if other.end == one.start]
        taken.append(working_days(enquiry.start, one.start))
    results.update(one.ended_by for one in year.started("referral"))
    return {
        "section_47_enquiries": len(enquiries),
        "concerns_on_open_cases": len(enquiries) - results["section 47 enquiry"],
        "conferences": len(conferences),
        "conferences_in_time": sum(days <= 15 for days in taken),
        "at end: in_enquiry": len(year.open("section 47 enquiry")),
    }


def _dues(year: Year, plan: Spell) -> list[tuple[float, float | None]]:
    """Return when each review of a plan was due, the last one perhaps yet to be held, and when it was held."""
    held = [
        one.start
        for one in year.spells.by_child["plan review"].get(plan.child, [])
        if plan.start <= one.start and (plan.end is None or one.start <= plan.end)
    ]
    before = [plan.start, *held]
    limits = (QUARTER, *(2 * QUARTER for _ in held))
    return [(moment + limit, when) for moment, limit, when in zip(before, limits, [*held, None], strict=True)]


def plans(year: Year) -> Found:
    """Child protection plans and their reviews."""
    spells = year.spells
    begun, ended, running = (look("child protection plan") for look in (year.started, year.ended, year.open))
    how = Counter(one.ended_by for one in ended)
    old = [one for one in running if year.high - one.start >= QUARTER]
    late = [
        one
        for one in old
        if any(year.opens <= due < year.high and (held is None or held > due + 1e-6) for due, held in _dues(year, one))
    ]
    reviews = year.started("plan review")
    held_late = [
        one
        for one in reviews
        if any(
            held == one.start and held > due + 1e-6
            for due, held in _dues(year, spells.before("child protection plan", one)[-1])
        )
    ]
    return {
        "plans_started": len(begun),
        "plans_repeat": sum(number_in(one.detail) > 1 for one in begun),
        "plans_ended": len(ended),
        **banded("plans_ended", LENGTHS, (band(DURATIONS, one.length) for one in ended)),
        "plans_stepped_down": how["child in need plan"],
        "plans_closed": how["case closed"] + how["eighteenth birthday"],
        "plans_to_care": how["looked after"],
        "plan_reviews": len(reviews),
        "plan_reviews_late": len(held_late),
        "at end: protection_plans": len(running),
        **banded("on 31 March: protection_plans", LENGTHS, (band(DURATIONS, long) for long in year.so_far(running))),
        **by_age(
            "on 31 March: protection_plans_age", CARE_AGES, (1, 5, 10, 16), (ages(one, year.high) for one in running)
        ),
        "on 31 March: plans_three_months": len(old),
        "on 31 March: plans_reviewed_in_time": len(old) - len(late),
    }


def into_care(year: Year) -> Found:
    """Starts of being looked after."""
    spells = year.spells
    begun, before = year.started("looked after"), {}
    for one in begun:
        before[one] = spells.before("looked after", one)
        assert number_in(one.detail) == len(before[one]) + 1
    basis, court = Counter(one.basis for one in begun), year.started("care proceedings")
    emergencies = {(one.child, one.start) for one in begun if one.basis == "emergency"}
    at_once = [one for one in court if (one.child, one.start) in {(other.child, other.start) for other in begun}]
    home = {
        one: [other.end for other in before[one] if other.ended_by == "home" and other.basis not in OUTSIDE]
        for one in begun
    }
    from_guardians = [
        one for one in begun if before[one] and before[one][-1].ended_by in ("guardianship", "special guardianship")
    ]
    on_plan = {(one.child, one.end) for one in year.ended("child protection plan")}
    back = [
        one
        for one in begun
        if home[one] and one.start - (home[one][-1] or 0.0) < 2 * YEAR and (one.child, one.start) not in on_plan
        if one not in from_guardians
    ]
    return {
        "care_started": len(begun),
        **by_age("care_started", CARE_AGES, (1, 5, 10, 16), (ages(one, one.start) for one in begun)),
        **by_need("care_started_need", begun),
        "care_started_newborn": _newborns(begun),
        "care_again": sum(bool(before[one]) for one in begun),
        "care_first_this_year": sum(all((other.end or 0.0) < year.opens for other in before[one]) for one in begun),
        "care_from_breakdown": len(back),
        "care_from_guardians": len(from_guardians),
        "care_emergency": basis["emergency"],
        "care_order": sum((one.child, one.start) not in emergencies for one in at_once),
        "order_later": len(court) - len(at_once),
        "care_remand": basis["remand"],
        "care_unaccompanied": basis["unaccompanied"],
        **{f"care_started_basis: {one}": basis[one] for one in BASES},
        "care_applications": len({(one.family, one.start) for one in court}),
    }


def _newborns(begun: list[Spell]) -> tuple[int, int]:
    """Return the fewest and the most that may be less than seven days old, where the day of birth may be one off."""
    days = [one.start - day_of(date.fromisoformat(one.born)) for one in begun]
    return sum(day < WEEK - 1.5 for day in days), sum(day < WEEK + 1.5 for day in days)


def out_of_care(year: Year) -> Found:
    """Ends of being looked after, and whether returns home last."""
    spells, ended = year.spells, year.ended("looked after")
    how = Counter(one.ended_by for one in ended)
    homes = [
        one
        for one in _years_before(year, 5).ended("looked after")
        if one.ended_by == "home" and one.basis not in OUTSIDE
    ]
    back = [
        one
        for one in homes
        if any(0 < other.start - (one.end or 0.0) < FIVE_YEARS for other in spells.by_child["looked after"][one.child])
    ]
    lived = [sum(other.start < (one.end or 0.0) for other in spells.by_child["placement"][one.child]) for one in ended]
    adopted = (ages(one, one.end or 0.0) for one in ended if one.ended_by == "adoption")
    to_adopters = [one for one in year.started("placement") if one.detail == "placed for adoption"]
    days = sum(
        one.start - max(care.start for care in spells.by_child["looked after"][one.child] if care.start <= one.start)
        for one in to_adopters
    )
    return {
        "care_ended": len(ended),
        "placed_for_adoption": len(to_adopters),
        "days_to_adopters": (days - 0.01, days + 0.01),
        **{f"left_{name}": sum(how[one] for one in words) for name, words in ROUTES.items()},
        **banded(
            "care_ended", CARE_LENGTHS, (band((14, YEAR, 2 * YEAR, 5 * YEAR, 10 * YEAR), one.length) for one in ended)
        ),
        **banded("care_ended_placements", PLACEMENTS, (band((5, 10), number) for number in lived)),
        **by_age("left_adoption", ADOPTION_AGES, (1, 2, 6), adopted),
        **by_age("care_ended_age", CARE_AGES, (1, 5, 10, 16), (ages(one, one.end or 0.0) for one in ended)),
        "leavers_ended": len(year.ended("care leaver")),
        "on 31 March: home_cohort": len(homes),
        "on 31 March: home_cohort_back": len(back),
        **_back_in_care(year, "left_1", 1),
        **_back_in_care(year, "left_5", 5),
    }


def _back_in_care(year: Year, name: str, years: int) -> Found:
    """Who left care so many years before, before 18 and not adopted, and was looked after again within as many."""
    left = [
        one
        for one in _years_before(year, years).ended("looked after")
        if one.ended_by not in ("adoption", "eighteenth birthday")
    ]
    back = [
        one
        for one in left
        if any(
            0 < other.start - (one.end or 0.0) < years * YEAR and other.start < year.high
            for other in year.spells.by_child["looked after"][one.child]
        )
    ]
    return {f"on 31 March: {name}": len(left), f"on 31 March: {name}_back": len(back)}


def in_care(year: Year) -> Found:
    """Children looked after on 31 March and in the year, and where they live."""
    spells, looked_after, homes = year.spells, year.open("looked after"), year.open("placement")
    begun = {(one.child, one.start) for one in spells.of["looked after"]}
    lived = Counter(one.child for one in year.any_time("placement"))
    types = Counter(one.detail for one in homes)
    leavers = year.open("care leaver")
    adult = [ages(one, year.high) for one in leavers]
    return {
        "placement_moves": sum((one.child, one.start) not in begun for one in year.started("placement")),
        "at end: looked_after": len(looked_after),
        "at end: care_leavers": len(leavers),
        **{f"at end: placed: {kind}": number for kind, number in types.items()},
        **by_age(
            "on 31 March: looked_after_age", CARE_AGES, (1, 5, 10, 16), (ages(one, year.high) for one in looked_after)
        ),
        **by_need("on 31 March: looked_after_need", looked_after),
        "on 31 March: looked_after_2_placements": sum(lived[one.child] >= 2 for one in looked_after),
        "on 31 March: looked_after_3_placements": sum(lived[one.child] >= 3 for one in looked_after),
        "on 31 March: placed_under_3_months": sum(long < QUARTER for long in year.so_far(homes)),
        "on 31 March: placed_over_2_years": sum(long > 2 * YEAR for long in year.so_far(homes)),
        "on 31 March: care_leavers_18": (sum(low >= 18 for low, _ in adult), sum(high >= 18 for _, high in adult)),
        "measure: care_any_time": len({one.child for one in year.any_time("looked after")}),
        "measure: care_leavers": (sum(low >= 18 for low, _ in adult), sum(high >= 18 for _, high in adult)),
    }
