"""Points of a sweep: what is read, what is refused, when it is precise, and that what is kept changes nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import ensemble_of, small

from demandsim.experiment import sweep as module
from demandsim.experiment.options import RunOptions
from demandsim.experiment.points import Points
from demandsim.experiment.sweep import sweep
from demandsim.problems import UserError
from demandsim.results.measures import MEASURES
from demandsim.results.points import amount, asked, keep_point, place_of_year, read_point
from demandsim.results.sweep import allowed_error, precise
from demandsim.results.year import Year
from demandsim.scenario.grid import MOST_POINTS, grid_from, grid_of, with_values
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario

BASELINE = read_scenario("baseline")


def test_evenly_spaced_values_have_both_ends_and_no_rounding_noise() -> None:
    grid = grid_of(BASELINE, ["demand.level=0.1:0.7:7"])
    assert grid.names == ("demand.level",)
    assert [value for (value,) in grid.points] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]


def test_two_parameters_span_every_combination() -> None:
    grid = grid_of(BASELINE, ["demand.level=1,2", "court.weeks=26:36:2"])
    assert set(grid.points) == {(1, 26), (1, 36), (2, 26), (2, 36)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("demand.levl=1:2:3", "did you mean 'demand.level'"),
        ("demand.level", "no values"),
        ("demand.level=1:2", "NAME=from:to:how_many"),
        ("demand.level=2:1:3", "low end first"),
        ("demand.level=1:2:1", "two values or more"),
        ("demand.level=1:2:2.5", "two values or more"),
        ("demand.level=1:nan:3", "low end first"),
        ("demand.level=1,x", "found 'x'"),
        ("demand.level=1,1", "NAME=from:to:how_many"),
        ("demand.level=-1:1:3", "from 0 to 20"),
        ("demand.need=0:1:3", "a list"),
        ("population.children=5000:9000:3", "the size of the authority"),
    ],
)
def test_values_that_make_no_sense_are_refused(text: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        grid_of(BASELINE, [text])
    assert said in str(caught.value)


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(UserError) as caught:
        grid_of(BASELINE, ["demand.levl=1:2:3", "court.weeks=0:1:2", "demand.level=x"])
    assert len(caught.value.problems) == 3
    with pytest.raises(UserError, match="twice"):
        grid_of(BASELINE, ["demand.level=1:2:3", "demand.level=1:2:3"])


def test_a_parameter_that_the_scenario_moves_over_time_is_refused() -> None:
    with pytest.raises(UserError, match="a path over time"):
        grid_of(read_scenario("shift_to_prevention"), ["prevention.targeted=100:200:3"])


def test_a_million_points_are_refused_before_they_are_made() -> None:
    with pytest.raises(UserError) as caught:
        grid_of(BASELINE, ["demand.level=0.5:1.5:1000", "court.weeks=26:36:1000"])
    assert "1,000,000" in str(caught.value)
    assert "days" in str(caught.value)
    assert "demandsim sweep baseline --param demand.level=0.5:1.5:14 --param court.weeks=26:36:14" in str(caught.value)
    with pytest.raises(UserError, match=f"at most {MOST_POINTS:,}"):
        grid_of(BASELINE, ["demand.level=0.5:1.5:1e30"])


def test_a_file_of_points_is_read_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("\ufeffdemand.level, court.weeks\n1.1,30\n\n0.9,26\n", encoding="utf-8")
    grid = grid_from(BASELINE, path)
    assert grid.names == ("demand.level", "court.weeks")
    assert grid.points == ((1.1, 30.0), (0.9, 26.0))


def test_a_file_of_points_with_semicolons_is_told_as_that(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("demand.level;court.weeks\n1,1;30\n0,9;26\n", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        grid_from(BASELINE, path)
    (problem,) = caught.value.problems
    assert problem.found == "columns separated by semicolons"
    assert "CSV (Comma delimited)" in problem.expected


def test_a_file_of_points_is_read_strictly(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("demand.level,court.week\n1.1\n-1,26\n1,30\n1,x\n1,30\n", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        grid_from(BASELINE, path)
    text = str(caught.value)
    for word in ("did you mean 'court.weeks'", "point 1", "from 0 to 20", "'x'", "values of point 3 again"):
        assert word in text
    assert len(caught.value.problems) == 5
    path.write_text("demand.level\n" + "1\n" * (MOST_POINTS + 9), encoding="utf-8")
    with pytest.raises(UserError, match=r"2,009 points"):
        grid_from(BASELINE, path)
    for content in (b"", b"demand.level\n", b"\xff\xfe\x00"):
        path.write_bytes(content)
        with pytest.raises(UserError, match=r"points\.csv"):
            grid_from(BASELINE, path)


def test_only_all_combinations_of_two_parameters_are_a_map() -> None:
    from types import SimpleNamespace

    from demandsim.results.sweep import Sweep

    def grid(*points: tuple[float, ...]) -> object:
        stand = SimpleNamespace(axes=points[0], points=[SimpleNamespace(values=point) for point in points])
        return Sweep.grid(stand)  # type: ignore[arg-type]

    assert grid((2, 5), (1, 5), (1, 4), (2, 4)) == ([1, 2], [4, 5])
    assert grid((1, 5), (2, 4)) is None
    assert grid((1, 5), (2, 5)) is None
    assert grid((1,), (2,)) is None


def test_a_point_is_the_scenario_that_set_would_make() -> None:
    point = with_values(BASELINE, {"demand.level": 1.1})
    assert point.digest() == read_scenario("baseline", ["demand.level=1.1"]).digest() != BASELINE.digest()


def test_precision_is_of_the_difference_in_units_of_the_level() -> None:
    reference = np.array([100.0, 110.0, 90.0, 100.0])
    differences = np.array([1.0, -1.0, 1.0, -1.0])
    # Half the interval is 2.353 (t, 3 degrees of freedom) x 1.155 / 2 = 1.359, on a level of 100.
    usual = float(reference.mean())
    assert precise(differences, allowed_error([1.0], usual, 0.0136, False))
    assert not precise(differences, allowed_error([1.0], usual, 0.0135, False))
    assert precise(differences, allowed_error([1.0], -usual, 0.0136, False))
    assert precise(np.zeros(4), 0.0)
    assert not precise(np.full(4, np.nan), usual)
    # Against a reference it is a share of the largest difference, whatever the level.
    assert allowed_error([0.5, -4.0, np.nan], usual, 0.2, True) == pytest.approx(0.8)


def test_a_measure_that_is_not_known_is_named_with_the_nearest() -> None:
    with pytest.raises(UserError) as caught:
        asked(["loked_after", "caseload", "nothing"])
    assert len(caught.value.problems) == 2
    assert "did you mean 'looked_after'" in str(caught.value)
    assert "extra_spend" in str(caught.value)


def test_years_are_given_by_label_or_by_a_date_in_them() -> None:
    labels = ["2016-17", "2017-18", "2018-19"]
    assert place_of_year(labels, None) == 2
    assert place_of_year(labels, "2017-18") == place_of_year(labels, "2018-03-31") == 1
    assert place_of_year(labels, "2018-04-01") == 2
    with pytest.raises(UserError, match="2016-17, 2017-18"):
        place_of_year(labels, "2019-04-01")


def test_amounts_read_as_sentences() -> None:
    money, children, share = asked(["extra_spend", "looked_after", "re_referrals"])
    assert amount(-2.346, money) == "-£2.35 million"
    assert amount(1234.5, children) == "1,234 children"
    assert amount(12.5, share) == "12.5%"


def test_what_is_kept_of_a_point_is_what_was_simulated(tmp_path: Path) -> None:
    from conftest import tables_of

    scenario = small(1_500, 2)
    questions = asked(["looked_after", "re_referrals", "extra_spend"])
    points = Points(questions, RunOptions(seed=1, out=tmp_path, jobs=1))
    points.bring([(scenario, 2), (scenario, 1)])
    first = points.values(scenario, 2)
    told: list[tuple[int, int]] = []
    options = RunOptions(
        seed=1, out=tmp_path, jobs=1, on_progress=lambda what, finished, wanted: told.append((finished, wanted))
    )
    points = Points(questions, options)
    points.bring([(scenario, 2)])
    assert told == [(2, 2)]
    np.testing.assert_array_equal(points.values(scenario, 2), first)
    tables = tables_of(scenario, 2, seed=1)
    for year in (1, 2):
        np.testing.assert_array_equal(first[:, year - 1, 0], MEASURES["looked_after"].of(Year(tables, year)))
    spent = sum(
        MEASURES[name].of(Year(tables, year)) for year in (1, 2) for name in ("spend_prevention", "spend_intervention")
    )
    assert first[:, 1, 2] == pytest.approx(spent)
    (kept,) = (tmp_path / "points").iterdir()
    stale = {number: values + 1 for number, values in read_point(kept).items()}
    keep_point(kept, {**stale, 2: stale[0]})
    points = Points(questions, RunOptions(seed=1, out=tmp_path, jobs=1, rerun=True))
    points.bring([(scenario, 1)])
    np.testing.assert_array_equal(points.values(scenario, 1), first[:1])
    assert list(read_point(kept)) == [0]
    kept.write_bytes(b"not a table")
    points = Points(questions, RunOptions(seed=1, out=tmp_path, jobs=1))
    points.bring([(scenario, 2)])
    np.testing.assert_array_equal(points.values(scenario, 2), first)


def test_points_that_were_swapped_changed_or_cut_are_simulated_again_and_said(tmp_path: Path) -> None:
    one, other = small(1_500), small(1_500, demand__level=2)
    questions = asked(["looked_after", "referrals"])

    def brought() -> tuple[list[np.ndarray], list[str]]:
        said: list[str] = []
        points = Points(questions, RunOptions(seed=1, out=tmp_path, jobs=1, notice=said.append))
        points.bring([(one, 2), (other, 2)])
        return [points.values(scenario, 2) for scenario in (one, other)], said

    right, _ = brought()
    first, second = sorted((tmp_path / "points").iterdir())
    contents = first.read_bytes(), second.read_bytes()
    table = pq.read_table(first)
    changed = table.set_column(5, table.column_names[5], pa.array(table.column(5).to_numpy() + 1))
    for harm, places in (
        (lambda: (first.write_bytes(contents[1]), second.write_bytes(contents[0])), 2),
        (lambda: first.write_bytes(contents[0][:-1]), 1),
        (lambda: pq.write_table(changed, first), 1),
        (lambda: pq.write_table(table.slice(0, 1), first), 1),
    ):
        harm()
        found, said = brought()
        np.testing.assert_array_equal(found, right)
        assert len(said) == places
        assert all("is damaged; the point is simulated again" in line for line in said)


def test_points_that_differ_less_need_fewer_replications(tmp_path: Path) -> None:
    swept = sweep(small(1_500), {"demand.level": (1.0, 9.0)}, precision=0.001, replications=6, out=tmp_path, jobs=1)
    assert [point.replications for point in swept.points] == [5, 6]
    assert [point.values for point in swept.imprecise()] == [(9.0,)]
    same, more = (swept.difference(point, 0, 0) for point in swept.points)
    assert (same.mean, same.error) == (0, 0)
    assert more.mean > 0
    assert swept.level(swept.points[1], 0, 0) == pytest.approx(swept.usual(0, 0).mean + more.mean)
    heading, *rows = swept.rows()
    assert [len(row) for row in rows] == [len(heading)] * 2
    assert {row[1:5] for row in rows} == {("looked_after", "Children looked after", "children", "2013-14")}


class _StandIn:
    """In place of the simulator: nothing is kept, and every level is known."""

    def __init__(self, *arguments: object) -> None: ...

    def bring(self, wanted: object) -> None: ...

    def there(self, wanted: object) -> bool:
        return False


def _counted(monkeypatch: pytest.MonkeyPatch, out: Path, scenario: Scenario, **options: int) -> list[int]:
    """Sweep a stand-in for the simulator whose every difference is exact; return the replications of each point."""

    class Exact(_StandIn):
        def values(self, scenario: Scenario, replications: int) -> np.ndarray:
            level = scenario.settings["demand.level"].value
            return np.full((replications, 1, 1), 100.0 * float(level))

    monkeypatch.setattr(module, "Points", Exact)
    swept = sweep(scenario, {"demand.level": [0.9, 1.0, 1.1]}, out=out, **options)
    assert swept.fewest_members in (0, min(10, -(-swept.points[0].replications // 2)))
    return [point.replications for point in swept.points]


def test_a_point_that_was_precise_goes_on_when_the_level_that_is_allowed_falls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Falling(_StandIn):
        """As it is 150 in five replications and 50 in the next; how uncertain a difference is goes by the value."""

        def values(self, scenario: Scenario, replications: int) -> np.ndarray:
            spread = {0.9: 1.65, 1.0: 0.0, 1.1: 40.0}[float(scenario.settings["demand.level"].value)]
            levels = np.repeat([150.0, 50.0], 5) + spread * np.tile([-2.0, -1.0, 0.0, 1.0, 2.0], 2)
            return levels[:replications, None, None]

    monkeypatch.setattr(module, "Points", Falling)
    swept = sweep(small(4_000, 1), {"demand.level": [0.9, 1.0, 1.1]}, replications=10, out=tmp_path)
    assert [point.replications for point in swept.points] == [10, 5, 10]
    assert [point.values for point in swept.imprecise()] == [(1.1,)]


def test_ten_posterior_draws_a_point_before_precision_may_stop_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = replace(small(4_000, 1), ensemble=ensemble_of(inflation__fostering=[0.1 * one for one in range(30)]))
    assert _counted(monkeypatch, tmp_path, drawn) == [20, 20, 20]
    assert _counted(monkeypatch, tmp_path, drawn, replications=8) == [8, 8, 8]
    assert _counted(monkeypatch, tmp_path, small(4_000, 1)) == [5, 5, 5]
