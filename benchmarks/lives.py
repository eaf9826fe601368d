"""Are the lives plausible? One page for somebody who knows children's services, and twenty lives to read.

    python benchmarks/lives.py                a minute or two; writes docs/reference/lives.md and its picture

Twenty years in which nothing changes, so that whole childhoods are in them, and children looked at one by one at each
month's end. Severity is in standard deviations of all children known.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import numpy as np
from drift import STEADY
from followed import Array, Followed

from demandsim.vocabulary import AGE_BANDS, DAYS_A_YEAR, State

YEARS, REPLICATIONS = 20, 3
#: Months of which doors and stocks are looked at; in which the cohorts of closures begin; from which firsts are firsts.
SEEN, COHORT, FIRSTS = range(13, 61), range(13, 25), range(181, 241)
#: Who is counted as a family that comes back most (V006), and for how long.
MOST_FREQUENT, FAMILY_MONTHS = 0.085, 27
SHORT, REFUSED, LONG = range(3)


@dataclass
class Found:
    """What is counted, over all runs."""

    doors: dict[str, list[Array]] = field(default_factory=lambda: defaultdict(list))
    stocks: dict[str, list[Array]] = field(default_factory=lambda: defaultdict(list))
    ages: Counter[int] = field(default_factory=Counter)
    firsts: Counter[str] = field(default_factory=Counter)
    closed: list[Array] = field(default_factory=list)
    referred: list[Array] = field(default_factory=list)
    families: list[Array] = field(default_factory=list)
    events: dict[int, list[str]] = field(default_factory=dict)
    children: float = 0.0


class Month:
    """Two ends of a month: who was known at both, what they were like, and what has happened to whom."""

    def __init__(self, before: Array, after: Array, start: float) -> None:
        places = np.minimum(np.searchsorted(before["id"], after["id"]), len(before) - 1)
        self.now, self.start = after, start
        old = before[places]
        self.new = old["id"] != after["id"]
        old[self.new] = np.zeros(1, before.dtype)
        self.old = old
        self.referred = after["episodes"] > old["episodes"]
        self.refused = self.referred & (after["last_closed"] == after["last_referral"])
        self.assessed = self.referred & ~self.refused
        self.helped = after["on_help"] & (after["help_ends"] > old["help_ends"]) & ~self.new
        self.need = after["need_plans"] > old["need_plans"]
        self.enquiry = after["enquiries"] > old["enquiries"]
        self.plan = (after["plans"] > old["plans"]) & (after["state"] != State.CLOSED)
        self.care = after["periods"] > old["periods"]
        self.closed = (after["last_closed"] >= start) & (after["state"] == State.CLOSED) & ~after["settled"]


def _look(found: Found, month: Month) -> None:
    """Note severity at the doors and in the stocks, and ages at the start of care."""
    severity = month.now["severity"]
    doors = {
        "first known": month.new & ~month.now["settled"] & (month.now["periods"] == 0),
        "referred": month.referred,
        "of them no further action": month.refused,
        "early help begins": month.helped,
        "child in need plan begins": month.need,
        "enquiry begins": month.enquiry,
        "protection plan begins": month.plan,
        "care begins": month.care & ~month.now["settled"],
        "case closed at home": month.closed & ~month.refused,
    }
    for name, who in doors.items():
        found.doors[name].append(severity[who])
    states = {name: month.now["state"] == number for number, name in enumerate(State.words.labels())}
    on_help = month.now["on_help"] & states["closed"]
    for name, who in {**states, "closed": states["closed"] & ~on_help, "early help": on_help}.items():
        found.stocks[name].append(severity[who])
    ages = 18 - (month.now["adult_at"][month.care] - month.start) / DAYS_A_YEAR
    edges = [first for _, first, _ in AGE_BANDS]
    found.ages.update(np.clip(np.searchsorted(edges, ages, side="right") - 1, 0, len(edges) - 1).tolist())


class Cohorts:
    """Children whose case was closed, or who were referred, in a year; and when they came back."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, int]] = []
        self.first_referred: dict[int, int] = {}
        self.back: dict[int, list[int]] = defaultdict(list)
        self.planned: dict[int, list[int]] = defaultdict(list)

    def take(self, number: int, month: Month) -> None:
        ids = month.now["id"]
        if number in COHORT:
            after_assessment = month.closed & (month.old["state"] == State.ASSESSMENT) & ~month.need
            kinds = np.where(month.refused, REFUSED, np.where(after_assessment, SHORT, LONG))
            closed = month.closed | month.refused
            self.rows += [(int(id), number, int(kind)) for id, kind in zip(ids[closed], kinds[closed], strict=True)]
            for id in ids[month.referred].tolist():
                self.first_referred.setdefault(id, number)
        for id in ids[month.referred].tolist():
            self.back[id].append(number)
        for id in ids[month.plan].tolist():
            self.planned[id].append(number)

    def closures(self) -> Array:
        """Return (kind, months until referred again, months until a plan) of each closure; -1 where never."""
        return np.array([(kind, _next(self.back[id], at), _next(self.planned[id], at)) for id, at, kind in self.rows])

    def again(self) -> Array:
        return np.array([_next(self.back[id], at) for id, at in self.first_referred.items()])

    def families(self) -> Array:
        """Return how often each family closed without long work was referred again in the months after."""
        begun: dict[int, int] = {}
        for id, at, kind in self.rows:
            if kind != LONG:
                begun.setdefault(id >> 2, at)
        return np.array(
            [
                len(
                    {
                        at
                        for id in range(4 * family, 4 * family + 4)
                        for at in self.back[id]
                        if 0 < at - begun_at <= FAMILY_MONTHS
                    }
                )
                for family, begun_at in begun.items()
            ]
        )


