"""What is better, what is tied, and what can be compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import small

from demandsim.experiment.compare import compare
from demandsim.problems import UserError
from demandsim.results.comparison import compare_results
from demandsim.results.comparison_tables import rows
from demandsim.results.measures import MEASURES
from demandsim.results.moved import shown
from demandsim.results.store import Results
from demandsim.results.uncertainty import estimate
from demandsim.results.verdict import verdict


def test_ties_are_ties_and_a_change_within_its_error_is_not_told_apart() -> None:
    differences = np.array([-1.0, -1.0, 0.0, 1.0, np.nan])
    found = verdict(MEASURES["looked_after"], differences, estimate(differences))
    assert (found.better, found.worse, found.tied) == (0.5, 0.25, 0.25)
    assert not found.told_apart
    assert found.words == "not told apart"
    assert verdict(MEASURES["referrals"], differences, estimate(differences)).better is None
    worse = np.array([-2.0, -2.1, -1.9, 0.0])
    assert verdict(MEASURES["assessed_in_time"], worse, estimate(worse)).words == "worse in 75%"
    assert verdict(MEASURES["looked_after"], worse, estimate(worse)).words == "better in 75%"
    mostly = np.array([1.0, 1.0, 1.0, -90.0] * 5 + [-50.0] * 9)
    assert verdict(MEASURES["looked_after"], mostly, estimate(mostly)).words == "worse in 52%, better in 48%"
    assert verdict(MEASURES["referrals"], mostly, estimate(mostly)).words == "no view"
    # It is arithmetic of what was bought.
    assert verdict(MEASURES["reactive_ratio"], mostly, estimate(mostly)).words == "no view"
    assert verdict(MEASURES["exposure"], mostly, estimate(mostly)).words == "higher in 52%, lower in 48%"
    nothing = np.zeros(4)
    assert verdict(MEASURES["looked_after"], nothing, estimate(nothing)).words == "no change"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, Results]:
    out = tmp_path_factory.mktemp("two")
    comparison = compare(small(8_000, 2), small(8_000, 2, demand__level=1.3), replications=3, years=2, out=out, jobs=1)
    return comparison.reference, comparison.others[0].run


def test_a_comparison_holds_every_headline_of_every_year_and_money_that_adds_up(two: tuple[Results, Results]) -> None:
    comparison = compare_results(two[0], [two[1]])
    assert len(list(rows(comparison))) == 1 + 2 * len(shown(comparison, comparison.years[-1]))
    other = comparison.others[0]
    total = sum(
        other.measure(MEASURES[name], year) for year in (1, 2) for name in ("spend_intervention", "spend_prevention")
    )
    assert other.cumulative[:, -1] / 1e6 == pytest.approx(total)
    assert other.care_years_avoided.mean() < 0
    ranks = comparison.ranking()
    assert {rank.name for rank in ranks} == {run.manifest.title for run in two}
    assert sum(rank.fewest for rank in ranks) <= 1
    assert not ranks[0].tied


def test_a_scenario_as_good_as_another_is_tied_with_it(two: tuple[Results, Results]) -> None:
    ranks = compare_results(two[0], [two[0]]).ranking()
    assert [rank.tied for rank in ranks] == [False, True]
    assert [rank.fewest for rank in ranks] == [0, 0]


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
