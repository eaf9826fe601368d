"""From figures to values of the model's parameters: what records show, and a first approximation of what they imply.

Nothing is written that was not counted. What can't be counted stays England's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from demandsim.localise.deflator import ENGLAND_IN, repriced
from demandsim.localise.figures import Figure
from demandsim.localise.local_money import money
from demandsim.localise.shown import LocalValue, Shown, value_of
from demandsim.localise.workforce import SEPTEMBER
from demandsim.localise.years import label
from demandsim.scenario.parameters import PARAMETERS

_DIGITS = 5
_TEN_THOUSAND = 1e4
_YEARS_BEFORE = 5
#: On fewer records than this nothing is said of an authority: chance alone would move it by a quarter.
FEWEST = 20
_APPROXIMATE = "a first approximation, to be fitted with --free"


#: Targets whose figure a parameter is: the line of spend that a price was made from, the vacancies of the same census.
_CIRCULAR = {
    "workforce.posts": ("T42",),
    "workforce.vacancies": ("T43",),
    "workforce.turnover": ("T44",),
    "cost.social_worker": ("T49",),
    "cost.foster_in_house": ("T47",),
    "cost.kinship": ("T47",),
    "cost.foster_agency": ("T47",),
    "cost.childrens_home": ("T48",),
    "cost.other_placement": ("T48",),
    "budget.total": ("T50",),
    "prevention.universal": ("T51",),
    "prevention.targeted": ("T51",),
}


def local_values(shown: Shown) -> tuple[list[LocalValue], list[str]]:
    """Return the values that the figures give, and what was left out because the model can't take it."""
    found, refused = [], []
    for make in (_demand, _history, _practice, _work, _care, _capacity, _places, _workers, money):
        for one in make(shown):
            wrong = _impossible(one)
            if wrong:
                refused.append(f"`{one.name}` {wrong}")
            else:
                found.append(replace(_short(one), circular=_CIRCULAR.get(one.name, ())))
    return [*found, *map(_short, repriced(shown, {one.name for one in found}))], refused


def _impossible(one: LocalValue) -> str:
    parameter = PARAMETERS[one.name]
    numbers = one.value if isinstance(one.value, tuple) else (one.value,)
    outside = [number for number in numbers if not parameter.low <= number <= parameter.high]
    return f"would be {outside[0]:g}; the model takes {parameter.low:g} to {parameter.high:g}" if outside else ""


def _short(one: LocalValue) -> LocalValue:
    """Return the value to as many digits as it has; shares add up to 1."""
    if not isinstance(one.value, tuple):
        return replace(one, value=float(f"{one.value:.{_DIGITS}g}"))
    numbers = [round(number, _DIGITS) for number in one.value]
    if PARAMETERS[one.name].sums_to_one:
        largest = numbers.index(max(numbers))
        numbers[largest] = round(numbers[largest] + 1 - sum(numbers), _DIGITS)
    return replace(one, value=tuple(numbers))


def _demand(shown: Shown) -> Iterator[LocalValue]:
    if (referrals := shown.figure("referrals")) and referrals.part >= FEWEST:
        level = referrals.part / shown.children / shown.england("referrals")
        yield _approximate("demand.level", level, "referrals for each child, over England's of 2013-14", referrals)
    for name, of, rule in (
        ("demand.monthly_shape", "referral_months", "referrals of the year by month"),
        ("demand.source", "referral_sources", "referrals of the year by source"),
        ("demand.need", "referral_needs", "referrals of the year by primary need, no further action left out"),
    ):
        if (tally := shown.tally(of)) and sum(tally.counts) >= FEWEST:
            yield value_of(name, tally.shares(shown.shares(name)), rule, tally)


def _approximate(name: str, value: float, rule: str, *figures: Figure) -> LocalValue:
    return replace(value_of(name, value, f"{rule}; {_APPROXIMATE}", *figures), approximate=True)


def _ratios(shown: Shown, measure: str) -> tuple[list[float], list[Figure]]:
    """Return a measure for each child in the five years before the base as ratios to it, if there are all."""
    years = range(shown.base - _YEARS_BEFORE, shown.base)
    figures = [shown.figure(measure, year) for year in years]
    now = shown.figure(measure)
    if now is None or not now.value or any(figure is None or not figure.value for figure in figures):
        return [], []
    known = [figure for figure in figures if figure]
    of_base = now.value / shown.children
    return [one.value / shown.population(one.year) / of_base for one in known], [*known, now]


def _history(shown: Shown) -> Iterator[LocalValue]:
    """Yield the years before the start: demand, and how readily enquiries were made of the same demand."""
    demand, of_demand = _ratios(shown, "referrals")
    if demand:
        yield value_of(
            "demand.before", tuple(demand), "referrals for each child of five years, over the base year's", *of_demand
        )
    enquiries, of_enquiries = _ratios(shown, "enquiries")
    if demand and enquiries:
        ratios = tuple(one / other for one, other in zip(enquiries, demand, strict=True))
        rule = "enquiries for each referral of five years, over the base year's"
        yield value_of("enquiry.before", ratios, rule, *of_enquiries, *of_demand)
    now, before = shown.figure("population"), shown.figure("population", shown.base - 1)
    if now and before and before.value:
        yield value_of("population.growth", 100 * (now.value / before.value - 1), "two mid-year estimates", now, before)


