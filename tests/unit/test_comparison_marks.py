"""What pictures of a comparison draw is what the comparison holds: places, signs, and what a mark says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_up import comparison, results
from matplotlib.axes import Axes
from matplotlib.colors import same_color
from matplotlib.figure import Figure

from demandsim.plots import findings
from demandsim.plots.cost_and_outcome import plane
from demandsim.plots.differences import differences
from demandsim.plots.money import money
from demandsim.plots.style import GREY, MAIN, Picture, house_style
from demandsim.plots.where_the_money_moved import where_the_money_moved
from demandsim.records import Stock
from demandsim.results.answer import answer
from demandsim.results.comparison import Comparison, compare_results
from demandsim.results.financing import PAYERS
from demandsim.results.measures import MEASURES
from demandsim.results.verdict import told_apart
from demandsim.vocabulary import DAYS_A_YEAR, SpendCause, State

CARE = ("stock", Stock.CARE)
DAYS = ("state_days", State.LOOKED_AFTER)
FOSTERING, HOMES = ("spend", SpendCause.FOSTER_IN_HOUSE), ("spend", SpendCause.CHILDRENS_HOME)
RESERVES = ("stock", Stock.RESERVES)
MILLION = 1e8 / 12  # pence in each month of a year in which a million pounds is spent
MONTH = DAYS_A_YEAR / 12


def _settled_in_march(*left: float) -> np.ndarray:
    """Return reserves of every month, (replication, month), where each year's end sets what is left from March on."""
    return np.tile(np.r_[np.full(11, left[0]), np.repeat(left, 12)][: 12 * len(left)], (4, 1))


REFERENCE: dict[tuple[str, int], Any] = {
    CARE: [100, 101, 102, 103],
    DAYS: np.array([100, 101, 102, 103]) * MONTH,
    FOSTERING: [9 * MILLION] * 4,
    HOMES: [5 * MILLION] * 4,
    RESERVES: [3e6] * 4,
}
#: Nine to eleven fewer looked after for certain, and a million a year saved, which reserves keep.
FEWER = {
    **REFERENCE,
    CARE: [91, 91, 92, 92],
    DAYS: np.array([91, 91, 92, 92]) * MONTH,
    FOSTERING: [6 * MILLION, 6.5 * MILLION, 7 * MILLION, 7.5 * MILLION],
    HOMES: [6 * MILLION] * 4,
    RESERVES: _settled_in_march(3e6, 4e6, 5e6, 6e6),
}
#: As many on average, but for noise; two million a year more, for which reserves pay first and then a deficit.
DEARER = {
    **REFERENCE,
    CARE: [99, 103, 99, 105],
    DAYS: np.array([102, 103, 104, 105]) * MONTH,
    FOSTERING: [11 * MILLION] * 4,
    RESERVES: _settled_in_march(3e6, 1e6, -1e6, -3e6),
}


@pytest.fixture
def two(tmp_path: Path) -> Comparison:
    return comparison(tmp_path, REFERENCE, FEWER, DEARER)


def _drawn(picture: Picture) -> list[Axes]:
    figure = Figure(figsize=picture.size)
    with house_style():
        picture.draw(figure)
    return list(figure.axes)


def _dots(axes: Axes) -> list[Any]:
    return [line for line in axes.lines if line.get_marker() == "o"]


def _titled(every: list[Axes], title: str) -> Axes:
    (found,) = [axes for axes in every if axes.get_title(loc="left").replace("\n", " ").strip() == title]
    return found


def test_a_point_is_filled_where_a_change_is_told_apart_and_hollow_where_not(tmp_path: Path) -> None:
    picture = differences(comparison(tmp_path, REFERENCE, FEWER, DEARER, FEWER, years=2))
    assert "Filled point: told apart from no change; hollow: not." in picture.note
    fewer, noise, again = _dots(_titled(_drawn(picture), "Children looked after"))
    assert [float(dot.get_xdata()[0]) for dot in (fewer, noise, again)] == [-10.0, 0.0, -10.0]
    assert same_color(fewer.get_markerfacecolor(), MAIN)
    assert same_color(noise.get_markerfacecolor(), "white")
    assert same_color(again.get_markerfacecolor(), MAIN)


def test_differences_over_time_are_what_if_less_reference(two: Comparison) -> None:
    picture = differences(two)
    assert "Shading: 90% interval" in picture.note
    assert "hisker" not in picture.note
    fewer, dearer = [axes for axes in _drawn(picture) if "Children looked after" in axes.get_title(loc="left")]
    for axes, other in ((fewer, two.others[0]), (dearer, two.others[1])):
        values = [other.change(MEASURES["looked_after"], year) for year in two.years]
        zero, low, high, mean = axes.lines
        assert list(zero.get_ydata()) == [0, 0]
        assert list(low.get_ydata()) == [value.low for value in values]
        assert list(high.get_ydata()) == [value.high for value in values]
        assert list(mean.get_ydata()) == [value.mean for value in values]
    assert fewer.lines[3].get_ydata()[0] == -10


