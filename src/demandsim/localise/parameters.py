"""From figures to values of the model's parameters: what records show, and a first approximation of what they imply.

Nothing is written that was not counted. What can't be counted stays England's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from demandsim.evidence import targets
from demandsim.localise.figures import Figure, Findings, Source, Tally
from demandsim.localise.years import label
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.scenario import Scenario

Value = float | tuple[float, ...]
_DIGITS = 5
_TEN_THOUSAND, _MILLION, _WEEK = 1e4, 1e6, 7.0
_YEARS_BEFORE = 5
#: On fewer records than this nothing is said of an authority: chance alone would move it by a quarter.
FEWEST = 20
_APPROXIMATE = "; a first approximation, to be fitted with --free"


@dataclass(frozen=True, slots=True)
class LocalValue:
    """A parameter's value as the records show it.

    Attributes:
        name: of the parameter.
        value: in its unit.
        rule: how it was counted.
        sources: files.
        records: so many it rests on.
    """

    name: str
    value: Value
    rule: str
    sources: tuple[Source, ...]
    records: int


class Shown:
    """Figures of the base year and of the years before, as values.

    Args:
        findings: as they may be shown.
        base: year of the scenario.
        children: aged 0 to 17 in the base year.
        england: the baseline.
    """

    def __init__(self, findings: Findings, base: int, children: float, england: Scenario) -> None:
        self.findings, self.base, self.children = findings, base, children
        self._england = england.at_start()
        self._targets = {one.measure: one.value for one in targets() if one.year == "2013-14" and one.of_england}

    def figure(self, measure: str, year: int | None = None) -> Figure | None:
        return self.findings.figures.get((measure, self.base if year is None else year))

    def tally(self, name: str) -> Tally | None:
        return self.findings.tallies.get((name, self.base))

    def england(self, measure: str) -> float:
        """Return England's figure of 2013-14 for each child."""
        return self._targets[measure] / float(self._england["population.england"])

    def baseline(self, name: str) -> float:
        """Return a value of the baseline."""
        return float(self._england[name])

    def population(self, year: int) -> float:
        """Return the children of a year; those of the base year where nobody says."""
        return self.findings.value("population", year) or self.children


def local_values(shown: Shown) -> tuple[list[LocalValue], list[str]]:
    """Return the values that the figures give, and what was left out because the model can't take it."""
    found, refused = [], []
    for make in (_demand, _history, _practice, _work, _care, _places, _workers, _money):
        for one in make(shown):
            wrong = _impossible(one)
            if wrong:
                refused.append(f"`{one.name}` {wrong}")
            else:
                found.append(_short(one))
    return found, refused


def _impossible(one: LocalValue) -> str:
    parameter = PARAMETERS[one.name]
    numbers = one.value if isinstance(one.value, tuple) else (one.value,)
    outside = [number for number in numbers if not parameter.low <= number <= parameter.high]
    return f"would be {outside[0]:g}; the model takes {parameter.low:g} to {parameter.high:g}" if outside else ""


def _short(one: LocalValue) -> LocalValue:
    """Return the value to as many digits as it has; shares add up to 1."""
    if not isinstance(one.value, tuple):
        return LocalValue(one.name, float(f"{one.value:.{_DIGITS}g}"), one.rule, one.sources, one.records)
    numbers = [round(number, _DIGITS) for number in one.value]
    if PARAMETERS[one.name].sums_to_one:
        largest = numbers.index(max(numbers))
        numbers[largest] = round(numbers[largest] + 1 - sum(numbers), _DIGITS)
    return LocalValue(one.name, tuple(numbers), one.rule, one.sources, one.records)


def _value(name: str, value: Value, rule: str, *figures: Figure | Tally) -> LocalValue:
    sources = tuple(dict.fromkeys(source for figure in figures for source in figure.sources))
    counts = [
        sum(one.counts) if isinstance(one, Tally) else one.part if one.whole is None else one.whole for one in figures
    ]
    return LocalValue(name, value, rule, sources, int(max(counts, default=0)))


