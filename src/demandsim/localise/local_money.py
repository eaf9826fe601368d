"""Budget, prevention and prices, from lines of accounts beside what they pay for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from demandsim.localise.figures import Figure
from demandsim.localise.shown import LocalValue, Shown, value_of
from demandsim.localise.workforce import SEPTEMBER

_MILLION, _WEEK = 1e6, 7.0


def money(shown: Shown) -> Iterator[LocalValue]:
    """Yield budget, prevention and prices."""
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
    yield from _worker(shown)
    yield from _prices(shown)


def _worker(shown: Shown) -> Iterator[LocalValue]:
    """Yield what a post costs: the line pays for agency workers too, who cost more."""
    own, work = shown.figure(SEPTEMBER["social_workers"]), shown.figure("spend_social_work")
    agency = shown.figure("agency_cover") or shown.figure(SEPTEMBER["agency_workers"])
    vacant = shown.figure("vacancies")
    if not (own and work and own.value):
        return
    free = vacant.value if vacant else agency.value if agency else 0.0
    # The model covers vacancies and no more: with these posts it spends what the line says.
    covered = min(agency.value, free) if agency else free * shown.baseline("workforce.agency_cover")
    posts = own.value + covered * (1 + shown.baseline("workforce.agency_premium"))
    rule = "social work over FTE in post and of agency workers in vacancies, these at England's premium"
    figures = [one for one in (work, own, agency or vacant) if one]
    yield _one("cost.social_worker", _MILLION * work.value / posts, rule, *figures)


def _one(name: str, value: float, rule: str, *figures: Figure) -> LocalValue:
    """Return a value that rests on lines of accounts, which are not so many records."""
    found = value_of(name, value, rule, *figures)
    return LocalValue(name, value, rule, found.sources, len(figures), of_children=False)


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
