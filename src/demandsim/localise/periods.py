"""From episodes to periods of being looked after: overlaps, gaps and children who vanish are mended, and noted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from demandsim.localise.episodes import Row
from demandsim.localise.quality import Quality
from demandsim.localise.rules import codes
from demandsim.localise.years import birthday, closes

_WORDS = "SSDA903 episodes"
HOME, ADOPTION, GUARDIANSHIP, OTHER, EIGHTEEN, UNKNOWN = "home", "adoption", "guardianship", "other", "eighteen", ""
_ADULT = 18


@dataclass(slots=True)
class Placement:
    """A time in one place, however its legal status changes.

    Attributes:
        start, end: no end if it is open.
        place, provider: codes.
    """

    start: date
    end: date | None
    place: str
    provider: str


@dataclass(slots=True)
class Period:
    """A period of being looked after.

    Attributes:
        child: joined id.
        start: its first day, or the first that is known.
        whole: whether the start is known.
        end: its last day; None if it is open. Of a child who vanished, the day after the last return.
        route: how it ended; UNKNOWN if it is open or nobody knows.
        special: whether it ended by special guardianship.
        status: legal status at the start.
        placements: in order.
        day_known: whether the end is a day that a return has.
    """

    child: str
    start: date
    whole: bool
    end: date | None
    route: str
    special: bool
    status: str
    placements: list[Placement] = field(default_factory=list)
    day_known: bool = True


def periods_of(
    rows: Mapping[str, Sequence[Row]],
    births: Mapping[str, date],
    returns: Collection[int],
    quality: Quality,
) -> list[Period]:
    """Return the periods of every child.

    Args:
        rows: of each child, in order of time.
        births: date of birth of those of whom it is known.
        returns: years of which there are returns.
        quality: told of what is mended.
    """
    found: list[Period] = []
    for child, of_child in rows.items():
        mended = _mended([replace(row) for row in of_child], returns, quality)
        for group in mended:
            period = _period(group, returns, quality)
            if child in births and _grow_up(period, birthday(births[child], _ADULT), closes(max(returns))):
                quality.note(group[-1].file, _WORDS, "eighteen", group[-1].line)
            found.append(period)
    return found


def _mended(rows: list[Row], returns: Collection[int], quality: Quality) -> list[list[Row]]:
    """Return a child's rows, mended, one group for each period."""
    goes_on = codes("care")["goes_on"]
    groups = [[rows[0]]]
    for row in rows[1:]:
        before = groups[-1][-1]

        def note(reason: str, of: Row) -> None:
            quality.note(of.file, _WORDS, reason, of.line)

        if before.end is None and _is_gone(before, row, returns):
            note("vanished", before)
            groups.append([row])
            continue
        if before.end is None or before.end > row.start:
            note("left_open" if before.end is None else "overlap", before)
            before.end = max(row.start, before.start)
        elif before.ends in goes_on and before.end < row.start and row.begins != "S":
            note("gap", before)
            before.end = row.start
        elif before.ends in goes_on and before.end < row.start:
            note("restart_after_x1", before)
        elif before.end == row.start and before.ends not in goes_on:
            note("same_day", row)
        if before.end < row.start:
            groups.append([row])
        else:
            groups[-1].append(row)
    return groups


def _is_gone(before: Row, row: Row, returns: Collection[int]) -> bool:
    """Return whether a return lies between two rows in which the child should be and is not."""
    return any(before.of < year < row.of for year in returns)


def _period(rows: Sequence[Row], returns: Collection[int], quality: Quality) -> Period:
    care = codes("care")
    first, last = rows[0], rows[-1]
    whole = first.begins == "S"
    if not whole and any(first.start >= date(year, 4, 1) for year in returns if year <= first.of):
        quality.note(first.file, _WORDS, "start_not_s", first.line)
        whole = True
    route = _route(last.ends)
    end, known = last.end, True
    if end is None and any(year > last.of for year in returns):
        quality.note(last.file, _WORDS, "vanished", last.line)
        end, known, route = closes(last.of), False, UNKNOWN
    elif end is not None and last.ends in (*care["goes_on"], ""):
        if last.ends:
            quality.note(last.file, _WORDS, "x1_last", last.line)
        route = UNKNOWN
    found = Period(first.child, first.start, whole, end, route, last.ends in care["special_guardianship"], first.status)
    found.day_known = known
    for row in rows:
        if row.begins in care["placement"] or not found.placements:
            found.placements.append(Placement(row.start, row.end, row.place, row.provider))
        else:
            found.placements[-1].end = row.end
            found.placements[-1].place, found.placements[-1].provider = row.place, row.provider
    if not known:
        found.placements[-1].end = end
    return found


def _route(code: str) -> str:
    care = codes("care")
    for route, name in ((HOME, "home"), (ADOPTION, "adoption"), (GUARDIANSHIP, "guardianship"), (EIGHTEEN, "eighteen")):
        if code in care[name]:
            return route
    return OTHER if code in care["other"] else UNKNOWN


def _grow_up(period: Period, adult: date, until: date) -> bool:
    """End a period on the eighteenth birthday, if nothing ended it before; return whether that mends it.

    Args:
        period: changed in place.
        adult: the birthday.
        until: the day after the last return, of whose future nothing is known.
    """
    if period.start >= adult or adult >= until or (period.end is not None and period.end < adult):
        return False
    mended = period.end != adult
    period.end, period.route, period.special, period.day_known = adult, EIGHTEEN, False, True
    period.placements = [one for one in period.placements if one.start <= adult]
    if period.placements:
        period.placements[-1].end = adult
    return mended
