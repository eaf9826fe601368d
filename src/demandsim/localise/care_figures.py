"""Children looked after, counted as the statistics of looked after children count them."""

from __future__ import annotations

from collections import Counter as Tallied
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from demandsim.localise.disclosure import CHILD_DAYS
from demandsim.localise.figures import Counter
from demandsim.localise.periods import ADOPTION, GUARDIANSHIP, HOME, UNKNOWN, Period, Placement
from demandsim.localise.quality import Quality
from demandsim.localise.rules import codes
from demandsim.localise.years import age_on, closes, opens
from demandsim.vocabulary import AGE_BANDS, DAYS_A_YEAR, age_band

_BANDS = len(AGE_BANDS)
_TWO_WEEKS, _FIVE_YEARS = 14, 5
#: A share of leavers is given if of so few the length of the period is in no file.
_MOST_UNKNOWN = 0.02
_RULE = "SSDA903: "
_THREE = 3
#: First placements are too few to say anything below this.
FEWEST_PLACEMENTS = 30


class Care:
    """Periods of being looked after, and what is known of the children.

    Args:
        periods: of all children.
        births: dates of birth that are known.
        unaccompanied: children who came alone.
        returns: years of which there are returns.
        with_alone: those of them whose return says who came alone.
    """

    def __init__(
        self,
        periods: Sequence[Period],
        births: Mapping[str, date],
        unaccompanied: Collection[str],
        returns: Collection[int],
        with_alone: Collection[int] = (),
    ) -> None:
        self.periods, self.births = list(periods), births
        self.unaccompanied, self.returns, self.with_alone = unaccompanied, sorted(returns), with_alone

    def started(self, year: int) -> list[Period]:
        return [one for one in self.periods if one.whole and opens(year) <= one.start < closes(year)]

    def ended(self, year: int) -> list[Period]:
        return [one for one in self.periods if one.end is not None and opens(year) <= one.end < closes(year)]

    def open(self, year: int) -> list[Period]:
        """Return the periods of children looked after on 31 March."""
        after = closes(year)
        return [one for one in self.periods if one.start < after and (one.end is None or one.end >= after)]

    def from_outside(self) -> dict[str, list[date]]:
        """Return of each child that came alone or on remand when it did: the model has these apart from demand."""
        found: dict[str, list[date]] = {}
        for one in self.periods:
            if one.child in self.unaccompanied or one.status in codes("care")["remand"]:
                found.setdefault(one.child, []).append(one.start)
        return found

    def ages(self, periods: Sequence[Period], on: str, day: date | None = None) -> list[int]:
        """Return the age band of each period whose child's birth is known: at its start, its end, or on a day."""
        found = []
        for one in periods:
            born, moment = self.births.get(one.child), day or getattr(one, on)
            if born and moment and born <= moment:
                found.append(age_band(age_on(born, moment)))
        return found


def count_care(care: Care, counter: Counter, quality: Quality) -> None:
    """Count a year of looked after children."""
    year = counter.year
    begun, ended, looked_after = care.started(year), care.ended(year), care.open(year)
    counter.count("looked_after", len(looked_after), _RULE + "open on 31 March, V3 and V4 left out")
    counter.count("care_started", len(begun), _RULE + "periods that begin with RNE S in the year")
    counter.count("care_ended", len(ended), _RULE + "periods that end in the year with another REC than X1")
    any_time = {one.child for one in care.periods if one.start < closes(year) and (one.end or date.max) >= opens(year)}
    counter.count("care_any_time", len(any_time), _RULE + "children with a period in the year, each once")
    counter.shares("care_started_age", care.ages(begun, "start"), _BANDS, _RULE + "age at the start")
    last = closes(year).replace(month=3, day=31)
    counter.shares("looked_after_age", care.ages(looked_after, "start", last), _BANDS, _RULE + "age on 31 March")
    counter.shares("care_ended_age", care.ages(ended, "end"), _BANDS, _RULE + "age at the end")
    emergency = sum(one.status in codes("care")["emergency"] for one in begun)
    counter.share("care_emergency", emergency, len(begun), _RULE + "LS L1 or L2 at the start")
    _count_leavers(care, ended, counter, quality)
    _count_places(looked_after, counter)
    _count_moves(care, looked_after, counter)
    _count_returns_home(care, counter)
    _count_entrants(care, begun, counter)
    _count_first_places(care, begun, counter)
    _count_days(care, counter)


