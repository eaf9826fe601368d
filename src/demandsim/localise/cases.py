"""Rows of the children in need census of several years, as referrals and cases: later returns win."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache

from demandsim.localise.case import Case, Plan
from demandsim.localise.censuses import once, without_vanished
from demandsim.localise.quality import Quality
from demandsim.localise.rules import codes
from demandsim.localise.table import Table
from demandsim.localise.years import closes, last_year, year_of


def years_of_census(tables: Sequence[Table]) -> dict[str, int]:
    """Return the year of each census, by the group of its tables: what it says, else that of its latest day."""
    found: dict[str, int] = {}
    latest: dict[str, list[date]] = defaultdict(list)
    for table in tables:
        said = table.about.get("reference", "") or ""
        if said[:4].isdigit() and len(said) == 10:
            found[table.group] = year_of(date.fromisoformat(said)) if _is_day(said) else 0
        days = [day for column in table.dates.values() for day in column if day]
        if days and table.kind and table.kind.id != "need_children":
            latest[table.group] += days
    for group, every in latest.items():
        if not found.get(group):
            found[group] = last_year(every)
    return found


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def cases_of(tables: Sequence[Table], years: dict[str, int], quality: Quality) -> list[Case]:
    """Return every referral once, with what belongs to it.

    Args:
        tables: of the census, with dates read and ids joined.
        years: of each group of tables.
        quality: told of what is dropped and superseded.
    """
    by_group: dict[str, list[Table]] = defaultdict(list)
    for table in tables:
        by_group[table.group].append(table)
    for table in tables:
        _drop_twice(table, quality)
    cases: list[Case] = []
    for group, of_group in sorted(by_group.items(), key=lambda one: years.get(one[0], 0)):
        cases += _of_group(of_group, years.get(group, 0), quality)
    return without_vanished(once(cases, quality), sorted(set(years.values())), quality)


def _drop_twice(table: Table, quality: Quality) -> None:
    """Drop the rows of a table that say the very same a second time."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    columns = [*table.columns.values(), *table.dates.values()]
    for line, row in zip(table.lines, zip(*columns, strict=True), strict=True):
        kept.append(row not in seen)
        seen.add(row)
        if not kept[-1]:
            quality.note(table.file, table.words, "twice", line)
    if not all(kept):
        table.keep(kept)


#: Tables whose rows are two days of a case: their columns, and where a case keeps them.
_DATED: tuple[tuple[str, str, str, Callable[[Case], list[tuple[date, date | None]]]], ...] = (
    ("need_assessments", "assessmentactualstartdate", "assessmentauthorisationdate", lambda case: case.assessments),
    ("need_initial_assessments", "initialassessmentstartdate", "initialassessmentenddate", lambda case: case.initial),
    ("need_enquiries", "s47actualstartdate", "dateofinitialcpc", lambda case: case.enquiries),
)


def _of_group(tables: Sequence[Table], year: int, quality: Quality) -> list[Case]:
    """Return the cases of one census."""
    cases = [case for table in _those(tables, "need_cases") for case in _read_cases(table, year, quality)]
    index = _Index(tables, cases, year, quality)
    for kind, start_column, end_column, rows_of in _DATED:
        for table in _those(tables, kind):
            for case, start, end in index.rows(table, start_column, end_column):
                rows_of(case).append((start, end))
    for table in _those(tables, "need_enquiries"):
        _read_results(table, index)
    for table in _those(tables, "need_plans"):
        _read_plans(table, index)
    for table in _those(tables, "need_reviews"):
        for case, day, _ in index.rows(table, "cppreviewdate", ""):
            for plan in case.plans:
                if plan.start <= day and (plan.end is None or day <= plan.end):
                    plan.reviews.append(day)
    return cases


def _those(tables: Sequence[Table], name: str) -> list[Table]:
    return [table for table in tables if table.kind and table.kind.id == name]


def _read_cases(table: Table, year: int, quality: Quality) -> list[Case]:
    names = ("referralsource", "primaryneedcode", "reasonforclosure", "referralnfa", "case")
    texts = [[text.strip().upper() for text in table.text(name)] for name in names]
    found = []
    for child, start, end, conference, source, need, reason, nothing, _, line in zip(
        table.text("child"),
        table.days("cinreferraldate"),
        table.days("cinclosuredate"),
        table.days("dateofinitialcpc"),
        *texts,
        table.lines,
        strict=True,
    ):
        assert start is not None
        if start >= closes(year) or (end is not None and end < start):
            quality.note(table.file, table.words, "starts_later" if start >= closes(year) else "backwards", line)
            continue
        if end is not None and end >= closes(year):
            quality.note(table.file, table.words, "ends_later", line)
            end = None
        nothing = nothing.removesuffix(".0")
        case = Case(
            child, start, end, source, need, reason, nothing in codes("need")["no_action"], year, table.file, line
        )
        for column, code, known in (
            ("referralsource", source, _known("sources")),
            ("primaryneedcode", need, _known("needs")),
            ("reasonforclosure", reason, _known_list("reasons")),
            ("referralnfa", nothing, _known_list("no_action") | _known_list("action")),
        ):
            if code and code not in known:
                quality.note(table.file, table.words, "code_not_known", line, about=column)
        if conference:
            case.conferences.append(conference)
        found.append(case)
    return found


