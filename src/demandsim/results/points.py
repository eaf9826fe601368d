"""What is kept of each point of a sweep: every measure of every year, so that other questions need no new run.

A point is a scenario with one set of values; its file is named for what it holds, so sweeps that meet at a point, a
solve after a sweep, and the same command after it was stopped all find it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from demandsim.calendars import financial_year
from demandsim.problems import Problem, UserError, did_you_mean
from demandsim.results.atomic_write import write_parquet, writing
from demandsim.results.measure import Quantity
from demandsim.results.measures import MEASURES, headline_measures
from demandsim.results.tables import YEARS_BEFORE, Tables
from demandsim.results.year import Year

Array = NDArray[np.float64]

FOLDER = "points"


@dataclass(frozen=True, slots=True)
class Asked:
    """Something a sweep or a solve can be asked about.

    Attributes:
        id: its name on the command line.
        label, unit: as a chart has them.
        quantity: what kind of number it is.
    """

    id: str
    label: str
    unit: str
    quantity: Quantity


#: Money over the whole run, which no single year has: what is spent against a reference, and whether it comes back.
EXTRA_SPEND = Asked("extra_spend", "Spend since the start", "£ million", Quantity.MONEY)
_SPENT = ("spend_prevention", "spend_intervention")
#: Key of the digest in the metadata of a point's file.
_DIGEST = b"demandsim sha256"
_COLUMN = {name: place for place, name in enumerate(MEASURES)}


def amount(value: float, of: Asked) -> str:
    """Return a number with its unit, as a sentence has it."""
    text = f"{abs(value):,.0f}" if abs(value) >= 1000 else f"{abs(value):.3g}"
    sign = "-" if value < 0 else ""
    if of.quantity is Quantity.MONEY:
        return f"{sign}£{text}{of.unit[1:]}"
    return f"{sign}{text}%" if of.quantity is Quantity.SHARE else f"{sign}{text} {of.unit}"


def asked(names: Iterable[str]) -> tuple[Asked, ...]:
    """Return what is meant by the names of measures.

    Raises:
        UserError: with every name that means nothing.
    """
    known = {name: Asked(name, one.label, one.told_in, one.quantity) for name, one in MEASURES.items()}
    known[EXTRA_SPEND.id] = EXTRA_SPEND
    names = list(dict.fromkeys(names))
    some = ", ".join([*(measure.id for measure in headline_measures()), EXTRA_SPEND.id])
    problems = [
        Problem(
            "--measure",
            name,
            "no measure of that name" + did_you_mean(name, known, {one: about.label for one, about in known.items()}),
            f"one of: {some}; or another of the {len(MEASURES)} in summary.csv",
            "demandsim run baseline, whose summary.csv has them all",
        )
        for name in names
        if name not in known
    ]
    if problems:
        raise UserError(problems)
    return tuple(known[name] for name in names)


def place_of_year(labels: list[str], given: str | None, option: str = "--at") -> int:
    """Return the place of a year among those simulated; the last one's if none is given.

    Args:
        labels: of the years, as 2017-18.
        given: a label, or a date, which means the financial year it lies in.
        option: where it was given.

    Raises:
        UserError: it isn't among them.
    """
    if given is None:
        return len(labels) - 1
    label = given
    try:
        day = date.fromisoformat(given)
    except ValueError:
        pass
    else:
        label = financial_year(day.year - (day.month < 4))
    if label not in labels:
        expected = f"one of: {', '.join(labels)}; or a date in one of them, as {labels[-1][:2]}{labels[-1][-2:]}-03-31"
        raise UserError(Problem(option, "", repr(given), expected))
    return labels.index(label)


def measured(tables: Tables) -> Array:
    """Return every measure of every year from the start on, (year, measure), of one replication's tables."""
    whole = {name: table[np.newaxis] for name, table in tables.items()}
    years = range(YEARS_BEFORE, whole["census"].shape[1])
    return np.array([[measure.of(Year(whole, year))[0] for measure in MEASURES.values()] for year in years])


def taken(values: Array, questions: tuple[Asked, ...]) -> Array:
    """Return what was asked from what was measured: (year, question)."""
    so_far = values[:, [_COLUMN[name] for name in _SPENT]].sum(axis=1).cumsum()
    columns = [so_far if one is EXTRA_SPEND else values[:, _COLUMN[one.id]] for one in questions]
    return np.stack(columns, axis=1)


def index_of(reference: Array, questions: tuple[Asked, ...]) -> Array:
    """Return what to multiply levels with, (year, question): an index has 100 for the mean of the reference.

    Args:
        reference: (replication, year, question).
        questions: as asked.
    """
    scale = np.ones(reference.shape[1:])
    for place, one in enumerate(questions):
        if one.id in MEASURES and MEASURES[one.id].indexed:
            scale[:, place] = 100.0 / np.nanmean(reference[:, :, place], axis=0)
    return scale


def read_point(path: Path) -> dict[int, Array]:
    """Return what is kept of a point: (year, measure) for each replication; nothing if it is not as it was written."""
    try:
        table = pq.read_table(path)
        if table.column_names != ["replication", "year", *MEASURES]:
            return {}
        digest = (table.schema.metadata or {}).get(_DIGEST)
        if digest != _digest(path, table):
            return {}
        replications = table["replication"].to_numpy()
        values = np.stack([table[name].to_numpy() for name in MEASURES], axis=1)
    except (OSError, ValueError, pa.ArrowException):
        return {}
    numbers = sorted(set(replications.tolist()))
    return dict(zip(numbers, values.reshape(len(numbers), -1, len(MEASURES)), strict=True))


def _digest(path: Path, table: pa.Table) -> bytes:
    """Return what changes whenever a value does, or the name of the file, which stands for the scenario."""
    found = hashlib.sha256(path.stem.encode())
    for column in table.columns:
        found.update(np.ascontiguousarray(column.to_numpy()).tobytes())
    return found.hexdigest().encode()


def keep_point(path: Path, found: Mapping[int, Array]) -> None:
    """Write what is known of a point, in place of what was.

    Raises:
        UserError: it can't be written.
    """
    numbers = sorted(found)
    years = len(found[numbers[0]])
    values = np.concatenate([found[number] for number in numbers])
    columns = {
        "replication": np.repeat(np.array(numbers, dtype=np.int32), years),
        "year": np.tile(np.arange(years, dtype=np.int32), len(numbers)),
        **{name: values[:, place] for name, place in _COLUMN.items()},
    }
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        table = pa.table(columns)
        write_parquet(path, table.replace_schema_metadata({_DIGEST: _digest(path, table)}))