def test_what_is_saved_lies_left_of_zero_and_what_is_paid_right_of_it(two: Comparison) -> None:
    picture = money(two)
    assert "Left of zero: budget given up, reserves kept" in picture.note
    assert "share of replications with a net cost at or below zero in the end" in picture.note
    *panels, payers = _drawn(picture)
    for place, other in enumerate(two.others):
        bars = [bar for bar in payers.patches if round(bar.get_y() + bar.get_height() / 2) == place]
        means = [float(other.financing.paid_by(payer).mean()) for payer in PAYERS]
        for bar, mean in zip(bars, means, strict=True):
            ends = sorted((bar.get_x(), bar.get_x() + bar.get_width()))
            assert ends[1] - ends[0] == pytest.approx(abs(mean))
            assert ends[0] >= -1e-9 if mean > 0 else ends[1] <= 1e-9
        # The bars of each side touch, and reach to what they add up to.
        sides = [sum(max(0.0, mean) for mean in means), sum(min(0.0, mean) for mean in means)]
        reached = [bar.get_x() + bar.get_width() for bar in bars]
        assert [max([*reached, 0.0]), min([*reached, 0.0])] == pytest.approx(sides)
        (net,) = [dot for dot in _dots(payers) if dot.get_ydata()[0] == place]
        assert net.get_xdata()[0] == pytest.approx(sum(means))
    assert [panel.texts[0].get_text() for panel in panels] == ["paid back by 15-16: 100%", "paid back by 15-16: 0%"]
    for panel, other in zip(panels, two.others, strict=True):
        mean = panel.lines[3]
        assert mean.get_xdata()[-1] == pytest.approx(3)
        assert mean.get_ydata()[-1] == pytest.approx(other.cumulative[:, -1].mean() / 1e6)


def test_bars_that_all_save_leave_the_line_of_nothing_inside_the_axis(tmp_path: Path) -> None:
    payers = _drawn(money(comparison(tmp_path, REFERENCE, FEWER, FEWER)))[-1]
    low, high = payers.get_xlim()
    assert low < 0
    assert high > 0.03 * (high - low)
    assert 0 in [place for place in payers.get_xticks() if low < place < high]


def _mostly(many: int, few: int, last: float) -> list[float]:
    """Return forty replications of which the last three are apart from the others."""
    return [float(many)] * 37 + [float(few)] * 2 + [last]


def test_a_title_claims_no_more_than_its_90_per_cent_intervals_hold(tmp_path: Path) -> None:
    """The mean of both is told apart from none by its simulation error; in three of forty replications neither is."""
    pay, days = np.array(_mostly(6, 12, 12)) * MILLION, np.array(_mostly(90, 110, 110)) * MONTH
    usual = results(tmp_path, "Usual", {FOSTERING: [9 * MILLION] * 40, DAYS: [100 * MONTH] * 40}, 3, 40)
    runs = [results(tmp_path, name, {FOSTERING: pay, DAYS: days}, 3, 40) for name in ("A", "B")]
    two = compare_results(usual, runs)
    one = compare_results(usual, runs[:1])
    (other,) = one.others
    assert told_apart(other.estimate(other.net_cost.at_year(3)))
    assert told_apart(other.estimate(other.care_years_avoided))
    chance = "Neither of 2 what-ifs both saves money and avoids care-years beyond chance over 3 years"
    assert plane(two).title == chance
    assert plane(one).title == "Net cost not told apart from none over 3 years; care-years not told apart"
    assert money(two).title == "Both what-ifs are likely (at least 50%) to save or pay back by 2015-16, none told apart"
    assert money(one).title.startswith("Net cost by 2015-16 is not told apart from none (£9.00 million saved to ")


def test_a_title_names_everybody_who_pays_however_uncertain(tmp_path: Path) -> None:
    reserves = np.array(_mostly(2, 2, 2)) * 1e6
    owing = np.where(np.arange(40) < 2, -1e6, 3e6)
    usual = results(tmp_path, "Usual", {FOSTERING: [9 * MILLION] * 40, RESERVES: [3e6] * 40}, 3, 40)
    left = np.repeat(np.stack([np.full(40, 3e6), reserves, reserves, owing], axis=1), 12, axis=1)
    left = np.c_[left[:, :11], left[:, :-11]]
    dear = results(tmp_path, "Dear", {FOSTERING: [10 * MILLION] * 40, RESERVES: left}, 3, 40)
    one = compare_results(usual, [dear])
    (other,) = one.others
    assert not told_apart(other.estimate(other.financing.deficit))
    paid = {payer.pays for payer in PAYERS if other.financing.paid_by(payer).mean() >= 0.05}
    assert "a larger deficit" in paid
    assert all(payer in money(one).title for payer in paid)