def _demand(shown: Shown) -> Iterator[LocalValue]:
    if (referrals := shown.figure("referrals")) and referrals.part >= FEWEST:
        level = referrals.part / shown.children / shown.england("referrals")
        yield _value(
            "demand.level", level, f"referrals for each child, over England's of 2013-14{_APPROXIMATE}", referrals
        )
    for name, of, rule in (
        ("demand.monthly_shape", "referral_months", "referrals of the year by month"),
        ("demand.source", "referral_sources", "referrals of the year by source"),
        ("demand.need", "referral_needs", "referrals of the year by primary need, no further action left out"),
    ):
        if (tally := shown.tally(of)) and sum(tally.counts) >= FEWEST:
            yield _value(name, _shares(tally), rule, tally)


def _shares(tally: Tally) -> tuple[float, ...]:
    return tuple(count / sum(tally.counts) for count in tally.counts)


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
        yield _value(
            "demand.before", tuple(demand), "referrals for each child of five years, over the base year's", *of_demand
        )
    enquiries, of_enquiries = _ratios(shown, "enquiries")
    if demand and enquiries:
        ratios = tuple(one / other for one, other in zip(enquiries, demand, strict=True))
        rule = "enquiries for each referral of five years, over the base year's"
        yield _value("enquiry.before", ratios, rule, *of_enquiries, *of_demand)
    now, before = shown.figure("population"), shown.figure("population", shown.base - 1)
    if now and before and before.value:
        yield _value("population.growth", 100 * (now.value / before.value - 1), "two mid-year estimates", now, before)


def _practice(shown: Shown) -> Iterator[LocalValue]:
    referrals = shown.figure("referrals")
    for name, measure, words in (
        ("enquiry.readiness", "enquiries", "section 47 enquiries"),
        ("care.readiness", "care_started", "starts of care"),
    ):
        figure = shown.figure(measure)
        if referrals and figure and min(referrals.part, figure.part) >= FEWEST:
            ratio = figure.part / referrals.part / (shown.england(measure) / shown.england("referrals"))
            rule = f"{words} for each referral, over England's of 2013-14{_APPROXIMATE}"
            yield _value(name, ratio, rule, figure, referrals)
    plans, conferences = shown.figure("plans_started"), shown.figure("conferences")
    if plans and conferences and plans.part <= conferences.part and conferences.part >= FEWEST:
        yield _value(
            "conference.plan", plans.part / conferences.part, "plans started, of conferences", plans, conferences
        )


def _work(shown: Shown) -> Iterator[LocalValue]:
    if (share := shown.figure("local_continuous")) and (share.whole or 0) >= FEWEST:
        yield _value("assessment.continuous", share.value / 100, share.rule, share)
    days, many = shown.figure("local_assessment_days"), shown.figure("local_assessments")
    if days and many and many.part >= FEWEST and days.value > 0:
        yield _value("assessment.median_working_days", days.value, days.rule, many)


def _care(shown: Shown) -> Iterator[LocalValue]:
    for name, measure in (("care.remand", "local_remand"), ("care.unaccompanied", "local_unaccompanied")):
        if figure := shown.figure(measure):
            yield _value(name, _TEN_THOUSAND * figure.part / shown.children, figure.rule, figure)
    if (begun := shown.figure("care_started")) and begun.part >= FEWEST:
        ratio = begun.part / shown.children / shown.england("care_started")
        rule = "England's value times starts of care for each child, over England's of 2013-14"
        yield _value("start.care_starts", shown.baseline("start.care_starts") * ratio, rule, begun)


def _places(shown: Shown) -> Iterator[LocalValue]:
    for band, key in enumerate(("under_1", "1_to_4", "5_to_9", "10_to_15", "16_up")):
        if tally := shown.tally(f"first_place_{band}"):
            yield _value(f"placement.{key}", _shares(tally), tally.rule, tally)


