"""Tables of a comparison: under each picture the numbers it draws, and the headline measures."""

from __future__ import annotations

from collections.abc import Callable

from demandsim.plots.what_ifs import short_names
from demandsim.report.document import Cell, Column, Kind, Table
from demandsim.results.comparison import Against, Array, Comparison, reference_level
from demandsim.results.financing import PAYERS, first_in_deficit, reserves_of
from demandsim.results.measure import Measure
from demandsim.results.measures import MEASURES
from demandsim.results.moved import shown
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.verdict import verdict
from demandsim.results.words import years_of
from demandsim.vocabulary import SpendLine

INTERVAL = "Each number has its 90% interval, in which nine in ten replications lie."
#: What-ifs in a table of measures.
_ABREAST = 2
_CASH = "cash, not discounted"


def measures_of(comparison: Comparison, year: int, key: str) -> list[Table]:
    """Return the headline measures of a year, and those that move most: two what-ifs in a table."""
    named = _named(comparison)
    return [
        _measures(named[first : first + _ABREAST], comparison, year, f"measures_{key}_{first // _ABREAST + 1}")
        for first in range(0, len(named), _ABREAST)
    ]


def _measures(named: list[tuple[Against, str]], comparison: Comparison, year: int, name: str) -> Table:
    label = comparison.reference.year_labels()[year]
    columns = [Column("Measure"), Column("Reference", Kind.LEVEL)]
    for _, short in named:
        columns += [Column(f"{short}: change", Kind.CHANGE), Column(f"{short}: verdict")]
    rows: list[list[Cell]] = []
    for measure in shown(comparison, year):
        usual = named[0][0].estimate(reference_level(comparison.reference, measure, year)).mean
        row: list[Cell] = [f"{measure.label}, {measure.told_in}", usual]
        for other, _ in named:
            row += _change(other, measure, year)
        rows.append(row)
    return Table(
        name,
        f"Measures in {label}, and how each what-if changes them",
        tuple(columns),
        rows,
        f"{INTERVAL} Not told apart: the mean change is within its simulation error. Better, worse: share of "
        "replications; the rest are ties. No view: which way is better is not ours to say.",
    )


def _change(other: Against, measure: Measure, year: int) -> list[Cell]:
    differences = other.measure(measure, year)
    change = other.estimate(differences)
    return [change, verdict(measure, differences, change).words]


def differences(comparison: Comparison, drawn: list[str], key: str) -> list[Table]:
    """Return for each what-if the change of each measure drawn, year by year."""
    measures = [MEASURES[one] for one in drawn]
    labels = comparison.reference.year_labels()
    heads = tuple(Column(f"{one.label}, {one.told_in}", Kind.CHANGE) for one in measures)
    return [
        Table(
            f"changes_{key}_{place}",
            f"{name}: change from the reference by year",
            (Column("Year"), *heads),
            [(labels[year], *(other.change(one, year) for one in measures)) for year in comparison.years],
            INTERVAL,
        )
        for place, (other, name) in enumerate(_named(comparison), start=1)
    ]


def net_cost(comparison: Comparison, key: str) -> Table:
    """Return the cumulative net cost of each what-if by year, and the share that has paid back."""
    labels = comparison.reference.year_labels()[YEARS_BEFORE:]
    columns, cells = [Column("By the end of")], [[label] for label in labels]
    rows: list[list[Cell]] = [list(row) for row in cells]
    for other, name in _named(comparison):
        columns += [Column(f"{name}, £ million", Kind.CHANGE), Column(f"{name}: paid back", Kind.SHARE)]
        for place, row in enumerate(rows, start=1):
            row += [other.estimate(other.net_cost.at_year(place)), other.net_cost.paid_back_by(12 * place)]
    return Table(
        f"net_cost_{key}",
        f"Cumulative net cost, £ million, {comparison.money_words}",
        tuple(columns),
        rows,
        f"{INTERVAL} Paid back: share of replications with a cumulative net cost at or below zero at the end of that "
        "year and of every month after it, to the last one simulated.",
    )