def _practice(shown: Shown) -> Iterator[LocalValue]:
    referrals = shown.figure("referrals")
    for name, measure, words in (
        ("enquiry.readiness", "enquiries", "section 47 enquiries"),
        ("care.readiness", "care_started", "starts of care"),
    ):
        figure = shown.figure(measure)
        if referrals and figure and min(referrals.part, figure.part) >= FEWEST:
            ratio = figure.part / referrals.part / (shown.england(measure) / shown.england("referrals"))
            rule = f"{words} for each referral, over England's of 2013-14"
            yield _approximate(name, ratio, rule, figure, referrals)
    plans, conferences = shown.figure("plans_started"), shown.figure("conferences")
    if plans and conferences and plans.part <= conferences.part and conferences.part >= FEWEST:
        yield value_of(
            "conference.plan", plans.part / conferences.part, "plans started, of conferences", plans, conferences
        )


def _work(shown: Shown) -> Iterator[LocalValue]:
    if (share := shown.figure("local_continuous")) and (share.whole or 0) >= FEWEST:
        yield value_of("assessment.continuous", share.value / 100, share.rule, share)
    days, many = shown.figure("local_assessment_days"), shown.figure("local_assessments")
    if days and many and many.part >= FEWEST and days.value > 0:
        yield value_of("assessment.median_working_days", days.value, days.rule, many)


def _care(shown: Shown) -> Iterator[LocalValue]:
    for name, measure in (("care.remand", "local_remand"), ("care.unaccompanied", "local_unaccompanied")):
        if figure := shown.figure(measure):
            yield value_of(name, _TEN_THOUSAND * figure.part / shown.children, figure.rule, figure)
    if (begun := shown.figure("care_started")) and begun.part >= FEWEST:
        ratio = begun.part / shown.children / shown.england("care_started")
        rule = "England's value times starts of care for each child, over England's of 2013-14"
        yield value_of("start.care_starts", shown.baseline("start.care_starts") * ratio, rule, begun)


def _capacity(shown: Shown) -> Iterator[LocalValue]:
    """Yield what there is room for: England's for each child, times how much more of it there is here."""
    for name, measure, words in (
        ("conference.capacity", "conferences", "initial conferences"),
        ("court.capacity", "care_started", "starts of care"),
    ):
        figure = shown.figure(measure)
        if figure and figure.part >= FEWEST:
            ratio = figure.part / shown.children / shown.england(measure)
            rule = f"England's value times {words} for each child, over England's of 2013-14"
            yield value_of(name, shown.baseline(name) * ratio, rule, figure)
    before = shown.base - 1 if shown.figure("local_own_carers", shown.base - 1) else shown.base
    lived = [shown.figure(name, before) for name in ("local_own_carers", "agency_fostered", "childrens_homes")]
    known = [figure for figure in lived if figure]
    if len(known) == len(lived) and sum(figure.part for figure in known) >= FEWEST:
        room = shown.children / _TEN_THOUSAND * shown.baseline("placement.occupancy")
        rule = "children living there on 31 March before the start, at England's occupancy"
        yield value_of("placement.places", tuple(figure.part / room for figure in known), rule, *known)


def _places(shown: Shown) -> Iterator[LocalValue]:
    for band, key in enumerate(("under_1", "1_to_4", "5_to_9", "10_to_15", "16_up")):
        if tally := shown.tally(f"first_place_{band}"):
            usual = shown.shares(f"placement.{key}")
            yield value_of(f"placement.{key}", tally.shares(usual), tally.rule, tally)


def _workers(shown: Shown) -> Iterator[LocalValue]:
    own, vacant = shown.figure(SEPTEMBER["social_workers"]), shown.figure("vacancies")
    if own and vacant:
        posts = own.value + vacant.value
        yield value_of(
            "workforce.posts", _TEN_THOUSAND * posts / shown.children, "in post and vacant on 30 September", own, vacant
        )
        agency = shown.figure("agency_cover") or shown.figure(SEPTEMBER["agency_workers"])
        if agency and vacant.value:
            cover = min(1.0, agency.value / vacant.value)
            yield value_of(
                "workforce.agency_cover", cover, "agency workers over vacant posts, at most all", agency, vacant
            )
    for name, measure in (
        ("workforce.vacancies", SEPTEMBER["vacancy_rate"]),
        ("workforce.turnover", SEPTEMBER["turnover"]),
        ("workforce.sickness", "absence_rate"),
    ):
        if (figure := shown.figure(measure)) and own:
            yield value_of(name, figure.value / 100, figure.rule, own)


def stays_england(found: Sequence[LocalValue], base: int) -> list[str]:
    """Return what is still England's, in words."""
    have = {one.name for one in found if not one.repriced}
    said = [
        "Severity, harm, help, contact again, court, hours of work, pressure and loops are England's of 2013-14.",
        "Thresholds are England's until `demandsim calibrate --free` fits them.",
    ]
    if "demand.before" not in have:
        said.append(f"Demand before {label(base)} is England's before 2013-14: it takes referrals of all five years.")
    if "workforce.posts" not in have:
        said.append("Social worker posts for each child are England's: it takes a workforce census.")
    which = "Prices without a local line" if "budget.total" in have else "Budget and prices"
    if repriced_by := next((one.sources[0].file for one in found if one.repriced), ""):
        said.append(f"{which} are England's, in prices of {label(base)} by the GDP deflator of {repriced_by}.")
    elif base != ENGLAND_IN:
        said.append(f"{which} are England's of 2013-14, not of {label(base)}: a file of the GDP deflator moves them.")
    elif "budget.total" not in have:
        said.append("Budget and prices are England's of 2013-14: they take an outturn.")
    return said