def _workers(shown: Shown) -> Iterator[LocalValue]:
    own, vacant = shown.figure("social_workers"), shown.figure("vacancies")
    if own and vacant:
        posts = own.value + vacant.value
        yield _value(
            "workforce.posts", _TEN_THOUSAND * posts / shown.children, "in post and vacant on 30 September", own, vacant
        )
        agency = shown.figure("agency_cover") or shown.figure("agency_workers")
        if agency and vacant.value:
            cover = min(1.0, agency.value / vacant.value)
            yield _value(
                "workforce.agency_cover", cover, "agency workers over vacant posts, at most all", agency, vacant
            )
    for name, measure in (
        ("workforce.vacancies", "vacancy_rate"),
        ("workforce.turnover", "turnover"),
        ("workforce.sickness", "absence_rate"),
    ):
        if (figure := shown.figure(measure)) and own:
            yield _value(name, figure.value / 100, figure.rule, own)


def _money(shown: Shown) -> Iterator[LocalValue]:
    spent = {name: shown.figure(name) for name in ("spend_intervention", "spend_prevention", "local_universal")}
    whole, prevention, universal = spent.values()
    if whole and prevention:
        a_child = _MILLION * (whole.value + prevention.value) / shown.children
        yield _one("budget.total", a_child, "intervention and prevention, for each child", whole, prevention)
    if prevention and universal:
        open_to_all = _MILLION * universal.value / shown.children
        targeted = _MILLION * (prevention.value - universal.value) / shown.children
        yield _one("prevention.universal", open_to_all, "universal lines of prevention, for each child", universal)
        yield _one(
            "prevention.targeted", max(0.0, targeted), "the other lines of prevention, for each child", prevention
        )
    own, work = shown.figure("social_workers"), shown.figure("spend_social_work")
    if own and work and own.value:
        yield _one("cost.social_worker", _MILLION * work.value / own.value, "social work over FTE in post", work, own)
    yield from _prices(shown)


def _one(name: str, value: float, rule: str, *figures: Figure) -> LocalValue:
    """Return a value that rests on lines of accounts, which are not so many records."""
    found = _value(name, value, rule, *figures)
    return LocalValue(name, value, rule, found.sources, len(figures))


#: What is bought together: the line of spend, and the parameters of its prices beside the days they are paid for.
_BOUGHT: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("local_fostering_own", "own foster carers and kinship carers",
     (("cost.foster_in_house", "local_days_own_days"), ("cost.kinship", "local_days_kinship_days"))),
    ("local_fostering_agency", "agency foster carers", (("cost.foster_agency", "local_days_agency_days"),)),
    ("spend_residential", "children's homes and other placements",
     (("cost.childrens_home", "local_days_home_days"), ("cost.other_placement", "local_days_other_days"))),
)  # fmt: skip


def _prices(shown: Shown) -> Iterator[LocalValue]:
    """Yield prices of a week: a line over its child-weeks, in England's proportion where it pays for two."""
    for line, words, bought in _BOUGHT:
        spent = shown.figure(line)
        days = [(name, shown.figure(measure)) for name, measure in bought]
        if spent is None or any(figure is None for _, figure in days):
            continue
        known: Sequence[tuple[str, Figure]] = [(name, figure) for name, figure in days if figure]
        weight: Callable[[str], float] = shown.baseline
        weeks = sum(figure.value / _WEEK * weight(name) for name, figure in known)
        if weeks <= 0 or spent.value <= 0:
            continue
        for name, figure in known:
            price = _MILLION * spent.value / weeks * weight(name)
            rule = f"{words}: spend over child-weeks" + (", in England's proportion" if len(known) > 1 else "")
            yield _one(name, price, rule, spent, figure)


def stays_england(found: Sequence[LocalValue], base: int) -> list[str]:
    """Return what is still England's, in words."""
    have = {one.name for one in found}
    said = [
        "Severity, harm, help, contact again, court, hours of work, pressure and loops are England's of 2013-14.",
        "Thresholds are England's until `demandsim calibrate --free` fits them.",
    ]
    if "demand.before" not in have:
        said.append(f"Demand before {label(base)} is England's before 2013-14: it takes referrals of all five years.")
    if "workforce.posts" not in have:
        said.append("Social worker posts for each child are England's: it takes a workforce census.")
    if "budget.total" not in have:
        said.append("Budget and prices are England's of 2013-14: they take an outturn.")
    elif base != 2013:
        said.append(f"Prices without a local line are England's of 2013-14, not of {label(base)}.")
    return said
