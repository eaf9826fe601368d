"""Payback, the chance of being better, and what can be compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import small

from demandsim.experiment.compare import compare
from demandsim.problems import UserError
from demandsim.results.comparison import Against, better, compare_results
from demandsim.results.measures import MEASURES
from demandsim.results.store import Results


def _against(cumulative: list[list[float]]) -> Against:
    """Return a comparison whose extra spend so far is given, in pounds, month by month."""
    against = Against(None, None)  # type: ignore[arg-type]
    against.__dict__["cumulative"] = np.array(cumulative, dtype=float)
    return against


def test_payback_is_the_month_from_which_the_money_stays_back() -> None:
    against = _against([[5, 3, 0, 2, -1, -2], [1, 2, 3, 4, 5, 6], [-1, -2, -1, -1, -1, -1], [9, -1, -1, -1, -1, -1]])
    months = against.payback_month
    assert months[0] == 5
    assert months[1] == np.inf
    assert np.isnan(months[2])
    assert months[3] == 2
    assert against.paid_back_by(1) == 0.25
    assert against.paid_back_by(2) == 0.5
    assert against.paid_back_by(6) == 0.75
    assert list(against.double_running) == [5, 6, 0, 9]


def test_better_counts_the_futures_that_are_and_half_of_those_that_do_not_differ() -> None:
    differences = np.array([-1.0, -1.0, 0.0, 1.0, np.nan])
    assert better(MEASURES["looked_after"], differences) == pytest.approx(0.625)
    assert better(MEASURES["assessed_in_time"], differences) == pytest.approx(0.375)
    assert better(MEASURES["referrals"], differences) is None


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, Results]:
    out = tmp_path_factory.mktemp("two")
    comparison = compare(small(8_000, 2), small(8_000, 2, demand__level=1.3), replications=3, years=2, out=out, jobs=1)
    return comparison.reference, comparison.others[0].run


def test_a_comparison_holds_every_headline_of_every_year_and_money_that_adds_up(two: tuple[Results, Results]) -> None:
    comparison = compare_results(two[0], [two[1]])
    rows = list(comparison.rows())
    assert len(rows) == 1 + 2 * sum(measure.headline for measure in MEASURES.values())
    other = comparison.others[0]
    total = sum(
        other.measure(MEASURES[name], year) for year in (1, 2) for name in ("spend_intervention", "spend_prevention")
    )
    assert other.cumulative[:, -1] / 1e6 == pytest.approx(total)
    assert other.care_years_avoided.mean() < 0
    assert {name for name, _, _ in comparison.ranking()} == {run.manifest.title for run in two}
    assert sum(share for _, _, share in comparison.ranking()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("what", "value"), [("seed", 9), ("replications", 5), ("version", "0.0.1"), ("years", 9), ("scale_to_england", 3.0)]
)
def test_runs_that_differ_in_more_than_the_scenario_are_refused(
    two: tuple[Results, Results], what: str, value: object
) -> None:
    other = replace(two[1], manifest=replace(two[1].manifest, **{what: value}))
    with pytest.raises(UserError, match=what):
        compare_results(two[0], [other])


def test_a_scenario_that_changes_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="changes nothing"):
        compare(small(5_000, 1), small(5_000, 1), replications=2, out=tmp_path, jobs=1)