def test_a_title_too_long_for_its_picture_says_who_mostly_pays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "_LINES", 1)
    halves = comparison(tmp_path / "halves", REFERENCE, DEARER)
    assert money(halves).title == "£6.00 million more by 2015-16"
    mostly = DEARER | {FOSTERING: [10 * MILLION] * 4, RESERVES: _settled_in_march(3e6, 2e6, 1e6, 5e5)}
    one = comparison(tmp_path / "mostly", REFERENCE, mostly)
    assert money(one).title == "£3.00 million more by 2015-16, mostly paid by reserves"


def test_an_answer_says_whether_it_pays_back_who_pays_and_what_a_care_year_costs(two: Comparison) -> None:
    saving, dearer = (answer(two, other, two.years[-1]) for other in two.others)
    assert "It saves £3.75 million by the end of 2015-16" in saving
    assert "reserves (£3.00 million)" in saving
    assert "It never costs more than the reference." in saving
    assert "It costs £6.00 million more by the end of 2015-16" in dearer
    assert "Paid by reserves (£3.00 million) and a larger deficit (£3.00 million)." in dearer
    assert "It does not pay back by the end of 2015-16 in any of 4 replications." in dearer


def test_each_payer_has_its_row(tmp_path: Path) -> None:
    one = comparison(tmp_path, REFERENCE, DEARER)
    _, payers = _drawn(money(one))
    names = [label.get_text() for label in payers.get_yticklabels()]
    widths = [bar.get_width() for bar in payers.patches]
    assert dict(zip(names, widths, strict=True)) == pytest.approx(
        {
            "Larger budget": 0,
            "Reserves": 3,
            "Larger deficit": 3,
            "Rest of the council, for\nwhat reserves can't bear": 0,
        }
        | {"Net cost: all of them": 6}
    )


def test_the_corners_of_the_plane_say_what_lies_there(two: Comparison) -> None:
    axes, key = _drawn(plane(two))
    points = [line for line in axes.lines if line.get_markeredgecolor() == "white" and line.get_marker() != "None"]
    found = [(point.get_xdata()[0], point.get_ydata()[0]) for point in points]
    assert found == [pytest.approx((30.0, -3.75)), pytest.approx((-6.0, 6.0))]
    # To the right care-years are avoided; below, money is.
    assert {text.get_position(): text.get_text().replace("\n", " ") for text in axes.texts} == {
        (0.99, 0.03): "fewer care-years, lower cost",
        (0.99, 0.97): "fewer care-years, higher cost",
        (0.01, 0.03): "more care-years, lower cost",
        (0.01, 0.97): "more care-years, higher cost",
    }
    assert axes.get_xlim()[0] < 0 < axes.get_xlim()[1]
    assert axes.get_ylim()[0] < 0 < axes.get_ylim()[1]
    markers = [line.get_marker() for line in key.lines]
    assert markers == [point.get_marker() for point in points]
    assert [text.get_text() for text in key.texts] == ["A", "B"]


def test_reserves_of_the_reference_are_dashed_and_lines_add_up_to_the_net_cost(two: Comparison) -> None:
    picture = where_the_money_moved(two)
    assert "dashed: the reference. Shading: the what-if's 90% interval." in picture.note
    steps, reserves, *_ = _drawn(picture)
    (dashed,) = [line for line in reserves.lines if same_color(line.get_color(), GREY)]
    assert dashed.is_dashed()
    assert list(dashed.get_ydata()) == [3, 3, 3]
    mean = reserves.lines[-1]
    assert same_color(mean.get_color(), MAIN)
    assert list(mean.get_ydata()) == [4, 5, 6]
    bars = {label.get_text(): bar for label, bar in zip(steps.get_yticklabels(), steps.patches, strict=True)}
    fostering, homes, net = bars["Fostering"], bars["Residential"], bars["Net cost"]
    assert (fostering.get_x(), fostering.get_width()) == pytest.approx((0, -6.75))
    assert (homes.get_x(), homes.get_width()) == pytest.approx((-6.75, 3))
    assert (net.get_x(), net.get_width()) == pytest.approx((0, -3.75))
    assert not same_color(fostering.get_facecolor(), homes.get_facecolor())