def who_pays(comparison: Comparison, key: str) -> Table:
    """Return who pays for each what-if over the run, and the reserves it ends with."""
    rows: list[list[Cell]] = [
        [payer.heading, *(other.estimate(other.financing.paid_by(payer)) for other in comparison.others)]
        for payer in PAYERS
    ]
    rows.append(_row(comparison, "Net cost", lambda other: other.estimate(other.financing.net_cost)))
    rows.append(
        _row(
            comparison, "What is left: reserves at the end", lambda other: other.estimate(reserves_of(other.run)[:, -1])
        )
    )
    first = first_in_deficit(comparison.reference)
    end = comparison.others[0].estimate(reserves_of(comparison.reference)[:, -1])
    when = [f"{name}: {first_in_deficit(other.run) or 'never'}" for other, name in _named(comparison)]
    return Table(
        f"who_pays_{key}",
        f"Who pays over {years_of(len(comparison.years))}, £ million, {_CASH}",
        (Column("Paid by"), *(Column(f"{name}, £ million", Kind.CHANGE) for name in short_names(comparison))),
        rows,
        f"{INTERVAL} The payers add up to the net cost. Below zero: budget given up, reserves kept, or a deficit or "
        f"payment avoided. Reserves of the reference at the end: {end.mean:.2f}. First year at whose end half the "
        f"replications are in deficit: reference: {first or 'never'}; {'; '.join(when)}.",
    )


def lines(comparison: Comparison, key: str) -> Table:
    """Return the net cost of each what-if over the run by spending line."""
    rows: list[list[Cell]] = [
        [label.capitalize(), *(other.estimate(_over(other)[:, line]) for other in comparison.others)]
        for line, label in enumerate(SpendLine.words.labels())
    ]
    rows.append(_row(comparison, "Net cost", lambda other: other.estimate(_over(other).sum(axis=1))))
    return Table(
        f"lines_{key}",
        f"Net cost over {years_of(len(comparison.years))} by spending line, £ million, {comparison.money_words}",
        (Column("Line"), *(Column(f"{name}, £ million", Kind.CHANGE) for name in short_names(comparison))),
        rows,
        INTERVAL,
    )


def reserves(comparison: Comparison, key: str) -> Table:
    """Return reserves on 31 March of the reference and of each what-if."""
    labels = comparison.reference.year_labels()[YEARS_BEFORE:]
    runs = [comparison.reference, *(other.run for other in comparison.others)]
    estimate = comparison.others[0].estimate
    return Table(
        f"reserves_{key}",
        f"Reserves on 31 March, £ million, {_CASH}",
        (
            Column("At the end of"),
            *(Column(f"{name}, £ million", Kind.CHANGE) for name in ("Reference", *short_names(comparison))),
        ),
        [
            (label, *(estimate(reserves_of(run)[:, place]) for run in runs))
            for place, label in enumerate(labels, start=1)
        ],
        f"{INTERVAL} Below zero: a deficit.",
    )


def cost_and_outcome(comparison: Comparison, key: str) -> Table:
    """Return the net cost of each what-if beside the care-years it avoids, and the net benefit if they have a value."""
    worth = comparison.terms.care_year_value
    return Table(
        f"cost_and_outcome_{key}",
        f"Net cost and care-years avoided over {years_of(len(comparison.years))}",
        (
            Column("What-if"),
            Column("Care-years avoided", Kind.CHANGE),
            Column("Net cost, £ million", Kind.CHANGE),
            *([Column(f"Net benefit at £{worth:,.0f} a care-year, £ million", Kind.CHANGE)] if worth else []),
        ),
        [
            (
                name,
                other.estimate(other.care_years_avoided),
                other.estimate(other.net_cost.at_year(len(comparison.years))),
                *([other.estimate(other.net_benefit)] if worth else []),
            )
            for other, name in _named(comparison)
        ],
        f"{INTERVAL} Care-year: a child looked after for a year.",
    )


def ranking(comparison: Comparison, key: str) -> Table:
    """Return the scenarios by children looked after at the end."""
    return Table(
        f"fewest_{key}",
        "Children looked after at the end, fewest first",
        (
            Column("Scenario"),
            Column("Children looked after", Kind.LEVEL),
            Column("Alone has the fewest", Kind.SHARE),
            Column("Against the one above"),
        ),
        [
            (rank.name, rank.level, rank.fewest, "not told apart" if rank.tied else "told apart" if place else "first")
            for place, rank in enumerate(comparison.ranking())
        ],
        "Alone has the fewest: share of replications.",
    )


def _named(comparison: Comparison) -> list[tuple[Against, str]]:
    return list(zip(comparison.others, short_names(comparison), strict=True))


def _row(comparison: Comparison, label: str, of: Callable[[Against], Cell]) -> list[Cell]:
    return [label, *(of(other) for other in comparison.others)]


def _over(other: Against) -> Array:
    over: Array = other.extra_spend.sum(axis=1) / 1e6
    return over
