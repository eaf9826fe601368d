"""Published figures as people and the Department write them, and measures without a case."""

from __future__ import annotations

from importlib.resources import files
from math import isnan, nan
from pathlib import Path

import numpy as np
import pytest
from conftest import small, tables_of

from demandsim.evidence import Target, targets
from demandsim.problems import UserError
from demandsim.results.actuals import read_actuals
from demandsim.results.figures import SUPPRESSED, bounds_of, year_in
from demandsim.results.fit_rows import read_targets
from demandsim.results.measures import MEASURES
from demandsim.results.summary import Line, lines
from demandsim.results.uncertainty import Estimate
from demandsim.results.validation import Block, TargetRow


def _actuals(folder: Path, *rows: str) -> Path:
    path = folder / "actuals.csv"
    path.write_text("\n".join(["measure,year,value", *rows]) + "\n", encoding="utf-8")
    return path


def test_figures_are_read_as_they_are_published(tmp_path: Path) -> None:
    path = _actuals(
        tmp_path,
        'looked_after,2014/15,"69,540"',
        "referrals,201415,635600",
        "reserves,2015-16,-120",
        "growth_referrals,2014-15,-3.5",
        "spend_intervention,2014-15,6500",
        ",,",
    )
    read = [(one.measure, one.year, one.value) for one in read_actuals(path)]
    assert read == [
        ("looked_after", "2014-15", 69540),
        ("referrals", "2014-15", 635600),
        ("reserves", "2015-16", -120),
        ("growth_referrals", "2014-15", -3.5),
        ("spend_intervention", "2014-15", 6500),
    ]


@pytest.mark.parametrize("mark", sorted(SUPPRESSED))
def test_a_suppressed_figure_is_left_out_and_said(tmp_path: Path, mark: str) -> None:
    said: list[str] = []
    path = _actuals(tmp_path, f"looked_after,2014-15,{mark}", f"plans,2014-15,{mark.upper()}", "referrals,2014-15,1")
    assert [one.measure for one in read_actuals(path, said.append)] == ["referrals"]
    assert said == [f"{path}: 2 suppressed figures left out."]
    with pytest.raises(UserError, match="1 suppressed figures and no other"):
        read_actuals(_actuals(tmp_path, f"looked_after,2014-15,{mark}"))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("re_referrals,2014-15,120", "from 0 to 100, % of referrals"),
        ("re_referrals,2014-15,-1", "from 0 to 100"),
        ("spend_intervention,2014-15,6500000000", "divide pounds by 1,000,000"),
        ("reserves,2014-15,-6500000000", "divide pounds by 1,000,000"),
        ("looked_after,2014-15,-5", "from 0 to"),
        ("looked_after,2014-15,1_000", "a number, as 69540"),
        ('looked_after,2014-15,"6,95,40"', "a number, as 69540"),
        ("looked_after,2014-15,inf", "a number, as 69540"),
        ("looked_after,2014-16,5", "2014-15 or 2014/15"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_with_its_unit(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        read_actuals(_actuals(tmp_path, row))
    (problem,) = caught.value.problems
    assert said in str(problem)


def test_years_are_read_in_the_forms_that_are_published() -> None:
    assert [year_in(text) for text in ("2014-15", "2014/15", "201415", "2014-2015", "1999-00", "2014", "2014-16")] == [
        *["2014-15"] * 4,
        "",
        "",
        "",
    ]


def test_the_targets_that_ship_can_be_given_back(tmp_path: Path) -> None:
    path = tmp_path / "targets.csv"
    path.write_bytes(files("demandsim.evidence").joinpath("targets.csv").read_bytes())
    read = read_targets(path)
    assert [(one.id, one.measure, one.value) for one in read] == [(one.id, one.measure, one.value) for one in targets()]
    assert [one.tolerance or 0 for one in read] == pytest.approx([one.tolerance or 0 for one in targets()])


def _line(mean: float) -> Line:
    target = Target("T99", "re_referrals", 23.5, "2013-14", 1.0, "validate", "", "")
    found = Estimate(mean, mean, mean, mean)
    return Line(MEASURES["re_referrals"], "2013-14", found, found, target)


def test_a_share_without_cases_has_no_gap_and_no_verdict() -> None:
    line = _line(nan)
    assert (line.gap, line.inside) == (None, None)
    assert TargetRow(Block.HELD_OUT, "T99", line).word == "-"
    assert _line(30.0).gap == pytest.approx(6.5)
    assert _line(30.0).inside is False


def test_what_is_told_from_a_mean_lies_on_either_side_of_it() -> None:
    for measure in ("practice", "severity_at_closure"):
        low, high = bounds_of(measure)
        assert low == -high < -8
    assert bounds_of("help_delivered")[0] == 0


def test_no_interval_holds_what_a_measure_cannot_be() -> None:
    tables = tables_of(small(children=2_000, years=1), 3)
    for line in lines(tables, ["2012-13", "2013-14"], 5_000.0):
        low, high = bounds_of(line.measure.id)
        for found in (line.authority, line.england):
            if isnan(found.mean):
                continue
            assert found.low >= low or np.isnan(found.low), line
            if line.measure.unit.startswith("%"):
                assert found.high <= max(high, found.mean) or np.isnan(found.high), line
