"""The part of a report that tells a comparison: answers, changes, money, and what the answers turn on."""

from __future__ import annotations

from demandsim.plots import findings
from demandsim.plots.cost_and_outcome import plane
from demandsim.plots.differences import differences
from demandsim.plots.money import money
from demandsim.plots.what_ifs import short_names
from demandsim.plots.where_the_money_moved import where_the_money_moved
from demandsim.report import tables_of_comparison as tables
from demandsim.report.document import Block, Figure, Heading, Listing, Section, Table, Text, in_parts
from demandsim.report.scenario_of import changes_of, why_of
from demandsim.report.turns_on import turns_on
from demandsim.report.typed import typed
from demandsim.results.answer import answer, main_points
from demandsim.results.comparison import Comparison
from demandsim.results.comparison_tables import money_rows, rows
from demandsim.results.structures import Structured
from demandsim.results.words import listed

_EVIDENCE = (
    "V, T, O, P and R with a number, as V041, are rows of the evidence that ships with the model. V is an effect, T a "
    "target; O, P and R are registers of what was published or found. Under Assumptions they stand as sources."
)
#: So many what-ifs have a main point each.
_FEW = 4


def points(comparison: Comparison, year: int | None = None) -> list[str]:
    """Return what was found: of each what-if while they are few, each line with its interval, else of all together."""
    year = comparison.years[-1] if year is None else year
    if len(comparison.others) <= _FEW:
        several = len(comparison.others) > 1
        lines = [
            f"{name}. {line}" if several else line
            for other, name in zip(comparison.others, short_names(comparison), strict=True)
            for line in main_points(comparison, other, year)
        ]
        return lines + [f"{findings.outcome_title(comparison)}."] * several
    every = (findings.children_title, findings.money_title, findings.outcome_title, findings.lines_title)
    return [f"{title(comparison)}." for title in every]


def sections(structured: Structured, year: int, key: str) -> list[Section]:
    """Return the sections of a comparison.

    Args:
        structured: the comparison, and the same under other structures.
        year: place in the tables of the year by which changes are told.
        key: a letter that sets it apart from other comparisons of the report.
    """
    comparison = structured.main
    return [
        Section(f"answer_{key}", "What each what-if does", tuple(_answers(comparison, year))),
        Section(f"changes_{key}", "What changes", tuple(_changes(comparison, year, key))),
        Section(f"money_{key}", "What it costs and who pays", tuple(_money(comparison, key))),
        Section(f"turns_on_{key}", "What the answers turn on", tuple(turns_on(structured, year, key))),
    ]


def _answers(comparison: Comparison, year: int) -> list[Block]:
    blocks: list[Block] = []
    for other in comparison.others:
        blocks += [Heading(other.name), Text(answer(comparison, other, year))]
        why, changes = why_of(other.run), changes_of(other.run, comparison.reference)
        blocks += [Text(f"The question, as the scenario puts it. {why}")] * bool(why)
        if changes:
            blocks += [Text("What it changes in the reference:"), Listing([one.words for one in changes])]
    return [*blocks, Text(_brackets(comparison)), Text(_EVIDENCE)]


def _brackets(comparison: Comparison) -> str:
    manifest = comparison.reference.manifest
    if manifest.replications == 1:
        return "With one replication there are no intervals, and nothing is told apart."
    return (
        "In brackets: 90% intervals, in which nine in ten replications lie. "
        f"They hold {manifest.intervals}. Not told apart: the mean change is within its simulation error."
    )


def _changes(comparison: Comparison, year: int, key: str) -> list[Block]:
    picture = differences(comparison)
    drawn = list(dict.fromkeys(row[1] for row in picture.rows[1:]))
    blocks: list[Block] = [Figure(picture, comparison.reference.manifest)]
    blocks += tables.differences(comparison, drawn, key)
    label = comparison.reference.year_labels()[year]
    blocks += [
        Heading(f"Headline measures in {label}"),
        Text("Below the headline measures stand other measures that change most."),
        *tables.measures_of(comparison, year, key),
    ]
    blocks += [tables.ranking(comparison, key)] * (len(comparison.others) > 1)
    return blocks


def _money(comparison: Comparison, key: str) -> list[Block]:
    manifest = comparison.reference.manifest
    return [
        Figure(money(comparison), manifest),
        *in_parts(tables.net_cost(comparison, key), 2, 3),
        *in_parts(tables.who_pays(comparison, key), 1, 4),
        Figure(where_the_money_moved(comparison), manifest),
        *in_parts(tables.lines(comparison, key), 1, 4),
        *in_parts(tables.reserves(comparison, key), 1, 5),
        Figure(plane(comparison), manifest),
        tables.cost_and_outcome(comparison, key),
    ]


def data(comparison: Comparison, key: str) -> list[Table]:
    """Return the long tables of a comparison: what its CSV files hold."""
    names = ", ".join(short_names(comparison))
    return [
        typed(f"every_year_{key}", f"Every headline measure of every year: {names}", rows(comparison)),
        typed(f"every_month_{key}", f"Cumulative net cost month by month: {names}", money_rows(comparison)),
    ]


def title_of(comparison: Comparison) -> str:
    """Return the title of a report on one comparison."""
    names = short_names(comparison)
    return listed(names) if len(names) <= _FEW else f"{len(names)} what-ifs: {', '.join(names)}"
