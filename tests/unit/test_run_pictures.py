"""What pictures of a run, a sweep, a solve, a fit and a validation draw is what was found: places and marks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_up import results
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import same_color
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from demandsim.evidence import Target, targets
from demandsim.pathway import BOXES
from demandsim.plots import calibration, lengths, loops, over_time, pathway, solve, spend, sweep, validation
from demandsim.plots.style import GIVEN, GREY, MAIN, SECOND, Picture, house_style
from demandsim.plots.tolerance_axis import EDGE, mark
from demandsim.records import Count, Stock
from demandsim.results.calibration import Fit, ParameterFit, TargetFit
from demandsim.results.fit_rows import HEADING
from demandsim.results.measure import Measure
from demandsim.results.measures import MEASURES
from demandsim.results.points import asked
from demandsim.results.solve import Solved
from demandsim.results.store import Results
from demandsim.results.summary import Line
from demandsim.results.sweep import Axis, Point, Sweep
from demandsim.results.uncertainty import Estimate
from demandsim.results.validation import Block, TargetRow
from demandsim.vocabulary import SpendCause, SpendLine

CARE = MEASURES["looked_after"]


def _drawn(picture: Picture) -> list[Axes]:
    figure = Figure(figsize=picture.size)
    with house_style():
        picture.draw(figure)
    return list(figure.axes)


def _axes() -> Axes:
    axes: Axes = Figure().subplots()
    return axes


def _estimate(mean: float, low: float, high: float, error: float = 0.0) -> Estimate:
    return Estimate(mean, low, high, error)


@pytest.fixture
def run(tmp_path: Path) -> Results:
    return results(tmp_path, "A run", {("stock", Stock.CARE): [[600, 640, 660], [620, 660, 700]]}, 2, 2)


# -- over time ----------------------------------------------------------------------------------------------------


def test_a_published_point_is_filled_where_it_was_fitted_and_hollow_where_not() -> None:
    axes = _axes()
    values = [_estimate(5, 4, 7), _estimate(6, 5, 8), _estimate(7, 6, 9)]
    over_time.panel(axes, CARE, values, {0: (5.5, True), 2: (7.5, False)}, ["2013", "2014", "2015"])
    low, high, mean, fitted, other = axes.lines
    assert [list(line.get_ydata()) for line in (low, high, mean)] == [[4, 5, 6], [7, 8, 9], [5, 6, 7]]
    assert (fitted.get_xdata()[0], fitted.get_ydata()[0]) == (0, 5.5)
    assert (other.get_xdata()[0], other.get_ydata()[0]) == (2, 7.5)
    assert same_color(fitted.get_markerfacecolor(), SECOND)
    assert same_color(other.get_markerfacecolor(), "white")


def test_the_note_says_whose_points_they_are(run: Results, tmp_path: Path) -> None:
    fitted = "filled point: a published figure the model was fitted to; hollow: one it was not"
    assert fitted in over_time.stocks(run).note
    rows = "T24,looked_after,650,authority,2013-14,20,number,calibrate,ours,\n"
    (run.folder / "targets.csv").write_text(",".join(HEADING) + "\n" + rows, encoding="utf-8")
    own = over_time.stocks(replace(run, manifest=replace(run.manifest, targets="ours")))
    assert "a figure of the scenario's own" in own.note
    assert own.source == GIVEN
    axes = next(one for one in _drawn(own) if one.get_title(loc="left") == "Children looked after")
    (point,) = axes.lines[3:]
    assert (point.get_ydata()[0], same_color(point.get_markerfacecolor(), SECOND)) == (650, True)


def test_stocks_stand_at_their_31_march_beside_what_was_published_then(run: Results) -> None:
    axes = next(one for one in _drawn(over_time.stocks(run)) if one.get_title(loc="left") == "Children looked after")
    # 31 March 2013 ends the year before the start.
    assert [label.get_text() for label in axes.get_xticklabels()] == ["2013", "2014", "2015"]
    assert list(axes.lines[2].get_ydata()) == [610, 650, 680]
    points = {float(line.get_xdata()[0]): line for line in axes.lines[3:]}
    for target in targets():
        if target.measure == "looked_after" and target.year in run.year_labels():
            point = points[run.year_labels().index(target.year)]
            assert point.get_ydata()[0] == pytest.approx(target.value / run.manifest.scale_to_england)
            assert same_color(point.get_markerfacecolor(), SECOND if target.use == "calibrate" else "white")


@pytest.mark.parametrize(
    ("name", "unit"), [("social_workers", "full-time\nequivalents"), ("three_placements", "%"), ("plans", "children")]
)
def test_an_axis_names_its_unit_in_words(name: str, unit: str) -> None:
    axes = _axes()
    over_time.panel(axes, MEASURES[name], [_estimate(5, 4, 7)], {}, ["2013"])
    assert axes.get_ylabel() == unit


def test_a_title_of_stocks_says_by_how_much_they_change(run: Results) -> None:
    title = over_time.stocks(run).title
    assert (
        title
        == "Children on 31 March 2013 to 2015 on average: looked after up 11%; in need and on plans not told apart"
    )
    alone = {name: table[:1] for name, table in run.tables.items()}
    one = over_time.stocks(replace(run, tables=alone, manifest=replace(run.manifest, replications=1))).title
    assert one.endswith("looked after 600 to 660")


def test_every_title_over_time_says_what_changes(run: Results) -> None:
    same = "assessments, conferences and reviews not told apart"
    assert over_time.timeliness(run).title == f"Within statutory limits, from 2012-13 to 2014-15 on average: {same}"
    assert over_time.flows(run).title.startswith("From 2012-13 to 2014-15 on average: ")
    assert over_time.placements(run).title.startswith("Children looked after on 31 March 2013 to 2015 on average: ")
    assert over_time.workforce(run).title.startswith("From March 2013 to 2015 on average: ")


def test_a_title_of_lengths_counts_the_figures_within_the_range(run: Results) -> None:
    picture = lengths.lengths(run)
    known = [row for row in picture.rows[1:] if row[5] != "nan"]
    inside = sum(float(row[3]) <= float(row[5]) <= float(row[4]) for row in known)
    counted = f"{inside} of {len(known)} published figures lie where nine in ten replications do"
    assert known
    assert picture.title == f"How long cases last in 2013-14: {counted}"


def test_flows_are_labelled_by_their_financial_year(run: Results) -> None:
    axes = _drawn(over_time.flows(run))[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["12-13", "13-14", "14-15"]


# -- the first year -----------------------------------------------------------------------------------------------


def test_bars_of_lengths_reach_their_means_with_intervals_and_diamonds_at_the_published() -> None:
    axes = _axes()
    lengths.bars(axes, ["short", "long"], [_estimate(30, 20, 45), _estimate(70, 55, 80)], [33.0, 66.0])
    assert [bar.get_width() for bar in axes.patches] == [30, 70]
    (diamonds,) = [line for line in axes.lines if line.get_marker() == "D"]
    assert list(diamonds.get_xdata()) == [33, 66]
    (whiskers,) = axes.collections
    ends = [sorted(path.vertices[:, 0]) for path in whiskers.get_paths()]
    assert ends == [[20, 45], [55, 80]]


def test_arrows_carry_the_flow_of_a_year_less_what_went_elsewhere(tmp_path: Path) -> None:
    cells = {("count", Count.EARLY_HELP_ASKED): [40, 60], ("count", Count.STEPPED_DOWN): [10, 20]}
    picture = pathway.pathway(results(tmp_path, "Flows", cells, 1, 2))
    flows = {(source, target): int(flow) for source, target, flow in picture.rows[1:]}
    # Twelve months of 50 and 15 on average, for a hundred such authorities.
    assert flows[BOXES["assessment"], BOXES["early help"]] == 12 * 15 * 100
    assert flows[BOXES["contact"], BOXES["early help"]] == 12 * (50 - 15) * 100


#: Flows of England as a run of the baseline has them.
FLOWS = {
    ("contact", "no action"): 1_200_000,
    ("contact", "early help"): 445_000,
    ("contact", "referral"): 663_000,
    ("referral", "closed"): 97_000,
    ("referral", "assessment"): 455_000,
    ("referral", "enquiry"): 104_000,
    ("assessment", "closed"): 128_000,
    ("assessment", "early help"): 4_000,
    ("assessment", "need"): 369_000,
    ("assessment", "care"): 13_000,
    ("need", "enquiry"): 40_000,
    ("need", "closed"): 362_000,
    ("need", "care"): 8_700,
    ("enquiry", "conference"): 66_000,
    ("conference", "plan"): 60_000,
    ("plan", "need"): 39_000,
    ("plan", "closed"): 12_000,
    ("plan", "care"): 5_300,
    ("care", "home"): 10_000,
    ("home", "care"): 2_400,
    ("care", "adoption"): 4_800,
    ("care", "guardianship"): 5_000,
    ("guardianship", "care"): 800,
    ("care", "other"): 2_400,
    ("care", "leaver"): 8_200,
}


def test_no_number_of_an_arrow_lies_on_another_arrow() -> None:
    figure = Figure(figsize=(10.4, 5.4))
    FigureCanvasAgg(figure)
    with house_style():
        axes = pathway.diagram(figure.subplots(), FLOWS)
        figure.tight_layout()
        arrows = [patch for patch in axes.patches if isinstance(patch, FancyArrowPatch)]
        paths = [arrow.get_path().transformed(axes.transData) for arrow in arrows]
        on = [
            (way, other)
            for way, label in zip(FLOWS, axes.texts, strict=False)
            for other, path in zip(FLOWS, paths, strict=True)
            if way != other and path.intersects_bbox(label.get_window_extent(), filled=True)
        ]
    assert on == []


def test_a_title_of_the_journey_says_what_contacts_become(tmp_path: Path) -> None:
    cells = {
        ("count", Count.CONTACT_NO_ACTION): [60, 60],
        ("count", Count.REFERRAL): [40, 40],
        ("count", Count.PLAN_STARTED): [5, 5],
        ("count", Count.CARE_FROM_NEED): [2, 2],
    }
    title = pathway.pathway(results(tmp_path, "Flows", cells, 1, 2)).title
    became = "England in 2013-14: 40% of 120,000 contacts become referrals; "
    assert title == became + "6,000 child protection plans and 2,400 periods of care start"
    assert ": none of 0 contacts" in pathway.pathway(results(tmp_path, "None", {}, 1, 2)).title


def test_a_title_of_spend_says_how_much_and_on_what_most(tmp_path: Path) -> None:
    cells = {("spend", SpendCause.FOSTER_IN_HOUSE): [1e8, 3e8], ("spend", SpendCause.CHILDRENS_HOME): [1e8, 1e8]}
    title = "Spend is £36.0 million on average in 2014-15 (2013-14: £36.0 million); "
    picture = spend.spend(results(tmp_path, "Spend", cells, 2, 2))
    assert picture.title == title + "the largest line is fostering, £24.0 million"


def test_spend_is_stacked_line_upon_line(tmp_path: Path) -> None:
    cells = {("spend", SpendCause.FOSTER_IN_HOUSE): [1e8, 3e8], ("spend", SpendCause.CHILDRENS_HOME): [1e8, 1e8]}
    axes = _drawn(spend.spend(results(tmp_path, "Spend", cells, 2, 2)))[0]
    of_first_year = [bar for bar in axes.patches if bar.get_x() + bar.get_width() / 2 == pytest.approx(0)]
    heights = dict(
        zip(SpendLine.words.labels(), ((bar.get_y(), bar.get_height()) for bar in of_first_year), strict=True)
    )
    assert heights["fostering"] == pytest.approx((0, 24))
    assert heights["residential"] == pytest.approx((24, 12))


def test_a_loops_bar_is_its_mean_the_thick_line_its_error_the_thin_one_the_replications() -> None:
    axes = _axes()
    loops.panel(axes, [("drift", _estimate(4, -1, 8, 2))], True)
    (bar,) = axes.patches
    assert bar.get_width() == 4
    thin, thick = axes.collections
    assert sorted(thin.get_paths()[0].vertices[:, 0]) == [-1, 8]
    assert sorted(thick.get_paths()[0].vertices[:, 0]) == [2, 6]


# -- tolerances ---------------------------------------------------------------------------------------------------


def _row(block: Block, mean: float, error: float = 0.0, measure: Measure = CARE) -> TargetRow:
    target = Target("T1", "looked_after", 100.0, "2013-14", 10.0, "calibrate", "", "")
    one = _estimate(mean, mean, mean, error)
    return TargetRow(block, "T1", Line(measure, "2013-14", one, one, target), 4)


def test_a_gap_lies_on_its_side_square_outside_and_hollow_where_it_shows_nothing() -> None:
    rows = [_row(Block.FITTED, 105), _row(Block.FITTED, 80), _row(Block.HELD_OUT, 108, 5), _row(Block.CIRCULAR, 95)]
    fitted, held_out, circles = _drawn(validation.tolerances(rows))
    inside, outside = [line for line in fitted.lines if len(line.get_xdata()) == 1]
    assert (inside.get_xdata()[0], inside.get_marker()) == (0.5, "o")
    assert (outside.get_xdata()[0], outside.get_marker()) == (-2, "s")
    (unsure,) = [line for line in held_out.lines if len(line.get_xdata()) == 1]
    (circular,) = [line for line in circles.lines if len(line.get_xdata()) == 1]
    assert (unsure.get_xdata()[0], unsure.get_marker()) == (0.8, "D")
    assert not same_color(unsure.get_markerfacecolor(), "none")
    assert circular.get_xdata()[0] == -0.5
    assert circular.get_markerfacecolor() == "none"


def test_a_title_counts_what_lies_within_its_tolerance_and_leaves_out_what_shows_nothing() -> None:
    rows = [_row(Block.FITTED, 105), _row(Block.FITTED, 80), _row(Block.HELD_OUT, 108, 5), _row(Block.CIRCULAR, 95)]
    title = "Within their tolerance: 1 of 2 fitted and 0 of 1 held out figures; 1 not told apart yet"
    assert validation.tolerances(rows).title == title
    assert validation.tolerances(rows[:1]).title == "Within their tolerance: 1 of 1 fitted figures"
    assert validation.tolerances(rows[3:]).title == "No figure can be held against the scenario"


def test_each_panel_holds_one_class_of_rows_named_in_full() -> None:
    long = MEASURES["care_started_need_5"]
    blocks = (Block.FITTED, Block.HELD_OUT, Block.CIRCULAR)
    rows = [_row(block, 105, measure=measure) for measure in (CARE, long) for block in blocks]
    panels = _drawn(validation.tolerances(rows))
    heads = ["Fitted", "Held out: never fitted", "Circular: an input was set from the figure"]
    assert [axes.get_title(loc="right") for axes in panels] == heads
    for axes in panels:
        names = [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
        assert names == [CARE.label, long.label]
        dots = [line for line in axes.lines if line.get_marker() not in ("None", None, "")]
        assert [dot.get_ydata()[0] for dot in dots] == list(axes.get_yticks())
    assert len(_drawn(validation.tolerances(rows[:1]))) == 2


def test_what_lies_beyond_the_edge_is_drawn_there_with_its_size() -> None:
    axes = _axes()
    mark(axes, -4.0, 0, "o", MAIN, MAIN)
    assert axes.lines[0].get_xdata()[0] == -EDGE
    assert axes.texts[0].get_text() == "-4.0"


# -- sweeps and solves --------------------------------------------------------------------------------------------

AXIS = Axis("workforce.posts", "posts", "per 10,000", 20.0, "published")
(ASKED,) = asked(["looked_after"])


def _swept(axes: tuple[Axis, ...], changes: dict[tuple[float, ...], list[float]]) -> Sweep:
    usual = np.array([100.0, 102.0, 104.0])[:, None, None]
    points = tuple(Point(values, usual + np.array(change)[:, None, None], usual) for values, change in changes.items())
    as_it_is = Point(tuple(axis.now for axis in axes), usual, usual)
    manifest: Any = type("made up", (), {"members": 0})()
    return Sweep(manifest, axes, (ASKED,), ["2014-15"], 0, as_it_is, points, 0.1, 3)


def test_a_curve_is_the_difference_at_each_value_with_its_error() -> None:
    swept = _swept((AXIS,), {(30.0,): [-6.0, -5.0, -4.0], (10.0,): [1.0, 5.0, 9.0]})
    picture = sweep.curve(swept, 0)
    assert picture.title == "Change in children looked after, 2014-15: -5 to 5 children"
    axes = _drawn(picture)[0]
    low, high, mean = axes.lines[:3]
    assert (list(mean.get_xdata()), list(mean.get_ydata())) == ([10, 30], [5, -5])
    assert list(low.get_ydata()) == pytest.approx([1.4, -5.9])
    assert list(high.get_ydata()) == pytest.approx([8.6, -4.1])
    error = swept.difference(swept.points[1], 0, 0).error
    shade = axes.collections[0].get_paths()[0].vertices
    assert {round(y, 6) for x, y in shade if x == 10} == {round(5 - error, 6), round(5 + error, 6)}
    assert [line.get_xdata()[0] for line in axes.lines[4:]] == [20]
    assert axes.texts[0].get_text() == "as it is: 20"


def test_a_heat_map_hatches_what_is_not_told_apart_and_frames_the_scenario_as_it_is() -> None:
    other = replace(AXIS, name="prevention.targeted", now=2.0)
    sure, unsure = [3.0, 3.1, 3.2], [-9.0, 1.0, 4.0]
    cells = {(20.0, 1.0): sure, (20.0, 2.0): unsure, (30.0, 1.0): [-1.0, -1.1, -1.2], (30.0, 2.0): [7.0, 7.1, 7.2]}
    picture = sweep.heat_map(_swept((AXIS, other), cells), 0)
    assert picture.title == "Change in children looked after, 2014-15: -1.33 to 7.1 children"
    axes = _drawn(picture)[0]
    assert list(axes.collections[0].get_array().ravel()) == pytest.approx([3.1, -1.1, -4 / 3, 7.1])
    hatched = [patch for patch in axes.patches if patch.get_hatch()]
    assert [patch.get_xy() for patch in hatched] == [(-0.5, 0.5)]
    (frame,) = [patch for patch in axes.patches if not patch.get_hatch()]
    assert frame.get_xy() == (-0.5, 0.5)
    texts = {text.get_position(): text.get_text() for text in axes.texts}
    assert texts == {(0, 0): "+3.1", (0, 1): "-1.3", (1, 0): "-1.1", (1, 1): "+7.1"}


def test_an_answer_is_a_diamond_on_the_target_and_its_interval_a_thick_line() -> None:
    values = np.array([10.0, 20.0, 30.0])
    found = np.array([[8.0, 10.0, 12.0], [-2.0, 0.0, 2.0], [-12.0, -10.0, -8.0]])
    manifest: Any = type("made up", (), {"members": 0, "title": "Baseline"})()
    solved = Solved(manifest, AXIS, ASKED, "2014-15", "", True, False, 5.0, values, found)
    assert (
        solve.response(solved).title
        == "Change in children looked after, 2014-15: 5 children where workforce.posts is 15"
    )
    never = replace(solved, target=50.0)
    assert solve.response(never).title == "Change in children looked after, 2014-15: 50 children at no value looked at"
    axes = _drawn(solve.response(solved))[0]
    (answer,) = solved.answers
    (diamond,) = [line for line in axes.lines if line.get_marker() == "D"]
    assert (diamond.get_xdata()[0], diamond.get_ydata()[0]) == (15, 5)
    (thick,) = [line for line in axes.lines if line.get_linewidth() == 4]
    assert list(thick.get_xdata()) == [answer.low, answer.high]
    assert answer.low is not None
    assert answer.low < 15
    assert "target: 5 children" in [text.get_text() for text in axes.texts]


# -- loops --------------------------------------------------------------------------------------------------------


def test_a_title_of_loops_names_the_one_that_changes_most(run: Results) -> None:
    def title(*means: float) -> str:
        every = [
            (name, "Children looked after", "children", _estimate(mean, mean, mean, 1.0))
            for name, mean in zip(("workload_spiral", "drift"), means, strict=True)
        ]
        return loops.loops(run, every).title

    assert title(3.0, 5.0) == "Drift adds most, 5.00, to children looked after by 2014-15"
    assert title(-9.0, 5.0) == "Workload spiral takes most, 9.00, from children looked after by 2014-15"
    assert title(0.5, -0.5) == "No feedback loop is told to change children looked after by 2014-15"


# -- fits ---------------------------------------------------------------------------------------------------------


def test_a_fit_is_hollow_before_and_filled_after() -> None:
    target = Target("T1", "looked_after", 100.0, "2013-14", 10.0, "calibrate", "", "")
    row: Any = type("made up", (), {"target": target, "measure": CARE})()
    axes = _axes()
    calibration._gaps(axes, [TargetFit(row, 80.0, 105.0, 1.0, 104.0, 3.0)], 1)
    line, before, after = axes.lines[-3:]
    assert list(line.get_xdata()) == pytest.approx([0.1, 0.7])
    assert before.get_xdata()[0] == -2
    assert same_color(before.get_markerfacecolor(), "white")
    assert after.get_xdata()[0] == 0.5
    assert same_color(after.get_markerfacecolor(), MAIN)


def test_a_parameter_that_the_targets_do_not_tell_of_is_grey() -> None:
    axes = _axes()
    every = [
        ParameterFit("a", "a", "", "fitted", 1.0, 1.0, (0.0, 2.0), (0.5, 1.5), (mean, left), True)
        for mean, left in ((-0.5, 0.2), (0.0, 1.0))
    ]
    calibration._spreads(axes, every, 2)
    lines, dots = axes.lines[1::2], axes.lines[2::2]
    assert [dot.get_xdata()[0] for dot in dots] == [-0.5, 0]
    assert list(lines[0].get_xdata()) == pytest.approx([-0.5 - 0.2 * 1.645, -0.5 + 0.2 * 1.645])
    assert same_color(dots[0].get_color(), MAIN)
    assert same_color(dots[1].get_color(), GREY)


def test_titles_of_a_fit_say_how_many_targets_are_met_and_parameters_identified(run: Results) -> None:
    target = Target("T1", "looked_after", 100.0, "2013-14", 10.0, "calibrate", "", "")
    row: Any = type("made up", (), {"target": target, "measure": CARE, "copies": 1.0})()
    met = tuple(TargetFit(row, 80.0, after, 1.0, 104.0, 3.0) for after in (105.0, 111.0))
    every = tuple(
        ParameterFit(key, key, "", "fitted", 1.0, 1.0, (0.0, 2.0), (0.5, 1.5), (0.0, left), True)
        for key, left in (("a", 0.2), ("b", 0.7), ("c", 1.0))
    )
    fit = Fit(run.manifest, "", met, every, (), 1.0, 9.0, 1.0)
    assert calibration.nearness(fit).title == "1 of 2 simulated means are within tolerance, 0 before the fit"
    assert calibration.knowledge(fit).title == "Targets identify 1 of 3 parameters well, 1 partly, 1 not"