def _next(moments: list[int], after: int) -> int:
    return next((moment - after for moment in moments if moment > after), -1)


def _count_firsts(found: Found, month: Month, ever: dict[str, Array]) -> None:
    """Count what happens to children for the first time in their lives."""
    now = month.now
    happens = {
        "referred": month.referred,
        "assessed": month.assessed,
        "in need": month.need | month.plan | month.care,
        "on a plan": month.plan,
        "in care": month.care & ~(now["settled"] & month.new),
    }
    for name, who in happens.items():
        first = np.setdiff1d(now["id"][who], ever[name])
        found.firsts[name] += len(first)
        ever[name] = np.union1d(ever[name], first)


def _tell(events: dict[int, list[str]], month: Month, number: int) -> None:
    """Write down what happens to those who came to notice in the first year."""
    now, old = month.now, month.old
    left_care = (old["state"] == State.LOOKED_AFTER) & (now["state"] != State.LOOKED_AFTER)
    said = {
        "comes to notice": month.new,
        "early help begins": month.helped,
        "referred: no further action": month.refused,
        "referred and assessed": month.assessed,
        "child in need plan": month.need & ~left_care,
        "section 47 enquiry": month.enquiry,
        "child protection plan": month.plan,
        "becomes looked after": month.care,
        "leaves care for another family": left_care & now["settled"],
        "leaves care for home": left_care & ~now["settled"] & (now["state"] != State.CARE_LEAVER),
        "leaves care, supported as a care leaver": left_care & (now["state"] == State.CARE_LEAVER),
        "case closed": month.closed & ~month.refused,
    }
    for words, who in said.items():
        for place in np.flatnonzero(who).tolist():
            id = int(now["id"][place])
            if id in events or (number <= 12 and words == "comes to notice" and now["periods"][place] == 0):
                age = 18 - (now["adult_at"][place] - month.start) / DAYS_A_YEAR
                line = f"{max(age, 0):5.1f}  {now['severity'][place]:+.1f}  {words}"
                events.setdefault(id, []).append(line)


def live(found: Found, replication: int) -> None:
    """Run one authority for twenty years and note what its children live through."""
    followed = Followed(replication, YEARS, STEADY)
    before, cohorts = followed.note(0), Cohorts()
    names = ("referred", "assessed", "in need", "on a plan", "in care")
    ever: dict[str, Array] = {name: np.array([], np.int64) for name in names}
    for name, field_name in zip(names, ("episodes", "episodes", "need_plans", "plans", "periods"), strict=True):
        ever[name] = before["id"][before[field_name] > 0]
    for number in range(1, FIRSTS.stop):
        month = Month(before, followed.note(number), followed.starts[number - 1])
        before = month.now
        del followed.diary[number]
        if number in SEEN:
            _look(found, month)
        cohorts.take(number, month)
        counted = found if number in FIRSTS else Found()
        _count_firsts(counted, month, ever)
        if replication == 0:
            _tell(found.events, month, number)
    found.closed.append(cohorts.closures())
    found.referred.append(cohorts.again())
    found.families.append(cohorts.families())
    found.children += float(followed.here.values.population_children)


def main() -> None:
    found = Found()
    for replication in range(REPLICATIONS):
        live(found, replication)
    from lives_page import write

    write(found)


if __name__ == "__main__":
    main()
