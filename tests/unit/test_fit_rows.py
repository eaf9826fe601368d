"""Figures to be fitted: those that ship, and a user's own file, read strictly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from demandsim.evidence import targets
from demandsim.problems import UserError
from demandsim.results.fit_rows import HEADING, contradictions, gaps, of_other_years, read_targets, rows_of
from demandsim.scenario.read import read_scenario

BASELINE = read_scenario("baseline")


def _file(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "figures.csv"
    path.write_text("\n".join([",".join(HEADING), *lines]) + "\n", encoding="utf-8")
    return path


def _problems(tmp_path: Path, *lines: str) -> list[str]:
    with pytest.raises(UserError) as caught:
        read_targets(_file(tmp_path, *lines))
    return [str(problem) for problem in caught.value.problems]


def test_what_is_held_out_or_circular_is_never_fitted() -> None:
    rows = rows_of(targets(), BASELINE.circular_targets(), BASELINE.scale_to_england)
    assert {row.target.use for row in rows} == {"calibrate"}
    assert not {row.target.id for row in rows} & BASELINE.circular_targets()
    assert len(rows) == 61
    assert not contradictions(targets(), "targets.csv")


def test_gaps_are_in_halves_of_a_tolerance_and_of_englands_size() -> None:
    rows = rows_of(targets(), BASELINE.circular_targets(), BASELINE.scale_to_england)
    exact = np.array([row.target.value / row.copies for row in rows])
    assert gaps(rows, exact) == pytest.approx(np.zeros(len(rows)), abs=1e-9)
    edge = np.array([(row.target.value + (row.target.tolerance or 0)) / row.copies for row in rows])
    assert gaps(rows, edge) == pytest.approx(np.full(len(rows), 2.0))
    assert {row.copies for row in rows} == {1.0, BASELINE.scale_to_england}


def test_an_authoritys_own_figures_are_of_its_own_size(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "L1,referrals,5000,authority,2013-14,5,%,calibrate,our own count,",
        "L2,looked_after,500,authority,2013-14,10,number,calibrate,SSDA903,",
    )
    read = read_targets(path)
    assert [(one.id, one.value, one.tolerance, one.of_england) for one in read] == [
        ("L1", 5000.0, 250.0, False),
        ("L2", 500.0, 10.0, False),
    ]
    assert [row.copies for row in rows_of(read, frozenset(), 152.0)] == [1.0, 1.0]


def test_everything_wrong_in_a_file_is_said_at_once(tmp_path: Path) -> None:
    found = _problems(
        tmp_path,
        'L1,referals,"5,00",authority,2013-14,5,%,calibrate,,',
        "L2,looked_after,-1,borough,2013-14,0,percent,fit,,",
        "L3,referrals,500000,England,2019-20,,%,calibrate,,",
        "L4,referrals,5000",
    )
    text = "\n".join(found)
    for words in (
        "line 2, value: found '5,00'",
        "line 2, measure: found 'referals': no measure of that name (did you mean 'referrals', Referrals?)",
        "line 3, value: found '-1'",
        "line 3, scale: found 'borough'",
        "line 3, tolerance: found '0'",
        "line 3, tolerance_unit: found 'percent'",
        "line 3, use: found 'fit'",
        "line 4, tolerance: found nothing",
        "line 4, year: found '2019-20'",
        "line 5: found 3 cells",
    ):
        assert words in text


def test_an_authoritys_own_figures_are_of_the_year_that_its_scenario_starts_in_or_the_one_before(
    tmp_path: Path,
) -> None:
    read = read_targets(
        _file(
            tmp_path,
            "L1,referrals,5000,authority,2019-20,5,%,calibrate,,",
            "L2,plans,300,authority,2018-19,5,%,calibrate,,",
            "L3,enquiries,900,authority,2021-22,5,%,validate,,",
        )
    )
    assert of_other_years(read, 2019) == []
    (problem,) = of_other_years(read, 2013)
    assert problem.found == "2018-19, 2019-20"
    (problem,) = of_other_years(read, 2020)
    assert problem.found == "2018-19"


def test_a_row_that_is_held_out_is_not_to_be_fitted(tmp_path: Path) -> None:
    one = next(target for target in targets() if target.use == "validate" and target.year == "2013-14")
    (problem,) = _problems(tmp_path, f"{one.id},{one.measure},1,England,2013-14,5,%,calibrate,,")
    assert "it is held out and never fitted" in problem


def test_the_file_that_ships_is_read_as_it_is() -> None:
    read = read_targets(ROOT / "src/demandsim/evidence/targets.csv")
    assert [(one.id, one.measure, one.value, one.use) for one in read] == [
        (one.id, one.measure, one.value, one.use) for one in targets()
    ]


def test_a_file_to_validate_against_needs_no_row_to_fit(tmp_path: Path) -> None:
    path = _file(tmp_path, "L1,referrals,5000,authority,2013-14,5,%,validate,,")
    assert [one.use for one in read_targets(path, to_fit=False)] == ["validate"]
    with pytest.raises(UserError, match="no row to fit"):
        read_targets(path)


def test_figures_that_contradict_one_another_are_told(tmp_path: Path) -> None:
    twice = _problems(
        tmp_path,
        "L1,referrals,5000,authority,2013-14,5,%,calibrate,,",
        "L2,referrals,6000,authority,2013-14,5,%,calibrate,,",
    )
    assert "5000 (L1) and 6000 (L2)" in twice[0]
    part = _problems(
        tmp_path,
        "L1,contacts,4000,authority,2013-14,5,%,calibrate,,",
        "L2,referrals,6000,authority,2013-14,5,%,calibrate,,",
    )
    assert "no part greater than the whole" in part[0]


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(UserError, match="can't be read"):
            read_targets(path)
    other = tmp_path / "other.csv"
    other.write_text("measure,value\n", encoding="utf-8")
    with pytest.raises(UserError, match="id,measure,value"):
        read_targets(other)
    with pytest.raises(UserError, match="no row to fit"):
        read_targets(_file(tmp_path, "L1,referrals,5000,authority,2013-14,5,%,validate,,"))
