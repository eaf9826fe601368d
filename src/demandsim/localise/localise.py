"""From files to a scenario of one authority: read, told apart, counted, made safe to show, and written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from demandsim.evidence import targets
from demandsim.localise.authority import Authority, find_authority, plain
from demandsim.localise.count_returns import count_children, count_workers, those
from demandsim.localise.deflator import deflator_figures
from demandsim.localise.disclosure import disclosed
from demandsim.localise.figures import Findings, Source
from demandsim.localise.parameters import local_values, stays_england
from demandsim.localise.published import published_figures
from demandsim.localise.quality import Quality
from demandsim.localise.recognise import read_tables
from demandsim.localise.rules import kinds
from demandsim.localise.shown import LocalValue, Shown
from demandsim.localise.spending import spending_figures
from demandsim.localise.table import Table
from demandsim.localise.years import label
from demandsim.problems import Problem, UserError
from demandsim.results.measures import MEASURES
from demandsim.scenario.read import read_scenario

#: Part of a table's rows that may be dropped before somebody has to look.
MOST_DROPPED = 0.02
#: Spend for each child so many times England's, or so small a part of it, is a unit that was misread.
_OFF_SCALE = 20.0
#: Reasons that are told where nothing is left.
_REASONS = 4
_HELP = "docs/how-to/localise.md"
_WORKBOOKS = (".xlsx", ".xls", ".ods", ".xlsm")
#: Called with what is being done, the steps done, and how many there are.
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Localised:
    """What files say of an authority.

    Attributes:
        authority: its name.
        base: year of the scenario.
        children: aged 0 to 17 in it.
        counted: every figure, exact.
        shown: the figures that may be shown: exact with `--private`.
        hidden: figures that may not.
        values: of parameters.
        refused: values that the model can't take.
        stays: what stays England's.
        quality: what happened to rows.
        england: figures of 2013-14 for as many children.
        private: whether figures are exact.
    """

    authority: str
    base: int
    children: float
    counted: Findings
    shown: Findings
    hidden: list[tuple[str, int]]
    values: list[LocalValue]
    refused: list[str]
    stays: list[str]
    quality: Quality
    england: dict[str, float] = field(default_factory=dict)
    private: bool = False


def localise(
    la: str,
    base: int,
    paths: Sequence[Path],
    children: float | None = None,
    month_first: bool = False,
    private: bool = False,
    accept: bool = False,
    on_progress: Progress = lambda done, wanted: None,
) -> Localised:
    """Read files of an authority, and count what a scenario, its targets and its forecasts need.

    Args:
        la: name or code of the authority.
        base: calendar year in which the base year starts.
        paths: files, in any order.
        children: aged 0 to 17; from a published table unless given.
        month_first: whether dates with slashes have the month first.
        private: whether to keep exact counts.
        accept: whether to go on where over 2% of a table's rows are dropped.
        on_progress: told how far it is.

    Raises:
        UserError: with everything that keeps the files from being read, or from being the authority's of that year.
    """
    quality, problems = Quality(), list[Problem]()
    tables = read_tables(_files(paths, quality), quality, frozenset(paths))
    on_progress(1, 5)
    authority = find_authority(la, base, tables)
    for file, code in {table.file: table.about.get("authority", "") for table in tables}.items():
        if code and plain(code) not in authority.keys:
            quality.note(file, "header", "authority_code", about=code if code.isdigit() else "")
    counted = Findings()
    count_children(tables, counted, quality, month_first)
    on_progress(2, 5)
    count_workers(tables, counted, quality, month_first)
    counted.add(spending_figures(those(tables, "outturn"), authority, quality, problems))
    counted.add(deflator_figures(those(tables, "deflator"), base, quality, problems))
    own = set(counted.figures)
    published = published_figures([table for table in tables if table.kind is None], authority, quality, problems)
    for figure in published:
        if (figure.measure, figure.year) in own:
            quality.note(figure.sources[0].file, "published table", "own_return_wins", about=figure.measure)
    counted.add(published)
    on_progress(3, 5)
    _not_read(tables, quality)
    problems += [] if accept else _too_much_dropped(quality)
    number = children or counted.value("population", base)
    problems += _missing(counted, base, number, authority, quality)
    problems += _out_of_scale(counted, number)
    if problems:
        raise UserError(problems)
    assert number is not None
    return _localised(authority, base, number, counted, quality, private)


def _localised(
    authority: Authority, base: int, children: float, counted: Findings, quality: Quality, private: bool
) -> Localised:
    shown, hidden = (counted, []) if private else disclosed(counted)
    england = read_scenario("baseline")
    values, refused = local_values(Shown(shown, base, children, england))
    size = LocalValue(
        "population.children", children, "children aged 0 to 17", _sources_of_population(counted, base), int(children)
    )
    scale = children / float(england.at_start()["population.england"])
    beside = {
        one.measure: one.value * (scale if MEASURES[one.measure].scales and one.of_england else 1.0)
        for one in targets()
        if one.year in ("2013-14", "2012-13")
    }
    every = [size, *values]
    stays = stays_england(every, base)
    return Localised(
        *(authority.name, base, children, counted, shown, hidden, every, refused, stays, quality, beside, private)
    )


def _files(paths: Sequence[Path], quality: Quality) -> list[Path]:
    """Return files, those inside folders among them.

    Raises:
        UserError: none is given, or one is not there.
    """
    found, problems = [], []
    for path in paths:
        if path.is_dir():
            every = sorted(one for one in path.rglob("*") if one.is_file())
            found += [one for one in every if one.suffix.lower() in (".csv", ".xml", ".tsv", ".txt")]
            for one in every:
                if one.suffix.lower() in _WORKBOOKS:
                    quality.note(one.name, "workbook", "workbook_not_read")
        elif path.is_file():
            found.append(path)
        else:
            problems.append(Problem(path.name, "", "no such file", "a file or a folder of a return", _HELP))
    if not found and not problems:
        books = ", ".join(sorted({note.file for note in quality.notes if note.reason.id == "workbook_not_read"}))
        what = f"no CSV or XML file, only {books}: save its sheets as CSV" if books else "no CSV or XML file"
        problems.append(Problem("FILES", "", what, "one or more", _HELP))
    if problems:
        raise UserError(problems)
    return list(dict.fromkeys(found))


def _not_read(tables: Sequence[Table], quality: Quality) -> None:
    for table in those(tables, "care_missing", "care_other", "need_other"):
        quality.note(table.file, table.words, "table_not_read")


def _too_much_dropped(quality: Quality) -> list[Problem]:
    found = []
    for (file, table), read in sorted(quality.read.items()):
        if table == kinds()["deflator"].words:  # has footnotes below its rows
            continue
        grave = [
            note
            for note in quality.notes
            if (note.file, note.table) == (file, table)
            and (note.reason.effect == "dropped" or note.reason.id == "code_not_known")
        ]
        unknown = max((note.rows for note in grave if note.reason.id == "code_not_known"), default=0)
        dropped = max(quality.effect(file, table, "dropped"), unknown)
        if dropped > max(1, MOST_DROPPED * read):
            why = {note.reason.words + (f": {note.about}" if note.about else "") for note in grave}
            found.append(
                Problem(
                    file,
                    table,
                    f"over {100 * MOST_DROPPED:.0f}% of the rows can't be read ({'; '.join(sorted(why))})",
                    f"at most {100 * MOST_DROPPED:.0f}%",
                    "mend the file; or --accept, to go on without what can't be read",
                )
            )
    return found


def _out_of_scale(counted: Findings, children: float | None) -> list[Problem]:
    """Return problems with spend for each child that no authority has: pounds taken for thousands, or the reverse."""
    england = float(read_scenario("baseline").at_start()["population.england"])
    usual = {one.measure: 1e6 * one.value / england for one in targets() if one.measure.startswith("spend_")}
    wrong: dict[tuple[str, int], Problem] = {}
    for figure in counted.figures.values():
        number = counted.value("population", figure.year) or children
        if figure.measure not in usual or not number or not figure.value:
            continue
        a_child, of_england = 1e6 * figure.value / number, usual[figure.measure]
        if not of_england / _OFF_SCALE <= a_child <= of_england * _OFF_SCALE:
            found = f"£{a_child:,.2f} a child in {figure.label} ({MEASURES[figure.measure].label.lower()})"
            expected = f"about £{of_england:,.0f}, as in England; or a heading that says pounds or thousands"
            file = figure.sources[0].file
            wrong.setdefault((file, figure.year), Problem(file, "", found, expected, _HELP))
    return list(wrong.values())


def _missing(
    counted: Findings, base: int, children: float | None, authority: Authority, quality: Quality
) -> list[Problem]:
    found = []
    if not children:
        expected = (
            "--children with the number aged 0 to 17; or the published table of looked after children of that year"
        )
        found.append(
            Problem("--children", "", f"nobody says how many children live in {authority.name}", expected, _HELP)
        )
    years = sorted({figure.year for figure in counted.figures.values() if figure.measure in MEASURES})
    if base not in years:
        have = ", ".join(label(year) for year in years) or "no year"
        expected = "a year of which there is a file"
        gone = [one for one in quality.notes if one.reason.effect in ("dropped", "left out", "absent")]
        why = "".join(f"; {one.file}: {one.reason.words}" for one in gone[:_REASONS])
        found.append(Problem("--base", "", f"{label(base)}; the files have figures of {have}{why}", expected, _HELP))
    return found


def _sources_of_population(counted: Findings, base: int) -> tuple[Source, ...]:
    figure = counted.figures.get(("population", base))
    return figure.sources if figure else ()
