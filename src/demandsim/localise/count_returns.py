"""Counting an authority's own returns: children first, whose ids are joined across tables, then workers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from demandsim.localise.care_figures import Care, count_care
from demandsim.localise.cases import cases_of, without_those_on_open_cases, years_of_census
from demandsim.localise.dates import FIRST, mostly_firsts, read_dates
from demandsim.localise.episodes import episodes_of, years_of_returns
from demandsim.localise.figures import Counter, Findings, Source
from demandsim.localise.ids import join_ids
from demandsim.localise.need_figures import Given, Need, count_need
from demandsim.localise.periods import periods_of
from demandsim.localise.quality import Quality
from demandsim.localise.rules import kinds
from demandsim.localise.table import Table
from demandsim.localise.workforce import workforce_figures
from demandsim.localise.years import closes, label, opens
from demandsim.problems import Problem, UserError

_HELP = "docs/how-to/localise.md"
#: Births so far apart are of two children.
_OTHER_CHILD = timedelta(days=2 * 365)
#: In a return with so many dates in its year something happens in its last weeks.
_MANY, _EARLY = 100, timedelta(days=60)


def those(tables: Sequence[Table], *names: str) -> list[Table]:
    """Return the tables of some kinds."""
    return [table for table in tables if table.kind and table.kind.id in names]


def count_children(tables: Sequence[Table], counted: Findings, quality: Quality, month_first: bool) -> None:
    """Count the returns of children: the ids of both are joined first."""
    care = those(tables, "care_episodes", "care_header", "care_unaccompanied")
    need = [table for table in tables if table.kind and table.kind.id.startswith("need_")]
    for table in (*care, *need):
        read_dates(table, quality, month_first)
    join_ids([*care, *need], quality)
    looked_after: Care | None = None
    episodes = [table for table in those(care, "care_episodes") if len(table)]
    _check_years(episodes, years_of_returns(episodes), "an SSDA903 return")
    if episodes:
        looked_after = _count_care(episodes, care, counted, quality)
    if those(need, "need_cases"):
        _count_need(need, looked_after, counted, quality)


def _count_care(episodes: Sequence[Table], care: Sequence[Table], counted: Findings, quality: Quality) -> Care:
    years = years_of_returns(episodes)
    returns = sorted(set(years))
    rows = episodes_of(episodes, quality)
    of_group = {table.group: year for table, year in zip(episodes, years, strict=True)}
    births = _births(those(care, "care_header"), of_group, rows.keys(), quality)
    first = {child: of_child[0].start for child, of_child in rows.items()}
    for child, born in list(births.items()):
        if child in first and born > first[child]:
            quality.note(episodes[-1].file, "SSDA903 episodes", "birth_after")
            del births[child]
    tables_alone = those(care, "care_unaccompanied")
    alone = {child for table in tables_alone for child in table.text("child")}
    told_alone = {of_group.get(table.group) for table in tables_alone}
    told_alone |= {of for table, of in zip(episodes, years, strict=True) if table.is_whole}
    # A table in a folder of its own, or beside the episodes of several years, is of all.
    groups = [table.group for table in episodes]
    of_all = None in told_alone or any(groups.count(table.group) > 1 for table in tables_alone)
    found = Care(
        periods_of(rows, births, returns, quality),
        births,
        alone,
        returns,
        [year for year in returns if of_all or year in told_alone],
    )
    for year in returns:
        used = [table for table, of in zip(episodes, years, strict=True) if of <= year]
        counter = Counter(year, tuple(Source(table.file, table.sha256) for table in used))
        count_care(found, counter, quality)
        counted.add(counter.figures, counter.tallies)
    return found


def _births(headers: Sequence[Table], of_group: dict[str, int], children: object, quality: Quality) -> dict[str, date]:
    """Return the date of birth of each child: the latest return's; none of one whose births lie years apart."""
    found: dict[str, date] = {}
    two: set[str] = set()
    for _, table in sorted(enumerate(headers), key=lambda one: (of_group.get(one[1].group, 0), one[0])):
        if mostly_firsts(table.days("dob")):
            quality.note(table.file, table.words, "births_first")
        for child, born, line in zip(table.text("child"), table.days("dob"), table.lines, strict=True):
            if born is None or born < FIRST:
                quality.note(table.file, table.words, "birth_blank", line)
                continue
            if found.get(child, born) != born:
                far = abs(found[child] - born) > _OTHER_CHILD
                quality.note(table.file, table.words, "birth_far" if far else "birth_changed", line)
                two |= {child} if far else set()
            found[child] = born
    return {child: born for child, born in found.items() if child not in two}


