"""The dictionary beside the results says what each column is counted in."""

from __future__ import annotations

import pytest

from demandsim.model.spells import SPELL_COLUMNS
from demandsim.results.store import spell_table
from demandsim.results.tables import meanings

UNITS = {name: unit for name, _, unit, _ in meanings()}


@pytest.mark.parametrize(
    ("column", "unit"),
    [
        ("at end: reserves", "pounds"),
        ("at end: forecast_overspend", "pounds"),
        ("at end: posts", "full-time equivalents"),
        ("at end: workers_in_post", "full-time equivalents"),
        ("at end: workers_agency", "full-time equivalents"),
        ("at end: places_homes", "places"),
        ("at end: cases_room", "cases"),
        ("at end: proceedings", "applications"),
        ("at end: looked_after", "children"),
        ("in month: hours_wanted", "hours per month"),
        ("in month: prevention_cut", "pounds per month"),
        ("in month: unallocated_days", "days per month"),
        ("in month: referrals", "per month"),
        ("pence: own foster carers", "pence"),
        ("on 31 March: care_leavers_18", "children"),
    ],
)
def test_columns_have_their_own_units(column: str, unit: str) -> None:
    assert UNITS.get(column) == unit


def test_nothing_but_children_is_counted_in_children() -> None:
    for column, _, unit, meaning in meanings():
        if any(word in meaning for word in ("in pounds", "full-time", "posts", "places with", "places in", "hours ")):
            assert unit not in ("children", "per month"), column


def test_the_file_of_spells_has_every_column_in_order() -> None:
    spell = (8, 2, "looked after", "period 1", 1.5, None, "", "2009-07", "other", "remand")
    table = spell_table(3, [spell])
    assert [name.removesuffix("_day") for name in table.column_names] == ["replication", *SPELL_COLUMNS]
    assert tuple(table.to_pylist()[0].values()) == (3, *spell)
    assert spell_table(3, []).schema == table.schema