@cache
def _known(name: str) -> frozenset[str]:
    return frozenset(code for group in codes("need")[name] for code in group)


@cache
def _known_list(name: str) -> frozenset[str]:
    return frozenset(codes("need")[name])


class _Index:
    """Finds the case that a row of another table belongs to: by its number, else by the child and the day."""

    def __init__(self, tables: Sequence[Table], cases: Sequence[Case], year: int, quality: Quality) -> None:
        self._year, self._quality = year, quality
        numbers = {
            (table.file, line): number
            for table in _those(tables, "need_cases")
            for line, number in zip(table.lines, table.text("case"), strict=True)
        }
        self._by_child: dict[str, list[Case]] = defaultdict(list)
        self._by_number: dict[tuple[str, str], Case] = {}
        for case in sorted(cases, key=lambda one: one.referred):
            self._by_child[case.child].append(case)
            if number := numbers.get((case.file, case.line), ""):
                self._by_number[case.child, number] = case

    def rows(self, table: Table, start: str, end: str, noted: bool = True) -> list[tuple[Case, date, date | None]]:
        """Return the case, the start and the end of each row whose case is there; of the others it is noted why not."""
        found = []
        for child, number, begun, ended, line in zip(
            table.text("child"), table.text("case"), table.days(start), table.days(end), table.lines, strict=True
        ):
            assert begun is not None
            case = self._by_number.get((child, number)) or self.on(child, begun)
            wrong = self._wrong(case, begun, ended)
            if case and not wrong:
                found.append((case, begun, ended))
            elif noted:
                self._quality.note(table.file, table.words, wrong, line)
        return found

    def _wrong(self, case: Case | None, begun: date, ended: date | None) -> str:
        if begun >= closes(self._year):
            return "starts_later"
        if ended and ended < begun:
            return "backwards"
        return "" if case else "no_case"

    def on(self, child: str, day: date) -> Case | None:
        """Return the child's last case that began by a day; None if there is none."""
        known = [case for case in self._by_child.get(child, ()) if case.referred <= day]
        running = [case for case in known if not case.no_action and (case.closed is None or case.closed >= day)]
        known = running or known
        return known[-1] if known else next(iter(self._by_child.get(child, ())), None)


def _read_results(table: Table, index: _Index) -> None:
    """Note which enquiries were concluded."""
    column, yes = "s47actualstartdate", codes("need")["no_action"]
    not_required = {
        (child, start)
        for child, start, text in zip(
            table.text("child"), table.days(column), table.text("icpcnotrequired"), strict=True
        )
        if text.strip().upper() in yes
    }
    for case, start, conference in index.rows(table, column, "dateofinitialcpc", noted=False):
        case.concluded |= conference is not None or (case.child, start) in not_required


def _read_plans(table: Table, index: _Index) -> None:
    counts = {
        (child, start): before
        for child, start, before in zip(
            table.text("child"), table.days("cppstartdate"), table.text("numberofpreviouscpp"), strict=True
        )
    }
    for case, start, end in index.rows(table, "cppstartdate", "cppenddate"):
        text = counts.get((case.child, start), "")
        case.plans.append(Plan(start, end, int(text) if text.isdigit() else None))


def without_those_on_open_cases(cases: Sequence[Case], quality: Quality) -> list[Case]:
    """Return the referrals of children who had no open case then."""
    kept: list[Case] = []
    last: dict[str, Case] = {}
    for case in cases:
        open_case = last.get(case.child)
        if open_case and case.referred < (open_case.closed or date.max):
            quality.note(case.file, "children in need census, referrals and cases", "on_open_case", case.line)
            _add_to(open_case, case)
            continue
        kept.append(case)
        if not case.no_action:
            last[case.child] = case
    return kept


def _add_to(open_case: Case, referral: Case) -> None:
    """Let an open case have what followed from another referral on it, and go on as long as that did."""
    for name in ("assessments", "initial", "enquiries", "conferences", "plans"):
        getattr(open_case, name).extend(getattr(referral, name))
    open_case.concluded |= referral.concluded
    if not referral.no_action and open_case.closed:
        open_case.closed = max(open_case.closed, referral.closed) if referral.closed else None