def _count_days(care: Care, counter: Counter) -> None:
    """Count the child-days of the year in each kind of placement that is paid for by the week."""
    year, days, children = counter.year, Tallied[str](), defaultdict[str, set[str]](set)
    for period in care.periods:
        for one in period.placements:
            begins, ends = max(one.start, opens(year)), min(one.end or date.max, closes(year))
            place = _choice(one)
            if ends > begins and place is not None:
                days[_PAID[place]] += (ends - begins).days
                children[_PAID[place]].add(period.child)
    for name in _PAID:
        told = _RULE + f"child-days, {name}"
        counter.amount(f"{CHILD_DAYS}{name}_days", days[name], len(children[name]), told)


#: Kinds of placement that are paid for by the week, in the order of `placement.*`.
_PAID = ("own", "agency", "kinship", "home", "other")


def _count_leavers(care: Care, ended: Sequence[Period], counter: Counter, quality: Quality) -> None:
    known = [one for one in ended if one.route != UNKNOWN]
    routes = Tallied(one.route for one in known)
    counter.share("left_home", routes[HOME], len(known), _RULE + "REC E4A, E4B, E13")
    counter.share("left_guardianship", routes[GUARDIANSHIP], len(known), _RULE + "REC E41, E43 to E48")
    special = sum(one.special for one in known)
    counter.share("left_special_guardianship", special, len(known), _RULE + "REC E43 to E48")
    counter.count("adoptions", routes[ADOPTION], _RULE + "REC E11, E12")
    adopted = [one for one in known if one.route == ADOPTION and one.end]
    ages = [age_on(care.births[one.child], one.end) for one in adopted if one.child in care.births and one.end]
    bands = [0 if age < 1 else 1 if age < 2 else 2 if age < 6 else 3 for age in ages]
    counter.shares("adopted_age", bands, 4, _RULE + "completed years at the order")
    _count_lengths(care, ended, counter, quality)


def _count_lengths(care: Care, ended: Sequence[Period], counter: Counter, quality: Quality) -> None:
    """Count how long leavers had been looked after: at least as long as is known, where the start is in no file."""
    of = [(one, (one.end - one.start).days) for one in ended if one.end and one.day_known]
    for measure, low, high, rule in (
        ("left_under_2_weeks", 0.0, _TWO_WEEKS, "less than 14 days from start to end"),
        ("left_under_1_year", 0.0, DAYS_A_YEAR, "less than a year from start to end"),
        ("left_5_to_10_years", 5 * DAYS_A_YEAR, 10 * DAYS_A_YEAR, "5 to 10 years from start to end"),
    ):
        settled = [(one, days) for one, days in of if one.whole or days >= high]
        if len(settled) < len(of) * (1 - _MOST_UNKNOWN):
            quality.note(counter.sources[-1].file, "SSDA903 episodes", "too_few_lengths", about=measure)
            continue
        counter.share(measure, sum(low <= days < high for _, days in settled), len(settled), _RULE + rule)
    lived = _lived_in(care)
    for measure, least in (("left_5_placements", 5), ("left_10_placements", 10)):
        counted = [one for one, _ in of if one.whole or lived(one) >= least]
        if len(counted) >= len(of) * (1 - _MOST_UNKNOWN):
            part = sum(lived(one) >= least for one in counted)
            counter.share(
                measure,
                part,
                len(counted),
                _RULE + f"{least} or more placements in all periods of the returns; earlier ones are in none",
            )


def _lived_in(care: Care) -> Callable[[Period], int]:
    """Return what counts the placements of a child in this period and those before."""
    periods: defaultdict[str, list[Period]] = defaultdict(list)
    for one in care.periods:
        periods[one.child].append(one)
    return lambda last: sum(len(_lasting(one)) for one in periods[last.child] if one.start <= last.start)


def _lasting(period: Period) -> list[Placement]:
    """Return the placements of a period, temporary ones left out."""
    return [one for one in period.placements if one.place not in codes("care")["temporary"]]