def _count_need(need: Sequence[Table], care: Care | None, counted: Findings, quality: Quality) -> None:
    _check_folders(need)
    years = years_of_census(need)
    of_cases = [table for table in those(need, "need_cases") if len(table)]
    _check_years(of_cases, [years.get(table.group, 0) for table in of_cases], "a children in need census")
    cases = without_those_on_open_cases(cases_of(need, years, quality), quality)
    births: dict[str, date] = {}
    for table in those(need, "need_children"):
        born_on = zip(table.text("child"), table.days("personbirthdate"), strict=True)
        births |= {child: day for child, day in born_on if day and day >= FIRST}
        expected = table.days("expectedpersonbirthdate")
        for born, due, line in zip(table.days("personbirthdate"), expected, table.lines, strict=True):
            if born is None:
                quality.note(table.file, table.words, "birth_expected" if due else "birth_blank", line)
    returns = sorted({years[table.group] for table in those(need, "need_cases") if table.group in years})
    found = Need(cases, returns, births, care)
    for case in found.from_outside:
        quality.note(case.file, "children in need census, referrals and cases", "from_outside", case.line)
    for year in returns:
        used = [table for table in those(need, "need_cases") if years.get(table.group) in (year - 1, year)]
        counter = Counter(year, tuple(Source(table.file, table.sha256) for table in used))
        count_need(
            found, counter, quality, _given([table for table in need if years.get(table.group) == year], quality)
        )
        counted.add(counter.figures, counter.tallies)


def _check_folders(need: Sequence[Table]) -> None:
    """Refuse two censuses in one folder: nothing tells which of their rows belong together.

    Raises:
        UserError: for each folder with two.
    """
    found: dict[str, list[str]] = {}
    for table in those(need, "need_cases"):
        found.setdefault(table.group, []).append(table.file)
    problems = [
        Problem(files[1], "", f"a second census beside {files[0]}", "each year's tables in a folder of its own", _HELP)
        for files in found.values()
        if len(files) > 1
    ]
    if problems:
        raise UserError(problems)


#: What a census has that is counted, and the columns of referrals and cases without which some counts can't be made.
_TABLES = ("need_cases", "need_assessments", "need_enquiries", "need_plans", "need_reviews")
_COLUMNS, _CONFERENCE = ("referralnfa", "reasonforclosure"), "dateofinitialcpc"


def _given(tables: Sequence[Table], quality: Quality) -> Given:
    """Return which tables and columns a census has; an XML file has all, also those in which nothing stands."""
    whole = any(table.is_whole for table in tables)
    have = {table.kind.id for table in tables if table.kind}
    cases = those(tables, "need_cases")
    columns = {name for table in cases for name in _COLUMNS if any(table.text(name))}
    columns |= {_CONFERENCE for table in those(tables, "need_cases", "need_enquiries") if _CONFERENCE in table.columns}
    for name in _TABLES if not whole else ():
        if name not in have:
            quality.note(cases[0].file, kinds()[name].words, "not_given")
    for name in (*_COLUMNS, *([_CONFERENCE] if whole or "need_enquiries" in have else [])):
        if name not in columns:
            quality.note(cases[0].file, cases[0].words, "column_not_given", about=name)
    return Given(frozenset(_TABLES if whole else have), frozenset(columns))


def _check_years(tables: Sequence[Table], years: Sequence[int], words: str) -> None:
    """Refuse two returns of one year: a draft and the final one, or those of two authorities, would be added up; and a
    return that stops long before its year does.

    Raises:
        UserError: for each second return, and each that ends too early.
    """
    first: dict[int, str] = {}
    problems = []
    for table, year in zip(tables, years, strict=True):
        other = first.setdefault(year, table.file)
        if other != table.file:
            found = f"{words} of {label(year)} beside {other}"
            expected = "one of each year, of one authority; parts of one return are to be joined in one file"
            problems.append(Problem(table.file, "", found, expected, _HELP))
        days = [day for column in table.dates.values() for day in column if day and day < closes(year)]
        of_year = [day for day in days if day >= opens(year)]
        # One day that is mistyped makes no year whole.
        last = sorted(of_year)[-1 - len(of_year) // _MANY] if of_year else None
        if last and len(of_year) >= _MANY and closes(year) - last > _EARLY:
            found = f"{words} of {label(year)} in which hardly anything happens after {last:%B %Y}"
            expected = "a whole year; of a census drawn later, its ReferenceDate, or nothing after 31 March"
            problems.append(Problem(table.file, "", found, expected, _HELP))
    if problems:
        raise UserError(problems)


def count_workers(tables: Sequence[Table], counted: Findings, quality: Quality, month_first: bool) -> None:
    """Count the workforce censuses."""
    workers = those(tables, "workers")
    for table in workers:
        read_dates(table, quality, month_first)
    counted.add(workforce_figures(workers, those(tables, "vacancies"), quality))