def _count_places(looked_after: Sequence[Period], counter: Counter) -> None:
    care = codes("care")
    lived = [_place_on(one, closes(counter.year)) for one in looked_after]
    places = [(one.place, one.provider) for one in lived]
    fostered = sum(place in (*care["kinship"], *care["foster"]) for place, _ in places)
    own = sum(place in care["foster"] and provider in care["own_providers"] for place, provider in places)
    counter.count("local_own_carers", own, _RULE + "PLACE U4 to U6 with PR1 or PR2 on 31 March")
    agency = sum(place in care["foster"] and provider in care["agency_providers"] for place, provider in places)
    counter.count("fostered", fostered, _RULE + "PLACE U1 to U6 on 31 March")
    counter.count("agency_fostered", agency, _RULE + "PLACE U4 to U6 with PR3 to PR5 on 31 March")
    for measure, name in (
        ("childrens_homes", "childrens_home"),
        ("placed_for_adoption", "for_adoption"),
        ("placed_with_parents", "with_parents"),
    ):
        number = sum(place in care[name] for place, _ in places)
        counter.count(measure, number, _RULE + f"PLACE {', '.join(care[name])} on 31 March")


def _place_on(period: Period, after: date) -> Placement:
    """Return where a child lived on the eve of a day."""
    begun = [one for one in period.placements if one.start < after]
    return begun[-1] if begun else period.placements[0]


def _count_moves(care: Care, looked_after: Sequence[Period], counter: Counter) -> None:
    """Count who had one, two, and three placements or more in the year, whatever period of care they belong to."""
    year, lived = counter.year, Tallied[str]()
    for period in care.periods:
        for one in _lasting(period):
            lived[period.child] += one.start < closes(year) and (one.end or date.max) >= opens(year)
    rule = _RULE + "placements in the year, RNE S, P or B, T0 to T4 left out"
    many = [min(lived[one.child], _THREE) for one in looked_after]
    for measure, number in (("one_placement", 1), ("two_placements", 2), ("three_placements", _THREE)):
        counter.share(measure, many.count(number), len(looked_after), rule)


def _count_returns_home(care: Care, counter: Counter) -> None:
    """Count who came back within five years of going home, if there are returns of all of them."""
    year = counter.year
    if not set(range(year - _FIVE_YEARS, year + 1)) <= set(care.returns):
        return
    outside = codes("care")["remand"]
    homes = [
        one
        for one in care.ended(year - _FIVE_YEARS)
        if one.route == HOME and one.status not in outside and one.child not in care.unaccompanied
    ]
    starts: dict[str, list[date]] = {}
    for one in care.periods:
        starts.setdefault(one.child, []).append(one.start)
    back = sum(
        any(0 < (start - one.end).days < _FIVE_YEARS * DAYS_A_YEAR for start in starts[one.child])
        for one in homes
        if one.end
    )
    counter.share("back_in_care", back, len(homes), _RULE + "of those home five years before, back within five years")


def _count_entrants(care: Care, begun: Sequence[Period], counter: Counter) -> None:
    remand = sum(one.status in codes("care")["remand"] for one in begun)
    counter.count("local_remand", remand, _RULE + "starts under LS J1 to J3")
    if counter.year in care.with_alone:
        alone = sum(one.child in care.unaccompanied for one in begun)
        counter.count("local_unaccompanied", alone, _RULE + "starts of children in the UASC table")


def _count_first_places(care: Care, begun: Sequence[Period], counter: Counter) -> None:
    """Tally where children go first, by age."""
    bands: dict[int, list[int]] = {band: [] for band in range(_BANDS)}
    for one in begun:
        place = _choice(one.placements[0])
        if one.child in care.births and place is not None:
            bands[age_band(max(0, age_on(care.births[one.child], one.start)))].append(place)
    for band, places in bands.items():
        if len(places) >= FEWEST_PLACEMENTS:
            counter.tally(f"first_place_{band}", places, 5, _RULE + "first placement of periods that begin in the year")


def _choice(placement: Placement) -> int | None:
    """Return the place of a placement in the order of `placement.*`; None where it is no choice."""
    care = codes("care")
    if placement.place in care["foster"]:
        return 1 if placement.provider in care["agency_providers"] else 0
    if placement.place in care["kinship"]:
        return 2
    if placement.place in care["childrens_home"]:
        return 3
    return None if placement.place in (*care["with_parents"], *care["for_adoption"], *care["temporary"]) else 4
